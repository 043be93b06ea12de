"""The ground a flood runs over."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pyproj

from maehia.impact import ArgumentError, Grid
from maehia.impact.checks import Floats, refuse

# Above this, an "elevation" is a fill value in disguise; the deepest trench and the highest peak lie within.
_HIGHEST, _LOWEST = 9_000.0, -1_000.0
MANNING_RANGE = (0.005, 1.0)


@dataclass(frozen=True, eq=False)
class Terrain:
    """Elevation and roughness of each cell.

    grid: projected, in metres. elevation: (ny, nx) metres above the datum, row 0 southernmost; NaN is outside the
    domain: no water enters or leaves such a cell. manning: roughness n in s/m^(1/3), one number or (ny, nx);
    its values under NaN elevation are not read.
    Raises ArgumentError: shapes, no cell inside, a fill value left in (-9999), n outside 0.005 to 1, degrees.
    """

    grid: Grid
    elevation: Floats
    manning: float | Floats = 0.03

    def __post_init__(self) -> None:
        _refuse_degrees(self.grid)
        elevation = cell_map(self.elevation, self.grid, "elevation")
        refuse(np.isinf(elevation), "elevation", "is infinite.", "Write NaN where there is no ground.")
        off = (elevation > _HIGHEST) | (elevation < _LOWEST)
        refuse(off, "elevation", f"is outside {_LOWEST:.0f} to {_HIGHEST:.0f} m.", "Write NaN for nodata.",
               "elevation_nodata")  # fmt: skip
        if np.isnan(elevation).all():
            raise ArgumentError("elevation", "is NaN everywhere: there is no cell to compute.")
        object.__setattr__(self, "elevation", elevation)
        object.__setattr__(self, "manning", self._roughness(np.isfinite(elevation)))

    def _roughness(self, inside: npt.NDArray[np.bool_]) -> float | Floats:
        low, high = MANNING_RANGE
        what = f"is not a Manning roughness between {low} and {high} s/m^(1/3)."
        if np.ndim(self.manning) == 0:
            if not low <= float(self.manning) <= high:
                raise ArgumentError("manning", what)
            return float(self.manning)
        rough = cell_map(self.manning, self.grid, "manning")
        with np.errstate(invalid="ignore"):
            refuse(inside & ~((rough >= low) & (rough <= high)), "manning", what)
        return rough

    @property
    def inside(self) -> npt.NDArray[np.bool_]:
        """(ny, nx): True where there is ground."""
        return np.isfinite(self.elevation)


def cell_map(values: Any, grid: Grid, argument: str) -> Floats:
    """`values` as a contiguous float64 array of the grid's shape, a copy of its own that nobody else can change."""
    array = np.asarray(values)
    if array.dtype.kind not in "iuf":
        raise ArgumentError(argument, f"is of type {array.dtype}, expected numbers.")
    if array.shape != grid.shape:
        raise ArgumentError(argument, f"has shape {array.shape}, expected {grid.shape} (ny, nx).")
    own: Floats = np.array(array, dtype=np.float64, order="C")
    own.setflags(write=False)
    return own


def cell_ids(values: Any, argument: str) -> npt.NDArray[np.int64]:
    """Flat cell numbers (row * nx + col) as (K,) int64; one number is one cell. Range is checked against a terrain."""
    cells = np.atleast_1d(np.asarray(values))
    if cells.ndim != 1 or (cells.size and cells.dtype.kind not in "iu"):
        raise ArgumentError(argument, "is not a list of whole cell numbers.", fix="Take them from Grid.cell_of.")
    refuse(cells < 0, argument, "is outside the grid.")
    own = cells.astype(np.int64)
    own.setflags(write=False)
    return own


def refuse_outside(cells: npt.NDArray[np.int64], terrain: Terrain, argument: str) -> None:
    """Raise for the first cell that is off the grid or on NaN ground."""
    refuse(cells >= terrain.grid.size, argument, "is outside the grid.")
    refuse(~terrain.inside.ravel()[cells], argument, "lies on a cell without ground (NaN).")


@lru_cache(maxsize=16)
def _geographic(crs: str) -> bool:
    return bool(pyproj.CRS.from_user_input(crs).is_geographic)


def _refuse_degrees(grid: Grid) -> None:
    try:
        degrees = _geographic(grid.crs)
    except pyproj.exceptions.CRSError as error:
        raise ArgumentError("crs", f"is not known to PROJ: {grid.crs}.", code="crs_unknown") from error
    if degrees:
        raise ArgumentError("crs", f"{grid.crs} is in degrees.", fix="Project the grid to metres.", code="crs_degrees")
