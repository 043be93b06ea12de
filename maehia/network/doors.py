"""In which order a volunteer goes from door to door: a short round over the roads, with a bound on the best one.

Nearest neighbour first, then 2-opt and Or-opt moves until none helps. Times may differ by direction.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import minimum_spanning_tree

from maehia.base.compiled import compiled
from maehia.impact import ArgumentError
from maehia.impact.checks import Floats, Ints
from maehia.network.closures import Closures
from maehia.network.graph import RoadGraph
from maehia.network.nearest import nearest_on
from maehia.network.pace import QUANTUM_S, Pace
from maehia.network.paths import Path
from maehia.network.search import Passage, matrix_seconds
from maehia.network.spots import Spots

_MOST_DOORS = 3000
_LONGEST_MOVED = 3  # doors that an Or-opt move takes along, Or 1976
_GAIN_S = QUANTUM_S / 2


@dataclass(frozen=True, eq=False)
class DoorRoute:
    """order: (K,) doors in the order to go. arrival_minutes: (K,) walking minutes from the start to each of them.

    minutes: of the whole walk, the way back in it for a round. nearest_minutes: of going to the nearest door each
    time. bound_minutes: no order is quicker (weight of the least spanning tree). unreachable: doors left out.
    """

    order: Ints
    arrival_minutes: Floats
    minutes: float
    nearest_minutes: float
    bound_minutes: float
    unreachable: Ints
    _passage: Passage
    _stops: Spots
    _tour: Ints

    def leg(self, number: int) -> Path:
        """The way to the door order[number]: from the start for 0, from the door before it for the others."""
        if not 0 <= number < self.order.size:
            raise ArgumentError("number", f"is {number}, expected 0 to {self.order.size - 1}.")
        here, there = (self._stops.take([self._tour[k]]) for k in (number, number + 1))
        path = nearest_on(self._passage, here, there).path(0)
        if path is None:
            raise RuntimeError("A leg of the route has no way.")
        return path


def door_route(
    graph: RoadGraph,
    start: Spots,
    doors: Spots,
    blocked: Closures | None = None,
    *,
    pace: Pace | None = None,
    come_back: bool = False,
) -> DoorRoute:
    """An order of up to 3,000 doors from `start` (one spot). Doors that cannot be reached from it are left out.

    Raises ArgumentError when start is not one spot on open road, and for more doors.
    """
    if len(start) != 1 or len(doors) > _MOST_DOORS:
        raise ArgumentError("start" if len(start) != 1 else "doors",
                            f"has {len(start)} spots, expected 1." if len(start) != 1
                            else f"has {len(doors)} doors, expected at most {_MOST_DOORS}.")  # fmt: skip
    passage = Passage(graph, pace, blocked)
    stops = Spots(*(np.concatenate([getattr(start, n), getattr(doors, n)]) for n in Spots.__dataclass_fields__))
    seconds = matrix_seconds(passage, stops, stops)
    there = np.isfinite(seconds[0]) & np.isfinite(seconds[:, 0])
    if passage.blocked.sides(start)[2][0] < 0:
        raise ArgumentError("start", "is off the roads or on a closed one.", code="start_closed")
    there[0] = True
    kept = np.flatnonzero(there)
    return _route(passage, stops, seconds[np.ix_(kept, kept)], (kept, np.flatnonzero(~there) - 1), come_back)


def _route(passage: Passage, stops: Spots, seconds: Floats, which: tuple[Ints, Ints], come_back: bool) -> DoorRoute:
    kept, unreachable = which
    cost = seconds.copy()
    np.fill_diagonal(cost, 0.0)
    bound = _least_tree(cost)
    if not come_back:
        cost[:, 0] = 0.0
    tour = nearest_tour(cost)
    first = _length(cost, tour)
    improve(cost, tour)
    arrival = np.cumsum(cost[tour[:-1], tour[1:]])
    return DoorRoute(
        kept[tour[1:]] - 1, arrival / 60.0, _length(cost, tour) / 60.0, first / 60.0, bound / 60.0, unreachable,
        passage, stops, kept[tour],
    )  # fmt: skip


def _length(cost: Floats, tour: Ints) -> float:
    total: float = cost[tour, np.roll(tour, -1)].sum()
    return float(total)


def _least_tree(cost: Floats) -> float:
    """Weight of the least spanning tree, each pair by its quicker direction: every route holds such a tree."""
    both = np.minimum(cost, cost.T) + QUANTUM_S  # no pair of doors at one spot may look like no edge
    tree = minimum_spanning_tree(csr_array(np.triu(both, 1)))
    weight: float = float(tree.sum()) - tree.nnz * QUANTUM_S
    return max(0.0, weight)


@compiled()
def nearest_tour(cost: Any) -> Any:
    """Stops in order: from stop 0 always to the nearest one not yet visited, of equal ones the lowest."""
    n = cost.shape[0]
    tour = np.zeros(n, dtype=np.int64)
    seen = np.zeros(n, dtype=np.bool_)
    seen[0] = True
    for k in range(1, n):
        best, at = np.inf, -1
        for j in range(n):
            if not seen[j] and cost[tour[k - 1], j] < best:
                best, at = cost[tour[k - 1], j], j
        tour[k] = at
        seen[at] = True
    return tour


@compiled()
def improve(cost: Any, tour: Any) -> None:
    """Shorten a closed tour in place by 2-opt and Or-opt moves until no move helps; stop 0 stays first."""
    while reverse_once(cost, tour) or move_once(cost, tour):
        pass


@compiled()
def reverse_once(cost: Any, tour: Any) -> bool:
    """One sweep of 2-opt: turn round every run of stops that is shorter the other way. True if any was."""
    n = tour.size
    helped = False
    for i in range(1, n - 1):
        there, back = 0.0, 0.0  # the run i..j as it is, and turned round
        for j in range(i + 1, n):
            there += cost[tour[j - 1], tour[j]]
            back += cost[tour[j], tour[j - 1]]
            after = tour[(j + 1) % n]
            old = cost[tour[i - 1], tour[i]] + there + cost[tour[j], after]
            new = cost[tour[i - 1], tour[j]] + back + cost[tour[i], after]
            if new < old - _GAIN_S:
                tour[i : j + 1] = tour[i : j + 1][::-1].copy()
                there, back = back, there
                helped = True
    return helped


@compiled()
def move_once(cost: Any, tour: Any) -> bool:
    """One sweep of Or-opt: put up to three stops in a row in their best other place, either way round."""
    n = tour.size
    helped = False
    for size in range(1, min(_LONGEST_MOVED, n - 2) + 1):
        for i in range(1, n - size + 1):
            to, turned = best_place(cost, tour, i, size)
            if to >= 0:
                shift(tour, i, size, to, turned)
                helped = True
    return helped


@compiled()
def best_place(cost: Any, tour: Any, i: int, size: int) -> Any:
    """(k, turned): put stops i..i+size-1 between the stops k and k + 1 that stand outside of them; k = -1: leave."""
    n = tour.size
    first, last, before, after = tour[i], tour[i + size - 1], tour[i - 1], tour[(i + size) % n]
    there, back = 0.0, 0.0
    for k in range(i, i + size - 1):
        there += cost[tour[k], tour[k + 1]]
        back += cost[tour[k + 1], tour[k]]
    saved = cost[before, first] + there + cost[last, after] - cost[before, after]
    best, at, way = saved - _GAIN_S, -1, False
    for k in range(n):
        if i - 1 <= k < i + size:
            continue
        a, b = tour[k], tour[(k + 1) % n]
        straight = cost[a, first] + there + cost[last, b] - cost[a, b]
        turned = cost[a, last] + back + cost[first, b] - cost[a, b]
        if min(straight, turned) < best:
            best, at, way = min(straight, turned), k, turned < straight
    return at, way


@compiled()
def shift(tour: Any, i: int, size: int, to: int, turned: bool) -> None:
    """Move stops i..i+size-1 behind the stop at position `to`, in place."""
    run = tour[i : i + size].copy()
    if turned:
        run = run[::-1].copy()
    if to < i:
        tour[to + 1 + size : i + size] = tour[to + 1 : i].copy()
        tour[to + 1 : to + 1 + size] = run
    else:
        tour[i : to - size + 1] = tour[i + size : to + 1].copy()
        tour[to - size + 1 : to + 1] = run
