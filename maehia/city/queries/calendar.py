"""The town's working calendar: the calculated one, what is shipped with this version, and what the town announced."""

from __future__ import annotations

import calendar as months
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from maehia.city.models import AnnouncedDay
from maehia.city.queries.town import read_town
from maehia.thai import WorkingCalendar
from maehia.thai.calendar import Announced


@dataclass(frozen=True, slots=True)
class Effect:
    """What one announced day changes: whether the office is open that day, and the working days of its month."""

    day: date
    open_before: bool
    open_after: bool
    name_before: str
    month_before: int
    month_after: int

    @property
    def changes(self) -> bool:
        return self.open_before != self.open_after


@dataclass(frozen=True, slots=True)
class ListedDay:
    """A day of the year's list. row: the town's own announcement, None for days that come with the calendar."""

    day: date
    name: str
    working: bool
    row: AnnouncedDay | None


def working_calendar(known_on: date | None = None) -> WorkingCalendar:
    """The calendar by which promises of this town are counted; known_on: as it was announced up to that day."""
    town = read_town()
    rows = tuple(_as_value(row) for row in AnnouncedDay.objects.filter(withdrawn_at=None))
    return _calendar(town.province_code if town else None, known_on, rows)


@lru_cache(maxsize=32)
def _calendar(province: str | None, known_on: date | None, rows: tuple[Announced, ...]) -> WorkingCalendar:
    return WorkingCalendar.load(province=province, known_on=known_on).with_days(rows)


def _as_value(row: AnnouncedDay) -> Announced:
    return Announced(row.day, row.name, row.announced, working=row.working, source=row.source, verified=row.verified)


def effect_of(day: date, *, working: bool) -> Effect:
    """What announcing this day would change, before anything is stored."""
    before = working_calendar()
    after = before.with_days([Announced(day, "?", working=working)])
    return Effect(day, before.is_working(day), after.is_working(day), before.holiday_name(day) or "",
                  _working_days(before, day), _working_days(after, day))  # fmt: skip


def _working_days(calendar: WorkingCalendar, day: date) -> int:
    last = months.monthrange(day.year, day.month)[1]
    return sum(calendar.is_working(day.replace(day=n)) for n in range(1, last + 1))


def days_of_year(year: int) -> list[ListedDay]:
    """Named free days of a ค.ศ. year and days that are worked after all, in order."""
    own = {row.day: row for row in AnnouncedDay.objects.filter(withdrawn_at=None, day__year=year)}
    found = [ListedDay(day, name, False, own.get(day)) for day, name in working_calendar().holidays_of(year).items()]
    found += [ListedDay(day, row.name, True, row) for day, row in own.items() if row.working]
    return sorted(found, key=lambda listed: listed.day)


def withdrawn_days(year: int) -> list[AnnouncedDay]:
    """Announcements of the year that were taken back, newest first."""
    return list(AnnouncedDay.objects.filter(day__year=year).exclude(withdrawn_at=None).order_by("-withdrawn_at"))
