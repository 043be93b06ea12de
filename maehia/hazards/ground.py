"""What is done to the ground before a run: pits filled, channels burnt in, roughness from land use.

The solver needs none of it. A pit in an elevation model is a pond for it, which fills and spills as ponds do; only
pits that are errors of the survey (a bridge over a stream, trees along it) should be filled or cut through.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyflwdir
import pyogrio
import shapely
from pyproj import Transformer
from rasterio.features import rasterize
from rasterio.transform import from_origin
from shapely.geometry.base import BaseGeometry

from maehia.hazards.data import load
from maehia.hazards.dem import Dem
from maehia.hazards.infiltration import by_class
from maehia.impact import ArgumentError, Grid
from maehia.impact.checks import Floats

NO_DATA = -9999.0


@dataclass(frozen=True, slots=True)
class Pits:
    """Hollows without a way out: cells, their volume up to the rim in m3, the deepest in m and its cell (-1: none)."""

    cells: int
    volume_m3: float
    deepest_m: float
    deepest_cell: int


def pits(dem: Dem) -> Pits:
    """The hollows of an elevation model. Cells at its border and beside cells without data count as ways out."""
    depth = drained(dem)[0] - _single(dem.elevation)
    depth = np.where(dem.missing, 0.0, depth)
    at = int(depth.argmax())
    if not depth.flat[at] > 0:
        return Pits(0, 0.0, 0.0, -1)
    area = dem.grid.dx * dem.grid.dy
    return Pits(int((depth > 0).sum()), float(depth.sum() * area), float(depth.flat[at]), at)


def fill_pits(dem: Dem, *, max_depth: float | None = None) -> tuple[Dem, Pits]:
    """The same ground with hollows filled to their rims (Wang and Liu 2006, by pyflwdir), and what they were.

    max_depth: leave hollows alone that are deeper than this, in m: ponds and quarries are no errors.
    """
    found = pits(dem)
    if max_depth is not None and not max_depth > 0:
        raise ArgumentError("max_depth", f"is {max_depth}, expected more than 0.")
    lifted = drained(dem, max_depth)[0] - _single(dem.elevation)
    elevation = np.where(lifted > 0, dem.elevation + lifted, dem.elevation)
    cells, area = int((lifted > 0).sum()), dem.grid.dx * dem.grid.dy
    note = f"{cells} cells of pits were filled, {np.where(lifted > 0, lifted, 0.0).sum() * area:.0f} m3."
    return dem.with_note(elevation, note), found


def drained(dem: Dem, max_depth: float | None = None) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.uint8]]:
    """Filled elevation (float32, as the library works) and flow directions (D8), (ny, nx), row 0 southernmost.

    The directions are those of the raster with north up: turn them with grid.north_up before using them.
    """
    north_up = dem.grid.north_up(_single(dem.elevation))
    marked = np.where(np.isnan(north_up), np.float32(NO_DATA), north_up)
    deep = -1.0 if max_depth is None else float(max_depth)
    filled, directions = pyflwdir.dem.fill_depressions(np.ascontiguousarray(marked), nodata=NO_DATA, max_depth=deep)
    filled = np.where(np.isnan(north_up), np.float32(np.nan), filled)
    return dem.grid.north_up(filled), dem.grid.north_up(directions)


def burn(dem: Dem, lines: Iterable[BaseGeometry], *, depth_m: float, width_m: float | None = None) -> Dem:
    """Channels that the elevation model is too coarse to show, cut `depth_m` into the cells that the lines touch.

    lines: in the units of the grid. width_m: cells within half of it are cut too. The channel becomes as wide as the
    cells are: choose the depth for the same cross-section, not the same level.
    """
    for name, metres in (("depth_m", depth_m), ("width_m", width_m)):
        if metres is not None and not (metres > 0 and np.isfinite(metres)):
            raise ArgumentError(name, f"is {metres}, expected a finite number above 0.")
    shapes = [line if width_m is None else line.buffer(width_m / 2) for line in lines]
    if not shapes:
        raise ArgumentError("lines", "is empty.")
    cut = touched(shapes, dem.grid)
    note = f"{int(cut.sum())} cells were lowered by {depth_m:g} m along {len(shapes)} lines."
    return dem.with_note(np.where(cut, dem.elevation - depth_m, dem.elevation), note)


def touched(shapes: Iterable[BaseGeometry], grid: Grid) -> npt.NDArray[np.bool_]:
    """(ny, nx): True for cells that any of the shapes touches."""
    where = from_origin(grid.x0, grid.y0 + grid.ny * grid.dy, grid.dx, grid.dy)
    listed = [(shape, 1) for shape in shapes]
    drawn = rasterize(listed, out_shape=grid.shape, transform=where, all_touched=True, dtype="uint8")
    return np.asarray(grid.north_up(drawn) > 0)


def read_shapes(path: str | Path, crs: str) -> npt.NDArray[np.object_]:
    """Shapes of a vector file that GDAL reads (GeoJSON, GeoPackage, ...), (N,), in `crs`; empty ones are left out.

    Raises ArgumentError for a file that does not say its own crs.
    """
    meta, _, stored, _ = pyogrio.raw.read(path, columns=[])
    if not meta["crs"]:
        raise ArgumentError("path", f"{path} does not say its crs.", code="crs_missing")
    shapes = shapely.from_wkb(stored)
    shapes = shapes[~(shapely.is_missing(shapes) | shapely.is_empty(shapes))]
    to = Transformer.from_crs(meta["crs"], crs, always_xy=True)
    return np.asarray(shapely.transform(shapes, to.transform, interleaved=False), dtype=object)


def roughness(key: str) -> float:
    """Manning's n that is usual for a class of data/manning.yaml, s/m^(1/3)."""
    row = {row["key"]: row["n"] for row in load("manning.yaml")["classes"]}.get(key)
    if row is None:
        raise ArgumentError("key", f"{key!r} is not in the table.", fix="See data/manning.yaml.")
    return float(row[1])


def roughness_map(land_use: npt.NDArray[Any], classes: Mapping[Any, str] | str = "worldcover") -> Floats:
    """Manning's n of each cell from its land use class, as `curve_number_map` does for curve numbers."""
    named = by_class(land_use, classes, "manning.yaml", "classes")
    result = np.zeros(land_use.shape)
    for key in np.unique(named):
        result[named == key] = roughness(str(key))
    return result


def _single(elevation: Floats) -> npt.NDArray[np.float32]:
    return elevation.astype(np.float32)
