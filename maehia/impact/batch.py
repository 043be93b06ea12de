"""The batch contract: record batches (event, cell, intensity) in, partial sums out, in any engine that has batches.

One pure function does the work, `partial_sums(batch, plan)`; partial sums of any split of the rows, in any order, are
added by `merge`; `finish` makes the same `Impact` as `assess` of the whole hazard. An event may lie in many batches.

    plan = make_plan(prepare(exposure, grid, curves), frequency)
    impact = finish(merge(sums_of(interior.stream(path), plan)), plan, prepared)

maehia.impact.runner runs it in processes of one machine. In Spark the functions are the same, the plan is broadcast:

    plan = spark.sparkContext.broadcast(plan)
    parts = (spark.read.parquet(path)
             .mapInArrow(lambda batches: sums_of(batches, plan.value), "kind byte, id long, value double")
             .groupBy("kind", "id").sum("value"))

and in Dask `dask.delayed(partial_sums)` over row groups, summed by a tree of `merge`.

A batch costs the more, the more places hold assets, however few its rows; so `sums_of` joins small ones. Batches whose
rows are sorted by event, then cell, go through the pass of `assess` as they are; others are sorted first, which takes
several times as long as the pass.
"""

from __future__ import annotations

import mmap
import pickle
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from maehia.base.compiled import compiled
from maehia.impact import checks
from maehia.impact.arrange import SPARSE, Arranged, width
from maehia.impact.assess import Prepared
from maehia.impact.checks import Floats, Ints
from maehia.impact.compiled_path import assess_compiled
from maehia.impact.curves import Curves
from maehia.impact.errors import ArgumentError
from maehia.impact.grid import Grid
from maehia.impact.hazard import Hazard
from maehia.impact.lanes import open_to_write
from maehia.impact.records import Sorted
from maehia.impact.result import Impact, build
from maehia.impact.terms import Terms

ROWS = 1 << 22  # of a batch that small ones are joined to: 50 MB, and as much again while they are joined
DENSE_CELLS = (
    8  # an asset: up to so many classes of a grid stand in a table (64 bytes an asset), else they are searched
)
KIND_BIT = 62  # a row's place in the order: its kind above its id


class Kind(IntEnum):
    """What a partial sum adds to."""

    AT_EVENT = 0  # id = event * targets + target; a target is a quantity of a group
    EXPECTATION = 1  # id = cell * curves + curve, a class; sum of frequency * damage ratio


SCHEMA = pa.schema([("kind", pa.int8()), ("id", pa.int64()), ("value", pa.float64())])


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """All that a part needs to know, without a single asset: it can be pickled, broadcast and memory-mapped.

    Exposure is summed to terms (cell, target, curve) whose sum is not 0. terms: they, arranged as assets are, one
    quantity, the target as group. classes: (C,) cell * curves + curve of those that occur, rising. term: (C,) one term
    of each class. worth: (C,) its sum. targets: quantities * groups. frequency: (E,).
    """

    grid: Grid
    curves: Curves
    frequency: Floats
    terms: Arranged
    classes: Ints
    term: Ints
    worth: Floats
    targets: int

    def save(self, folder: Path) -> None:
        """Write the plan as two files: the small things, and the arrays as they lie in memory."""
        arrays: list[pickle.PickleBuffer] = []
        small = pickle.dumps(self, protocol=5, buffer_callback=arrays.append)
        spans: list[tuple[int, int]] = []
        with (folder / "arrays").open("wb") as file:
            for array in arrays:
                file.write(bytes(-file.tell() % 64))  # each begins at a cache line
                spans.append((file.tell(), array.raw().nbytes))
                file.write(array.raw())
        (folder / "small").write_bytes(pickle.dumps((small, spans)))

    @classmethod
    def open(cls, folder: Path) -> Plan:
        """Memory-map a saved plan: processes of one machine share its pages. Open only what `save` wrote: a pickle."""
        small, spans = pickle.loads((folder / "small").read_bytes())  # noqa: S301
        with (folder / "arrays").open("rb") as file:
            whole = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
        plan: Plan = pickle.loads(small, buffers=[whole[at : at + size] for at, size in spans])  # noqa: S301
        return plan


