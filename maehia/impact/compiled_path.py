"""The compiled paths: lanes of tiles on all processors."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from maehia.impact import layout, records
from maehia.impact.arrange import Arranged
from maehia.impact.checks import Floats
from maehia.impact.curves import Curves
from maehia.impact.exposure import MAIN, Exposure
from maehia.impact.hazard import Hazard
from maehia.impact.lanes import open_to_write, share_out
from maehia.impact.terms import Terms


def assess_compiled(
    hazard: Hazard, curves: Curves, arranged: Arranged, groups: int, assets: int
) -> tuple[Floats, Floats]:
    """at (quantities, E, groups) and per_asset (quantities, assets), as `oracle.assess_plain`."""
    from maehia.impact import kernels

    held = arranged.assets
    quantities, stride = held.curve.shape[0], layout.fours(curves.size)
    if not groups:  # no assets, so no group that occurs
        return np.zeros((quantities, hazard.events, 0)), np.zeros((quantities, assets))
    step, spans = _spans(hazard, arranged, (16 * stride * quantities) << arranged.shift, quantities * groups)
    at = np.zeros((len(spans), hazard.events, quantities * groups))
    per_asset = np.zeros((quantities, assets))
    struck, ruler = _struck(hazard), layout.ruler(curves)

    def one(lane: int) -> None:
        rows = _aligned((2 * stride * step) << arranged.shift)
        span = records.Span(*spans[lane], arranged.shift, step, stride)
        kernels.pass_one(held, struck, ruler, span, (at[lane, :, 0], per_asset, rows))

    def many(lane: int) -> None:
        span = records.Span(*spans[lane], arranged.shift, step, stride)
        kernels.pass_many(held, work, struck, ruler, (span, at[lane], per_asset))

    if arranged.fine:
        work = records.Work(arranged.group, layout.panels(held.curve, curves.size, groups))
    share_out(many if arranged.fine else one, range(len(spans)))
    return _by_quantity(at, quantities, groups), per_asset


def assess_each(
    hazard: Hazard, curves: Curves, arranged: Arranged, exposure: Exposure, terms: Terms, *, groups: int
) -> tuple[Floats, Floats]:
    """As `oracle_each.assess_each_plain`; the assets must be arranged finely."""
    from maehia.impact import kernels

    held, quantities, stride = arranged.assets, len(exposure.names), layout.fours(curves.size)
    step, spans = _spans(hazard, arranged, 8 << arranged.shift, groups)
    at = np.zeros((len(spans), hazard.events, quantities, groups))
    per_asset = np.zeros((quantities, exposure.size))
    struck, ruler = _struck(hazard), layout.ruler(curves)
    works = [
        (arranged.group, _in_order(terms, held.order, exposure.size, curves, insured=name == MAIN))
        for name in exposure.names
    ]

    def run(job: tuple[int, int]) -> None:
        lane, number = job
        one = held._replace(curve=held.curve[number : number + 1], value=held.value[number : number + 1])
        span = records.Span(*spans[lane], arranged.shift, step, stride)
        sums = np.ascontiguousarray(at[lane, :, number])
        kernels.pass_each(one, works[number], struck, ruler, (span, sums, per_asset[number]))
        at[lane, :, number] = sums

    share_out(run, [(lane, number) for number in range(quantities) for lane in range(len(spans))])
    return _by_quantity(at, quantities, groups), per_asset


def _spans(hazard: Hazard, arranged: Arranged, tile_bytes: int, columns: int) -> tuple[int, list[tuple[int, int]]]:
    """(tiles at a time, [first tile, last tile) of each lane)."""
    start = arranged.assets.start
    step = layout.steps(hazard.nnz, hazard.events, start.size - 1, tile_bytes)
    count = layout.lanes(hazard.nnz + int(start[-1]), -(-(start.size - 1) // step), 8 * hazard.events * columns)
    return step, layout.lane_cuts(start, step, count)


def _struck(hazard: Hazard) -> records.Struck:
    return records.Struck(*map(open_to_write, (hazard.indptr, hazard.cell, hazard.intensity, hazard.frequency)))


def _in_order(terms: Terms, order: npt.NDArray[Any], size: int, curves: Curves, *, insured: bool) -> records.Terms:
    """Terms of the assets in this order; the cap of a factor and the seed as they are."""
    put = {}
    for name, none in (("floor", 0.0), ("deductible", 0.0), ("cover", np.inf)):
        given = terms.of_assets(name, size) if insured or name == "floor" else np.zeros(0)
        put[name] = given[order] if given.size else np.full(order.size, none)
    spread = np.zeros(0) if terms.std is None else layout.coefficients(curves.intensity, terms.std)
    return records.Terms(**put, spread=spread, most=float(terms.most), seed=int(terms.seed))


def _by_quantity(at: Floats, quantities: int, groups: int) -> Floats:
    """Lanes summed in order, (quantities, E, groups)."""
    total = at.sum(axis=0).reshape(at.shape[1], quantities, groups)
    return np.ascontiguousarray(total.transpose(1, 0, 2))


def _aligned(size: int) -> Floats:
    """Doubles that begin at a cache line, so that a row of eight takes one."""
    raw = np.empty(size + 8)
    skip = -(raw.ctypes.data // 8) % 8
    return raw[skip : skip + size]
