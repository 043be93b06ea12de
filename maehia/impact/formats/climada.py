"""CLIMADA's files (HDF5 as climada 4 to 6.1 write it): hazard and exposures in and out, impact functions in.

Only the files are shared: nothing of CLIMADA is imported, and pickled objects in its files are never run. What the
two models understand differently is said here and nowhere else:

- A centroid of CLIMADA is a point; here it is the centre of a cell, so the centroids must be a regular grid, or are
  read by `read_scattered` and linked to by distance.
- CLIMADA scales damage by a `fraction` a centroid. 1 (or an empty matrix, which CLIMADA takes as 1) and 0 are read
  exactly; anything between is refused, since it is not a property of the intensity.
- A stored 0 stays a stored 0: it is put on the curve, an absent cell is dry.
- Impact function numbers start where their author likes; curve numbers are rows from 0. `ids` says which is which.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal, NamedTuple
from zipfile import BadZipFile

import h5py
import numpy as np
import numpy.typing as npt
import pandas as pd

from maehia.impact.checks import Floats
from maehia.impact.curves import Curves
from maehia.impact.errors import ArgumentError
from maehia.impact.exposure import Exposure
from maehia.impact.formats.faults import FileError, PathLike, crs_missing, existing
from maehia.impact.formats.frames import read_frame
from maehia.impact.formats.lattice import lattice
from maehia.impact.formats.matrices import read_csr, write_csr
from maehia.impact.formats.places import crs_name, points_of_wkb, transformed
from maehia.impact.grid import Grid
from maehia.impact.hazard import Hazard
from maehia.impact.link import nearest_cell
from maehia.impact.vulnerability import piecewise, together

EXCEL = {".xlsx"}
# A row of cells that stand for centroids lies nowhere on Earth, and maps of it must not say so.
NUMBERED = 'LOCAL_CS["centroids by number"]'
YEARLY = {"1/year", "annual", "1/y", "1/yr", "1/a", ""}


def write_hazard(
    path: PathLike, hazard: Hazard, *, haz_type: str = "FL", event_name: Sequence[str] | None = None
) -> None:
    """Write `hazard` as CLIMADA's Hazard.write_hdf5 does. Every cell of the grid becomes a centroid, wet or not.

    haz_type: CLIMADA's two letters of the peril; the exposures name their curves by it (impf_FL).
    event_name: (E,) names; "1", "2", ... without. Dates are unknown here: all are day 1, CLIMADA's own default.
    """
    names = [str(n + 1) for n in range(hazard.events)] if event_name is None else list(event_name)
    if len(names) != hazard.events:
        raise ArgumentError("event_name", f"has length {len(names)}, expected one for each of {hazard.events} events.")
    text = h5py.string_dtype()
    with h5py.File(path, "w") as file:
        for key, value in (("haz_type", haz_type), ("units", hazard.unit), ("frequency_unit", "1/year")):
            file.create_dataset(key, data=[value], dtype=text)
        file.create_dataset("event_name", data=names, dtype=text, shape=(hazard.events,))
        file["event_id"] = np.arange(1, hazard.events + 1)
        file["frequency"] = hazard.frequency
        file["date"] = np.ones(hazard.events, np.int64)
        file["orig"] = np.ones(hazard.events, bool)
        shape = hazard.events, hazard.grid.size
        write_csr(file, "intensity", (hazard.indptr, hazard.cell, hazard.intensity, shape))
        none = np.zeros(0)
        write_csr(file, "fraction", (np.zeros(hazard.events + 1, np.int64), none.astype(np.int64), none, shape))
    _write_centroids(path, hazard.grid)


def _write_centroids(path: PathLike, grid: Grid) -> None:
    from pyproj import CRS

    x, y = grid.centre_of(np.arange(grid.size))
    frame = pd.DataFrame.from_dict({"geometry.x": x, "geometry.y": y})
    about = {"crs": CRS.from_user_input(grid.crs).to_wkt(), "xy_columns": ["geometry"]}
    _put_frame(path, "centroids", frame, about, mode="a")


def _put_frame(
    path: PathLike, name: str, frame: pd.DataFrame, about: dict[str, Any], *, mode: Literal["a", "w"]
) -> None:
    store: Any
    with pd.HDFStore(path, mode=mode, complevel=9) as store:
        store.put(name, frame)
        store.get_storer(name).attrs.metadata = about


class Stored(NamedTuple):
    """What a file says: places of the centroids, their crs, rows (event, centroid, intensity), frequency, unit."""

    x: Floats
    y: Floats
    crs: str
    event: npt.NDArray[Any]
    centroid: npt.NDArray[Any]
    intensity: npt.NDArray[Any]
    frequency: Floats
    unit: str

    def hazard(self, grid: Grid, cell: npt.NDArray[Any]) -> Hazard:
        """On a grid, when centroid j is cell[j]."""
        own = cell[self.centroid].astype(np.int32 if grid.size < 2**31 else np.int64)
        order = np.lexsort((own, self.event))
        indptr = np.searchsorted(self.event, np.arange(self.frequency.size + 1))
        return Hazard(grid, indptr, own[order], self.intensity[order], self.frequency, self.unit)


def read_hazard(path: PathLike, *, haz_type: str | None = None, cell_size: float | None = None) -> Hazard:
    """Read a Hazard of CLIMADA whose centroids are a regular grid; others: `read_scattered`.

    haz_type: refuse a file of another peril. cell_size: size of a cell when the centroids are a single line or point.
    Raises FileError or ArgumentError: no hazard in the file, centroids that are no regular grid, a fraction between 0
    and 1, a frequency that is not per year.
    """
    stored = _read(path, haz_type)
    return stored.hazard(*lattice(stored.x, stored.y, stored.crs, cell_size=cell_size))


@dataclass(frozen=True, slots=True, eq=False)
class Scattered:
    """A hazard on scattered points. hazard: on a grid of one row, whose cell j stands for centroid j, at x[j], y[j]."""

    hazard: Hazard
    x: Floats
    y: Floats
    crs: str

    def link(self, exposure: Exposure, within: float) -> Exposure:
        """The assets moved into the cells that stand for their nearest centroids, for `assess` with `hazard`.

        within: farthest distance that counts, in units of crs (metres, for a projected one); assets farther than that
        lie off the grid. Take the places of assets from the exposure that was given, not from this one.
        """
        here, there = np.stack([exposure.x, exposure.y], axis=1), np.stack([self.x, self.y], axis=1)
        cell = nearest_cell(here, there, within)
        return replace(exposure, x=(cell + 0.5).astype(np.float64), y=np.full(cell.size, 0.5))


def read_scattered(path: PathLike, *, haz_type: str | None = None) -> Scattered:
    """Read a Hazard of CLIMADA on centroids anywhere, as CLIMADA itself uses it: assets take the nearest one."""
    stored = _read(path, haz_type)
    grid = Grid(0, 0, 1, 1, stored.x.size, 1, NUMBERED)
    return Scattered(stored.hazard(grid, np.arange(grid.size)), stored.x, stored.y, stored.crs)


def _read(path: PathLike, haz_type: str | None) -> Stored:
    with _opened(path, "intensity") as file:
        _check_kind(file, path, haz_type)
        x, y, crs = _read_centroids(file, path)
        indptr, column, intensity, shape = read_csr(file, "intensity", path)
        if shape[1] != x.size:
            raise FileError(path, f"has {x.size} centroids for {shape[1]} columns of intensity.", code="hdf5_layout")
        keep = _present(file, path, indptr, column)
        if "frequency" not in file:
            raise FileError(path, "has no frequencies of its events.", code="hdf5_layout")
        frequency = np.asarray(file["frequency"][:], np.float64)
        if frequency.shape != shape[:1]:
            raise FileError(path, f"has {frequency.size} frequencies for {shape[0]} events.", code="hdf5_layout")
        unit = _one_text(file, "units") or "m"
    event = np.repeat(np.arange(shape[0]), np.diff(indptr))
    return Stored(x, y, crs, event[keep], column[keep], intensity[keep], frequency, unit)


def _opened(path: PathLike, needs: str) -> h5py.File:
    try:
        file = h5py.File(existing(path), "r")
    except OSError as error:
        raise FileError(path, "is not an HDF5 file.", code="hdf5_layout") from error
    if needs not in file:
        file.close()
        raise FileError(path, f"has no {needs!r}: it is not what CLIMADA writes for it.", code="hdf5_layout")
    return file


def _check_kind(file: h5py.File, path: PathLike, haz_type: str | None) -> None:
    found = _one_text(file, "haz_type")
    if haz_type is not None and found != haz_type:
        raise FileError(path, f"holds a hazard of type {found!r}, expected {haz_type!r}.", code="haz_type")
    per = _one_text(file, "frequency_unit")
    if per.lower() not in YEARLY:
        raise FileError(path, f"counts frequency in {per!r}, expected 1/year.", code="frequency_unit",
                        fix="Convert the frequencies in CLIMADA and write the file again.")  # fmt: skip


def _one_text(file: h5py.File, name: str) -> str:
    if name not in file or not file[name].size:
        return ""
    value = np.ravel(file[name][()])[0]
    return value.decode() if isinstance(value, bytes) else str(value)


def _read_centroids(file: h5py.File, path: PathLike) -> tuple[Floats, Floats, str]:
    """(x, y, crs) of the centroids: a pandas table since climada 4, plain arrays before."""
    group = file.get("centroids", file)
    if "axis0" not in group:
        return _read_old_centroids(group, path)
    columns, about = read_frame(file, "centroids", path)
    if "geometry.x" not in columns:
        raise FileError(path, "has centroids that are not points.", code="centroids_irregular")
    if not about.get("crs"):
        raise crs_missing(path)
    return columns["geometry.x"], columns["geometry.y"], crs_name(about["crs"])


def _read_old_centroids(group: h5py.Group, path: PathLike) -> tuple[Floats, Floats, str]:
    names = next((pair for pair in (("lon", "lat"), ("longitude", "latitude")) if pair[1] in group), None)
    if names is None:
        raise FileError(path, "has no centroids that are read here.", code="hdf5_layout",
                        fix="Read it with CLIMADA 4 or later and write it again.")  # fmt: skip
    # Files of that time without a CRS are WGS 84: CLIMADA knew no other.
    crs = _one_text(group, "crs") or "EPSG:4326"
    return group[names[0]][:], group[names[1]][:], crs_name(crs)


def _present(file: h5py.File, path: PathLike, indptr: npt.NDArray[np.int64], column: npt.NDArray[Any]) -> Any:
    """Which entries of the intensity count: those whose fraction is 1. An empty fraction is 1 everywhere."""
    everything = np.ones(column.size, bool)
    if "fraction" not in file:
        return everything
    own_indptr, own_column, fraction, shape = read_csr(file, "fraction", path)
    if not fraction.size:
        return everything
    between = (fraction != 0) & (fraction != 1)
    if between.any():
        raise FileError(
            path, f"has a fraction of {fraction[between.argmax()]:g}; only 0 and 1 are read.", code="fraction",
            fix="Scale the exposed values or the curve by it, and write the hazard with fraction 1.",
        )  # fmt: skip
    wide = np.int64(shape[1])
    own = np.repeat(np.arange(shape[0]), np.diff(own_indptr)) * wide + own_column
    pair = np.repeat(np.arange(indptr.size - 1), np.diff(indptr)) * wide + column
    return np.isin(pair, own[fraction == 1])


def event_names(path: PathLike) -> tuple[str, ...]:
    """Names of a file's events; their numbers where it has none."""
    with _opened(path, "intensity") as file:
        if "event_name" not in file:
            return tuple(str(n) for n in range(file["frequency"].size))
        return tuple(n.decode() if isinstance(n, bytes) else str(n) for n in file["event_name"][:])


