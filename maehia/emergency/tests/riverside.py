"""A river bank of invented people for tests: six houses on a road, one shelter on a hill, and what is known of them.

Houses stand 100 m apart from west to east on ถนนริมน้ำ; the shelter is at the eastern end, the road leads out of the
town in the west. 1: กาญจนา, bedridden, 82, with her son. 2: a couple with a baby. 3: an old man alone. 4: a young
man. 5: two households. 6: nobody. Coordinates are invented.
"""

from __future__ import annotations

import json
import uuid
from datetime import date
from typing import Any

import numpy as np
from django.contrib.gis.geos import LineString, MultiPolygon, Point, Polygon

from maehia.city.models import Building, House, Household, HouseholdMember, Need, Person, Place, Road, Town
from maehia.emergency.rules.depths import Depths
from maehia.impact import Grid

X0, Y0 = 497_000.0, 2_072_000.0  # metres of EPSG:32647, the house in the west
STEP = 100.0
SHELTER = uuid.UUID(int=0xA001)


def degrees(x: float, y: float) -> tuple[float, float]:
    from maehia.emergency.rules.footprints import METRES, between

    lon, lat = between(METRES, "EPSG:4326").transform(x, y)
    return float(lon), float(lat)


def house_key(number: int) -> uuid.UUID:
    return uuid.UUID(int=0xB000 + number)


def person_key(number: int) -> uuid.UUID:
    return uuid.UUID(int=0xC000 + number)


# house, first name, born, needs [(kind, level, note)], phone
PEOPLE: list[tuple[int, str, int, list[tuple[str, str, str]], str]] = [
    (1, "กาญจนา", 1944, [("bedridden", "พึ่งพาผู้อื่นทั้งหมด", "ต้องใช้เปล"), ("oxygen", "", "")], "0811111111"),
    (1, "ก้อง", 1975, [], "0811111112"),
    (2, "นิภา", 1996, [], "0822222221"),
    (2, "นพ", 1995, [], ""),
    (2, "หนูนา", 2025, [], ""),
    (3, "สมบูรณ์", 1950, [("alone", "", "")], "0833333331"),
    (4, "วีระ", 1999, [], "0844444441"),
    (5, "แสง", 1960, [("deaf", "ต้องมีผู้ช่วย", "")], "0855555551"),
    (5, "ศรี", 1962, [], ""),
    (5, "โจ", 2000, [], "0855555552"),
]
HOUSEHOLDS = {
    1: (5, "registered", [8, 9]),
    2: (5, "registered", [10]),
    3: (1, "actual", [1]),
    4: (1, "registered", [1, 2]),
}


class Riverside:
    """Mixed in before the crew: makes the bank in live and, as other people, in exercise."""

    acting: Any

    def setUp(self) -> None:
        super().setUp()  # type: ignore[misc]
        with self.acting():
            build_bank()


def build_bank(mode: str = "live", offset: int = 0) -> None:
    """Things once, people per mode. offset: added to the keys of people, so that another mode has others."""
    if offset == 0:
        _things()
    for number, (house, name, born, needs, phone) in enumerate(PEOPLE, 1):
        person = Person.objects.create(
            key=person_key(number + offset), first_name=name, last_name="ริมน้ำ" if mode == "live" else "สมมติ",
            birth=date(born, 6, 1), birth_precision="day", phone=phone or None, moo=5, house_id=house_key(house),
            mode=mode, sources={},
        )  # fmt: skip
        for kind, level, note in needs:
            Need.objects.create(key=uuid.uuid4(), person=person, need_kind=kind, level=level, note=note or None,
                                ground="s26_5_a", as_of=date(2026, 1, 1), moo=5, mode=mode)  # fmt: skip
    for number, (house, kind, members) in HOUSEHOLDS.items():
        home = Household.objects.create(key=uuid.UUID(int=0xD000 + number + offset), kind=kind, house_id=house_key(house),
                                        moo=5, mode=mode, sources={})  # fmt: skip
        for member in members:
            HouseholdMember.objects.create(key=uuid.uuid4(), household=home, person_id=person_key(member + offset),
                                           moo=5, mode=mode)  # fmt: skip


def _things() -> None:
    for number in range(1, 7):
        House.objects.create(key=house_key(number), house_no=f"{number}/1", moo=5, sources={},
                             geom=Point(*degrees(X0 + STEP * (number - 1), Y0 + 10), srid=4326))  # fmt: skip
    Building.objects.create(key=uuid.uuid4(), house_id=house_key(1), storeys=1, floor_height_m="0.30", sources={})
    Building.objects.create(key=uuid.uuid4(), house_id=house_key(4), storeys=2, sources={})
    ends = [degrees(X0 - 300, Y0), degrees(X0 + 900, Y0)]
    Road.objects.create(key=uuid.uuid4(), name="ถนนริมน้ำ", road_kind="residential", geom=LineString(*ends, srid=4326),
                        sources={})  # fmt: skip
    Place.objects.create(key=SHELTER, name="โรงเรียนบนเนิน", place_kind="school", is_shelter=True, capacity=100,
                         geom=Point(*degrees(X0 + 800, Y0 + 5), srid=4326), sources={})  # fmt: skip
    Town.objects.create(name_th="เทศบาลเมืองตัวอย่าง", lao_type="thesaban_mueang", district_code="5001",
                        province_code="50", outline=MultiPolygon(box(-200, -500, 1000, 500), srid=4326))  # fmt: skip


def box(west: float, south: float, east: float, north: float) -> Polygon:
    """A rectangle in metres from the house in the west, as degrees."""
    corners = [(west, south), (east, south), (east, north), (west, north), (west, south)]
    return Polygon([degrees(X0 + x, Y0 + y) for x, y in corners], srid=4326)


def bank(first: int = 1, last: int = 6) -> bytes:
    """GeoJSON around the houses first to last."""
    area = box(STEP * (first - 1) - 40, -30, STEP * (last - 1) + 40, 40)
    return json.dumps({"type": "Polygon", "coordinates": area.coords}).encode()


def water(*deep: float) -> Depths:
    """10 m cells around the bank; deep: metres of water at each house from the west, dry elsewhere."""
    grid = Grid(X0 - 400, Y0 - 200, 10, 10, 150, 40)
    metres = np.zeros(grid.shape)
    for number, depth in enumerate(deep):
        west = int((400 + STEP * number - 40) / 10)
        metres[15:26, west : west + 8] = depth
    return Depths(grid, metres)
