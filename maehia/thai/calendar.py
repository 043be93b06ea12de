"""Working days and hours of a Thai public office: its weekdays without holidays, as announced up to a day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from maehia.base import BANGKOK, Problem, ProblemError
from maehia.thai.data import load_yaml, safe_load

_ONE_DAY = timedelta(days=1)
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

Hours = dict[int, tuple[tuple[time, time], ...]]


@dataclass(frozen=True, slots=True)
class Announced:
    """One day that an announcement makes free (or, with `working`, a working day after all).

    announced: the day of the decision; None = known since ever. provinces: DOPA codes, empty = everywhere.
    """

    day: date
    name: str
    announced: date | None = None
    provinces: frozenset[str] = frozenset()
    working: bool = False
    source: str = ""
    verified: bool = False


@cache
def _base_of_year(year: int, country: str, categories: tuple[str, ...], without: tuple[str, ...]) -> dict[date, str]:
    """The library's holidays of a year. Imported here: it takes a tenth of a second that few callers need."""
    import holidays

    found = holidays.country_holidays(country, years=year, categories=categories, language="th")
    return {day: name for day, name in found.items() if not any(word in name for word in without)}


def _announced_from(row: dict[str, Any]) -> Announced:
    return Announced(
        day=row["day"],
        name=row["name"],
        announced=row.get("announced"),
        provinces=frozenset(row.get("provinces", ())),
        working=row.get("working", False),
        source=row.get("source", ""),
        verified=row.get("verified", False),
    )


def _hours_from(rows: Iterable[dict[str, Any]]) -> Hours:
    """Spans of opening by weekday (Monday is 0), in order."""
    spans: dict[int, list[tuple[time, time]]] = {}
    for row in rows:
        span = (time.fromisoformat(row["opens"]), time.fromisoformat(row["closes"]))
        for name in row["weekdays"]:
            spans.setdefault(_WEEKDAYS.index(name), []).append(span)
    return {weekday: tuple(sorted(found)) for weekday, found in spans.items()}


def _bad_file(path: Path | str | None, error: Exception) -> Problem:
    return Problem(
        "bad_calendar_file",
        f"อ่านไฟล์ปฏิทินวันทำการไม่ได้ ({type(error).__name__}: {error})",
        where=str(path or "working_days.yaml"),
        fix="ต้องมีหัวข้อ base และ office_hours และแต่ละวันหยุดต้องมี day กับ name ดูตัวอย่างใน working_days.yaml",
    )


