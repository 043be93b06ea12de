"""Curves from data: the JRC functions for Asia, and a town's own curves from CSV or YAML."""

from __future__ import annotations

import csv
import io
import math
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from maehia.base import Problem
from maehia.impact.checks import Floats
from maehia.impact.curves import Curves
from maehia.impact.data import load_yaml
from maehia.impact.errors import ArgumentError
from maehia.impact.vulnerability import Curve, UnverifiedWarning, deviations, piecewise, together

JRC_FILE = "jrc_asia.yaml"
JRC_CLASSES = ("residential", "commercial", "industrial", "transport", "roads", "agriculture")
COLUMNS = ("curve", "intensity", "damage")
ABOUT = ("unit", "source", "verified", "note")


def jrc_asia(classes: Sequence[str] = JRC_CLASSES) -> Curves:
    """Flood depth-damage curves of JRC for Asia, one row a class, depth in metres inside the building.

    Warns with UnverifiedWarning for a class whose values were not compared with the publication. Raises ArgumentError
    for a class that it does not have. Standard deviations: `jrc_asia_deviations`; rows one by one: `jrc_asia_curve`.
    """
    return together([_warned(jrc_asia_curve(name)) for name in classes])


def jrc_asia_deviations(classes: Sequence[str] = JRC_CLASSES) -> Floats:
    """(C, K) standard deviation of damage on the points of `jrc_asia(classes)`; NaN rows where JRC's is not known."""
    return deviations([jrc_asia_curve(name) for name in classes])


def jrc_asia_curve(name: str) -> Curve:
    """One class with its source, whether it is verified, and what is known against it."""
    data = load_yaml(JRC_FILE)
    if name not in data["curves"]:
        raise ArgumentError("classes", f"has {name!r}, expected some of {', '.join(data['curves'])}.")
    row = data["curves"][name]
    return piecewise(
        f"jrc-asia-{name}", data["intensity"], row["damage"], data["unit"], row["deviation"],
        source=data["publication"], verified=row["verified"], note=row["note"],
    )  # fmt: skip


def _warned(curve: Curve) -> Curve:
    if not curve.verified:
        warnings.warn(f"{curve.id} is not verified: {curve.note}", UnverifiedWarning, stacklevel=4)
    return curve


def jrc_maximum_damage(occupancy: str, material: str = "masonry") -> float:
    """What a square metre of footprint in Thailand can lose, building and contents, EUR of 2010.

    construction cost * depreciated value * (1 - undamageable part) * (1 + content factor), Huizinga et al. (2017).
    Warns with UnverifiedWarning: the depreciated value was not read in the publication.
    """
    data = load_yaml(JRC_FILE)["maximum_damage"]
    parts = {"occupancy": (occupancy, data["content_factor"]), "material": (material, data["undamageable_part"])}
    for argument, (name, table) in parts.items():
        known = [key for key in table if key != "verified"]
        if name not in known:
            raise ArgumentError(argument, f"is {name!r}, expected one of {', '.join(known)}.")
    warnings.warn("the depreciated value 0.6 is not verified", UnverifiedWarning, stacklevel=2)
    building = (
        data["construction_cost"][occupancy] * data["depreciated_value"]["value"]
        * (1 - data["undamageable_part"][material])
    )  # fmt: skip
    return float(building * (1 + data["content_factor"][occupancy]))


class CurveFileError(ArgumentError):
    """A curve file that is refused. problems: everything that is wrong with it, by line."""

    def __init__(self, path: str, problems: Sequence[Problem]) -> None:
        first = problems[0]
        more = f" And {len(problems) - 1} more." if len(problems) > 1 else ""
        super().__init__(first.where, first.what + more, fix=first.fix, code=first.code)
        self.path = path
        self.problems = tuple(problems)

    def __reduce__(self) -> tuple[object, ...]:
        return CurveFileError, (self.path, self.problems)


def load_curves(path: str | Path) -> dict[str, Curve]:
    """A town's own curves by id, in the order of the file.

    CSV (UTF-8, a header): one row a point, `curve,intensity,damage` and, if wanted, `deviation,unit,source,verified,
    note`; what is said of a curve on any of its rows holds for it, two rows may not disagree. YAML: `curves:` as a
    list of mappings with `id`, `intensity`, `damage` and the same optional names. verified: true or false (default).
    Raises CurveFileError with the problems of all lines.
    """
    path = Path(path)
    reader = _Reader(path.name)
    kinds = {".yaml": reader.yaml, ".yml": reader.yaml, ".csv": reader.csv}
    if path.suffix.lower() not in kinds:
        raise ArgumentError("path", f"ends in {path.suffix!r}, expected .csv, .yaml or .yml.")
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        reader.wrong(error.object[: error.start].count(b"\n") + 1, "is not written in UTF-8.", "Save it as UTF-8.")
    else:
        kinds[path.suffix.lower()](text)
    return reader.result()


@dataclass
class _Draft:
    line: int
    points: dict[str, list[float]] = field(default_factory=lambda: {"intensity": [], "damage": [], "deviation": []})
    lines: list[int] = field(default_factory=list)
    about: dict[str, Any] = field(default_factory=dict)


