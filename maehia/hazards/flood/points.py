"""Water that enters or leaves at single cells, before the sweep of each step."""

# ruff: noqa: PLR0917 (a compiled loop takes its arrays in order)

from __future__ import annotations

import numpy as np

from maehia.base.compiled import compiled
from maehia.hazards.flood.layout import Bytes, Fields
from maehia.impact.checks import Floats

GIVE, DRAIN = 0, 1


@compiled()
def move(s: Fields, row: Bytes, col: Bytes, kind: Bytes, amount: Floats, dt: float, now: float, wet: float,
         moved: Floats) -> np.int64:  # fmt: skip
    """Change the depth of each point; `moved` takes the metres that came (+) or went (-).

    kind GIVE: `amount` metres, negative ones as far as there is water. DRAIN: amount m/s as far as there is water.
    Returns the bits of the greatest depth.
    """
    top = np.int64(0)
    for k in range(row.size):
        i, j = row[k], col[k]
        before = s.h[i, j]
        after = max(before + (amount[k] if kind[k] == GIVE else -amount[k] * dt), 0.0)
        s.h[i, j] = after
        moved[k] = after - before
        _cross(s, i, j, before >= wet, after >= wet, now)
        if after > 0.0:
            s.low[i], s.high[i] = min(s.low[i], j), max(s.high[i], j + 1)
        top = max(top, np.float64(after).view(np.int64))
    return top


@compiled()
def _cross(s: Fields, i: int, j: int, before: bool, after: bool, now: float) -> None:
    if before == after:
        return
    s.wet_for[i, j] += -now if after else now
    if after and np.isnan(s.arrival[i, j]):
        s.arrival[i, j] = now
