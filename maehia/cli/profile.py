"""A town's profile: names, codes, outline, phones, hours, first admin. Read from YAML, every fault with its line."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from maehia.base import Problem, ProblemError

LAO_TYPES = {
    "thesaban_nakhon": "เทศบาลนคร",
    "thesaban_mueang": "เทศบาลเมือง",
    "thesaban_tambon": "เทศบาลตำบล",
    "obt": "องค์การบริหารส่วนตำบล",
    "obj": "องค์การบริหารส่วนจังหวัด",
    "special": "องค์กรปกครองส่วนท้องถิ่นรูปแบบพิเศษ",
}
OUTLINE_QUALITIES = ("surveyed", "official", "sketch")
LARGEST_KM2 = 21_000.0  # Nakhon Ratchasima, the largest province, has 20,494 km2
THAILAND = (97.2, 5.5, 105.8, 20.6)  # degrees: west, south, east, north


@dataclass(frozen=True, slots=True)
class Admin:
    login: str
    display_name: str
    email: str = ""


@dataclass(frozen=True, slots=True)
class Profile:
    """A checked profile. `outline` is a GeoJSON geometry in EPSG:4326; `area_km2` the published area."""

    name_th: str
    name_en: str
    lao_type: str
    lao_code: str
    province_code: str
    district_code: str
    tambon_codes: tuple[str, ...]
    phones: tuple[dict[str, str], ...]
    hours: str
    address: str
    admin: Admin
    area_km2: Decimal | None = None
    outline: dict[str, Any] | None = None
    outline_quality: str = ""
    website: str = ""
    slogan: str = ""
    logo: str = ""
    extra: dict[str, Any] = field(default_factory=dict)
    demo: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """How one key is checked: `check` gives the sentence that is wrong, or None."""

    check: Callable[[Any], str | None]
    fix: str
    required: bool = True


def _text(value: Any) -> str | None:
    return None if isinstance(value, str) and value.strip() else "ต้องเป็นข้อความ ไม่ว่าง"


def _code(digits: str) -> Callable[[Any], str | None]:
    def check(value: Any) -> str | None:
        good = isinstance(value, str) and re.fullmatch(rf"[0-9]{{{digits}}}", value)
        return None if good else f"ต้องเป็นตัวเลข {digits.replace(',', ' ถึง ')} หลัก ในเครื่องหมายคำพูด"

    return check


def _codes(value: Any) -> str | None:
    if not isinstance(value, list) or not value:
        return "ต้องเป็นรายการรหัสตำบลอย่างน้อยหนึ่งรหัส"
    return next((wrong for wrong in map(_code("6"), value) if wrong), None)


def _one_of(allowed: Any) -> Callable[[Any], str | None]:
    return lambda value: None if value in allowed else f"ต้องเป็นคำใดคำหนึ่งใน {', '.join(allowed)}"


def _phones(value: Any) -> str | None:
    good = isinstance(value, list) and all(
        isinstance(row, dict)
        and row.keys() == {"label", "number"}
        and re.fullmatch(r"[0-9 #-]{3,20}", str(row["number"]))
        for row in value
    )
    return None if good else "ต้องเป็นรายการที่แต่ละรายการมี label และ number (ตัวเลขในเครื่องหมายคำพูด)"


def _area(value: Any) -> str | None:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return None if number and 0 < value <= LARGEST_KM2 else "ต้องเป็นพื้นที่ตารางกิโลเมตรที่มากกว่า 0"


def _admin(value: Any) -> str | None:
    if not isinstance(value, dict) or not value.keys() <= {"login", "display_name", "email"}:
        return "ต้องมี login และ display_name (email มีหรือไม่ก็ได้)"
    if not re.fullmatch(r"[a-z][a-z0-9._-]{2,29}", str(value.get("login", ""))):
        return "login ต้องเป็นอักษรอังกฤษตัวเล็กหรือตัวเลข 3 ถึง 30 ตัว"
    return None if _text(value.get("display_name")) is None else "ต้องมี display_name"


def _anything(_value: Any) -> str | None:
    return None


def _mapping(value: Any) -> str | None:
    return None if isinstance(value, dict) else "ต้องเป็นกลุ่มของชื่อและค่า"


RULES: dict[str, Rule] = {
    "name_th": Rule(_text, "เขียนชื่อทางการ เช่น เทศบาลตำบลตัวอย่าง"),
    "name_en": Rule(_text, "เขียนชื่อภาษาอังกฤษ"),
    "lao_type": Rule(_one_of(LAO_TYPES), "ดูความหมายของแต่ละคำใน docs/operations.md"),
    "lao_code": Rule(_code("7,8"), "รหัส อปท. ของกรมส่งเสริมการปกครองท้องถิ่น"),
    "province_code": Rule(_code("2"), "รหัสจังหวัดของกรมการปกครอง เช่น '50'"),
    "district_code": Rule(_code("4"), "รหัสอำเภอของกรมการปกครอง เช่น '5001'"),
    "tambon_codes": Rule(_codes, "รหัสตำบลของกรมการปกครอง เช่น ['500109']"),
    "phones": Rule(_phones, 'เช่น - {label: สำนักงาน, number: "053 000 000"}'),
    "hours": Rule(_text, "เวลาทำการเป็นข้อความ"),
    "address": Rule(_text, "ที่อยู่สำนักงาน"),
    "admin": Rule(_admin, "ผู้ดูแลระบบคนแรก"),
    "area_km2": Rule(_area, "พื้นที่ตามประกาศ ถ้าไม่ทราบให้ลบบรรทัดนี้", required=False),
    "outline": Rule(_text, "ชื่อไฟล์ GeoJSON ข้างไฟล์นี้", required=False),
    "outline_quality": Rule(_one_of(OUTLINE_QUALITIES), "surveyed รังวัด, official ประกาศ, sketch ร่าง", required=False),
    "website": Rule(_text, "เช่น https://example.go.th", required=False),
    "slogan": Rule(_text, "คำขวัญ", required=False),
    "logo": Rule(_text, "ชื่อไฟล์ SVG หรือ PNG ข้างไฟล์นี้", required=False),
    "extra": Rule(_mapping, "ค่าอื่นของเมือง", required=False),
    "demo": Rule(_one_of([True, False]), "true เฉพาะเมืองตัวอย่าง", required=False),
}


class ProfileError(ProblemError):
    """A profile with faults: every one of them, with its line."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(problems[0])
        self.problems = problems


