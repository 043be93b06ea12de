"""The nearest open shelter of every house, and the way there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from maehia.impact import ArgumentError
from maehia.impact.checks import Floats, Ints
from maehia.network.closures import Closures
from maehia.network.graph import RoadGraph
from maehia.network.pace import Pace
from maehia.network.paths import Hop, Path, hops_along, path_of
from maehia.network.search import LATE_S, Passage, Tree, Ways, direct_seconds
from maehia.network.spots import Spots

_TAIL, _HEAD, _DIRECT = 0, 1, 2


@dataclass(frozen=True, eq=False)
class Nearest:
    """N houses. shelter: (N,) position among the shelters, -1 when none can be reached. minutes, metres: (N,) door to
    door, infinite when none."""

    shelter: Ints
    minutes: Floats
    metres: Floats
    _passage: Passage
    _houses: Spots
    _shelters: Spots
    _tree: Tree
    _via: Ints

    def __len__(self) -> int:
        return int(self.shelter.size)

    def path(self, house: int) -> Path | None:
        """The way of one house to its shelter, as long as `metres` says; None when there is none."""
        shelter = int(self.shelter[house])
        if shelter < 0:
            return None
        graph, edge, offset = self._passage.graph, int(self._houses.edge[house]), float(self._houses.offset_m[house])
        via = int(self._via[house])
        if via == _DIRECT:
            hops = [Hop(edge, offset, float(self._shelters.offset_m[shelter]))]
        else:
            node, end = (graph.tail[edge], 0.0) if via == _TAIL else (graph.head[edge], float(graph.length[edge]))
            hops = [Hop(edge, offset, end), *hops_along(self._tree, graph, self._shelters, int(node))]
        ends = (_place(self._houses, house), _place(self._shelters, shelter))
        return path_of(graph, hops, ends, (float(self.metres[house]), float(self.minutes[house])))


def _place(spots: Spots, number: int) -> tuple[float, float]:
    return float(spots.x[number]), float(spots.y[number])


def nearest_open(
    graph: RoadGraph,
    houses: Spots,
    shelters: Spots,
    open_mask: Any = None,
    blocked: Closures | None = None,
    *,
    pace: Pace | None = None,
) -> Nearest:
    """For each house the open shelter that is reached soonest on open roads, by one search from all shelters.

    open_mask: (S,) bool, all open by default. blocked: what is closed now (`flooded(...)`, `.at(t)`), nothing by
    default. pace: `walking(graph, "elderly")`; an adult on foot by default. Of equally near shelters the one that
    comes first wins. A shelter in a closed stretch, or off the roads, cannot be reached.
    """
    passage = Passage(graph, pace, blocked)
    return nearest_on(passage, houses, shelters, open_mask)


def nearest_on(passage: Passage, houses: Spots, shelters: Spots, open_mask: Any = None) -> Nearest:
    """`nearest_open` on a passage that is kept between searches."""
    mask = np.ones(len(shelters), dtype=bool) if open_mask is None else np.asarray(open_mask)
    tree = passage.tree(shelters, mask)
    ways = passage.ways(houses)
    edge = np.maximum(houses.edge, 0)
    ends = passage.graph.tail[edge], passage.graph.head[edge]
    late = np.stack([ways.out_tail + tree.seconds[ends[0]], ways.out_head + tree.seconds[ends[1]]])
    metres = np.stack([ways.metres_tail + tree.metres[ends[0]], ways.metres_head + tree.metres[ends[1]]])
    via = np.argmin(late, axis=0).astype(np.int64)
    row = np.arange(len(houses))
    best, far = late[via, row], metres[via, row]
    shelter = np.where(via == _TAIL, tree.source[ends[0]], tree.source[ends[1]])
    _look_along(passage, (houses, ways), (shelters, mask), (best, far, shelter, via))
    none = ~np.isfinite(best)
    seconds = best - np.where(none, 0, shelter + 1) * LATE_S
    return Nearest(np.where(none, -1, shelter), np.where(none, np.inf, seconds / 60.0), np.where(none, np.inf, far),
                   passage, houses, shelters, tree, via)  # fmt: skip


def _look_along(
    passage: Passage,
    houses: tuple[Spots, Ways],
    shelters: tuple[Spots, npt.NDArray[np.bool_]],
    found: tuple[Floats, Floats, Ints, Ints],
) -> None:
    """Put shelters on the house's own edge where they are nearer than what was found (changed in place)."""
    best, far, shelter, via = found
    house, place, seconds = direct_seconds(passage, houses, (shelters[0], passage.ways(shelters[0])))
    usable = shelters[1][place]
    house, place, late = house[usable], place[usable], seconds[usable] + (place[usable] + 1) * LATE_S
    order = np.lexsort((late, house))
    house, first = np.unique(house[order], return_index=True)
    place, late = place[order][first], late[order][first]
    wins = late < best[house]
    house, place = house[wins], place[wins]
    best[house], shelter[house], via[house] = late[wins], place, _DIRECT
    apart = np.abs(houses[0].offset_m[house] - shelters[0].offset_m[place])
    far[house] = apart + houses[0].access_m[house] + shelters[0].access_m[place]


