"""A run on disk: what went in, what came out, in files that a spreadsheet and a GIS open.

run.json (sources, grid, sums, what is off the grid), events.csv, groups.csv, curve.csv (every point of the exceedance
curves), return_periods.csv, assets.csv, hazard.tif (largest intensity of any event); on request assets.gpkg,
assets.parquet (GeoParquet), and hazard_years.tif and impact_years.tif (a band a return period). No date and no name
of a machine: the same input gives the same bytes.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.csv as pacsv

from maehia.impact.checks import Floats
from maehia.impact.errors import ArgumentError
from maehia.impact.exceedance import exceedance_at, exceedance_curve
from maehia.impact.formats import raster, vector
from maehia.impact.formats.faults import FileError, PathLike, existing
from maehia.impact.grid import Grid
from maehia.impact.hazard import Hazard
from maehia.impact.local import intensity_map
from maehia.impact.result import Impact

VERSION = 1
FORMATS = ("csv", "gpkg", "parquet", "cog")
YEARS = (2.0, 5.0, 10.0, 25.0, 50.0, 100.0, 250.0)
LARGEST_MAP = 50_000_000  # cells: a map of the hazard larger than this is not written unasked


@dataclass(frozen=True, slots=True)
class Named:
    """Words for the numbers of a run. events: one each. groups: label of each group number. sources: what was read."""

    events: Sequence[str] = ()
    groups: Sequence[str] = ()
    sources: Mapping[str, str] = field(default_factory=dict)

    def group(self, number: int) -> str:
        return self.groups[number] if self.groups else str(number)


@dataclass(frozen=True, slots=True, eq=False)
class Run:
    """A run as read from its folder. events, groups, curve, assets: columns by name."""

    folder: Path
    about: dict[str, Any]
    events: dict[str, npt.NDArray[Any]]
    groups: dict[str, npt.NDArray[Any]]

    @property
    def metrics(self) -> tuple[str, ...]:
        return tuple(self.about["aal"])

    @property
    def grid(self) -> Grid:
        return Grid(**self.about["grid"])

    @property
    def name(self) -> str:
        return self.folder.resolve().name

    def assets(self) -> dict[str, npt.NDArray[Any]]:
        """The columns of Impact.to_arrow("assets"), (N,) each; read when asked."""
        return _read_csv(self.folder / "assets.csv")

    def expected_column(self, metric: str) -> str:
        """Name of the column of `assets` with the expected amount a year of a metric."""
        self.amounts(metric)  # refuses a name that it does not have
        return "per_asset" if metric == self.metrics[0] else f"{metric}_per_asset"

    def amounts(self, metric: str) -> Floats:
        """Amount of each event, (E,). Raises ArgumentError for a metric that the run does not have."""
        if metric not in self.metrics:
            raise ArgumentError("metric", f"is {metric!r}, expected one of {', '.join(self.metrics)}.")
        amounts: Floats = self.events[metric].astype(np.float64)
        return amounts

    def exceedance(self, metric: str, return_periods: npt.ArrayLike) -> Floats:
        """As Impact.exceedance."""
        return exceedance_at(self.amounts(metric), self.events["frequency"].astype(np.float64), return_periods)

    def curve(self, metric: str) -> tuple[Floats, Floats]:
        """As Impact.exceedance_curve."""
        return exceedance_curve(self.amounts(metric), self.events["frequency"].astype(np.float64))

    def hazard(self) -> npt.NDArray[Any]:
        """(ny, nx) largest intensity of any event, NaN where it stays dry."""
        return raster.read_map(self.folder / "hazard.tif")


def write(
    folder: PathLike, impact: Impact, hazard: Hazard | None = None, *, named: Named | None = None,
    return_periods: Sequence[float] = YEARS, formats: Sequence[str] = ("csv",),
) -> Path:  # fmt: skip
    """Write a run. hazard: for its maps, None when it was never whole in memory. Gives the folder.

    formats: "gpkg" and "parquet" write the assets as points too, "cog" a map for each return period. run.json is
    written last: a folder without it is not whole. Raises ArgumentError for a format it does not know.
    """
    unknown = sorted(set(formats) - set(FORMATS))
    if unknown:
        raise ArgumentError("formats", f"has {unknown[0]!r}, expected some of {', '.join(FORMATS)}.")
    if "cog" in formats and hazard is None:
        raise ArgumentError("formats", "has 'cog', whose maps need the whole hazard in memory.")
    place, words = Path(folder), named or Named()
    place.mkdir(parents=True, exist_ok=True)
    (place / "run.json").unlink(missing_ok=True)
    _write_csv(place / "events.csv", _events(impact, words))
    _write_csv(place / "groups.csv", _groups(impact, words))
    _write_csv(place / "curve.csv", _curve(impact))
    _write_csv(place / "return_periods.csv", _at_years(impact, return_periods))
    _write_assets(place, impact, formats)
    _write_maps(place, impact, hazard, return_periods, formats)
    about = {**_about(impact, words), "unit": hazard.unit if hazard else ""}
    (place / "run.json").write_text(json.dumps(about, ensure_ascii=False, indent=1), encoding="utf-8")
    return place


def _about(impact: Impact, words: Named) -> dict[str, Any]:
    return {
        "version": VERSION, "sources": dict(words.sources), "grid": asdict(impact.linked.grid),
        "events": int(impact.at_event.size), "assets": impact.exposure.size, "path": impact.path,
        "aal": {name: impact.of(name).aal for name in impact.metrics},
        "exposed": {name: float(impact.exposure.metric(name).value.sum()) for name in impact.metrics},
        "off_grid": {"assets": int(impact.off_grid.size),
                     "value": {name: impact.of(name).off_grid_value for name in impact.metrics}},
    }  # fmt: skip


def _events(impact: Impact, words: Named) -> dict[str, Any]:
    names = list(words.events) or [str(n) for n in range(impact.at_event.size)]
    amounts = {name: impact.of(name).at_event for name in impact.metrics}
    return {"event": names, "frequency": impact.frequency, **amounts}


def _groups(impact: Impact, words: Named) -> dict[str, Any]:
    """Expected amount a year of each group."""
    labels = [words.group(int(number)) for number in impact.groups]
    return {"group": labels, **{name: impact.frequency @ impact.by_group(name) for name in impact.metrics}}


def _curve(impact: Impact) -> dict[str, Any]:
    points = {name: impact.of(name).exceedance_curve() for name in impact.metrics}
    return {
        "metric": np.repeat(list(points), [len(p[0]) for p in points.values()]) if points else [],
        "return_period": np.concatenate([p[0] for p in points.values()]),
        "amount": np.concatenate([p[1] for p in points.values()]),
    }


def _at_years(impact: Impact, years: Sequence[float]) -> dict[str, Any]:
    """Empty where a return period lies outside the simulated range."""
    return {"return_period": np.asarray(years, float), **{n: impact.of(n).exceedance(years) for n in impact.metrics}}


def _write_assets(place: Path, impact: Impact, formats: Sequence[str]) -> None:
    impact.to_csv(place / "assets.csv")
    if "parquet" in formats:
        impact.to_geoparquet(place / "assets.parquet")
    if "gpkg" in formats:
        table = impact.to_arrow()
        columns = {name: table[name].to_numpy() for name in table.column_names if name not in {"x", "y"}}
        vector.write_points(place / "assets.gpkg", impact.exposure.x, impact.exposure.y, columns,
                            impact.linked.grid.crs)  # fmt: skip


def _write_maps(
    place: Path, impact: Impact, hazard: Hazard | None, years: Sequence[float], formats: Sequence[str]
) -> None:  # fmt: skip
    if hazard is None or (hazard.grid.size > LARGEST_MAP and "cog" not in formats):
        return
    raster.write_cog(place / "hazard.tif", hazard.grid, raster.largest(hazard), names=[f"largest, {hazard.unit}"])
    if "cog" in formats:
        each = [f"{year:g} years" for year in years]
        depth = [f"{name}, {hazard.unit}" for name in each]
        raster.write_cog(place / "hazard_years.tif", hazard.grid, intensity_map(hazard, years), names=depth)
        raster.write_cog(place / "impact_years.tif", hazard.grid, impact.return_period_map(hazard, years), names=each)


def _write_csv(path: Path, columns: Mapping[str, Any]) -> None:
    """NaN is written as nothing."""
    table = pa.table({name: pa.array(values, from_pandas=True) for name, values in columns.items()})
    pacsv.write_csv(table, path, pacsv.WriteOptions(quoting_style="needed", quoting_header="none"))


def _read_csv(path: Path) -> dict[str, npt.NDArray[Any]]:
    options = pacsv.ConvertOptions(column_types={"event": pa.string(), "group": pa.string(), "metric": pa.string()})
    try:
        table = pacsv.read_csv(path, convert_options=options)
    except (OSError, pa.ArrowInvalid) as error:
        raise FileError(path, f"is not what a run writes ({error}).", code="not_a_run") from error
    return {name: table[name].to_numpy() for name in table.column_names}


def read(folder: PathLike) -> Run:
    """A run from its folder. Raises FileError when there is none, or one that was not written to its end."""
    place = existing(folder)
    if not (place / "run.json").is_file():
        raise FileError(folder, "has no run.json: it is not a run, or did not end.", code="not_a_run",
                        fix="Make one with `maehia impact run`.")  # fmt: skip
    about = json.loads((place / "run.json").read_text(encoding="utf-8"))
    if about.get("version") != VERSION:
        raise FileError(folder, f"is of version {about.get('version')}, this program reads {VERSION}.", code="version")
    return Run(place, about, _read_csv(place / "events.csv"), _read_csv(place / "groups.csv"))


@dataclass(frozen=True, slots=True)
class Difference:
    """One figure of two runs. before, after: NaN where a run does not have it."""

    metric: str
    what: str
    before: float
    after: float

    @property
    def change(self) -> float:
        return self.after - self.before

    @property
    def share(self) -> float:
        """Change as a share of before; NaN when that is 0."""
        return self.change / self.before if self.before else math.nan


def compare(before: Run, after: Run, return_periods: Sequence[float] = YEARS) -> list[Difference]:
    """Expected amount a year, amount at each return period, expected amount of each group: of every shared metric.

    Raises ArgumentError when the runs share no metric.
    """
    shared = [name for name in before.metrics if name in after.metrics]
    if not shared:
        raise ArgumentError("runs", f"share no metric: {', '.join(before.metrics)} and {', '.join(after.metrics)}.")
    found = []
    for name in shared:
        found.append(Difference(name, "expected a year", before.about["aal"][name], after.about["aal"][name]))
        at = (run.exceedance(name, return_periods).tolist() for run in (before, after))
        for year, first, second in zip(return_periods, *at, strict=True):
            if not (math.isnan(first) and math.isnan(second)):
                found.append(Difference(name, f"once in {year:g} years", first, second))
        found += _group_differences(before, after, name)
    return found


def _group_differences(before: Run, after: Run, metric: str) -> list[Difference]:
    first, second = (dict(zip(run.groups["group"], run.groups[metric], strict=True)) for run in (before, after))
    if len(first) < 2 and len(second) < 2:
        return []
    labels = [*first, *(label for label in second if label not in first)]
    return [Difference(metric, f"group {label}", float(first.get(label, math.nan)), float(second.get(label, math.nan)))
            for label in labels]  # fmt: skip


def write_differences(path: PathLike, found: Sequence[Difference]) -> None:
    """The table of `compare` as CSV."""
    names = ("metric", "what", "before", "after", "change", "share")
    _write_csv(Path(path), {name: [getattr(one, name) for one in found] for name in names})
