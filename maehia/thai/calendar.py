"""Working days of a Thai public office: weekdays without holidays, as announced up to a day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from maehia.thai.data import load_yaml, safe_load

_ONE_DAY = timedelta(days=1)


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


class WorkingCalendar:
    """Which days the office works. A value: `with_days` gives another calendar and leaves this one."""

    def __init__(
        self,
        announced: Iterable[Announced],
        base: dict[str, Any],
        *,
        province: str | None = None,
        known_on: date | None = None,
    ) -> None:
        self.announced = tuple(announced)
        self._base = base
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
        announced up to that day, to reproduce a due date of the past.
        """
        data = safe_load(Path(path).read_text(encoding="utf-8")) if path else load_yaml("working_days.yaml")
        rows = [_announced_from(row) for row in data.get("announced", ())]
        return cls(rows, data["base"], province=province, known_on=known_on)

    def with_days(self, days: Iterable[Announced]) -> WorkingCalendar:
        """This calendar and newly announced days; a later row decides over an earlier one of the same day."""
        return WorkingCalendar((*self.announced, *days), self._base, province=self._province, known_on=self._known_on)

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
        """Monday to Friday and no holiday."""
        return day.weekday() < 5 and self.holiday_name(day) is None

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

    def holidays_of(self, year: int) -> dict[date, str]:
        """All named free days of a ค.ศ. year in order, weekends too, for the page that lists them."""
        named = ((day, self.holiday_name(day)) for day in _days(date(year, 1, 1), date(year, 12, 31)))
        return {day: name for day, name in named if name}


def _days(first: date, last: date) -> Iterator[date]:
    for ordinal in range(first.toordinal(), last.toordinal() + 1):
        yield date.fromordinal(ordinal)
