"""Streams that come down from the hills, an irrigation canal, and the river at the eastern edge."""

from __future__ import annotations

from dataclasses import dataclass

import shapely
from shapely.geometry import LineString, MultiPolygon

from . import plane


@dataclass(frozen=True)
class Waterway:
    """A line in EPSG:32647, drawn downstream. kind: stream, canal or river; depth of its bed and width in metres."""

    name: str
    kind: str
    line: LineString
    depth: float
    width: float


_WIDTHS = {"stream": 6.0, "canal": 5.0, "river": 70.0}
_COURSES = (
    (
        "ห้วยแม่เฮี้ยะสมมติ",
        "stream",
        3.0,
        (
            (-4250, 420),
            (-3800, 250),
            (-3350, 330),
            (-2900, 60),
            (-2450, 140),
            (-2000, -60),
            (-1600, 60),
            (-1150, -120),
            (-700, -30),
            (-200, -180),
            (250, -60),
            (700, -210),
            (1150, -80),
            (1600, -260),
            (2050, -120),
            (2500, -280),
            (2980, -200),
        ),
    ),
    (
        "ห้วยม่านหมอก",
        "stream",
        2.2,
        (
            (-3300, 1750),
            (-2900, 1450),
            (-2500, 1500),
            (-2100, 1250),
            (-1700, 1300),
            (-1300, 1050),
            (-850, 1100),
            (-400, 850),
            (50, 900),
            (400, 600),
            (750, 480),
            (1000, 150),
            (1150, -80),
        ),
    ),
    (
        "ห้วยตองแฮ้ง",
        "stream",
        2.2,
        (
            (-3700, -700),
            (-3200, -650),
            (-2800, -900),
            (-2350, -850),
            (-1900, -1100),
            (-1400, -1050),
            (-950, -1300),
            (-450, -1250),
            (50, -1450),
            (550, -1350),
            (1000, -1550),
            (1500, -1450),
            (2100, -1700),
            (2600, -1600),
            (3000, -1750),
        ),
    ),
    (
        "ลำเหมืองใหญ่",
        "canal",
        1.2,
        (
            (-100, 2250),
            (-60, 1500),
            (-130, 900),
            (-80, 300),
            (-160, -300),
            (-100, -900),
            (-170, -1500),
            (-120, -2200),
        ),
    ),
    (
        "แม่น้ำใหญ่จำลอง",
        "river",
        5.0,
        (
            (2750, 2300),
            (2980, 1700),
            (3120, 1100),
            (3330, 500),
            (3080, -200),
            (3220, -800),
            (2980, -1400),
            (2850, -2300),
        ),
    ),
)


def draw_waterways() -> list[Waterway]:
    lines = ((n, k, d, LineString(plane.board(plane.smoothed(list(course), 3)))) for n, k, d, course in _COURSES)
    return [Waterway(name, kind, line, depth, _WIDTHS[kind]) for name, kind, depth, line in lines]


def water_space(waterways: list[Waterway]) -> MultiPolygon:
    """What the water takes of the land, banks included."""
    return shapely.union_all([water.line.buffer(water.width / 2 + 2.0) for water in waterways])