def write_exposures(
    path: PathLike, exposure: Exposure, *, crs: str, haz_type: str = "FL", ids: Sequence[int] | None = None,
    value_unit: str = "THB",
) -> None:  # fmt: skip
    """Write `exposure` as CLIMADA's Exposures.write_hdf5 does (points as numbers, not as geometry objects).

    crs: of x and y; the file's latitude is y and its longitude x, whatever the crs. ids: impact function number of
    each row of the curves; 1, 2, ... without. group becomes region_id; other metrics become columns of their names,
    which CLIMADA keeps and does not use.
    """
    rows = exposure.rows("value")
    numbers = np.arange(1, int(rows.max(initial=0)) + 2) if ids is None else np.asarray(ids)
    if exposure.size and rows.max() >= numbers.size:
        raise ArgumentError("ids", f"has length {numbers.size}, expected one for each curve in use.")
    columns = {"latitude": exposure.y, "longitude": exposure.x, "value": exposure.value,
               f"impf_{haz_type}": numbers[rows]}  # fmt: skip
    if exposure.group is not None:
        columns["region_id"] = exposure.group
    columns |= {name: metric.value for name, metric in exposure.metrics.items() if name not in columns}
    about: dict[str, Any] = {"crs": crs_name(crs), "value_unit": value_unit, "wkb_columns": []}
    about |= {"description": None, "ref_year": 2018}  # CLIMADA's own defaults
    _put_frame(path, "exposures", pd.DataFrame.from_dict(columns), about, mode="w")


