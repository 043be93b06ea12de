"""Houses, shelters, doors: points that stand beside the road and enter it at an exact place of an edge."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from maehia.impact import ArgumentError, checks
from maehia.impact.checks import Floats, Ints
from maehia.network.graph import RoadGraph
from maehia.network.noding import project


@dataclass(frozen=True, eq=False)
class Spots:
    """N points and where each enters the road.

    x, y: (N,) the points, metres. edge: (N,) -1 where no road is near enough. offset_m: (N,) from the tail of the
    edge. access_m: (N,) from the point to the road in a straight line. road_x, road_y: (N,) the place on the road.
    Where edge is -1 the others are NaN.
    """

    x: Floats
    y: Floats
    edge: Ints
    offset_m: Floats
    access_m: Floats
    road_x: Floats
    road_y: Floats

    def __len__(self) -> int:
        return int(self.edge.size)

    def take(self, chosen: Any) -> Spots:
        """The spots at the positions, or under the mask, `chosen`."""
        return Spots(*(getattr(self, name)[chosen] for name in self.__dataclass_fields__))


def snap(graph: RoadGraph, x: Any, y: Any, *, max_access_m: float = 300.0, edges: Any = None) -> Spots:
    """Each point on the nearest edge, at most max_access_m away; of equally near ones the lowest edge.

    edges: (E,) mask of the edges that may be entered (no houses on a motorway); all by default.
    Raises ArgumentError for coordinates that are not finite, with the index of the first.
    """
    xs = checks.vector(x, "x", (np.float64,))
    ys = checks.vector(y, "y", (np.float64,), size=xs.size)
    checks.finite(xs, "x")
    checks.finite(ys, "y")
    if not max_access_m > 0:
        raise ArgumentError("max_access_m", f"is {max_access_m}, expected more than 0 metres.")
    first, edge, tree, chosen = _candidates(graph, edges)
    point, segment = tree.query_nearest(shapely.points(xs, ys), max_distance=max_access_m, all_matches=True)
    segment = chosen[segment]
    order = np.lexsort((segment, point))
    point, at = np.unique(point[order], return_index=True)
    return _placed(graph, (xs, ys), point, (first, edge, segment[order][at]))


def _candidates(graph: RoadGraph, edges: Any) -> tuple[Ints, Ints, shapely.STRtree, Ints]:
    first, edge, tree = graph.segments
    if edges is None:
        return first, edge, tree, np.arange(edge.size)
    mask = np.asarray(edges, dtype=bool)
    if mask.shape != (graph.edges,):
        raise ArgumentError("edges", f"has the shape {mask.shape}, expected ({graph.edges},).")
    chosen = np.flatnonzero(mask[edge])
    return first, edge, shapely.STRtree(tree.geometries[chosen]), chosen


def _placed(graph: RoadGraph, at: tuple[Floats, Floats], point: Ints, found: tuple[Ints, Ints, Ints]) -> Spots:
    first, edge, segment = found
    xs, ys = at
    a, b = graph.points[first[segment]], graph.points[first[segment] + 1]
    part, distance = project(np.column_stack([xs[point], ys[point]]), a, b)
    along = graph.along[first[segment]]
    offset = along + part * (graph.along[first[segment] + 1] - along)
    place = a + part[:, None] * (b - a)
    columns = [np.full(xs.size, np.nan) for _ in range(4)]
    on = np.full(xs.size, -1, dtype=np.int64)
    on[point] = edge[segment]
    limited = np.minimum(offset, graph.length[edge[segment]])
    for column, values in zip(columns, (limited, distance, place[:, 0], place[:, 1]), strict=True):
        column[point] = values
    return Spots(xs, ys, on, *columns)


def spots_at(graph: RoadGraph, edge: Any, offset_m: Any) -> Spots:
    """Spots on the road itself, offset_m after the tail of each edge (where a road leaves the town, a roadblock)."""
    edges = checks.vector(edge, "edge", (np.int64,))
    offsets = checks.vector(offset_m, "offset_m", (np.float64,), size=edges.size)
    checks.refuse((edges < 0) | (edges >= graph.edges), "edge", f"is not an edge (0 to {graph.edges - 1}).")
    checks.refuse(~((offsets >= 0) & (offsets <= graph.length[edges])), "offset_m", "is not on its edge.")
    places = [graph.part(int(e), o, o)[0] for e, o in zip(edges, offsets, strict=True)]
    xs, ys = np.array(places).reshape(-1, 2).T.copy()
    return Spots(xs, ys, edges, offsets, np.zeros(edges.size), xs, ys)


def road_exits(graph: RoadGraph, outline: Any) -> Spots:
    """Where roads cross the outline of the town (a shapely polygon in the graph's metres), in order of the edges."""
    lines = shapely.linestrings(graph.points, indices=np.repeat(np.arange(graph.edges), np.diff(graph.start)))
    meets = shapely.intersection(lines, shapely.boundary(outline))
    points, edge = shapely.get_coordinates(meets), np.repeat(np.arange(graph.edges), shapely.get_num_coordinates(meets))
    offset = shapely.line_locate_point(lines[edge], shapely.points(points)) if edge.size else np.zeros(0)
    return spots_at(graph, edge, np.minimum(offset, graph.length[edge]))
