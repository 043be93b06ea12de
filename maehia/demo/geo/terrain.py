"""Synthetic heights: hills in the west, a plain that falls to the east, stream beds cut into both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import rasterio
import shapely
from numpy.typing import NDArray
from rasterio.transform import from_origin
from scipy.spatial import cKDTree

from ..dice import Dice
from ..files import NOTICE
from .plane import EAST, NORTH, Floats, Waves
from .water import Waterway

CELL = 25.0  # metres
WEST_EDGE, EAST_EDGE, SOUTH_EDGE, NORTH_EDGE = -5000, 3900, -3000, 3200  # on the drawing board


@dataclass
class Terrain:
    """Heights in metres above the sea on a grid of EPSG:32647; row 0 is the northernmost."""

    x0: float
    y1: float
    heights: NDArray[np.float32]

    def at(self, x: Floats, y: Floats) -> Floats:
        """Height of the nearest cell for each point; the border's height beyond the grid."""
        col = np.clip(((x - self.x0) / CELL).astype(int), 0, self.heights.shape[1] - 1)
        row = np.clip(((self.y1 - y) / CELL).astype(int), 0, self.heights.shape[0] - 1)
        return np.asarray(self.heights[row, col], dtype=np.float64)


def make_terrain(seed: int, waterways: Sequence[Waterway]) -> Terrain:
    dice = Dice(seed, "terrain")
    xs = np.arange(WEST_EDGE + CELL / 2, EAST_EDGE, CELL)
    ys = np.arange(NORTH_EDGE - CELL / 2, SOUTH_EDGE, -CELL)
    x, y = np.meshgrid(xs, ys)
    heights = _hills(dice, x, y) + 307.0 + 0.0042 * (3200.0 - x) + 0.6 * Waves(dice, 500).at(x, y)
    heights -= _beds(x, y, waterways)
    return Terrain(EAST + WEST_EDGE, NORTH + NORTH_EDGE, np.round(heights, 2).astype(np.float32))


def _hills(dice: Dice, x: Floats, y: Floats) -> Floats:
    """From the foot of the hills (about 2.2 km west of the board's zero) up to some 500 m above the plain."""
    foot = -2150.0 + 260.0 * Waves(dice, 1800).at(x, y)
    rise = np.clip((foot - x) / 2700.0, 0.0, 1.0)
    ridges = 0.85 + 0.20 * Waves(dice, 1500).at(x, y) + 0.06 * Waves(dice, 450).at(x, y)
    return np.asarray(520.0 * rise**1.25 * np.clip(ridges, 0.15, 1.4))


def _beds(x: Floats, y: Floats, waterways: Sequence[Waterway]) -> Floats:
    """How deep the water has cut: a narrow bed, and a wide valley where the land is high."""
    cut = np.zeros(x.shape)
    cells = np.column_stack([EAST + x.ravel(), NORTH + y.ravel()])
    for water in waterways:
        points = shapely.get_coordinates(shapely.segmentize(water.line, CELL / 2))
        away = cKDTree(points).query(cells, distance_upper_bound=600.0)[0].reshape(x.shape)
        valley = 55.0 * np.clip((-1900.0 - x) / 1500.0, 0.0, 1.0) * np.exp(-((away / 160.0) ** 2))
        cut = np.maximum(cut, water.depth * np.exp(-((away / 22.0) ** 2)) + valley)
    return cut


def write_dem(path: Path, terrain: Terrain) -> None:
    """A GeoTIFF of 25 m cells in EPSG:32647, heights as float32 metres."""
    rows, cols = terrain.heights.shape
    with rasterio.open(
        path, "w", driver="GTiff", width=cols, height=rows, count=1, dtype="float32", crs="EPSG:32647", nodata=-9999.0,
        transform=from_origin(terrain.x0, terrain.y1, CELL, CELL), compress="deflate", predictor=3,
    ) as raster:  # fmt: skip
        raster.write(terrain.heights, 1)
        raster.update_tags(notice=NOTICE, title="แบบจำลองความสูงภูมิประเทศสังเคราะห์", unit="m")
