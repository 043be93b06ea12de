"""Limits as dated data, and what a crossing does: it suggests to who is on duty, and nothing else."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

import pytest

from maehia.base import ProblemError
from maehia.city.actions import Reading, add_readings, load_quantities
from maehia.city.models import Station
from maehia.emergency import readiness_jobs
from maehia.emergency.actions import incidents, roster, thresholds
from maehia.emergency.actions.readiness import load_defaults
from maehia.emergency.actions.thresholds import NewThreshold
from maehia.emergency.models import Incident, Threshold, ThresholdCrossing, ThresholdState
from maehia.emergency.queries import log
from maehia.emergency.queries import thresholds as queries
from maehia.emergency.rules.thresholds import Sample
from maehia.emergency.tests.cast import Watch
from maehia.kit import clock
from maehia.kit.models import Notice
from maehia.kit.testing import NOW, AppTestCase
from maehia.message.models import Message

STREAM = NewThreshold(
    "stream_warn", "ห้วยแม่เหียะ เตือนภัย", "water_level", Decimal("3.70"), "flash_flood", "คู่มือเวร 2569", date(2026, 1, 1),
    station="WL01", hysteresis=Decimal("0.10"), stage=2,
)  # fmt: skip
QUARTER = timedelta(minutes=15)


class Gauges(Watch):
    def setUp(self):
        super().setUp()
        load_quantities()
        for number, code in enumerate(("WL01", "PM01", "RN01"), start=1):
            Station.objects.create(key=UUID(int=number), code=code, name=f"สถานี {code}")

    def measured(self, *values, end=NOW, step=QUARTER, station="WL01", quantity="water_level"):
        """Values one step apart, the last at `end`."""
        first = end - step * (len(values) - 1)
        rows = [Reading(station, quantity, first + step * n, value) for n, value in enumerate(values)]
        return add_readings(rows, origin="test")

    def limit(self, **changes):
        with self.command():
            return thresholds.set_threshold(replace(STREAM, **changes))

    def state(self):
        with self.command():
            return [(one.station, one.state) for one in queries.standings(clock.now())]

    def open_ones(self):
        with self.command():
            return queries.crossings()


def code_of(caught):
    return caught.value.problem.code


class TestCrossings(Gauges, AppTestCase):
    def test_two_readings_over_make_one_suggestion_and_open_nothing(self):
        self.limit()
        self.measured(3.2, 3.72)
        assert thresholds.evaluate() == []
        self.measured(3.75, end=NOW + QUARTER)
        with clock.at(NOW + QUARTER):
            (found,) = thresholds.evaluate()
            assert thresholds.evaluate() == []
        assert (found.value, found.at, found.answer) == (3.75, NOW + QUARTER, "")
        with self.command():
            assert Incident.objects.count() == 0

    def test_it_does_not_suggest_again_while_it_moves_inside_the_hysteresis(self):
        self.limit()
        self.measured(3.8, 3.8)
        assert len(thresholds.evaluate()) == 1
        for n, value in enumerate((3.65, 3.75, 3.61, 3.9, 3.62), start=1):
            moment = NOW + QUARTER * n
            self.measured(value, end=moment)
            with clock.at(moment):
                assert thresholds.evaluate() == []
                assert self.state() == [("WL01", "over")]

    def test_back_below_it_is_cleared_and_may_be_reached_anew(self):
        self.limit()
        self.measured(3.8, 3.8, 3.5, 3.5, 3.8, 3.8)
        first, second = thresholds.evaluate()[-1:] * 2
        assert first.at == second.at == NOW
        self.measured(3.4, 3.4, end=NOW + QUARTER * 2)
        with clock.at(NOW + QUARTER * 2):
            thresholds.evaluate()
        assert self.open_ones()[0].cleared_at == NOW + QUARTER * 2

    def test_a_silent_gauge_is_unknown_never_normal(self):
        self.limit()
        self.measured(3.0, 3.0)
        thresholds.evaluate()
        assert self.state() == [("WL01", "normal")]
        with clock.at(NOW + timedelta(minutes=31)):
            assert self.state() == [("WL01", "unknown")]

    def test_a_gauge_that_was_never_heard_is_unknown(self):
        self.limit()
        assert self.state() == [("WL01", "unknown")]

    def test_readings_that_come_late_and_mixed_give_the_same(self):
        self.limit()
        self.measured(3.0)
        thresholds.evaluate()
        self.measured(3.8, end=NOW - QUARTER)
        self.measured(3.9, end=NOW - QUARTER * 2)
        (found,) = thresholds.evaluate()
        assert found.at == NOW - QUARTER
        assert self.state() == [("WL01", "over")]

    def test_a_reading_from_the_future_is_not_believed(self):
        self.limit()
        self.measured(9.0, 9.0, end=NOW + timedelta(hours=2))
        assert thresholds.evaluate() == []
        assert self.state() == [("WL01", "unknown")]

    def test_a_value_out_of_range_counts_for_nothing(self):
        self.limit()
        self.measured(99.0, 99.0)
        assert thresholds.evaluate() == []
        assert self.state() == [("WL01", "unknown")]

    def test_the_air_is_judged_by_the_mean_of_a_day_not_by_an_hour(self):
        self.limit(key="air", measure="aqi_24h", station="PM01", over=Decimal(101), hysteresis=Decimal(5), stale_minutes=90,
                   hazard="haze", readings=1)  # fmt: skip
        hour = timedelta(hours=1)
        self.measured(*[19.0, 21.0] * 11, 20.0, 500.0, end=NOW - hour, step=hour, station="PM01", quantity="pm25")
        assert [one.value for one in thresholds.evaluate()] == [107.0]  # (460 + 500) / 24 = 40.0 µg/m³
        with self.command():
            held = ThresholdState.objects.get()
        assert held.value == 107.0
        assert held.at == NOW

    def test_with_fewer_than_18_hours_the_air_is_unknown(self):
        self.limit(key="air", measure="aqi_24h", station="PM01", stale_minutes=90, hazard="haze", readings=1)
        hour = timedelta(hours=1)
        self.measured(*[299.0, 301.0] * 8, 300.0, end=NOW - hour, step=hour, station="PM01", quantity="pm25")
        assert thresholds.evaluate() == []
        assert self.state() == [("PM01", "unknown")]

    def test_rain_adds_up_over_its_hours(self):
        self.limit(key="rain", measure="rain_1h", station="RN01", over=Decimal(40), hysteresis=Decimal(5), readings=1)
        self.measured(0, 0, 0, 0, 10, 10, 10, 10, station="RN01", quantity="rain")
        (found,) = thresholds.evaluate()
        assert found.value == 40.0

    def test_who_is_on_duty_is_told_and_nobody_else(self):
        self.limit()
        with self.command():
            who = roster.save_contact(
                None, roster.NewContact("ดวงใจ เฝ้ายาม", "0812345678", account=self.duty.pk, skills=["duty"])
            )
            roster.add_shift(who.pk, NOW - timedelta(hours=2), NOW + timedelta(hours=6))
        self.measured(3.8, 3.8)
        assert readiness_jobs.look() == 1
        with self.acting():
            assert list(Notice.objects.filter(text_key="emergency.crossed").values_list("account_key", flat=True)) == [
                self.duty.actor
            ]
            assert [m.template for m in Message.objects.all()] == ["emergency.crossed"]

    def test_without_a_roster_everybody_who_may_open_is_told(self):
        self.limit()
        self.measured(3.8, 3.8)
        readiness_jobs.look()
        with self.acting():
            told = set(Notice.objects.filter(text_key="emergency.crossed").values_list("account_key", flat=True))
        assert told == {self.duty.actor, self.commander.actor, self.clerk.actor, self.mayor.actor}

    def test_a_part_may_draft_from_it_and_its_fault_stops_nothing(self):
        seen = []

        def broken(_crossing):
            raise RuntimeError("ไม่ทำงาน")

        before = list(thresholds._hooks)
        try:
            thresholds.on_crossed(broken)
            thresholds.on_crossed(seen.append)
            self.limit()
            self.measured(3.8, 3.8)
            (found,) = thresholds.evaluate()
        finally:
            thresholds._hooks[:] = before
        assert seen == [found]

    def test_the_officer_opens_from_it_and_the_log_says_so(self):
        self.limit()
        self.measured(3.8, 3.8)
        (found,) = thresholds.evaluate()
        with self.command():
            new = incidents.NewIncident("น้ำป่าเข้าหมู่ 5", "flash_flood", source=f"threshold:{found.pk}")
            made = incidents.open_incident(new)
            line = log.lines(made.pk, kinds=["threshold"])[0]
            held = ThresholdCrossing.objects.get()
        assert (held.answer, held.incident_id, held.answered_by) == ("incident", made.pk, self.commander.actor)
        assert (line.value["value"], line.value["limit"], line.value["station"]) == (3.8, 3.7, "WL01")
        assert self.open_ones() == []

    def test_it_is_dismissed_with_a_reason_and_only_once(self):
        self.limit()
        self.measured(3.8, 3.8)
        (found,) = thresholds.evaluate()
        with self.command():
            with pytest.raises(ProblemError) as caught:
                thresholds.dismiss(found.pk, "  ")
            assert code_of(caught) == "no_reason"
            thresholds.dismiss(found.pk, "ขยะติดเครื่องวัด")
            with pytest.raises(ProblemError) as caught:
                thresholds.dismiss(found.pk, "อีกครั้ง")
            assert code_of(caught) == "answered"

    def test_an_exercise_has_readings_and_states_of_its_own(self):
        self.limit()
        given = [Sample(NOW - QUARTER, 4.0), Sample(NOW, 4.1)]
        with self.command("exercise"):
            (found,) = thresholds.feed("stream_warn", "WL01", given)
            assert (found.mode, found.value) == ("exercise", 4.1)
            assert thresholds.feed("stream_warn", "WL01", given) == []
        assert self.open_ones() == []
        assert self.state() == [("WL01", "unknown")]
        with self.command(), pytest.raises(ProblemError) as caught:
            thresholds.feed("stream_warn", "WL01", given)
        assert code_of(caught) == "not_exercise"


class TestVersions(Gauges, AppTestCase):
    def test_the_newest_version_that_holds_counts_and_withdrawing_brings_back_the_one_before(self):
        self.limit()
        later = self.limit(over=Decimal("4.20"), valid_from=date(2026, 11, 1))
        self.limit(over=Decimal("9.99"), valid_from=date(2027, 1, 1))
        with self.command():
            assert [float(row.over) for row in queries.holding(NOW.date())] == [4.2]
            thresholds.withdraw(later.pk)
            assert [float(row.over) for row in queries.holding(NOW.date())] == [3.7]
            with pytest.raises(ProblemError) as caught:
                thresholds.withdraw(later.pk)
            assert code_of(caught) == "no_threshold"

    def test_a_version_that_is_switched_off_ends_the_limit(self):
        self.limit()
        self.limit(active=False, valid_from=date(2026, 11, 1))
        with self.command():
            assert queries.holding(NOW.date()) == []

    def test_a_new_version_suggests_only_what_is_over_now(self):
        self.measured(3.8, 3.8, 3.0, 3.0, 3.8, 3.8)
        self.limit()
        assert [one.at for one in thresholds.evaluate()] == [NOW]

    def test_the_preview_counts_what_would_have_happened_and_writes_nothing(self):
        self.measured(3.8, 3.8, 3.0, 3.0, 3.8, 3.8)
        with self.command():
            (trial,) = queries.try_out(STREAM, NOW)
            assert Threshold.objects.count() == ThresholdState.objects.count() == 0
        assert trial.reached == (NOW - QUARTER * 4, NOW)
        assert (trial.state, trial.value) == ("over", 3.8)

    def test_bad_limits_are_refused_in_words(self):
        bad = {
            "no_name": {"name_th": " "}, "unknown_measure": {"measure": "wind"}, "unknown_hazard": {"hazard": "x"},
            "unknown_station": {"station": "WL99"}, "bad_limit": {"over": Decimal("NaN")}, "no_source": {"source": " "},
            "bad_hysteresis": {"hysteresis": Decimal(4)}, "bad_readings": {"readings": 0}, "bad_stage": {"stage": 9},
            "bad_stale": {"stale_minutes": 0},
        }  # fmt: skip
        with self.command():
            for code, changes in bad.items():
                with pytest.raises(ProblemError) as caught:
                    thresholds.set_threshold(replace(STREAM, **changes))
                assert code_of(caught) == code
            thresholds.set_threshold(STREAM)
            with pytest.raises(ProblemError) as caught:
                thresholds.set_threshold(STREAM)
            assert code_of(caught) == "threshold_stands"

    def test_what_is_shipped_says_where_it_is_from_and_that_nobody_has_checked_it(self):
        with self.command():
            assert load_defaults()["thresholds"] == 3
            assert load_defaults() == {"numbers": 0, "needs": 0, "thresholds": 0}
            rows = list(Threshold.objects.all())
        assert all(row.source and not row.verified for row in rows)
