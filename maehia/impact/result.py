"""What came of it: impacts by event, by asset, by group, and how often."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from maehia.impact import tables
from maehia.impact.checks import Floats, Ints
from maehia.impact.curves import Curves
from maehia.impact.errors import ArgumentError
from maehia.impact.exceedance import Annual, YearEvents, annual, exceedance_at, exceedance_curve
from maehia.impact.exposure import MAIN, Exposure
from maehia.impact.hazard import Hazard
from maehia.impact.link import Linked
from maehia.impact.local import impact_map
from maehia.impact.matrix import rows_of
from maehia.impact.terms import Terms


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Impact:
    """Result of `assess`, of one quantity (`name`); `of(other)` gives the same of another one.

    at_event: (E,) sum over assets. per_asset: (N,) expected impact a year, sum over events of frequency * impact.
    frequency: (E,) per year. path: which path ran, "scipy", "compiled" or "per-asset".
    terms: those it was assessed with. All in the unit of the quantity's values.
    """

    at_event: Floats
    per_asset: Floats
    frequency: Floats
    path: str
    name: str
    linked: Linked
    curves: Curves
    groups: Ints
    _tables: Mapping[str, tuple[Floats, Floats]]
    terms: Terms | None = None

    def __repr__(self) -> str:
        assets = f"{self.per_asset.size:,} assets ({self.off_grid.size:,} off the grid)"
        return f"<Impact, {self.name}: {self.at_event.size:,} events, {assets}, {self.aal:,.6g} a year; {self.path}>"

    @property
    def aal(self) -> float:
        """Average annual impact: sum over events of frequency * at_event, which is the sum of per_asset."""
        return float(self.frequency @ self.at_event)

    @property
    def exposure(self) -> Exposure:
        return self.linked.exposure

    @property
    def off_grid(self) -> Ints:
        """Indices of the assets outside the grid, rising; their per_asset is 0."""
        return self.linked.off_grid

    @property
    def off_grid_value(self) -> float:
        """Sum of this quantity's values off the grid."""
        return float(self.exposure.metric(self.name).value[self.off_grid].sum())

    @property
    def metrics(self) -> tuple[str, ...]:
        """Names of all quantities assessed, the main one ("value") first."""
        return tuple(self._tables)

    def of(self, name: str) -> Impact:
        """The impact of another quantity of the same run. Raises ArgumentError for a name it does not have."""
        if name not in self._tables:
            raise ArgumentError("name", f"is {name!r}, expected one of {', '.join(self.metrics)}.")
        at, per_asset = self._tables[name]
        return replace(self, name=name, at_event=at.sum(axis=1), per_asset=per_asset)

    def by_group(self, name: str | None = None) -> Floats:
        """(E, G) impact of each event on each group; column j is the group `groups[j]` of the exposure."""
        return self._tables[self.of(name).name if name else self.name][0]

    def at(self, hazard: Hazard, events: npt.ArrayLike) -> Any:
        """(n, N) sparse matrix (SciPy CSR): impact of chosen events, by number, on each asset; dry ones are absent.

        hazard: the one assessed; ArgumentError when its impacts sum up to something else than at_event. Each row is
        computed anew, terms and draws included, so ask for a few events: all of them are what `assess` avoids.
        """
        return rows_of(self, self._same(hazard), events)

    def exceedance(self, return_periods: npt.ArrayLike) -> Floats:
        """Impact that is reached or exceeded once in each return period (years): the event-frequency curve.

        Events are sorted by impact, falling; their frequencies are cumulated; return period = 1 / cumulated; linear
        in return period between events (as CLIMADA does). NaN outside the simulated range. It is neither AEP nor
        OEP, which need to know which events share a year: see `year_events`.
        """
        return exceedance_at(self.at_event, self.frequency, return_periods)

    def exceedance_curve(self) -> tuple[Floats, Floats]:
        """(return periods, impacts), both rising: every point that `exceedance` runs through."""
        return exceedance_curve(self.at_event, self.frequency)

    def year_events(self, table: YearEvents) -> Annual:
        """Impacts by simulated year, with `.aep(return_periods)` and `.oep(return_periods)`."""
        return annual(self.at_event, table)

    def return_period_map(self, hazard: Hazard, return_periods: npt.ArrayLike) -> Floats:
        """(R, ny, nx) impact of the assets of each cell that is reached once in each return period.

        hazard: the one assessed. By the rule of `exceedance`, cell by cell; see `local.intensity_map` for the same
        of intensities and for what happens outside the range. The sum over cells is not `exceedance`: places have
        their worst in different events. Terms count: with them it is computed event by event.
        """
        return impact_map(self, self._same(hazard), return_periods)

    def threshold_counts(self, hazard: Hazard, thresholds: npt.ArrayLike) -> Floats:
        """(E, T) sum of the quantity's values that stand where an event reaches each threshold (intensity >= t).

        With people as values: how many are in water of so and so much; no curve has a part in it.
        """
        limits = np.atleast_1d(np.asarray(thresholds, dtype=np.float64))
        inside = np.flatnonzero(self.linked.cell >= 0)
        held, row = np.unique(self.linked.cell[inside], return_inverse=True)
        sums = np.bincount(row, weights=self.exposure.metric(self.name).value[inside], minlength=held.size)
        counts = np.zeros((self._same(hazard).events, limits.size))
        for event in range(hazard.events):
            cells, intensity = hazard.event(event)
            at = np.searchsorted(cells, held)
            wet = np.flatnonzero(at < cells.size)
            wet = wet[cells[at[wet]] == held[wet]]
            counts[event] = (intensity[at[wet]][:, np.newaxis] >= limits).T @ sums[wet]
        return counts

    def top_events(self, count: int) -> tuple[Ints, Floats]:
        """(events, impacts) of the `count` largest, falling; equal ones in order of their numbers."""
        order = np.argsort(-self.at_event, kind="stable")[: max(0, count)]
        return order, self.at_event[order]

    def contributions(self, by: Literal["event", "asset", "group"] = "event") -> Floats:
        """Share of the average annual impact, (E,), (N,) or (G,); sums to 1, or is 0 where there is none."""
        parts: dict[str, Callable[[], Floats]] = {
            "event": lambda: self.frequency * self.at_event,
            "asset": lambda: self.per_asset,
            "group": lambda: self.frequency @ self.by_group(),
        }
        if by not in parts:
            raise ArgumentError("by", f"is {by!r}, expected one of {', '.join(parts)}.")
        part: Floats = parts[by]()
        total = part.sum()
        return part / total if total > 0 else np.zeros_like(part)

    def to_arrow(self, kind: tables.Kind = "assets") -> Any:
        """See `tables.to_arrow`."""
        return tables.to_arrow(self, kind)

    def to_parquet(self, path: str | Path, kind: tables.Kind = "assets") -> None:
        """Write `to_arrow(kind)` as Parquet."""
        tables.to_parquet(self, path, kind)

    def to_csv(self, path: str | Path, kind: tables.Kind = "assets") -> None:
        """Write `to_arrow(kind)` as CSV."""
        tables.to_csv(self, path, kind)

    def to_geoparquet(self, path: str | Path) -> None:
        """Write the assets as GeoParquet 1.1 with their points."""
        tables.to_geoparquet(self, path)

    def _same(self, hazard: Hazard) -> Hazard:
        if hazard.grid != self.linked.grid or hazard.events != self.frequency.size:
            raise ArgumentError("hazard", "is not the one that was assessed: another grid or number of events.")
        return hazard


def build(
    linked: Linked, curves: Curves, frequency: Floats, *, groups: Ints, at: Floats, per_asset: Floats, path: str,
    terms: Terms | None = None,
) -> Impact:  # fmt: skip
    """The result of all quantities, from at (Q, E, G) and per_asset (Q, N)."""
    tables = {name: (at[k], per_asset[k]) for k, name in enumerate(linked.exposure.names)}
    return Impact(at[0].sum(axis=1), per_asset[0], frequency, path, MAIN, linked, curves, groups, tables, terms)