def read(path: Path) -> Profile:
    """The profile of a file. Raises ProfileError with every fault found, FileNotFoundError without a file."""
    values, lines = _parse(path)
    problems = [*_check(path, values, lines)]
    if not problems:
        problems += _check_codes(path, values, lines)
    outline, area = None, values.get("area_km2")
    if not problems and "outline" in values:
        outline, found = read_outline(path.parent / values["outline"], area)
        problems += found
    if problems:
        raise ProfileError(problems)
    return _build(values, outline)


def _build(values: dict[str, Any], outline: dict[str, Any] | None) -> Profile:
    made = dict(values, outline=outline, admin=Admin(**values["admin"]))
    made["tambon_codes"], made["phones"] = tuple(values["tambon_codes"]), tuple(values["phones"])
    if "area_km2" in made:
        made["area_km2"] = Decimal(str(made["area_km2"]))
    return Profile(**made)


def _parse(path: Path) -> tuple[dict[str, Any], dict[str, int]]:
    """Values and the line of each key."""
    text = path.read_text(encoding="utf-8-sig")
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        values = yaml.safe_load(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"{path.name} บรรทัด {mark.line + 1}" if mark else path.name
        raise ProfileError(
            [Problem("yaml", "อ่านไฟล์ไม่ได้ ย่อหน้าหรือเครื่องหมายไม่ถูกต้อง", where, "ดูแบบจาก profiles/")]
        ) from error
    if not isinstance(values, dict) or not isinstance(node, yaml.MappingNode):
        raise ProfileError([Problem("yaml", "ไฟล์นี้ไม่ใช่โปรไฟล์ของเมือง", path.name, "ดูแบบจาก profiles/")])
    return values, {str(key.value): key.start_mark.line + 1 for key, _value in node.value}


def _check(path: Path, values: dict[str, Any], lines: dict[str, int]) -> Iterator[Problem]:
    for key in values.keys() - RULES.keys():
        yield Problem(
            "unknown_key", f"ไม่รู้จัก {key}", f"{path.name} บรรทัด {lines[str(key)]}", "ตรวจตัวสะกด หรือย้ายไปไว้ใน extra"
        )
    for key, rule in RULES.items():
        if key not in values:
            if rule.required:
                yield Problem("missing_key", f"ไม่มี {key}", path.name, rule.fix)
        elif wrong := rule.check(values[key]):
            yield Problem("wrong_value", f"{key} {wrong}", f"{path.name} บรรทัด {lines[key]}", rule.fix)


def _check_codes(path: Path, values: dict[str, Any], lines: dict[str, int]) -> Iterator[Problem]:
    """A district lies in its province, a tambon of a single-district town in its district's province."""
    province = values["province_code"]
    if not values["district_code"].startswith(province):
        yield Problem(
            "codes_differ",
            f"รหัสอำเภอ {values['district_code']} ไม่อยู่ในจังหวัด {province}",
            f"{path.name} บรรทัด {lines['district_code']}",
            "ตรวจรหัสทั้งสอง",
        )
    for code in values["tambon_codes"]:
        if not code.startswith(province):
            yield Problem(
                "codes_differ",
                f"รหัสตำบล {code} ไม่อยู่ในจังหวัด {province}",
                f"{path.name} บรรทัด {lines['tambon_codes']}",
                "ตรวจรหัสทั้งสอง",
            )


def read_outline(path: Path, area_km2: float | None) -> tuple[dict[str, Any] | None, list[Problem]]:
    """The outline of a GeoJSON file as one geometry, and what is wrong with it."""
    from shapely.geometry import mapping, shape
    from shapely.ops import unary_union

    try:
        geometries = [shape(part) for part in _geometries(json.loads(path.read_text(encoding="utf-8")))]
        geometry = unary_union(geometries)
    except FileNotFoundError:
        return None, [Problem("outline_missing", "ไม่พบไฟล์ขอบเขต", path.name, "วางไฟล์ไว้ข้างโปรไฟล์ หรือลบบรรทัด outline")]
    except (ValueError, KeyError, TypeError, AttributeError):
        return None, [
            Problem(
                "outline_unreadable", "อ่านขอบเขตไม่ได้ ต้องเป็น GeoJSON", path.name, "ส่งออกจาก QGIS เป็น GeoJSON (EPSG:4326)"
            )
        ]
    return mapping(geometry), _check_outline(path, geometry, area_km2)


def _geometries(document: dict[str, Any]) -> list[dict[str, Any]]:
    if document["type"] == "FeatureCollection":
        return [part["geometry"] for part in document["features"]]
    return [document["geometry"] if document["type"] == "Feature" else document]


def _check_outline(path: Path, geometry: Any, area_km2: float | None) -> list[Problem]:
    west, south, east, north = THAILAND
    if geometry.is_empty or geometry.geom_type not in {"Polygon", "MultiPolygon"}:
        return [Problem("outline_not_area", "ขอบเขตต้องเป็นรูปหลายเหลี่ยม", path.name, "เลือกชั้นข้อมูลที่เป็นพื้นที่")]
    if not geometry.is_valid:
        return [Problem("outline_crosses", "เส้นขอบเขตตัดกันเอง", path.name, "แก้ด้วย Fix geometries ใน QGIS")]
    x0, y0, x1, y1 = geometry.bounds
    if not (west <= x0 and x1 <= east and south <= y0 and y1 <= north):
        swapped = west <= y0 and y1 <= east and south <= x0 and x1 <= north
        what = "ละติจูดกับลองจิจูดสลับกัน" if swapped else "ขอบเขตอยู่นอกประเทศไทย หรือไม่ใช่องศา"
        return [Problem("outline_outside", what, path.name, "ส่งออกใหม่เป็น EPSG:4326 (ลองจิจูด, ละติจูด)")]
    measured = area_of(geometry)
    if area_km2 and not 0.5 <= measured / area_km2 <= 2:
        return [
            Problem(
                "outline_size",
                f"ขอบเขตมีพื้นที่ {measured:.1f} ตร.กม. แต่ประกาศ {area_km2:g} ตร.กม.",
                path.name,
                "ตรวจว่าเป็นขอบเขตของเมืองนี้ ไม่ใช่ทั้งอำเภอ",
            )
        ]
    return []


def area_of(geometry: Any) -> float:
    """Area on the ellipsoid, in km2."""
    from pyproj import Geod

    return abs(Geod(ellps="WGS84").geometry_area_perimeter(geometry)[0]) / 1e6
