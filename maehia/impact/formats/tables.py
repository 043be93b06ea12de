"""CSV in: hazard.csv, exposure.csv, curves.csv. A bad cell is named by file, line and column.

Files are UTF-8 with a header; lines before it that start with # may say `crs=EPSG:32647` and the grid:
`# grid x0=498000 y0=2068000 dx=50 dy=50 nx=20 ny=20 crs=EPSG:32647`.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from maehia.impact.checks import Floats, Ints
from maehia.impact.curve_data import JRC_CLASSES, jrc_asia_curve, load_curves
from maehia.impact.curves import Curves
from maehia.impact.errors import ArgumentError
from maehia.impact.exposure import Exposure, Metric
from maehia.impact.formats.faults import FileError, PathLike, crs_missing, existing
from maehia.impact.formats.lattice import lattice
from maehia.impact.formats.places import crs_name, transformed
from maehia.impact.grid import Grid
from maehia.impact.hazard import Hazard
from maehia.impact.vulnerability import Curve, UnverifiedWarning, step, together

INTENSITY = ("intensity", "depth", "value")
LEAST_COVER = 1e-3  # a list of wet cells is allowed to leave most of its grid dry


@dataclass(frozen=True, slots=True, eq=False)
class NamedCurves(Curves):
    """Curves whose rows have names, so that a table may name them.

    unverified: names whose use is told (UnverifiedWarning) when a table uses them.
    """

    names: tuple[str, ...] = ()
    unverified: frozenset[str] = frozenset()

    def row(self, name: str) -> int:
        if name not in self.names:
            raise ArgumentError("curve", f"{name!r} is not one of {', '.join(self.names)}.", code="curve_unknown")
        return self.names.index(name)

    def with_steps(self, thresholds: Sequence[float]) -> NamedCurves:
        """And a curve ">=T" for each threshold T, that is 0 below T and 1 from T on: who or what is reached."""
        rows = [Curve(name, self.intensity, damage) for name, damage in zip(self.names, self.damage, strict=True)]
        new = dict.fromkeys(level for level in thresholds if reached(level) not in self.names)
        rows += [step(reached(level), level) for level in new]
        return replace(named(rows), unverified=self.unverified)

    def tell_unverified(self, rows: Ints, *, stacklevel: int = 3) -> None:
        """Warn of the unverified curves among those in use."""
        for row in np.unique(rows):
            if self.names[row] in self.unverified:
                what = f"curve {self.names[row]} is used and was not compared with its publication."
                warnings.warn(what, UnverifiedWarning, stacklevel=stacklevel)


@dataclass(frozen=True, slots=True, eq=False)
class Assets(Exposure):
    """Exposure of a file. labels: text of each group number; empty when the groups are numbers themselves."""

    labels: tuple[str, ...] = field(default=(), kw_only=True)


def reached(threshold: float) -> str:
    """Name of the step curve at a threshold."""
    return f">={threshold:g}"


def named(curves: Sequence[Curve]) -> NamedCurves:
    """Curves on one axis, with their ids as names."""
    joined = together(curves)
    return NamedCurves(joined.intensity, joined.damage, tuple(curve.id for curve in curves))


def jrc_curves(classes: Sequence[str] = JRC_CLASSES) -> NamedCurves:
    """JRC's depth-damage curves for Asia under their class names ("residential", ...): see `jrc_asia`."""
    rows = [jrc_asia_curve(name) for name in classes]
    unverified = frozenset(name for name, row in zip(classes, rows, strict=True) if not row.verified)
    joined = together(rows)
    return NamedCurves(joined.intensity, joined.damage, tuple(classes), unverified)


