"""Public places with invented names, and the town's things along the streets."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from shapely.geometry import Point

from ..dice import Dice
from ..houses import MOO_NAMES
from .areas import CENTRES
from .parcels import Plot
from .plane import EAST, NORTH
from .streets import HILL_TEMPLE, Street
from .water import Waterway


@dataclass(frozen=True, slots=True)
class Place:
    """kind in Thai; capacity: persons that can sleep there, 0 = not for sleeping. x, y in EPSG:32647."""

    code: str
    name: str
    kind: str
    capacity: int
    phone: str
    is_shelter: bool
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Thing:
    """A thing of the town (asset): light, camera, hydrant, pump, drain, bin. installed: day, 0 = unknown."""

    code: str
    kind: str
    name: str
    state: str
    installed: int
    x: float
    y: float


def _wanted() -> list[tuple[str, str, int, bool, int]]:
    """(name, kind, capacity, shelter, moo) of every public place."""
    short = [name.removeprefix("บ้าน") for name in MOO_NAMES]
    wanted = [
        ("สำนักงานเทศบาล (จำลอง)", "สำนักงานเทศบาล", 150, False, 7),
        ("สถานีดับเพลิงและกู้ภัยเทศบาล (จำลอง)", "สถานีดับเพลิง", 0, False, 7),
        ("สถานีตำรวจภูธรจำลอง", "สถานีตำรวจ", 0, False, 2),
        ("ศูนย์ฟื้นฟูผู้สูงอายุและคนพิการจำลอง", "ศูนย์ฟื้นฟู", 40, True, 7),
        ("หอประชุมเทศบาลจำลอง", "หอประชุม", 400, True, 4),
        ("โรงพยาบาลชุมชนจำลอง", "โรงพยาบาล", 60, False, 8),
        ("วัดพระธาตุดอยตะวันจำลอง", "วัด", 120, True, 5),
    ]
    wanted += [(f"วัด{short[m]}", "วัด", 90 + 15 * m, m != 4, m + 1) for m in range(10)]
    wanted += [(f"โรงเรียนบ้าน{short[m]}", "โรงเรียน", 180 + 20 * m, True, m + 1) for m in (0, 2, 3, 5, 7, 8)]
    wanted += [(f"รพ.สต.บ้าน{short[m]}", "สถานบริการสุขภาพ", 0, False, m + 1) for m in (1, 4, 9)]
    wanted += [(f"ตลาด{short[m]}", "ตลาด", 0, False, m + 1) for m in (0, 3, 6, 7)]
    wanted += [(f"ศาลาประชาคมหมู่ {m + 1}", "ศาลาประชาคม", 60, True, m + 1) for m in range(10)]
    wanted += [(f"สวนสาธารณะ{short[m]}", "สวนสาธารณะ", 0, False, m + 1) for m in (1, 5, 8)]
    return wanted + [(f"ศูนย์พัฒนาเด็กเล็ก{short[m]}", "ศูนย์พัฒนาเด็กเล็ก", 0, False, m + 1) for m in (0, 2, 6, 9)]


def make_places(seed: int, plots: list[Plot]) -> list[Place]:
    """Each place takes a large field near the heart of its moo."""
    dice = Dice(seed, "places")
    fields = [plot.shape.centroid for plot in plots if plot.house < 0 and plot.shape.area > 900]
    xy = np.array([(p.x, p.y) for p in fields])
    free = np.ones(len(fields), dtype=bool)
    places = []
    for number, (name, kind, capacity, shelter, moo) in enumerate(_wanted(), start=1):
        hx, hy = EAST + CENTRES[moo - 1][0], NORTH + CENTRES[moo - 1][1]
        away = np.hypot(xy[:, 0] - hx - dice.spread(-350, 350), xy[:, 1] - hy - dice.spread(-350, 350))
        best = int(np.where(free, away, np.inf).argmin())
        free[best] = False
        on_hill = name.startswith("วัดพระธาตุ")
        x, y = (EAST + HILL_TEMPLE[0], NORTH + HILL_TEMPLE[1]) if on_hill else xy[best].tolist()
        phone = f"0530{dice.below(100_000):05d}"
        places.append(Place(f"P{number:03d}", name, kind, capacity, phone, shelter, x, y))
    return places


# kind, metres between two of them along a street, metres from the middle of the street, states and their shares
_ALONG = (
    ("ไฟถนน", 62.0, 3.2, "L", ("ใช้งานได้", "ใช้งานได้", "ใช้งานได้", "ใช้งานได้", "ชำรุด")),
    ("บ่อพักท่อระบายน้ำ", 150.0, 2.6, "D", ("ใช้งานได้", "ใช้งานได้", "ใช้งานได้", "อุดตัน")),
    ("ถังขยะสาธารณะ", 310.0, 3.6, "B", ("ใช้งานได้", "ใช้งานได้", "ใช้งานได้", "ชำรุด")),
    ("หัวดับเพลิง", 900.0, 3.4, "H", ("ใช้งานได้", "ใช้งานได้", "ใช้งานได้", "ใช้งานไม่ได้")),
    ("กล้องวงจรปิด", 700.0, 3.8, "C", ("ใช้งานได้", "ใช้งานได้", "ใช้งานได้", "ขัดข้อง", "")),
)


def make_things(seed: int, streets: list[Street], waterways: list[Waterway], day: int, *, share: float) -> list[Thing]:
    """The town's things. share: of the full town's number (0 to 1)."""
    dice = Dice(seed, "things")
    lit = [street for street in streets if street.kind != "track"]
    things: list[Thing] = []
    for kind, every, off, letter, states in _ALONG:
        left = every * dice.random()
        number = 0
        for street in lit:
            while left < street.line.length:
                if dice.chance(share):
                    number += 1
                    x, y = _beside(street, left, off + street.width / 2 - 2.0)
                    installed = day - dice.between(40, 5000) if dice.chance(0.9) else 0
                    name = f"{kind} {street.name}".strip()
                    things.append(Thing(f"{letter}{number:05d}", kind, name, dice.pick(states), installed, x, y))
                left += every
            left -= street.line.length
    return things + _pumps(dice, waterways, day)


def _beside(street: Street, along: float, off: float) -> tuple[float, float]:
    here, ahead = street.line.interpolate(along), street.line.interpolate(along + 1.0)
    dx, dy = ahead.x - here.x, ahead.y - here.y
    length = float(np.hypot(dx, dy)) or 1.0
    return round(here.x - dy / length * off, 2), round(here.y + dx / length * off, 2)


def _pumps(dice: Dice, waterways: list[Waterway], day: int) -> list[Thing]:
    pumps: list[Thing] = []
    for water in waterways:
        for step in range(1, 4):
            point: Point = water.line.interpolate(water.line.length * (0.35 + 0.15 * step))
            x, y = round(point.x + dice.spread(-9, 9), 2), round(point.y + dice.spread(6, 12), 2)
            code, name = f"W{len(pumps) + 1:05d}", f"เครื่องสูบน้ำ {water.name} จุดที่ {step}"
            pumps.append(Thing(code, "เครื่องสูบน้ำ", name, dice.pick(("พร้อมใช้", "พร้อมใช้", "ซ่อม")), day - 400, x, y))
    return pumps
