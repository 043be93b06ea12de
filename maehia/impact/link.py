"""Which cell each asset stands in."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from maehia.impact import checks
from maehia.impact.checks import Floats, Ints
from maehia.impact.errors import ArgumentError
from maehia.impact.exposure import Exposure
from maehia.impact.grid import Grid


@dataclass(frozen=True, slots=True, eq=False)
class Linked:
    """Assets and the cell of each, (N,) int64, -1 off the grid. off_grid: indices of those, rising."""

    exposure: Exposure
    grid: Grid
    cell: Ints
    off_grid: Ints

    @property
    def off_grid_value(self) -> float:
        """Sum of the main value that stands off the grid and has no part in any result."""
        return float(self.exposure.value[self.off_grid].sum())


def link(exposure: Exposure, grid: Grid) -> Linked:
    """Each asset to the cell that holds it (see `Grid.cell_of`); off-grid assets are listed, never clipped."""
    cell = grid.cell_of(exposure.x, exposure.y)
    return Linked(exposure, grid, cell, np.flatnonzero(cell < 0))


def nearest_cell(points: npt.ArrayLike, centroids: npt.ArrayLike, within: float) -> Ints:
    """For each point (N, 2) the index of the nearest of scattered centroids (M, 2); -1 if none is within `within`.

    All in the units of one projected crs. For hazards that are not on a raster: number the centroids as cells of a
    grid with ny = 1. Of centroids equally far, any one. Raises ArgumentError for coordinates that are not finite.
    """
    from scipy.spatial import KDTree

    here, there = _pairs(points, "points"), _pairs(centroids, "centroids")
    if not within >= 0:
        raise ArgumentError("within", f"is {within}, expected 0 or more.")
    if not here.size or not there.size:
        return np.full(len(here), -1, dtype=np.int64)
    # The tree's bound is exclusive: a centroid exactly `within` away counts.
    distance, index = KDTree(there).query(here, workers=-1, distance_upper_bound=np.nextafter(within, np.inf))
    return np.where(np.isfinite(distance), index, -1).astype(np.int64)


def _pairs(values: npt.ArrayLike, argument: str) -> Floats:
    array = np.asarray(values, dtype=np.float64)
    if array.ndim != 2 or array.shape[1] != 2:
        raise ArgumentError(argument, f"has shape {array.shape}, expected (count, 2).")
    checks.finite(array, argument)
    return array
