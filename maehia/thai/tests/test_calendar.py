"""Working days: weekdays without holidays, as announced up to a day."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maehia.base import BANGKOK, ProblemError
from maehia.thai import Announced, WorkingCalendar
from maehia.thai.data import load_yaml

CALENDAR = WorkingCalendar.load()
days = st.dates(date(2020, 1, 1), date(2027, 12, 31))


@pytest.mark.parametrize(
    "day",
    [date(2026, 4, 13), date(2026, 6, 1), date(2026, 12, 7), date(2026, 5, 13), date(2026, 1, 2), date(2026, 11, 21)],
    ids=["songkran", "substitute", "substitute_2", "ploughing", "cabinet", "saturday"],
)
def test_the_office_is_closed(day: date) -> None:
    assert not CALENDAR.is_working(day)


@pytest.mark.parametrize("day", [date(2026, 11, 20), date(2026, 5, 1), date(2027, 5, 3)])
def test_the_office_is_open_also_on_labour_day_and_its_substitute(day: date) -> None:
    assert CALENDAR.is_working(day)
    assert CALENDAR.holiday_name(day) is None


def test_a_holiday_has_its_thai_name_and_a_plain_sunday_none() -> None:
    assert CALENDAR.holiday_name(date(2026, 4, 13)) == "วันสงกรานต์"
    assert CALENDAR.holiday_name(date(2026, 11, 22)) is None


def test_songkran_moves_a_due_day() -> None:
    assert CALENDAR.add_working_days(date(2026, 4, 10), 1) == date(2026, 4, 16)
    assert CALENDAR.add_working_days(date(2026, 4, 16), -1) == date(2026, 4, 10)


def test_no_days_from_a_closed_day_is_the_next_open_one() -> None:
    assert CALENDAR.add_working_days(date(2026, 4, 13), 0) == date(2026, 4, 16)
    assert CALENDAR.add_working_days(date(2026, 4, 16), 0) == date(2026, 4, 16)


def test_a_holiday_added_by_the_cabinet_moves_due_days() -> None:
    new = Announced(date(2026, 11, 23), "วันหยุดพิเศษ (ข้อมูลสมมติ)", announced=date(2026, 11, 20))
    friday = date(2026, 11, 20)
    assert CALENDAR.add_working_days(friday, 1) == date(2026, 11, 23)
    assert CALENDAR.with_days([new]).add_working_days(friday, 1) == date(2026, 11, 24)
    assert CALENDAR.add_working_days(friday, 1) == date(2026, 11, 23)  # the old calendar is as it was


def test_the_cabinet_can_make_a_holiday_a_working_day() -> None:
    songkran = date(2026, 4, 14)
    opened = CALENDAR.with_days([Announced(songkran, "เปิดทำการ (ข้อมูลสมมติ)", working=True)])
    assert opened.is_working(songkran)
    again = opened.with_days([Announced(songkran, "วันหยุด (ข้อมูลสมมติ)")])
    assert not again.is_working(songkran)


def test_a_day_counts_only_from_its_announcement() -> None:
    bridge = date(2026, 1, 2)  # announced on 12 Nov 2567
    assert WorkingCalendar.load(known_on=date(2024, 11, 11)).is_working(bridge)
    assert not WorkingCalendar.load(known_on=date(2024, 11, 12)).is_working(bridge)


def test_a_withdrawal_that_is_not_known_yet_changes_nothing() -> None:
    songkran = date(2026, 4, 14)
    opened = Announced(songkran, "เปิดทำการ (ข้อมูลสมมติ)", announced=date(2026, 3, 1), working=True)
    before = WorkingCalendar.load(known_on=date(2026, 2, 1)).with_days([opened])
    assert not before.is_working(songkran)


def test_a_day_of_other_provinces_does_not_close_this_office() -> None:
    apec = date(2022, 11, 17)
    assert WorkingCalendar.load(province="50").is_working(apec)
    assert not WorkingCalendar.load(province="10").is_working(apec)


def test_a_town_can_bring_its_own_file(tmp_path: Path) -> None:
    own = tmp_path / "days.yaml"
    own.write_text(
        "base: {country: TH, categories: [public]}\noffice_hours:\n  - {weekdays: [mon, sat], opens: '08:30', closes: '12:00'}\n  - {weekdays: [mon], opens: '13:00', closes: '16:30'}\nannounced:\n  - {day: 2026-11-23, name: วันเปิดตลาด (ข้อมูลสมมติ)}\n",
        encoding="utf-8",
    )
    calendar = WorkingCalendar.load(own)
    assert calendar.holiday_name(date(2026, 11, 23)) == "วันเปิดตลาด (ข้อมูลสมมติ)"
    assert calendar.holiday_name(date(2026, 5, 1)) == "วันแรงงานแห่งชาติ"  # this file does not open then
    assert calendar.is_working(date(2026, 11, 21))  # it opens on Saturdays
    assert not calendar.is_working(date(2026, 11, 20))  # but not on Fridays
    monday_noon = datetime(2026, 11, 30, 11, 0, tzinfo=BANGKOK)
    assert calendar.add_working_time(monday_noon, timedelta(hours=2)).hour == 14  # a break of one hour


def test_an_office_that_never_opens_is_refused(tmp_path: Path) -> None:
    own = tmp_path / "days.yaml"
    own.write_text("base: {country: TH, categories: [public]}\noffice_hours: []\n", encoding="utf-8")
    with pytest.raises(ProblemError, match="office hours"):
        WorkingCalendar.load(own)


@pytest.mark.parametrize("text", ["", "- 1", "base: {}", "base: {}\noffice_hours: [{opens: now}]"])
def test_a_file_of_another_form_says_what_it_needs(tmp_path: Path, text: str) -> None:
    own = tmp_path / "days.yaml"
    own.write_text(text, encoding="utf-8")
    with pytest.raises(ProblemError) as raised:
        WorkingCalendar.load(own)
    assert raised.value.problem.code == "bad_calendar_file"
    assert str(own) in raised.value.problem.where


def test_the_holidays_of_a_year_are_listed_in_order() -> None:
    listed = CALENDAR.holidays_of(2026)
    assert list(listed) == sorted(listed)
    assert date(2026, 1, 1) in listed
    assert not any("แรงงาน" in name for name in listed.values())


@given(days, st.integers(1, 40))
def test_adding_and_counting_are_inverse(day: date, count: int) -> None:
    due = CALENDAR.add_working_days(day, count)
    assert CALENDAR.is_working(due)
    assert CALENDAR.working_days_between(day, due) == count
    assert CALENDAR.working_days_between(due, day) == -count


@given(days, st.integers(0, 20), st.integers(0, 20))
def test_days_can_be_added_in_two_steps(day: date, first: int, second: int) -> None:
    start = CALENDAR.add_working_days(day, 0)
    two_steps = CALENDAR.add_working_days(CALENDAR.add_working_days(start, first), second)
    assert two_steps == CALENDAR.add_working_days(start, first + second)


@given(days, st.integers(0, 60))
def test_an_added_holiday_never_makes_a_due_day_earlier(day: date, offset: int) -> None:
    more = CALENDAR.with_days([Announced(day + timedelta(days=offset), "วันหยุด (ข้อมูลสมมติ)")])
    assert more.add_working_days(day, 10) >= CALENDAR.add_working_days(day, 10)


def test_every_announced_day_names_its_source_and_day_of_announcement() -> None:
    for row in load_yaml("working_days.yaml")["announced"]:
        assert row["source"]
        assert row["announced"] < row["day"]
        assert row["day"].weekday() < 5


moments = st.datetimes(datetime(2026, 1, 1), datetime(2027, 6, 30)).map(lambda moment: moment.replace(tzinfo=BANGKOK))


def test_hours_run_only_while_the_office_is_open() -> None:
    friday = datetime(2026, 11, 20, 15, 30, tzinfo=BANGKOK)
    on_monday = datetime(2026, 11, 23, 9, 30, tzinfo=BANGKOK)
    assert CALENDAR.add_working_time(friday, timedelta(hours=2)) == on_monday
    assert CALENDAR.add_working_time(friday, timedelta(hours=1)) == friday + timedelta(hours=1)
    assert CALENDAR.add_working_time(friday, timedelta(0)) == friday


def test_a_moment_of_another_zone_is_read_in_thai_time() -> None:
    evening_in_utc = datetime(2026, 11, 22, 23, 0, tzinfo=UTC)  # Monday 06:00 in Thailand
    due = CALENDAR.add_working_time(evening_in_utc, timedelta(minutes=30))
    assert due == datetime(2026, 11, 23, 9, 0, tzinfo=BANGKOK)


def test_working_time_is_not_taken_back() -> None:
    with pytest.raises(ValueError, match="forward"):
        CALENDAR.add_working_time(datetime(2026, 11, 20, 15, 30, tzinfo=BANGKOK), timedelta(minutes=-1))


def test_a_closed_day_has_no_opening() -> None:
    assert CALENDAR.opening(date(2026, 11, 21)) == ()
    assert [(a.hour, b.hour) for a, b in CALENDAR.opening(date(2026, 11, 20))] == [(8, 16)]


@given(moments, st.integers(1, 6000))
def test_working_time_added_is_working_time_passed(start: datetime, minutes: int) -> None:
    due = CALENDAR.add_working_time(start, timedelta(minutes=minutes))
    assert CALENDAR.working_time(start, due) == timedelta(minutes=minutes)
    assert CALENDAR.working_time(start, due - timedelta(seconds=1)) < timedelta(minutes=minutes)
    assert CALENDAR.working_time(due, start) == timedelta(0)