def make_plan(prepared: Prepared, frequency: npt.ArrayLike, *, terms: Terms | None = None) -> Plan:
    """The plan of a prepared exposure for a hazard whose events have these frequencies, (E,) per year.

    Raises ArgumentError for terms: what is reckoned asset by asset cannot be summed by cell first.
    """
    if terms is not None:
        raise ArgumentError("terms", "are reckoned asset by asset; a plan sums assets by cell before any event.",
                            fix="Use assess(hazard, exposure, curves, terms=terms).", code="batch_terms")  # fmt: skip
    curves, grid = prepared.curves, prepared.linked.grid
    targets = len(prepared.linked.exposure.names) * _groups(prepared)
    key, value = _terms(prepared, targets)
    place, curve = np.divmod(key, curves.size)
    cell, target = np.divmod(place, targets)
    classes, term = np.unique(cell * curves.size + curve, return_index=True)
    arranged = _arranged(grid, (cell, target, curve, value), width(grid, curves.size, 1), fine=targets > 1)
    return Plan(grid, curves, _frequencies(frequency), arranged, classes, term, value[term], targets)


def _groups(prepared: Prepared) -> int:
    return max(1, int(prepared.groups.size))


def _terms(prepared: Prepared, targets: int) -> tuple[Ints, Floats]:
    """((cell * targets + target) * curves + curve, sum of values) that occur, rising; sums of 0 are left out."""
    exposure, linked = prepared.linked.exposure, prepared.linked.cell
    on = np.flatnonzero(linked >= 0)
    cell, keys, values = linked[on].astype(np.int64), [], []
    for number, name in enumerate(exposure.names):
        target = number * _groups(prepared) + prepared.group[on]
        keys.append((cell * targets + target) * prepared.curves.size + exposure.rows(name)[on])
        values.append(exposure.metric(name).value[on])
    key, value = _added(np.concatenate(keys), np.concatenate(values))
    some = value > 0
    return key[some], value[some]


def _added(key: Ints, value: Floats) -> tuple[Ints, Floats]:
    """Values summed by key, rising."""
    order = np.argsort(key, kind="stable")
    key = key[order]
    new = np.flatnonzero(np.diff(key, prepend=key[:1] - 1))
    return key[new], np.add.reduceat(value[order], new) if new.size else value[:0]


