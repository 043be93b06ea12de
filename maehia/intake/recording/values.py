"""Cells to values: each reader takes the text of a cell and gives a value or None, never an error.

What cannot be read was already reported by the checks; here it is simply not said.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from maehia.thai import PartialDate, parse_date, to_arabic

YES = {"1", "true", "yes", "y", "ใช่", "มี", "แล้ว", "ทำแล้ว", "ทำหมัน", "ทำหมันแล้ว", "✓", "/"}
NO = {"0", "false", "no", "n", "ไม่", "ไม่ใช่", "ไม่มี", "ยัง", "ยังไม่", "ยังไม่ทำ", "-"}


def text(value: Any) -> str:
    return "" if value is None else str(value).strip()


def whole(value: Any) -> int | None:
    number = decimal(value)
    return int(number) if number is not None and number == number.to_integral_value() else None


def decimal(value: Any) -> Decimal | None:
    """A number with Thai or Arabic digits and thousands commas."""
    cell = to_arabic(text(value)).replace(",", "").replace(" ", "")
    if not cell:
        return None
    try:
        number = Decimal(cell)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def yes_no(value: Any) -> bool | None:
    cell = text(value).lower()
    return True if cell in YES else False if cell in NO else None


def dated(value: Any, today: date) -> PartialDate | None:
    return parse_date(text(value), today=today)


def day(value: Any, today: date) -> date | None:
    found = dated(value, today)
    return found.value if found else None


def coordinate(lon: Any, lat: Any) -> tuple[float, float] | None:
    """(longitude, latitude) in degrees, or None when either is missing or outside the globe."""
    x, y = decimal(lon), decimal(lat)
    if x is None or y is None or not (-180 <= x <= 180 and -90 <= y <= 90):
        return None
    return float(x), float(y)
