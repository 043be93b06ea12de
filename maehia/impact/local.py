"""How often each place is struck: return-period maps of intensity and of impact."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from maehia.impact.checks import Floats, Ints
from maehia.impact.exceedance import periods_of
from maehia.impact.hazard import Hazard
from maehia.impact.matrix import as_hazard

if TYPE_CHECKING:
    from maehia.impact.result import Impact

ValueOf = Callable[[Ints, npt.NDArray[Any]], Floats]
# Listed (event, cell) pairs sorted at a time.
_PAIRS = 1 << 21


def intensity_map(hazard: Hazard, return_periods: npt.ArrayLike) -> Floats:
    """(R, ny, nx): intensity that is reached in each cell once in each return period, row 0 southernmost.

    By the rule of `Impact.exceedance`, over the events that list the cell. At return periods below all of these the
    cell is dry: 0, as everywhere in a cell that no event lists; above the range NaN, since nothing so rare was
    simulated.
    """
    return _maps(hazard, return_periods, lambda cell, intensity: intensity.astype(np.float64))


def impact_map(impact: Impact, hazard: Hazard, return_periods: npt.ArrayLike) -> Floats:
    """(R, ny, nx): as `intensity_map`, of the impact of all assets in a cell."""
    if impact.terms is not None:
        return intensity_map(as_hazard(impact, hazard), return_periods)
    held, values = _by_cell(impact)

    def of_pairs(cell: Ints, intensity: npt.NDArray[Any]) -> Floats:
        at = np.searchsorted(held, cell)
        found: Floats = np.einsum("nc,cn->n", values[at], impact.curves.at(intensity))
        return found

    return _maps(hazard, return_periods, of_pairs, only=held)


def _by_cell(impact: Impact) -> tuple[Ints, Floats]:
    """(cells where assets stand, V[place among them, curve]) of one quantity."""
    inside = np.flatnonzero(impact.linked.cell >= 0)
    held, place = np.unique(impact.linked.cell[inside], return_inverse=True)
    count = impact.curves.size
    values = np.zeros((held.size, count))
    np.add.at(values, (place, impact.exposure.rows(impact.name)[inside]),
              impact.exposure.metric(impact.name).value[inside])  # fmt: skip
    return held, values


def _maps(hazard: Hazard, return_periods: npt.ArrayLike, value_of: ValueOf, only: Ints | None = None) -> Floats:
    wanted = np.atleast_1d(periods_of(return_periods))
    maps = np.zeros((wanted.size, hazard.grid.size))
    for cell, intensity, often in _blocks(hazard):
        part = often > 0 if only is None else (often > 0) & np.isin(cell, only)
        _fill(maps, wanted, cell[part], value_of(cell[part], intensity[part]), often[part])
    return maps.reshape(wanted.size, *hazard.grid.shape)


def _blocks(hazard: Hazard) -> Iterator[tuple[Ints, npt.NDArray[Any], Floats]]:
    """(cell, intensity, frequency) of all pairs of a range of cells, one range after the other."""
    count = max(1, -(-hazard.nnz // _PAIRS))
    edges = [hazard.grid.size * k // count for k in range(count + 1)]
    often = hazard.frequency
    for low, high in pairwise(edges):
        pairs = [np.searchsorted(hazard.event(e)[0], [low, high]) + hazard.indptr[e] for e in range(hazard.events)]
        taken = [slice(a, b) for a, b in pairs]
        if taken:
            lengths = [part.stop - part.start for part in taken]
            yield (
                np.concatenate([hazard.cell[part] for part in taken]),
                np.concatenate([hazard.intensity[part] for part in taken]),
                np.repeat(often, lengths),
            )


def _fill(maps: Floats, wanted: Floats, cell: Ints, value: Floats, often: Floats) -> None:
    """Interpolate every cell's own curve: pairs sorted by cell, values falling inside it, of equal ones the rarest."""
    order = np.lexsort((often, -value, cell))
    cell, value, often = cell[order], value[order], often[order]
    first = np.flatnonzero(np.append(True, cell[1:] != cell[:-1])) if cell.size else np.zeros(0, np.int64)
    last = np.append(first[1:], cell.size) - 1
    period = 1.0 / _cumulated(often, first)
    for number, years in enumerate(wanted):
        # Inside a cell periods fall with the place: the pairs at least so rare come first.
        rarer = np.add.reduceat((period >= years).astype(np.int64), first) if cell.size else first
        found = np.where(rarer == 0, np.nan, 0.0)
        between = np.flatnonzero((rarer > 0) & (first + rarer <= last))
        upper = first[between] + rarer[between] - 1
        weight = (years - period[upper + 1]) / (period[upper] - period[upper + 1])
        found[between] = value[upper + 1] + weight * (value[upper] - value[upper + 1])
        exact = np.flatnonzero((rarer > 0) & (first + rarer > last))
        at = last[exact]
        found[exact] = np.where(period[at] == years, value[at], 0.0)
        maps[number, cell[first]] = found


def _cumulated(often: Floats, first: Ints) -> Floats:
    """Running sums that begin anew at each `first`: term after term, so that they equal a curve's own to the bit."""
    sums = often.copy()
    length = np.diff(np.append(first, often.size))
    for rank in range(1, int(length.max(initial=0))):
        at = first[length > rank] + rank
        sums[at] += sums[at - 1]
    return sums
