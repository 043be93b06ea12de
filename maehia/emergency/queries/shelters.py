"""Shelters of an incident and how full they are. No people here: counters only."""

from __future__ import annotations

from typing import NamedTuple
from uuid import UUID

from maehia.emergency.models import Incident, Shelter, ShelterLoad, ShelterNight, ShelterSite, StayEvent
from maehia.emergency.queries.shelters_words import ratios
from maehia.emergency.rules.shelters import Limit, limits


class Load(NamedTuple):
    """A shelter, the people that it holds at night (with what was allowed beyond), and how many are counted in it."""

    shelter: Shelter
    capacity: int
    inside: int

    @property
    def free(self) -> int:
        """Places for the night; nobody comes in when it is 0."""
        return room(self.shelter.load)

    @property
    def full(self) -> bool:
        return self.shelter.state == "open" and self.free == 0

    @property
    def percent(self) -> int:
        return round(100 * self.shelter.load.beds / self.capacity) if self.capacity else 0


def room(load: ShelterLoad) -> int:
    """How many more may come for the night."""
    night, day = load.capacity_night - load.beds, load.capacity_day - load.heads
    return max(0, min(night, day) + load.extra)


def load(incident: Incident | UUID) -> list[Load]:
    """Every shelter of an incident that is not closed, by name."""
    key = incident.pk if isinstance(incident, Incident) else incident
    return [load_row(row) for row in of_incident(key) if row.state != "closed"]


def load_row(row: Shelter) -> Load:
    return Load(row, row.load.capacity_night + row.load.extra, row.load.heads)


def of_incident(key: UUID) -> list[Shelter]:
    return list(Shelter.objects.select_related("load", "incident").filter(incident=key))


def open_places(incident: Incident | UUID) -> list[UUID]:
    """Keys of the places whose shelter is open and has room: where somebody can be sent now."""
    return [one.shelter.place_key for one in load(incident) if one.shelter.state == "open" and one.free > 0]


def get(incident: Incident, key: UUID) -> Shelter | None:
    return Shelter.objects.select_related("load", "incident").filter(incident=incident, pk=key).first()


def open_shelters() -> list[Shelter]:
    """Shelters of the context's mode where people are: for the count at night."""
    return list(Shelter.objects.select_related("load", "incident").filter(state__in=("open", "closing")))


def limits_of(row: Shelter | ShelterSite) -> list[Limit]:
    """What the planning ratios allow, the tightest first. The ratios are guidance and not verified."""
    numbers = {key: ratio.value for key, ratio in ratios().items()}
    return limits(numbers, row.area_m2, row.toilets, row.water_l_day)


def nights(shelter: UUID, limit: int = 30) -> list[ShelterNight]:
    return list(ShelterNight.objects.filter(shelter=shelter)[:limit])


def waiting_count(incident: UUID) -> int:
    """Events of desks that wait for a person, over all shelters of an incident."""
    return StayEvent.objects.filter(shelter__incident=incident, state=StayEvent.WAITS).count()