def read_curves(path: PathLike) -> NamedCurves:
    """Curves of a CSV: a column `intensity` and one column a curve; or one row a point, as `load_curves` reads it."""
    if existing(path).suffix.lower() in {".yaml", ".yml"}:
        return named([*load_curves(Path(path)).values()])
    table = _Table(path)
    if {"curve", "damage"} <= set(table.names):
        return named([*load_curves(Path(path)).values()])
    key = table.one_of(("intensity", "depth"))
    names = tuple(name for name in table.names if name != key)
    if not names or not len(table):
        raise FileError(path, f"has {len(names)} curves and {len(table)} points, expected at least one of each.")
    points = table.numbers(key)
    table.refuse(np.append(False, np.diff(points) < 0), key, "is smaller than the line before.")
    return NamedCurves(points, np.array([table.numbers(name, least=0) for name in names]), names)


def read_exposure(
    path: PathLike, curves: NamedCurves, *, crs: str | None = None, to: str | None = None, group: str | None = "group",
    metrics: Mapping[str, str | None] | None = None,
) -> Assets:  # fmt: skip
    """Assets of a CSV: x, y (or lon, lat), curve (name or row from 0), value, and if wanted a group and metrics.

    crs: of x and y where the file does not say; lon and lat are EPSG:4326. to: the hazard's crs, into which points
    are transformed; x and y of a file without any crs are taken to be in it. group: column of the groups, numbers or
    texts; a file without it has none. metrics: {column: name of its curve}, None for the asset's own curve.
    Raises FileError with line and column of the first bad cell, and how many more there are.
    """
    table = _Table(path)
    x, y = _places(table, crs, to)
    own = _curve_rows(table, curves)
    curves.tell_unverified(own)
    numbers, labels = _groups(table, group)
    more = {
        name: Metric(own if curve is None else curves.row(curve), table.numbers(name, least=0))
        for name, curve in (metrics or {}).items()
    }
    return Assets(x, y, own, table.numbers("value", least=0), group=numbers, metrics=more, labels=labels)


def optional_numbers(path: PathLike, names: Sequence[str]) -> dict[str, Floats]:
    """Those of the columns that are there; NaN where a cell is empty. Raises FileError for a bad or negative cell."""
    table = _Table(path)
    return {name: table.numbers(name, least=0, empty=True) for name in names if name in table.names}


def _places(table: _Table, crs: str | None, to: str | None) -> tuple[Floats, Floats]:
    degrees = {"lon", "lat"} <= set(table.names)
    east, north = ("lon", "lat") if degrees else ("x", "y")
    x, y = table.numbers(east), table.numbers(north)
    source = crs or table.about.get("crs") or ("EPSG:4326" if degrees else to)
    if source is None:
        raise crs_missing(table.path)
    moved = transformed(x, y, crs_name(source), to)
    table.refuse(~(np.isfinite(moved[0]) & np.isfinite(moved[1])), east, f"has no place in {to}.")
    return moved


def _curve_rows(table: _Table, curves: NamedCurves) -> Ints:
    text = table.texts("curve")
    number = {name: row for row, name in enumerate(curves.names)}
    number |= {str(row): row for row in range(curves.size) if str(row) not in number}
    rows = text.map(number)
    table.refuse(rows.isna().to_numpy(), "curve", f"is not one of {', '.join(curves.names)}.", text)
    return rows.to_numpy().astype(np.int64)


def _groups(table: _Table, column: str | None) -> tuple[Ints | None, tuple[str, ...]]:
    """(number of each asset's group, labels); a named column that is not there is refused, the usual one may lack."""
    if column is None or (column == "group" and column not in table.names):
        return None, ()
    text = table.texts(column)
    if text.str.fullmatch(r"\d{1,15}").all():
        return text.to_numpy().astype(np.int64), ()
    codes, labels = pd.factorize(text, sort=True)
    return codes.astype(np.int64), tuple(labels)


def read_hazard(path: PathLike, *, crs: str | None = None, unit: str = "m") -> Hazard:
    """Events of a CSV: event, frequency (per year), intensity (or depth), and x, y or cell.

    x, y are centres of cells; without a grid line they must form a regular grid themselves. cell needs a grid line.
    Rows may come in any order; events are numbered as they first appear. A row with an event, a frequency and nothing
    else is an event in which all is dry. Raises FileError with line and column.
    """
    return read_named_hazard(path, crs=crs, unit=unit)[0]


