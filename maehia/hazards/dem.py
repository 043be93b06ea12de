"""Elevation models from files: what a raster says, what it forgot to say, and a grid that a flood can run on."""

from __future__ import annotations

import warnings
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

import numpy as np
import numpy.typing as npt
import rasterio
import rasterio.fill
from rasterio.crs import CRS
from rasterio.errors import CRSError
from rasterio.io import DatasetReader
from rasterio.transform import Affine
from rasterio.warp import Resampling, calculate_default_transform, reproject, transform_bounds
from rasterio.windows import Window, from_bounds
from scipy import ndimage

from maehia.hazards.flood.terrain import Terrain
from maehia.impact import ArgumentError, Grid
from maehia.impact.checks import Floats

Mask = npt.NDArray[np.bool_]
Bounds = tuple[float, float, float, float]
# No ground of the world is outside of these: what is there is a mark for "no data" (-9999, -32768, 3.4e38, ...).
LOWEST, HIGHEST = -999.0, 9000.0
MARKS = (-9999.0, -32768.0, -32767.0, -99999.0)  # as stored, before a scale makes them look like heights
BLOCK = 3  # cells: this many zeros square are a patch, not a chance


class DemWarning(UserWarning):
    """Something in an elevation file that a person should look at."""


@dataclass(frozen=True, eq=False)
class Dem:
    """Elevation (ny, nx) in metres, float64, row 0 southernmost, NaN where there is no data; notes: sentences on
    what the file had and what was done."""

    grid: Grid
    elevation: Floats
    notes: tuple[str, ...] = field(default=())

    @property
    def missing(self) -> Mask:
        """(ny, nx): True where there is no data."""
        return np.isnan(self.elevation)

    def terrain(self, manning: float | Floats = 0.03) -> Terrain:
        """The ground for `simulate`; manning: n in s/m^(1/3), one or (ny, nx)."""
        return Terrain(self.grid, self.elevation, manning)

    def with_note(self, elevation: Floats, note: str) -> Dem:
        return replace(self, elevation=elevation, notes=(*self.notes, note))


def read_dem(
    path: str | Path,
    *,
    crs: str | None = None,
    to_crs: str | None = None,
    cell_size: float | None = None,
    bounds: Bounds | None = None,
    nodata: tuple[float, ...] = (),
    zero: Literal["ask", "land", "nodata"] = "ask",
    band: int = 1,
) -> Dem:
    """A GeoTIFF (or whatever GDAL reads) as a grid in metres, its rows turned so that row 0 is the southernmost.

    crs: the projection of a file that names none. to_crs, cell_size: warp into another projection or cell size
    (bilinear; mean of the cells when at least twice as coarse); never done unasked. bounds: (west, south, east,
    north) in units of the result. nodata: further values that mean no data. zero: what exactly 0 m is; "ask" keeps
    it as land and warns when it comes in patches.
    What the file declares as nodata, NaN, masks, and any value outside -999 to 9000 m become NaN; the last with a
    warning, since the file did not say so. Raises ArgumentError: no CRS, degrees, feet, a rotated raster, no data.
    """
    with rasterio.open(path) as raster:
        source = _crs_of(raster, crs)
        _check_geometry(raster, source, to_crs)
        window = _window(raster, source, bounds, to_crs)
        raw, values, missing = _read(raster, band, window)
        transform = raster.window_transform(window)
    notes: list[str] = []
    missing |= np.isin(raw, nodata)
    missing |= _undeclared(raw, values, missing, notes)
    missing |= _zeros(raw, missing, zero, notes)
    values[missing] = np.nan
    if to_crs or cell_size:
        target = _projection(to_crs, "to_crs") if to_crs else source
        values, transform = _warped(values, transform, (source, target), cell_size)
        notes.append(f"warped from {_name(source)} to {_name(target)}, cells of {transform.a:g} m.")
        source = target
    grid, elevation = _south_up(values, transform, _name(source))
    grid, elevation = _cropped(grid, elevation, bounds)
    if np.isnan(elevation).all():
        raise ArgumentError("path", f"{path} has no data there.", code="dem_empty")
    _holes(elevation, notes)
    return Dem(grid, elevation, tuple(notes))


