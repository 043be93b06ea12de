"""From a long table to hours, and from hours to days."""

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maehia.hazards.smoke import Readings, aqi_of
from maehia.impact import ArgumentError
from maehia.thai import mean_of_hours, thai_aqi_pm25

NAMES, X, Y = ["A", "B", "C"], [0.0, 2000.0, 500.0], [0.0, 0.0, 2500.0]


def table(rows, **options):
    station, time, value = zip(*rows, strict=True)
    return Readings.from_table(NAMES, X, Y, station=station, time=list(time), value=list(value), **options)


def hours_of(column, start="2026-03-01T00"):
    hour = np.datetime64(start, "h") + np.arange(len(column)) * np.timedelta64(1, "h")
    value = np.column_stack([np.asarray(column, float)] * 3)
    return Readings(tuple(NAMES), np.array(X), np.array(Y), hour, value)


def test_rows_become_hours_by_station_with_gaps_as_nan():
    found = table([("A", "2026-03-01 00:10", 10), ("B", "2026-03-01 02:00", 30), ("A", "2026-03-01 00:50", 20)])
    assert found.hour.astype(str).tolist() == ["2026-03-01T00", "2026-03-01T01", "2026-03-01T02"]
    np.testing.assert_array_equal(found.value, [[15, np.nan, np.nan], [np.nan] * 3, [np.nan, 30, np.nan]])


def test_what_is_not_used_is_counted():
    rows = [("A", "2026-03-01 00:00", 10), ("A", "2026-03-01 00:00", 10), ("B", "2026-03-01 00:00", -1),
            ("B", "2026-03-01 01:00", 999), ("Z", "2026-03-01 00:00", 5), ("C", "NaT", 5),
            ("C", "2026-03-01 00:00", np.nan)]  # fmt: skip
    found = table(rows)
    assert found.set_aside == {"unlisted": 1, "no_time": 1, "implausible": 3, "repeated": 1, "stuck": 0}
    np.testing.assert_array_equal(found.value, [[10, np.nan, np.nan]])


def test_a_stuck_sensor_is_silenced_when_asked():
    rows = [("A", f"2026-03-01 {h:02d}:00", v) for h, v in enumerate([5, 7, 7, 7, 7, 6, 8, 8])]
    assert table(rows).set_aside["stuck"] == 0
    found = table(rows, stuck_hours=4)
    np.testing.assert_array_equal(found.value[:, 0], [5, *[np.nan] * 4, 6, 8, 8])
    assert found.set_aside["stuck"] == 4


def test_gaps_are_not_stuck():
    rows = [("A", "2026-03-01 00:00", 5), ("A", "2026-03-01 09:00", 6), ("B", "2026-03-01 04:00", 6)]
    assert table(rows, stuck_hours=3).set_aside["stuck"] == 0


def test_an_empty_or_ragged_table_is_refused():
    with pytest.raises(ArgumentError) as error:
        table([("A", "2026-03-01 00:00", -1)])
    assert error.value.problem.code == "no_readings"
    with pytest.raises(ArgumentError):
        Readings.from_table(NAMES, X, Y, station=["A"], time=["2026-03-01"], value=[1.0, 2.0])
    with pytest.raises(ArgumentError):
        Readings.from_table(["A", "A"], X[:2], Y[:2], station=["A"], time=["2026-03-01"], value=[1.0])
    with pytest.raises(ArgumentError):
        Readings.from_table(NAMES, [0, 1, np.nan], Y, station=["A"], time=["2026-03-01"], value=[1.0])


def test_a_day_needs_eighteen_of_its_hours():
    column = np.arange(30.0)
    column[:6] = np.nan
    day = hours_of(column).running_mean().value[:, 0]
    assert np.isnan(day[:23]).all()
    assert day[23] == np.arange(6, 24).mean()
    column[6] = np.nan
    assert np.isnan(hours_of(column).running_mean().value[23, 0])


@pytest.mark.parametrize(("options", "argument"), [({"hours": 0}, "hours"), ({"share": 1.2}, "share")])
def test_a_senseless_day_is_refused(options, argument):
    with pytest.raises(ArgumentError) as error:
        hours_of(np.ones(30)).running_mean(**options)
    assert error.value.argument == argument


def test_the_first_hours_of_a_table_have_no_day_yet():
    day = hours_of(np.full(24, 20.0)).running_mean().value[:, 0]
    assert np.isnan(day[:17]).all()
    assert (day[17:] == 20).all()


@settings(max_examples=60, deadline=None)
@given(st.lists(st.one_of(st.none(), st.decimals(0, 500, places=1)), min_size=24, max_size=40))
def test_the_running_day_is_the_exact_decimal_mean(column):
    day = hours_of([np.nan if v is None else float(v) for v in column]).running_mean().value[-1, 0]
    exact = mean_of_hours(column)
    if exact is None:
        assert np.isnan(day)
        return
    assert day == pytest.approx(float(exact), abs=1e-9)
    scalar = thai_aqi_pm25(exact.quantize(Decimal("1e-9")))
    assert aqi_of(day).band == scalar.band


def test_a_mean_on_the_border_of_a_band_rounds_as_on_paper():
    hours = hours_of([15.0] * 12 + [15.1] * 12)
    day = hours.running_mean().value[-1, 0]
    assert day == 15.05
    assert aqi_of(day).band == 2


def test_a_moment_leaves_out_stations_without_a_value():
    found = hours_of([20.0] * 24)
    found.value[-1, 1] = np.nan
    with pytest.raises(ArgumentError) as error:
        found.at("2026-03-01T23")
    assert error.value.problem.code == "too_few_stations"
    with pytest.warns(UserWarning, match="same value"):
        lent = found.at("2026-03-01T23", max_age_h=2, error=1.0)
    assert lent.size == 3
    assert lent.left_out == {}
    assert lent.error.tolist() == [1.0] * 3


def test_hours_and_days_say_what_they_are():
    found = hours_of(np.arange(30.0) + 20)
    with pytest.warns(UserWarning, match="same value"):
        assert found.at("2026-03-01T23").hours == 1
    with pytest.warns(UserWarning, match="same value"):
        assert found.running_mean().at("2026-03-01T23").hours == 24


def test_a_value_older_than_allowed_is_not_lent():
    found = hours_of([20.0, 21.0, 22.0, 23.0])
    found.value[1:, 1] = np.nan
    with pytest.raises(ArgumentError):
        found.at("2026-03-01T03", max_age_h=2)
    with pytest.raises(ArgumentError, match="outside"):
        found.at("2026-03-01T05")


def test_the_newest_of_the_allowed_values_is_lent():
    found = hours_of([20.0, 21.0, 22.0, 23.0])
    found.value[2:, 1] = np.nan
    assert found.at("2026-03-01T03", max_age_h=3).value.tolist() == [23.0, 21.0, 23.0]


def test_every_day_takes_one_row_of_each():
    days = hours_of(np.arange(72.0)).every(24, start=23)
    assert days.hour.astype(str).tolist() == ["2026-03-01T23", "2026-03-02T23", "2026-03-03T23"]
    assert days.value[:, 0].tolist() == [23, 47, 71]
