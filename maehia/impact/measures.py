"""Measures against a risk, and what each averts: many of them in one walk over the hazard.

A `Measure` is a name and changes, carried out in the order written: of the hazard (`LowerIntensity`, `BlockBelow`,
`ProtectTo`, `ReplaceHazard`), of vulnerability (`FloodProof`, `ScaleDamage`) and of what stands where (`RaiseFloors`,
`Remove`, `Relocate`, `ScaleValue`). Hazard changes act on the place where an asset stands in the end.

`apply` gives the changed hazard, exposure and curves, for `assess` one by one. `assess_measures` (measures_compare.py)
gives the same numbers for many measures at once. Terms (floors, deductibles, covers) are no part of a measure: give
them to `assess_with` or `assess_measures`, or to `assess` beside what `apply` gives.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from maehia.impact import checks
from maehia.impact.assess import Prepared, assess
from maehia.impact.checks import Floats
from maehia.impact.costbenefit import Cost
from maehia.impact.curves import Curves
from maehia.impact.errors import ArgumentError
from maehia.impact.exposure import Exposure
from maehia.impact.grid import Grid
from maehia.impact.hazard import Hazard
from maehia.impact.measures_state import Library, Mask, Op, State, at_cells, checked_rows, chosen, in_order
from maehia.impact.result import Impact
from maehia.impact.terms import Terms
from maehia.impact.vulnerability import stored

Triple = tuple[Hazard, Exposure, Curves]


def _amount(value: float, name: str) -> float:
    if not (np.isfinite(value) and value >= 0):
        raise ArgumentError(name, f"is {value}, expected a finite number of at least 0.")
    return float(value)


def _field(values: Any, grid: Grid, name: str) -> npt.NDArray[Any]:
    array = np.asarray(values)
    if array.shape != grid.shape:
        raise ArgumentError(name, f"has shape {array.shape}, expected one value a cell, {grid.shape}.")
    return array.ravel()


@dataclass(frozen=True, slots=True, eq=False)
class LowerIntensity:
    """Intensity falls by `by` where it is at least that much; where it is less, the cell becomes dry.

    by: >= 0, one number or (ny, nx), row 0 southernmost, in the hazard's unit. where: (ny, nx) of True and False.
    """

    by: float | Floats
    where: Mask | None = None

    def amounts(self, grid: Grid) -> Floats:
        """(cells,) by how much each cell is lowered."""
        if np.ndim(self.by) == 0:
            by: Floats = np.full(grid.size, _amount(float(self.by), "by"))
        else:
            by = _field(self.by, grid, "by").astype(np.float64)
            checks.finite(by, "by")
            checks.not_negative(by, "by")
        return by if self.where is None else np.where(_field(self.where, grid, "where"), by, 0.0)

    def struck(self, hazard: Hazard) -> Hazard:
        by = self.amounts(hazard.grid)[hazard.cell]
        left = np.asarray(hazard.intensity, dtype=np.float64) - by
        return _kept(hazard, (by == 0) | (left >= 0), left)

    def on_assets(self, state: State) -> bool:
        by = at_cells(self.amounts(state.grid), state.cell, 0.0)
        sizes = np.unique(by[by > 0])
        for size in sizes if sizes.size <= state.most_rows else ():
            state.change_rows(by == size, ("shift", float(size)))
        return bool(sizes.size <= state.most_rows)


@dataclass(frozen=True, slots=True, eq=False)
class BlockBelow:
    """A wall: below `level` its area stays dry, from `level` on it is overtopped and the intensity is as without."""

    level: float
    where: Mask | None = None

    def _inside(self, grid: Grid) -> Mask:
        _amount(self.level, "level")
        return np.ones(grid.size, bool) if self.where is None else _field(self.where, grid, "where").astype(bool)

    def struck(self, hazard: Hazard) -> Hazard:
        low = np.asarray(hazard.intensity, dtype=np.float64) < stored(self.level)
        return _kept(hazard, ~(low & self._inside(hazard.grid)[hazard.cell]), hazard.intensity)

    def on_assets(self, state: State) -> bool:
        state.change_rows(at_cells(self._inside(state.grid), state.cell, False), ("block", stored(self.level)))
        return True


@dataclass(frozen=True, slots=True, eq=False)
class ProtectTo:
    """Protection up to a design return period (years): events more frequent than that leave `where` dry.

    The return period of an event is that of its main impact without any measure or terms, on the event-frequency
    curve.
    """

    return_period: float
    where: Mask | None = None

    def _inside(self, grid: Grid) -> Mask:
        if not self.return_period > 0:
            raise ArgumentError("return_period", f"is {self.return_period}, expected more than 0.")
        return np.ones(grid.size, bool) if self.where is None else _field(self.where, grid, "where").astype(bool)

    def struck(self, hazard: Hazard, baseline: Floats) -> Hazard:
        held = frequent(baseline, hazard.frequency, self.return_period)
        event = np.repeat(np.arange(hazard.events), np.diff(hazard.indptr))
        return _kept(hazard, ~(held[event] & self._inside(hazard.grid)[hazard.cell]), hazard.intensity)

    def on_assets(self, state: State) -> bool:
        state.hold_back(at_cells(self._inside(state.grid), state.cell, False), self.return_period)
        return True


def frequent(at_event: Floats, frequency: Floats, return_period: float) -> npt.NDArray[np.bool_]:
    """(E,) True for events whose return period is below the given one; events of frequency 0 never are.

    Return period of an event = 1 / sum of the frequencies of all events with its impact or more; impacts that differ
    by rounding only are equal, so that no event is kept out while its twin comes in.
    """
    order = np.argsort(-at_event, kind="stable")
    falling = at_event[order]
    last = np.append(falling[1:] < falling[:-1] * (1 - 1e-9), True)[: falling.size]
    often = np.cumsum(frequency[order])
    of_its_kind = np.flatnonzero(last)[np.cumsum(last) - last]
    held = np.zeros(at_event.size, dtype=bool)
    held[order] = (often[of_its_kind] * return_period > 1 + 1e-12) & (frequency[order] > 0)
    return held


@dataclass(frozen=True, slots=True, eq=False)
class ReplaceHazard:
    """Another hazard on the same grid with the same events: the flood simulated again with the drain or the dam.

    It stands for all that was done to the hazard before, so it must be the first hazard change of a measure.
    """

    hazard: Hazard

    def struck(self, hazard: Hazard) -> Hazard:
        if self.hazard.grid != hazard.grid:
            raise ArgumentError("hazard", "of the measure lies on another grid.")
        if not np.array_equal(self.hazard.frequency, hazard.frequency):
            raise ArgumentError("hazard", "of the measure has other events or frequencies.")
        if self.hazard.unit != hazard.unit:
            raise ArgumentError("hazard", f"of the measure is in {self.hazard.unit}, expected {hazard.unit}.")
        return self.hazard

    def on_assets(self, state: State) -> bool:
        return False


@dataclass(frozen=True, slots=True, eq=False)
class FloodProof:
    """Curves (rows of `Curves.damage`) read at the intensity less `by`: houses sealed up to that height."""

    by: float
    curves: Sequence[int] | None = None

    def on_assets(self, state: State) -> bool:
        state.change_rows(None, ("shift", _amount(self.by, "by")), checked_rows(self.curves, state.rows_given))
        return True


@dataclass(frozen=True, slots=True, eq=False)
class ScaleDamage:
    """Damage times `factor` >= 0, for some curves, some assets, or all."""

    factor: float
    curves: Sequence[int] | None = None
    assets: npt.ArrayLike | None = None

    def on_assets(self, state: State) -> bool:
        where = chosen(self.assets, state.size)
        state.change_rows(where, ("scale", _amount(self.factor, "factor")), checked_rows(self.curves, state.rows_given))
        return True


@dataclass(frozen=True, slots=True, eq=False)
class RaiseFloors:
    """Floors of some assets (indices, or True and False) raised by `by`: all their curves see that much less."""

    by: float
    assets: npt.ArrayLike | None = None

    def on_assets(self, state: State) -> bool:
        state.change_rows(chosen(self.assets, state.size), ("shift", _amount(self.by, "by")))
        return True


@dataclass(frozen=True, slots=True, eq=False)
class Remove:
    """Assets that are gone; they stay in the list, with values 0."""

    assets: npt.ArrayLike

    def on_assets(self, state: State) -> bool:
        state.scale_values(chosen(self.assets, state.size), 0.0, state.names)
        return True


@dataclass(frozen=True, slots=True, eq=False)
class ScaleValue:
    """Values of a quantity ("value" is the main one) times `factor` >= 0."""

    factor: float
    assets: npt.ArrayLike | None = None
    metric: str = "value"

    def on_assets(self, state: State) -> bool:
        state.scale_values(chosen(self.assets, state.size), _amount(self.factor, "factor"), (self.metric,))
        return True


@dataclass(frozen=True, slots=True, eq=False)
class Relocate:
    """Assets moved to x, y: one place for all, or one each in the order in which `assets` lists them.

    x, y: in the units of the hazard's grid (numbers of centroids, where a hazard is on scattered ones).
    """

    assets: npt.ArrayLike
    x: npt.ArrayLike
    y: npt.ArrayLike

    def on_assets(self, state: State) -> bool:
        state.move(in_order(self.assets, state.size), np.asarray(self.x, np.float64), np.asarray(self.y, np.float64))
        return True


OfHazard = LowerIntensity | BlockBelow | ProtectTo | ReplaceHazard
OfAssets = FloodProof | ScaleDamage | RaiseFloors | Remove | ScaleValue | Relocate
Change = OfHazard | OfAssets
HAZARD_CHANGES = (LowerIntensity, BlockBelow, ProtectTo, ReplaceHazard)


@dataclass(frozen=True, slots=True, eq=False)
class Measure:
    """A name, what changes, and what it costs (None: not said).

    Raises ArgumentError for what is no change, with its index, and for a `ReplaceHazard` after another hazard change.
    """

    name: str
    changes: Sequence[Change]
    cost: Cost | None = field(default=None, kw_only=True)

    def __post_init__(self) -> None:
        if not self.name:
            raise ArgumentError("name", "of a measure is empty.")
        if isinstance(self.changes, Change):
            raise ArgumentError("changes", "is one change, expected a list.", fix="Write [...] around it.")
        object.__setattr__(self, "changes", tuple(self.changes))
        before = False
        for index, change in enumerate(self.changes):
            if not isinstance(change, Change):
                raise ArgumentError("changes", f"is {change!r}, which is no change of this module.", index=index)
            if isinstance(change, ReplaceHazard) and before:
                raise ArgumentError("changes", "replaces the hazard and what was changed in it before.", index=index,
                                    fix="Put ReplaceHazard first.")  # fmt: skip
            before = before or isinstance(change, HAZARD_CHANGES)

    def __add__(self, other: Measure) -> Measure:
        """Both together, this one first; the sum of the costs when both are known."""
        cost = None if self.cost is None or other.cost is None else self.cost + other.cost
        return Measure(f"{self.name} + {other.name}", (*self.changes, *other.changes), cost=cost)


def apply(measure: Measure, hazard: Hazard, exposure: Exposure, curves: Curves) -> Triple:
    """Hazard, exposure and curves as they are with the measure. Assets keep their numbers; curve rows do not.

    Raises ArgumentError for a change that does not fit (another grid, an asset or row that does not exist).
    """
    baseline: Floats | None = None
    changed = hazard
    for change in measure.changes:
        if isinstance(change, ProtectTo):
            baseline = assess(hazard, exposure, curves).at_event if baseline is None else baseline
            changed = change.struck(changed, baseline)
        elif isinstance(change, (LowerIntensity, BlockBelow, ReplaceHazard)):
            changed = change.struck(changed)
    state = State(exposure, curves, hazard.grid)
    for asset_change in measure.changes:
        if not isinstance(asset_change, HAZARD_CHANGES):
            asset_change.on_assets(state)
    return changed, state.exposure(), state.library.curves()


def assess_with(measure: Measure, prepared: Prepared, hazard: Hazard, *, terms: Terms | None = None) -> Impact:
    """Impact with one measure on assets that were prepared before: what a slider calls.

    Nothing is linked again, and no map of assets is touched, when the measure changes whole curves (`FloodProof`;
    `ScaleDamage` and `RaiseFloors` of all assets; `LowerIntensity` by a number and `BlockBelow` everywhere) or the
    hazard. A measure of some assets, or one that moves or revalues them, is assessed from the start.
    terms: as in `assess`, the same with the measure as without; `std` does not go with changed curves.
    """
    of_hazard = [change for change in measure.changes if isinstance(change, HAZARD_CHANGES)]
    of_assets = [change for change in measure.changes if not isinstance(change, HAZARD_CHANGES)]
    # A floor is taken off before a curve is read, and a wall stands in the water: with terms it stays in the hazard.
    rows = None if terms is not None else _as_rows([*of_assets, *reversed(of_hazard)], prepared.curves)
    if rows is not None:
        return prepared.with_curves(rows).assess(hazard)
    of_curves, exposure = _as_rows(of_assets, prepared.curves), prepared.linked.exposure
    if of_curves is None:
        return assess(*apply(measure, hazard, exposure, prepared.curves), terms=terms)
    changed = apply(Measure(measure.name, of_hazard), hazard, exposure, prepared.curves)[0]
    return prepared.with_curves(of_curves).assess(changed, terms=terms)


def _as_rows(in_order: Sequence[Change], curves: Curves) -> Curves | None:
    """Curves, row for row, that do the same as these changes; None when some concern single assets or places."""
    library, rows = Library(curves), list(range(curves.size))
    for change in in_order:
        op = _row_op(change)
        if op is None:
            return None
        only = checked_rows(getattr(change, "curves", None), curves.size)
        rows = [library.changed(row, op) if only is None or k in only else row for k, row in enumerate(rows)]
    return library.curves(rows) if rows != list(range(curves.size)) else curves


def _row_op(change: Change) -> Op | None:
    """What the change does to every asset alike, whatever its place; None when it does not."""
    match change:
        case LowerIntensity(where=None) if np.ndim(change.by) == 0:
            return "shift", _amount(float(change.by), "by")
        case BlockBelow(where=None):
            return "block", stored(_amount(change.level, "level"))
        case FloodProof() | RaiseFloors(assets=None):
            return "shift", _amount(change.by, "by")
        case ScaleDamage(assets=None):
            return "scale", _amount(change.factor, "factor")
    return None


def _kept(hazard: Hazard, keep: npt.NDArray[np.bool_], intensity: npt.NDArray[Any]) -> Hazard:
    """The same events with the kept cells only."""
    running = np.concatenate([[0], np.cumsum(keep)])
    return replace(hazard, indptr=running[hazard.indptr], cell=hazard.cell[keep], intensity=intensity[keep])
