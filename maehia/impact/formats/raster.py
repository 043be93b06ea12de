"""GeoTIFF: depth maps in, one band an event; maps out as Cloud Optimized GeoTIFF.

A raster's first row is its northernmost, a grid's is the southernmost: rows are turned here, both ways, and files
that are already the other way up are known by their transform.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import rasterio

from maehia.impact.checks import Floats
from maehia.impact.errors import ArgumentError
from maehia.impact.formats.faults import FileError, PathLike, crs_missing, existing, warn
from maehia.impact.formats.places import crs_name, is_geographic
from maehia.impact.grid import Grid
from maehia.impact.hazard import Hazard

NODATA = -9999.0
ROUNDED = 1e-4  # of a cell: corners nearer than this are the same
Map = npt.NDArray[np.float32] | npt.NDArray[np.float64]


def read_hazard(
    paths: PathLike | Sequence[PathLike], frequency: npt.ArrayLike, *, unit: str = "m", crs: str | None = None,
    above: float = 0.0,
) -> Hazard:  # fmt: skip
    """A Hazard of GeoTIFFs: every band of every file, in order, is an event.

    frequency: per year, one for each band. crs: for files that have none. above: intensities not above it are dry, so
    0 is dry whether or not the file says that 0 is nodata; NaN, the file's nodata or mask and -9999 are dry too.
    Memory: one band, and what is wet. Raises FileError naming the file: no crs, a rotated raster, another grid than
    the first file's, a negative depth (with band, row and column as GDAL counts them).
    Warns (FormatWarning) when the crs is geographic: assets must then be in degrees too.
    """
    files: list[PathLike] = [paths] if isinstance(paths, str | os.PathLike) else list(paths)
    if not files:
        raise ArgumentError("paths", "names no file.")
    grid = read_grid(files[0], crs=crs)
    each = np.atleast_1d(np.asarray(frequency, np.float64))
    bands = sum(_bands(path) for path in files)
    if each.size != bands:
        raise ArgumentError("frequency", f"has length {each.size}, expected one for each of the {bands} bands.")
    if is_geographic(grid.crs):
        warn(f"{Path(files[0]).name} is in {grid.crs}, degrees: assets must be in it too.")
    return Hazard.from_maps(grid, _maps(files, grid, crs), each, unit, above)


def _bands(path: PathLike) -> int:
    with _opened(path) as source:
        return int(source.count)


def band_names(files: Sequence[PathLike]) -> tuple[str, ...]:
    """Description of each band, or the file's name, with the band's number where it has several."""
    names = []
    for path in files:
        with _opened(path) as source:
            stem = Path(path).stem
            plain = [stem] if source.count == 1 else [f"{stem} {n}" for n in range(1, source.count + 1)]
            names += [told or name for told, name in zip(source.descriptions, plain, strict=True)]
    return tuple(names)


def _maps(files: Sequence[PathLike], grid: Grid, crs: str | None) -> Iterator[Map]:
    for path in files:
        if not _alike(read_grid(path, crs=crs), grid):
            raise FileError(path, f"lies on another grid than {Path(files[0]).name}.", code="grid_differs",
                            fix="Warp both to one grid, for example with gdalwarp -te -tr.")  # fmt: skip
        with _opened(path) as source:
            for band in range(1, source.count + 1):
                yield _band(source, band, path)


def _alike(one: Grid, other: Grid) -> bool:
    """The same cells, but for the rounding of corners that another program wrote."""
    if (one.shape, one.crs) != (other.shape, other.crs):
        return False
    away = np.abs(np.subtract(one.bounds, other.bounds))
    return bool((away <= ROUNDED * np.array([other.dx, other.dy] * 2)).all())


def _opened(path: PathLike) -> Any:
    try:
        return rasterio.open(existing(path))
    except rasterio.errors.RasterioIOError as error:
        raise FileError(path, "is not a raster that GDAL reads.", code="not_raster") from error


def read_grid(path: PathLike, *, crs: str | None = None) -> Grid:
    """The grid of a raster. crs: used when the file has none."""
    with _opened(path) as source:
        affine, width, height, own = source.transform, source.width, source.height, source.crs
    if own is None and crs is None:
        raise crs_missing(path)
    if affine.b or affine.d or not affine.a or not affine.e:
        raise FileError(path, "is rotated or has no size of cell.", code="rotated", fix="Warp it north up.")
    west = min(affine.c, affine.c + width * affine.a)
    south = min(affine.f, affine.f + height * affine.e)
    named = crs_name(own.to_wkt() if own is not None else crs)
    return Grid(west, south, abs(affine.a), abs(affine.e), width, height, named)


def read_map(path: PathLike, band: int = 1, *, negative: bool = False) -> Map:
    """One band as (ny, nx), row 0 southernmost, NaN where there is no value. negative: allow values below 0."""
    with _opened(path) as source:
        return _band(source, band, path, negative=negative)


def _band(source: Any, band: int, path: PathLike, *, negative: bool = False) -> Map:
    stored = source.read(band)
    wide = stored.dtype == np.float64 or (stored.dtype.kind in "iu" and stored.dtype.itemsize > 2)
    field: Map = stored.astype(np.float64 if wide else np.float32)
    empty = ~np.isfinite(field) | (field == NODATA)
    # A mask of its own or an alpha band; of nodata it says what is said below.
    empty |= source.read_masks(band) == 0
    nodata = source.nodatavals[band - 1]
    if nodata is not None and np.isfinite(nodata):
        empty |= stored == np.asarray(nodata).astype(stored.dtype)
    scale, offset = source.scales[band - 1], source.offsets[band - 1]
    if (scale, offset) != (1, 0):
        field = field * np.float64(scale) + offset
    field[empty] = np.nan
    if not negative:
        _refuse_negative(field, band, path)
    return _south_up(field, source.transform)


def _refuse_negative(field: Map, band: int, path: PathLike) -> None:
    with np.errstate(invalid="ignore"):
        below = field < 0
    if below.any():
        row, column = np.unravel_index(int(below.argmax()), field.shape)
        raise FileError(
            path, f"has {field[row, column]:g} in band {band}, row {row}, column {column}: below 0.", code="negative",
            fix="If it means no data, set it as nodata (gdal_edit.py -a_nodata).",
        )  # fmt: skip


def _south_up(field: Map, affine: Any) -> Map:
    turned: Map = field[::-1] if affine.e < 0 else field
    upright: Any = np.ascontiguousarray(turned if affine.a > 0 else turned[:, ::-1])
    return upright  # type: ignore[no-any-return]


def write_cog(
    path: PathLike, grid: Grid, maps: npt.ArrayLike, *, names: Sequence[str] = (), nodata: float = NODATA
) -> None:
    """Write (ny, nx) or (bands, ny, nx), row 0 southernmost, as one float32 COG with overviews. NaN becomes nodata.

    names: descriptions of the bands. Raises ArgumentError when the shape is not the grid's.
    """
    stack = np.asarray(maps)
    stack = stack[np.newaxis] if stack.ndim == 2 else stack
    if stack.ndim != 3 or stack.shape[1:] != grid.shape:
        raise ArgumentError("maps", f"has shape {np.shape(maps)}, expected (bands, {grid.ny}, {grid.nx}).")
    transform = rasterio.Affine(grid.dx, 0, grid.x0, 0, -grid.dy, grid.bounds[3])
    with rasterio.open(
        path, "w", driver="COG", width=grid.nx, height=grid.ny, count=stack.shape[0], dtype="float32", crs=grid.crs,
        transform=transform, nodata=nodata, compress="DEFLATE", predictor="YES",
    ) as out:  # fmt: skip
        for band, field in enumerate(stack, start=1):
            north_up = grid.north_up(field)
            out.write(np.where(np.isnan(north_up), nodata, north_up).astype(np.float32), band)
            if names:
                out.set_band_description(band, names[band - 1])


def largest(hazard: Hazard) -> Floats:
    """(ny, nx) largest intensity of any event in each cell, 0 where it stays dry."""
    values = np.zeros(hazard.grid.size)
    np.maximum.at(values, hazard.cell, hazard.intensity)
    return values.reshape(hazard.grid.shape)
