"""The way back is read off the log: exact integrals, times to targets, backlog; late and shuffled lines included."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from maehia.base import ProblemError
from maehia.emergency.actions import recovery as act
from maehia.emergency.queries.recovery import recovery, targets
from maehia.emergency.queries.review import terms
from maehia.emergency.rules.figures import read_off, tally
from maehia.emergency.rules.recovery import Target, as_data, backlog, courses, open_things, town_curve
from maehia.emergency.rules.review import observations
from maehia.emergency.tests.cast import Watch
from maehia.kit import clock
from maehia.kit.acting import acting
from maehia.kit.testing import NOW, AppTestCase

START = datetime(2026, 10, 1, 0, 0, tzinfo=UTC)
POWER = Target("power", "ไฟฟ้า", "Electricity", 2, (6, 24, 48))
WATER = Target("water", "น้ำประปา", "Tap water", 1, (12, 24, 72))


@dataclass(frozen=True)
class Said:
    """A line of a log, as far as the rules look."""

    hour: float
    value: Any
    seq: int = 1
    kind: str = "lifeline"
    after: str = ""
    late: bool = False
    at: datetime = field(default=START)

    @property
    def event_at(self) -> datetime:
        return START + timedelta(hours=self.hour)


def said(hour: float, level: float, key: str = "power") -> Said:
    return Said(hour, {"lifeline": key, "level": level})


def one(lines: list[Said], hours: float = 240):
    return courses(lines, [POWER], START, START + timedelta(hours=hours))[0]


def test_half_of_all_for_ten_days_is_500_percent_days():
    course = one([said(0, 50)])
    assert course.measures.loss_percent_days == pytest.approx(500)
    assert as_data(course)["loss_percent_days"] == 500


def test_times_to_targets_count_from_when_it_never_falls_below_again():
    course = one([said(0, 0), said(5, 60), said(8, 30), said(20, 85), said(40, 100)])
    assert [time.lasting for time in course.measures.times] == [20, 20, 40]
    assert course.met == (False, True, True)


def test_a_target_is_open_until_its_time_has_passed():
    course = one([said(0, 0)], hours=10)
    assert course.met == (False, None, None)


def test_what_the_log_does_not_name_counts_as_working():
    course = one([said(1, 0, "water")])
    assert (course.touched, course.now, course.measures.loss) == (False, 1.0, 0.0)


def test_the_town_is_the_weighted_mean_of_its_lifelines():
    found = courses([said(0, 40), said(0, 100, "water")], [POWER, WATER], START, START + timedelta(hours=10))
    assert float(town_curve(found).at(5.0)) == pytest.approx((2 * 0.4 + 1) / 3)


LEVELS = st.lists(st.tuples(st.integers(0, 99), st.integers(0, 100)), max_size=12, unique_by=lambda pair: pair[0])


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(LEVELS, st.integers(0, 99))
def test_loss_equals_a_brute_force_sum_whatever_the_order_of_writing(steps: list[tuple[int, int]], turn: int):
    lines = sorted((said(hour, level) for hour, level in steps), key=lambda told: (told.hour * 37 + turn) % 101)
    held, level, by_hour = 0.0, 100, dict(steps)
    for hour in range(100):
        level = by_hour.get(hour, level)
        held += (100 - level) / 24
    assert one(lines, hours=100).measures.loss_percent_days == pytest.approx(held)


def test_backlog_tells_the_oldest_and_the_middle_age():
    waiting = [START, START + timedelta(hours=2), START + timedelta(hours=10)]
    found = backlog(waiting, START + timedelta(hours=12))
    assert (found.count, found.oldest_h, found.median_h) == (3, 12, 10)
    assert backlog([], START).count == 0


def test_a_thing_waits_from_its_first_line_until_it_is_done():
    lines = [
        Said(0, {"id": "a"}, kind="claim", after="reported"), Said(1, {"id": "b"}, kind="claim", after="reported"),
        Said(2, {"id": "a"}, kind="claim", after="paid"), Said(3, {"other": 1}, kind="claim"),
    ]  # fmt: skip
    assert open_things(lines, "claim", frozenset({"paid"})) == [START + timedelta(hours=1)]


class TestRecovery(Watch, AppTestCase):
    def test_levels_are_lines_of_the_log_and_nothing_else(self):
        with self.command():
            made = self.flood(started_at=NOW - timedelta(hours=10))
            act.report_level(made.pk, "power", 20, event_at=NOW - timedelta(hours=10))
            act.report_level(made.pk, "power", 100, event_at=NOW - timedelta(hours=5))
            found = {course.target.key: course for course in recovery(made).courses}
        assert found["power"].measures.loss_percent_days == pytest.approx(80 * 5 / 24)
        assert not found["water"].touched

    def test_bad_levels_and_names_are_refused(self):
        with self.command():
            made = self.flood()
            for key, level, code in (("power", 101, "bad_percent"), ("moon", 50, "unknown_lifeline")):
                with pytest.raises(ProblemError) as caught:
                    act.report_level(made.pk, key, level)
                assert caught.value.problem.code == code

    def test_nobody_sets_the_bar_after_the_jump(self):
        with self.command():
            made = self.flood(started_at=NOW - timedelta(days=3))
            act.set_target("power", "ไฟฟ้า", [1, 2, 3], valid_from=NOW.date())
            old = next(course.target for course in recovery(made).courses if course.target.key == "power")
            assert old.hours == (6, 24, 48)
            assert next(t for t in targets() if t.key == "power").hours == (1, 2, 3)
            with pytest.raises(ProblemError) as caught:
                act.set_target("power", "ไฟฟ้า", [1, 2, 3], valid_from=NOW.date() - timedelta(days=1))
            assert caught.value.problem.code == "target_in_the_past"

    def test_targets_rise(self):
        with self.command(), pytest.raises(ProblemError) as caught:
            act.set_target("power", "ไฟฟ้า", [6, 2, 48])
        assert caught.value.problem.code == "bad_hours"

    def test_a_closed_incident_keeps_its_curve(self):
        with self.command():
            made = self.flood(started_at=NOW - timedelta(hours=10))
            act.report_level(made.pk, "power", 50, event_at=NOW - timedelta(hours=10))
            made.closed_at = NOW
            with clock.at(NOW + timedelta(days=9)):
                assert recovery(made).end == NOW

    def test_without_a_purpose_nothing_is_known(self):
        with self.command():
            made = self.flood(started_at=NOW - timedelta(hours=1))
            act.report_level(made.pk, "power", 50, event_at=NOW - timedelta(hours=1))
        with acting(self.commander.actor, "counter.service"):
            assert not any(course.touched for course in recovery(made).courses)


@dataclass(frozen=True)
class Line(Said):
    """Any line."""

    kind: str = "note"


def line(_kind: str, _after: str = "", /, **value: Any) -> Line:
    return Line(0, value, kind=_kind, after=_after)


def test_figures_add_up_what_the_parts_wrote():
    told = [
        line("footprint", people=900, households=300), line("footprint", people=812, households=301),
        line("stay", shelter="a", inside=5), line("stay", shelter="a", inside=9), line("stay", shelter="b", inside=4),
        line("doors", "visited", visits=5, reached=3, not_there=2), line("doors", "visited", visits=1, moved=1),
        line("help", "new", request="r1"), line("help", "resolved", request="r1"), line("help", "triaged", request="r2"),
        line("damage", "surveyed", survey="s1"), line("claim", "approved", claim="c1", baht="100.00"),
        line("claim", "paid", claim="c2", baht="49500.00"), line("alert", "published"), line("note"),
    ]  # fmt: skip
    assert read_off(tally(told)) == {
        "people": 812, "households": 301, "sheltered": 13, "help_open": 1, "help_done": 1, "doors_met": 4,
        "doors_empty": 2, "alerts": 1, "homes": 1, "claims_open": 1, "paid_baht": 49500.0,
    }  # fmt: skip


TERMS = {term.code: term for term in terms()}


@pytest.mark.parametrize(
    ("code", "lines", "kind", "measured"),
    [
        ("doors_reached", [line("doors", visits=10, reached=7, not_there=3)], "gap", "30 %"),
        ("doors_reached", [line("doors", visits=10, reached=9, not_there=1)], "strength", "10 %"),
        ("overfilled", [line("stay", **{"in": 50}), line("overfill", places=5)], "gap", "10 %"),
        ("overfilled", [line("stay", **{"in": 50})], "strength", "0 %"),
        ("stock_lost", [line("stock", kind="loss")], "gap", "100 %"),
        ("plan_late", [line("checklist", "done", late_minutes=0), line("checklist", "done", late_minutes=3)], "gap", "50 %"),
        ("written_late", [line("note")], "strength", "0 %"),
    ],
)  # fmt: skip
def test_a_rule_of_the_review_measures_its_share(code, lines, kind, measured):
    (found,) = observations(lines, [TERMS[code]])
    assert (found.kind, found.measured) == (kind, measured)


def test_a_log_that_says_nothing_gives_no_finding():
    assert observations([], TERMS.values()) == []
