"""The road graph: nearest open shelter, who is cut off, walking times, flooded edges.

A graph comes from lines (`RoadGraph`), houses and shelters stand on it (`snap`), water closes stretches of it
(`flooded`), and the questions are functions of these. docs/network.md shows them in order.
"""

from maehia.network.assign import Assignment, assign
from maehia.network.closures import (
    Closures,
    RoadsOutsideRaster,
    WaterLimit,
    closed_edges,
    closures,
    flooded,
    nothing_closed,
    roadblocks,
    stranded,
    water_limit,
)
from maehia.network.cutoff import CutOff, cut_off, islands_of
from maehia.network.deadline import leave_by
from maehia.network.doors import DoorRoute, door_route
from maehia.network.graph import GraphReport, RoadGraph
from maehia.network.nearest import Nearest, nearest_on, nearest_open, roads_within, within_minutes
from maehia.network.pace import Pace, driving, walking
from maehia.network.paths import Hop, Path, Turn
from maehia.network.search import Passage, travel_minutes
from maehia.network.spots import Spots, road_exits, snap, spots_at

__all__ = [
    "Assignment", "Closures", "CutOff", "DoorRoute", "GraphReport", "Hop", "Nearest", "Pace", "Passage", "Path",
    "RoadGraph", "RoadsOutsideRaster", "Spots", "Turn", "WaterLimit", "assign", "closed_edges", "closures", "cut_off",
    "door_route", "driving", "flooded", "islands_of", "leave_by", "nearest_on", "nearest_open", "nothing_closed",
    "road_exits", "roadblocks", "roads_within", "snap", "spots_at", "stranded", "travel_minutes", "walking",
    "water_limit", "within_minutes",
]  # fmt: skip
