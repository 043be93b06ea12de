"""How far the stations speak: beyond it a cell is unknown, which is not the same as clean."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely
from scipy.spatial import cKDTree

from maehia.hazards.smoke.stations import Stations
from maehia.hazards.smoke.variogram import Variogram
from maehia.impact import ArgumentError, Grid
from maehia.impact.checks import Floats

RULES = ("too_far", "outside_hull", "too_uncertain")


@dataclass(frozen=True, slots=True)
class Reach:
    """A cell is unknown when any of these holds for its centre.

    max_m: it is further from the nearest station than this, or than the variogram's range, whichever is less
    (None: the range). hull_buffer_m: it lies further than this outside the convex hull of the stations (None: a
    quarter of the range; on a line of stations the hull is that line). variance_share: its kriging variance is at
    least this share of the sill, that is, the stations explain less than the rest.
    """

    max_m: float | None = None
    hull_buffer_m: float | None = None
    variance_share: float = 0.8

    def __post_init__(self) -> None:
        for name in ("max_m", "hull_buffer_m", "variance_share"):
            number = getattr(self, name)
            if number is not None and not number >= 0:
                raise ArgumentError(name, f"is {number}, expected 0 or more.")

    def unknown(
        self, stations: Stations, grid: Grid, variogram: Variogram, variance: Floats
    ) -> dict[str, npt.NDArray[np.bool_]]:
        """Rule -> (ny, nx), True where that rule makes the cell unknown; variance: kriging's, on the working scale."""
        centres = np.column_stack(grid.centre_of(np.arange(grid.size)))
        farthest = min(variogram.range_m, np.inf if self.max_m is None else self.max_m)
        buffer = variogram.range_m / 4 if self.hull_buffer_m is None else self.hull_buffer_m
        distance = cKDTree(stations.points).query(centres)[0]
        found = {
            "too_far": distance > farthest,
            "outside_hull": _outside_hull(stations, centres, buffer),
            "too_uncertain": np.ravel(variance) >= self.variance_share * variogram.sill,
        }
        return {rule: bad.reshape(grid.shape) for rule, bad in found.items()}


def _outside_hull(stations: Stations, centres: Floats, buffer: float) -> npt.NDArray[np.bool_]:
    if np.isinf(buffer):
        return np.zeros(len(centres), dtype=bool)
    hull = shapely.multipoints(stations.points).convex_hull
    area = hull.buffer(buffer, quad_segs=64)
    shapely.prepare(area)
    return np.asarray(~shapely.intersects_xy(area, centres[:, 0], centres[:, 1]))
