"""Whether the houses inside a footprint can still be left on foot, and the nearest open shelter of each.

Pure: arrays in metres of the road graph in, arrays out.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from maehia.emergency.rules.depths import Depths, Floats
from maehia.emergency.rules.footprints import moved
from maehia.network import (
    Closures,
    RoadGraph,
    RoadsOutsideRaster,
    Spots,
    closed_edges,
    flooded,
    nearest_open,
    road_exits,
    snap,
    stranded,
    walking,
    water_limit,
)

Flags = npt.NDArray[np.bool_]
WHO, LIMIT = "elderly", "walker"  # the slow and the small: who is faster has time to spare
OPEN, CUT, UNKNOWN = "open", "cut", "unknown"


@dataclass(frozen=True, eq=False)
class Reach:
    """access: (N,) open, cut or unknown. shelter: (N,) position among the shelters, -1 for none. minutes: (N,) NaN."""

    access: npt.NDArray[np.str_]
    shelter: npt.NDArray[np.int64]
    minutes: Floats


@dataclass(frozen=True, eq=False)
class Ground:
    """What the houses stand on: roads, shelters (M, 2), outline of the town; all in metres of EPSG:32647."""

    graph: RoadGraph
    shelters: Floats
    outline: Any = None


def reach(ground: Ground, houses: Floats, area: Any, depths: Depths | None, *, roads_close: bool = True) -> Reach:
    """houses: (N, 2) metres. area: the footprint in metres. roads_close: whether this hazard stops people on foot.

    With depths a house is cut when water that cannot be waded lies between it and every open shelter and every way
    out of the town, or around itself. Without depths the roads inside the area are taken as closed, and who needs
    them is "unknown". A house without a road near, or never connected, is "unknown" too.
    """
    graph = ground.graph
    spots = snap(graph, houses[:, 0].copy(), houses[:, 1].copy())
    ends = _Ends.of(ground)
    usable = _usable(ground.shelters, area, depths, roads_close)
    shelter, minutes, free = ends.nearest(spots, usable, _blocked(graph, area, depths) if roads_close else None)
    ever = ends.nearest(spots, np.ones(len(usable), bool), None)[2]
    stuck = _stuck(graph, spots, depths) if roads_close else np.zeros(len(spots), bool)
    access = np.where(free, OPEN, np.where(ever, CUT if depths is not None else UNKNOWN, UNKNOWN))
    access = np.where(stuck, CUT, np.where(spots.edge < 0, UNKNOWN, access))
    away = (access == OPEN) & (shelter >= 0)
    return Reach(access, np.where(away, shelter, -1), np.where(away, minutes, np.nan))


@dataclass(frozen=True, eq=False)
class _Ends:
    """Where people can go: shelters, and the ways out of the town."""

    graph: RoadGraph
    shelters: Spots
    exits: Spots | None

    @classmethod
    def of(cls, ground: Ground) -> _Ends:
        places = snap(ground.graph, ground.shelters[:, 0].copy(), ground.shelters[:, 1].copy())
        exits = None if ground.outline is None else road_exits(ground.graph, ground.outline)
        return cls(ground.graph, places, exits if exits is not None and len(exits) else None)

    def nearest(
        self, spots: Spots, usable: Flags, blocked: Closures | None
    ) -> tuple[npt.NDArray[np.int64], Floats, Flags]:
        """(shelter, minutes, whether a shelter or a way out of the town can be reached)."""
        pace = walking(self.graph, WHO)
        shelter, minutes = np.full(len(spots), -1, np.int64), np.full(len(spots), np.inf)
        if len(self.shelters):
            near = nearest_open(self.graph, spots, self.shelters, usable, blocked, pace=pace)
            shelter, minutes = near.shelter, near.minutes
        free = shelter >= 0
        if self.exits is not None:
            free = free | (nearest_open(self.graph, spots, self.exits, None, blocked, pace=pace).shelter >= 0)
        return shelter, minutes, free


def _usable(shelters: Floats, area: Any, depths: Depths | None, roads_close: bool) -> Flags:
    """Shelters that do not themselves stand in it."""
    if not roads_close or not len(shelters):
        return np.ones(len(shelters), bool)
    if depths is None:
        return ~np.asarray(shapely.intersects_xy(area, shelters[:, 0], shelters[:, 1]))
    with np.errstate(invalid="ignore"):
        return ~(depths_at(depths, shelters) > water_limit(LIMIT).depth)


def _blocked(graph: RoadGraph, area: Any, depths: Depths | None) -> Closures:
    if depths is None:
        lines = shapely.linestrings(graph.points, indices=np.repeat(np.arange(graph.edges), np.diff(graph.start)))
        shapely.prepare(area)
        return closed_edges(graph, shapely.intersects(area, lines))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RoadsOutsideRaster)  # where nothing is known the footprint does not reach
        return flooded(graph, depths.grid, depths.metres, LIMIT)


def _stuck(graph: RoadGraph, spots: Spots, depths: Depths | None) -> Flags:
    if depths is None:
        return np.zeros(len(spots), bool)
    return stranded(graph, depths.grid, spots, depths.metres, LIMIT)


def depths_at(depths: Depths, points: Floats) -> Floats:
    """Metres of water at (N, 2) points of EPSG:32647, NaN where nothing is known."""
    placed = shapely.points(points)
    own = shapely.get_coordinates(moved(placed, "EPSG:32647", depths.grid.crs)) if len(points) else points
    return depths.at(own[:, 0], own[:, 1])
