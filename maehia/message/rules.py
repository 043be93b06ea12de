"""Decisions of sending, without a database: filling a text, the plan of channels, quiet hours, back-off, quota."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, time, timedelta

from maehia.base import BANGKOK, Problem, ProblemError

GSM_FIRST, GSM_NEXT, THAI_FIRST, THAI_NEXT = 160, 153, 70, 67
OUTSIDE = ("line", "email", "sms")
_PLACEHOLDER = re.compile(r"\{([a-z_][a-z0-9_]*)\}")


def placeholders_of(text: str) -> frozenset[str]:
    """The names in braces of a text."""
    return frozenset(_PLACEHOLDER.findall(text))


def fill(text: str, values: Mapping[str, str]) -> str:
    """A text with its placeholders filled. Raises ProblemError placeholder_empty: nothing half filled is sent."""
    missing = sorted(name for name in placeholders_of(text) if not str(values.get(name, "")).strip())
    if missing:
        raise ProblemError(
            Problem("placeholder_empty", "ข้อความนี้ยังกรอกไม่ครบ ระบบจึงไม่ส่ง", ", ".join(missing), "กรอกค่าที่ขาดแล้วส่งใหม่")
        )
    return _PLACEHOLDER.sub(lambda match: str(values[match[1]]), text)


def plan(reachable: Iterable[str], wants: Sequence[str], order: Sequence[str], *, mode: str = "live") -> list[str]:
    """Channels to try, best first. wants: the recipient's own list (empty = the town's order).

    In an exercise nothing leaves the house: only the notice inside the system is left.
    """
    open_to = set(reachable)
    if mode != "live":
        open_to -= set(OUTSIDE)
    return [name for name in (wants or order) if name in open_to]


def quiet_until(now: datetime, start: time, end: time) -> datetime | None:
    """When the quiet hours end in which `now` (aware) lies; None outside of them. start == end: there are none."""
    local = now.astimezone(BANGKOK)
    at, day = local.time(), local.date()
    if start == end or not (start <= at < end if start < end else at >= start or at < end):
        return None
    if start > end and at >= start:
        day += timedelta(days=1)
    return datetime.combine(day, end, BANGKOK)


def next_try(tries: int, minutes: Sequence[int], now: datetime) -> datetime | None:
    """When to try again after `tries` attempts on a channel; None when the limit is reached."""
    return now + timedelta(minutes=minutes[tries - 1]) if tries <= len(minutes) else None


def room(quota: int, used: int, reserve_percent: int, *, urgent: bool) -> int:
    """How many units may still be sent this month; the reserve is for what is urgent."""
    kept = 0 if urgent else -(-quota * reserve_percent // 100)
    return max(0, quota - kept - used)


def sms_parts(text: str) -> int:
    """How many parts a provider counts: 160 (153) letters of plain ASCII, 70 (67) otherwise."""
    first, following = (GSM_FIRST, GSM_NEXT) if text.isascii() else (THAI_FIRST, THAI_NEXT)
    length = len(text.encode("utf-16-le")) // 2
    return 1 if length <= first else -(-length // following)


def month_start(now: datetime) -> datetime:
    """Quotas count by the month of Bangkok."""
    return now.astimezone(BANGKOK).replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def next_month(now: datetime) -> datetime:
    return month_start(month_start(now) + timedelta(days=32))
