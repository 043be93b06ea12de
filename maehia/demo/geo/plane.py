"""The drawing board: metres east and north of a fixed point, and the way back to degrees."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Transformer
from shapely.geometry.base import BaseGeometry

from ..dice import Dice

Floats = NDArray[np.floating[Any]]
Point = tuple[float, float]
EAST, NORTH = 494_000.0, 2_072_600.0  # EPSG:32647 of the board's zero
_TO_DEGREES = Transformer.from_crs("EPSG:32647", "EPSG:4326", always_xy=True)
_TO_METRES = Transformer.from_crs("EPSG:4326", "EPSG:32647", always_xy=True)


def lonlat(xy: Floats) -> Floats:
    """(n, 2) metres of EPSG:32647 -> (n, 2) degrees, rounded to about a centimetre."""
    lon, lat = _TO_DEGREES.transform(xy[:, 0], xy[:, 1])
    return np.round(np.column_stack([lon, lat]), 7)


def metres(lon: float, lat: float) -> Point:
    """Degrees -> EPSG:32647."""
    x, y = _TO_METRES.transform(lon, lat)
    return float(x), float(y)


def board(points: Sequence[Point]) -> list[Point]:
    """Points of the drawing board -> EPSG:32647."""
    return [(EAST + x, NORTH + y) for x, y in points]


def in_degrees(shape: BaseGeometry) -> BaseGeometry:
    return shapely.transform(shape, lonlat)


def as_geojson(shape: BaseGeometry) -> dict[str, object]:
    """A geometry of EPSG:32647 as a GeoJSON geometry in degrees."""
    mapping: dict[str, object] = shapely.geometry.mapping(in_degrees(shape))
    return mapping


def smoothed(points: Sequence[Point], rounds: int = 2, *, closed: bool = False) -> list[Point]:
    """Corners cut at a quarter (Chaikin), `rounds` times; an open line keeps its ends."""
    for _ in range(rounds):
        pairs = list(pairwise(points)) + ([(points[-1], points[0])] if closed else [])
        cut = [_between(a, b, share) for a, b in pairs for share in (0.25, 0.75)]
        points = cut if closed else [points[0], *cut, points[-1]]
    return list(points)


def _between(a: Point, b: Point, share: float) -> Point:
    return a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share


class Waves:
    """Smooth noise between about -1 and 1: a sum of sine waves of one typical length (metres)."""

    def __init__(self, dice: Dice, length: float, count: int = 17) -> None:
        turns = [(dice.spread(0.6, 1.6) / length * 6.283, dice.spread(0, 6.283)) for _ in range(count)]
        self.waves = [(k * np.cos(a), k * np.sin(a), dice.spread(0, 6.283)) for k, a in turns]

    def at(self, x: Floats, y: Floats) -> Floats:
        total = np.zeros(np.broadcast(x, y).shape)
        for kx, ky, phase in self.waves:
            total += np.sin(kx * x + ky * y + phase)
        return np.asarray(total / len(self.waves) ** 0.5 / 1.2)
