"""Shortest times over the graph, from or to spots that stand in the middle of edges.

Spots enter as nodes of their own with an arc to either end of their edge; two spots on one edge also see each other
directly. Dijkstra is SciPy's (csgraph); times are whole quanta (see `pace`), so sums are exact.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from maehia.impact import ArgumentError
from maehia.impact.checks import Floats, Ints
from maehia.network.closures import Closures, nothing_closed
from maehia.network.graph import RoadGraph
from maehia.network.noding import EXACT_M
from maehia.network.pace import Pace, walking, whole_quanta
from maehia.network.spots import Spots

# Source i starts this much times i + 1 late: of two equally near ones the lower wins, by less than a quantum.
LATE_S = 2.0**-28
_MOST_SOURCES = 2**15


@dataclass(frozen=True)
class Arcs:
    """Directed arcs with their seconds, metres and edge."""

    start: Ints
    end: Ints
    seconds: Floats
    metres: Floats
    edge: Ints

    def turned(self) -> Arcs:
        return Arcs(self.end, self.start, self.seconds, self.metres, self.edge)

    def __add__(self, other: Arcs) -> Arcs:
        return Arcs(*(np.concatenate([getattr(self, n), getattr(other, n)]) for n in self.__dataclass_fields__))


@dataclass(frozen=True, eq=False)
class Ways:
    """Seconds between spots and both ends of their edge, (N,) each, infinite where closed; access is in them.

    out_*: from the spot to the end; in_*: from the end to the spot. metres_*: the same way in metres.
    forward_s, back_s: from the tail to the spot, and from the spot to the tail, closures left aside.
    """

    out_tail: Floats
    out_head: Floats
    in_tail: Floats
    in_head: Floats
    metres_tail: Floats
    metres_head: Floats
    forward_s: Floats
    back_s: Floats
    access_s: Floats
    piece: Ints


@dataclass(frozen=True, eq=False)
class Tree:
    """The shortest ways of all nodes to (or from) their nearest source; nodes from `graph.nodes` on are the sources.

    seconds: (n,) infinite where there is no way. before: (n,) the next node on the way to the source, -1 at it. edge:
    (n,) the edge to that node. source: (n,) -1 for none. metres: (n,) along that way, access of the source included.
    """

    seconds: Floats
    before: Ints
    edge: Ints
    source: Ints
    metres: Floats


class Passage:
    """A graph as someone can pass it: a pace and what is closed. Built once, searched often."""

    def __init__(self, graph: RoadGraph, pace: Pace | None = None, blocked: Closures | None = None) -> None:
        self.graph = graph
        self.pace = walking(graph) if pace is None else pace
        self.blocked = nothing_closed(graph) if blocked is None else blocked
        if self.pace.forward_s.shape != (graph.edges,):
            raise ArgumentError("pace", "belongs to another graph.")
        if self.blocked.lengths.size != graph.edges:
            raise ArgumentError("blocked", "belongs to another graph.")

    @cached_property
    def arcs(self) -> Arcs:
        """Edges that are open from end to end, either way."""
        graph, usable = self.graph, self.blocked.open_edges & (self.graph.tail != self.graph.head)
        there = np.flatnonzero(usable & np.isfinite(self.pace.forward_s))
        back = np.flatnonzero(usable & np.isfinite(self.pace.back_s))
        edge = np.concatenate([there, back])
        return Arcs(
            np.concatenate([graph.tail[there], graph.head[back]]),
            np.concatenate([graph.head[there], graph.tail[back]]),
            np.concatenate([self.pace.forward_s[there], self.pace.back_s[back]]),
            graph.length[edge],
            edge,
        )

    def ways(self, spots: Spots) -> Ways:
        """How spots reach the ends of their edges; parts of an edge add up to the whole."""
        if spots.edge.size and int(spots.edge.max()) >= self.graph.edges:
            raise ArgumentError("spots", "belong to another graph.", index=int(spots.edge.argmax()))
        edge = np.maximum(spots.edge, 0)
        length, offset = self.graph.length[edge], np.nan_to_num(spots.offset_m)
        forward, onward = _split(self.pace.forward_s[edge], offset, length)
        back, inward = _split(self.pace.back_s[edge], offset, length)
        access_m = np.nan_to_num(spots.access_m)
        access = whole_quanta(access_m * self.pace.access_s_per_m)
        tail, head, piece = self.blocked.sides(spots)
        return Ways(
            np.where(tail, back, np.inf) + access, np.where(head, onward, np.inf) + access,
            np.where(tail, forward, np.inf) + access, np.where(head, inward, np.inf) + access,
            offset + access_m, length - offset + access_m, forward, back, access, piece,
        )  # fmt: skip

    def source_arcs(self, spots: Spots, ways: Ways, *, towards: bool) -> Arcs:
        """Arcs between source spots (node graph.nodes + i) and the ends of their edges, in walking direction."""
        number = self.graph.nodes + np.arange(len(spots))
        edge = np.maximum(spots.edge, 0)
        times = (ways.in_tail, ways.in_head) if towards else (ways.out_tail, ways.out_head)
        node = np.concatenate([self.graph.tail[edge], self.graph.head[edge]])
        number, seconds = np.tile(number, 2), np.concatenate(times)
        found = Arcs(node, number, seconds, np.concatenate([ways.metres_tail, ways.metres_head]), np.tile(edge, 2))
        keep = np.isfinite(seconds)
        made = Arcs(*(getattr(found, n)[keep] for n in found.__dataclass_fields__))
        return made if towards else made.turned()

    def tree(self, sources: Spots, usable: Any = None, *, towards: bool = True) -> Tree:
        """The nearest usable source of every node in one search; of equally near ones the lowest.

        towards: times of going to the source (a shelter); else from it (a fire station).
        """
        mask = _mask(usable, len(sources))
        ways = self.ways(sources)
        arcs = self.arcs + self.source_arcs(sources, ways, towards=towards)
        arcs = arcs.turned() if towards else arcs
        nodes = self.graph.nodes + len(sources)
        late = np.where(arcs.start >= self.graph.nodes, (arcs.start - self.graph.nodes + 1) * LATE_S, 0.0)
        matrix, arcs = _matrix(arcs, nodes, late)
        found = dijkstra(matrix, indices=self.graph.nodes + np.flatnonzero(mask), min_only=True,
                         return_predecessors=True) if mask.any() else None  # fmt: skip
        return _no_tree(nodes) if found is None else _tree(found, arcs, self.graph.nodes)

    def node_seconds(self, places: Spots, *, towards: bool = True) -> Floats:
        """(S, V) seconds between every node and each place, infinite where there is no way."""
        arcs = self.arcs + self.source_arcs(places, self.ways(places), towards=towards)
        arcs = arcs.turned() if towards else arcs
        late = np.where(arcs.start >= self.graph.nodes, LATE_S, 0.0)
        matrix, _ = _matrix(arcs, self.graph.nodes + len(places), late)
        if not len(places):
            return np.zeros((0, self.graph.nodes))
        found = dijkstra(matrix, indices=self.graph.nodes + np.arange(len(places)))
        return _without_lateness(found[:, : self.graph.nodes])


def direct_seconds(
    passage: Passage, spots: tuple[Spots, Ways], places: tuple[Spots, Ways]
) -> tuple[Ints, Ints, Floats]:
    """(spot, place, seconds) of pairs on the same dry piece of an edge, going from spot to place along it."""
    spot, place = same_piece(spots[1].piece, places[1].piece)
    a, b = spots[0].offset_m[spot], places[0].offset_m[place]
    edge = spots[0].edge[spot]
    with np.errstate(invalid="ignore"):
        ahead = np.where(np.isfinite(passage.pace.forward_s[edge]),
                         places[1].forward_s[place] - spots[1].forward_s[spot], np.inf)  # fmt: skip
        behind = np.where(np.isfinite(passage.pace.back_s[edge]),
                          spots[1].back_s[spot] - places[1].back_s[place], np.inf)  # fmt: skip
    along = np.where(b > a, ahead, np.where(b < a, behind, 0.0))
    return spot, place, along + spots[1].access_s[spot] + places[1].access_s[place]


def travel_minutes(
    graph: RoadGraph, origins: Spots, places: Spots, blocked: Closures | None = None, *, pace: Pace | None = None
) -> Floats:
    """(N, M) minutes from each origin to each place, infinite where there is no way."""
    passage = Passage(graph, pace, blocked)
    return matrix_seconds(passage, origins, places) / 60.0


def matrix_seconds(passage: Passage, origins: Spots, places: Spots) -> Floats:
    """(N, M) seconds from origins to places."""
    nodes = passage.node_seconds(places)
    ways, place_ways = passage.ways(origins), passage.ways(places)
    edge = np.maximum(origins.edge, 0)
    seconds = np.minimum(ways.out_tail[:, None] + nodes.T[passage.graph.tail[edge]],
                         ways.out_head[:, None] + nodes.T[passage.graph.head[edge]])  # fmt: skip
    spot, place, along = direct_seconds(passage, (origins, ways), (places, place_ways))
    seconds[spot, place] = np.minimum(seconds[spot, place], along)
    return np.asarray(seconds)


def _split(seconds: Floats, offset: Floats, length: Floats) -> tuple[Floats, Floats]:
    """Seconds of an edge up to the offset and from there on, in whole quanta that add up.

    Where the edge may not be gone this way both are infinite, but nought is nought: who stands at the end is there.
    """
    allowed = np.isfinite(seconds)
    whole = np.where(allowed, seconds, 0.0)
    first = whole_quanta(whole * (offset / length))
    return (
        np.where(allowed, first, np.where(offset <= EXACT_M, 0.0, np.inf)),
        np.where(allowed, whole - first, np.where(offset >= length - EXACT_M, 0.0, np.inf)),
    )


def _mask(usable: Any, size: int) -> Any:
    mask = np.ones(size, dtype=bool) if usable is None else np.asarray(usable)
    if mask.shape != (size,) or mask.dtype != bool:
        raise ArgumentError(
            "open_mask", f"has the shape {mask.shape} and type {mask.dtype}, expected ({size},) of bool."
        )
    if size > _MOST_SOURCES:
        raise ArgumentError("places", f"has {size} places, expected at most {_MOST_SOURCES}.")
    return mask


def _matrix(arcs: Arcs, nodes: int, late: Floats) -> tuple[Any, Arcs]:
    """The arcs as a sparse matrix, of parallel ones the quickest; and the arcs in the order of its entries."""
    order = np.lexsort((arcs.edge, arcs.seconds, arcs.end, arcs.start))
    start, end = arcs.start[order], arcs.end[order]
    new = np.ones(order.size, dtype=bool)
    new[1:] = (start[1:] != start[:-1]) | (end[1:] != end[:-1])
    kept = order[new]
    chosen = Arcs(*(getattr(arcs, n)[kept] for n in arcs.__dataclass_fields__))
    indptr = np.concatenate([[0], np.cumsum(np.bincount(chosen.start, minlength=nodes))])
    data = chosen.seconds + late[kept]
    return csr_array((data, chosen.end.astype(np.int32), indptr.astype(np.int32)), shape=(nodes, nodes)), chosen


def _without_lateness(seconds: Floats) -> Floats:
    """Times with the lateness of their source taken off: it is less than a quantum."""
    scale = 1.0 / (LATE_S * _MOST_SOURCES * 2)
    return np.floor(seconds * scale) / scale


def _no_tree(nodes: int) -> Tree:
    none = np.full(nodes, -1, dtype=np.int64)
    return Tree(np.full(nodes, np.inf), none, none, none, np.full(nodes, np.inf))


def _tree(found: Any, arcs: Arcs, first_source: int) -> Tree:
    seconds, before, source = found
    nodes = before.size
    before = np.where(before < 0, -1, before).astype(np.int64)
    key = arcs.start * nodes + arcs.end
    at = np.minimum(np.searchsorted(key, before * nodes + np.arange(nodes)), max(key.size - 1, 0))
    step = before >= 0
    edge = np.where(step, arcs.edge[at] if key.size else -1, -1)
    metres = _to_the_root(before, np.where(step, arcs.metres[at] if key.size else 0.0, 0.0))
    source = np.where(np.isfinite(seconds), source - first_source, -1).astype(np.int64)
    return Tree(seconds, before, edge, source, np.where(source >= 0, metres, np.inf))


def _to_the_root(before: Ints, step: Floats) -> Floats:
    """Sum of the steps from each node to its root, doubling the distance looked at each time."""
    total, jump = step.copy(), np.where(before < 0, np.arange(before.size), before)
    while True:
        total = total + np.where(jump != np.arange(before.size), total[jump], 0.0)
        further = jump[jump]
        if np.array_equal(further, jump):
            return total
        jump = further


def same_piece(one: Ints, other: Ints) -> tuple[Ints, Ints]:
    """All pairs of positions with the same number, -1 matching nothing."""
    order = np.argsort(one, kind="stable")
    low, high = np.searchsorted(one[order], other, side="left"), np.searchsorted(one[order], other, side="right")
    count = np.where(other >= 0, high - low, 0)
    second = np.repeat(np.arange(other.size), count)
    inner = np.arange(int(count.sum())) - np.repeat(np.cumsum(count) - count, count)
    return order[np.repeat(low, count) + inner], second
