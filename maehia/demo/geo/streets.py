"""The road graph: a bent lattice, dense in the villages and thin in the fields, in one connected piece."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import shapely
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components
from shapely.geometry import LineString, Polygon

from ..dice import Dice
from . import plane
from .areas import CENTRES
from .plane import EAST, NORTH, Floats, Waves
from .terrain import Terrain

STEP_X, STEP_Y = 104.0, 118.0
WEST, EAST_END, SOUTH, NORTH_END = -2500.0, 3200.0, -2400.0, 2600.0
# Lines of the lattice that are main roads: (is a column, place on the board, name, kind, width in metres).
_MAIN = (
    (True, 1130.0, "ถนนเชียงใหม่-หางดอน", "primary", 18.0),
    (True, -300.0, "ถนนเลียบลำเหมืองใหญ่", "secondary", 12.0),
    (False, -950.0, "ถนนวงแหวนใต้", "primary", 20.0),
    (False, 820.0, "ถนนราชพฤกษ์ทอง", "secondary", 10.0),
    (True, 2150.0, "ถนนสมโภชเมือง", "tertiary", 8.0),
    (True, -1550.0, "ถนนเชิงดอยตะวัน", "tertiary", 7.0),
    (False, -80.0, "ถนนเทศบาลสมมติ", "tertiary", 7.0),
)
HILL_TEMPLE = (-3425, 875)
_HILL_ROAD = ((-2600, 420), (-2750, 640), (-2950, 520), (-3050, 760), (-3250, 640), (-3400, 860))
Node = tuple[int, int]


@dataclass(frozen=True)
class Street:
    """One edge of the graph between two junctions, in EPSG:32647. kind: primary ... residential, track."""

    name: str
    kind: str
    surface: str
    width: float
    line: LineString
    a: Node
    b: Node


class Lattice:
    """Nodes of the bent lattice: place on the map, usable or not, how urban it is there."""

    def __init__(self, seed: int, town: Polygon, terrain: Terrain) -> None:
        dice = Dice(seed, "lattice")
        self.nx = int((EAST_END - WEST) / STEP_X) + 1
        self.ny = int((NORTH_END - SOUTH) / STEP_Y) + 1
        i, j = np.meshgrid(np.arange(self.nx), np.arange(self.ny), indexing="ij")
        x, y = WEST + i * STEP_X, SOUTH + j * STEP_Y
        self.x = x + 75 * Waves(dice, 1500).at(x, y) + 9 * Waves(dice, 260).at(x, y) + EAST
        self.y = y + 85 * Waves(dice, 1700).at(x, y) + 9 * Waves(dice, 240).at(x, y) + NORTH
        points = shapely.points(self.x, self.y)
        flat = _slope(terrain, self.x, self.y) < 0.09
        self.usable = shapely.contains(town.buffer(-35), points) & flat
        self.urban = _urban(self.x - EAST, self.y - NORTH)

    def column(self, x: float) -> int:
        return round((x - WEST) / STEP_X)

    def row(self, y: float) -> int:
        return round((y - SOUTH) / STEP_Y)

    def point(self, node: Node) -> plane.Point:
        return float(self.x[node]), float(self.y[node])

    def edges(self) -> Iterable[tuple[Node, Node]]:
        for i in range(self.nx):
            for j in range(self.ny):
                if i + 1 < self.nx and self.usable[i, j] and self.usable[i + 1, j]:
                    yield (i, j), (i + 1, j)
                if j + 1 < self.ny and self.usable[i, j] and self.usable[i, j + 1]:
                    yield (i, j), (i, j + 1)


def _slope(terrain: Terrain, x: Floats, y: Floats) -> Floats:
    east = terrain.at(x + 60, y) - terrain.at(x - 60, y)
    north = terrain.at(x, y + 60) - terrain.at(x, y - 60)
    return np.hypot(east, north) / 120.0


def _urban(x: Floats, y: Floats) -> Floats:
    """1 in the heart of a moo, 0 far out in the fields."""
    best = np.zeros(x.shape)
    for cx, cy in CENTRES:
        best = np.maximum(best, np.exp(-(((x - cx) ** 2 + (y - cy) ** 2) / 560.0**2)))
    return best


def draw_streets(seed: int, town: Polygon, terrain: Terrain) -> list[Street]:
    """Main roads, village streets, field tracks and the hill road, as one connected graph."""
    lattice = Lattice(seed, town, terrain)
    dice = Dice(seed, "streets")
    main = {
        (is_column, lattice.column(at) if is_column else lattice.row(at)): (name, kind, width)
        for is_column, at, name, kind, width in _MAIN
    }
    streets: list[Street] = []
    for a, b in lattice.edges():
        is_column = a[0] == b[0]
        road = main.get((is_column, a[0] if is_column else a[1]))
        street = _street(dice, lattice, a, b, road)
        if street is not None:
            streets.append(street)
    return _hill_road(_largest_piece(streets), lattice)


def _street(dice: Dice, lattice: Lattice, a: Node, b: Node, road: tuple[str, str, float] | None) -> Street | None:
    line = LineString([lattice.point(a), lattice.point(b)])
    if road is not None:
        return Street(road[0], road[1], "แอสฟัลต์", road[2], line, a, b)
    urban = float(min(lattice.urban[a], lattice.urban[b]))
    keep = 0.92 if urban > 0.42 else (0.55 if urban > 0.18 else 0.13)
    if not dice.chance(keep):
        return None
    if urban > 0.18:
        surface = "คอนกรีต" if dice.chance(0.7) else "แอสฟัลต์"
        return Street(_soi(a, b), "residential", surface, 6.0 if dice.chance(0.4) else 4.0, line, a, b)
    return Street("", "track", "ลูกรัง", 3.5, line, a, b)


def _soi(a: Node, b: Node) -> str:
    return f"ซอย {a[0] + 1}" if a[0] == b[0] else f"ซอย {a[1] + 61}"


def _largest_piece(streets: list[Street]) -> list[Street]:
    nodes = sorted({node for street in streets for node in (street.a, street.b)})
    number = {node: n for n, node in enumerate(nodes)}
    rows = [number[s.a] for s in streets]
    cols = [number[s.b] for s in streets]
    graph = coo_matrix((np.ones(len(rows)), (rows, cols)), shape=(len(nodes), len(nodes)))
    _, label = connected_components(graph, directed=False)
    biggest = int(np.bincount(label).argmax())
    return [s for s in streets if label[number[s.a]] == biggest]


def _hill_road(streets: list[Street], lattice: Lattice) -> list[Street]:
    """From the westernmost junction near the stream up to the temple on the hill."""
    nodes = sorted({node for street in streets for node in (street.a, street.b)})
    top = plane.board(plane.smoothed([(float(x), float(y)) for x, y in _HILL_ROAD], 2))
    near = min(nodes, key=lambda n: (lattice.x[n] - top[0][0]) ** 2 + (lattice.y[n] - top[0][1]) ** 2)
    line = LineString([lattice.point(near), *top])
    return [*streets, Street("ทางขึ้นดอยตะวัน", "tertiary", "แอสฟัลต์", 6.0, line, near, (-1, -1))]