def _arranged(grid: Grid, terms: tuple[Ints, Ints, Ints, Floats], shift: int, *, fine: bool) -> Arranged:
    """Terms as the pass takes assets, see `arrange.arrange`: sorted by cell, then target."""
    cell, target, curve, value = terms
    fine = fine or cell.size * SPARSE < grid.size
    kind: Any = np.int32 if max(grid.size, cell.size) < 2**31 else np.int64
    start = np.searchsorted(cell, np.arange(-(-grid.size // (1 << shift)) + 1) << shift)
    held = Sorted(start, cell.astype(kind), np.arange(cell.size, dtype=kind), curve.astype(np.int32)[np.newaxis],
                  value[np.newaxis])  # fmt: skip
    return Arranged(held, target if fine else np.zeros(0, np.int64), shift, fine)


def _frequencies(frequency: npt.ArrayLike) -> Floats:
    given: Floats = checks.vector(frequency, "frequency", (np.float64,))
    checks.finite(given, "frequency")
    checks.not_negative(given, "frequency")
    return given


def sums_of(batches: Iterable[pa.RecordBatch], plan: Plan, *, rows: int = ROWS) -> Iterator[pa.RecordBatch]:
    """Partial sums of batches, small ones joined to at most `rows` rows (a larger one stays as it is)."""
    held: list[pa.RecordBatch] = []
    count = 0
    for batch in batches:
        if held and count + batch.num_rows > rows:
            yield partial_sums(_joined(held), plan)
            held, count = [], 0
        held.append(batch)
        count += batch.num_rows
    if held:
        yield partial_sums(_joined(held), plan)


def _joined(batches: list[pa.RecordBatch]) -> pa.RecordBatch:
    return batches[0] if len(batches) == 1 else pa.concat_batches(batches)


def partial_sums(batch: pa.RecordBatch, plan: Plan) -> pa.RecordBatch:
    """Sums over the rows of one batch: (kind, id, value), sorted so, at most one row for each event * target and class.

    batch: columns event, cell (whole numbers) and intensity. A pair (event, cell) must not come twice in all batches;
    twice in one batch is refused. Pure: the same batch and plan give the same bytes. Raises ArgumentError with the
    column and the row in the batch.
    """
    events, hazard = _read(batch, plan)
    held = plan.terms.assets
    # Arrays of a broadcast or mapped plan are read-only, and the pass is compiled for others.
    terms = Arranged(Sorted(*map(open_to_write, held)), open_to_write(plan.terms.group), plan.terms.shift,
                     plan.terms.fine)  # fmt: skip
    at, lost = assess_compiled(hazard, plan.curves, terms, plan.targets, held.order.size)
    row, target = np.nonzero(at[0])
    # The pass gives worth * expectation of a term, which for one term of each class is undone here.
    expected = lost[0][plan.term] / plan.worth
    touched = np.flatnonzero(expected)
    ids = np.concatenate([events[row] * plan.targets + target, plan.classes[touched]])
    return _batch_of(np.concatenate([at[0][row, target], expected[touched]]), ids, row.size)


def _batch_of(value: Floats, ids: Ints, at_event: int) -> pa.RecordBatch:
    """Rows of which the first are of AT_EVENT and the others of EXPECTATION."""
    kind = np.repeat(np.array([Kind.AT_EVENT, Kind.EXPECTATION], np.int8), [at_event, ids.size - at_event])
    return pa.RecordBatch.from_arrays([pa.array(kind), pa.array(ids), pa.array(value)], schema=SCHEMA)


def _read(batch: pa.RecordBatch, plan: Plan) -> tuple[Ints, Hazard]:
    """(events that occur, rising; their rows as a hazard)."""
    missing = {"event", "cell", "intensity"} - set(batch.schema.names)
    if missing:
        raise ArgumentError("batch", f"has no column {', '.join(sorted(missing))}.", code="batch_columns")
    event, cell = _column(batch, "event", np.int64), _column(batch, "cell", np.int64)
    intensity = _column(batch, "intensity", np.float64)
    if event.size and not 0 <= event.min() <= event.max() < plan.frequency.size:
        checks.refuse((event < 0) | (event >= plan.frequency.size), "event",
                      f"has no frequency: there are {plan.frequency.size} events.", code="event_unknown")  # fmt: skip
    try:
        return _hazard(event, cell, intensity, plan)
    except ArgumentError as error:
        if error.problem.code not in {"cell_unsorted", "event_unsorted"}:
            raise
    order = np.lexsort((cell, event))
    try:
        return _hazard(event[order], cell[order], intensity[order], plan)
    except ArgumentError as error:  # what was wrong in the sorted rows, said of the given ones
        index = None if error.index is None else int(order[error.index])
        raise ArgumentError(error.argument, error.problem.what, index=index, code=error.problem.code) from None


def _hazard(event: npt.NDArray[Any], cell: Any, intensity: Any, plan: Plan) -> tuple[Ints, Hazard]:
    """Rows sorted by event, then cell. Raises ArgumentError as Hazard does."""
    start = np.flatnonzero(event[1:] != event[:-1]) + 1
    edge = np.concatenate([np.zeros(min(1, event.size), np.int64), start, [event.size]])
    events = event[edge[:-1]].astype(np.int64)
    if (np.diff(events) < 0).any():
        raise ArgumentError("event", "comes after a larger event.", code="event_unsorted")
    return events, Hazard(plan.grid, edge, cell, intensity, plan.frequency[events])


def _column(batch: pa.RecordBatch, name: str, otherwise: Any) -> npt.NDArray[Any]:
    """A column as its own type where the pass knows it, else as `otherwise`; copied only then."""
    column, whole = batch.column(name), otherwise is np.int64
    kind = column.type
    if not (pa.types.is_integer(kind) or (pa.types.is_floating(kind) and not whole)):
        expected = "whole numbers" if whole else "numbers"
        raise ArgumentError(name, f"is of type {kind}, expected {expected}.", code="batch_types")
    if column.null_count:
        raise ArgumentError(name, "is empty.", index=int(column.is_null().index(pa.scalar(True)).as_py()),
                            code="batch_empty")  # fmt: skip
    numbers: npt.NDArray[Any] = column.to_numpy(zero_copy_only=False)
    known = (np.int32, np.int64) if whole else (np.float32, np.float64)
    return numbers if numbers.dtype in known else numbers.astype(otherwise)


def merge(parts: Iterable[pa.RecordBatch]) -> pa.RecordBatch:
    """Partial sums of parts added by (kind, id), sorted so. No parts give no rows.

    Parts are taken one after the other, and equal ones in equal order give equal bytes. Of what was taken, sums of
    about twice the rows of the largest part are held, however many parts there are.
    """
    held: list[tuple[Ints, Floats]] = []
    for part in parts:
        held.append(_unpacked(part))
        # As large as what lies below it: so each row is merged a few times only.
        while len(held) > 1 and 2 * held[-1][0].size >= held[-2][0].size:
            held[-2:] = [_both(held[-2], held[-1])]
    while len(held) > 1:
        held[-2:] = [_both(held[-2], held[-1])]
    key, value = held[0] if held else (np.zeros(0, np.int64), np.zeros(0))
    return _batch_of(value, key & ((1 << KIND_BIT) - 1), int(np.searchsorted(key, 1 << KIND_BIT)))


def _unpacked(part: pa.RecordBatch) -> tuple[Ints, Floats]:
    """(kind and id in one number, value), rising; another engine may have changed the order."""
    kind, ids, value = (part.column(name).to_numpy(zero_copy_only=False) for name in SCHEMA.names)
    key = (kind.astype(np.int64) << KIND_BIT) | ids
    return (key, value) if (key[1:] > key[:-1]).all() else _added(key, value)


def _both(first: tuple[Ints, Floats], second: tuple[Ints, Floats]) -> tuple[Ints, Floats]:
    one, two = ((open_to_write(key), open_to_write(value)) for key, value in (first, second))
    key, value = np.empty(one[0].size + two[0].size, np.int64), np.empty(one[0].size + two[0].size)
    size = _zip(one, two, (key, value))
    return key[:size], value[:size]


@compiled()
def _zip(one: Any, two: Any, out: Any) -> Any:
    """Two rising lists of (key, value) to one, values of equal keys added; how many came out."""
    i, j, k = 0, 0, 0
    while i < one[0].size and j < two[0].size:
        left, right = one[0][i], two[0][j]
        out[0][k] = min(left, right)
        out[1][k] = (one[1][i] if left <= right else 0.0) + (two[1][j] if right <= left else 0.0)
        i, j, k = i + (left <= right), j + (right <= left), k + 1
    for rest, at in ((one, i), (two, j)):
        size = rest[0].size - at
        out[0][k : k + size] = rest[0][at:]
        out[1][k : k + size] = rest[1][at:]
        k += size
    return k


def finish(sums: pa.RecordBatch, plan: Plan, prepared: Prepared) -> Impact:
    """The impact that merged sums stand for; equal to `prepared.assess` of the whole hazard to 1e-12."""
    kind, ids, value = (sums.column(name).to_numpy(zero_copy_only=False) for name in SCHEMA.names)
    names, groups = prepared.linked.exposure.names, int(prepared.groups.size)
    at = np.zeros(plan.frequency.size * plan.targets)
    at[ids[kind == Kind.AT_EVENT]] = value[kind == Kind.AT_EVENT]
    tables = at.reshape(plan.frequency.size, len(names), -1)[..., :groups].transpose(1, 0, 2)
    return build(
        prepared.linked, prepared.curves, plan.frequency, groups=prepared.groups, at=np.ascontiguousarray(tables),
        per_asset=_per_asset(ids[kind == Kind.EXPECTATION], value[kind == Kind.EXPECTATION], prepared), path="batch",
    )  # fmt: skip


def _per_asset(ids: Ints, value: Floats, prepared: Prepared) -> Floats:
    """(Q, N): value of the asset times the expectation of its cell and curve."""
    exposure, cell, curves = prepared.linked.exposure, prepared.linked.cell, prepared.curves.size
    result = np.zeros((len(exposure.names), exposure.size))
    on = np.flatnonzero(cell >= 0)
    for number, name in enumerate(exposure.names):
        pair = cell[on].astype(np.int64) * curves + exposure.rows(name)[on]
        expected = _looked_up(pair, ids, value, prepared.linked.grid.size * curves)
        result[number, on] = exposure.metric(name).value[on] * expected
    return result


def _looked_up(pair: Ints, ids: Ints, value: Floats, size: int) -> Floats:
    """The value beside each pair, 0 where it is not among the ids; from a table of all pairs unless they are many."""
    if size <= DENSE_CELLS * pair.size:
        table = np.zeros(size)
        table[ids] = value
        return table[pair]
    if not ids.size:
        return np.zeros(pair.size)
    at = np.minimum(np.searchsorted(ids, pair), ids.size - 1)
    return np.where(ids[at] == pair, value[at], 0.0)
