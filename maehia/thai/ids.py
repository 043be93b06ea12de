"""13-digit numbers: persons (เลขประจำตัวประชาชน) and juristic persons (เลขทะเบียนนิติบุคคล).

Both use one check digit. It never sees an error in digit 3 (its weight is 11, and the sum is taken mod 11),
so a valid number is not yet the right number.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from maehia.base import Problem
from maehia.thai.text import clean_text, to_arabic

_SEPARATORS = re.compile(r"[\s\-\u2010-\u2015.'\"/_\u200b-\u200d\ufeff]+")
_THIRTEEN = re.compile(r"[0-9]{13}")
_EXCEL_FLOAT = re.compile(r"\s*[+-]?[0-9](?:[.,][0-9]+)?[eE]\s*\+?\s*[0-9]{1,3}\s*")
_FLOAT_TAIL = re.compile(r"\.0+$")

PERSON = "person"
JURISTIC = "juristic"

# What the first digit tells about how a person came into the register. Hints, never a reason to reject.
FIRST_DIGIT_HINTS = {
    "0": "ไม่มีสถานะทางทะเบียน หรือเป็นเลขนิติบุคคล",
    "1": "เกิดตั้งแต่ 1 ม.ค. 2527 แจ้งเกิดภายในกำหนด",
    "2": "เกิดตั้งแต่ 1 ม.ค. 2527 แจ้งเกิดเกินกำหนด",
    "3": "มีชื่อในทะเบียนบ้านก่อน 31 พ.ค. 2527",
    "4": "ย้ายเข้าโดยยังไม่มีเลขประจำตัวก่อน 31 พ.ค. 2527",
    "5": "เพิ่มชื่อในทะเบียนบ้านเป็นกรณีพิเศษ",
    "6": "เข้าเมืองชั่วคราวหรือไม่ชอบด้วยกฎหมาย",
    "7": "บุตรของผู้มีเลขขึ้นต้นด้วย 6 เกิดในประเทศไทย",
    "8": "ได้รับสัญชาติไทยหรือใบสำคัญถิ่นที่อยู่",
    "9": "ไม่พบความหมายที่ประกาศไว้",
}


@dataclass(frozen=True, slots=True)
class IdHint:
    """What a person's number suggests: `first_office` is where it was given, not where its owner lives."""

    first_digit: str
    meaning: str
    first_office: str


def check_digit(first12: str) -> str:
    """The 13th digit for twelve digits 0-9: (11 - sum of digit * weight 13..2 mod 11) mod 10."""
    total = sum(weight * int(digit) for weight, digit in zip(range(13, 1, -1), first12, strict=True))
    return str((11 - total % 11) % 10)


@lru_cache(maxsize=1 << 16)
def normalize_id(text: str | None) -> str | None:
    """Thirteen digits 0-9, or None. Reads Thai digits, spaces, dashes, an Excel ".0"; checks no validity."""
    if not text:
        return None
    digits = _SEPARATORS.sub("", _FLOAT_TAIL.sub("", to_arabic(text).strip()))
    return digits if _THIRTEEN.fullmatch(digits) else None


@lru_cache(maxsize=1 << 16)
def is_national_id(text: str | None) -> bool:
    """Whether it can be a person's number: 13 digits and a right check digit.

    The first digit is never a reason to reject: persons without status have a 0-number. Ask this only where
    the holder is a person; the same 0-number is good for a juristic person too, see `id_holders`.
    """
    digits = normalize_id(text)
    return digits is not None and check_digit(digits[:12]) == digits[12]


@lru_cache(maxsize=1 << 14)
def is_juristic_id(text: str | None) -> bool:
    """Whether it can be a juristic person's number: 13 digits, the first 0, and a right check digit."""
    digits = normalize_id(text)
    return digits is not None and digits[0] == "0" and check_digit(digits[:12]) == digits[12]


def id_holders(text: str | None) -> tuple[str, ...]:
    """Who can hold the number: (), (PERSON,), or (PERSON, JURISTIC) when only the kind of entity can tell."""
    if not is_national_id(text):
        return ()
    return (PERSON, JURISTIC) if is_juristic_id(text) else (PERSON,)


def format_national_id(text: str | None) -> str:
    """1-2345-67890-12-1 for a 13-digit number; any other text comes back as it is."""
    d = normalize_id(text)
    return f"{d[0]}-{d[1:5]}-{d[5:10]}-{d[10:12]}-{d[12]}" if d else text or ""


def looks_like_excel_float(text: str | None) -> bool:
    """True for 3.1E+12: a spreadsheet has lost the digits. Reject the column, there is nothing to repair."""
    return bool(text) and _EXCEL_FLOAT.fullmatch(to_arabic(text or "")) is not None


def id_hint(text: str | None) -> IdHint | None:
    """What the digits suggest, for a clerk to read; None when there are not 13 digits."""
    d = normalize_id(text)
    return IdHint(d[0], FIRST_DIGIT_HINTS[d[0]], d[1:5]) if d else None


_WHY = {
    "empty_id": ("ไม่มีเลขประจำตัว", "หากไม่มีบัตร ให้เว้นว่างไว้ได้"),
    "excel_float": (
        "“{text}” คือเลขที่โปรแกรมตารางตัดหลักท้ายทิ้งไปแล้ว กู้คืนไม่ได้",
        "ขอไฟล์ใหม่ที่จัดรูปแบบคอลัมน์เป็นข้อความก่อนพิมพ์หรือส่งออก",
    ),
    "id_not_13_digits": ("“{text}” ไม่ใช่เลข 13 หลัก", "ตรวจกับบัตรหรือหนังสือรับรองว่าพิมพ์ครบทุกหลัก"),
    "id_check_digit": ("เลขตรวจสอบหลักที่ 13 ไม่ตรง น่าจะพิมพ์ผิดหรือสลับหลัก", "ตรวจทีละหลักกับเอกสารต้นทาง"),
}


def explain_id(text: str | None) -> Problem | None:
    """Why the text is no 13-digit number, as a problem for the list's owner; None when it is one.

    The message shows the text only when it has not the shape of a number, so that no one's number is printed.
    """
    cleaned = clean_text(text)
    if is_national_id(text):
        return None
    if not cleaned.strip("-–—. "):
        code = "empty_id"
    elif looks_like_excel_float(cleaned):
        code = "excel_float"
    else:
        code = "id_check_digit" if normalize_id(text) else "id_not_13_digits"
    what, fix = _WHY[code]
    return Problem(code, what.format(text=_masked(cleaned)), fix=fix)


def _masked(text: str) -> str:
    """At most 20 characters; of a long run of digits only the first and last two."""
    return re.sub(r"(?<=[0-9]{2})[0-9](?=[0-9]{2})", "x", text[:20]) if len(text) > 8 else text
