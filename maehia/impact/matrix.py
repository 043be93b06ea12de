"""Impact of chosen events on each asset: the rows of the matrix whose sums `assess` gives."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from maehia.impact import checks
from maehia.impact.checks import Floats, Ints
from maehia.impact.errors import ArgumentError
from maehia.impact.hazard import Hazard
from maehia.impact.oracle_each import losses
from maehia.impact.terms import Terms

if TYPE_CHECKING:
    from maehia.impact.result import Impact

# Sums in another order differ in the last places; another hazard differs in the first.
CLOSE = 1e-9
ROUNDING = 1e-14


class Rows:
    """Event after event of an impact, as (assets rising, loss of each). Assets in dry cells are left out."""

    def __init__(self, impact: Impact, hazard: Hazard) -> None:
        cell = impact.linked.cell
        inside = np.flatnonzero(cell >= 0)
        self.impact, self.hazard = impact, hazard
        self.order = inside[np.argsort(cell[inside], kind="stable")]
        self.cell = cell[self.order]

    def of(self, event: int) -> tuple[Ints, Floats]:
        cells, intensity = self.hazard.event(event)
        begin, end = (np.searchsorted(self.cell, cells, side=side) for side in ("left", "right"))
        count = end - begin
        # Numbers begin, begin + 1, ... end - 1 of each cell, one after the other.
        place = np.arange(count.sum()) + np.repeat(begin - np.cumsum(count) + count, count)
        wet, depth = self.order[place], np.repeat(intensity.astype(np.float64), count)
        rising = np.argsort(wet)
        wet, depth = wet[rising], depth[rising]
        impact = self.impact
        return wet, losses(impact.curves, impact.exposure, impact.terms or Terms(), impact.name, (wet, depth, event))


def rows_of(impact: Impact, hazard: Hazard, events: npt.ArrayLike) -> Any:
    """See `Impact.at`."""
    from scipy.sparse import csr_array

    chosen, rows = checks.positions(events, "events", hazard.events), Rows(impact, hazard)
    parts = [rows.of(int(event)) for event in chosen]
    data = np.concatenate([np.zeros(0), *(loss for _, loss in parts)])
    indices = np.concatenate([np.zeros(0, np.int64), *(wet for wet, _ in parts)])
    indptr = np.cumsum([0, *(wet.size for wet, _ in parts)])
    found = csr_array((data, indices, indptr), shape=(chosen.size, impact.exposure.size))
    check_same(found.sum(axis=1), impact.at_event[chosen], most=_most(impact))
    return found


def _most(impact: Impact) -> float:
    """What all assets together can lose."""
    return float(impact.exposure.metric(impact.name).value.sum() * impact.curves.damage.max())


def as_hazard(impact: Impact, hazard: Hazard) -> Hazard:
    """Impact of each event on each of its cells where assets stand, in place of the intensity."""
    cell, rows = impact.linked.cell, Rows(impact, hazard)
    held, place = np.unique(rows.cell, return_inverse=True)
    of_asset = np.zeros(cell.size, np.int64)
    of_asset[rows.order] = place
    cells: list[Any] = [held[:0]]
    sums: list[Any] = [np.zeros(0)]
    lengths = [0]
    for event in range(hazard.events):
        wet, loss = rows.of(event)
        struck = np.unique(of_asset[wet])
        cells.append(held[struck])
        lengths.append(struck.size)
        sums.append(np.bincount(of_asset[wet], weights=loss, minlength=held.size)[struck])
    struck_cells = (np.cumsum(lengths), np.concatenate(cells), np.concatenate(sums), hazard.frequency)
    return Hazard.trusted(hazard.grid, struck_cells, hazard.unit)


def check_same(found: Floats, expected: Floats, most: float) -> None:
    """Raises ArgumentError when sums of a hazard's impacts are not those that were assessed.

    most: what can be lost; where a curve falls to 0, what is left of it is the rounding of its height.
    """
    other = np.abs(found - expected) > CLOSE * np.abs(expected) + ROUNDING * most
    if other.any():
        raise ArgumentError("hazard", "is not the one that was assessed: its impacts sum up to something else.",
                            code="hazard_differs")  # fmt: skip
