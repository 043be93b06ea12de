"""The compiled path: lanes of tiles on all processors."""

from __future__ import annotations

import numpy as np

from maehia.impact import layout
from maehia.impact.arrange import Arranged
from maehia.impact.checks import Floats
from maehia.impact.curves import Curves
from maehia.impact.hazard import Hazard
from maehia.impact.lanes import share_out


def assess_compiled(
    hazard: Hazard, curves: Curves, arranged: Arranged, groups: int, assets: int
) -> tuple[Floats, Floats]:
    """at (quantities, E, groups) and per_asset (quantities, assets), as `oracle.assess_plain`."""
    from maehia.impact import kernels

    quantities = arranged.assets.curve.shape[0]
    per_asset = np.zeros((quantities, assets))
    columns = quantities * groups
    stride = layout.fours(curves.size)
    tiles = arranged.assets.start.size - 1
    step = layout.steps(hazard.nnz, hazard.events, tiles, (16 * stride * quantities) << arranged.shift)
    count = layout.lanes(hazard.nnz + assets, -(-tiles // step), 8 * hazard.events * columns)
    spans = layout.lane_cuts(arranged.assets.start, step, count)
    at = np.zeros((len(spans), hazard.events, columns))
    struck = kernels.Struck(hazard.indptr, hazard.cell, hazard.intensity, hazard.frequency)
    ruler = layout.ruler(curves)
    simple = not arranged.fine
    panels = None if simple else layout.panels(arranged.assets.curve, curves.size, groups)

    def run(lane: int) -> None:
        span = kernels.Span(*spans[lane], arranged.shift, step, stride)
        if simple:
            rows = _aligned((2 * stride * step) << arranged.shift)
            kernels.pass_one(arranged.assets, struck, ruler, span, (at[lane, :, 0], per_asset, rows))
        else:
            work = kernels.Work(arranged.group, panels)
            kernels.pass_many(arranged.assets, work, struck, ruler, (span, at[lane], per_asset))

    share_out(run, range(len(spans)))
    total = at.sum(axis=0).reshape(hazard.events, quantities, groups)
    return np.ascontiguousarray(total.transpose(1, 0, 2)), per_asset


def _aligned(size: int) -> Floats:
    """Doubles that begin at a cache line, so that a row of eight takes one."""
    raw = np.empty(size + 8)
    skip = -(raw.ctypes.data // 8) % 8
    return raw[skip : skip + size]
