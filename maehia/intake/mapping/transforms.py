"""Cells to clean cells: a transform takes clean text and gives the canonical text, or a `Fault` that says why not."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial

from maehia.intake.words import bare
from maehia.thai import (
    PartialDate,
    clean_text,
    explain_date,
    looks_like_excel_float,
    normalize_house_code,
    normalize_house_no,
    normalize_id,
    normalize_ltax,
    normalize_phone,
    parse_date,
    to_arabic,
)


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a cell could not be taken, in words for the keeper of the list."""

    code: str
    what: str
    fix: str


Transform = Callable[[str], "str | Fault | None"]

MALE = {bare(word) for word in ("ชาย", "ช", "M", "male", "man", "1", "ผู้", "ตัวผู้", "นาย", "เพศชาย")}
FEMALE = {bare(word) for word in ("หญิง", "ญ", "F", "female", "woman", "2", "เมีย", "ตัวเมีย", "นาง", "เพศหญิง")}
YES = {
    bare(word) for word in ("ใช่", "มี", "true", "yes", "y", "1", "เป็น", "แล้ว", "ทำแล้ว", "ทำหมันแล้ว", "ได้", "✓", "ฉีดแล้ว")
}
NO = {
    bare(word)
    for word in ("ไม่ใช่", "ไม่มี", "false", "no", "n", "0", "ไม่เป็น", "ยัง", "ยังไม่ทำ", "ไม่", "ไม่ได้", "ยังไม่", "ยังไม่ได้ทำ")
}
NOTHING = {"-", "--", "—", "ไม่มี", "ไม่ทราบ", "ไม่ระบุ", "n/a", "na", "null", "none", ".", "ไม่มีข้อมูล", "nan"}
UNITS = re.compile(
    r"\s*(บาท|ตร\.?\s?ม\.?|ตารางเมตร|เมตร|ม\.|ชั้น|คน|ไร่|งาน|ตร\.?\s?ว\.?|ตารางวา|วา|m2|m|baht|\.-)\s*$", re.IGNORECASE
)
NUMBER = re.compile(r"^[+-]?\d+(\.\d+)?([eE][+-]?\d+)?$")
MOO = re.compile(r"^(?:หมู่ที่|หมู่|ม\.?|moo)?\s*(\d{1,2})(?:\.0)?$", re.IGNORECASE)
CLOCK = re.compile(r"(\d{1,2})[:.](\d{2})(?::(\d{2}))?")
DEGREES = re.compile(r"^(\d{1,3})[°\s]+(\d{1,2})['′\s]+(\d{1,2}(?:\.\d+)?)[\"″\s]*([NESWnesw])?$")


def _same(text: str) -> str | Fault:
    return text


def _number(text: str) -> str | Fault:
    plain = UNITS.sub("", text.replace(",", "")).replace(" ", "")
    if not NUMBER.match(plain):
        return Fault("not_a_number", f"“{text[:40]}” ไม่ใช่ตัวเลข", "ใส่เฉพาะตัวเลขในช่องนี้")
    return plain


def _whole(text: str) -> str | Fault:
    number = _number(text)
    if isinstance(number, Fault):
        return number
    if float(number) != int(float(number)):
        return Fault("not_a_whole_number", f"“{text[:40]}” ไม่ใช่จำนวนเต็ม", "ใส่จำนวนเต็มในช่องนี้")
    return str(int(float(number)))


def _year(text: str) -> str | Fault | None:
    """A year of พ.ศ. or ค.ศ. as ค.ศ.; 0 is how tables of numbers write "not known"."""
    if not text.strip("0. "):
        return None
    found = parse_date(text)
    if found is None:
        return Fault("not_a_year", f"“{text[:40]}” ไม่ใช่ปี", "ใส่ปี พ.ศ. สี่หลัก เช่น 2560")
    return str(found.value.year)


