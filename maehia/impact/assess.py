"""The door of the engine: hazard x exposure x curves -> impact."""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace
from typing import Literal, get_args

import numpy as np

from maehia.impact.arrange import Arranged, arrange, link_tiles, width
from maehia.impact.checks import Floats, Ints
from maehia.impact.compiled_path import assess_compiled
from maehia.impact.curves import Curves
from maehia.impact.errors import ArgumentError
from maehia.impact.exposure import MAIN, Exposure
from maehia.impact.grid import Grid
from maehia.impact.hazard import Hazard
from maehia.impact.link import Linked, link
from maehia.impact.oracle import assess_plain
from maehia.impact.result import Impact, build

Path = Literal["auto", "scipy", "compiled"]
# Until the kernels are loaded (half a second), work smaller than this (pairs x curves + assets) is done sooner plainly.
PLAIN_BELOW = 4_000_000


@dataclass(frozen=True, slots=True, eq=False)
class Prepared:
    """Exposure linked to a grid once, for many hazards and curves: see `prepare`."""

    linked: Linked
    curves: Curves
    groups: Ints
    group: Ints
    arranged: Arranged | None

    def with_curves(self, curves: Curves) -> Prepared:
        """The same assets with other curves; nothing is linked or sorted again."""
        check_rows(self.linked.exposure, curves)
        return replace(self, curves=curves)

    def assess(self, hazard: Hazard, *, path: Path = "auto") -> Impact:
        """As `maehia.impact.assess`, on the grid that the assets were linked to."""
        if hazard.grid != self.linked.grid:
            raise ArgumentError("hazard", "lies on another grid than the one that the exposure was linked to.")
        plain = _chosen(path, hazard, self.linked.exposure, self.curves) == "scipy"
        at, per_asset = self._plain(hazard) if plain or self.arranged is None else self._compiled(hazard, self.arranged)
        return build(
            self.linked, self.curves, hazard.frequency, groups=self.groups, at=at, per_asset=per_asset,
            path="scipy" if plain else "compiled",
        )  # fmt: skip

    def _plain(self, hazard: Hazard) -> tuple[Floats, Floats]:
        exposure = self.linked.exposure
        metrics = [exposure.metric(name) for name in exposure.names]
        return assess_plain(hazard, self.curves, self.linked.cell, metrics, group=self.group, groups=self.groups.size)

    def _compiled(self, hazard: Hazard, arranged: Arranged) -> tuple[Floats, Floats]:
        return assess_compiled(hazard, self.curves, arranged, self.groups.size, self.linked.exposure.size)


def prepare(exposure: Exposure, grid: Grid, curves: Curves) -> Prepared:
    """Link the exposure to a grid and sort it once; `.assess(hazard)` then costs only the pass.

    Raises ArgumentError, naming the argument and the first bad index, when a curve number has no row.
    """
    return _prepare(exposure, grid, curves, plain=False)


def _prepare(exposure: Exposure, grid: Grid, curves: Curves, *, plain: bool) -> Prepared:
    check_rows(exposure, curves)
    groups, group = _columns(exposure)
    if plain:
        return Prepared(link(exposure, grid), curves, groups, group, None)
    tiled = link_tiles(exposure, grid, width(grid, curves.size, len(exposure.names)))
    return Prepared(tiled.linked, curves, groups, group, arrange(tiled, group, groups.size))


def assess(hazard: Hazard, exposure: Exposure, curves: Curves, *, path: Path = "auto") -> Impact:
    """Impact of every event on every asset, summed as asked: see `Impact`.

    Each asset suffers value * F[curve](intensity of its cell) in an event; a cell that an event does not list is
    dry and does no damage, whatever the curve says at 0. Assets off the grid suffer nothing and are listed.
    path: "auto" chooses by cost; the result says which ran.
    Raises ArgumentError, naming the argument and the first bad index, when a curve number has no row.
    """
    chosen = _chosen(path, hazard, exposure, curves)
    return _prepare(exposure, hazard.grid, curves, plain=chosen == "scipy").assess(hazard, path=chosen)


def _chosen(path: Path, hazard: Hazard, exposure: Exposure, curves: Curves) -> Path:
    """By cost: the kernels win whenever they are loaded; before that only where there is much to do."""
    if path not in get_args(Path):
        raise ArgumentError("path", f"is {path!r}, expected one of {', '.join(get_args(Path))}.")
    if path != "auto":
        return path
    loaded = "maehia.impact.kernels" in sys.modules
    work = hazard.nnz * curves.size * len(exposure.names) + exposure.size
    return "compiled" if loaded or work >= PLAIN_BELOW else "scipy"


def _columns(exposure: Exposure) -> tuple[Ints, Ints]:
    """(groups that occur, rising; column of each asset); one column where there are no groups."""
    if exposure.group is None:
        return np.zeros(1, np.int64), np.zeros(exposure.size, np.int64)
    groups, column = np.unique(exposure.group, return_inverse=True)
    return groups.astype(np.int64), column.astype(np.int64)


def check_rows(exposure: Exposure, curves: Curves) -> None:
    """Raises ArgumentError when an asset's curve is not among the curves."""
    for name in exposure.names:
        rows = np.asarray(exposure.metric(name).curve)
        if rows.size and rows.max() >= curves.size:
            where = "curve" if name == MAIN else f"metrics[{name!r}].curve"
            raise ArgumentError(
                where, f"has no row: there are {curves.size} curves.", index=int((rows >= curves.size).argmax()),
                code="curve_unknown",
            )  # fmt: skip
