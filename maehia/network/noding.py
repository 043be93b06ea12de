"""Loose road lines -> pieces that meet at nodes: ends joined, touched and crossed lines split.

Lines stay apart where one passes over the other: at a crossing of two levels (bridge, tunnel) there is no node.
All work is on arrays; a line is a run of points, points[start[i]:start[i + 1]].
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from maehia.impact.checks import Floats, Ints

EXACT_M = 1e-6  # two points nearer than this are the same point of a drawing


@dataclass(frozen=True)
class Noded:
    """Pieces between nodes. line: the line a piece came from; swallowed: lines of which no piece is left."""

    node: Floats
    tail: Ints
    head: Ints
    points: Floats
    start: Ints
    line: Ints
    ends_joined: int
    splits: int
    kept_apart: int


@dataclass(frozen=True)
class Drawing:
    """The lines as drawn, with every segment. along: metres from a line's first point, per point."""

    points: Floats
    start: Ints
    level: Ints
    along: Floats
    first: Ints
    line: Ints
    tree: shapely.STRtree

    def length_of(self, line: Ints) -> Floats:
        return self.along[self.start[line + 1] - 1]


@dataclass(frozen=True)
class Cuts:
    """Where lines are cut: `line` at `at` metres, by the point number `point` of the candidates."""

    line: Ints
    at: Floats
    point: Ints


def distances_along(points: Floats, start: Ints) -> Floats:
    """Metres of each point from the first point of its line."""
    step = np.zeros(len(points))
    step[1:] = np.hypot(*np.diff(points, axis=0).T)
    step[start[:-1]] = 0.0
    total = np.cumsum(step)
    return np.asarray(total - np.repeat(total[start[:-1]], np.diff(start)))


def segments(points: Floats, start: Ints) -> tuple[Ints, Ints]:
    """(first point, line) of each segment of the lines."""
    line = np.repeat(np.arange(start.size - 1), np.diff(start))
    inside = line[1:] == line[:-1]
    first = np.flatnonzero(inside)
    return first.astype(np.int64), line[first].astype(np.int64)


def draw(points: Floats, start: Ints, level: Ints) -> Drawing:
    first, line = segments(points, start)
    tree = shapely.STRtree(shapely.linestrings(np.stack([points[first], points[first + 1]], axis=1)))
    return Drawing(points, start, level, distances_along(points, start), first, line, tree)


def project(points: Floats, a: Floats, b: Floats) -> tuple[Floats, Floats]:
    """(part of the way from a to b, distance) of the place on each segment that is nearest to each point."""
    way = b - a
    square = np.einsum("ij,ij->i", way, way)
    part = np.einsum("ij,ij->i", points - a, way) / np.where(square > 0, square, 1.0)
    part = np.clip(part, 0.0, 1.0)
    return part, np.hypot(*(points - a - part[:, None] * way).T)


def node_lines(points: Floats, start: Ints, level: Ints, snap_m: float) -> Noded:
    """Join and split lines. level: 0 on the ground, above it bridges, below it tunnels, one number a line.

    Ends within snap_m of each other become one node, whatever their level (a bridge begins where the road ends).
    An end within snap_m of another line splits it when that line is on the ground or on the same level. Lines of
    one level that cross, overlap or share a vertex are split there.
    """
    reach = max(snap_m, EXACT_M)
    drawing = draw(points, start, level)
    lines = start.size - 1
    ends = np.concatenate([points[start[:-1]], points[start[1:] - 1]])
    number = np.arange(lines)
    own = Cuts(np.tile(number, 2), np.concatenate([np.zeros(lines), drawing.length_of(number)]), np.arange(2 * lines))
    touches = _touches(drawing, ends, reach)
    crossings, places, apart = _crossings(drawing, reach, 2 * lines)
    label, node, joined = _merge(np.concatenate([ends, places]), 2 * lines, reach)
    line, at, cut = _sorted_cuts((own, touches, crossings), label, reach)
    made = _pieces(drawing, line, at, cut, node)
    return Noded(node, *made, joined, int(line.size - 2 * lines), apart)