def _id(text: str) -> str | Fault:
    digits = normalize_id(text)
    if digits and len(set(digits)) > 1:
        return digits
    if digits:
        return Fault("placeholder_id", "เลข 13 หลักนี้เป็นเลขซ้ำตัวเดียว ไม่ใช่เลขจริง", "เว้นว่างไว้ถ้าไม่ทราบเลข")
    if looks_like_excel_float(text):
        return Fault(
            "excel_float", "เลขนี้ถูกโปรแกรมตารางเปลี่ยนเป็นเลขทศนิยม หลักท้ายหายไปแล้ว", "ส่งออกใหม่โดยกำหนดคอลัมน์เป็นข้อความ"
        )
    count = sum(char.isdigit() for char in text)
    return Fault("id_not_13_digits", f"เลขนี้มี {count} หลัก ไม่ใช่ 13 หลัก", "ตรวจเลขกับบัตรหรือเอกสารต้นทาง")


def _house_code(text: str) -> str | Fault:
    code = normalize_house_code(text)
    count = sum(char.isdigit() for char in text)
    return code or Fault("house_code_not_11_digits", f"รหัสประจำบ้านนี้มี {count} หลัก ไม่ใช่ 11 หลัก", "ตรวจรหัสกับทะเบียนบ้าน")


def _phone(text: str) -> str | Fault:
    number = normalize_phone(text)
    return number or Fault("phone_unreadable", "หมายเลขโทรศัพท์นี้จำนวนหลักไม่ถูก", "ใส่ 9 หรือ 10 หลัก ขึ้นต้นด้วย 0")


def _moo(text: str) -> str | Fault:
    found = MOO.match(text)
    return str(int(found.group(1))) if found else Fault("moo_unreadable", f"“{text[:40]}” ไม่ใช่เลขหมู่", "ใส่เลขหมู่ เช่น 5")


def _house_no(text: str) -> str | Fault:
    return normalize_house_no(text) or text


def _sex(text: str) -> str | Fault:
    word = bare(text)
    if word in MALE or word in FEMALE:
        return "M" if word in MALE else "F"
    return Fault("sex_unknown", f"“{text[:20]}” ไม่ใช่เพศที่ระบบรู้จัก", "ใส่ ชาย หรือ หญิง")


def _bool(text: str) -> str | Fault:
    word = bare(text)
    if word in YES or word in NO:
        return "true" if word in YES else "false"
    return Fault("yes_no_unknown", f"“{text[:20]}” ไม่ใช่ใช่หรือไม่ใช่", "ใส่ ใช่ หรือ ไม่ใช่")


def _degrees(text: str) -> str | Fault:
    """Decimal degrees or metres as they are; 18°44'41" as decimal degrees."""
    if found := DEGREES.match(text):
        whole, minutes, seconds = int(found[1]), int(found[2]), float(found[3])
        return f"{whole + minutes / 60 + seconds / 3600:.7f}"
    return _number(text)


def _ltax(text: str) -> str | Fault:
    code = normalize_ltax(text)
    return code or Fault(
        "ltax_unreadable", f"“{text[:40]}” ไม่ใช่รหัสแปลงแบบ 01A001", "ใส่โซน 2 หลัก บล็อก 1 ตัวอักษร แปลง 3 หลัก"
    )


def partial_iso(found: PartialDate) -> str:
    """ISO 8601 as far as it is known: 1996, 1996-05 or 1996-05-13."""
    return found.value.isoformat()[: {"year": 4, "month": 7, "day": 10}[found.precision]]


def _date(text: str, today: date | None = None, excel_serial: bool = False) -> str | Fault:
    found = parse_date(text, today, excel_serial=excel_serial)
    if found:
        return partial_iso(found)
    problem = explain_date(text, today)
    return (
        Fault(problem.code, problem.what, problem.fix)
        if problem
        else Fault("unreadable_date", f"อ่าน “{text[:40]}” เป็นวันที่ไม่ได้", "")
    )


