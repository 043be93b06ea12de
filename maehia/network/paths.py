"""A way through the town as a line on the map and as words for the one who walks it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely

from maehia.impact.checks import Floats
from maehia.network.graph import RoadGraph
from maehia.network.search import Tree
from maehia.network.spots import Spots

_STRAIGHT_DEG, _BACK_DEG = 30.0, 150.0


@dataclass(frozen=True)
class Turn:
    """One road of the way: `turn` into it ("start", "straight", "left", "right", "back"), then metres on it."""

    turn: str
    road: str
    kind: str
    metres: float


@dataclass(frozen=True)
class Hop:
    """A stretch of an edge from a to b metres after its tail."""

    edge: int
    a: float
    b: float


@dataclass(frozen=True, eq=False)
class Path:
    """A way. points: (n, 2) from the spot over the roads to the place. metres, minutes: both accesses included."""

    points: Floats
    hops: tuple[Hop, ...]
    turns: tuple[Turn, ...]
    metres: float
    minutes: float

    @property
    def line(self) -> shapely.LineString:
        """The way as a line, from door to door."""
        return shapely.LineString(self.points)


def hops_along(tree: Tree, graph: RoadGraph, places: Spots, node: int) -> list[Hop]:
    """The stretches from a node to the source of its tree."""
    hops = []
    while node < graph.nodes:
        edge, after = int(tree.edge[node]), int(tree.before[node])
        forward = graph.tail[edge] == node
        begin = 0.0 if forward else float(graph.length[edge])
        end = float(graph.length[edge]) - begin
        if after >= graph.nodes:
            end = float(places.offset_m[after - graph.nodes])
            begin = _entry(tree, graph, (edge, node, end), places.access_m[after - graph.nodes])
        hops.append(Hop(edge, begin, end))
        node = after
    return hops


def _entry(tree: Tree, graph: RoadGraph, last: tuple[int, int, float], access_m: float) -> float:
    """From which end the last edge is entered: on a loop both ends are one node, the shorter side is taken."""
    edge, node, offset = last
    if graph.tail[edge] != graph.head[edge]:
        return 0.0 if graph.tail[edge] == node else float(graph.length[edge])
    return 0.0 if abs(tree.metres[node] - access_m - offset) < 1e-6 else float(graph.length[edge])


def path_of(
    graph: RoadGraph, hops: list[Hop], ends: tuple[tuple[float, float], tuple[float, float]], took: tuple[float, float]
) -> Path:
    """A path from its hops; ends: door and place; took: (metres, minutes)."""
    real = [hop for hop in hops if hop.a != hop.b]
    parts = [graph.part(hop.edge, hop.a, hop.b) for hop in (real or hops[:1])]
    points = np.concatenate([np.array([ends[0]]), *parts, np.array([ends[1]])])
    moves = np.concatenate([[True], np.any(np.diff(points, axis=0) != 0, axis=1)])
    kept = points[moves] if moves.sum() > 1 else points[[0, -1]]
    return Path(kept, tuple(real), tuple(turns_of(graph, real)), *took)


def turns_of(graph: RoadGraph, hops: list[Hop]) -> list[Turn]:
    """The roads one after the other. Stretches of one name in a row, without turning back, are one."""
    turns: list[Turn] = []
    before: Floats | None = None
    for hop in hops:
        points = graph.part(hop.edge, hop.a, hop.b)
        turn = "start" if before is None else _turn(before, points)
        name, kind, metres = graph.name[hop.edge], graph.kind[hop.edge], abs(hop.b - hop.a)
        if turns and turns[-1].road == name and (name or turn == "straight") and turn != "back":
            last = turns.pop()
            turn, kind, metres = last.turn, last.kind, metres + last.metres
        turns.append(Turn(turn, name, kind, metres))
        before = points
    return turns


def _turn(before: Floats, after: Floats) -> str:
    """Left or right by the angle between the last stretch before and the first after."""
    a, b = before[-1] - before[-2], after[1] - after[0]
    angle = np.degrees(np.arctan2(a[0] * b[1] - a[1] * b[0], a @ b))
    if abs(angle) <= _STRAIGHT_DEG:
        return "straight"
    if abs(angle) >= _BACK_DEG:
        return "back"
    return "left" if angle > 0 else "right"
