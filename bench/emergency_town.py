"""A synthetic register for the benchmark of who is inside: rows by COPY, everything invented, one fixed seed.

The tables keep their policies: only the rule that binds their owner too is lifted while he copies.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable
from contextlib import contextmanager
from datetime import date
from typing import Any

X0, Y0, STEP = 497_000.0, 2_072_000.0, 30.0  # metres of EPSG:32647: houses stand on a lattice of 30 m
SIZE = 3  # people of a house
BLOCK = 10  # houses between two streets
KINDS = (
    "bedridden", "oxygen", "dialysis", "wheelchair", "blind", "deaf", "dementia", "chronic", "disability", "pregnant",
)  # fmt: skip
LEVELS = ("ช่วยเหลือตัวเองได้", "ต้องมีผู้ช่วย", "พึ่งพาผู้อื่นทั้งหมด")
FIRST = ("สมชาย", "มาลี", "บุญมี", "วิไล", "คำปัน", "ศรีนวล", "บัวผัด", "ทองดี", "สุรพล", "กัลยา")
LAST = ("ใจดี", "มั่งมี", "สุขสันต์", "คำแก้ว", "ปัญญา", "วงศ์คำ", "บุญเรือง", "จันทร์แก้ว", "ดวงดี", "ชัยวงศ์")
TABLES = ("city_person", "city_need", "city_household", "city_householdmember")
EMPTIED = (
    *TABLES, "emergency_snapshotrow", "emergency_snapshot", "emergency_inside", "emergency_grant", "kit_scope_key",
    "kit_scope", "access_read", "city_building", "city_house", "city_road", "city_place",
)  # fmt: skip
PHONES = 500  # different encrypted numbers and notes; each is opened wherever it is shown


def width(people: int) -> int:
    """Houses along one side of the town."""
    return math.ceil(math.sqrt(people / SIZE))


def fill(people: int) -> None:
    """Replace the register by one of so many people. As the owner."""
    from django.db import connections

    with connections["owner"].cursor() as cursor, _unforced(cursor):
        cursor.execute(f"TRUNCATE {', '.join(EMPTIED)} CASCADE")
        _houses(cursor, people)
        _people(cursor, people)
        _streets(cursor, people)
    with connections["owner"].cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    _town(people)


@contextmanager
def _unforced(cursor: Any) -> Any:
    """COPY is refused where row-level security binds the one who copies."""
    for table in TABLES:
        cursor.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
    yield
    for table in TABLES:
        cursor.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")


def key(kind: int, number: int) -> str:
    """Spread like random keys, so that no index gets them in order."""
    return hashlib.md5(f"{kind}:{number}".encode(), usedforsecurity=False).hexdigest()


def _copy(cursor: Any, table: str, columns: str, rows: Iterable[tuple[Any, ...]]) -> None:
    with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def _place(number: int, side: int) -> str:
    from maehia.emergency.rules.footprints import METRES, between

    lon, lat = between(METRES, "EPSG:4326").transform(X0 + STEP * (number % side), Y0 + STEP * (number // side))
    return f"SRID=4326;POINT({lon:.7f} {lat:.7f})"


def _houses(cursor: Any, people: int) -> None:
    side, count = width(people), -(-people // SIZE)
    houses = ((key(1, n), "{}", "", f"{n % 900 + 1}/{n % 9}", n % 10 + 1, "", "house", "", _place(n, side))
              for n in range(count))  # fmt: skip
    _copy(
        cursor, "city_house", "key, sources, house_code, house_no, moo, village, house_kind, place_code, geom", houses
    )
    buildings = ((key(2, n), "{}", key(1, n), n % 3 + 1, "", "", "0.30") for n in range(count) if n % 4)
    _copy(cursor, "city_building", "key, sources, house_id, storeys, material, use, floor_height_m", buildings)
    homes = ((key(3, n), "{}", "registered", str(n), key(1, n), n % 10 + 1, "live") for n in range(count))
    _copy(cursor, "city_household", "key, sources, kind, number, house_id, moo, mode", homes)


def _people(cursor: Any, people: int) -> None:
    from maehia.kit.crypto import cells

    phones = [cells.encrypt(f"08{n:08d}", "city_person.phone") for n in range(PHONES)]
    notes = [cells.encrypt(f"ต้องใช้เปล {n} (สมมติ)", "city_need.note", "s26") for n in range(PHONES)]
    persons = (
        (key(4, n), "{}", "live", "", FIRST[n % 10], f"{LAST[n // 10 % 10]}{n}", "M", date(1931 + n * 7 % 95, 1, 1),
         "day", "", phones[n % PHONES], n // SIZE % 10 + 1, key(1, n // SIZE), True)
        for n in range(people)
    )  # fmt: skip
    columns = "key, sources, mode, title, first_name, last_name, sex, birth, birth_precision, nationality, phone, moo"
    _copy(cursor, "city_person", f"{columns}, house_id, registered", persons)
    members = ((key(5, n), key(3, n // SIZE), key(4, n), "", n // SIZE % 10 + 1, "live", "{}") for n in range(people))
    _copy(cursor, "city_householdmember", "key, household_id, person_id, relation, moo, mode, sources", members)
    needs = (
        (key(6, n), key(4, n), KINDS[n // 12 % 10], LEVELS[n // 12 % 3], notes[n % PHONES], "s26_5_a", date(2026, 1, 1),
         n // SIZE % 10 + 1, "live", "{}")
        for n in range(0, people, 12)
    )  # fmt: skip
    _copy(cursor, "city_need", "key, person_id, need_kind, level, note, ground, as_of, moo, mode, sources", needs)


def _streets(cursor: Any, people: int) -> None:
    """A street every ten houses, both ways, and a school as a shelter in each corner."""
    side = width(people)
    far, lines = STEP * side, []
    for n in range(0, side + 1, BLOCK):
        at = STEP * n + STEP / 2
        lines += [[(-60.0, at), (far, at)], [(at, -60.0), (at, far)]]
    streets = ((key(7, n), "{}", f"ถนน {n}", "residential", "", _line(points)) for n, points in enumerate(lines))
    _copy(cursor, "city_road", "key, sources, name, road_kind, surface, geom", streets)
    corners = [(0.0, 0.0), (far, 0.0), (0.0, far), (far, far)]
    schools = ((key(8, n), "{}", f"โรงเรียน {n}", "school", "", True, 500, _line([at])) for n, at in enumerate(corners))
    _copy(cursor, "city_place", "key, sources, name, place_kind, phone, is_shelter, capacity, geom", schools)


def _line(points: list[tuple[float, float]]) -> str:
    from maehia.emergency.rules.footprints import METRES, between

    found = [between(METRES, "EPSG:4326").transform(X0 + x, Y0 + y) for x, y in points]
    text = ", ".join(f"{lon:.7f} {lat:.7f}" for lon, lat in found)
    return f"SRID=4326;{'POINT' if len(points) == 1 else 'LINESTRING'}({text})"


def _town(people: int) -> None:
    from django.contrib.gis.geos import MultiPolygon

    from maehia.city.models import Town
    from maehia.kit.acting import acting

    with acting("system:bench", "system.demo"):
        Town.objects.update_or_create(id=1, defaults={
            "name_th": "เมืองวัดความเร็ว (ข้อมูลสมมติ)", "lao_type": "thesaban_mueang", "district_code": "5001",
            "province_code": "50", "outline": MultiPolygon(square(people, people), srid=4326)})  # fmt: skip


def square(inside: int, people: int) -> Any:
    """A square in the south-west of the town around so many of its people, as GEOS in degrees."""
    from django.contrib.gis.geos import Polygon

    from maehia.emergency.rules.footprints import METRES, between

    side = STEP * min(width(inside), width(people)) - STEP / 2
    corners = [(-15.0, -15.0), (side, -15.0), (side, side), (-15.0, side), (-15.0, -15.0)]
    return Polygon([between(METRES, "EPSG:4326").transform(X0 + x, Y0 + y) for x, y in corners], srid=4326)
