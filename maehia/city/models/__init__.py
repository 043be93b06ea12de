"""Tables of the register. Geometry and personal data never stand in the same table."""

from maehia.city.models.calendar import AnnouncedDay
from maehia.city.models.keys import ReadingKey
from maehia.city.models.land import Area, Building, House, Parcel, PlaceCode, Road, Waterway
from maehia.city.models.people import (
    Household,
    HouseholdMember,
    Need,
    Person,
    PersonName,
    Residence,
    Tie,
)
from maehia.city.models.readings import LatestReading, Observation, Quantity, Station
from maehia.city.models.things import Asset, Business, Pet, Place
from maehia.city.models.town import Town
from maehia.city.models.town_change import TownChange

__all__ = [
    "AnnouncedDay",
    "Area",
    "Asset",
    "Building",
    "Business",
    "House",
    "Household",
    "HouseholdMember",
    "LatestReading",
    "Need",
    "Observation",
    "Parcel",
    "Person",
    "PersonName",
    "Pet",
    "Place",
    "PlaceCode",
    "Quantity",
    "ReadingKey",
    "Residence",
    "Road",
    "Station",
    "Tie",
    "Town",
    "TownChange",
    "Waterway",
]
