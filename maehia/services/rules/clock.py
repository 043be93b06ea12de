"""The clock of a promise: it runs in the town's working time, pauses while the citizen is asked, and is due once.

A promise is counted in working minutes, working days or calendar days. Minutes count while the office is open and the
clock runs. A day counts when the clock still runs at its end (closing time, or midnight for calendar days), so a day
on which we asked the citizen and had no answer by the evening is not the citizen's loss. Times are aware.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Literal

from maehia.base import BANGKOK
from maehia.thai import WorkingCalendar

Unit = Literal["working_minutes", "working_days", "calendar_days"]
Span = tuple[datetime, datetime]
VERY_LATE = 3  # second mark: three times what was promised (a value of the field: Signalen's factor)
ONE_DAY = timedelta(days=1)
LONGEST_DAYS = 20_000  # a calendar that never opens must not keep a page waiting for ever


@dataclass(frozen=True, slots=True)
class Promise:
    """amount > 0 of the unit. count_first_day: whether the day of receipt is the first day (a setting, by law or
    manual; unverified for most acts)."""

    amount: int
    unit: Unit
    count_first_day: bool = False

    def times(self, factor: int) -> Promise:
        return replace(self, amount=self.amount * factor)


@dataclass(frozen=True, slots=True)
class Pause:
    """The clock stood still from start until end (None: still stands). cause: shown to the citizen."""

    start: datetime
    end: datetime | None
    cause: str


@dataclass(frozen=True, slots=True)
class Rung:
    """When a promise is exceeded by this much, this role is told; each rung once."""

    exceeded_by: Promise
    role: str


def due_at(received: datetime, promise: Promise, pauses: Sequence[Pause], calendar: WorkingCalendar) -> datetime | None:
    """The earliest moment at which the promise is used up; None while an open pause holds it back.

    Raises ValueError for an amount that is not positive, or a calendar without working time.
    """
    if promise.amount <= 0:
        raise ValueError("a promise has a positive amount")
    if promise.unit == "working_minutes":
        return _minutes_due(received, timedelta(minutes=promise.amount), pauses, calendar)
    return _days_due(received, promise, pauses, calendar)


def _minutes_due(
    received: datetime, amount: timedelta, pauses: Sequence[Pause], calendar: WorkingCalendar
) -> datetime | None:
    for day in _days_from(received):
        if _stands_for_good(pauses, day):
            return None
        for opens, closes in calendar.opening(day):
            for start, end in running(max(opens, received), closes, pauses):
                if end - start >= amount:
                    return start + amount
                amount -= end - start
    raise ValueError("the calendar has no working time")


def _days_due(
    received: datetime, promise: Promise, pauses: Sequence[Pause], calendar: WorkingCalendar
) -> datetime | None:
    left, first = promise.amount, received.astimezone(BANGKOK).date()
    for day in _days_from(received):
        if _stands_for_good(pauses, day):
            return None
        end = _end_of(day, promise.unit, calendar)
        if end is None or end <= received or (day == first and not promise.count_first_day):
            continue
        left -= not _paused_at(end, pauses)
        if not left:
            return end
    raise ValueError("the calendar has no working time")


def _end_of(day: date, unit: Unit, calendar: WorkingCalendar) -> datetime | None:
    if unit == "calendar_days":
        return datetime.combine(day + ONE_DAY, time(), BANGKOK)
    opening = calendar.opening(day)
    return opening[-1][1] if opening else None


def _days_from(moment: datetime) -> Iterator[date]:
    first = moment.astimezone(BANGKOK).date()
    return (first + timedelta(days=n) for n in range(LONGEST_DAYS))


def _stands_for_good(pauses: Iterable[Pause], day: date) -> bool:
    return any(p.end is None and p.start.astimezone(BANGKOK).date() < day for p in pauses)


def _paused_at(moment: datetime, pauses: Iterable[Pause]) -> bool:
    return any(p.start < moment and (p.end is None or moment <= p.end) for p in pauses)


def running(start: datetime, end: datetime, pauses: Iterable[Pause]) -> list[Span]:
    """The parts of a span in which no pause holds the clock, in order; pauses may overlap."""
    free: list[Span] = [(start, end)] if start < end else []
    for pause in pauses:
        stop = end if pause.end is None else pause.end
        free = [part for a, b in free for part in ((a, min(b, pause.start)), (max(a, stop), b)) if part[0] < part[1]]
    return free


def used(received: datetime, now: datetime, pauses: Sequence[Pause], calendar: WorkingCalendar) -> timedelta:
    """Working time that the clock has run until now."""
    spans = running(received, now, pauses)
    return sum((calendar.working_time(start, end) for start, end in spans), timedelta(0))


def lateness(
    received: datetime, promise: Promise, pauses: Sequence[Pause], calendar: WorkingCalendar, now: datetime
) -> Literal["in_time", "late", "very_late"]:
    """Late after the due moment; very late when three times the promise is used up."""
    due = due_at(received, promise, pauses, calendar)
    if due is None or now <= due:
        return "in_time"
    worse = due_at(received, promise.times(VERY_LATE), pauses, calendar)
    return "very_late" if worse is not None and now > worse else "late"


def rungs_reached(
    due: datetime,
    now: datetime,
    ladder: Sequence[Rung],
    *,
    fired: int,
    pauses: Sequence[Pause],
    calendar: WorkingCalendar,
) -> list[Rung]:
    """The rungs of the ladder that have come since `fired` of them were told, in order."""
    reached = []
    for rung in ladder[fired:]:
        at = due_at(due, rung.exceeded_by, pauses, calendar)
        if at is None or at > now:
            break
        reached.append(rung)
    return reached
