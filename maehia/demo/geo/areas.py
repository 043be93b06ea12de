"""The sketch of the town's outline and its parts. Drawn by us freehand: no boundary of any map is behind it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry import MultiPolygon, Point, Polygon

from ..dice import Dice
from ..houses import MOO_NAMES, TAMBON_CODE
from . import plane

AREA_M2 = 24.405e6  # published area of the town
_SKETCH = (
    (-4300, 600), (-3900, 1500), (-3000, 2050), (-2100, 2350), (-1000, 2450), (-100, 2150), (700, 1750), (1500, 1800),
    (2300, 1500), (2900, 1150), (3150, 500), (2900, -150), (3050, -800), (2700, -1500), (2000, -1850), (1100, -1750),
    (300, -2050), (-700, -2200), (-1600, -1900), (-2500, -1650), (-3300, -1250), (-4000, -500),
)  # fmt: skip
# Where the ten moo have their hearts, on the drawing board.
CENTRES = (
    (1450, 950), (1750, -250), (-1650, 1150), (550, 550), (-1900, -350),
    (-650, -1250), (700, -650), (1700, -1150), (-350, 1500), (-600, 150),
)  # fmt: skip
ZONES = ("เขตเก็บขยะเหนือ", "เขตเก็บขยะใต้", "เขตเก็บขยะตะวันออก", "เขตเก็บขยะเชิงเขา")
_COMMUNITY_WORDS = ("ร่วมใจ", "สามัคคี", "พัฒนา", "สันติสุข", "บ้านสวน", "ริมน้ำ", "ตลาดเก่า", "ทุ่งรวงทอง")


@dataclass(frozen=True)
class Area:
    """A named area in EPSG:32647. kind: municipality, moo, community or zone; quality: 'sketch' for all."""

    code: str
    kind: str
    name: str
    shape: MultiPolygon
    quality: str = "sketch"


def outline() -> Polygon:
    """The town's sketch, scaled to the published area."""
    points = plane.smoothed([(float(x), float(y)) for x, y in _SKETCH], 2, closed=True)
    rough = Polygon(plane.board(points))
    scale = (AREA_M2 / rough.area) ** 0.5
    return shapely.affinity.scale(rough, scale, scale, origin="centroid")


def cells(points: list[tuple[float, float]], inside: Polygon) -> list[MultiPolygon]:
    """What lies nearest to each point, cut to `inside`, in the order of the points."""
    found = shapely.voronoi_polygons(shapely.MultiPoint(points), extend_to=inside.buffer(500), ordered=True)
    return [_multi(cell.intersection(inside)) for cell in found.geoms]


def _multi(shape: shapely.Geometry) -> MultiPolygon:
    parts = [part for part in getattr(shape, "geoms", [shape]) if isinstance(part, Polygon)]
    return MultiPolygon(parts)


def draw_areas(seed: int) -> list[Area]:
    """The municipality, ten moo, two to four communities in each moo's plain, four waste zones."""
    dice = Dice(seed, "areas")
    town = outline()
    areas = [Area(TAMBON_CODE, "municipality", "เทศบาลเมืองแม่เหียะ", MultiPolygon([town]))]
    moo_cells = cells(plane.board([(float(x), float(y)) for x, y in CENTRES]), town)
    for moo, (name, shape) in enumerate(zip(MOO_NAMES, moo_cells, strict=True), start=1):
        areas.append(Area(f"{TAMBON_CODE}{moo:02d}", "moo", name, shape))
    for moo, shape in enumerate(moo_cells, start=1):
        areas.extend(_communities(dice, moo, shape))
    return areas + _zones(town)


def _communities(dice: Dice, moo: int, shape: MultiPolygon) -> list[Area]:
    """Neighbourhoods (ชุมชน) around the moo's heart; the hills belong to none."""
    heart = Point(plane.board([CENTRES[moo - 1]])[0])
    ground = shape.intersection(heart.buffer(900))
    ground = max(getattr(ground, "geoms", [ground]), key=lambda part: part.area)
    count = dice.between(2, 4)
    turn = dice.spread(0, 6.28)
    angles = [turn + 6.283 * i / count for i in range(count)]
    seeds = [(heart.x + 260 * float(np.cos(a)), heart.y + 260 * float(np.sin(a))) for a in angles]
    words = dice.sample(_COMMUNITY_WORDS, count)
    place = MOO_NAMES[moo - 1].removeprefix("บ้าน")
    parts = zip(words, cells(seeds, ground), strict=True)
    return [Area(f"C{moo:02d}{n}", "community", f"ชุมชน{place}{w}", cell) for n, (w, cell) in enumerate(parts, 1)]


def _zones(town: Polygon) -> list[Area]:
    hearts = plane.board([(300, 1400), (200, -1400), (2000, 0), (-2600, 200)])
    return [
        Area(f"Z{n}", "zone", name, cell)
        for n, (name, cell) in enumerate(zip(ZONES, cells(hearts, town), strict=True), 1)
    ]