def fill_gaps(dem: Dem, *, reach: int = 20) -> Dem:
    """Holes inside the terrain filled from the cells around them, up to `reach` cells away (GDAL FillNodata).

    Cells without data that touch the border of the raster stay as they are.
    """
    holes = _inner(dem.missing)
    if not holes.any():
        return dem
    filled = rasterio.fill.fillnodata(np.where(dem.missing, 0.0, dem.elevation).astype(np.float32),
                                      mask=(~dem.missing).astype(np.uint8), max_search_distance=reach)  # fmt: skip
    elevation = np.where(holes, filled, dem.elevation)
    return dem.with_note(elevation, f"{int(holes.sum())} cells without data inside were interpolated.")


def _crs_of(raster: DatasetReader, said: str | None) -> CRS:
    found = raster.crs or (_projection(said, "crs") if said else None)
    if not found:
        raise ArgumentError("crs", f"is missing in {raster.name}.", code="crs_missing",
                            fix='Ask its owner, then say it: read_dem(..., crs="EPSG:32647").')  # fmt: skip
    return found


def _projection(said: str, argument: str) -> CRS:
    try:
        return CRS.from_user_input(said)
    except CRSError as error:
        raise ArgumentError(argument, f"{said!r} is no projection.", fix='Write "EPSG:32647".') from error


def _check_geometry(raster: DatasetReader, source: CRS, to_crs: str | None) -> None:
    where = raster.transform
    if where.is_identity:
        raise ArgumentError("path", f"{raster.name} does not say where it lies.", code="dem_without_place")
    if where.b or where.d:
        raise ArgumentError("path", "is a rotated raster.", fix="Turn it north up with gdalwarp.", code="dem_rotated")
    if not to_crs:
        _check_metres(source)


def _check_metres(source: CRS) -> None:
    if source.is_geographic:
        raise ArgumentError("crs", f"{_name(source)} is in degrees; water flows over metres.", code="crs_geographic",
                            fix='Ask for a projection: read_dem(..., to_crs="EPSG:32647").')  # fmt: skip
    unit, factor = source.linear_units_factor
    if factor != 1.0:
        raise ArgumentError("crs", f"{_name(source)} is in {unit}.", code="crs_not_metres",
                            fix='Ask for a projection in metres: read_dem(..., to_crs="EPSG:32647").')  # fmt: skip


def _window(raster: DatasetReader, source: CRS, bounds: Bounds | None, to_crs: str | None) -> Window:
    """Part of the file to read: all of it, or the bounds and two cells around them."""
    whole = Window(0, 0, raster.width, raster.height)
    if bounds is None:
        return whole
    there = transform_bounds(_projection(to_crs, "to_crs"), source, *bounds) if to_crs else bounds
    if not (there[0] < raster.bounds.right and there[2] > raster.bounds.left
            and there[1] < max(raster.bounds.top, raster.bounds.bottom)
            and there[3] > min(raster.bounds.top, raster.bounds.bottom)):  # fmt: skip
        raise ArgumentError("bounds", "do not touch the raster.", fix=f"It covers {tuple(raster.bounds)}.")
    if raster.transform.e > 0:  # a raster drawn south up: take all of it
        return whole
    asked = from_bounds(*there, transform=raster.transform)
    wide = Window(np.floor(asked.col_off) - 2, np.floor(asked.row_off) - 2, np.ceil(asked.width) + 5,
                  np.ceil(asked.height) + 5)  # fmt: skip
    return wide.intersection(whole)


def _read(raster: DatasetReader, band: int, window: Window) -> tuple[Floats, Floats, Mask]:
    """What is stored, heights in metres, and where there are none by the file's own word (nodata, mask, NaN)."""
    if not 1 <= band <= raster.count:
        raise ArgumentError("band", f"is {band}; the file has {raster.count}.")
    raw = raster.read(band, window=window).astype(np.float64)
    missing = (raster.read_masks(band, window=window) == 0) | ~np.isfinite(raw)
    return raw, raw * raster.scales[band - 1] + raster.offsets[band - 1], missing


def _undeclared(raw: Floats, values: Floats, missing: Mask, notes: list[str]) -> Mask:
    bad = ~missing & ((values <= LOWEST) | (values > HIGHEST) | np.isin(raw, MARKS))
    if bad.any():
        marks = ", ".join(f"{mark:g}" for mark in np.unique(raw[bad])[:3])
        _tell(notes, f"{int(bad.sum())} cells hold {marks}, which the file does not declare as nodata; "
                     "they are taken as without data.")  # fmt: skip
    return np.asarray(bad)


