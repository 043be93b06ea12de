"""The Thai fiscal year (ปีงบประมาณ): 1 October to 30 September, named by the พ.ศ. in which it ends."""

from __future__ import annotations

from datetime import date, datetime

from maehia.base import BANGKOK
from maehia.thai.dates import BE_OFFSET


def fiscal_year(day: date) -> int:
    """The ปีงบประมาณ of a day: 30 Sep 2569 is 2569, 1 Oct 2569 is 2570. Aware datetimes: the Thai day."""
    if isinstance(day, datetime) and day.tzinfo:
        day = day.astimezone(BANGKOK)
    return day.year + BE_OFFSET + (day.month >= 10)


def fiscal_year_span(year: int) -> tuple[date, date]:
    """First and last day of a ปีงบประมาณ (พ.ศ.)."""
    return date(year - BE_OFFSET - 1, 10, 1), date(year - BE_OFFSET, 9, 30)


def fiscal_quarter(day: date) -> int:
    """ไตรมาส 1-4 of the fiscal year: October to December is 1."""
    return (day.month - 10) % 12 // 3 + 1
