"""The road graph: nodes, edges with their bends, and what was found wrong with the lines it came from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from maehia.impact import ArgumentError, Grid
from maehia.impact.checks import Floats, Ints
from maehia.network.noding import EXACT_M, distances_along, node_lines, segments

NAMELESS = ""


@dataclass(frozen=True)
class GraphReport:
    """What the lines were like. Lines are named by their position in the input.

    components: nodes of each connected piece, largest first. dangling: nodes with one road end.
    zero_length: lines shorter than the snap distance, left out. duplicates: lines of which some stretch was drawn
    twice, left out there. ends_joined: ends moved onto a neighbour; splits: places where a line was cut;
    kept_apart: crossings of two levels, no node there. isolated is every node outside the largest piece.
    """

    lines: int
    nodes: int
    edges: int
    metres: float
    components: tuple[int, ...]
    dangling: tuple[int, ...]
    zero_length: tuple[int, ...]
    duplicates: tuple[int, ...]
    ends_joined: int
    splits: int
    kept_apart: int

    @property
    def isolated(self) -> int:
        return sum(self.components[1:])


_NO_REPORT = GraphReport(0, 0, 0, 0.0, (), (), (), (), 0, 0, 0)


@dataclass(frozen=True, eq=False)
class RoadGraph:
    """V nodes and E edges, in metres of `crs`.

    x, y: (V,). tail, head: (E,) nodes; an edge may begin and end at one node, two may join the same nodes.
    points[start[e]:start[e + 1]]: the bends of edge e from tail to head; length: (E,) metres; line: (E,) input line.
    name, kind: (E,) text; speed_kmh: (E,) NaN where not given; oneway: (E,) 1 with the line, -1 against it, 0 both;
    level: (E,) above 0 a bridge, below 0 a tunnel.
    """

    x: Floats
    y: Floats
    tail: Ints
    head: Ints
    points: Floats
    start: Ints
    length: Floats
    line: Ints
    name: tuple[str, ...]
    kind: tuple[str, ...]
    speed_kmh: Floats
    oneway: Ints
    level: Ints
    report: GraphReport
    crs: str = "EPSG:32647"

    @classmethod
    def from_lines(
        cls,
        lines: Iterable[Any],
        *,
        name: Sequence[str | None] | None = None,
        kind: Sequence[str | None] | None = None,
        speed_kmh: Any = None,
        oneway: Any = None,
        level: Any = None,
        snap_m: float = 0.5,
        crs: str | None = "EPSG:32647",
    ) -> RoadGraph:
        """From shapely LineStrings or (n, 2) arrays in metres, with one value of each attribute a line.

        snap_m: ends this near to each other, or to another line, meet (see `noding.node_lines`). oneway: 1, 0, -1 or
        bool; level: whole numbers, 0 on the ground. Raises ArgumentError for no lines, a coordinate that is NaN (with
        the index of the line), attributes of another length, and a missing or geographic crs.
        """
        known = metric_crs(crs)
        if not (np.isfinite(snap_m) and snap_m >= 0):
            raise ArgumentError("snap_m", f"is {snap_m}, expected 0 or more metres.")
        parts = [_points_of(line, number) for number, line in enumerate(lines)]
        count = len(parts)
        levels = _numbers(level, "level", count, 0).astype(np.int64)
        ways = _numbers(oneway, "oneway", count, 0).astype(np.int64)
        if np.any(np.abs(ways) > 1):
            raise ArgumentError("oneway", "is not -1, 0 or 1.", index=int(np.argmax(np.abs(ways) > 1)))
        texts = _texts(name, "name", count), _texts(kind, "kind", count)
        return _build(parts, texts, (_speeds(speed_kmh, count), ways, levels), snap_m, known)

    @classmethod
    def from_file(cls, path: str | Path, **options: Any) -> RoadGraph:
        """From GeoJSON, GeoPackage or any file that GDAL reads; see `reading.read_roads` for the options."""
        from maehia.network.reading import read_roads

        return read_roads(path, **options)

    @property
    def nodes(self) -> int:
        return int(self.x.size)

    @property
    def edges(self) -> int:
        return int(self.length.size)

    @cached_property
    def along(self) -> Floats:
        """Metres of each of `points` from the tail of its edge."""
        return distances_along(self.points, self.start)

    @cached_property
    def segments(self) -> tuple[Ints, Ints, shapely.STRtree]:
        """(first point, edge, index) of every straight stretch."""
        first, edge = segments(self.points, self.start)
        ends = np.stack([self.points[first], self.points[first + 1]], axis=1)
        return first, edge, shapely.STRtree(shapely.linestrings(ends))

    def part(self, edge: int, a: float, b: float) -> Floats:
        """(n, 2) points of an edge from a to b metres after its tail; backwards when a > b."""
        if a > b:
            return self.part(edge, b, a)[::-1]
        rows = slice(int(self.start[edge]), int(self.start[edge + 1]))
        along, points = self.along[rows], self.points[rows]
        inner = points[(along > a) & (along < b)]
        ends = [[np.interp(v, along, points[:, k]) for k in (0, 1)] for v in (a, b)]
        whole: Floats = np.vstack([ends[:1], inner, ends[1:]])
        return whole

    def names_of(self, edges: Iterable[int]) -> tuple[str, ...]:
        """The roads that the edges belong to, each once, in their order; roads without a name are left out."""
        return tuple(dict.fromkeys(self.name[int(edge)] for edge in edges if self.name[int(edge)] != NAMELESS))

    def components(self, usable: Any = None) -> Ints:
        """(V,) number of the connected piece of each node over the edges of the (E,) mask, directions left aside."""
        keep = np.ones(self.edges, dtype=bool) if usable is None else np.asarray(usable, dtype=bool)
        ones = np.ones(int(keep.sum()), dtype=np.int8)
        matrix = coo_array((ones, (self.tail[keep], self.head[keep])), shape=(self.nodes, self.nodes))
        return np.asarray(connected_components(matrix, directed=False)[1], dtype=np.int64)

    def check_grid(self, grid: Grid) -> None:
        """Refuse a raster in another reference system than the roads."""
        from pyproj import CRS

        if CRS.from_user_input(grid.crs) != CRS.from_user_input(self.crs):
            raise ArgumentError("grid", f"is in {grid.crs}, the roads are in {self.crs}.", code="crs_differs",
                                fix="Bring both to one reference system.")  # fmt: skip


def metric_crs(crs: str | None, argument: str = "crs") -> str:
    """The name of a reference system in metres; refused when missing, unknown or in degrees."""
    from pyproj import CRS
    from pyproj.exceptions import CRSError

    if crs is None or not str(crs).strip():
        raise ArgumentError(argument, "is missing.", fix='Name it, for example "EPSG:32647".', code="crs_missing")
    try:
        known = CRS.from_user_input(crs)
    except CRSError as error:
        raise ArgumentError(argument, f"is not known: {crs}.", code="crs_unknown") from error
    if known.is_geographic or any(axis.unit_name not in ("metre", "meter") for axis in known.axis_info[:2]):
        raise ArgumentError(argument, f"is {known.name}, not in metres.", code="crs_not_metric",
                            fix="Project the lines first, in Chiang Mai to EPSG:32647.")  # fmt: skip
    return str(crs)


def _stack(parts: list[Floats]) -> tuple[Floats, Ints, Ints]:
    """(points, start, number) of the lines that have more than one point."""
    number = np.array([n for n, part in enumerate(parts) if len(part) > 1], dtype=np.int64)
    if not number.size:
        raise ArgumentError("lines", "has no line of some length.", code="lines_empty")
    start = np.concatenate([[0], np.cumsum([len(parts[n]) for n in number])]).astype(np.int64)
    return np.concatenate([parts[n] for n in number]), start, number


def _points_of(line: Any, number: int) -> Floats:
    kind = getattr(line, "geom_type", "LineString")
    if kind not in ("LineString", "LinearRing"):
        raise ArgumentError("lines", f"is a {kind}, expected a LineString.", index=number)
    try:
        points = np.asarray(shapely.get_coordinates(line) if hasattr(line, "geom_type") else line, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise ArgumentError("lines", "is no row of points.", index=number) from error
    if points.ndim != 2 or points.shape[1] not in (2, 3) or len(points) < 2:
        raise ArgumentError("lines", f"has the shape {points.shape}, expected two or more points.", index=number)
    points = points[:, :2]
    if not np.isfinite(points).all():
        raise ArgumentError("lines", "has a coordinate that is NaN or infinite.", index=number, code="lines_not_finite")
    moves = np.concatenate([[True], np.any(np.diff(points, axis=0) != 0, axis=1)])
    return np.asarray(points[moves], dtype=np.float64)


def _numbers(values: Any, argument: str, count: int, default: float) -> Floats:
    if values is None:
        return np.full(count, default, dtype=np.float64)
    array = np.asarray(values, dtype=np.float64)
    if array.shape != (count,):
        raise ArgumentError(argument, f"has the shape {array.shape}, expected one value a line ({count}).")
    if argument != "speed_kmh" and np.any(array != np.round(array)):
        raise ArgumentError(argument, "is not a whole number.", index=int(np.argmax(array != np.round(array))))
    return array


def _speeds(values: Any, count: int) -> Floats:
    speed = _numbers(values, "speed_kmh", count, np.nan)
    with np.errstate(invalid="ignore"):
        bad = (speed <= 0) | np.isinf(speed)
    if bad.any():
        raise ArgumentError("speed_kmh", "is not above 0.", index=int(np.argmax(bad)))
    return speed


def _texts(values: Sequence[str | None] | None, argument: str, count: int) -> list[str]:
    if values is None:
        return [NAMELESS] * count
    if len(values) != count:
        raise ArgumentError(argument, f"has length {len(values)}, expected one a line ({count}).")
    return [str(v) if v is not None else NAMELESS for v in values]


def _build(
    parts: list[Floats], texts: tuple[list[str], list[str]], numbers: tuple[Floats, Ints, Ints], snap_m: float, crs: str
) -> RoadGraph:
    speed, oneway, level = numbers
    points, start, number = _stack(parts)
    noded = node_lines(points, start, level[number], snap_m)
    line = number[noded.line]
    length = distances_along(noded.points, noded.start)[noded.start[1:] - 1]
    short = length <= EXACT_M
    twice = _drawn_twice(noded.points, noded.start, level[line], oneway[line], snap_m) & ~short
    gone = np.setdiff1d(np.arange(len(parts)), line[~short])
    found = (tuple(gone.tolist()), tuple(np.unique(line[twice]).tolist()))
    keep = np.flatnonzero(~short & ~twice)
    if not keep.size:
        raise ArgumentError("lines", "has no line longer than the snap distance.", code="lines_empty")
    line = line[keep]
    bends, begin = _rows_of(noded.start, keep)
    used, ends = np.unique(np.concatenate([noded.tail[keep], noded.head[keep]]), return_inverse=True)
    place = noded.node[used].T.copy()
    graph = RoadGraph(
        place[0], place[1], ends[: keep.size].astype(np.int64), ends[keep.size :].astype(np.int64),
        noded.points[bends], begin, length[keep], line, tuple(texts[0][n] for n in line),
        tuple(texts[1][n] for n in line), speed[line], oneway[line], level[line], _NO_REPORT, crs,
    )  # fmt: skip
    counted = (noded.ends_joined, noded.splits, noded.kept_apart)
    return replace(graph, report=_report(graph, len(parts), found, counted))


def _rows_of(start: Ints, chosen: Ints) -> tuple[Ints, Ints]:
    """(rows, new start) of the chosen runs of a ragged array."""
    counts = np.diff(start)[chosen]
    begin = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    return np.repeat(start[:-1][chosen] - begin[:-1], counts) + np.arange(int(begin[-1])), begin


def _drawn_twice(points: Floats, start: Ints, level: Ints, oneway: Ints, snap_m: float) -> Any:
    """Pieces that repeat an earlier one: same bends to the snap distance, either way round, same level and rule."""
    seen: set[tuple[int, int, bytes]] = set()
    twice = np.zeros(start.size - 1, dtype=bool)
    rounded = np.round(points / max(snap_m, 1e-3)).astype(np.int64)
    for n in range(start.size - 1):
        bends = rounded[start[n] : start[n + 1]]
        there, back = bends.tobytes(), bends[::-1].tobytes()
        key = (int(level[n]), int(oneway[n]) * (1 if there <= back else -1), min(there, back))
        twice[n] = key in seen
        seen.add(key)
    return twice


def _report(graph: RoadGraph, lines: int, found: tuple[Any, Any], counted: tuple[int, int, int]) -> GraphReport:
    sizes = np.bincount(graph.components()) if graph.nodes else np.zeros(0, dtype=np.int64)
    degree = np.bincount(np.concatenate([graph.tail, graph.head]), minlength=graph.nodes)
    return GraphReport(
        lines, graph.nodes, graph.edges, float(graph.length.sum()), tuple(sorted(sizes.tolist(), reverse=True)),
        tuple(np.flatnonzero(degree == 1).tolist()), *found, *counted,
    )  # fmt: skip