def _zeros(raw: Floats, missing: Mask, zero: str, notes: list[str]) -> Mask:
    zeros = ~missing & (raw == 0)
    if zero == "nodata":
        if zeros.any():
            notes.append(f"{int(zeros.sum())} cells of exactly 0 m are taken as without data, as asked.")
        return np.asarray(zeros)
    if zero not in ("ask", "land"):
        raise ArgumentError("zero", f"is {zero!r}.", fix='Use "ask", "land" or "nodata".')
    patches = ndimage.binary_opening(zeros, np.ones((BLOCK, BLOCK))) if zero == "ask" else np.zeros_like(zeros)
    if patches.any():
        count = f"{int(zeros.sum())} cells are exactly 0 m, {int(patches.sum())} of them in patches"
        _tell(notes, f'{count}, and are taken as land. If 0 means no data here, say zero="nodata"; if it is ground, '
                     'say zero="land".')  # fmt: skip
    return np.zeros_like(zeros)


def _holes(elevation: Floats, notes: list[str]) -> None:
    inner = int(_inner(np.isnan(elevation)).sum())
    if inner:
        _tell(notes, f"{inner} cells inside the terrain have no data: water will flow around them as around walls. "
                     "fill_gaps(dem) interpolates them.")  # fmt: skip


def _inner(missing: Mask) -> Mask:
    """Missing cells that are not connected to the border through missing cells."""
    return np.asarray(ndimage.binary_fill_holes(~missing) & missing)


def _tell(notes: list[str], sentence: str) -> None:
    notes.append(sentence)
    warnings.warn(sentence, DemWarning, stacklevel=4)


def _warped(values: Floats, transform: Affine, crs: tuple[CRS, CRS], cell_size: float | None) -> tuple[Floats, Affine]:
    source, target = crs
    _check_metres(target)
    if cell_size is not None and not cell_size > 0:
        raise ArgumentError("cell_size", f"is {cell_size}, expected more than 0.")
    rows, cols = values.shape
    west, one, east, other = rasterio.transform.array_bounds(rows, cols, transform)
    place = (source, target, cols, rows, west, min(one, other), east, max(one, other))
    there, width, height = calculate_default_transform(*place, resolution=cell_size)
    coarser = cell_size is not None and cell_size >= 2 * calculate_default_transform(*place)[0].a
    result = np.full((height, width), np.nan)
    reproject(values, result, src_transform=transform, src_crs=source, src_nodata=np.nan, dst_transform=there,
              dst_crs=target, dst_nodata=np.nan,
              resampling=Resampling.average if coarser else Resampling.bilinear)  # fmt: skip
    return result, there


def _south_up(values: Floats, transform: Affine, crs: str) -> tuple[Grid, Floats]:
    """The grid, and the rows from south to north."""
    rows, cols = values.shape
    top, bottom = transform.f, transform.f + rows * transform.e
    ordered = values[::-1] if transform.e < 0 else values
    if transform.a < 0:
        raise ArgumentError("path", "is a raster drawn from east to west.", code="dem_rotated")
    grid = Grid(transform.c, min(top, bottom), transform.a, abs(transform.e), cols, rows, crs)
    return grid, np.ascontiguousarray(ordered)


def _cropped(grid: Grid, elevation: Floats, bounds: Bounds | None) -> tuple[Grid, Floats]:
    """Only the cells whose centres lie within the bounds."""
    if bounds is None:
        return grid, elevation
    x, y = grid.x0 + (np.arange(grid.nx) + 0.5) * grid.dx, grid.y0 + (np.arange(grid.ny) + 0.5) * grid.dy
    cols = np.flatnonzero((x >= bounds[0]) & (x < bounds[2]))
    rows = np.flatnonzero((y >= bounds[1]) & (y < bounds[3]))
    if not cols.size or not rows.size:
        raise ArgumentError("bounds", "hold no cell.", fix=f"The raster covers {grid.bounds}.")
    part = Grid(grid.x0 + cols[0] * grid.dx, grid.y0 + rows[0] * grid.dy, grid.dx, grid.dy, cols.size, rows.size,
                grid.crs)  # fmt: skip
    return part, np.ascontiguousarray(elevation[rows[0] : rows[-1] + 1, cols[0] : cols[-1] + 1])


def _name(source: CRS) -> str:
    code = source.to_epsg()
    return f"EPSG:{code}" if code else str(source.to_wkt())
