"""How long each edge takes, either way: on foot by kind of person and slope, by car by kind of road."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from maehia.impact import ArgumentError, Grid
from maehia.impact.checks import Floats
from maehia.network.data import load_yaml
from maehia.network.graph import RoadGraph

# Times are whole multiples of this part of a second: their sums are exact in float64, so a path is as long as its
# parts and two equal ways are equal.
QUANTUM_S = 2.0**-12
_TOBLER, _TOBLER_SHIFT = 3.5, 0.05


@dataclass(frozen=True, eq=False)
class Pace:
    """forward_s, back_s: (E,) seconds from tail to head and from head to tail, infinite where it is not allowed.

    access_s_per_m: seconds a metre between a spot and its road. The pace of an edge is the same on all its length.
    """

    forward_s: Floats
    back_s: Floats
    access_s_per_m: float


def whole_quanta(seconds: Any) -> Floats:
    return np.asarray(np.round(np.asarray(seconds, dtype=np.float64) / QUANTUM_S) * QUANTUM_S)


def _row(kind: str, who: str) -> Any:
    rows = load_yaml("speeds.yaml")[kind]
    if who not in rows:
        raise ArgumentError("who", f"is {who!r}, expected one of {', '.join(rows)}.", code="who_unknown")
    return rows[who]


def walking(graph: RoadGraph, who: str | float = "adult", *, grid: Grid | None = None, elevation: Any = None) -> Pace:
    """On foot, both ways on every road. who: a row of `foot` in data/speeds.yaml, or metres per second on the level.

    elevation: (ny, nx) metres on `grid`; with it the pace follows Tobler's hiking function (Tobler 1993, Three
    presentations on geographical analysis: speed ~ exp(-3.5 |slope + 0.05|)), taken from bend to bend and averaged
    over the edge; where the raster has no height the ground counts as level.
    """
    speed = float(who if isinstance(who, int | float) else _row("foot", who)["speed"])
    if not (np.isfinite(speed) and speed > 0):
        raise ArgumentError("who", f"is a speed of {speed}, expected more than 0 m/s.")
    forward, back = graph.length / speed, graph.length / speed
    if elevation is not None:
        if grid is None:
            raise ArgumentError("grid", "is missing beside elevation.")
        forward, back = (graph_seconds / speed for graph_seconds in _sloped(graph, grid, elevation))
    return Pace(_at_least(forward), _at_least(back), 1.0 / speed)


def driving(graph: RoadGraph, what: str = "car") -> Pace:
    """By car, one-way roads one way only, at the road's own speed or that of its kind in data/speeds.yaml."""
    row = _row("drive", what)
    by_kind = np.array([float(row["speed"].get(kind, row["other"])) for kind in graph.kind])
    seconds = _at_least(graph.length / (np.where(np.isnan(graph.speed_kmh), by_kind, graph.speed_kmh) / 3.6))
    return Pace(
        np.where(graph.oneway == -1, np.inf, seconds),
        np.where(graph.oneway == 1, np.inf, seconds),
        1.0 / float(row["walk_in"]),
    )


def _at_least(seconds: Floats) -> Floats:
    """No edge takes no time: a way of zero cost would be no edge in a sparse matrix."""
    return np.maximum(whole_quanta(seconds), QUANTUM_S)


def _sloped(graph: RoadGraph, grid: Grid, elevation: Any) -> tuple[Floats, Floats]:
    """Metres of level ground that cost as much as each edge, forward and back."""
    graph.check_grid(grid)
    heights = np.asarray(elevation, dtype=np.float64)
    if heights.shape != grid.shape:
        raise ArgumentError("elevation", f"has the shape {heights.shape}, expected {grid.shape}.")
    cell = grid.cell_of(graph.points[:, 0], graph.points[:, 1])
    height = np.where(cell < 0, np.nan, heights.ravel()[np.maximum(cell, 0)])
    first, edge, _ = graph.segments
    run = graph.along[first + 1] - graph.along[first]
    slope = np.nan_to_num((height[first + 1] - height[first]) / np.maximum(run, 1e-9), nan=0.0)
    both = []
    for signed in (slope, -slope):
        factor = np.exp(_TOBLER * (np.abs(signed + _TOBLER_SHIFT) - _TOBLER_SHIFT))
        both.append(np.bincount(edge, weights=run * factor, minlength=graph.edges).astype(np.float64))
    return both[0], both[1]
