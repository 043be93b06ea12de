"""Where roads are closed: stretches of edges, and the time at which each closes."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from maehia.impact import ArgumentError, Grid, checks
from maehia.impact.checks import Floats, Ints
from maehia.network.data import load_yaml
from maehia.network.graph import RoadGraph
from maehia.network.spots import Spots

Flags = npt.NDArray[np.bool_]


class RoadsOutsideRaster(UserWarning):
    """Part of the roads has no value in the depth raster and was taken as dry."""


@dataclass(frozen=True)
class WaterLimit:
    """The water that may still be crossed: depth m, depth x speed m2/s, speed m/s. Deeper, or faster, is closed."""

    depth: float
    product: float = np.inf
    speed: float = np.inf

    def __post_init__(self) -> None:
        for name in ("depth", "product", "speed"):
            if not getattr(self, name) >= 0:
                raise ArgumentError(name, f"is {getattr(self, name)}, expected 0 or more.")


def water_limit(who: str) -> WaterLimit:
    """A row of `limits` in data/water.yaml: walker, adult, rescuer, car, large_car, rescue_truck."""
    rows = load_yaml("water.yaml")["limits"]
    if who not in rows:
        raise ArgumentError("who", f"is {who!r}, expected one of {', '.join(rows)}.", code="who_unknown")
    return WaterLimit(rows[who]["depth"], rows[who]["product"], rows[who]["speed"])


@dataclass(frozen=True, eq=False)
class Closures:
    """K closed stretches of a graph whose E edges have these lengths, in order of edge and start.

    edge: (K,). start_m, end_m: (K,) metres after the tail, both ends belong to the stretch. closes_s: (K,) seconds
    from the time that the caller calls 0; -inf is "always closed". depth_m: (K,) greatest depth, NaN where unknown.
    """

    lengths: Floats
    edge: Ints
    start_m: Floats
    end_m: Floats
    closes_s: Floats
    depth_m: Floats

    def __len__(self) -> int:
        return int(self.edge.size)

    @property
    def closed_edges(self) -> Ints:
        """Edges with a closed stretch, rising."""
        return np.unique(self.edge)

    @cached_property
    def open_edges(self) -> Flags:
        """(E,) True where an edge can be gone from end to end."""
        passable = np.ones(self.lengths.size, dtype=bool)
        passable[self.edge] = False
        return passable

    def at(self, seconds: float) -> Closures:
        """What is closed at a time: stretches whose closes_s is not later."""
        return self.take(self.closes_s <= seconds)

    def take(self, chosen: Any) -> Closures:
        return Closures(self.lengths, self.edge[chosen], self.start_m[chosen], self.end_m[chosen],
                        self.closes_s[chosen], self.depth_m[chosen])  # fmt: skip

    def __or__(self, other: Closures) -> Closures:
        """Closed by either."""
        if self.lengths.size != other.lengths.size:
            raise ArgumentError("other", f"is for {other.lengths.size} edges, expected {self.lengths.size}.")
        columns = [np.concatenate([getattr(self, n), getattr(other, n)]) for n in _COLUMNS]
        return _ordered(self.lengths, *columns)

    def sides(self, spots: Spots) -> tuple[Flags, Flags, Ints]:
        """(free to the tail, free to the head, dry piece) of each spot.

        Spots of the same piece reach each other on their edge. Piece is -1 in a closed stretch and off the roads.
        """
        before, started = self._passed(spots)
        on, edge = spots.edge >= 0, np.maximum(spots.edge, 0)
        first, last = self._first[edge], self._first[edge + 1]
        dry = on & (before == started)
        piece = np.where(dry, edge + before, -1)
        return dry & (started == first), dry & (before == last), piece

    @cached_property
    def free_from_ends(self) -> tuple[Floats, Floats]:
        """(E,) metres that can be gone from the tail, and from the head, before the first closed stretch."""
        tail, head = self.lengths.copy(), self.lengths.copy()
        np.minimum.at(tail, self.edge, self.start_m)
        np.minimum.at(head, self.edge, np.maximum(self.lengths[self.edge] - self.end_m, 0.0))
        return tail, head

    def dry_stretch(self, edge: int, offset_m: float) -> tuple[float, float]:
        """(from, to) metres of the open stretch of an edge around a place on it that is open."""
        mine = self.edge == edge
        before = self.end_m[mine & (self.end_m < offset_m)]
        after = self.start_m[mine & (self.start_m > offset_m)]
        return float(before.max(initial=0.0)), float(after.min(initial=self.lengths[edge]))

    def _passed(self, spots: Spots) -> tuple[Ints, Ints]:
        """Stretches that end before each spot, and that begin not after it, counted over all edges in order."""
        place = self._ruler[np.maximum(spots.edge, 0)] + np.nan_to_num(spots.offset_m)
        ends, starts = self._merged
        return (np.searchsorted(ends, place - _TOUCH_M, side="left").astype(np.int64),
                np.searchsorted(starts, place + _TOUCH_M, side="right").astype(np.int64))  # fmt: skip

    @cached_property
    def _ruler(self) -> Floats:
        """(E + 1,) where each edge begins on one ruler for all, a metre after the end of the one before it."""
        return np.concatenate([[0.0], np.cumsum(self.lengths + 1.0)])

    @cached_property
    def _merged(self) -> tuple[Floats, Floats]:
        """(ends, starts) on the ruler, overlapping stretches as one."""
        starts, ends = self._ruler[self.edge] + self.start_m, self._ruler[self.edge] + self.end_m
        reach = np.maximum.accumulate(ends) if ends.size else ends
        new = np.ones(starts.size, dtype=bool)
        new[1:] = starts[1:] > reach[:-1] + _TOUCH_M
        return reach[np.concatenate([new[1:], np.ones(min(1, new.size), dtype=bool)])], starts[new]

    @cached_property
    def _first(self) -> Ints:
        """(E + 1,) merged stretches on the edges before each edge."""
        return np.searchsorted(self._merged[1], self._ruler - 0.5).astype(np.int64)


_COLUMNS = ("edge", "start_m", "end_m", "closes_s", "depth_m")
_TOUCH_M = 1e-6


def closures(
    graph: RoadGraph, edge: Any, start_m: Any, end_m: Any, *, closes_s: Any = None, depth_m: Any = None
) -> Closures:
    """Closed stretches from plain arrays in any order; refuses what is not on an edge of the graph."""
    on = checks.vector(edge, "edge", (np.int64,))
    start = checks.vector(start_m, "start_m", (np.float64,), size=on.size)
    end = checks.vector(end_m, "end_m", (np.float64,), size=on.size)
    closes = _column(closes_s, "closes_s", on.size, -np.inf)
    depth = _column(depth_m, "depth_m", on.size, np.nan)
    checks.refuse((on < 0) | (on >= graph.edges), "edge", f"is not an edge (0 to {graph.edges - 1}).")
    checks.refuse(~((start >= 0) & (start <= graph.length[on])), "start_m", "is not on its edge.")
    checks.refuse(
        ~((end >= start) & (end <= graph.length[on] + _TOUCH_M)), "end_m", "is before start_m or off the edge."
    )
    checks.refuse(np.isnan(closes), "closes_s", "is NaN.")
    return _ordered(graph.length, on, start, end, closes, depth)


def _column(values: Any, argument: str, size: int, default: float) -> Floats:
    return np.full(size, default) if values is None else checks.vector(values, argument, (np.float64,), size=size)


def _ordered(lengths: Floats, edge: Ints, *columns: Floats) -> Closures:
    order = np.lexsort((columns[0], edge))
    return Closures(lengths, edge[order], *(column[order] for column in columns))


def nothing_closed(graph: RoadGraph) -> Closures:
    """Every road open: what `blocked=None` means."""
    return closures(graph, np.zeros(0, np.int64), np.zeros(0), np.zeros(0))


def closed_edges(graph: RoadGraph, edges: Any, closes_s: float = -np.inf) -> Closures:
    """Whole edges closed, by number or by an (E,) mask."""
    chosen = np.asarray(edges)
    chosen = np.flatnonzero(chosen) if chosen.dtype == bool else checks.vector(chosen, "edges", (np.int64,))
    checks.refuse((chosen < 0) | (chosen >= graph.edges), "edges", f"is not an edge (0 to {graph.edges - 1}).")
    return closures(graph, chosen, np.zeros(chosen.size), graph.length[chosen],
                    closes_s=np.full(chosen.size, closes_s))  # fmt: skip


def roadblocks(graph: RoadGraph, spots: Spots, half_width_m: float = 1.0) -> Closures:
    """A closed stretch around each spot on a road: a fallen tree, a broken bridge. Spots off the road close nothing."""
    on = spots.take(spots.edge >= 0)
    start, end = on.offset_m - half_width_m, np.minimum(on.offset_m + half_width_m, graph.length[on.edge])
    return closures(graph, on.edge, np.maximum(start, 0.0), end)


def flooded(
    graph: RoadGraph,
    grid: Grid,
    depth: Any,
    limit: str | WaterLimit = "walker",
    *,
    speed: Any = None,
    arrival_s: Any = None,
    channel: Any = None,
    bridges_stand: bool = True,
) -> Closures:
    """Stretches of road under water that cannot be crossed.

    depth: (ny, nx) metres on `grid`, row 0 southernmost. speed: (ny, nx) m/s of the water, for the limits on speed
    and on depth x speed. arrival_s: (ny, nx) seconds at which the water comes; a stretch closes then (earlier than it
    would by its depth: on the safe side). channel: (ny, nx) mask of cells that carry water every day; roads pass
    over them. bridges_stand: roads of a level above 0 stay open.
    Roads are sampled every half cell or closer, each sample standing for the stretch half-way to its neighbours. Depth
    that is NaN, and roads outside the grid, count as dry, with a warning that says how many metres.
    """
    graph.check_grid(grid)
    limits = water_limit(limit) if isinstance(limit, str) else limit
    fields = _Fields.of(grid, depth, speed, arrival_s, channel)
    edge, start, end, place = _samples(graph, min(grid.dx, grid.dy) / 2)
    cell = grid.cell_of(place[:, 0], place[:, 1])
    deep, known = fields.at(cell)
    over = fields.exceeds(cell, deep, limits)
    if bridges_stand:
        over &= graph.level[edge] <= 0
    unknown = float((end - start)[~known].sum())
    if unknown > 0:
        warnings.warn(f"{unknown:.0f} m of road have no depth and count as dry.", RoadsOutsideRaster, stacklevel=2)
    at = np.flatnonzero(over)
    return _joined(graph, (edge[at], start[at], end[at], fields.arrives(cell[at]), deep[at]))


def stranded(
    graph: RoadGraph, grid: Grid, spots: Spots, depth: Any, limit: str | WaterLimit = "walker", *, speed: Any = None
) -> Flags:
    """(N,) True where the straight line from a spot to its road leads through water that cannot be crossed.

    Sampled every half cell from the spot's own place on, the road itself left out: that is asked by `flooded`. depth,
    speed: as there; no depth counts as dry. Spots off the roads are asked at their own place.
    """
    graph.check_grid(grid)
    limits = water_limit(limit) if isinstance(limit, str) else limit
    fields = _Fields.of(grid, depth, speed, None, None)
    on = spots.edge >= 0
    way_x, way_y = (np.where(on, road - own, 0.0) for road, own in ((spots.road_x, spots.x), (spots.road_y, spots.y)))
    farthest = float(np.hypot(way_x, way_y).max(initial=0.0))
    steps = max(int(np.ceil(farthest / (min(grid.dx, grid.dy) / 2))), 1)
    wet = np.zeros(len(spots), dtype=bool)
    for part in np.arange(steps) / steps:
        cell = grid.cell_of(spots.x + part * way_x, spots.y + part * way_y)
        wet |= fields.exceeds(cell, fields.at(cell)[0], limits)
    return wet


@dataclass(frozen=True)
class _Fields:
    depth: Floats
    speed: Floats | None
    arrival: Floats | None
    channel: Flags | None

    @classmethod
    def of(cls, grid: Grid, depth: Any, speed: Any, arrival_s: Any, channel: Any) -> _Fields:
        named = {"depth": depth, "speed": speed, "arrival_s": arrival_s}
        found = {n: None if v is None else _raster(grid, v, n) for n, v in named.items()}
        if found["depth"] is None:
            raise ArgumentError("depth", "is missing.")
        mask = None if channel is None else _raster(grid, channel, "channel") != 0
        return cls(found["depth"], found["speed"], found["arrival_s"], mask)

    def at(self, cell: Ints) -> tuple[Floats, Flags]:
        """(depth, known) in each cell; 0 where it is not known, and in the channel."""
        deep = np.where(cell < 0, np.nan, self.depth[np.maximum(cell, 0)])
        known = ~np.isnan(deep)
        deep = np.nan_to_num(deep, nan=0.0)
        if self.channel is not None:
            deep[(cell >= 0) & self.channel[np.maximum(cell, 0)]] = 0.0
        return deep, known

    def exceeds(self, cell: Ints, deep: Floats, limit: WaterLimit) -> Flags:
        over = deep > limit.depth
        if self.speed is not None:
            fast = np.nan_to_num(self.speed[np.maximum(cell, 0)], nan=0.0)
            over |= (deep > 0) & ((deep * fast > limit.product) | (fast > limit.speed))
        return over

    def arrives(self, cell: Ints) -> Floats:
        """Seconds; -inf without arrival times, and where a flooded cell has none."""
        if self.arrival is None:
            return np.full(cell.size, -np.inf)
        when = self.arrival[cell]
        return np.where(np.isfinite(when), when, -np.inf)


def _raster(grid: Grid, values: Any, argument: str) -> Floats:
    array = np.asarray(values, dtype=np.float64)
    if array.shape != grid.shape:
        raise ArgumentError(argument, f"has the shape {array.shape}, expected {grid.shape}.")
    flat = array.ravel()
    if argument in ("depth", "speed"):
        checks.refuse(flat < 0, argument, "is negative.", code=f"{argument}_negative")
    return flat


def _samples(graph: RoadGraph, step: float) -> tuple[Ints, Floats, Floats, Floats]:
    """(edge, start, end, place) of samples at both ends of every edge and evenly between, at most `step` apart."""
    pieces = np.maximum(np.ceil(graph.length / step), 1).astype(np.int64)
    edge = np.repeat(np.arange(graph.edges), pieces + 1)
    number = np.arange(edge.size) - np.repeat(np.cumsum(pieces + 1) - (pieces + 1), pieces + 1)
    each = (graph.length / pieces)[edge]
    at = number * each
    start, end = np.maximum(at - each / 2, 0.0), np.minimum(at + each / 2, graph.length[edge])
    # One ruler over all edges, a gap of a metre between them, so that one interpolation serves all.
    base = np.concatenate([[0.0], np.cumsum(graph.length + 1.0)])
    ruler = np.repeat(base[:-1], np.diff(graph.start)) + graph.along
    place = np.column_stack([np.interp(base[edge] + at, ruler, graph.points[:, k]) for k in (0, 1)])
    return edge, start, end, place


def _joined(graph: RoadGraph, found: tuple[Ints, Floats, Floats, Floats, Floats]) -> Closures:
    """Samples side by side that close at the same time become one stretch."""
    edge, start, end, closes, deep = found
    new = np.ones(edge.size, dtype=bool)
    new[1:] = (edge[1:] != edge[:-1]) | (start[1:] > end[:-1] + _TOUCH_M) | (closes[1:] != closes[:-1])
    first = np.flatnonzero(new)
    if not first.size:
        return nothing_closed(graph)
    last = np.concatenate([first[1:], [edge.size]]) - 1
    return closures(graph, edge[first], start[first], end[last], closes_s=closes[first],
                    depth_m=np.maximum.reduceat(deep, first))  # fmt: skip
