"""The roads of the register under the walk of a door list: its order and the ways to shelters, as JSON for pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

import numpy as np
import shapely

from maehia.city.models import Place
from maehia.emergency.actions import footprints_access, grants
from maehia.emergency.models import Incident
from maehia.emergency.queries.shelters import open_places
from maehia.emergency.rules import doors_ways as rules
from maehia.emergency.rules.depths import Depths, unpack
from maehia.emergency.rules.footprints import moved
from maehia.emergency.rules.footprints_access import depths_at
from maehia.emergency.rules.priority import closes_roads
from maehia.kit.acting import acting
from maehia.network import water_limit

DEGREES, METRES = "EPSG:4326", "EPSG:32647"


class Placed(Protocol):
    """A house with its place in degrees, None where nobody knows it."""

    @property
    def lon(self) -> float | None: ...
    @property
    def lat(self) -> float | None: ...


@dataclass(frozen=True, slots=True)
class Stop:
    """A door in walking order; leg: [[lon, lat], ...] from the door before; way: as `models.Door.way`."""

    door: int
    minutes: float | None
    leg: list[Any]
    way: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Walk:
    stops: tuple[Stop, ...]
    minutes: float
    ways_for: str


@dataclass(frozen=True, slots=True)
class Shelter:
    key: UUID
    name: str
    is_open: bool


def plan(incident: Incident, houses: Sequence[Placed], start: tuple[float, float] | None) -> Walk:
    """Houses, the most urgent first, in walking order; those without a place come last. Outside of `acting()`."""
    with acting(grants.ACTOR, grants.RESOLVE, mode=incident.mode):
        graph, depths = footprints_access.road_graph(), _depths(incident)
        shelters, places = _shelters(incident, depths)
    placed = [n for n, house in enumerate(houses) if house.lon is not None]
    if graph is None or not placed:
        return Walk(tuple(Stop(n, None, [], {}) for n in range(len(houses))), 0.0, "")
    blocked = rules.water(graph, depths, closes=closes_roads(incident.hazard))
    points = _metres([(houses[n].lon, houses[n].lat) for n in placed])
    begin = _metres([start])[0] if start else None
    walk = rules.plan(rules.Ground(graph, blocked, places), points, begin)
    stops = [Stop(placed[one.door], one.minutes, _line(one.leg), _way(one, shelters)) for one in walk.stops]
    stops += [Stop(n, None, [], {}) for n in range(len(houses)) if n not in set(placed)]
    return Walk(tuple(stops), walk.minutes, str(incident.footprint_id))


def unsure(incident: Incident) -> bool:
    """Whether water stands on roads and nobody knows how deep, so that no way is known to be dry."""
    footprint = incident.footprint
    return bool(footprint and closes_roads(incident.hazard) and _depths(incident) is None)


def _depths(incident: Incident) -> Depths | None:
    packed = incident.footprint.depth if incident.footprint else None
    return unpack(packed) if packed else None


def _shelters(incident: Incident, depths: Depths | None) -> tuple[list[Shelter], Any]:
    """Open shelters (or, when none is, places that may become one) outside of the deep water, and where they stand."""
    opened = set(open_places(incident))
    rows = Place.objects.exclude(geom=None)
    rows = rows.filter(pk__in=opened) if opened else rows.filter(is_shelter=True)
    rows = rows.order_by("key")
    found = [(Shelter(row.pk, row.name, bool(opened)), row.geom.point_on_surface.coords) for row in rows if row.geom]
    points = _metres([place for _, place in found])
    if depths is not None and found:
        with np.errstate(invalid="ignore"):
            dry = ~(depths_at(depths, points) > water_limit(rules.LIMIT).depth)
        return [one for (one, _), fine in zip(found, dry, strict=True) if fine], points[dry]
    return [one for one, _ in found], points


def _metres(places: Sequence[Any]) -> Any:
    if not places:
        return np.zeros((0, 2))
    return shapely.get_coordinates(moved(shapely.points(np.asarray(places, dtype=np.float64)), DEGREES, METRES))


def _line(leg: rules.Leg | None) -> list[Any]:
    if leg is None or len(leg.line) < 2:
        return []
    line = shapely.get_coordinates(moved(shapely.linestrings(leg.line), METRES, DEGREES))
    return rules.simple(line)


def _way(stop: rules.Stop, shelters: Sequence[Shelter]) -> dict[str, Any]:
    if stop.shelter < 0 or stop.way is None:
        return {}
    to = shelters[stop.shelter]
    return {
        "shelter": str(to.key), "name": to.name, "open": to.is_open, "minutes": round(stop.way.minutes),
        "metres": round(stop.way.metres), "turns": [list(turn) for turn in stop.way.turns], "line": _line(stop.way),
    }  # fmt: skip
