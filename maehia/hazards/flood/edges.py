"""How the domain ends: closed, water runs off freely, or a level stands outside."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from maehia.hazards.flood.sources import series_times
from maehia.hazards.flood.terrain import cell_ids
from maehia.impact import ArgumentError
from maehia.impact.checks import Floats, finite

SIDES = ("west", "east", "south", "north")


@dataclass(frozen=True)
class FreeOutflow:
    """Water leaves at normal depth for this slope: q = h^(5/3) sqrt(slope) / n (Manning). Nothing comes in.

    slope: fall of the ground behind the edge, m/m. first, last: part of the side, counted along it from west or
    south; `last` is the first cell no longer in it.
    """

    slope: float = 0.001
    first: int = 0
    last: int | None = None

    def __post_init__(self) -> None:
        if not 0 < self.slope <= 1:
            raise ArgumentError("slope", f"is {self.slope}, expected above 0 and up to 1.")


@dataclass(frozen=True, eq=False)
class WaterLevel:
    """A water level outside the edge, linear between its points, held before and after; water goes in or out.

    times_s: (T,) increasing. level_m: (T,) metres above the terrain's datum. The ground outside is as high as
    the edge cell's. first, last as in FreeOutflow.
    """

    times_s: Floats
    level_m: Floats
    first: int = 0
    last: int | None = None

    def __post_init__(self) -> None:
        times = series_times(self.times_s, "times_s", 1)
        level = np.asarray(self.level_m, dtype=np.float64)
        if level.shape != times.shape:
            raise ArgumentError("level_m", f"has shape {level.shape}, expected {times.shape}.")
        finite(level, "level_m")
        object.__setattr__(self, "times_s", times)
        object.__setattr__(self, "level_m", level)

    def at(self, time_s: float) -> float:
        return float(np.interp(time_s, self.times_s, self.level_m))


Edge = FreeOutflow | WaterLevel | None


@dataclass(frozen=True, eq=False)
class Outlet:
    """Cells inside the grid where water leaves at normal depth, across one cell width each: for a domain that ends
    within the raster. cells: flat numbers. slope: m/m. Where a side is open too, the outlet's slope counts."""

    cells: npt.NDArray[np.int64]
    slope: float = 0.001

    def __post_init__(self) -> None:
        object.__setattr__(self, "cells", cell_ids(self.cells, "cells"))
        if not 0 < self.slope <= 1:
            raise ArgumentError("slope", f"is {self.slope}, expected above 0 and up to 1.")


class ClosedSideWarning(UserWarning):
    """A side was opened, but most of its cells have no ground: there it is closed."""


@dataclass(frozen=True, eq=False)
class Edges:
    """One condition for each side of the raster; None is closed. Edges of NaN ground are always closed: where the
    raster has a rim of NaN, open the domain by `outlets`."""

    west: Edge = None
    east: Edge = None
    south: Edge = None
    north: Edge = None
    outlets: tuple[Outlet, ...] = ()

    def __post_init__(self) -> None:
        for side in SIDES:
            edge = getattr(self, side)
            if not (edge is None or isinstance(edge, FreeOutflow | WaterLevel)):
                raise ArgumentError(side, f"is {edge!r}.", fix="Give FreeOutflow, WaterLevel or None (closed).")
        object.__setattr__(self, "outlets", tuple(self.outlets))
        if not all(isinstance(outlet, Outlet) for outlet in self.outlets):
            raise ArgumentError("outlets", "holds something that is no Outlet.")
