"""What a town builds: drains, barriers, pumps. The same run with and without them is the comparison."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from maehia.hazards.flood.terrain import cell_ids
from maehia.impact import ArgumentError, Grid
from maehia.impact.checks import Floats, finite, not_negative, refuse

Ids = npt.NDArray[np.int64]


def _none() -> Ids:
    return np.empty(0, dtype=np.int64)


@dataclass(frozen=True, eq=False)
class Drain:
    """Gullies that swallow up to capacity_m3_s each, as long as water stands in their cell.

    cells: flat numbers. capacity_m3_s: one number, or one a cell, >= 0. The water leaves the domain.
    """

    cells: Ids
    capacity_m3_s: float | Floats
    name: str = ""

    def __post_init__(self) -> None:
        cells = cell_ids(self.cells, "cells")
        capacity = np.broadcast_to(np.asarray(self.capacity_m3_s, dtype=np.float64), cells.shape).copy()
        finite(capacity, "capacity_m3_s")
        not_negative(capacity, "capacity_m3_s")
        object.__setattr__(self, "cells", cells)
        object.__setattr__(self, "capacity_m3_s", capacity)


@dataclass(frozen=True, eq=False)
class Barrier:
    """A wall on faces between cells: water passes only above its crest.

    west_of, south_of: the cells whose west or south face carries the wall. crest_m: metres above the terrain's
    datum. until_s: it gives way then (a breach); never, if left out. The face's bed becomes
    max(ground on both sides, crest). Make one with `along` (a line) or `around` (raised cells).
    """

    crest_m: float
    west_of: Ids = field(default_factory=_none)
    south_of: Ids = field(default_factory=_none)
    until_s: float = math.inf
    name: str = ""

    def __post_init__(self) -> None:
        if not math.isfinite(self.crest_m):
            raise ArgumentError("crest_m", "is NaN or infinite.")
        if not self.until_s > 0:
            raise ArgumentError("until_s", f"is {self.until_s}, expected more than 0.")
        object.__setattr__(self, "west_of", np.unique(cell_ids(self.west_of, "west_of")))
        object.__setattr__(self, "south_of", np.unique(cell_ids(self.south_of, "south_of")))
        if not self.west_of.size + self.south_of.size:
            raise ArgumentError("west_of", "and south_of are empty: the barrier has no face.")

    @classmethod
    def along(cls, grid: Grid, x: Sequence[float], y: Sequence[float], crest_m: float, *, until_s: float = math.inf,
              name: str = "") -> Barrier:  # fmt: skip
        """A wall along the line through the points (x, y), laid on the nearest cell corners without a gap.

        Water can not slip through diagonally: consecutive faces meet in a corner.
        """
        xs, ys = np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
        if xs.shape != ys.shape or xs.ndim != 1 or xs.size < 2:
            raise ArgumentError("x", "and y need the same number of points, two or more.")
        finite(xs, "x")
        finite(ys, "y")
        cols = np.rint((xs - grid.x0) / grid.dx).astype(np.int64)
        rows = np.rint((ys - grid.y0) / grid.dy).astype(np.int64)
        refuse((cols < 0) | (cols > grid.nx), "x", "is outside the grid.")
        refuse((rows < 0) | (rows > grid.ny), "y", "is outside the grid.")
        west, south = _faces(cols.tolist(), rows.tolist(), grid)
        return cls(crest_m, np.array(west, np.int64), np.array(south, np.int64), until_s, name)

    @classmethod
    def around(cls, grid: Grid, cells: npt.ArrayLike, crest_m: float, *, until_s: float = math.inf,
               name: str = "") -> Barrier:  # fmt: skip
        """All four faces of the cells raised: a dike one cell wide, or a ring about a block."""
        own = cell_ids(cells, "cells")
        refuse(own >= grid.size, "cells", "is outside the grid.")
        row, col = np.divmod(own, grid.nx)
        west = np.concatenate([own, own[col < grid.nx - 1] + 1])
        south = np.concatenate([own, own[row < grid.ny - 1] + grid.nx])
        return cls(crest_m, west, south, until_s, name)


def _faces(cols: list[int], rows: list[int], grid: Grid) -> tuple[list[int], list[int]]:
    """Faces of a staircase over cell corners from each point to the next; faces on the grid's border are left out."""
    west: list[int] = []
    south: list[int] = []
    for begin in range(len(cols) - 1):
        c, r, stop_c, stop_r = cols[begin], rows[begin], cols[begin + 1], rows[begin + 1]
        across, up = abs(stop_c - c), abs(stop_r - r)
        taken_c = taken_r = 0
        while taken_c < across or taken_r < up:
            # the next corner is the one nearer to the straight line
            if (taken_c + 0.5) * up < (taken_r + 0.5) * across or taken_r == up:
                step = 1 if stop_c > c else -1
                if 0 < r < grid.ny:
                    south.append(r * grid.nx + min(c, c + step))
                c, taken_c = c + step, taken_c + 1
            else:
                step = 1 if stop_r > r else -1
                if 0 < c < grid.nx:
                    west.append(min(r, r + step) * grid.nx + c)
                r, taken_r = r + step, taken_r + 1
    return west, south


@dataclass(frozen=True, eq=False)
class Pump:
    """Lifts up to capacity_m3_s out of a cell, to another cell or out of the domain (`to` left out).

    Starts when the depth in its cell reaches start_m, stops when it falls to stop_m, and takes no more than
    stands there above stop_m. off_from_s: it fails then and stays off (no power, flooded motor).
    """

    cell: int
    capacity_m3_s: float
    to: int | None = None
    start_m: float = 0.1
    stop_m: float = 0.02
    off_from_s: float = math.inf
    name: str = ""

    def __post_init__(self) -> None:
        for name in ("cell", "to"):
            value = getattr(self, name)
            if value is not None:
                object.__setattr__(self, name, int(cell_ids(value, name)[0]))
        if not (math.isfinite(self.capacity_m3_s) and self.capacity_m3_s >= 0):
            raise ArgumentError("capacity_m3_s", f"is {self.capacity_m3_s}, expected 0 or more.")
        if not 0 <= self.stop_m <= self.start_m < math.inf:
            raise ArgumentError("start_m", "and stop_m need 0 <= stop_m <= start_m.")
        if self.to == self.cell:
            raise ArgumentError("to", "is the cell the pump draws from.")
        if math.isnan(self.off_from_s):
            raise ArgumentError("off_from_s", "is NaN.")