class WorkingCalendar:
    """Which days the office works. A value: `with_days` gives another calendar and leaves this one."""

    def __init__(
        self,
        announced: Iterable[Announced],
        base: dict[str, Any],
        hours: Hours,
        *,
        province: str | None = None,
        known_on: date | None = None,
    ) -> None:
        if not hours:
            raise ValueError("a calendar without office hours never ends a count of working days")
        self.announced = tuple(announced)
        self._base = base
        self._hours = hours
        self._province = province
        self._known_on = known_on
        self._free: dict[date, str] = {}
        # Days that the base calculates but that do not hold: not announced yet, elsewhere, or a working day.
        self._not_free: set[date] = set()
        for row in self.announced:
            self._place(row)

    @classmethod
    def load(
        cls, path: Path | str | None = None, *, province: str | None = None, known_on: date | None = None
    ) -> WorkingCalendar:
        """The shipped calendar, or one from a file of the same form.

        province: DOPA code, to count days that hold in this province only. known_on: the calendar as it was
        announced up to that day, to reproduce a due date of the past. Raises ProblemError for another form.
        """
        data = safe_load(Path(path).read_text(encoding="utf-8")) if path else load_yaml("working_days.yaml")
        try:
            rows = [_announced_from(row) for row in data.get("announced", ())]
            return cls(rows, data["base"], _hours_from(data["office_hours"]), province=province, known_on=known_on)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise ProblemError(_bad_file(path, error)) from error

    def with_days(self, days: Iterable[Announced]) -> WorkingCalendar:
        """This calendar and newly announced days; a later row decides over an earlier one of the same day."""
        return WorkingCalendar(
            (*self.announced, *days),
            self._base,
            self._hours,
            province=self._province,
            known_on=self._known_on,
        )

    def _place(self, row: Announced) -> None:
        here = not row.provinces or self._province in row.provinces
        known = self._known_on is None or row.announced is None or row.announced <= self._known_on
        holds = here and known
        if holds and row.working:
            self._free.pop(row.day, None)
            self._not_free.add(row.day)
        elif holds:
            self._free[row.day] = row.name
            self._not_free.discard(row.day)
        elif not row.working and row.day not in self._free:
            self._not_free.add(row.day)  # the library may have it, but here and then it does not hold

    def holiday_name(self, day: date) -> str | None:
        """The name of the holiday on this day, or None on ordinary days (a plain Sunday has no name)."""
        if day in self._free:
            return self._free[day]
        if day in self._not_free:
            return None
        base = self._base
        return _base_of_year(day.year, base["country"], tuple(base["categories"]), tuple(base.get("without", ()))).get(
            day
        )

    def is_working(self, day: date) -> bool:
        """A weekday of the office hours and no holiday."""
        return day.weekday() in self._hours and self.holiday_name(day) is None

    def add_working_days(self, day: date, count: int) -> date:
        """The count-th working day after the day (before it for a negative count); the day itself is not counted.

        0 gives the day itself, or the next working day when it is none.
        """
        step = -_ONE_DAY if count < 0 else _ONE_DAY
        left = abs(count)
        if not left:
            while not self.is_working(day):
                day += step
            return day
        while left:
            day += step
            left -= self.is_working(day)
        return day

    def working_days_between(self, start: date, end: date) -> int:
        """Working days after start up to and with end; negative when end is before start."""
        if end < start:
            return -self.working_days_between(end, start)
        return sum(self.is_working(day) for day in _days(start + _ONE_DAY, end))

    def opening(self, day: date) -> tuple[tuple[datetime, datetime], ...]:
        """The spans in which the office is open on a day, in Thai time; empty when it is closed."""
        if not self.is_working(day):
            return ()
        return tuple(
            (datetime.combine(day, opens, BANGKOK), datetime.combine(day, closes, BANGKOK))
            for opens, closes in self._hours[day.weekday()]
        )

    def working_time(self, start: datetime, end: datetime) -> timedelta:
        """Time inside office hours between two aware moments; zero when end is not after start."""
        total = timedelta(0)
        for day in _days(start.astimezone(BANGKOK).date(), end.astimezone(BANGKOK).date()):
            for opens, closes in self.opening(day):
                total += max(min(closes, end) - max(opens, start), timedelta(0))
        return total

    def add_working_time(self, start: datetime, amount: timedelta) -> datetime:
        """The earliest aware moment at which the office has been open for `amount` since start.

        Nothing to wait for is start itself. Raises ValueError for a negative amount.
        """
        if amount < timedelta(0):
            raise ValueError("working time is added forward only")
        if not amount:
            return start
        day = start.astimezone(BANGKOK).date()
        while True:
            for opens, closes in self.opening(day):
                here = closes - max(opens, start)
                if here >= amount:
                    return max(opens, start) + amount
                amount -= max(here, timedelta(0))
            day += _ONE_DAY

    def holidays_of(self, year: int) -> dict[date, str]:
        """All named free days of a ค.ศ. year in order, weekends too, for the page that lists them."""
        named = ((day, self.holiday_name(day)) for day in _days(date(year, 1, 1), date(year, 12, 31)))
        return {day: name for day, name in named if name}


def _days(first: date, last: date) -> Iterator[date]:
    for ordinal in range(first.toordinal(), last.toordinal() + 1):
        yield date.fromordinal(ordinal)
