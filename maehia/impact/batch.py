"""The batch contract: record batches (event, cell, intensity) in, partial sums out, in any engine that has batches.

One pure function does the work, `partial_sums(batch, plan)`; partial sums of any split of the rows, in any order, are
added by `merge`; `finish` makes the same `Impact` as `assess` of the whole hazard. An event may lie in many batches.

    plan = make_plan(prepare(exposure, grid, curves), frequency)
    impact = finish(merge(partial_sums(batch, plan) for batch in interior.stream(path)), plan, prepared)

maehia.impact.runner runs it in processes of one machine. In Spark the function is the same, and the plan is broadcast:

    plan = spark.sparkContext.broadcast(plan)
    parts = (spark.read.parquet(path)
             .mapInArrow(lambda batches: (partial_sums(b, plan.value) for b in batches),
                         "kind byte, id long, value double")
             .groupBy("kind", "id").sum("value"))

and in Dask `dask.delayed(partial_sums)` over row groups, summed by a tree of `merge`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from enum import IntEnum
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from maehia.base.compiled import compiled
from maehia.impact import checks
from maehia.impact.assess import Prepared
from maehia.impact.checks import Floats, Ints
from maehia.impact.errors import ArgumentError
from maehia.impact.result import Impact, build

DENSE_CELLS = 1 << 24  # grids up to this size find a cell's place in a table (64 MB), larger ones by bisection


class Kind(IntEnum):
    """What a partial sum adds to."""

    AT_EVENT = 0  # id = event * targets + target; a target is a quantity of a group
    EXPECTATION = 1  # id = cell * curves + curve; sum of frequency * damage ratio


SCHEMA = pa.schema([("kind", pa.int8()), ("id", pa.int64()), ("value", pa.float64())])


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """All that a part needs to know: arrays and numbers only, so it can be pickled, broadcast and memory-mapped.

    Exposure is summed to terms (cell, curve, target), sorted so. cells: (S,) cells that hold assets, rising. start:
    (S + 1,) terms of each. kind: (T, 2) curve and target of each term. value: (T,). class_id: (T,) cell * curves +
    curve. first: (T,) True for the first term of each class_id. points: (K,) intensities of the curves; left, base,
    slope: their segments, see Curves.segments. frequency: (E,). place: position of each cell of the grid in `cells`,
    empty for large grids. size: cells of the grid. targets: quantities * groups.
    """

    cells: Ints
    start: Ints
    kind: npt.NDArray[np.int32]
    value: Floats
    class_id: Ints
    first: npt.NDArray[np.bool_]
    points: Floats
    left: Floats
    base: Floats
    slope: Floats
    frequency: Floats
    place: npt.NDArray[np.int32]
    size: int
    targets: int

    def places(self, cell: npt.NDArray[Any]) -> Ints:
        """Position of each cell in `cells`, -1 where no asset stands."""
        if self.place.size:
            dense: Ints = self.place[cell].astype(np.int64)
            return dense
        if not self.cells.size:
            return np.full(cell.shape, -1, np.int64)
        at = np.minimum(np.searchsorted(self.cells, cell), self.cells.size - 1)
        return np.where(self.cells[at] == cell, at, -1).astype(np.int64)

    def save(self, folder: Path) -> None:
        """Write the plan as one .npy file a field."""
        for field in fields(self):
            np.save(folder / f"{field.name}.npy", getattr(self, field.name))

    @classmethod
    def open(cls, folder: Path) -> Plan:
        """Memory-map a saved plan: processes of one machine share its pages."""
        # Copy on write: nobody writes, and the kernel meets the array types it is compiled for.
        arrays: dict[str, Any] = {
            field.name: np.asarray(np.load(folder / f"{field.name}.npy", mmap_mode="c")) for field in fields(cls)
        }
        return cls(**{**arrays, "size": int(arrays["size"]), "targets": int(arrays["targets"])})


def make_plan(prepared: Prepared, frequency: npt.ArrayLike) -> Plan:
    """The plan of a prepared exposure for a hazard whose events have these frequencies, (E,) per year."""
    curves, size = prepared.curves, prepared.linked.grid.size
    pair, target, value = _terms(prepared)
    order = np.lexsort((target, pair))
    pair, target = pair[order], target[order]
    new = np.flatnonzero(np.diff(pair, prepend=-1) | np.diff(target, prepend=-1))
    value = np.add.reduceat(value[order], new) if new.size else value
    pair, target = pair[new], target[new]
    cells, start = np.unique(pair // curves.size, return_index=True)
    left, base, slope = curves.segments()
    return Plan(
        cells=cells, start=np.append(start, pair.size), kind=np.stack([pair % curves.size, target], 1).astype(np.int32),
        value=value, class_id=pair, first=np.diff(pair, prepend=-1) != 0, points=curves.intensity, left=left, base=base,
        slope=slope, frequency=_frequencies(frequency), place=_place_table(cells, size), size=size,
        targets=len(prepared.linked.exposure.names) * _groups(prepared),
    )  # fmt: skip


def _groups(prepared: Prepared) -> int:
    return max(1, int(prepared.groups.size))


def _terms(prepared: Prepared) -> tuple[Ints, Ints, Floats]:
    """(cell * curves + curve, target, value) of every asset on the grid and every quantity."""
    exposure, cell = prepared.linked.exposure, prepared.linked.cell
    on = np.flatnonzero(cell >= 0)
    pairs, targets, values = [], [], []
    for number, name in enumerate(exposure.names):
        metric = exposure.metric(name)
        pairs.append(cell[on] * prepared.curves.size + exposure.rows(name)[on])
        targets.append(number * _groups(prepared) + prepared.group[on])
        values.append(metric.value[on])
    return np.concatenate(pairs).astype(np.int64), np.concatenate(targets).astype(np.int64), np.concatenate(values)


def _place_table(cells: Ints, size: int) -> npt.NDArray[np.int32]:
    if size > DENSE_CELLS:
        return np.zeros(0, np.int32)
    table = np.full(size, -1, np.int32)
    table[cells] = np.arange(cells.size)
    return table


def _frequencies(frequency: npt.ArrayLike) -> Floats:
    given: Floats = checks.vector(frequency, "frequency", (np.float64,))
    checks.finite(given, "frequency")
    checks.not_negative(given, "frequency")
    return given


def partial_sums(batch: pa.RecordBatch, plan: Plan) -> pa.RecordBatch:
    """Sums over the rows of one batch: (kind, id, value), at most one row for each event * target and class touched.

    batch: columns event, cell (whole numbers) and intensity. A pair (event, cell) must not come twice in all batches.
    Pure: the same batch and plan give the same bytes. Raises ArgumentError with the column and the row in the batch.
    """
    event, cell, intensity = _columns(batch, plan)
    first = int(event.min()) if event.size else 0
    local = (event - first).astype(np.int64)
    at = np.zeros((int(local.max()) + 1 if local.size else 0, plan.targets))
    touched = np.zeros(at.shape[0], np.bool_)
    # Value and expectation of a term side by side: one line of the processor's cache holds both.
    terms = np.zeros((plan.value.size, 2))
    terms[:, 0] = plan.value
    often = plan.frequency[first : first + at.shape[0]]
    curves = plan.points, plan.left, plan.base, plan.slope
    _add_rows((local, plan.places(cell), intensity), often, (plan.start, plan.kind, terms), curves, (at, touched))
    return _rows(plan, first, at[touched], np.flatnonzero(touched), terms[:, 1])


def _columns(batch: pa.RecordBatch, plan: Plan) -> tuple[npt.NDArray[Any], npt.NDArray[Any], npt.NDArray[Any]]:
    missing = {"event", "cell", "intensity"} - set(batch.schema.names)
    if missing:
        raise ArgumentError("batch", f"has no column {', '.join(sorted(missing))}.", code="batch_columns")
    event, cell, intensity = (_numbers(batch, name) for name in ("event", "cell", "intensity"))
    checks.refuse((event < 0) | (event >= plan.frequency.size), "event",
                  f"has no frequency: there are {plan.frequency.size} events.")  # fmt: skip
    checks.refuse((cell < 0) | (cell >= plan.size), "cell", f"is outside the grid (0 to {plan.size - 1}).")
    checks.finite(intensity, "intensity")
    checks.not_negative(intensity, "intensity")
    return event, cell, intensity


def _numbers(batch: pa.RecordBatch, name: str) -> npt.NDArray[Any]:
    column = batch.column(name)
    if column.null_count:
        raise ArgumentError(name, "is empty.", index=int(column.is_null().index(True).as_py()))
    return column.to_numpy(zero_copy_only=False)  # type: ignore[no-any-return]


def _rows(plan: Plan, first: int, at: Floats, events: Ints, expected: Floats) -> pa.RecordBatch:
    ids = ((events + first)[:, np.newaxis] * plan.targets + np.arange(plan.targets)).ravel()
    classes = np.flatnonzero((expected != 0) & plan.first)
    kind = np.repeat(np.array([Kind.AT_EVENT, Kind.EXPECTATION], np.int8), [ids.size, classes.size])
    value = np.concatenate([at.ravel(), expected[classes]])
    return _batch_of(kind, np.concatenate([ids, plan.class_id[classes]]), value)


def _batch_of(kind: npt.NDArray[Any], ids: npt.NDArray[Any], value: Floats) -> pa.RecordBatch:
    return pa.RecordBatch.from_arrays([pa.array(kind), pa.array(ids), pa.array(value)], schema=SCHEMA)


@compiled()
def _add_rows(rows: Any, frequency: Any, plan: Any, segments: Any, sums: Any) -> None:
    """Damage ratios as Curves.at: one search for the segment of a row, shared by all curves."""
    event, place, intensity = rows
    start, kind, terms = plan
    points, left, base, slope = segments
    at, touched = sums
    for i in range(event.size):
        cell = place[i]
        if cell < 0:
            continue
        e = event[i]
        touched[e] = True
        x = np.float64(intensity[i])
        k = np.searchsorted(points, x, side="right")
        beyond = x - left[k]
        for t in range(start[cell], start[cell + 1]):
            ratio = base[kind[t, 0], k] + beyond * slope[kind[t, 0], k]
            terms[t, 1] += frequency[e] * ratio
            at[e, kind[t, 1]] += terms[t, 0] * ratio


def merge(parts: Iterable[pa.RecordBatch]) -> pa.RecordBatch:
    """Partial sums of parts added by (kind, id), sorted by id, then kind. No parts give no rows."""
    table = pa.Table.from_batches(list(parts), schema=SCHEMA)
    kind, ids, value = (table[name].to_numpy() for name in SCHEMA.names)
    # Each part is sorted already: a stable sort merges such runs instead of starting anew.
    order = np.argsort(ids * len(Kind) + kind, kind="stable")
    kind, ids, value = kind[order], ids[order], value[order]
    new = np.flatnonzero((np.diff(kind, prepend=-1) != 0) | (np.diff(ids, prepend=-1) != 0))
    return _batch_of(kind[new], ids[new], np.add.reduceat(value, new) if new.size else value)


def finish(sums: pa.RecordBatch, plan: Plan, prepared: Prepared) -> Impact:
    """The impact that merged sums stand for; equal to `prepared.assess` of the whole hazard to 1e-12."""
    kind, ids, value = (sums.column(name).to_numpy(zero_copy_only=False) for name in SCHEMA.names)
    exposure, groups = prepared.linked.exposure, _groups(prepared)
    at = np.zeros(plan.frequency.size * plan.targets)
    at[ids[kind == Kind.AT_EVENT]] = value[kind == Kind.AT_EVENT]
    tables = at.reshape(plan.frequency.size, len(exposure.names), groups).transpose(1, 0, 2)
    return build(
        prepared.linked, prepared.curves, plan.frequency, groups=prepared.groups, at=np.ascontiguousarray(tables),
        per_asset=_per_asset(ids[kind == Kind.EXPECTATION], value[kind == Kind.EXPECTATION], prepared), path="batch",
    )  # fmt: skip


def _per_asset(ids: Ints, value: Floats, prepared: Prepared) -> Floats:
    """(Q, N): value of the asset times the expectation of its cell and curve."""
    exposure, cell = prepared.linked.exposure, prepared.linked.cell
    result = np.zeros((len(exposure.names), exposure.size))
    if not ids.size:
        return result
    for number, name in enumerate(exposure.names):
        metric = exposure.metric(name)
        pair = cell * prepared.curves.size + exposure.rows(name)
        at = np.minimum(np.searchsorted(ids, pair), ids.size - 1)
        result[number] = np.where((ids[at] == pair) & (cell >= 0), metric.value * value[at], 0.0)
    return result
