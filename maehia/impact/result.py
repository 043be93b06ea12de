"""What came of it: impacts by event, by asset, by group, and how often."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy.typing as npt

from maehia.impact.checks import Floats, Ints
from maehia.impact.curves import Curves
from maehia.impact.errors import ArgumentError
from maehia.impact.exceedance import exceedance_at, exceedance_curve
from maehia.impact.exposure import MAIN, Exposure
from maehia.impact.link import Linked


@dataclass(frozen=True, slots=True, eq=False)
class Impact:
    """Result of `assess`, of one quantity (`name`); `of(other)` gives the same of another one.

    at_event: (E,) sum over assets. per_asset: (N,) expected impact a year, sum over events of frequency * impact.
    frequency: (E,) per year. path: which path ran, "scipy", "compiled" or "per-asset".
    All in the unit of the quantity's values.
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


def build(
    linked: Linked, curves: Curves, frequency: Floats, *, groups: Ints, at: Floats, per_asset: Floats, path: str
) -> Impact:
    """The result of all quantities, from at (Q, E, G) and per_asset (Q, N)."""
    tables = {name: (at[k], per_asset[k]) for k, name in enumerate(linked.exposure.names)}
    return Impact(at[0].sum(axis=1), per_asset[0], frequency, path, MAIN, linked, curves, groups, tables)
