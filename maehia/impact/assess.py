"""The door of the engine: hazard x exposure x curves -> impact."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from maehia.impact import checks
from maehia.impact.checks import Ints
from maehia.impact.curves import Curves
from maehia.impact.errors import ArgumentError
from maehia.impact.exposure import Exposure
from maehia.impact.grid import Grid
from maehia.impact.hazard import Hazard
from maehia.impact.link import Linked, link
from maehia.impact.oracle import assess_plain
from maehia.impact.result import Impact, build

Path = Literal["auto", "scipy"]


@dataclass(frozen=True, slots=True, eq=False)
class Prepared:
    """Exposure linked to a grid once, for many hazards and curves: see `prepare`."""

    linked: Linked
    curves: Curves
    groups: Ints
    group: Ints

    def with_curves(self, curves: Curves) -> Prepared:
        """The same assets with other curves; nothing is linked again."""
        _check_rows(self.linked.exposure, curves)
        return replace(self, curves=curves)

    def assess(self, hazard: Hazard, *, path: Path = "auto") -> Impact:
        """As `maehia.impact.assess`, on the grid that the assets were linked to."""
        if hazard.grid != self.linked.grid:
            raise ArgumentError("hazard", "lies on another grid than the one that the exposure was linked to.")
        exposure = self.linked.exposure
        metrics = [exposure.metric(name) for name in exposure.names]
        at, per_asset = assess_plain(
            hazard, self.curves, self.linked.cell, metrics, group=self.group, groups=max(1, self.groups.size)
        )
        return build(
            self.linked, self.curves, hazard.frequency, groups=self.groups, at=at, per_asset=per_asset, path="scipy"
        )


def prepare(exposure: Exposure, grid: Grid, curves: Curves) -> Prepared:
    """Link the exposure to a grid and check its curves once; `.assess(hazard)` then costs only the pass."""
    _check_rows(exposure, curves)
    if exposure.group is None:
        groups, group = np.zeros(1, np.int64), np.zeros(exposure.size, np.int64)
    else:
        groups, group = np.unique(exposure.group, return_inverse=True)
    return Prepared(link(exposure, grid), curves, groups.astype(np.int64), group)


def assess(hazard: Hazard, exposure: Exposure, curves: Curves, *, path: Path = "auto") -> Impact:
    """Impact of every event on every asset, summed as asked: see `Impact`.

    Each asset suffers value * F[curve](intensity of its cell) in an event; a cell that an event does not list is
    dry and does no damage, whatever the curve says at 0. Assets off the grid suffer nothing and are listed.
    path: "auto" chooses by cost; the result says which ran.
    Raises ArgumentError, naming the argument and the first bad index, when a curve number has no row.
    """
    return prepare(exposure, hazard.grid, curves).assess(hazard, path=path)


def _check_rows(exposure: Exposure, curves: Curves) -> None:
    for name in exposure.names:
        where = "curve" if name == "value" else f"metrics[{name!r}].curve"
        over = np.asarray(exposure.metric(name).curve) >= curves.size
        checks.refuse(over, where, f"has no row: there are {curves.size} curves.", code="curve_unknown")
