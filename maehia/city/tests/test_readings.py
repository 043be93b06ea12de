from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maehia.base import ProblemError
from maehia.city.actions import Reading, add_readings, load_quantities
from maehia.city.models import LatestReading, Observation, Station
from maehia.city.queries.readings import latest, series
from maehia.city.readings import Last, Limits, grade, is_stale, moved_on
from maehia.kit.testing import NOW, AppTestCase

PM = Limits(low=0, high=1000, stuck_minutes=720, stale_minutes=180)
RAIN = Limits(low=0, high=200, stuck_minutes=0, stale_minutes=180)
START = datetime(2026, 3, 1, tzinfo=UTC)


def test_a_value_out_of_range_is_marked():
    assert grade(-1, START, PM, None) == "range"
    assert grade(1000.5, START, PM, None) == "range"
    assert grade(1000, START, PM, None) == "good"


def test_a_missing_value_is_missing():
    assert grade(None, START, PM, None) == "missing"


def test_a_value_that_does_not_move_for_twelve_hours_is_stuck():
    last = Last(START, 30.0, START)
    assert grade(30.0, START + timedelta(hours=11), PM, last) == "good"
    assert grade(30.0, START + timedelta(hours=12), PM, last) == "stuck"
    assert grade(30.1, START + timedelta(hours=12), PM, last) == "good"


def test_no_rain_for_a_month_is_not_a_stuck_gauge():
    assert grade(0.0, START + timedelta(days=30), RAIN, Last(START, 0.0, START)) == "good"


def test_a_value_is_stale_after_its_time():
    assert not is_stale(START, START + timedelta(minutes=180), PM)
    assert is_stale(START, START + timedelta(minutes=181), PM)


@given(st.lists(st.one_of(st.none(), st.floats(0, 100)), min_size=1, max_size=30))
def test_since_is_the_start_of_the_last_run_of_equal_values(values):
    last = None
    for hour, value in enumerate(values):
        last = moved_on(value, START + timedelta(hours=hour), last)
    run = len(values) - 1
    while run and values[run - 1] == values[-1]:
        run -= 1
    assert last.since == START + timedelta(hours=run)


class ReadingTests(AppTestCase):
    def setUp(self):
        load_quantities()
        Station.objects.create(key=UUID(int=1), code="AQ1", name="โรงเรียนตัวอย่าง (ข้อมูลสมมติ)")

    def hourly(self, *values, start=NOW):
        return [Reading("AQ1", "pm25", start + timedelta(hours=n), value) for n, value in enumerate(values)]

    def test_readings_are_appended_and_the_newest_is_kept(self):
        assert add_readings(self.hourly(10.0, 20.0, 30.0), origin="delivery:1") == 3
        now = LatestReading.objects.get()
        assert (now.value, now.quality, now.at) == (30.0, "good", NOW + timedelta(hours=2))

    def test_the_same_reading_twice_is_kept_once(self):
        add_readings(self.hourly(10.0), origin="a")
        assert add_readings(self.hourly(10.0), origin="b") == 0
        assert Observation.objects.count() == 1

    def test_a_late_reading_does_not_become_the_newest(self):
        add_readings(self.hourly(10.0), origin="a")
        add_readings(self.hourly(99.0, start=NOW - timedelta(hours=5)), origin="b")
        assert LatestReading.objects.get().value == 10.0

    def test_a_stuck_gauge_is_marked_after_twelve_hours(self):
        add_readings(self.hourly(*[42.0] * 14), origin="a")
        marks = [o.quality for o in series("AQ1", "pm25", NOW, NOW + timedelta(days=1))]
        assert marks == ["good"] * 12 + ["stuck"] * 2

    def test_a_stale_value_is_unknown(self):
        add_readings(self.hourly(10.0), origin="a")
        assert latest(NOW + timedelta(minutes=10))[0].is_known
        assert latest(NOW + timedelta(hours=4))[0].state == "stale"
        assert not latest(NOW + timedelta(hours=4))[0].is_known

    def test_an_unknown_station_is_refused_by_name(self):
        with pytest.raises(ProblemError) as caught:
            add_readings([Reading("AQ9", "pm25", NOW, 1.0)], origin="a")
        assert caught.value.problem.code == "unknown_station"
        assert "AQ9" in caught.value.problem.what

    def test_a_time_without_zone_is_refused(self):
        with pytest.raises(ProblemError) as caught:
            add_readings([Reading("AQ1", "pm25", NOW.replace(tzinfo=None), 1.0)], origin="a")
        assert caught.value.problem.code == "naive_time"

    def test_observations_of_any_year_find_a_partition(self):
        for year in (2019, 2024, 2040):
            at = datetime(year, 1, 1, tzinfo=UTC)
            assert add_readings([Reading("AQ1", "pm25", at, 5.0)], origin="a") == 1