def read_named_hazard(path: PathLike, *, crs: str | None = None, unit: str = "m") -> tuple[Hazard, tuple[str, ...]]:
    """As read_hazard, and the name of each event."""
    table = _Table(path)
    event, names, frequency = _events(table)
    column = table.one_of(INTENSITY)
    wet = (table.texts(column, empty=True) != "").to_numpy()
    table.keep(wet)
    intensity = table.numbers(column, least=0)
    grid, cell = _cells(table, crs)
    event = event[wet]
    order = np.lexsort((cell, event))
    twice = np.zeros(order.size, bool)
    twice[order[1:]] = (np.diff(event[order]) == 0) & (np.diff(cell[order]) == 0)
    table.refuse(twice, column, "is a second value for the same event and cell.")
    indptr = np.searchsorted(event[order], np.arange(len(names) + 1))
    kind: Any = np.int32 if grid.size < 2**31 else np.int64
    hazard = Hazard(grid, indptr, cell[order].astype(kind), intensity[order], frequency, table.about.get("unit", unit))
    return hazard, names


def _events(table: _Table) -> tuple[Ints, tuple[str, ...], Floats]:
    """(number of the event of each row, names, frequency of each event)."""
    event, names = pd.factorize(table.texts("event"))
    each = table.numbers("frequency", least=0)
    frequency = np.zeros(len(names))
    frequency[event[::-1]] = each[::-1]  # the first row of an event says it
    table.refuse(each != frequency[event], "frequency", "differs from an earlier line of the same event.")
    return event.astype(np.int64), tuple(map(str, names)), frequency


def _cells(table: _Table, crs: str | None) -> tuple[Grid, Ints]:
    found = crs or table.about.get("crs")
    if found is None:
        raise crs_missing(table.path)
    grid = _grid(table, crs_name(found))
    if "cell" in table.names:
        if grid is None:
            raise FileError(table.path, "has cells and no line that says their grid.", code="grid_missing",
                            fix="Put `# grid x0=... y0=... dx=... dy=... nx=... ny=...` first.")  # fmt: skip
        listed = table.numbers("cell")
        strange = (listed < 0) | (listed >= grid.size) | (listed % 1 != 0)
        table.refuse(strange, "cell", f"is not one of 0 to {grid.size - 1}.")
        return grid, listed.astype(np.int64)
    x, y = table.numbers("x"), table.numbers("y")
    if grid is None:
        return _grid_of_centres(table, x, y, crs_name(found))
    cell = grid.cell_of(x, y)
    table.refuse(cell < 0, "x", "lies outside the grid.")
    return grid, cell


def _grid_of_centres(table: _Table, x: Floats, y: Floats, crs: str) -> tuple[Grid, Ints]:
    """The same places come again in every event: the grid is that of the distinct ones."""
    if not x.size:
        raise FileError(table.path, "lists no wet cell, so its grid is not known.", code="grid_missing",
                        fix="Put `# grid x0=... y0=... dx=... dy=... nx=... ny=...` first.")  # fmt: skip
    places, which = np.unique(np.stack([x, y], axis=1), axis=0, return_inverse=True)
    try:
        grid, cell = lattice(places[:, 0], places[:, 1], crs, least_cover=LEAST_COVER)
    except ArgumentError as error:
        raise FileError(table.path, f"has places that {error.problem.what}",
                        code="grid_irregular", fix="Add a grid line, or use cell numbers.") from error  # fmt: skip
    return grid, cell[which.ravel()]


def _grid(table: _Table, crs: str) -> Grid | None:
    if "x0" not in table.about:
        return None
    try:
        x0, y0, dx, dy = (float(table.about[key]) for key in ("x0", "y0", "dx", "dy"))
        return Grid(x0, y0, dx, dy, int(table.about["nx"]), int(table.about["ny"]), crs)
    except (KeyError, ValueError) as error:
        raise FileError(
            table.path, f"has a grid line that is not whole ({error}).", line=1, code="grid_line"
        ) from error


