"""By when a house must be left: the latest start with which some shelter is reached before the water closes the way.

Searched backwards in time from the shelters. Somebody who starts at time s is on each stretch at a known time; the
stretch must be behind him when it closes. L(v), the latest time to be at node v, is the largest over its arcs of
min(L(next) - seconds, latest time to enter the arc).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from maehia.impact.checks import Floats, Ints
from maehia.network.closures import Closures
from maehia.network.graph import RoadGraph
from maehia.network.pace import Pace
from maehia.network.search import Arcs, Passage, Ways, same_piece
from maehia.network.spots import Spots


def leave_by(
    graph: RoadGraph,
    houses: Spots,
    shelters: Spots,
    open_mask: Any = None,
    *,
    closing: Closures,
    pace: Pace | None = None,
) -> Floats:
    """(N,) minutes after time 0 by which each house must be left; time 0 is that of closing.closes_s.

    Infinite: it is never cut off. Minus infinite: it never reaches an open shelter, however early. A negative number:
    it would have had to start before time 0. The way may lead over roads that close behind the walker.
    """
    mask = np.ones(len(shelters), dtype=bool) if open_mask is None else np.asarray(open_mask)
    dry = Passage(graph, pace)
    ends, goals = dry.ways(houses), dry.ways(shelters)
    latest = _latest_at_nodes(dry, closing, (shelters, goals), mask)
    edge = np.maximum(houses.edge, 0)
    off = houses.edge < 0
    tail, head = _latest_out(dry.pace, closing, houses, ends)
    best = np.maximum(
        np.minimum(_earlier(latest[graph.tail[edge]], ends.out_tail - ends.access_s), tail),
        np.minimum(_earlier(latest[graph.head[edge]], ends.out_head - ends.access_s), head),
    )
    _along_the_edge(dry.pace, closing, (houses, ends), (shelters, goals, mask), best)
    return np.where(off, -np.inf, (best - ends.access_s) / 60.0)


def _earlier(latest: Floats, seconds: Floats) -> Floats:
    """latest - seconds; a way that is not allowed is never in time."""
    allowed = np.isfinite(seconds)
    return np.where(allowed, latest - np.where(allowed, seconds, 0.0), -np.inf)


def _latest_at_nodes(dry: Passage, closing: Closures, goals: tuple[Spots, Ways], mask: Any) -> Floats:
    """(V,) latest seconds at which somebody at a node may still start; the labels only rise, until none does."""
    arcs = dry.arcs
    enter = _latest_to_enter(dry, closing, arcs)
    spots, ways = goals
    into_tail, into_head = _latest_in(dry.pace, closing, spots, ways)
    latest = np.full(dry.graph.nodes, -np.inf)
    on = np.flatnonzero(mask & (spots.edge >= 0))
    np.maximum.at(latest, dry.graph.tail[spots.edge[on]], into_tail[on])
    np.maximum.at(latest, dry.graph.head[spots.edge[on]], into_head[on])
    order = np.argsort(arcs.start, kind="stable")
    start, end, seconds, enter = arcs.start[order], arcs.end[order], arcs.seconds[order], enter[order]
    first = np.flatnonzero(np.concatenate([[True], start[1:] != start[:-1]])) if start.size else start
    while start.size:
        through = np.maximum.reduceat(np.minimum(latest[end] - seconds, enter), first)
        better = np.maximum(latest[start[first]], through)
        if np.array_equal(better, latest[start[first]]):
            break
        latest[start[first]] = better
    return latest


def _latest_to_enter(dry: Passage, closing: Closures, arcs: Arcs) -> Floats:
    """Latest seconds to step on each arc so that every stretch on it is passed before it closes."""
    graph, edge = dry.graph, closing.edge
    there = closing.closes_s - _part(dry.pace.forward_s[edge], closing.end_m / graph.length[edge])
    back = closing.closes_s - _part(dry.pace.back_s[edge], 1 - closing.start_m / graph.length[edge])
    forward, backward = np.full(graph.edges, np.inf), np.full(graph.edges, np.inf)
    np.minimum.at(forward, edge, there)
    np.minimum.at(backward, edge, back)
    return np.where(arcs.start == graph.tail[arcs.edge], forward[arcs.edge], backward[arcs.edge])


def _latest_out(pace: Pace, closing: Closures, spots: Spots, ways: Ways) -> tuple[Floats, Floats]:
    """(N,) latest seconds on the road at a spot to reach the tail, and the head, of its edge."""
    spot, stretch = same_piece(spots.edge, closing.edge)
    part = _parts(pace, closing, stretch)
    with np.errstate(invalid="ignore"):
        passed = ways.back_s[spot] - part[2], part[1] - ways.forward_s[spot]
    return _earliest_end(closing, stretch, (spots, spot), passed)


def _latest_in(pace: Pace, closing: Closures, spots: Spots, ways: Ways) -> tuple[Floats, Floats]:
    """(N,) latest seconds at the tail, and at the head, of its edge to reach a spot."""
    spot, stretch = same_piece(spots.edge, closing.edge)
    part = _parts(pace, closing, stretch)
    whole = pace.back_s[spots.edge[spot]]
    with np.errstate(invalid="ignore"):
        passed = np.minimum(part[1], ways.forward_s[spot]), whole - np.maximum(part[2], ways.back_s[spot])
    tail, head = _earliest_end(closing, stretch, (spots, spot), passed)
    return (
        np.where(np.isfinite(ways.in_tail), tail, -np.inf),
        np.where(np.isfinite(ways.in_head), head, -np.inf),
    )


def _earliest_end(
    closing: Closures, stretch: Ints, on: tuple[Spots, Ints], passed: tuple[Floats, Floats]
) -> tuple[Floats, Floats]:
    """(N,) twice: the least of (closing time - seconds until a stretch is passed), on the tail's and head's side.

    Where the seconds are no number the way is not allowed; that is asked elsewhere and sets no time here.
    """
    spots, spot = on
    sides = closing.start_m[stretch] <= spots.offset_m[spot], closing.end_m[stretch] >= spots.offset_m[spot]
    latest = np.full(len(spots), np.inf), np.full(len(spots), np.inf)
    for side, seconds, least in zip(sides, passed, latest, strict=True):
        meets = side & ~np.isnan(seconds)
        np.minimum.at(least, spot[meets], closing.closes_s[stretch[meets]] - seconds[meets])
    return latest


def _parts(pace: Pace, closing: Closures, stretch: Ints) -> tuple[Floats, Floats, Floats]:
    """Of stretches: seconds from the tail to their start and end, and from their start back to the tail."""
    edge = closing.edge[stretch]
    length = closing.lengths[edge]
    start, end = closing.start_m[stretch] / length, closing.end_m[stretch] / length
    return _part(pace.forward_s[edge], start), _part(pace.forward_s[edge], end), _part(pace.back_s[edge], start)


def _part(seconds: Floats, share: Floats) -> Floats:
    return np.where(np.isfinite(seconds), np.where(np.isfinite(seconds), seconds, 0.0) * share, np.inf)


def _along_the_edge(
    pace: Pace, closing: Closures, houses: tuple[Spots, Ways], goals: tuple[Spots, Ways, Any], best: Floats
) -> None:
    """Shelters on the house's own edge: only stretches between the two matter (best changes in place)."""
    spots, _ = houses
    places, _, mask = goals
    house, place = same_piece(spots.edge, places.edge)
    keep = mask[place]
    house, place = house[keep], place[keep]
    a, b = spots.offset_m[house], places.offset_m[place]
    edge = spots.edge[house]
    seconds = np.where(b >= a, pace.forward_s[edge], pace.back_s[edge]) / closing.lengths[edge]
    latest = np.where(np.isfinite(seconds), np.inf, -np.inf)
    pair, stretch = same_piece(edge, closing.edge)
    low, high = np.minimum(a, b)[pair], np.maximum(a, b)[pair]
    meets = (closing.start_m[stretch] <= high) & (closing.end_m[stretch] >= low) & np.isfinite(seconds[pair])
    pair, stretch = pair[meets], stretch[meets]
    ahead = np.minimum(closing.end_m[stretch], b[pair]) - a[pair]
    behind = a[pair] - np.maximum(closing.start_m[stretch], b[pair])
    gone = np.maximum(np.where(b[pair] >= a[pair], ahead, behind), 0.0)
    np.minimum.at(latest, pair, closing.closes_s[stretch] - gone * seconds[pair])
    np.maximum.at(best, house, latest)
