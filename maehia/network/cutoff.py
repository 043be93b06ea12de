"""Who is cut off: from every open shelter, from outside the town, and by which closed roads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from maehia.impact import ArgumentError
from maehia.impact.checks import Ints
from maehia.network.closures import Closures, nothing_closed
from maehia.network.graph import RoadGraph
from maehia.network.nearest import nearest_on
from maehia.network.pace import Pace
from maehia.network.search import Passage, same_piece
from maehia.network.spots import Spots

REASONS = ("", "no_road", "water_at_door", "closed_roads", "no_open_shelter", "never_connected", "water_at_shelter")
_FINE, _NO_ROAD, _AT_DOOR, _CLOSED, _NO_SHELTER, _NEVER, _AT_SHELTER = range(7)
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class CutOff:
    """N houses. from_shelter, from_outside: (N,) True where no open shelter, or no exit, can be reached.

    from_outside is None when no exits were given. reason: (N,) position in REASONS, of the houses that are cut off
    from every open shelter: no road near the house; the house or its own stretch is under water; closed roads around
    it; it reaches places but none that is open, or there is none; not connected even without closures; the roads would
    do, but the open shelter stands in a closed stretch itself.
    island: (N,) number of the piece of open road that the house stands on, -1 for none. Two houses of one island can
    walk to each other.
    """

    from_shelter: Flags
    from_outside: Flags | None
    reason: Ints
    island: Ints
    _borders: dict[int, tuple[int, ...]]

    def reason_of(self, house: int) -> str:
        return REASONS[int(self.reason[house])]

    def closed_by(self, house: int) -> tuple[int, ...]:
        """The edges whose closed stretches bound the island of a house; its own edge when it stands in the water.
        `RoadGraph.names_of` says their names."""
        return self._borders.get(int(self.island[house]) if self.island[house] >= 0 else -2 - house, ())

    def islands(self) -> dict[int, Ints]:
        """Island -> its houses, of the islands that no open shelter is on, largest first."""
        cut = np.flatnonzero(self.from_shelter & (self.island >= 0))
        numbers, sizes = np.unique(self.island[cut], return_counts=True)
        order = np.argsort(-sizes, kind="stable")
        return {int(n): cut[self.island[cut] == n] for n in numbers[order]}


def cut_off(
    graph: RoadGraph,
    houses: Spots,
    shelters: Spots,
    open_mask: Any = None,
    blocked: Closures | None = None,
    *,
    exits: Spots | None = None,
    pace: Pace | None = None,
    in_water: Any = None,
) -> CutOff:
    """Which houses can reach no open shelter, and none of the exits of the town, and why.

    exits: where roads leave the town (`road_exits(graph, outline)`, or spots of the exits). The reason and the edges
    are those of the open roads as seen on foot; with a pace of one-way roads the reach follows its directions.
    in_water: (N,) bool of houses that cannot get to their road (`stranded`); without it only the roads are asked, and
    a house two metres deep beside a dry road counts as free.
    """
    blocked = nothing_closed(graph) if blocked is None else blocked
    passage = Passage(graph, pace, blocked)
    stuck = np.zeros(len(houses), dtype=bool) if in_water is None else np.asarray(in_water)
    if stuck.shape != (len(houses),) or stuck.dtype != bool:
        raise ArgumentError("in_water", f"has the shape {stuck.shape}, expected ({len(houses)},) of bool.")
    alone = stuck | (nearest_on(passage, houses, shelters, open_mask).shelter < 0)
    outside = None if exits is None else stuck | (nearest_on(passage, houses, exits).shelter < 0)
    island = np.where(stuck, -1, islands_of(graph, houses, blocked))
    reason = _reasons(Passage(graph, pace), (houses, shelters), open_mask, (alone, island))
    at_shelter = _at_shelter(passage, (houses, shelters), open_mask)
    reason[(reason == _CLOSED) & at_shelter] = _AT_SHELTER
    return CutOff(alone, outside, reason, island, _borders(graph, houses, blocked, alone, island))


def islands_of(graph: RoadGraph, spots: Spots, blocked: Closures) -> Ints:
    """(N,) the piece of open road of each spot: of the nodes it reaches, else of its own dry stretch; -1 for none."""
    component = graph.components(blocked.open_edges)
    tail, head, piece = blocked.sides(spots)
    edge = np.maximum(spots.edge, 0)
    own = graph.nodes + piece
    island = np.where(tail, component[graph.tail[edge]], np.where(head, component[graph.head[edge]], own))
    return np.where(piece >= 0, island, -1).astype(np.int64)


def _reasons(dry: Passage, spots: tuple[Spots, Spots], open_mask: Any, found: tuple[Flags, Ints]) -> Ints:
    houses, shelters = spots
    alone, island = found
    connected = nearest_on(dry, houses, shelters, open_mask).shelter >= 0
    anywhere = nearest_on(dry, houses, shelters).shelter >= 0
    reason = np.where(connected, _CLOSED, np.where(anywhere | (len(shelters) == 0), _NO_SHELTER, _NEVER))
    reason[island < 0] = _AT_DOOR
    reason[houses.edge < 0] = _NO_ROAD
    reason[~alone] = _FINE
    return reason.astype(np.int64)


def _at_shelter(passage: Passage, spots: tuple[Spots, Spots], open_mask: Any) -> Flags:
    """(N,) True for houses that would reach an open shelter if no shelter stood in a closed stretch."""
    houses, shelters = spots
    shut, place = passage.blocked, shelters if open_mask is None else shelters.take(np.asarray(open_mask))
    stretch, on = same_piece(shut.edge, place.edge)
    around = (shut.start_m[stretch] <= place.offset_m[on]) & (place.offset_m[on] <= shut.end_m[stretch])
    kept = np.ones(len(shut), dtype=bool)
    kept[stretch[around]] = False
    if kept.all():
        return np.zeros(len(houses), dtype=bool)
    freed = Passage(passage.graph, passage.pace, shut.take(kept))
    return nearest_on(freed, houses, shelters, open_mask).shelter >= 0


def _borders(
    graph: RoadGraph, houses: Spots, blocked: Closures, alone: Flags, island: Ints
) -> dict[int, tuple[int, ...]]:
    """Island -> edges that are closed somewhere and begin, end or lie on it; -2 - house -> the edge it stands in."""
    component = graph.components(blocked.open_edges)
    found: dict[int, set[int]] = {int(n): set() for n in np.unique(island[alone & (island >= 0)])}
    for edge in blocked.closed_edges:
        for node in (graph.tail[edge], graph.head[edge]):
            if int(component[node]) in found:
                found[int(component[node])].add(int(edge))
    for house in np.flatnonzero(alone & (houses.edge >= 0)):
        number = int(island[house])
        if number >= graph.nodes:
            found[number].add(int(houses.edge[house]))
        elif number < 0:
            found[-2 - int(house)] = {int(houses.edge[house])}
    return {number: tuple(sorted(edges)) for number, edges in found.items()}