class _Table:
    """A CSV as texts, each row with the line it came from."""

    def __init__(self, path: PathLike) -> None:
        self.path = path
        self.about, head = _head(existing(path), path)
        self._rows = _parse(path, head)
        self._lines = np.arange(len(self._rows)) + head + 2
        self.names = [str(name) for name in self._rows.columns]
        self.keep((self._rows != "").any(axis=1).to_numpy())

    def __len__(self) -> int:
        return len(self._rows)

    def keep(self, rows: npt.NDArray[np.bool_]) -> None:
        self._rows, self._lines = self._rows[rows], self._lines[rows]

    def one_of(self, names: Sequence[str]) -> str:
        found = next((name for name in names if name in self.names), None)
        if found is None:
            raise FileError(self.path, f"has no column {' or '.join(names)}.", code="column_missing",
                            fix=f"Its columns are {', '.join(self.names)}.")  # fmt: skip
        return found

    def texts(self, name: str, *, empty: bool = False) -> pd.Series[str]:
        column = self._rows[self.one_of([name])]
        if not empty:
            self.refuse((column == "").to_numpy(), name, "is empty.")
        return column

    def numbers(self, name: str, *, least: float | None = None, empty: bool = False) -> Floats:
        text = self.texts(name, empty=empty)
        values = pd.to_numeric(text, errors="coerce").to_numpy(np.float64)
        good = np.isfinite(values)
        self.refuse(~good & (text != "").to_numpy(), name, "is not a number.", text)
        values[good] = text.to_numpy()[good].astype(np.float64)  # pandas may miss the nearest float by one
        if least is not None:
            self.refuse(values < least, name, "is negative.", text)
        return values

    def refuse(self, bad: Any, name: str, what: str, text: pd.Series[str] | None = None) -> None:
        count = int(np.count_nonzero(bad))
        if not count:
            return
        at = int(np.argmax(bad))
        shown = "" if text is None else f"{text.iloc[at]!r} "
        more = f" (and {count - 1} more lines)" if count > 1 else ""
        raise FileError(self.path, f"{shown}{what}{more}", line=int(self._lines[at]), column=name, code="bad_cell")


def _head(file: Path, path: PathLike) -> tuple[dict[str, str], int]:
    """(what the # lines say, how many there are)."""
    about: dict[str, str] = {}
    try:
        with file.open(encoding="utf-8-sig") as lines:
            for count, line in enumerate(lines):
                if not line.startswith("#"):
                    return about, count
                about |= dict(re.findall(r"(\w+)=([^\s,]+)", line))
    except UnicodeDecodeError as error:
        raise _not_utf8(path) from error
    raise FileError(path, "is empty.", code="empty")


def _not_utf8(path: PathLike) -> FileError:
    return FileError(path, "is not UTF-8 text.", code="not_utf8", fix='Save it as "CSV UTF-8".')


def _parse(path: PathLike, head: int) -> pd.DataFrame:
    try:
        rows = pd.read_csv(path, dtype=str, keep_default_na=False, skip_blank_lines=False, skiprows=head,
                           encoding="utf-8-sig", skipinitialspace=True, index_col=False)  # fmt: skip
    except UnicodeDecodeError as error:
        raise _not_utf8(path) from error
    except (pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        found = re.search(r"line (\d+)", str(error))
        line = int(found.group(1)) if found else None
        raise FileError(path, f"is not a table: {error}".strip(), line=line, code="not_csv") from error
    # A line that ends early leaves NaN behind whatever it was told of missing values.
    rows = rows.fillna("")
    rows.columns = [str(name).strip() for name in rows.columns]
    return pd.DataFrame({name: rows[name].str.strip() for name in rows.columns})
