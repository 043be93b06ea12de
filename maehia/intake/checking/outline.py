"""The outline of the town: public files give neighbours' land under the town's code, so size and name must agree."""

from __future__ import annotations

from collections.abc import Mapping

from pyproj import Geod
from shapely.geometry.base import BaseGeometry

from maehia.base import Problem
from maehia.intake.words import bare

GEOD = Geod(ellps="WGS84")
PREFIXES = ("เทศบาลเมือง", "เทศบาลตำบล", "เทศบาลนคร", "เทศบาล", "องค์การบริหารส่วนตำบล", "อบต", "ตำบล", "ต")


def area_km2(polygon: BaseGeometry) -> float:
    """Area on the ellipsoid of a shape in EPSG:4326."""
    area, _ = GEOD.geometry_area_perimeter(polygon)
    return abs(float(area)) / 1e6


def check_outline(
    polygon: BaseGeometry,
    declared_area_km2: float,
    name: str,
    code: str,
    tolerance: float = 0.10,
    *,
    town_code: str = "",
    names: Mapping[str, str] | None = None,
) -> list[Problem]:
    """Why this shape cannot be the town's outline; empty = it can.

    polygon: EPSG:4326. name, code: what the file says of it. tolerance: share by which the area may differ.
    town_code: the town's own code. names: the known name of each code.
    """
    problems = []
    measured = area_km2(polygon)
    if abs(measured - declared_area_km2) > tolerance * declared_area_km2:
        problems.append(_area(measured, declared_area_km2, tolerance))
    if town_code and code and code != town_code:
        what = f"รหัส {code} ไม่ใช่รหัสของเมืองนี้ ({town_code})"
        problems.append(Problem("outline_other_code", what, fix="เลือกรูปของเมืองนี้จากไฟล์ หรือแก้รหัส"))
    expected = (names or {}).get(code, "")
    if expected and name and core_name(name) != core_name(expected):
        what = f"ไฟล์ตั้งชื่อรูปนี้ว่า “{name}” แต่รหัส {code} เป็นของ “{expected}” ชื่อกับรหัสไม่ตรงกัน"
        problems.append(Problem("outline_name_against_code", what, fix="ตรวจกับแผนที่ของกรมการปกครอง อย่าเชื่อรหัสอย่างเดียว"))
    return problems


def _area(measured: float, declared: float, tolerance: float) -> Problem:
    times = measured / declared
    what = (
        f"รูปนี้มีพื้นที่ {measured:,.2f} ตร.กม. แต่เมืองมี {declared:,.3f} ตร.กม. ({times:.1f} เท่า) "
        f"ต่างเกินร้อยละ {tolerance * 100:.0f} จึงไม่รับเป็นเขตเมือง"
    )
    return Problem("outline_area", what, fix="ใช้เส้นเขตของเมืองเอง ไฟล์สาธารณะบางชุดรวมตำบลข้างเคียงไว้ใต้รหัสเดียวกัน")


def core_name(name: str) -> str:
    """The name without what kind of place it is: เทศบาลเมืองแม่เหียะ, ต.แม่เหียะ and แม่เหียะ are one."""
    word = bare(name)
    for prefix in PREFIXES:
        if word.startswith(prefix) and len(word) > len(prefix) + 2:
            return word[len(prefix) :]
    return word