def within_minutes(
    graph: RoadGraph,
    houses: Spots,
    places: Spots,
    minutes: float,
    blocked: Closures | None = None,
    *,
    pace: Pace | None = None,
) -> npt.NDArray[np.bool_]:
    """(N,) True for the houses from which one of the places is reached in so many minutes."""
    if not minutes >= 0:
        raise ArgumentError("minutes", f"is {minutes}, expected 0 or more.")
    return nearest_open(graph, houses, places, None, blocked, pace=pace).minutes <= minutes


def roads_within(
    graph: RoadGraph, places: Spots, minutes: float, blocked: Closures | None = None, *, pace: Pace | None = None
) -> shapely.MultiLineString:
    """The stretches of road from which one of the places is reached in so many minutes: an isochrone to draw.

    A stretch is drawn from its ends inwards; on the edge of the place itself also around the place.
    """
    if not minutes >= 0:
        raise ArgumentError("minutes", f"is {minutes}, expected 0 or more.")
    passage = Passage(graph, pace, blocked)
    left = np.maximum(minutes * 60.0 - passage.tree(places).seconds[: graph.nodes], 0.0)
    free = passage.blocked.free_from_ends
    from_tail = np.minimum(left[graph.tail] / passage.pace.back_s * graph.length, free[0])
    from_head = np.minimum(left[graph.head] / passage.pace.forward_s * graph.length, free[1])
    parts = []
    for edge in np.flatnonzero((from_tail > 0) | (from_head > 0)):
        length, a, b = float(graph.length[edge]), float(from_tail[edge]), float(from_head[edge])
        stretches = [(0.0, length)] if a + b >= length else [(0.0, a), (length - b, length)]
        parts += [shapely.LineString(graph.part(int(edge), *s)) for s in stretches if s[1] - s[0] > 0]
    return shapely.MultiLineString(parts + _around(passage, places, minutes * 60.0))


def _around(passage: Passage, places: Spots, seconds: float) -> list[shapely.LineString]:
    """What of a place's own edge is near enough, as far as the nearest closed stretch on either side."""
    ways, graph, parts = passage.ways(places), passage.graph, []
    for n in np.flatnonzero(ways.piece >= 0):
        edge, offset, left = int(places.edge[n]), float(places.offset_m[n]), seconds - float(ways.access_s[n])
        before, after = left / passage.pace.forward_s[edge], left / passage.pace.back_s[edge]
        low, high = passage.blocked.dry_stretch(edge, offset)
        low = max(low, offset - max(before, 0.0) * graph.length[edge])
        high = min(high, offset + max(after, 0.0) * graph.length[edge])
        if high > low:
            parts.append(shapely.LineString(graph.part(edge, low, high)))
    return parts
