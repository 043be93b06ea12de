"""What stands beside a thing: buildings and parcel of a house, houses of a parcel, what a person is tied to."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.gis.db.models.functions import Length
from django.contrib.gis.geos import GEOSGeometry

from maehia.access.actions import log_read
from maehia.city.models import Area, Building, Business, House, Parcel, Pet, Tie
from maehia.city.queries.access import may_show, visible_ties
from maehia.city.queries.entities import KINDS
from maehia.city.queries.labels import Ref, ref_of
from maehia.thai import collation_key

LIMIT = 50


def _refs(kind: str, rows: Any) -> list[Ref]:
    found = [ref_of(kind, row) for row in rows[:LIMIT]]
    return sorted(found, key=lambda ref: collation_key(ref.label))


def things_at(house: House) -> dict[str, list[Ref]]:
    """Buildings, businesses and pets of a house, and the parcel under its point."""
    return {
        "building": _refs("building", Building.objects.filter(house=house)),
        "parcel": _refs("parcel", parcels_under(house.geom)),
        "business": _refs("business", Business.objects.filter(house=house)),
        "pet": _refs("pet", Pet.objects.filter(house=house)),
    }


def parcels_under(place: GEOSGeometry | None) -> Any:
    """Parcels whose outline holds the point (of a building: a point inside its footprint)."""
    if place is None:
        return Parcel.objects.none()
    point = place if place.geom_type == "Point" else place.point_on_surface
    return Parcel.objects.filter(geom__contains=point)


def things_on(parcel: Parcel) -> dict[str, list[Ref]]:
    """Houses and buildings that stand on a parcel."""
    if parcel.geom is None:
        return {"house": [], "building": []}
    return {
        "house": _refs("house", House.objects.filter(geom__within=parcel.geom).order_by("house_no")),
        "building": _refs("building", Building.objects.filter(geom__intersects=parcel.geom)),
    }


def things_around(row: Any) -> dict[str, list[Ref]]:
    """The house, the parcel and the moo of a thing, as far as it has a place."""
    place = getattr(row, "geom", None)
    house = getattr(row, "house", None)
    point = place.point_on_surface if place is not None else None
    areas = Area.objects.filter(geom__contains=point, area_kind__in=["moo", "community"]) if point else []
    return {
        "house": [ref_of("house", house)] if house else [],
        "parcel": _refs("parcel", parcels_under(place)) if isinstance(row, Building) else [],
        "area": [ref_of("area", area) for area in areas],
    }


def inside(area: Area) -> dict[str, int]:
    """How many houses, buildings and places stand inside an area. Counts of places, not of people."""
    if area.geom is None:
        return {}
    return {
        kind: KINDS[kind]._base_manager.filter(geom__intersects=area.geom).count()
        for kind in ("house", "building", "place", "asset")
    }


def length_m(row: Any) -> float | None:
    """Length of a road or waterway in metres, along the ground."""
    if row.geom is None:
        return None
    measured = type(row)._base_manager.annotate(metres=Length("geom")).get(pk=row.pk)
    return float(measured.metres.m)


@dataclass(frozen=True, slots=True)
class Tied:
    """A person who is tied to a thing: owner, customer, keeper."""

    tie: Tie
    person: uuid.UUID
    name: str


def people_of(about: uuid.UUID, *, via: str) -> list[Tied]:
    """Owners, customers and keepers of a thing, under the purpose at hand; logged. Empty when it shows no names."""
    if not may_show("person", "first_name", "last_name"):
        return []
    ties: Sequence[Tie] = visible_ties(
        Tie.objects.filter(about_key=about).select_related("person").order_by("role", "key")[:LIMIT]
    )
    log_read("person", [tie.person_id for tie in ties], via=via)
    return [Tied(tie, tie.person_id, tie.person.full_name) for tie in ties]