class _Reader:
    """Collects drafts and problems; `result` gives curves or raises for all problems at once."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.drafts: dict[str, _Draft] = {}
        self.problems: list[Problem] = []

    def wrong(self, line: int, what: str, fix: str = "") -> None:
        self.problems.append(Problem("bad_curve_file", what, f"{self.name} line {line}", fix))

    def csv(self, text: str) -> None:
        rows = csv.DictReader(io.StringIO(text, newline=""))
        names = list(rows.fieldnames or ())
        missing = [name for name in COLUMNS if name not in names]
        if missing:
            self.wrong(1, f"has no column {', '.join(missing)}.", f"Columns: {', '.join(COLUMNS)}.")
        twice = [name for name in (*COLUMNS, "deviation", *ABOUT) if names.count(name) > 1]
        if twice:
            self.wrong(1, f"has the column {twice[0]} twice.")
        if missing or twice:
            return
        for row in rows:
            self._point(rows.line_num, {key: (value or "").strip() for key, value in row.items() if key})

    def _point(self, line: int, row: Mapping[str, str]) -> None:
        if not row["curve"]:
            self.wrong(line, "curve is empty.")
            return
        draft = self.drafts.setdefault(row["curve"], _Draft(line))
        draft.lines.append(line)
        for name in ("intensity", "damage"):
            draft.points[name].append(self._number(line, name, row[name]))
        if row.get("deviation"):
            draft.points["deviation"].append(self._number(line, "deviation", row["deviation"]))
        for name in ABOUT:
            if row.get(name):
                self._said(draft, line, name, row[name])

    def _said(self, draft: _Draft, line: int, name: str, value: Any) -> None:
        if name == "verified":
            value = self._truth(line, value)
        if draft.about.setdefault(name, value) != value:
            self.wrong(line, f"{name} is {value!r}, but {draft.about[name]!r} on an earlier line of the curve.")

    def _truth(self, line: int, value: Any) -> bool:
        if str(value).lower() in {"true", "false"}:
            return str(value).lower() == "true"
        self.wrong(line, f"verified is {value!r}.", "Write true or false.")
        return False

    def _number(self, line: int, name: str, value: Any) -> float:
        try:
            number = float(value)
        except (TypeError, ValueError):
            self.wrong(line, f"{name} {value!r} is not a number.")
            return math.nan
        if not math.isfinite(number) or (number < 0 and name != "intensity"):
            self.wrong(line, f"{name} is {number}, expected a finite number{'' if name == 'intensity' else ' >= 0'}.")
        return number

    def yaml(self, text: str) -> None:
        try:
            content = yaml.load(text, Loader=_Lines)  # noqa: S506 (a safe loader)
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            self.wrong(mark.line + 1 if mark else 1, f"is not YAML: {getattr(error, 'problem', error)}.")
            return
        entries = content.get("curves") if isinstance(content, dict) else None
        if not isinstance(entries, list):
            self.wrong(1, "has no list `curves`.")
            return
        for entry in entries:
            self._entry(entry)

    def _entry(self, entry: Any) -> None:
        line = entry.pop(_LINE, 1) if isinstance(entry, dict) else 1
        if not isinstance(entry, dict) or not entry.get("id"):
            self.wrong(line, "a curve has no id.")
            return
        name = str(entry["id"])
        if name in self.drafts:
            self.wrong(line, f"the id {name!r} is used twice.")
            return
        draft = self.drafts[name] = _Draft(line)
        for key in ("intensity", "damage", "deviation"):
            values = entry.get(key) if entry.get(key) is not None else []
            for value in values if isinstance(values, list) else [values]:
                draft.points[key].append(self._number(line, key, value))
        draft.lines = [line] * len(draft.points["intensity"])
        for key in ABOUT:
            if entry.get(key) is not None:
                self._said(draft, line, key, entry[key])

    def result(self) -> dict[str, Curve]:
        if not self.problems and not self.drafts:
            self.wrong(1, "has no curves.")
        good = {name: self._built(name, draft) for name, draft in self.drafts.items()} if not self.problems else {}
        if self.problems:
            raise CurveFileError(self.name, self.problems)
        return {name: curve for name, curve in good.items() if curve is not None}

    def _built(self, name: str, draft: _Draft) -> Curve | None:
        spread = draft.points["deviation"] or None
        try:
            return piecewise(
                name, draft.points["intensity"], draft.points["damage"], str(draft.about.get("unit", "m")), spread,
                source=str(draft.about.get("source", "")), verified=draft.about.get("verified", False),
                note=str(draft.about.get("note", "")),
            )  # fmt: skip
        except ArgumentError as error:
            inside = error.index is not None and error.index < len(draft.lines)
            line = draft.lines[error.index] if inside and error.index is not None else draft.line
            self.wrong(line, f"{error.argument} of curve {name!r} {error.problem.what}", error.problem.fix)
            return None


_LINE = "__line__"


class _Lines(yaml.SafeLoader):
    """Safe YAML whose mappings know the line they begin on."""

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        mapping: dict[Any, Any] = super().construct_mapping(node, deep=deep)
        mapping[_LINE] = node.start_mark.line + 1
        return mapping
