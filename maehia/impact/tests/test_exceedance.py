"""How often an impact is reached: by events, and by years."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maehia.impact import ArgumentError, YearEvents, assess
from maehia.impact.exceedance import annual, exceedance_at, exceedance_curve
from maehia.impact.tests.cases import by_hand


def test_ten_events_of_once_in_1610_years_span_climadas_return_periods():
    # climada_python 6.1, engine/test/test_impact.py:267-291: periods 161 to 1610, impacts 0 to 3.715826406781887e9
    impacts = np.array([0, 4e8, 3.2e9, 3.715826406781887e9, 2.9e9, 7.8e8, 7e8, 3.8e8, 5.7e8, 4.7e8])
    periods, values = exceedance_curve(impacts, np.full(10, 6.211180124223603e-4))
    assert periods == pytest.approx(1610 / np.arange(10, 0, -1), rel=1e-12)
    assert (values[0], values[-1]) == (0.0, 3.715826406781887e9)
    assert values.tolist() == sorted(impacts.tolist())


def test_it_is_linear_in_the_return_period_and_nan_outside():
    values, frequency = np.array([10.0, 30.0, 20.0]), np.array([0.2, 0.1, 0.2])
    # falling: 30 at 10 years, 20 at 1/0.3, 10 at 2 years
    asked = exceedance_at(values, frequency, [1.99, 2.0, 1 / 0.3, (10 + 1 / 0.3) / 2, 10.0, 10.01])
    assert np.isnan(asked[[0, 5]]).all()
    assert asked[1:5] == pytest.approx([10, 20, 25, 30])


def test_events_of_frequency_0_have_no_part():
    with_scenario = exceedance_curve(np.array([5.0, 99.0, 1.0]), np.array([0.1, 0.0, 0.1]))
    without = exceedance_curve(np.array([5.0, 1.0]), np.array([0.1, 0.1]))
    assert [part.tolist() for part in with_scenario] == [part.tolist() for part in without]


def test_equal_impacts_stay_flat_between_their_points():
    asked = exceedance_at(np.array([7.0, 7.0, 1.0]), np.array([0.1, 0.1, 0.1]), [10.0, 7.5, 5.0])
    assert asked.tolist() == [7.0, 7.0, 7.0]


def test_a_wall_that_holds_back_the_frequent_floods_leaves_nothing_up_to_the_rarest_of_them():
    held = np.array([0.0, 0.0, 0.0, 8.0])  # floods of once in 2, 5 and 25 years stay outside; once in 100 does not
    frequency = np.array([0.3, 0.16, 0.03, 0.01])
    assert exceedance_at(held, frequency, [2.0, 5.0, 10.0, 25.0, 100.0]).tolist() == [0.0, 0.0, 0.0, 0.0, 8.0]


@given(st.permutations(range(6)), st.lists(st.sampled_from([0.0, 3.0, 9.0]), min_size=6, max_size=6))
def test_a_curve_does_not_depend_on_the_order_of_the_events(order, values):
    values, frequency = np.array(values), np.array([0.5, 0.25, 0.125, 0.0625, 0.0625, 0.03125])  # sums are exact
    turned = exceedance_curve(values[order], frequency[order])
    assert [part.tolist() for part in turned] == [part.tolist() for part in exceedance_curve(values, frequency)]


def test_no_events_answer_nan_and_one_event_one_period():
    assert np.isnan(exceedance_at(np.zeros(0), np.zeros(0), [10])).all()
    assert np.isnan(exceedance_at(np.ones(2), np.zeros(2), [10])).all()
    one = exceedance_at(np.array([3.0]), np.array([0.25]), [3.9, 4.0, 4.1])
    assert np.isnan(one).tolist() == [True, False, True]
    assert one[1] == 3.0


def test_a_return_period_is_above_0_and_may_be_one_number():
    with pytest.raises(ArgumentError, match=r"return_periods\[1\]: is not above 0"):
        exceedance_at(np.ones(1), np.ones(1), [5, 0])
    with pytest.raises(ArgumentError):
        exceedance_at(np.ones(1), np.ones(1), [np.nan])
    assert exceedance_at(np.array([3.0]), np.array([0.25]), 4.0) == 3.0


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32), st.integers(1, 30))
def test_the_curve_rises_and_runs_through_every_event(seed, events):
    rng = np.random.default_rng(seed)
    values, frequency = rng.integers(0, 9, events).astype(float), rng.random(events) + 0.01
    periods, rising = exceedance_curve(values, frequency)
    assert (np.diff(periods) > 0).all()
    assert (np.diff(rising) >= 0).all()
    for period, value in zip(periods, rising, strict=True):
        assert frequency[values > value].sum() <= (1 / period) * (1 + 1e-12)
        assert frequency[values >= value].sum() >= (1 / period) * (1 - 1e-12)
        assert exceedance_at(values, frequency, period) == value
    order = rng.permutation(events)
    again = exceedance_curve(values[order], frequency[order])
    assert again[1].tolist() == rising.tolist()


def test_a_year_has_the_sum_and_the_largest_of_its_events():
    table = YearEvents(year=np.array([0, 0, 3]), event=np.array([1, 0, 1]), years=4)
    found = annual(np.array([2.0, 4.0]), table)
    assert found.total.tolist() == [6.0, 0.0, 0.0, 4.0]
    assert found.largest.tolist() == [4.0, 0.0, 0.0, 4.0]
    assert found.aep([4.0, 2.0, 3.0]).tolist() == [6.0, 4.0, 5.0]
    assert found.oep([4.0, 2.0]).tolist() == [4.0, 4.0]
    assert np.isnan(found.aep([4.5, 0.9])).all()


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32), st.integers(0, 50), st.integers(1, 20))
def test_a_years_total_is_never_below_its_largest_event(seed, occurrences, years):
    rng = np.random.default_rng(seed)
    table = YearEvents(rng.integers(0, years, occurrences), rng.integers(0, 5, occurrences), years)
    found = annual(rng.random(5), table)
    asked = years / np.arange(1.0, years + 1)
    assert (found.aep(asked) >= found.oep(asked) - 1e-15).all()
    if occurrences and np.bincount(table.year).max() == 1:
        assert found.aep(asked).tolist() == found.oep(asked).tolist()


def test_an_impact_answers_by_years_too():
    case = by_hand()
    impact = assess(case.hazard, case.exposure, case.curves)
    years = impact.year_events(YearEvents([0, 0, 1], [0, 1, 0], 2))
    assert years.aep([2.0]).tolist() == [6.0]
    assert years.oep([2.0]).tolist() == [4.0]
    assert impact.exceedance([10.0]).tolist() == [4.0]
    assert impact.exceedance_curve()[1].tolist() == [2.0, 4.0]


@pytest.mark.parametrize(
    ("year", "event", "years", "where"),
    [
        ([0], [0], 1.5, "years: is 1.5, expected a whole number"),
        ([0, 2], [0, 0], 2, r"year\[1\]: is not one of 0 to 1"),
        ([0, -1], [0, 0], 2, r"year\[1\]"),
        ([0], [0, 1], 2, "event: has length 2"),
        ([0], [-1], 2, r"event\[0\]: is negative"),
        ([], [], 0, "years: is 0"),
    ],
)
def test_a_bad_table_of_years_is_refused(year, event, years, where):
    with pytest.raises(ArgumentError, match=where):
        YearEvents(np.array(year, int), np.array(event, int), years)


def test_an_event_that_the_hazard_does_not_have_is_refused():
    with pytest.raises(ArgumentError, match=r"event\[0\]: is not one of the 2 events"):
        annual(np.ones(2), YearEvents([0], [2], 1))
