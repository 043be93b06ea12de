"""Where the houses stand: slots along the streets, filled from the heart of each moo outwards."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry import MultiPolygon, Point

from ..dice import Dice
from ..houses import House
from .areas import CENTRES, Area
from .plane import EAST, NORTH, lonlat
from .streets import Street

SPACINGS = (14.0, 11.0, 8.5, 6.5, 5.0, 3.5)  # metres between houses; closer only where a moo has no room
SET_BACK = 10.5  # metres from the road's edge to the middle of a house
_BUILT = ("residential", "tertiary", "secondary", "primary")


@dataclass(frozen=True, slots=True)
class Slot:
    """A place for a house. ux, uy: unit vector along the street; side: +1 or -1; width: metres to the neighbour."""

    x: float
    y: float
    ux: float
    uy: float
    side: int
    width: float
    street: int
    along: float


def street_slots(streets: list[Street], number: int, spacing: float) -> list[Slot]:
    """Slots of one street on both sides, kept clear of the corners."""
    street = streets[number]
    (x0, y0), (x1, y1) = street.line.coords[0], street.line.coords[-1]
    length = street.line.length
    ux, uy = (x1 - x0) / length, (y1 - y0) / length
    off = street.width / 2 + SET_BACK
    count = int((length - 2 * 14.0) / spacing)
    start = (length - (count - 1) * spacing) / 2
    slots = []
    for side in (1, -1):
        for n in range(count):
            along = start + n * spacing
            slots.append(
                Slot(
                    x0 + ux * along - uy * off * side,
                    y0 + uy * along + ux * off * side,
                    ux,
                    uy,
                    side,
                    spacing,
                    number,
                    along,
                )
            )
    return slots


def place_houses(
    seed: int, houses: list[House], streets: list[Street], areas: list[Area], wet: MultiPolygon
) -> list[Slot]:
    """Give every house a place off the water; the slot of each house, in the order of the houses."""
    no_go = wet.buffer(8.0)
    shapely.prepare(no_go)
    by_moo: dict[int, list[House]] = defaultdict(list)
    for house in houses:
        by_moo[house.moo].append(house)
    moo_shapes = {int(area.code[-2:]): area.shape for area in areas if area.kind == "moo"}
    slots: dict[int, Slot] = {}
    for moo, shape in moo_shapes.items():
        dice = Dice(seed, f"plots:{moo}")
        inside = [n for n, s in enumerate(streets) if s.kind in _BUILT and shape.contains(s.line.centroid)]
        slots_here = _enough(streets, inside, no_go, len(by_moo[moo]))
        chosen = _chosen(dice, slots_here, moo, len(by_moo[moo]))
        nearest = _distances(streets, inside, moo)
        chosen.sort(key=lambda s: (nearest[s.street], s.street, s.side, s.along))
        for house, slot in zip(by_moo[moo], chosen, strict=True):
            slots[house.index] = slot
    ordered = [slots[house.index] for house in houses]
    _locate(houses, ordered)
    return ordered


def _heart(moo: int) -> tuple[float, float]:
    return EAST + CENTRES[moo - 1][0], NORTH + CENTRES[moo - 1][1]


def _enough(streets: list[Street], inside: list[int], no_go: MultiPolygon, count: int) -> list[Slot]:
    """Dry slots at the widest spacing that gives at least `count` of them."""
    slots: list[Slot] = []
    for spacing in SPACINGS:
        slots = [slot for number in inside for slot in street_slots(streets, number, spacing)]
        wet = shapely.intersects_xy(no_go, [s.x for s in slots], [s.y for s in slots])
        slots = [slot for slot, is_wet in zip(slots, wet, strict=True) if not is_wet]
        if len(slots) >= count:
            break
    return slots


def _chosen(dice: Dice, slots: list[Slot], moo: int, count: int) -> list[Slot]:
    """The `count` slots nearest to the heart of the moo, with some chance."""
    hx, hy = _heart(moo)
    scored = sorted((np.hypot(s.x - hx, s.y - hy) + 420.0 * dice.random(), n) for n, s in enumerate(slots))
    return [slots[n] for _, n in scored[:count]]


def _distances(streets: list[Street], inside: list[int], moo: int) -> dict[int, float]:
    heart = Point(*_heart(moo))
    return {number: round(streets[number].line.distance(heart), 1) for number in inside}


def _locate(houses: list[House], slots: list[Slot]) -> None:
    xy = np.array([(slot.x, slot.y) for slot in slots])
    degrees = lonlat(xy)
    for house, (x, y), (lon, lat) in zip(houses, xy.tolist(), degrees.tolist(), strict=True):
        house.x, house.y, house.lon, house.lat = round(x, 2), round(y, 2), lon, lat


def boxes(slots: list[Slot], width: float | np.ndarray, front: float, depth: float) -> np.ndarray:
    """A rectangle for each slot: `width` along the street, from `front` before the slot to `depth` behind it."""
    x, y = np.array([s.x for s in slots]), np.array([s.y for s in slots])
    ux, uy = np.array([s.ux for s in slots]), np.array([s.uy for s in slots])
    side = np.array([s.side for s in slots])
    bx, by = -uy * side, ux * side  # away from the street
    half = np.broadcast_to(np.asarray(width, dtype=float) / 2, x.shape)
    corners = [(-half, -front), (half, -front), (half, depth), (-half, depth), (-half, -front)]
    ring = np.stack([np.column_stack([x + ux * a + bx * b, y + uy * a + by * b]) for a, b in corners], axis=1)
    return np.asarray(shapely.polygons(ring))