def _touches(drawing: Drawing, ends: Floats, reach: float) -> Cuts:
    """Lines that an end of another one (or of themselves, far along) lies on."""
    end, segment = drawing.tree.query(shapely.points(ends), predicate="dwithin", distance=reach)
    lines = drawing.start.size - 1
    own, line = end % lines, drawing.line[segment]
    first = drawing.first[segment]
    part, distance = project(ends[end], drawing.points[first], drawing.points[first + 1])
    at = drawing.along[first] + part * (drawing.along[first + 1] - drawing.along[first])
    own_at = np.where(end < lines, 0.0, drawing.length_of(own))
    fits = (drawing.level[line] == drawing.level[own]) | (drawing.level[line] == 0)
    keep = np.flatnonzero(fits & ((line != own) | (np.abs(at - own_at) > 2 * reach)))
    order = keep[np.lexsort((distance[keep], line[keep], end[keep]))]
    pair = np.stack([end[order], line[order]])
    new = np.ones(order.size, dtype=bool)
    new[1:] = np.any(pair[:, 1:] != pair[:, :-1], axis=0)
    chosen = order[new]
    return Cuts(line[chosen], at[chosen], end[chosen])


def _crossings(drawing: Drawing, reach: float, base: int) -> tuple[Cuts, Floats, int]:
    """(cuts, places, how many crossings stay apart because of their levels). Places are numbered from base."""
    i, j = drawing.tree.query(drawing.tree.geometries, predicate="intersects")
    neighbour = (drawing.line[i] == drawing.line[j]) & (np.abs(drawing.first[i] - drawing.first[j]) <= 1)
    keep = (i < j) & ~neighbour
    i, j = i[keep], j[keep]
    a, b = drawing.points[drawing.first[i]], drawing.points[drawing.first[i] + 1]
    c, d = drawing.points[drawing.first[j]], drawing.points[drawing.first[j] + 1]
    i, j, place = _meeting_points(i, j, (a, b, c, d))
    at_i, at_j = _along(drawing, i, place), _along(drawing, j, place)
    line_i, line_j = drawing.line[i], drawing.line[j]
    joined = _may_join(drawing, (line_i, at_i), (line_j, at_j), reach)
    number = base + np.arange(int(joined.sum()))
    cuts = Cuts(
        np.concatenate([line_i[joined], line_j[joined]]),
        np.concatenate([at_i[joined], at_j[joined]]),
        np.concatenate([number, number]),
    )
    return cuts, place[joined], int(i.size - number.size)


def _meeting_points(i: Ints, j: Ints, corners: tuple[Floats, Floats, Floats, Floats]) -> tuple[Ints, Ints, Floats]:
    """Where segments a-b and c-d meet: one place when they cross, the ends of the common stretch when they overlap."""
    a, b, c, d = corners
    r, s = b - a, d - c
    cross = r[:, 0] * s[:, 1] - r[:, 1] * s[:, 0]
    size = np.hypot(*r.T) * np.hypot(*s.T)
    parallel = np.abs(cross) <= 1e-12 * np.maximum(size, 1e-300)
    gap = c - a
    part = (gap[:, 0] * s[:, 1] - gap[:, 1] * s[:, 0]) / np.where(parallel, 1.0, cross)
    found = [(i[~parallel], j[~parallel], (a + np.clip(part, 0, 1)[:, None] * r)[~parallel])]
    for point, p, q in ((a, c, d), (b, c, d), (c, a, b), (d, a, b)):
        inside = parallel & (project(point, p, q)[1] <= EXACT_M)
        found.append((i[inside], j[inside], point[inside]))
    return (
        np.concatenate([f[0] for f in found]),
        np.concatenate([f[1] for f in found]),
        np.concatenate([f[2] for f in found]),
    )


