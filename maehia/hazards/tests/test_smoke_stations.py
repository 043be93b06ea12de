"""Stations of one moment: what is refused, merged, left out and marked."""

import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maehia.hazards.smoke import SmokeWarning, Stations
from maehia.hazards.smoke.stations import suspects
from maehia.impact import ArgumentError

X, Y, PM = [0.0, 3000.0, 0.0, 2500.0], [0.0, 0.0, 3000.0, 2600.0], [40.0, 44.0, 38.0, 41.0]


def test_good_stations_keep_their_values_and_names():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = Stations.of(X, Y, PM, error=2.0, name=["a", "b", "c", "d"])
    assert found.value.tolist() == PM
    assert found.name == ("a", "b", "c", "d")
    assert found.error.tolist() == [2.0] * 4
    assert not found.suspect.any()
    assert found.left_out == {}
    assert found.hours is None


@pytest.mark.parametrize(
    ("argument", "bad", "index"),
    [("x", [0.0, np.nan, 0.0, 1.0], 1), ("y", [0.0, 0.0, np.inf, 1.0], 2), ("value", [40.0, 44.0, 38.0, np.nan], 3),
     ("value", [40.0, -1.0, 38.0, 41.0], 1), ("error", [0.0, 0.0, -2.0, 0.0], 2)],
)  # fmt: skip
def test_a_bad_number_is_refused_with_its_place(argument, bad, index):
    given_ = {"x": X, "y": Y, "value": PM, "error": None, argument: bad}
    with pytest.raises(ArgumentError) as error:
        Stations.of(**given_)
    assert (error.value.argument, error.value.index) == (argument, index)


def test_the_place_of_a_bad_value_counts_the_readings_left_out_before_it():
    with pytest.raises(ArgumentError) as error:
        Stations.of([*X, 5.0], [*Y, 5.0], [np.nan, 44.0, 38.0, -1.0, 40.0], missing="skip")
    assert error.value.index == 3


def test_a_station_listed_twice_is_refused():
    with pytest.raises(ArgumentError, match="listed twice") as error:
        Stations.of(X, Y, PM, name=["a", "b", "a", "d"])
    assert error.value.problem.code == "station_duplicate"
    assert error.value.index == 2


@pytest.mark.parametrize("size", [0, 1, 2])
def test_fewer_than_three_stations_make_no_field(size):
    with pytest.raises(ArgumentError) as error:
        Stations.of(X[:size], Y[:size], PM[:size])
    assert error.value.problem.code == "too_few_stations"


def test_columns_of_unequal_length_are_refused():
    with pytest.raises(ArgumentError):
        Stations.of(X, Y, PM[:3])
    with pytest.raises(ArgumentError):
        Stations.of(X, Y, PM, name=["a"])
    with pytest.raises(ArgumentError):
        Stations.of(X, Y, PM, quality=["good"])
    with pytest.raises(ArgumentError):
        Stations.of(X, Y, PM, time=["2026-03-01"], now="2026-03-01")


def test_missing_values_are_skipped_only_when_asked_and_counted():
    found = Stations.of([*X, 9000.0], [*Y, 0.0], [*PM, np.nan], missing="skip")
    assert found.size == 4
    assert found.left_out == {"missing": 1}


def test_sensors_at_one_place_become_their_mean_with_an_error():
    found = Stations.of([*X, 0.4], [*Y, 0.3], [*PM, 46.0], name=list("abcde"))
    assert found.size == 4
    assert found.name[0] == "a+e"
    assert found.value[0] == 43.0
    assert found.error[0] == pytest.approx(np.std([40, 46], ddof=1) / np.sqrt(2))
    assert found.sensors.tolist() == [2, 1, 1, 1]


def test_equal_sensors_at_one_place_keep_the_error_they_came_with():
    found = Stations.of([*X, 0.0], [*Y, 0.0], [*PM, 40.0], error=4.0)
    assert found.error[0] == pytest.approx(4 / np.sqrt(2))
    assert found.error[1] == 4.0


def test_three_sensors_at_one_place_are_one_station():
    with pytest.raises(ArgumentError) as error:
        Stations.of([0, 0, 0], [0, 0, 0], [30.0, 31.0, 32.0])
    assert error.value.problem.code == "too_few_stations"


def test_stale_and_future_readings_are_left_out():
    times = ["2026-03-01T07:00", "2026-03-01T06:00", "2026-03-01T03:00", "2026-03-01T07:30"]
    found = Stations.of(
        [*X, 500.0], [*Y, 900.0], [*PM, 40.0], time=[*times, "2026-03-01T09:00"], now="2026-03-01T08:00"
    )
    assert found.left_out == {"stale": 2}
    assert found.size == 3


def test_ages_need_a_now_from_the_caller():
    with pytest.raises(ArgumentError) as error:
        Stations.of(X, Y, PM, time=["2026-03-01T07:00"] * 4)
    assert error.value.argument == "now"


def test_a_reading_without_a_time_is_stale():
    found = Stations.of(X, Y, PM, time=["2026-03-01T07:00"] * 3 + ["NaT"], now="2026-03-01T08:00")
    assert found.left_out == {"stale": 1}


def test_only_readings_graded_good_are_used():
    grades = ["good", "stuck", "good", "good"]
    assert Stations.of(X, Y, PM, quality=grades).left_out == {"quality": 1}


def test_a_far_value_is_marked_and_kept():
    with pytest.warns(SmokeWarning, match="d"):
        found = Stations.of(X, Y, [40.0, 44.0, 38.0, 400.0], name=list("abcd"))
    assert found.suspect.tolist() == [False, False, False, True]
    assert found.size == 4
    with pytest.warns(SmokeWarning):
        same = Stations.of([*X, 800.0], [*Y, 900.0], [40.0, 44.0, 38.0, 400.0, 41.0])
    assert same.without(same.suspect).size == 4
    assert same.without(same.suspect).left_out == {"dropped": 1}


def test_dropping_below_three_is_refused():
    found = Stations.of(X, Y, PM)
    with pytest.raises(ArgumentError):
        found.without([True, True, False, False])


def test_stations_that_agree_do_not_make_a_small_difference_suspect():
    assert not suspects(np.array([20.0, 20.0, 20.0, 28.0])).any()
    assert not suspects(np.array([2.0, 2.0, 2.0, 6.0])).any()
    assert suspects(np.array([20.0, 20.0, 20.0, 60.0])).tolist() == [False, False, False, True]


def test_stations_on_one_line_are_used_with_a_warning():
    with pytest.warns(SmokeWarning, match="one line"):
        found = Stations.of([0, 1000, 2000], [0, 10, 0], [30.0, 35.0, 32.0])
    assert found.on_a_line


def test_equal_readings_are_used_with_a_warning():
    with pytest.warns(SmokeWarning, match="same value"):
        assert Stations.of(X, Y, [30.0] * 4).value.tolist() == [30.0] * 4


@settings(max_examples=50, deadline=None)
@given(st.permutations(range(6)), st.floats(-1e6, 1e6), st.floats(-1e6, 1e6))
def test_order_and_place_of_the_map_change_no_value(order, east, north):
    x, y = np.array([0, 900, 400, 1500, 1500.2, 2000.0]), np.array([0, 100, 900, 500, 500.1, 1700.0])
    value = np.array([30, 31, 29, 35, 39, 33.0])
    order = np.array(order)
    plain = Stations.of(x, y, value)
    moved = Stations.of(x[order] + east, y[order] + north, value[order])
    assert sorted(moved.value.tolist()) == sorted(plain.value.tolist())
    assert moved.size == 5
