"""Clocks of promises: equal to counting minute by minute, fair in pauses, moved by holidays announced later."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maehia.base import BANGKOK
from maehia.services.rules.clock import Pause, Promise, Rung, due_at, lateness, rungs_reached, running, used
from maehia.thai import WorkingCalendar
from maehia.thai.calendar import Announced

CALENDAR = WorkingCalendar.load()
MINUTE = timedelta(minutes=1)


def at(day: int, hour: int = 0, minute: int = 0, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=BANGKOK)


def minutes(amount: int) -> Promise:
    return Promise(amount, "working_minutes")


def days(amount: int, **kw) -> Promise:
    return Promise(amount, "working_days", **kw)


def asked(start: datetime, end: datetime | None) -> Pause:
    return Pause(start, end, "ขอภาพถ่ายเพิ่มเติม")


class TestWorkingMinutes:
    def test_an_hour_asked_for_on_friday_evening_is_over_on_monday(self):
        assert due_at(at(20, 16), minutes(60), [], CALENDAR) == at(23, 9)

    def test_a_report_at_night_starts_when_the_office_opens(self):
        assert due_at(at(19, 23), minutes(1), [], CALENDAR) == at(20, 8, 31)

    def test_time_in_which_the_citizen_is_asked_does_not_count(self):
        held = [asked(at(19, 9), at(19, 11))]
        assert due_at(at(19, 8, 30), minutes(60), held, CALENDAR) == at(19, 11, 30)

    def test_while_the_answer_is_open_nothing_is_due(self):
        assert due_at(at(19, 9), minutes(600), [asked(at(19, 10), None)], CALENDAR) is None

    def test_what_was_due_before_the_question_stays_due(self):
        assert due_at(at(19, 9), minutes(30), [asked(at(19, 10), None)], CALENDAR) == at(19, 9, 30)


class TestDays:
    def test_the_day_of_receipt_is_not_counted_unless_the_rule_says_so(self):
        assert due_at(at(16, 10), days(1), [], CALENDAR) == at(17, 16, 30)
        assert due_at(at(16, 10), days(1, count_first_day=True), [], CALENDAR) == at(16, 16, 30)

    def test_a_report_after_closing_time_counts_from_the_next_day(self):
        assert due_at(at(16, 20), days(1, count_first_day=True), [], CALENDAR) == at(17, 16, 30)

    def test_weekends_and_holidays_do_not_count(self):
        assert due_at(at(4, 10, month=12), days(2), [], CALENDAR).date() == date(2026, 12, 9)  # 5 to 7, and the 10th

    def test_calendar_days_run_through_the_weekend(self):
        assert due_at(at(20, 10), Promise(3, "calendar_days"), [], CALENDAR) == at(24)

    def test_an_evening_without_answer_is_no_day_of_ours(self):
        assert due_at(at(16, 10), days(2), [asked(at(17, 15), at(18, 9))], CALENDAR) == at(19, 16, 30)

    def test_a_pause_within_one_day_moves_nothing(self):
        assert due_at(at(16, 10), days(2), [asked(at(17, 9), at(17, 15))], CALENDAR) == at(18, 16, 30)


def test_a_holiday_announced_later_moves_the_due_day():
    more = CALENDAR.with_days([Announced(date(2026, 11, 17), "วันหยุดพิเศษ", date(2026, 11, 10))])
    assert due_at(at(16, 10), days(1), [], more) == at(18, 16, 30)


@pytest.mark.parametrize("amount", [0, -1])
def test_a_promise_of_nothing_is_refused(amount):
    with pytest.raises(ValueError, match="positive"):
        due_at(at(16, 10), minutes(amount), [], CALENDAR)


class TestLateness:
    def test_the_due_minute_itself_is_in_time(self):
        due = due_at(at(16, 10), days(1), [], CALENDAR)
        assert lateness(at(16, 10), days(1), [], CALENDAR, due) == "in_time"
        assert lateness(at(16, 10), days(1), [], CALENDAR, due + MINUTE) == "late"

    def test_three_times_the_promise_is_very_late(self):
        assert lateness(at(16, 10), days(1), [], CALENDAR, at(19, 16, 30)) == "late"
        assert lateness(at(16, 10), days(1), [], CALENDAR, at(19, 16, 31)) == "very_late"

    def test_waiting_for_the_citizen_is_never_late(self):
        assert lateness(at(16, 10), days(3), [asked(at(16, 11), None)], CALENDAR, at(30)) == "in_time"


class TestLadder:
    LADDER = (Rung(days(1), "หัวหน้าฝ่าย"), Rung(days(3), "ผู้อำนวยการกอง"), Rung(days(5), "ปลัด"))

    def test_each_rung_comes_once_and_in_order(self):
        due = at(16, 16, 30)
        assert rungs_reached(due, at(17, 16, 29), self.LADDER, fired=0, pauses=[], calendar=CALENDAR) == []
        assert rungs_reached(due, at(17, 16, 30), self.LADDER, fired=0, pauses=[], calendar=CALENDAR) == [
            self.LADDER[0]
        ]
        assert rungs_reached(due, at(17, 16, 30), self.LADDER, fired=1, pauses=[], calendar=CALENDAR) == []

    def test_a_long_silence_reaches_several_at_once(self):
        assert rungs_reached(at(16, 16, 30), at(30), self.LADDER, fired=1, pauses=[], calendar=CALENDAR) == list(
            self.LADDER[1:]
        )


# --- against counting by hand ---------------------------------------------------------------------------------------
moments = st.integers(0, 14 * 24 * 60).map(lambda n: at(12) + n * MINUTE)
pauses = st.lists(st.tuples(moments, moments).map(lambda pair: asked(min(pair), max(pair))), max_size=4)


def is_open(moment: datetime) -> bool:
    return any(opens <= moment < closes for opens, closes in CALENDAR.opening(moment.date()))


def stands(moment: datetime, held: list[Pause]) -> bool:
    return any(p.start <= moment < p.end for p in held)


@settings(max_examples=60, deadline=None)
@given(moments, st.integers(1, 900), pauses)
def test_minutes_equal_counting_each_minute(received, amount, held):
    moment, left = received, amount
    while left:
        left -= is_open(moment) and not stands(moment, held)
        moment += MINUTE
    assert due_at(received, minutes(amount), held, CALENDAR) == moment


@settings(max_examples=60, deadline=None)
@given(moments, st.integers(1, 6), pauses, st.booleans())
def test_days_equal_counting_each_evening(received, amount, held, first):
    day, left = received.date(), amount
    while True:
        evening = datetime.combine(day, time(16, 30), BANGKOK)
        counts = CALENDAR.is_working(day) and evening > received and (first or day != received.date())
        if counts and not any(p.start < evening <= p.end for p in held):
            left -= 1
        if not left:
            break
        day += timedelta(days=1)
    assert due_at(received, days(amount, count_first_day=first), held, CALENDAR) == evening


@given(moments, st.integers(1, 900), pauses)
def test_at_the_due_moment_exactly_the_promise_is_used(received, amount, held):
    due = due_at(received, minutes(amount), held, CALENDAR)
    assert used(received, due, held, CALENDAR) == amount * MINUTE


@given(moments, moments, pauses)
def test_running_spans_hold_no_pause_and_lose_no_minute(a, b, held):
    start, end = min(a, b), max(a, b)
    spans = running(start, end, held)
    assert all(x < y for x, y in spans)
    counted = sum((end_ - start_) // MINUTE for start_, end_ in spans)
    total = (end - start) // MINUTE
    assert counted == sum(not stands(start + n * MINUTE, held) for n in range(total))


@given(moments, st.integers(1, 20), pauses)
def test_a_pause_never_brings_the_due_moment_nearer(received, amount, held):
    assert due_at(received, days(amount), held, CALENDAR) >= due_at(received, days(amount), [], CALENDAR)
