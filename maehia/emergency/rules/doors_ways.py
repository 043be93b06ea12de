"""In which order the doors of a list are walked, and from each of them the way to the nearest open shelter.

Pure: arrays in metres of the road graph in, lines and words out.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from maehia.emergency.rules.depths import Depths
from maehia.network import (
    Closures,
    DoorRoute,
    RoadGraph,
    RoadsOutsideRaster,
    Spots,
    door_route,
    flooded,
    nearest_open,
    snap,
    walking,
    water_limit,
)
from maehia.network.paths import Path

Floats = npt.NDArray[np.float64]
LIMIT, WHO = "walker", "elderly"  # whoever is led away is not faster than this


@dataclass(frozen=True, slots=True)
class Leg:
    """A way as it is drawn and told. line: metres of the graph; turns: (turn, road, metres)."""

    line: Floats
    turns: tuple[tuple[str, str, int], ...]
    metres: float
    minutes: float


@dataclass(frozen=True, slots=True)
class Stop:
    """A door in walking order. door: its position among those given; minutes: None when no dry way leads there.

    shelter: position among the shelters, -1 when none is reached.
    """

    door: int
    minutes: float | None
    leg: Leg | None
    shelter: int = -1
    way: Leg | None = None


@dataclass(frozen=True, slots=True)
class Walk:
    """minutes: of the whole walk; bound_minutes: no order is quicker."""

    stops: tuple[Stop, ...]
    minutes: float = 0.0
    bound_minutes: float = 0.0


@dataclass(frozen=True, eq=False)
class Ground:
    """Roads, what of them is under water, and the open shelters (M, 2)."""

    graph: RoadGraph
    blocked: Closures | None = None
    shelters: Floats = field(default_factory=lambda: np.zeros((0, 2)))


def water(graph: RoadGraph, depths: Depths | None, *, closes: bool) -> Closures | None:
    """The stretches that cannot be walked: by depth, where it is known and the hazard closes roads at all."""
    if depths is None or not closes:
        return None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RoadsOutsideRaster)  # where nothing is known the footprint does not reach
        return flooded(graph, depths.grid, depths.metres, LIMIT)


def plan(ground: Ground, houses: Floats, start: Floats | None = None) -> Walk:
    """houses: (N, 2), in order of urgency; start: (2,) or None, which begins at the first door on an open road.

    Doors that no dry way reaches come last, in their order, with minutes None.
    """
    graph = ground.graph
    spots = _snap(graph, houses)
    begin = _start(ground, spots, start)
    if begin is None:
        return Walk(tuple(Stop(door, None, None) for door in range(len(houses))))
    route = door_route(graph, begin, spots, ground.blocked)
    away = _ways(ground, spots)
    stops = [Stop(int(door), float(minutes), _leg(route.leg(n)), *away[int(door)])
             for n, (door, minutes) in enumerate(zip(route.order, route.arrival_minutes, strict=True))]  # fmt: skip
    stops += [Stop(int(door), None, None, *away[int(door)]) for door in route.unreachable]
    return Walk(tuple(stops), _walked(route), route.bound_minutes)


def _walked(route: DoorRoute) -> float:
    return float(route.arrival_minutes[-1]) if len(route.arrival_minutes) else 0.0


def _snap(graph: RoadGraph, points: Floats) -> Spots:
    return snap(graph, points[:, 0].copy(), points[:, 1].copy())


def _start(ground: Ground, doors: Spots, start: Floats | None) -> Spots | None:
    """Where the walk begins: the given place, or the first door from which one can walk at all."""
    if start is not None:
        given = _snap(ground.graph, np.asarray(start, dtype=np.float64).reshape(1, 2))
        if _stands(ground, given)[0]:
            return given
    free = np.flatnonzero(_stands(ground, doors))
    return doors.take(free[:1]) if free.size else None


def _stands(ground: Ground, spots: Spots) -> npt.NDArray[np.bool_]:
    """Whether each spot is on a road that is open there."""
    on = np.asarray(spots.edge >= 0)
    if ground.blocked is not None and len(ground.blocked):
        on &= ground.blocked.sides(spots)[2] >= 0
    return on


def _ways(ground: Ground, spots: Spots) -> list[tuple[int, Leg | None]]:
    """Per door its nearest open shelter and the way there."""
    if not len(ground.shelters):
        return [(-1, None)] * len(spots)
    places = _snap(ground.graph, ground.shelters)
    near = nearest_open(ground.graph, spots, places, None, ground.blocked, pace=walking(ground.graph, WHO))
    return [(int(near.shelter[n]), _leg(path) if (path := near.path(n)) else None) for n in range(len(spots))]


def _leg(path: Path) -> Leg:
    turns = tuple((turn.turn, turn.road, round(turn.metres)) for turn in path.turns)
    return Leg(np.asarray(path.points), turns, float(path.metres), float(path.minutes))


def too_deep(depths: Depths | None, line: Floats) -> bool:
    """Whether a way leads through water that cannot be walked: for proving that it does not."""
    if depths is None:
        return False
    with np.errstate(invalid="ignore"):
        return bool(np.any(depths.at(line[:, 0], line[:, 1]) > water_limit(LIMIT).depth))


def simple(line: Floats, most: int = 200) -> list[Any]:
    """A line as [[x, y], ...] of at most so many points."""
    step = max(1, -(-len(line) // most))
    kept = [*range(0, len(line) - 1, step), len(line) - 1]
    return [[round(float(x), 7), round(float(y), 7)] for x, y in line[kept]]
