"""First look at a flood from the elevation model alone: height above the nearest drainage (HAND).

Nobre et al. (2011, 2016): every cell stands so many metres above the stream cell that its water runs to. If all
streams rise by a stage, what stands lower is wet. It knows no rain, no time, no hydraulics and no backwater; every
stream of the map rises alike, the brook as the river. It shows where to look, not how deep it will be.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyflwdir
from rasterio.transform import from_origin

from maehia.hazards.dem import Dem
from maehia.hazards.ground import drained
from maehia.impact import ArgumentError, Grid, Hazard
from maehia.impact.checks import Floats, finite, not_negative, vector

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Hand:
    """Maps (ny, nx), row 0 southernmost. height: m above the drainage along the way of the water, over the ground
    with its pits filled; NaN without data and where no drainage is reached before the border. pond: depth of the pit
    at the cell, m. drainage: the stream cells. upstream_km2: area that drains through each cell."""

    grid: Grid
    height: Floats
    pond: Floats
    drainage: Mask
    upstream_km2: Floats

    def depth(self, stage_m: float) -> Floats:
        """Depth of water in m, (ny, nx), when every stream stands `stage_m` above its bed; 0 where it is dry.

        A cell is wet when the stage is above its height. The way of its water then lies under water down to the
        stream, so every wet cell is connected to the drainage; a pit fills when its rim is passed.
        """
        if not (stage_m >= 0 and np.isfinite(stage_m)):
            raise ArgumentError("stage_m", f"is {stage_m}, expected 0 or more.")
        with np.errstate(invalid="ignore"):
            wet = stage_m > self.height
        return np.where(wet, stage_m - self.height + self.pond, 0.0)


def height_above_drainage(dem: Dem, *, drainage_km2: float = 1.0) -> Hand:
    """Heights above the drainage: the cells that drain at least `drainage_km2`. D8 over filled pits, by pyflwdir.

    drainage_km2: larger for the rivers only, smaller for brooks too; 1 km2 is our own choice for 10 to 30 m cells.
    Raises ArgumentError when no cell drains that much.
    """
    if not drainage_km2 > 0:
        raise ArgumentError("drainage_km2", f"is {drainage_km2}, expected more than 0.")
    grid = dem.grid
    if grid.size < 2 or dem.missing.all():
        raise ArgumentError("dem", "has no two cells with data between which water could run.")
    filled, directions = drained(dem)
    where = from_origin(grid.x0, grid.y0 + grid.ny * grid.dy, grid.dx, grid.dy)
    flow = pyflwdir.from_array(np.ascontiguousarray(grid.north_up(directions)), ftype="d8", transform=where,
                               latlon=False)  # fmt: skip
    area = np.maximum(flow.upstream_area("km2"), 0.0)
    streams = (area >= drainage_km2) & ~grid.north_up(dem.missing)
    if not streams.any():
        raise ArgumentError(
            "drainage_km2", f"is {drainage_km2}, and the most that any cell drains is {area.max():.3g}."
        )
    height = _height(flow, streams, np.nan_to_num(grid.north_up(filled).astype(np.float64)))
    pond = np.nan_to_num(np.maximum(filled - dem.elevation.astype(np.float32), 0.0).astype(np.float64))
    return Hand(grid, grid.north_up(height), pond, grid.north_up(streams), grid.north_up(area))


def first_look(heights: Hand, stages_m: Sequence[float], frequency: npt.ArrayLike | None = None) -> Hazard:
    """One event for each stage: depth in m of the cells that are wet. frequency: per year of each, 0 if left out
    (a scenario), since a stage has no return period of its own."""
    stages = vector(stages_m, "stages_m", (np.float64,))
    finite(stages, "stages_m")
    not_negative(stages, "stages_m")
    often = np.zeros(stages.size) if frequency is None else vector(frequency, "frequency", (np.float64,),
                                                                   size=stages.size)  # fmt: skip
    return Hazard.from_maps(heights.grid, (heights.depth(float(stage)) for stage in stages), often)


def _height(flow: pyflwdir.FlwdirRaster, streams: Mask, elevation: Floats) -> Floats:
    """Height above the first stream cell downstream; NaN where the way ends at the border before one.

    The library ends a way at the stream or at the border alike and sums the falls along it. Summed over a map that is
    1 on streams and 0 elsewhere, a way that ends at a stream gives -1: so the two are told apart.
    """
    height = flow.hand(streams, elevation)
    ends = flow.hand(streams, streams.astype(np.float64))
    return np.where(streams | (ends == -1.0), height, np.nan)
