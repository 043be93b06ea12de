"""Small towns to test with, and a slow second way to find every time between two spots."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from scipy.sparse.csgraph import csgraph_from_dense, floyd_warshall

from maehia.network import RoadGraph, closures, snap, walking

# A square of 100 m: a along the south, b up the east, c up the west and along the north.
#
#   (0,100) ---c--- (100,100)
#      |               |
#      c               b
#      |               |
#    (0,0) ----a---- (100,0)
SQUARE = ([(0, 0), (100, 0)], [(100, 0), (100, 100)], [(0, 0), (0, 100), (100, 100)])
A, B, C = 0, 1, 2


def square(**more):
    return RoadGraph.from_lines(SQUARE, name=["a", "b", "c"], **more)


def row(*lengths, **more):
    """A straight road of pieces, west to east, one line each."""
    ends = np.concatenate([[0], np.cumsum(lengths)])
    return RoadGraph.from_lines([[(a, 0), (b, 0)] for a, b in pairwise(ends)], **more)


def at(graph, *points, max_access_m=1000.0):
    """Spots of (x, y) points."""
    xs, ys = np.array(points, dtype=float).reshape(-1, 2).T
    return snap(graph, xs, ys, max_access_m=max_access_m)


def one_metre_a_second(graph):
    return walking(graph, 1.0)


def lattice(seed, nx=5, ny=5, step=100.0, keep=0.8, oneway=False):
    """A bent lattice with missing streets, now and then in several pieces."""
    dice = np.random.default_rng(seed)
    place = np.stack(np.meshgrid(np.arange(nx) * step, np.arange(ny) * step, indexing="ij"), axis=-1)
    place = place + dice.normal(0, step / 12, place.shape)
    lines = []
    for i in range(nx):
        for j in range(ny):
            for k, m in ((i + 1, j), (i, j + 1)):
                if k < nx and m < ny and dice.random() < keep:
                    middle = (place[i, j] + place[k, m]) / 2 + dice.normal(0, step / 20, 2)
                    lines.append(np.array([place[i, j], middle, place[k, m]]))
    lines = lines or [np.array([[0.0, 0.0], [step, 0.0]])]
    ways = dice.integers(-1, 2, len(lines)) if oneway else None
    return RoadGraph.from_lines(lines, oneway=ways, name=[f"r{n % 7}" for n in range(len(lines))])


def some_spots(graph, count, seed):
    dice = np.random.default_rng(seed)
    low, high = graph.points.min(axis=0) - 20, graph.points.max(axis=0) + 20
    xs, ys = dice.uniform(low, high, (count, 2)).T
    return snap(graph, xs, ys, max_access_m=80.0)


def some_closures(graph, count, seed):
    dice = np.random.default_rng(seed)
    edge = dice.integers(0, graph.edges, count)
    a, b = np.sort(dice.uniform(0, 1, (2, count)), axis=0) * graph.length[edge]
    return closures(graph, edge, a, a + (b - a) * 0.3)


def slow_seconds(graph, pace, origins, places, blocked=None):
    """(N, M) seconds by cutting every edge at every spot and closed stretch, and Floyd and Warshall over all of it."""
    shut = [] if blocked is None else list(zip(blocked.edge, blocked.start_m, blocked.end_m, strict=True))
    spots = [(origins, n) for n in range(len(origins))] + [(places, n) for n in range(len(places))]
    arcs, vertex = [], {}

    def number(key):
        return vertex.setdefault(key, graph.nodes + len(vertex))

    def closed(edge, a, b):
        return any(e == edge and s <= b and a <= t for e, s, t in shut)

    for edge in range(graph.edges):
        length = float(graph.length[edge])
        here = [float(s.offset_m[n]) for s, n in spots if s.edge[n] == edge]
        marks = sorted({0.0, length, *here, *(v for e, s, t in shut if e == edge for v in (s, min(t, length)))})
        names = [number((edge, m)) for m in marks]
        for (a, p), (b, q) in zip(
            zip(marks, names, strict=True), list(zip(marks, names, strict=True))[1:], strict=False
        ):
            if not closed(edge, a, b):
                arcs.append((p, q, pace.forward_s[edge] * (b - a) / length))
                arcs.append((q, p, pace.back_s[edge] * (b - a) / length))
        for mark, node in ((0.0, graph.tail[edge]), (length, graph.head[edge])):
            arcs += [(number((edge, mark)), node, 0.0), (node, number((edge, mark)), 0.0)]
    size = graph.nodes + len(vertex)
    dense = np.full((size, size), np.inf)
    for p, q, seconds in arcs:
        dense[p, q] = min(dense[p, q], seconds)
    np.fill_diagonal(dense, 0.0)
    between = floyd_warshall(csgraph_from_dense(dense, null_value=np.inf))
    result = np.full((len(origins), len(places)), np.inf)
    for i in range(len(origins)):
        for j in range(len(places)):
            ends = [(s.edge[k], float(s.offset_m[k])) for s, k in ((origins, i), (places, j))]
            if min(e for e, _ in ends) < 0 or any(closed(e, o, o) for e, o in ends):
                continue
            access = (origins.access_m[i] + places.access_m[j]) * pace.access_s_per_m
            result[i, j] = between[number(ends[0]), number(ends[1])] + access
    return result