def _datetime(text: str, today: date | None = None) -> str | Fault:
    """Local time of Thailand where no zone is written. 2026-01-31T07:00:00+07:00."""
    try:
        moment = datetime.fromisoformat(text)
        if moment.year > 2400:
            moment = moment.replace(year=moment.year - 543)
        return moment.isoformat(timespec="seconds") + ("" if moment.tzinfo else "+07:00")
    except ValueError:
        pass
    day = _date(text, today)
    if isinstance(day, Fault) or len(day) < 10:
        return (
            day
            if isinstance(day, Fault)
            else Fault("unreadable_date", f"“{text[:40]}” ไม่มีวันที่ครบ", "ใส่วัน เดือน ปี และเวลา")
        )
    clock = CLOCK.search(text[6:])
    hour, minute = (int(clock[1]), int(clock[2])) if clock else (0, 0)
    if hour > 24 or minute > 59:
        return Fault("unreadable_time", f"“{text[:40]}” มีเวลาที่ไม่มีจริง", "ใส่เวลา 00:00 ถึง 23:59")
    return f"{day}T{hour % 24:02d}:{minute:02d}:{int((clock and clock[3]) or 0):02d}+07:00"


TYPES: dict[str, Transform] = {
    "text": _same, "name": _same, "full_name": _same, "title": _same, "address": _same, "code": _same, "list": _same,
    "national_id": _id, "juristic_id": _id, "owner_id": _id, "house_code": _house_code, "house_no": _house_no,
    "moo": _moo, "phone": _phone, "sex": _sex, "pet_sex": _sex, "bool": _bool, "money": _number, "number": _number,
    "int": _whole,
    "year": _year, "lon": _degrees, "lat": _degrees, "ltax": _ltax, "date": _date, "datetime": _datetime,
}  # fmt: skip

# Named transforms that a mapping may ask for instead of the one of the type.
EXTRA: dict[str, Transform] = {
    "excel_serial": partial(_date, excel_serial=True),
    "digits": lambda text: re.sub(r"\D", "", text) or Fault("no_digits", f"“{text[:40]}” ไม่มีตัวเลข", ""),
    "upper": str.upper,
    "first_word": lambda text: text.split(" ")[0],
}

# Values that are right as they stand: they need no look by Python (RE2 patterns).
FAST: dict[str, str] = {
    "national_id": r"^[0-9]{13}$", "juristic_id": r"^[0-9]{13}$", "owner_id": r"^[0-9]{13}$",
    "phone": r"^0[689][0-9]{8}$",
    "house_code": r"^[0-9]{11}$", "moo": r"^[1-9][0-9]?$", "int": r"^[0-9]{1,12}$", "number": r"^-?[0-9]+(\.[0-9]+)?$",
    "money": r"^[0-9]+(\.[0-9]+)?$", "lon": r"^[0-9]+(\.[0-9]+)?$", "lat": r"^[0-9]+(\.[0-9]+)?$", "sex": "^[MF]$",
    "code": r"^[!-,.-~]*[0-9][!-~]*$", "text": r"^[!-,.-~]*[0-9][!-~]*$",
    "datetime": r"^20[0-2][0-9]-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9]\+07:00$",
}  # fmt: skip
# Of those, the ones that need a look all the same.
LOOK = "^(" + "|".join(f"{digit}+" for digit in range(10)) + ")$"
ID_TYPES = frozenset({"national_id", "juristic_id", "owner_id"})


def clean_cell(text: str, transform: Transform) -> str | Fault | None:
    """One cell: clean Thai, Arabic digits, "-" and "ไม่ทราบ" as nothing, then the transform."""
    plain = to_arabic(clean_text(text))
    if not plain or plain.lower() in NOTHING:
        return None
    return transform(plain)


def transform_for(type_: str, name: str | None, today: date | None) -> Transform:
    """The transform of a canonical column; dates know the day of the list."""
    if name:
        return EXTRA[name]
    if type_ in {"date", "datetime"}:
        return partial(_date if type_ == "date" else _datetime, today=today)
    return TYPES[type_]
