"""What is planned and what the register knows of the land, as values in EPSG:32647 (metres)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from shapely import affinity, get_coordinates, points
from shapely.geometry import LineString, Polygon, box
from shapely.geometry.base import BaseGeometry

Owner = Literal["yes", "no", "unknown"]


@dataclass(frozen=True, slots=True)
class Plan:
    """A house as the applicant plans it. floor_area_m2: of all storeys. height_m: to the roof.

    blind_walls: walls near the boundary have no openings. consent: the land owner agreed in writing.
    """

    footprint: Polygon
    floor_area_m2: float
    storeys: int
    height_m: float
    blind_walls: bool = False
    consent: bool = False


@dataclass(frozen=True, slots=True)
class Shape:
    """A zone of the register with its code, name and source."""

    code: str
    name: str
    geometry: BaseGeometry
    source: str


@dataclass(frozen=True, slots=True)
class Line:
    """The middle of a road. width_m None: not known."""

    name: str
    geometry: LineString
    width_m: float | None
    source: str


@dataclass(frozen=True, slots=True)
class Land:
    """What the register knows. parcel None: no outline. zones, floods None: the town has none of that kind at all.

    Sources are words for people: the list and its day.
    """

    parcel: Polygon | None
    parcel_source: str
    roads: tuple[Line, ...] = ()
    roads_source: str = ""
    zones: tuple[Shape, ...] | None = None
    floods: tuple[Shape, ...] | None = None
    owner: Owner = "unknown"
    owner_source: str = ""


def rectangle(x: float, y: float, width_m: float, depth_m: float, turn_deg: float = 0.0) -> Polygon:
    """A footprint around its middle, turned clockwise."""
    shape = box(x - width_m / 2, y - depth_m / 2, x + width_m / 2, y + depth_m / 2)
    return affinity.rotate(shape, -turn_deg, origin=(x, y))


def margin(inner: BaseGeometry, outer: BaseGeometry) -> float:
    """How far `inner` stands inside `outer` (metres); negative: how far it sticks out."""
    if outer.covers(inner):
        return float(inner.distance(outer.boundary))
    outside = inner.difference(outer)
    return -max(float(outer.distance(corner)) for corner in _corners(outside))


def _corners(shape: BaseGeometry) -> list[BaseGeometry]:
    return list(points(get_coordinates(shape)))


def away(inner: BaseGeometry, zone: BaseGeometry) -> float:
    """How far `inner` stands from a zone; negative: how deep it reaches into it."""
    apart = float(inner.distance(zone))
    if apart > 0:
        return apart
    return -max((zone.boundary.distance(corner) for corner in _corners(inner.intersection(zone))), default=0.0)


COMPASS = (
    ("ทิศเหนือ", "north"), ("ทิศตะวันออกเฉียงเหนือ", "north-east"), ("ทิศตะวันออก", "east"),
    ("ทิศตะวันออกเฉียงใต้", "south-east"), ("ทิศใต้", "south"), ("ทิศตะวันตกเฉียงใต้", "south-west"),
    ("ทิศตะวันตก", "west"), ("ทิศตะวันตกเฉียงเหนือ", "north-west"),
)  # fmt: skip
BEND_DEG = 20.0  # less of a bend goes on the same side


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a parcel, with the direction in which it looks (index into COMPASS)."""

    line: LineString
    looks: int


def sides(parcel: Polygon) -> list[Side]:
    """The sides of a parcel from the one that looks most to the north, clockwise."""
    ring = list(parcel.exterior.coords)[:-1]
    if not parcel.exterior.is_ccw:
        ring.reverse()
    count = len(ring)
    edges = [(ring[i], ring[(i + 1) % count]) for i in range(count)]
    edges = [edge for edge in edges if math.dist(*edge) > 1e-6]
    first = next((i for i in range(len(edges)) if _bend(edges[i - 1], edges[i]) >= BEND_DEG), 0)
    runs: list[list[tuple[tuple[float, ...], tuple[float, ...]]]] = []
    for edge in edges[first:] + edges[:first]:
        if runs and _bend(runs[-1][-1], edge) < BEND_DEG:
            runs[-1].append(edge)
        else:
            runs.append([edge])
    found = [Side(LineString([run[0][0], *(edge[1] for edge in run)]), _looks(run[0][0], run[-1][1])) for run in runs]
    return sorted(found, key=lambda side: side.looks)


def _heading(a: tuple[float, ...], b: tuple[float, ...]) -> float:
    return math.degrees(math.atan2(b[0] - a[0], b[1] - a[1])) % 360


def _bend(
    edge: tuple[tuple[float, ...], tuple[float, ...]], then: tuple[tuple[float, ...], tuple[float, ...]]
) -> float:
    turn = abs(_heading(*edge) - _heading(*then)) % 360
    return min(turn, 360 - turn)


def _looks(a: tuple[float, ...], b: tuple[float, ...]) -> int:
    """Of a ring that runs counter-clockwise, the outside lies to the right of the way."""
    return round((_heading(a, b) + 90) / 45) % 8
