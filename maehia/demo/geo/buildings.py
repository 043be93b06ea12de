"""Footprints: a house on each parcel, sheds and shops beside some, the large roofs of public places."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from shapely.affinity import rotate, translate
from shapely.geometry import Polygon, box

from ..dice import Dice
from ..houses import House
from .plots import Slot, boxes


@dataclass(frozen=True, slots=True)
class Building:
    """A footprint in EPSG:32647. house: index or -1; floor_height: metres above the ground outside;
    value: replacement value in baht; built: year of the common era, 0 = unknown."""

    code: str
    house: int
    storeys: int
    material: str
    use: str
    floor_height: float
    value: int
    built: int
    shape: Polygon


_MATERIALS = {"ไม้": 5_200, "ครึ่งตึกครึ่งไม้": 6_800, "คอนกรีตเสริมเหล็ก": 9_500, "เหล็กและเมทัลชีท": 4_200}


def _material(dice: Dice, built: int) -> str:
    draw = dice.random()
    if built < 1985:
        return "ไม้" if draw < 0.5 else ("ครึ่งตึกครึ่งไม้" if draw < 0.85 else "คอนกรีตเสริมเหล็ก")
    return "คอนกรีตเสริมเหล็ก" if draw < 0.84 else ("ครึ่งตึกครึ่งไม้" if draw < 0.93 else "ไม้")


def _floor_height(dice: Dice, material: str) -> float:
    """Old wooden houses stand on posts; new ones are 10 to 80 cm above the ground."""
    if material == "ไม้" and dice.chance(0.5):
        return round(dice.spread(1.4, 2.2), 2)
    return round(dice.spread(0.1, 0.8), 2)


def _storeys(dice: Dice, kind: str) -> int:
    if kind == "หอพัก":
        return dice.between(3, 5)
    if kind in {"ตึกแถว", "ทาวน์เฮาส์"}:
        return dice.between(2, 3)
    return 1 if dice.chance(0.55) else 2


def _house_building(dice: Dice, number: int, house: House, shape: Polygon) -> Building:
    built = 2026 - int(dice.random() ** 1.4 * 62)
    material = _material(dice, built)
    storeys = _storeys(dice, house.kind)
    use = {"ตึกแถว": "พาณิชย์และอยู่อาศัย", "หอพัก": "หอพัก", "วัด": "ศาสนสถาน"}.get(house.kind, "อยู่อาศัย")
    value = round(shape.area * storeys * _MATERIALS[material] * dice.spread(0.75, 1.2), -3)
    floor = _floor_height(dice, material)
    return Building(f"B{number:06d}", house.index, storeys, material, use, floor, int(value), built, shape)


def house_buildings(seed: int, houses: list[House], slots: list[Slot], shapes: dict[int, Polygon]) -> list[Building]:
    """One building for almost every house, a second small one for some. shapes: the houses' parcels."""
    dice = Dice(seed, "buildings")
    wide = np.array([_front(dice, house, slot) for house, slot in zip(houses, slots, strict=True)])
    rooms = boxes(slots, wide, 5.0, 5.5)
    buildings: list[Building] = []
    for house, room in zip(houses, rooms, strict=True):
        if dice.chance(0.03):
            continue
        parcel = shapes.get(house.index)
        shape = _fitting(room, parcel) if parcel is not None else room
        if shape is None:
            continue
        buildings.append(_house_building(dice, len(buildings) + 1, house, shape))
        if dice.chance(0.08) and parcel is not None:
            shed = _shed(dice, shape, parcel)
            if shed is not None:
                buildings.append(_shed_building(dice, len(buildings) + 1, house, shed))
    return buildings


def _front(dice: Dice, house: House, slot: Slot) -> float:
    if house.kind in {"ตึกแถว", "ทาวน์เฮาส์"}:
        return min(dice.spread(4.5, 6.5), slot.width - 0.4)
    return min(dice.spread(6.5, 11.0), slot.width - 1.6)


def _fitting(room: Polygon, parcel: Polygon) -> Polygon | None:
    if parcel.contains(room):
        return room
    cut = room.intersection(parcel.buffer(-0.4))
    return cut if isinstance(cut, Polygon) and cut.area > 12.0 else None


def _shed(dice: Dice, main: Polygon, parcel: Polygon) -> Polygon | None:
    x, y = main.centroid.coords[0]
    shed = rotate(box(-2.2, -1.8, 2.2, 1.8), dice.spread(0, 90))
    for _ in range(6):
        angle, away = dice.spread(0, 6.283), dice.spread(7.5, 12.0)
        placed = translate(shed, x + away * float(np.cos(angle)), y + away * float(np.sin(angle)))
        if parcel.contains(placed) and not placed.intersects(main):
            return placed
    return None


def _shed_building(dice: Dice, number: int, house: House, shape: Polygon) -> Building:
    value = int(round(shape.area * 4_200 * dice.spread(0.6, 1.0), -3))
    floor = round(dice.spread(0.0, 0.2), 2)
    return Building(f"B{number:06d}", house.index, 1, "เหล็กและเมทัลชีท", "โรงเก็บของ", floor, value, 0, shape)


def public_building(dice: Dice, number: int, use: str, x: float, y: float, *, size: float, angle: float) -> Building:
    """A large roof of `size` metres by two thirds of it, around a point."""
    shape = translate(rotate(box(-size / 2, -size / 3, size / 2, size / 3), angle), x, y)
    storeys = 1 if use in {"ศาสนสถาน", "ตลาด"} else dice.between(1, 3)
    value = int(round(shape.area * storeys * 12_000, -3))
    floor, built = round(dice.spread(0.3, 0.9), 2), 1975 + dice.below(50)
    return Building(f"B{number:06d}", -1, storeys, "คอนกรีตเสริมเหล็ก", use, floor, value, built, shape)
