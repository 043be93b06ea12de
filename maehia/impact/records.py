"""What the compiled passes take and share: named tuples, which Numba reads by field."""

from __future__ import annotations

from typing import Any, NamedTuple


class Sorted(NamedTuple):
    """Assets in order of their tiles. start: (tiles + 1,). cell, order: (n,). curve, value: (quantities, n)."""

    start: Any
    cell: Any
    order: Any
    curve: Any
    value: Any


class Struck(NamedTuple):
    """The arrays of a Hazard."""

    indptr: Any
    cell: Any
    intensity: Any
    frequency: Any


class Ruler(NamedTuple):
    """Curves laid out for the pass, see `layout.ruler`. coef: [segment, (base, slope), curve] flat, curves in fours."""

    low: float
    scale: float
    top: float
    start: Any
    edge: Any
    left: Any
    coef: Any


class Span(NamedTuple):
    """What a lane does: tiles first to last of 2**shift cells each, `step` tiles at a time; curves in fours."""

    first: int
    last: int
    shift: int
    step: int
    curves: int


class Work(NamedTuple):
    """group: (n,) column of each asset. panels: see Panels."""

    group: Any
    panels: Any


class Slots(NamedTuple):
    """What stands in a tile. at: (cells + 1,) slots of each cell, a slot being a (cell, group) that occurs.
    group: (slots,). value: V[slot, panel, 4] flat, a panel being a (quantity, four curves) that occurs."""

    at: Any
    group: Any
    value: Any


class Panels(NamedTuple):
    """of: (quantities, fours) number of the panel, -1 for none. quantity, four: (panels,). groups: how many."""

    of: Any
    quantity: Any
    four: Any
    groups: int


class Terms(NamedTuple):
    """Per asset in their order, (n,), 0, 0 and infinity where they do not apply: floor, deductible, cover. spread:
    standard deviations laid out as Ruler.coef, or empty. most: cap of a sampled factor. seed: key of the samples."""

    floor: Any
    deductible: Any
    cover: Any
    spread: Any
    most: float
    seed: int
