"""The plain path: NumPy and SciPy, one sparse product a class; what the compiled paths are held to.

damage of asset i in event e = value[i] * F[curve[i]](intensity[e, cell[i]])
V[cell, class] = sum of values, a class being a distinct (quantity, group, curve)
at_event[e]    = sum over cells and classes of V * F(intensity)
per_asset[i]   = value[i] * sum over events of frequency * F[curve[i]](intensity[e, cell[i]])
"""

from __future__ import annotations

from typing import Any

import numpy as np

from maehia.impact.checks import Floats, Ints
from maehia.impact.curves import Curves
from maehia.impact.exposure import Metric
from maehia.impact.hazard import Hazard


def damages(hazard: Hazard, curves: Curves, curve: int) -> Any:
    """(E, cells) sparse matrix of the damage factor of one curve; cells not listed are absent."""
    from scipy.sparse import csr_array

    left, base, slope = curves.segments()
    x = hazard.intensity.astype(np.float64)
    segment = np.searchsorted(curves.intensity, x, side="right")
    factor = base[curve, segment] + (x - left[segment]) * slope[curve, segment]
    return csr_array((factor, hazard.cell, hazard.indptr), shape=(hazard.events, hazard.grid.size))


def assess_plain(
    hazard: Hazard, curves: Curves, cell: Ints, metrics: list[Metric], *, group: Ints, groups: int
) -> tuple[Floats, Floats]:
    """at (quantities, E, groups) and per_asset (quantities, N) of assets that stand in `cell` (-1: nowhere)."""
    at = np.zeros((len(metrics), hazard.events, groups))
    per_asset = np.zeros((len(metrics), cell.size))
    for row in range(curves.size):
        factor = None
        for number, metric in enumerate(metrics):
            own = np.flatnonzero((metric.curve == row) & (cell >= 0))
            if not own.size:
                continue
            factor = damages(hazard, curves, row) if factor is None else factor
            values = _by_cell(cell[own], group[own], metric.value[own], hazard.grid.size, groups)
            at[number] += (factor @ values).toarray()
            per_asset[number, own] = metric.value[own] * (factor.T @ hazard.frequency)[cell[own]]
    return at, per_asset


def _by_cell(cell: Ints, group: Ints, value: Floats, cells: int, groups: int) -> Any:
    from scipy.sparse import coo_array

    return coo_array((value, (cell, group)), shape=(cells, groups)).tocsr()
