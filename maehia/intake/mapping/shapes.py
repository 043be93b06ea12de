"""What a cell looks like, whatever stands above its column."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from maehia.intake.words import bare
from maehia.thai import (
    clean_text,
    is_juristic_id,
    is_national_id,
    looks_like_excel_float,
    normalize_id,
    normalize_ltax,
    normalize_phone,
    parse_address,
    parse_date,
    parse_name,
    parse_title,
    to_arabic,
)

NUMBER = re.compile(r"^[+-]?\d[\d,]*(\.\d+)?$")
DATE_PARTS = re.compile(r"\d.*[-/. ].*\d{2,4}|[ก-ฮ].*\d{4}")
HOUSE_NO = re.compile(r"^\d{1,4}(/\d{1,4})+$|^\d{1,4}$")
MOO = re.compile(r"^(หมู่ที่|หมู่|ม\.?)?\s*\d{1,2}$")
HOUSE_CODE = re.compile(r"^\d{4}-?\d{6}-?\d$")
BE_YEAR = re.compile(r"(^|\D)2[45]\d\d(\D|$)")
CLOCK = re.compile(r"\d{1,2}[:.]\d{2}")
RUINED_ZEROS = re.compile(r"^\d{1,6}0{7,}$")
SEXES = {bare(word) for word in ("ชาย", "หญิง", "ช", "ญ", "M", "F", "male", "female", "ผู้", "เมีย")}
YES_NO = {
    bare(word)
    for words in ("ใช่/ไม่ใช่", "มี/ไม่มี", "true/false", "yes/no", "y/n", "เป็น/ไม่เป็น", "แล้ว/ยัง", "ทำแล้ว/ยังไม่ทำ", "ได้/ไม่ได้")
    for word in words.split("/")
}

Test = Callable[[str], bool]


def _number(text: str) -> float | None:
    return float(text.replace(",", "")) if NUMBER.match(text) else None


def _between(low: float, high: float, decimals: bool = False) -> Test:
    def test(text: str) -> bool:
        value = _number(text)
        return value is not None and low <= value <= high and (not decimals or "." in text)

    return test


def _date(text: str) -> bool:
    return bool(DATE_PARTS.search(text)) and len(text) < 40 and parse_date(text) is not None


def _person_name(text: str) -> bool:
    if any(char.isdigit() for char in text) or len(text) > 70:
        return False
    name = parse_name(text)
    return bool(name.first and name.last)


def _titled_name(text: str) -> bool:
    return not any(char.isdigit() for char in text) and parse_name(text).title is not None and _person_name(text)


def _title(text: str) -> bool:
    found = parse_title(text)
    return found.sex is not None or found.adult is not None


def _address(text: str) -> bool:
    if len(text) < 5 or normalize_id(text) or NUMBER.match(text) or HOUSE_NO.match(text):
        return False
    found = parse_address(text)
    return bool(found.house_no and (found.moo or found.village or found.soi or found.road or found.tambon))


SHAPES: dict[str, Test] = {
    "national_id": is_national_id,
    "juristic_id": is_juristic_id,
    "id_13": lambda text: normalize_id(text) is not None,
    "excel_float": looks_like_excel_float,
    "ruined_id": lambda text: bool(RUINED_ZEROS.match(text)) and len(text) == 13,
    "house_code": lambda text: bool(HOUSE_CODE.match(text)),
    "phone": lambda text: len(text) >= 9 and normalize_phone(text) is not None and not HOUSE_CODE.match(text),
    "date": _date,
    "date_be": lambda text: bool(BE_YEAR.search(text)) and _date(text),
    "datetime": lambda text: bool(CLOCK.search(text)) and _date(text),
    "person_name": _person_name,
    "titled_name": _titled_name,
    "title": _title,
    "address": _address,
    "house_no": lambda text: bool(HOUSE_NO.match(text)),
    "moo": lambda text: bool(MOO.match(text)),
    "ltax": lambda text: normalize_ltax(text) is not None,
    "lon": _between(97.0, 106.5, decimals=True),
    "lat": _between(5.0, 21.0, decimals=True),
    "east_m": _between(100_000, 900_000),
    "north_m": _between(500_000, 2_400_000),
    "sex": lambda text: bare(text) in SEXES,
    "yes_no": lambda text: bare(text) in YES_NO,
    "number": lambda text: bool(NUMBER.match(text)),
    "whole": lambda text: text.isdigit(),
    "excel_day": _between(10_000, 60_000),
    "year": _between(1900, 2650),
}

# Values of these shapes are shown only masked.
PERSONAL = frozenset({"national_id", "id_13", "phone", "person_name", "titled_name", "address", "house_code"})


@lru_cache(maxsize=1 << 16)
def shapes_of(cell: str) -> frozenset[str]:
    """Every shape that a cell fits."""
    text = to_arabic(clean_text(cell))
    return frozenset(name for name, test in SHAPES.items() if test(text))
