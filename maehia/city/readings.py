"""Pure rules of readings: is a value plausible, has it not moved, is it still fresh. No Django, no clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Limits:
    """Plausible range of a quantity, and after how many minutes a value is stuck or stale."""

    low: float
    high: float
    stuck_minutes: int
    stale_minutes: int


@dataclass(frozen=True, slots=True)
class Last:
    """The newest value of a station so far; `since` = since when it has been this value."""

    at: datetime
    value: float | None
    since: datetime


def grade(value: float | None, at: datetime, limits: Limits, last: Last | None) -> str:
    """Quality of one value: missing, range, stuck or good.

    A gauge that shows the same number for longer than `stuck_minutes` is stuck; zero rain is not (its limit is 0).
    """
    if value is None:
        return "missing"
    if not limits.low <= value <= limits.high:
        return "range"
    held = last is not None and last.value == value and at - last.since >= timedelta(minutes=limits.stuck_minutes)
    return "stuck" if held and limits.stuck_minutes else "good"


def moved_on(value: float | None, at: datetime, last: Last | None) -> Last:
    """The new `Last` after this value: `since` starts again when the value changed."""
    same = last is not None and last.value == value
    return Last(at, value, last.since if same and last else at)


def is_stale(at: datetime, now: datetime, limits: Limits) -> bool:
    """Whether the newest value is too old to speak for now: then the state is unknown."""
    return now - at > timedelta(minutes=limits.stale_minutes)