def read_exposures(
    path: PathLike, *, haz_type: str | None = None, ids: Sequence[int] | None = None, crs: str | None = None
) -> Exposure:
    """Read Exposures of CLIMADA: points, value, impact function numbers, region_id as group.

    haz_type: the peril whose column impf_XX gives the curves; needed when the file has several. ids: impact function
    number of each row of the curves; 1, 2, ... without. crs: transform the points to it (pass hazard.grid.crs).
    deductible and cover are terms, not exposure: files.open_terms reads them.
    """
    with _opened(path, "exposures") as file:
        columns, about = read_frame(file, "exposures", path)
    found = about.get("crs") or about.get("_crs")
    if not found:
        raise crs_missing(path)
    x, y = transformed(*_points(columns, path), crs_name(found), crs)
    bad = ~(np.isfinite(x) & np.isfinite(y))
    if bad.any():
        raise FileError(path, f"has no usable point in row {int(bad.argmax())} (of {int(bad.sum())}).", code="point")
    if "value" not in columns:
        raise FileError(path, "has no column value.", code="hdf5_layout")
    group = columns["region_id"].astype(np.int64) if "region_id" in columns else None
    return Exposure(x, y, _curve_rows(columns, path, haz_type, ids), columns["value"].astype(np.float64), group=group)


