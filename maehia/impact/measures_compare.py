"""Many measures in one walk over the hazard.

A measure that lowers water by a constant, or keeps it out up to a crest, is for an asset nothing but another curve:
F(x - d), or F with zeros below the crest. So the assets that a measure touches are put behind the others once more,
with their new rows, values and places; parts of the list are summed as groups, and each measure is a sum of parts.
Events that a protection holds back are zeroed in its part afterwards. Only another simulated hazard, or a field of
more distinct values than rows are worth, needs a walk of its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from maehia.impact.assess import Path, assess
from maehia.impact.checks import Floats, Ints
from maehia.impact.costbenefit import Appraisal, Growth, appraise
from maehia.impact.curves import Curves
from maehia.impact.errors import ArgumentError
from maehia.impact.exposure import MAIN, Exposure, Metric
from maehia.impact.hazard import Hazard
from maehia.impact.measures import HAZARD_CHANGES, Measure, Triple, apply, frequent
from maehia.impact.measures_state import Library, Mask, State
from maehia.impact.terms import Terms

if TYPE_CHECKING:
    import pyarrow as pa

# With more different sets of measures on one asset than this, sharing untouched assets costs more than it saves.
MOST_PARTS = 64
WITHOUT = "without"


@dataclass(frozen=True, slots=True, eq=False)
class Comparison:
    """Impact without measures and with each of M. Row 0 of all arrays is "without".

    names: (M + 1,). at_event: (M + 1, E). aal: (M + 1,). name: the quantity shown; `of` shows another one.
    walks: how often the hazard was walked over. All in the unit of the quantity's values.
    """

    names: tuple[str, ...]
    name: str
    at_event: Floats
    frequency: Floats
    walks: int
    measures: tuple[Measure, ...]
    _tables: Mapping[str, Floats]

    @property
    def aal(self) -> Floats:
        return np.asarray(self.at_event @ self.frequency)

    @property
    def averted(self) -> Floats:
        """(M,) average annual impact averted by each measure; negative where it does harm."""
        aal = self.aal
        return np.asarray(aal[0] - aal[1:])

    @property
    def averted_at_event(self) -> Floats:
        """(M, E) impact averted in each event."""
        return np.asarray(self.at_event[0] - self.at_event[1:])

    @property
    def metrics(self) -> tuple[str, ...]:
        return tuple(self._tables)

    def of(self, name: str) -> Comparison:
        """The same for another quantity."""
        if name not in self._tables:
            raise ArgumentError("name", f"is {name!r}, expected one of {', '.join(self.metrics)}.")
        return replace(self, name=name, at_event=self._tables[name])

    def appraise(
        self, *, years: int, rate: npt.ArrayLike, then: Comparison | None = None, reached: int | None = None,
        growth: Growth = "linear",
    ) -> dict[str, Appraisal]:  # fmt: skip
        """Benefit and cost of every measure that names its cost, by name: see `costbenefit.appraise`.

        then: the same measures in the future (other hazard, other exposure), reached in year `reached`.
        """
        if then is not None and then.names != self.names:
            raise ArgumentError("then", f"compares {', '.join(then.names)}, expected {', '.join(self.names)}.")
        later: Sequence[float | None] = [None] * len(self.measures) if then is None else then.averted.tolist()
        return {
            measure.name: appraise(measure.cost, float(now), years=years, rate=rate, averted_then=future,
                                   reached=reached, growth=growth)
            for measure, now, future in zip(self.measures, self.averted, later, strict=True)
            if measure.cost is not None
        }  # fmt: skip

    def to_arrow(self) -> pa.Table:
        """A row a measure and quantity: its aal, what is averted, and that as a share of the aal without."""
        import pyarrow as pa

        rows = []
        for name in self.metrics:
            one = self.of(name)
            for label, aal in zip(one.names, one.aal.tolist(), strict=True):
                averted = float(one.aal[0]) - aal
                share = averted / float(one.aal[0]) if one.aal[0] else float("nan")
                rows.append({"measure": label, "quantity": name, "aal": aal, "averted": averted, "share": share})
        return pa.Table.from_pylist(rows)


def assess_measures(
    hazard: Hazard, exposure: Exposure, curves: Curves, measures: Sequence[Measure], *, terms: Terms | None = None,
    path: Path = "auto",
) -> Comparison:  # fmt: skip
    """Impact without measures and with each of them (each alone: add two measures to see both together).

    The same numbers as `assess(*apply(measure, hazard, exposure, curves), terms=terms)` one by one, but for rounding.
    terms: floors, deductibles, covers of each asset, with every measure the same; then nothing can be summed first
    and each measure takes a walk of its own. Groups: sums by group are in `assess_with` and in `assess` of `apply`.
    Raises ArgumentError for two measures of one name, or a change that does not fit.
    """
    names = (WITHOUT, *(measure.name for measure in measures))
    if len(set(names)) < len(names):
        raise ArgumentError("measures", f"have a name twice, or one is called {WITHOUT!r}.")
    if terms is not None:
        return _one_by_one((hazard, exposure, curves), measures, terms, path)
    library = Library(curves)
    states = [_planned(measure, exposure, curves, hazard, library) for measure in measures]
    stack = _Stack(exposure, [state for state in states if state is not None])
    impact = assess(hazard, stack.exposure(), library.curves(), path=path)
    sums = {name: _parts(impact.by_group(name), impact.groups, stack.parts) for name in exposure.names}
    away = _Held(stack.without(sums[MAIN]), hazard.frequency)
    rows = [{name: stack.without(part) for name, part in sums.items()}]
    for measure, state in zip(measures, states, strict=True):
        if state is None:
            alone = assess(*apply(measure, hazard, exposure, curves), path=path)
            rows.append({name: alone.of(name).at_event for name in exposure.names})
        else:
            rows.append({name: stack.total(state, part, away) for name, part in sums.items()})
    return _comparison(hazard, measures, rows, 1 + states.count(None))


def _one_by_one(given: Triple, measures: Sequence[Measure], terms: Terms, path: Path) -> Comparison:
    worlds = [given, *(apply(measure, *given) for measure in measures)]
    impacts = (assess(*world, terms=terms, path=path) for world in worlds)
    rows = [{name: impact.of(name).at_event for name in given[1].names} for impact in impacts]
    return _comparison(given[0], measures, rows, len(rows))


def _comparison(
    hazard: Hazard, measures: Sequence[Measure], rows: Sequence[Mapping[str, Floats]], walks: int
) -> Comparison:  # fmt: skip
    names = (WITHOUT, *(measure.name for measure in measures))
    tables = {name: np.stack([row[name] for row in rows]) for name in rows[0]}
    return Comparison(names, MAIN, tables[MAIN], hazard.frequency, walks, tuple(measures), tables)


def _parts(sums: Floats, groups: Ints, parts: int) -> Floats:
    """(E, parts) from (E, groups that occur)."""
    full = np.zeros((sums.shape[0], parts))
    full[:, groups] = sums
    return full


def _planned(
    measure: Measure, exposure: Exposure, curves: Curves, hazard: Hazard, library: Library
) -> State | None:  # fmt: skip
    """The assets under a measure with its hazard changes turned into rows; None when it needs a walk of its own."""
    known, size = dict(library.known), len(library.knots)
    state = State(exposure, curves, hazard.grid, library)
    for change in measure.changes:
        if not isinstance(change, HAZARD_CHANGES):
            change.on_assets(state)
    # What the water meets last is nearest to the asset: its curve is changed first.
    for change in reversed(measure.changes):
        if isinstance(change, HAZARD_CHANGES) and not change.on_assets(state):
            library.known, library.knots = known, library.knots[:size]
            return None
    return state


def _sets(touched: Sequence[Mask], size: int) -> tuple[Mask, Ints]:
    """(sets (S, M) of measures that occur on one asset, set of each asset (N,)); S >= 1."""
    of_asset = np.zeros(size, dtype=np.int64)
    sets = np.zeros((1, 0), dtype=bool)
    for mask in touched:
        # Numbered anew after each measure, so that the numbers stay small whatever the number of measures.
        both = 2 * of_asset + mask
        seen = np.flatnonzero(np.bincount(both, minlength=1)) if size else np.zeros(1, np.int64)
        rank = np.zeros(2 * len(sets), dtype=np.int64)
        rank[seen] = np.arange(seen.size)
        of_asset = rank[both]
        sets = np.concatenate([sets[seen // 2], (seen % 2 == 1)[:, None]], axis=1)
    return sets, of_asset


@dataclass(frozen=True, slots=True, eq=False)
class _Held:
    """Which events a protection keeps out, judged by their impact without measures."""

    at_event: Floats
    frequency: Floats

    def from_any(self, return_periods: frozenset[float]) -> Mask:
        """(E,) True for events that one of these design return periods keeps out."""
        return frequent(self.at_event, self.frequency, max(return_periods, default=0.0))


class _Stack:
    """The assets, and behind them those that each measure touches, in parts that are summed apart."""

    def __init__(self, exposure: Exposure, states: Sequence[State]) -> None:
        self.given, self.states = exposure, states
        touched = [state.touched for state in states]
        sets, of_asset = _sets(touched, exposure.size)
        if len(sets) > MOST_PARTS:
            touched = [np.ones(exposure.size, dtype=bool) for _ in states]
            sets, of_asset = np.ones((1, len(states)), dtype=bool), np.zeros(exposure.size, np.int64)
        self.touched, self.sets = touched, sets
        self.group = [of_asset]
        self.shared = len(sets)
        self.parts = self.shared
        self.own = [self._own_parts(number) for number in range(len(states))]

    def _own_parts(self, number: int) -> list[tuple[int, frozenset[float]]]:
        """Parts of one measure: (part, return periods held back from it); its assets join the stack."""
        state, mine = self.states[number], self.touched[number]
        held: npt.NDArray[np.int64] = np.zeros(int(mine.sum()), dtype=np.int64)
        for bit, (where, _) in enumerate(state.held):
            held |= where[mine].astype(np.int64) << bit
        kinds, part = np.unique(held, return_inverse=True)
        self.group.append(self.parts + part.ravel())
        parts = [
            (self.parts + k, frozenset(years for bit, (_, years) in enumerate(state.held) if kind >> bit & 1))
            for k, kind in enumerate(kinds)
        ]
        self.parts += len(kinds)
        return parts

    def exposure(self) -> Exposure:
        with_masks = list(zip(self.states, self.touched, strict=True))
        given = self.given
        metrics = {
            name: Metric(
                np.concatenate([given.rows(name), *(s.rows[name][m] for s, m in with_masks)]),
                np.concatenate([given.metric(name).value, *(s.values[name][m] for s, m in with_masks)]),
            )
            for name in given.names
        }
        main = metrics.pop(MAIN)
        return Exposure(
            np.concatenate([given.x, *(s.x[m] for s, m in with_masks)]),
            np.concatenate([given.y, *(s.y[m] for s, m in with_masks)]),
            np.asarray(main.curve), main.value, group=np.concatenate(self.group) if given.size else None,
            metrics=metrics,
        )  # fmt: skip

    def without(self, sums: Floats) -> Floats:
        """(E,) impact without measures."""
        return np.asarray(sums[:, : self.shared].sum(axis=1))

    def total(self, state: State, sums: Floats, away: _Held) -> Floats:
        """(E,) impact with one measure: shared parts that it leaves alone, and its own less what is held back."""
        number = self.states.index(state)
        total = sums[:, : self.shared][:, ~self.sets[:, number]].sum(axis=1)
        for part, held in self.own[number]:
            total += np.where(away.from_any(held), 0.0, sums[:, part])
        return np.asarray(total)
