"""Any file that the engine reads, known by what it is: the doors of the command line and of notebooks."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from maehia.impact import checks
from maehia.impact.checks import Floats
from maehia.impact.errors import ArgumentError
from maehia.impact.formats import climada, interior, raster, tables, vector
from maehia.impact.formats.faults import FileError, PathLike, existing
from maehia.impact.formats.tables import Assets, NamedCurves
from maehia.impact.hazard import Hazard
from maehia.impact.terms import Terms

TIFF = {".tif", ".tiff"}
HDF5 = {".h5", ".hdf5", ".hdf"}
HAZARDS = "CSV, GeoTIFF (or a folder of them), Parquet or folder of this engine, CLIMADA HDF5"
EXPOSURES = "CSV, GeoPackage, GeoParquet, other vector files of GDAL, CLIMADA HDF5"
JRC = "jrc-asia"
TERMS = ("floor", "deductible", "cover")
Named = tuple[Hazard, tuple[str, ...]]


def frequency_of_maps(return_periods: npt.ArrayLike) -> Floats:
    """Frequency of each event when the events are maps of return periods: 1/T minus 1/T of the next rarer one.

    Summed from the rarest on, they give 1/T again, so the exceedance curve passes through every map. In the order
    given. Raises ArgumentError for a return period that is not above 0 or comes twice.
    """
    years: Floats = checks.vector(return_periods, "return_periods", (np.float64,))
    checks.refuse(~(years > 0), "return_periods", "is not above 0.")
    order = np.argsort(years)
    frequency = np.empty(years.size)
    frequency[order] = -np.diff(1 / years[order], append=0.0)
    checks.refuse(frequency == 0, "return_periods", "comes twice.")
    return frequency


def open_curves(named: PathLike = JRC, *, haz_type: str | None = None) -> NamedCurves:
    """Curves of a file, or of "jrc-asia". Those of a table of CLIMADA have their ids as names."""
    if os.fspath(named) == JRC:
        return tables.jrc_curves()
    if climada.is_curve_table(named):
        curves, ids = climada.read_curves(named, haz_type=haz_type)
        return NamedCurves(curves.intensity, curves.damage, tuple(map(str, ids)))
    return tables.read_curves(named)


def open_hazard(
    path: PathLike, *, frequency: npt.ArrayLike | None = None, crs: str | None = None, unit: str = "m",
    haz_type: str | None = None,
) -> Named:  # fmt: skip
    """(hazard, name of each event). frequency: for GeoTIFF, one a band. crs: for files without. unit: if unsaid."""
    file = existing(path)
    suffix = file.suffix.lower()
    if suffix in TIFF or (file.is_dir() and not (file / "header.json").exists()):
        return _open_tiffs(file, frequency, crs, unit)
    if frequency is not None:
        raise ArgumentError("frequency", f"is for GeoTIFF; {file.name} says its own.")
    if suffix == ".csv":
        return tables.read_named_hazard(path, crs=crs, unit=unit)
    if file.is_dir():
        return _numbered(interior.open_folder(path))
    if suffix in vector.PARQUET:
        return _numbered(interior.read_parquet(path))
    if suffix in HDF5:
        return climada.read_hazard(path, haz_type=haz_type), climada.event_names(path)
    raise FileError(path, f"is not a hazard by its name. Read are: {HAZARDS}.", code="unknown_format")


def _open_tiffs(file: Path, frequency: npt.ArrayLike | None, crs: str | None, unit: str) -> Named:
    files = [file] if file.is_file() else sorted(p for p in file.iterdir() if p.suffix.lower() in TIFF)
    if not files:
        raise FileError(file, "holds no GeoTIFF.", code="unknown_format")
    if frequency is None:
        raise ArgumentError("frequency", "is missing: a GeoTIFF does not say how often its events come.",
                            fix="Give a frequency per year, or the return period, of each band.",
                            code="frequency_missing")  # fmt: skip
    return raster.read_hazard(files, frequency, crs=crs, unit=unit), raster.band_names(files)


def _numbered(hazard: Hazard) -> Named:
    return hazard, tuple(str(number) for number in range(hazard.events))


def open_exposure(
    path: PathLike, curves: NamedCurves, *, to: str | None = None, crs: str | None = None, group: str | None = "group",
    metrics: Mapping[str, str | None] | None = None, haz_type: str | None = None, ids: Sequence[int] | None = None,
) -> Assets:  # fmt: skip
    """Assets of any file, moved to the crs `to` (the hazard's). Arguments as of tables.read_exposure."""
    suffix = existing(path).suffix.lower()
    if suffix == ".csv":
        return tables.read_exposure(path, curves, crs=crs, to=to, group=group, metrics=metrics)
    if suffix in HDF5:
        if metrics:
            raise FileError(path, "has no further metrics that are read.", code="metrics")
        found = climada.read_exposures(path, haz_type=haz_type, ids=ids, crs=to)
        return Assets(found.x, found.y, found.curve, found.value, group=found.group)
    return vector.read_exposure(path, curves, to=to, crs=crs, group=group, metrics=metrics)


def open_terms(path: PathLike) -> Terms | None:
    """Terms of each asset from the columns floor, deductible and cover of any exposure file, None without them.

    An empty cell is no floor, no deductible, no limit of cover.
    """
    suffix = existing(path).suffix.lower()
    if suffix == ".csv":
        columns = tables.optional_numbers(path, TERMS)
    elif suffix in HDF5:
        columns = climada.optional_numbers(path, TERMS)
    else:
        layer = vector.read_layer(path).columns
        columns = {name: layer[name].astype(np.float64) for name in TERMS if name in layer}
    unlimited = {"cover": np.finfo(np.float64).max}
    given: dict[str, Any] = {
        name: np.where(np.isnan(values), unlimited.get(name, 0.0), values) for name, values in columns.items()
    }
    return Terms(**given) if given else None