def optional_numbers(path: PathLike, names: Sequence[str]) -> dict[str, Floats]:
    """Those of the columns of an exposures file that are there, NaN where they are empty."""
    with _opened(path, "exposures") as file:
        columns, _about = read_frame(file, "exposures", path)
    return {name: columns[name].astype(np.float64) for name in names if name in columns}


def _points(columns: dict[str, npt.NDArray[Any]], path: PathLike) -> tuple[Floats, Floats]:
    if "geometry" in columns:
        return points_of_wkb(columns["geometry"], path)
    for north, east in (("latitude", "longitude"), ("lat", "lon")):
        if north in columns and east in columns:
            return columns[east].astype(np.float64), columns[north].astype(np.float64)
    raise FileError(path, "has neither a geometry nor latitude and longitude.", code="hdf5_layout")


def _curve_rows(columns: dict[str, Any], path: PathLike, haz_type: str | None, ids: Sequence[int] | None) -> Any:
    """Row of the curves for each asset, from the column impf_XX (if_XX before climada 2)."""
    wanted = [f"impf_{haz_type}", f"if_{haz_type}", "impf_", "if_"]
    named = [name for name in columns if name.startswith(("impf_", "if_"))]
    found = [name for name in wanted if name in columns] if haz_type else named
    if not found or (len(named) > 1 and not haz_type):
        has = ", ".join(named) or "none"
        raise FileError(path, f"needs one column of impact functions, impf_XX; it has {has}.", code="impf_column",
                        fix="Say which peril with haz_type.")  # fmt: skip
    number = columns[found[0]].astype(np.int64)
    known = np.arange(1, int(number.max(initial=0)) + 1) if ids is None else np.asarray(ids, np.int64)
    order = np.argsort(known)
    at = np.minimum(np.searchsorted(known, number, sorter=order), max(known.size - 1, 0))
    row = order[at] if known.size else at
    strange = known[row] != number if known.size else np.ones(number.shape, bool)
    if strange.any():
        at_row = int(strange.argmax())
        raise FileError(path, f"uses impact function {number[at_row]}, which ids does not list.", column=found[0],
                        code="curve_unknown")  # fmt: skip
    return row


def read_curves(path: PathLike, *, haz_type: str | None = None) -> tuple[Curves, tuple[int, ...]]:
    """(curves, impact function number of each row) from CLIMADA's table of impact functions (CSV, or Excel).

    Damage ratio = mdd * paa, on all intensities that occur: every function stays exactly what it was.
    """
    table = _impact_functions(existing(path), path)
    if haz_type is not None:
        table = table[table["peril_id"] == haz_type]
    if not len(table):
        raise FileError(path, "lists no impact function.", code="no_curves")
    ids = tuple(int(n) for n in table["impact_fun_id"].drop_duplicates())
    found = []
    for number in ids:
        part = table[table["impact_fun_id"] == number]
        ratio = (part["mdd"] * part["paa"]).to_numpy(np.float64)
        found.append(piecewise(str(number), part["intensity"].to_numpy(np.float64), ratio))
    return together(found), ids


def is_curve_table(path: PathLike) -> bool:
    """Whether a file is, by its name or its first line, a table of impact functions of CLIMADA."""
    file = existing(path)
    if file.suffix.lower() != ".csv":
        return file.suffix.lower() in EXCEL
    with file.open("rb") as lines:
        return b"impact_fun_id" in lines.readline(10_000)


def _impact_functions(file: Path, path: PathLike) -> pd.DataFrame:
    try:
        excel = file.suffix.lower() in EXCEL
        table = pd.read_excel(file, "impact_functions") if excel else pd.read_csv(file)
    except (ValueError, BadZipFile) as error:  # no such sheet, no workbook, no table
        raise FileError(path, f"is not a table of impact functions: {error}.", code="impf_table") from error
    missing = {"impact_fun_id", "intensity", "mdd", "paa", "peril_id"} - set(table.columns)
    if missing:
        raise FileError(path, f"has no column {', '.join(sorted(missing))}.", code="impf_column")
    bad = table[["impact_fun_id", "intensity", "mdd", "paa"]].isna().any(axis=1)
    if bad.any():
        raise FileError(path, "lacks a number.", line=int(bad.argmax()) + 2, code="not_a_number")
    return table