def _along(drawing: Drawing, segment: Ints, place: Floats) -> Floats:
    first = drawing.first[segment]
    part, _ = project(place, drawing.points[first], drawing.points[first + 1])
    return np.asarray(drawing.along[first] + part * (drawing.along[first + 1] - drawing.along[first]))


def _may_join(
    drawing: Drawing, one: tuple[Ints, Floats], other: tuple[Ints, Floats], reach: float
) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Same level; or the end of a line of another level that comes down to the ground; or two ends."""

    def at_end(line: Ints, at: Floats) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        return (at <= reach) | (at >= drawing.length_of(line) - reach)

    level, other_level = drawing.level[one[0]], drawing.level[other[0]]
    end, other_end = at_end(*one), at_end(*other)
    comes_down = (end & (other_level == 0)) | (other_end & (level == 0))
    return np.asarray((level == other_level) | comes_down | (end & other_end))


def _merge(candidates: Floats, ends: int, reach: float) -> tuple[Ints, Floats, int]:
    """(node of each candidate, places of nodes, ends moved onto another). The earliest candidate gives the place."""
    pairs = cKDTree(candidates).query_pairs(reach, output_type="ndarray")
    size = len(candidates)
    near = coo_array((np.ones(len(pairs), dtype=np.int8), (pairs[:, 0], pairs[:, 1])), shape=(size, size))
    count, label = connected_components(near, directed=False)
    first = np.full(count, size, dtype=np.int64)
    np.minimum.at(first, label, np.arange(size))
    moved = np.hypot(*(candidates[first[label[:ends]]] - candidates[:ends]).T) > 0
    return label.astype(np.int64), candidates[first], int(moved.sum())


def _sorted_cuts(parts: tuple[Cuts, ...], label: Ints, reach: float) -> tuple[Ints, Floats, Ints]:
    """(line, metres, node) of every cut in order along the lines, cuts of one node side by side counted once."""
    line = np.concatenate([p.line for p in parts])
    at = np.concatenate([p.at for p in parts])
    node = label[np.concatenate([p.point for p in parts])]
    order = np.lexsort((at, line))
    line, at, node = line[order], at[order], node[order]
    same = (line[1:] == line[:-1]) & (node[1:] == node[:-1]) & (at[1:] - at[:-1] <= 2 * reach)
    keep = np.concatenate([np.ones(min(1, line.size), dtype=bool), ~same])
    return line[keep], at[keep], node[keep]


def _pieces(drawing: Drawing, line: Ints, at: Floats, cut: Ints, node: Floats) -> tuple[Ints, Ints, Floats, Ints, Ints]:
    """(tail, head, points, start, line) of the pieces between cuts that follow each other on a line."""
    before = np.flatnonzero(line[1:] == line[:-1])
    # One ruler for all lines: a line begins a metre after the end of the one before it.
    base = np.concatenate([[0.0], np.cumsum(drawing.length_of(np.arange(drawing.start.size - 1)) + 1.0)])
    of_point = np.repeat(np.arange(drawing.start.size - 1), np.diff(drawing.start))
    ruler = base[of_point] + drawing.along
    low = np.searchsorted(ruler, base[line[before]] + at[before] + EXACT_M, side="left")
    high = np.searchsorted(ruler, base[line[before]] + at[before + 1] - EXACT_M, side="right")
    count = np.maximum(high - low, 0)
    start = np.concatenate([[0], np.cumsum(count + 2)]).astype(np.int64)
    points = np.empty((int(start[-1]), 2))
    tail, head = cut[before], cut[before + 1]
    points[start[:-1]], points[start[1:] - 1] = node[tail], node[head]
    inner = np.arange(int(count.sum())) - np.repeat(np.cumsum(count) - count, count)
    points[np.repeat(start[:-1] + 1, count) + inner] = drawing.points[np.repeat(low, count) + inner]
    return tail, head, points, start, line[before]
