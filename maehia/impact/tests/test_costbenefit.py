"""Benefit and cost: the closed forms of the textbook, and honest edges."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from maehia.impact import ArgumentError
from maehia.impact.costbenefit import Appraisal, Cost, appraise, discount_factors, yearly

rates = st.floats(0.001, 0.2)
horizons = st.integers(1, 80)


# --- discounting


def test_factors_of_five_per_cent():
    assert discount_factors(0.05, 2) == pytest.approx([1, 1 / 1.05, 1 / 1.05**2])


@given(rate=rates, years=horizons)
def test_an_annuity_has_its_closed_form(rate, years):
    value = appraise(Cost(0), 100.0, years=years, rate=rate).present_benefits
    assert value == pytest.approx(100 * (1 - (1 + rate) ** -years) / rate, rel=1e-12)


@given(rate=rates, years=horizons, growth=st.floats(-0.1, 0.15))
def test_a_growing_annuity_has_its_closed_form(rate, years, growth):
    assume(abs(rate - growth) > 1e-4)
    then = 100 * (1 + growth) ** years
    value = appraise(Cost(0), 100.0, averted_then=then, years=years, rate=rate, growth="exponential").present_benefits
    q = (1 + growth) / (1 + rate)
    assert value == pytest.approx(100 * q * (1 - q**years) / (1 - q), rel=1e-9)


@given(rate=rates, years=horizons, slope=st.floats(-1, 5))
def test_a_rising_line_has_its_closed_form(rate, years, slope):
    value = appraise(Cost(0), 100.0, averted_then=100 + slope * years, years=years, rate=rate).present_benefits
    annuity = (1 - (1 + rate) ** -years) / rate
    gradient = (1 + rate) * annuity / rate - years * (1 + rate) ** -years / rate
    assert value == pytest.approx(100 * annuity + slope * gradient, rel=1e-7)


def test_a_series_of_rates_multiplies_up():
    assert discount_factors([0.1, 0.0, -0.5], 3) == pytest.approx([1, 1 / 1.1, 1 / 1.1, 2 / 1.1])


@given(rate=rates, years=horizons)
def test_one_rate_is_a_series_of_the_same(rate, years):
    assert np.array_equal(discount_factors(rate, years), discount_factors([rate] * years, years))


@pytest.mark.parametrize("rate", [-1.0, np.nan, [0.1, 0.1], [0.1, np.inf, 0.1], [[0.1, 0.1, 0.1]]])
def test_a_rate_that_is_none_is_refused(rate):
    with pytest.raises(ArgumentError, match="rate"):
        discount_factors(rate, 3)


@pytest.mark.parametrize("years", [0, -1, 1.5, np.nan, np.inf])
def test_a_horizon_is_whole_years(years):
    with pytest.raises(ArgumentError, match="years"):
        discount_factors(0.1, years)


# --- between today and then


def test_a_line_and_a_ratio_meet_both_ends_and_stay_there():
    assert yearly(10, 20, 4, 6).tolist() == [12.5, 15, 17.5, 20, 20, 20]
    assert yearly(10, 40, 2, 4, "exponential") == pytest.approx([20, 40, 40, 40])


@given(present=st.floats(1, 1e6), future=st.floats(1, 1e6), years=horizons)
def test_a_ratio_never_lies_above_the_line(present, future, years):
    line, ratio = (yearly(present, future, years, years, growth) for growth in ("linear", "exponential"))
    assert (ratio <= line * (1 + 1e-12)).all()
    assert line[-1] == pytest.approx(future)
    assert ratio[-1] == pytest.approx(future)


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        ((0, 5, 3, 3, "exponential"), "both must be above 0"),
        ((5, -5, 3, 3, "exponential"), "both must be above 0"),
        ((5, 5, 0, 3), "reached"),
        ((5, 5, np.nan, 3), "reached"),
        ((5, 5, 3, 3, "cubic"), "'cubic'"),
        ((np.nan, 5, 3, 3), "present"),
        ((5, np.inf, 3, 3), "future"),
    ],
)
def test_a_path_that_cannot_be_is_refused(arguments, text):
    with pytest.raises(ArgumentError, match=text):
        yearly(*arguments)


# --- costs


def test_capital_comes_first_upkeep_after_and_capital_again_when_worn():
    assert Cost(100, 5).by_year(3).tolist() == [100, 5, 5, 5]
    assert Cost(100, 5, life=2).by_year(5).tolist() == [100, 5, 105, 5, 105, 5]
    assert Cost(100, 5, life=2).by_year(4).tolist() == [100, 5, 105, 5, 5]


@pytest.mark.parametrize(
    ("arguments", "name"),
    [((-1,), "capital"), ((1, np.nan), "maintenance"), ((1, 0, 0), "life"), ((1, 0, 2.5), "life"),
     ((1, 0, 5, ""), "unit")],
)  # fmt: skip
def test_a_cost_that_is_none_is_refused(arguments, name):
    with pytest.raises(ArgumentError, match=name):
        Cost(*arguments)


def test_costs_of_two_moneys_do_not_add():
    assert Cost(1, 2) + Cost(3, 4) == Cost(4, 6)
    with pytest.raises(ArgumentError, match="cannot be added"):
        Cost(1) + Cost(1, unit="EUR")


# --- appraisals


def test_a_levee_by_hand():
    levee = appraise(Cost(1000, 10), 120, years=20, rate=0.05)
    annuity = (1 - 1.05**-20) / 0.05
    assert levee.npv == pytest.approx(110 * annuity - 1000)
    assert levee.bcr == pytest.approx(120 * annuity / (1000 + 10 * annuity))
    assert levee.unit == "THB"
    assert levee.payback_year == 13
    assert levee.running[12] < 0 <= levee.running[13]


@given(capital=st.floats(0, 1e6), upkeep=st.floats(0, 1e4), averted=st.floats(0, 1e5), rate=rates, years=horizons)
def test_npv_bcr_and_payback_tell_one_story(capital, upkeep, averted, rate, years):
    it = appraise(Cost(capital, upkeep), averted, years=years, rate=rate)
    assert it.npv == pytest.approx(it.running[-1], rel=1e-9, abs=1e-6)
    if it.present_costs > 0 and abs(it.npv) > 1e-6 * it.present_costs:
        assert (it.npv > 0) == (it.bcr > 1)
    if it.payback_year is None:
        assert it.npv < 0


@given(averted=st.floats(1, 1e4), rate=rates, more=st.floats(0.001, 0.1), years=horizons)
def test_a_higher_rate_or_cost_never_pays_better(averted, rate, more, years):
    here = appraise(Cost(500), averted, years=years, rate=rate)
    dear = appraise(Cost(600), averted, years=years, rate=rate)
    late = appraise(Cost(500), averted, years=years, rate=rate + more)
    assert dear.npv < here.npv
    assert late.npv < here.npv
    assert (late.payback_year or 99) >= (here.payback_year or 99)


def test_payback_exactly_at_the_last_year_counts():
    assert appraise(Cost(30), 10, years=3, rate=0).payback_year == 3
    assert appraise(Cost(30.01), 10, years=3, rate=0).payback_year is None


def test_payback_without_rounding_trouble():
    assert appraise(Cost(0.3), 0.1, years=3, rate=0).payback_year == 3


def test_free_and_useless_measures_have_no_false_ratio():
    free = appraise(Cost(0), 10, years=5, rate=0.1)
    assert (free.bcr, free.payback_year, free.cost_of_one) == (np.inf, 0, 0)
    useless = appraise(Cost(10), 0, years=5, rate=0.1)
    assert (useless.bcr, useless.payback_year, useless.cost_of_one) == (0, None, np.inf)
    assert np.isnan(appraise(Cost(0), 0, years=5, rate=0.1).bcr)


def test_a_harmful_measure_is_worth_less_than_nothing():
    harm = appraise(Cost(10), -5, years=5, rate=0.0)
    assert (harm.npv, harm.bcr, harm.payback_year) == (-35, -2.5, None)


def test_people_have_a_cost_and_no_price():
    people = appraise(Cost(1000, 0), 20, years=10, rate=0.0)
    assert people.cost_of_one == pytest.approx(5.0)


def test_benefits_begin_at_the_end_of_the_first_year():
    one = appraise(Cost(7), 3, years=2, rate=0.1)
    assert isinstance(one, Appraisal)
    assert one.benefits.tolist() == [0, 3, 3]
    assert one.costs.tolist() == [7, 0, 0]


def test_the_future_is_reached_when_said():
    soon = appraise(Cost(0), 10, averted_then=20, reached=5, years=10, rate=0)
    assert soon.benefits.tolist() == [0, 12, 14, 16, 18, 20, 20, 20, 20, 20, 20]
    late = appraise(Cost(0), 10, averted_then=20, years=10, rate=0)
    assert late.present_benefits < soon.present_benefits


@given(
    capital=st.floats(0, 1e6), upkeep=st.floats(0, 1e4), life=st.integers(1, 30), now=st.floats(0, 1e5),
    then=st.floats(0, 1e5), years=horizons, data=st.data(),
)  # fmt: skip
def test_an_appraisal_is_its_years_one_by_one(capital, upkeep, life, now, then, years, data):
    series = data.draw(st.lists(st.floats(-0.05, 0.2), min_size=years, max_size=years))
    reached = data.draw(st.integers(1, years))
    it = appraise(Cost(capital, upkeep, life), now, averted_then=then, reached=reached, years=years, rate=series)
    worth, benefits, costs = 1.0, 0.0, capital
    for year, rate in enumerate(series, start=1):
        worth /= 1 + rate
        part = min(year / reached, 1.0)
        benefits += worth * (now + part * (then - now))
        costs += worth * (upkeep + (capital if year % life == 0 and year < years else 0.0))
    assert it.present_benefits == pytest.approx(benefits, rel=1e-9, abs=1e-6)
    assert it.present_costs == pytest.approx(costs, rel=1e-9, abs=1e-6)
    assert it.npv == pytest.approx(benefits - costs, rel=1e-9, abs=1e-3)


@pytest.mark.parametrize(
    ("more", "text"),
    [
        ({"averted": np.nan}, "averted: is nan"),
        ({"averted_then": np.inf}, "averted_then: is inf"),
        ({"growth": "cubic"}, "growth: is 'cubic'"),
    ],
)
def test_an_appraisal_names_its_own_arguments(more, text):
    with pytest.raises(ArgumentError, match=text):
        appraise(Cost(1.0), **{"averted": 1.0, "years": 3, "rate": 0.1, **more})
