"""Numbers of wristbands: six digits and a check digit, so that a slip of the finger is noticed. No Django.

`000123-0` live, `X000123-0` in an exercise: a band of an exercise never opens a stay of a real emergency.
"""

from __future__ import annotations

import re

from maehia.base import Problem, ProblemError
from maehia.thai import to_arabic

DIGITS = 6
_BAND = re.compile(r"(?:https?://\S*/)?(X?)(\d{1,6})-?(\d)", re.IGNORECASE)


def check_digit(number: int) -> int:
    """Luhn: every wrong digit shows, and nearly every swap of two neighbours."""
    total = 0
    for place, digit in enumerate(reversed(str(number))):
        value = int(digit) * (2 if place % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return -total % 10


def write_band(number: int, mode: str = "live") -> str:
    """The band of a number of the series (1 to 999,999). Raises ValueError beyond."""
    if not 0 < number < 10**DIGITS:
        raise ValueError(f"no band for {number}")
    return f"{'X' if mode == 'exercise' else ''}{number:0{DIGITS}d}-{check_digit(number)}"


def read_band(typed: str, mode: str = "live") -> str:
    """What was typed or scanned, in the one form; "" for nothing.

    Thai digits, spaces and a missing dash are fine. Raises ProblemError: bad_band, band_of_other_mode.
    """
    text = re.sub(r"\s", "", to_arabic(typed))
    if not text:
        return ""
    found = _BAND.fullmatch(text)
    if found is None or check_digit(int(found[2])) != int(found[3]) or not int(found[2]):
        raise ProblemError(Problem("bad_band", "หมายเลขสายรัดข้อมือไม่ถูกต้อง", "band", "ดูตัวเลขบนสายรัดแล้วพิมพ์ใหม่ทั้ง 7 หลัก"))
    if bool(found[1]) != (mode == "exercise"):
        raise ProblemError(Problem("band_of_other_mode", "สายรัดข้อมือนี้เป็นของการฝึกซ้อมหรือเหตุจริงคนละแบบ", "band",
                                   "ใช้สายรัดของเหตุการณ์นี้"))  # fmt: skip
    return write_band(int(found[2]), mode)
