"""Parcels: one for each house between its neighbours, and fields on what is left of the blocks."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry import MultiPolygon, Polygon, box

from .plane import EAST, NORTH
from .plots import SET_BACK, Slot, boxes
from .streets import Street
from .terrain import Terrain

MIN_AREA = 60.0  # m2: what is smaller is a path and belongs to nobody
FIELD_X, FIELD_Y = 70.0, 95.0
HILL_FOOT = 345.0  # metres above the sea
HOUSE_DEPTH = 17.0  # metres from the middle of the house to the back fence


@dataclass(frozen=True, slots=True)
class Plot:
    """A piece of land in EPSG:32647; house: index of its house, -1 for a field or empty land."""

    shape: Polygon
    house: int


def _largest(shape: shapely.Geometry) -> Polygon | None:
    parts = [part for part in getattr(shape, "geoms", [shape]) if isinstance(part, Polygon) and part.area > 1.0]
    return max(parts, key=lambda part: part.area) if parts else None


def road_space(streets: list[Street]) -> MultiPolygon:
    """What the roads take, as one shape."""
    strips = [street.line.buffer(street.width / 2 + 0.5, cap_style="square") for street in streets]
    return shapely.union_all(strips)


def divide(town: Polygon, terrain: Terrain, slots: list[Slot], space: MultiPolygon) -> list[Plot]:
    """House parcels in the order of the houses where there is room for one, then the fields of the plain.

    space: what roads and water take. The hills have no title deeds."""
    land = town.difference(space)
    blocks = sorted(land.geoms, key=lambda b: (round(b.bounds[0], 2), round(b.bounds[1], 2)))
    tree = shapely.STRtree(shapely.points([(s.x, s.y) for s in slots]))
    plots: list[Plot] = []
    for block in blocks:
        inside = sorted(int(n) for n in tree.query(block, predicate="contains"))
        houses = _house_plots(block, inside, slots)
        plots.extend(houses)
        plots.extend(plot for plot in _fields(block, houses) if _is_plain(terrain, plot.shape))
    return sorted(plots, key=lambda p: (p.house < 0, p.house))


def _is_plain(terrain: Terrain, shape: Polygon) -> bool:
    x, y = shape.centroid.coords[0]
    return float(terrain.at(np.array([x]), np.array([y]))[0]) < HILL_FOOT


def _house_plots(block: Polygon, inside: list[int], slots: list[Slot]) -> list[Plot]:
    here = [slots[n] for n in inside]
    if not here:
        return []
    frames = boxes(here, np.array([max(s.width * 1.7, 9.0) for s in here]), SET_BACK, HOUSE_DEPTH)
    if len(here) == 1:
        cut = [shapely.intersection(frames[0], block)]
    else:
        points = shapely.MultiPoint([(s.x, s.y) for s in here])
        cells = shapely.voronoi_polygons(points, extend_to=block.buffer(60), ordered=True)
        cut = shapely.intersection(shapely.intersection(np.array(cells.geoms), frames), block)
    shapes = ((number, _largest(shape)) for number, shape in zip(inside, cut, strict=True))
    return [Plot(shape, number) for number, shape in shapes if shape is not None and shape.area >= 20.0]


def _fields(block: Polygon, houses: list[Plot]) -> list[Plot]:
    rest = block.difference(shapely.union_all([plot.shape for plot in houses])) if houses else block
    rest = rest.buffer(-0.4).buffer(0.4, join_style="mitre")
    x0, y0, x1, y1 = rest.bounds if not rest.is_empty else (0, 0, 0, 0)
    plots: list[Plot] = []
    for i in range(int((x0 - EAST) // FIELD_X), int((x1 - EAST) // FIELD_X) + 1):
        for j in range(int((y0 - NORTH) // FIELD_Y), int((y1 - NORTH) // FIELD_Y) + 1):
            west, south = EAST + i * FIELD_X, NORTH + j * FIELD_Y
            piece = rest.intersection(box(west, south, west + FIELD_X, south + FIELD_Y))
            parts = getattr(piece, "geoms", [piece])
            plots.extend(Plot(p, -1) for p in parts if isinstance(p, Polygon) and p.area >= MIN_AREA * 2)
    return plots
