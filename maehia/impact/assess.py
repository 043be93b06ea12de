"""The door of the engine: hazard x exposure x curves -> impact."""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace
from typing import Literal, get_args

import numpy as np

from maehia.impact import checks
from maehia.impact.arrange import Arranged, arrange, finely, link_tiles, width
from maehia.impact.checks import Floats, Ints
from maehia.impact.compiled_path import assess_compiled, assess_each
from maehia.impact.curves import Curves
from maehia.impact.errors import ArgumentError
from maehia.impact.exposure import MAIN, Exposure
from maehia.impact.grid import Grid
from maehia.impact.hazard import Hazard
from maehia.impact.link import Linked, link
from maehia.impact.oracle import assess_plain
from maehia.impact.oracle_each import assess_each_plain
from maehia.impact.result import Impact, build
from maehia.impact.terms import Terms

Path = Literal["auto", "scipy", "compiled", "per-asset"]
Sums = tuple[Floats, Floats]
# Until the kernels are loaded (half a second), smaller work (pairs x curves + assets + cells) is done sooner plainly.
PLAIN_BELOW = 4_000_000


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Prepared:
    """Exposure linked to a grid once, for many hazards and curves: see `prepare`."""

    linked: Linked
    curves: Curves
    groups: Ints
    group: Ints
    arranged: Arranged | None

    def __repr__(self) -> str:
        return f"<Prepared: {self.linked.exposure!r} on {self.linked.grid}, {self.curves.size} curves>"

    def with_curves(self, curves: Curves) -> Prepared:
        """The same assets with other curves; nothing is linked or sorted again."""
        check_rows(self.linked.exposure, curves)
        return replace(self, curves=curves)

    def assess(self, hazard: Hazard, *, terms: Terms | None = None, path: Path = "auto") -> Impact:
        """As `maehia.impact.assess`, on the grid that the assets were linked to."""
        checks.of_type(hazard, "hazard", Hazard)
        if hazard.grid != self.linked.grid:
            raise ArgumentError("hazard", "lies on another grid than the one that the exposure was linked to.")
        chosen = _chosen(path, hazard, self.linked.exposure, self.curves, terms)
        if terms is not None:
            terms.check_against(self.curves)
        run = {"scipy": self._plain, "compiled": self._collapsed, "per-asset": self._each}[chosen]
        at, per_asset = run(hazard, terms)
        return build(
            self.linked, self.curves, hazard.frequency, groups=self.groups, at=at, per_asset=per_asset, path=chosen,
            terms=terms,
        )  # fmt: skip

    def _plain(self, hazard: Hazard, terms: Terms | None) -> Sums:
        exposure, groups = self.linked.exposure, self.groups.size
        if terms is not None:
            return assess_each_plain(
                hazard, self.curves, exposure, self.linked.cell, terms, group=self.group, groups=groups
            )
        metrics = [exposure.metric(name) for name in exposure.names]
        return assess_plain(hazard, self.curves, self.linked.cell, metrics, group=self.group, groups=groups)

    def _collapsed(self, hazard: Hazard, _: Terms | None) -> Sums:
        return assess_compiled(hazard, self.curves, self._arranged(), self.groups.size, self.linked.exposure.size)

    def _each(self, hazard: Hazard, terms: Terms | None) -> Sums:
        fine = finely(self._arranged(), self.linked.exposure, self.group)
        return assess_each(hazard, self.curves, fine, self.linked.exposure, terms or Terms(), groups=self.groups.size)

    def _arranged(self) -> Arranged:
        return self.arranged or _prepare(self.linked.exposure, self.linked.grid, self.curves, plain=False)._arranged()


def prepare(exposure: Exposure, grid: Grid, curves: Curves) -> Prepared:
    """Link the exposure to a grid and sort it once; `.assess(hazard)` then costs only the pass.

    Raises ArgumentError, naming the argument and the first bad index, when a curve number has no row.
    """
    checks.of_type(grid, "grid", Grid)
    _check_types(exposure, curves, None)
    return _prepare(exposure, grid, curves, plain=False)


def _check_types(exposure: Exposure, curves: Curves, terms: Terms | None) -> None:
    checks.of_type(exposure, "exposure", Exposure)
    checks.of_type(curves, "curves", Curves)
    if terms is not None:
        checks.of_type(terms, "terms", Terms)


def _prepare(exposure: Exposure, grid: Grid, curves: Curves, *, plain: bool) -> Prepared:
    check_rows(exposure, curves)
    groups, group = _columns(exposure)
    if plain:
        return Prepared(link(exposure, grid), curves, groups, group, None)
    tiled = link_tiles(exposure, grid, width(grid, curves.size, len(exposure.names)))
    return Prepared(tiled.linked, curves, groups, group, arrange(tiled, group, groups.size))


def assess(
    hazard: Hazard, exposure: Exposure, curves: Curves, *, terms: Terms | None = None, path: Path = "auto"
) -> Impact:
    """Impact of every event on every asset, summed as asked: see `Impact`.

    Each asset suffers value * F[curve](intensity of its cell) in an event; a cell that an event does not list is
    dry and does no damage, whatever the curve says at 0. Assets off the grid suffer nothing and are listed.
    terms: floors, deductibles, covers, chance; then assets are gone through one by one. path: "auto" chooses by
    cost, and the result says which ran: "scipy" (plain), "compiled" (values summed by cell first) or "per-asset".
    Raises ArgumentError, naming the argument and the first bad index, when a curve number has no row.
    """
    checks.of_type(hazard, "hazard", Hazard)
    _check_types(exposure, curves, terms)
    chosen = _chosen(path, hazard, exposure, curves, terms)
    prepared = _prepare(exposure, hazard.grid, curves, plain=chosen == "scipy")
    return prepared.assess(hazard, terms=terms, path=chosen)


def _chosen(path: Path, hazard: Hazard, exposure: Exposure, curves: Curves, terms: Terms | None) -> Path:
    """By cost: the kernels win whenever they are loaded; before that only where there is much to do."""
    if path not in get_args(Path):
        raise ArgumentError("path", f"is {path!r}, expected one of {', '.join(get_args(Path))}.")
    if terms is not None and path == "compiled":
        raise ArgumentError("path", 'is "compiled", which sums values first; terms need "per-asset" or "scipy".')
    if path != "auto":
        return path
    loaded = "maehia.impact.kernels" in sys.modules
    # The plain path has arrays of the size of the grid.
    work = hazard.nnz * curves.size * len(exposure.names) + exposure.size + hazard.grid.size
    if not loaded and work < PLAIN_BELOW:
        return "scipy"
    return "compiled" if terms is None else "per-asset"


def _columns(exposure: Exposure) -> tuple[Ints, Ints]:
    """(groups that occur, rising; column of each asset); one column where there are no groups."""
    if exposure.group is None:
        return np.zeros(1, np.int64), np.zeros(exposure.size, np.int64)
    groups, column = np.unique(exposure.group, return_inverse=True)
    return groups.astype(np.int64), column.astype(np.int64)


def check_rows(exposure: Exposure, curves: Curves) -> None:
    """Raises ArgumentError when an asset's curve is not among the curves."""
    for name in exposure.names:
        rows = exposure.rows(name)
        if rows.size and rows.max() >= curves.size:
            where = "curve" if name == MAIN else f"metrics[{name!r}].curve"
            raise ArgumentError(
                where, f"has no row: there are {curves.size} curves.", index=int((rows >= curves.size).argmax()),
                code="curve_unknown",
            )  # fmt: skip
