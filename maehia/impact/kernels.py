"""The compiled pass over a hazard, tile by tile.

A tile is a run of cells whose sums fit in the processor's second cache. For each tile the values of its assets are
summed to V[cell, curve]; then all events are walked through the tile, each from where it was left in the tile
before; the expectation g[cell, curve] goes back to the assets. No array has the size of the grid.

Everything compiled together stands in this file: Numba's cache on disk looks at the file of the kernel only.
Indices are unsigned where it matters: a signed one is tested for being negative at each use.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from maehia.base.compiled import compiled
from maehia.impact.records import Slots

FOUR = 4
_U = np.uint64
_INDEX = ir.IntType(32)
_LANES = ir.VectorType(_INDEX, FOUR)
_VECTOR = ir.VectorType(ir.DoubleType(), FOUR)
_FUSED = ("contract",)


def _place(context: Any, builder: Any, kind: Any, array: Any, at: Any) -> Any:
    data = context.make_array(kind)(context, builder, array).data
    return builder.bitcast(builder.gep(data, [at]), _VECTOR.as_pointer())


def _spread(builder: Any, number: Any) -> Any:
    none = ir.Constant(_VECTOR, ir.Undefined)
    one = builder.insert_element(none, number, ir.Constant(_INDEX, 0))
    return builder.shuffle_vector(one, none, ir.Constant(_LANES, [0] * FOUR))


def _fused(builder: Any, first: Any, second: Any, third: Any) -> Any:
    return builder.fadd(third, builder.fmul(first, second, flags=_FUSED), flags=_FUSED)


def _total(builder: Any, four: Any) -> Any:
    """(0 + 2) + (1 + 3)."""
    turned = builder.shuffle_vector(four, four, ir.Constant(_LANES, [2, 3, 0, 1]))
    halves = builder.fadd(four, turned)
    return builder.fadd(*[builder.extract_element(halves, ir.Constant(_INDEX, k)) for k in (0, 1)])


# LLVM does not turn a loop of four inside a larger loop into vector instructions by itself; written as vectors of
# four doubles it becomes one or two instructions each, on x86-64 and ARM alike.
def _strike_vector(typing: Any, ruler: Any, curve: Any, rows: Any, out: Any) -> Any:
    """ruler: (coef, at, slope, past); rows: (array, at, weight). f = base + past * slope; rows += weight * f;
    out[curve:curve + 4] = f."""

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        (coef, at, slope, past), (array, gain, weight) = (
            [builder.extract_value(args[k], j) for j in range(len(signature.args[k]))] for k in (0, 2)
        )
        kinds = signature.args[0][0], signature.args[2][0]
        base = builder.load(_place(context, builder, kinds[0], coef, at), align=8)
        steep = builder.load(_place(context, builder, kinds[0], coef, slope), align=8)
        factor = _fused(builder, steep, _spread(builder, past), base)
        place = _place(context, builder, kinds[1], array, gain)
        held = builder.load(place, align=8)
        builder.store(_fused(builder, factor, _spread(builder, weight), held), place, align=8)
        builder.store(factor, _place(context, builder, signature.args[3], args[3], args[1]), align=8)
        return context.get_dummy_value()

    return types.void(ruler, types.uint64, rows, out), generate


def _dot_vector(typing: Any, first: Any, at: Any, second: Any, to: Any) -> Any:
    """Sum of first[at:at + 4] * second[to:to + 4]."""

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        one = builder.load(_place(context, builder, signature.args[0], args[0], args[1]), align=8)
        two = builder.load(_place(context, builder, signature.args[2], args[2], args[3]), align=8)
        return _total(builder, builder.fmul(one, two))

    return types.float64(first, types.uint64, second, types.uint64), generate


_factor_four: Any = intrinsic(_strike_vector)
_dot_four: Any = intrinsic(_dot_vector)


@compiled()
def _segment(ruler: Any, x: Any) -> Any:
    """Segment of intensity x: the bucket says where to begin, never past it; then step up to it."""
    bucket = (x - ruler.low) * ruler.scale
    bucket = bucket if bucket > 0.0 else 0.0
    bucket = bucket if bucket < ruler.top else ruler.top
    segment = _U(ruler.start[_U(np.int64(bucket))])
    while x >= ruler.edge[segment]:
        segment += _U(1)
    return segment


@compiled()
def _reach(cell: Any, at: Any, end: Any, first: Any) -> Any:
    """First place in cell[at:end] that is not below `first`: strides that double, then halving."""
    stride = _U(1)
    while at + stride < end and cell[at + stride] < first:
        at += stride
        stride *= _U(2)
    high = min(at + stride, end)
    while at < high:
        middle = (at + high) >> _U(1)
        if cell[middle] < first:
            at = middle + _U(1)
        else:
            high = middle
    return at


@compiled()
def _sweep_one(struck: Any, ruler: Any, tile: Any, ahead: Any, at: Any) -> Any:
    """All events through one tile of one quantity. tile: (first cell, cell beyond, curves, rows
    [cell, (V, g), curve] flat, scratch)."""
    first, beyond, curves, rows, factor = tile
    curves, two = _U(curves), _U(2 * curves)
    for event in range(struck.frequency.size):
        here, end, weight, total = _U(ahead[event]), _U(struck.indptr[event + 1]), struck.frequency[event], 0.0
        if here < end and struck.cell[here] < first:
            here = _reach(struck.cell, here, end, first)
        while here < end and struck.cell[here] < beyond:
            x = np.float64(struck.intensity[here])
            segment = _segment(ruler, x)
            row, to, past = _U(struck.cell[here] - first) * two, segment * two, x - ruler.left[segment]
            curve = _U(0)
            while True:
                _factor_four(
                    (ruler.coef, to + curve, to + curve + curves, past),
                    curve,
                    (rows, row + curve + curves, weight),
                    factor,
                )
                total += _dot_four(rows, row + curve, factor, curve)
                curve += _U(FOUR)
                if curve >= curves:
                    break
            here += _U(1)
        ahead[event] = here
        at[event] += total


@compiled()
def _sum_values(assets: Any, begin: Any, end: Any, tile: Any) -> Any:
    """V[cell, curve] of one quantity, into the first half of each row."""
    first, _, curves, rows, _ = tile
    rows[:] = 0.0
    for k in range(begin, end):
        rows[_U(assets.cell[k] - first) * _U(2 * curves) + _U(assets.curve[0, k])] += assets.value[0, k]


@compiled()
def _give_back(assets: Any, begin: Any, end: Any, tile: Any, per_asset: Any) -> Any:
    """per_asset = value * g[cell, curve]."""
    first, _, curves, rows, _ = tile
    for k in range(begin, end):
        place = _U(assets.cell[k] - first) * _U(2 * curves) + _U(curves) + _U(assets.curve[0, k])
        per_asset[0, assets.order[k]] = assets.value[0, k] * rows[place]


@compiled()
def pass_one(assets: Any, struck: Any, ruler: Any, span: Any, out: Any) -> Any:
    """A lane of tiles, one quantity, no groups. out: (at (E,), per_asset (1, N), rows scratch)."""
    at, per_asset, rows = out
    ahead = struck.indptr[:-1].copy()
    factor = np.empty(span.curves)
    for tile in range(span.first, span.last, span.step):
        begin, end = assets.start[tile], assets.start[min(tile + span.step, span.last)]
        if begin == end:
            continue
        beyond = min(tile + span.step, span.last) << span.shift
        piece = (tile << span.shift, beyond, span.curves, rows, factor)
        _sum_values(assets, begin, end, piece)
        _sweep_one(struck, ruler, piece, ahead, at)
        _give_back(assets, begin, end, piece, per_asset)


@compiled()
def _open_slots(assets: Any, group: Any, begin: Any, end: Any, tile: Any) -> Any:
    """Slots of a tile whose assets are sorted by (cell, group). tile: (first cell, cell beyond, panels)."""
    first, beyond, panels = tile
    at = np.zeros(beyond - first + 1, np.int64)
    groups = np.empty(end - begin, np.int64)
    slots = 0
    for k in range(begin, end):
        if k == begin or assets.cell[k] != assets.cell[k - 1] or group[k] != group[k - 1]:
            groups[slots] = group[k]
            slots += 1
            at[assets.cell[k] - first + 1] = slots
    for c in range(1, at.size):
        at[c] = max(at[c], at[c - 1])
    return Slots(at, groups[:slots], np.zeros(slots * panels * FOUR))


@compiled()
def _sum_slots(assets: Any, work: Any, begin: Any, end: Any, slots: Any) -> Any:
    """V of every slot and panel."""
    group, panels = work
    slot, count = -1, panels.quantity.size
    for k in range(begin, end):
        if k == begin or assets.cell[k] != assets.cell[k - 1] or group[k] != group[k - 1]:
            slot += 1
        for quantity in range(assets.curve.shape[0]):
            curve = assets.curve[quantity, k]
            panel = slot * count + panels.of[quantity, curve >> 2]
            slots.value[panel * FOUR + (curve & 3)] += assets.value[quantity, k]


@compiled()
def _strike_slots(slots: Any, panels: Any, row: Any, factor: Any, at: Any) -> Any:
    """at[quantity * groups + group] += V . f for what stands in one cell."""
    count = _U(panels.quantity.size)
    for slot in range(_U(slots.at[row]), _U(slots.at[row + _U(1)])):
        group = _U(slots.group[slot])
        for panel in range(count):
            column = _U(panels.quantity[panel]) * _U(panels.groups) + group
            at[column] += _dot_four(
                slots.value, (slot * count + panel) * _U(FOUR), factor, _U(panels.four[panel]) * _U(FOUR)
            )


@compiled()
def _sweep_many(struck: Any, ruler: Any, tile: Any, ahead: Any, at: Any) -> Any:
    """As _sweep_one for many quantities and groups; cells where nothing stands are passed over."""
    first, beyond, gain, factor, slots, panels = tile
    curves = _U(factor.size)
    for event in range(struck.frequency.size):
        here, end, weight = _U(ahead[event]), _U(struck.indptr[event + 1]), struck.frequency[event]
        if here < end and struck.cell[here] < first:
            here = _reach(struck.cell, here, end, first)
        while here < end and struck.cell[here] < beyond:
            row = _U(struck.cell[here] - first)
            if slots.at[row] < slots.at[row + _U(1)]:
                x = np.float64(struck.intensity[here])
                segment = _segment(ruler, x)
                to, past = segment * _U(2) * curves, x - ruler.left[segment]
                for curve in range(_U(0), curves, _U(FOUR)):
                    _factor_four(
                        (ruler.coef, to + curve, to + curve + curves, past),
                        curve,
                        (gain, row * curves + curve, weight),
                        factor,
                    )
                _strike_slots(slots, panels, row, factor, at[event])
            here += _U(1)
        ahead[event] = here


@compiled()
def _give_all_back(assets: Any, begin: Any, end: Any, gains: Any, per_asset: Any) -> Any:
    """per_asset = value * g[cell, curve] of every quantity. gains: (first cell, curves, g flat)."""
    first, curves, gain = gains
    for quantity in range(assets.curve.shape[0]):
        for k in range(begin, end):
            place = _U(assets.cell[k] - first) * _U(curves) + _U(assets.curve[quantity, k])
            per_asset[quantity, assets.order[k]] = assets.value[quantity, k] * gain[place]


@compiled()
def pass_many(assets: Any, work: Any, struck: Any, ruler: Any, lane: Any) -> Any:
    """A lane of tiles, any quantities and groups. lane: (span, at (E, quantities * groups), per_asset)."""
    span, at, per_asset = lane
    ahead = struck.indptr[:-1].copy()
    factor = np.empty(span.curves)
    for tile in range(span.first, span.last, span.step):
        upto = min(tile + span.step, span.last)
        begin, end = assets.start[tile], assets.start[upto]
        if begin == end:
            continue
        first, beyond = tile << span.shift, upto << span.shift
        slots = _open_slots(assets, work.group, begin, end, (first, beyond, work.panels.quantity.size))
        _sum_slots(assets, work, begin, end, slots)
        gain = np.zeros((beyond - first) * span.curves)
        _sweep_many(struck, ruler, (first, beyond, gain, factor, slots, work.panels), ahead, at)
        _give_all_back(assets, begin, end, (first, span.curves, gain), per_asset)


@compiled()
def _philox(key: Any, asset: Any, event: Any) -> Any:
    """Two uniform numbers in (0, 1): Philox4x32-10 (Salmon et al. 2011) at counter (asset, event)."""
    low32 = _U(0xFFFFFFFF)
    a, b, c, d = asset & low32, asset >> _U(32), event & low32, event >> _U(32)
    k, m = key & low32, key >> _U(32)
    for _ in range(10):
        one, two = _U(0xD2511F53) * a, _U(0xCD9E8D57) * c
        a, b, c, d = (two >> _U(32)) ^ b ^ k, two & low32, (one >> _U(32)) ^ d ^ m, one & low32
        k, m = (k + _U(0x9E3779B9)) & low32, (m + _U(0xBB67AE85)) & low32
    scale = 1.0 / 9007199254740992.0
    first = np.float64(((a << _U(32)) | b) >> _U(11))
    second = np.float64(((c << _U(32)) | d) >> _U(11))
    return (first + 0.5) * scale, (second + 0.5) * scale


@compiled()
def _sampled(mean: Any, spread: Any, most: Any, one: Any, two: Any) -> Any:
    """A lognormal number of this mean and standard deviation, by Box and Muller from two uniform ones."""
    if mean <= 0.0 or spread <= 0.0:
        return mean
    normal = np.sqrt(-2.0 * np.log(one)) * np.cos(2.0 * np.pi * two)
    # Farther apart the square overflows, and what is drawn is 0 in either case.
    variance = np.log1p(min(spread / mean, 1e150) ** 2)
    return min(mean * np.exp(np.sqrt(variance) * normal - 0.5 * variance), most)


@compiled()
def _sweep_each(assets: Any, work: Any, struck: Any, ruler: Any, tile: Any) -> Any:
    """All events through one tile, asset by asset. tile: (first cell, slots, curves, ahead, at, sums).

    The loss is written out here: handing all these tables to a function for each asset costs ten times as much.
    """
    group, terms = work
    first, slots, curves, ahead, at, sums = tile
    beyond, begin, curves, chance = first + slots.size - 1, slots[0], _U(curves), terms.spread.size > 0
    for event in range(struck.frequency.size):
        here, end, weight = _U(ahead[event]), _U(struck.indptr[event + 1]), struck.frequency[event]
        if here < end and struck.cell[here] < first:
            here = _reach(struck.cell, here, end, first)
        while here < end and struck.cell[here] < beyond:
            row, depth = _U(struck.cell[here] - first), np.float64(struck.intensity[here])
            for k in range(slots[row], slots[row + _U(1)]):
                x = depth - terms.floor[k]
                segment = _segment(ruler, x)
                to, past = segment * _U(2) * curves + _U(assets.curve[0, k]), x - ruler.left[segment]
                factor = ruler.coef[to] + past * ruler.coef[to + curves]
                if chance:
                    spread = terms.spread[to] + past * terms.spread[to + curves]
                    one, two = _philox(_U(terms.seed), _U(assets.order[k]), _U(event))
                    factor = _sampled(factor, spread, terms.most, one, two)
                lost = assets.value[0, k] * factor if x >= 0.0 else 0.0
                lost = min(max(lost - terms.deductible[k], 0.0), terms.cover[k])
                at[event, group[k]] += lost
                sums[k - begin] += weight * lost
            here += _U(1)
        ahead[event] = here


@compiled()
def pass_each(assets: Any, work: Any, struck: Any, ruler: Any, lane: Any) -> Any:
    """A lane of tiles of one quantity, asset by asset. work: (group, terms); lane: (span, at (E, G), per_asset)."""
    span, at, per_asset = lane
    ahead = struck.indptr[:-1].copy()
    for tile in range(span.first, span.last, span.step):
        upto = min(tile + span.step, span.last)
        begin, end = assets.start[tile], assets.start[upto]
        if begin == end:
            continue
        first = tile << span.shift
        slots = np.zeros(((upto - tile) << span.shift) + 1, np.int64)
        for k in range(begin, end):
            slots[assets.cell[k] - first + 1] += 1
        slots[0] = begin
        for c in range(1, slots.size):
            slots[c] += slots[c - 1]
        sums = np.zeros(end - begin)
        _sweep_each(assets, work, struck, ruler, (first, slots, span.curves, ahead, at, sums))
        for k in range(begin, end):
            per_asset[assets.order[k]] = sums[k - begin]
