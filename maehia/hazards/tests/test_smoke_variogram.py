"""Variograms: given, fitted, and honest about what the data did not say."""

import gstools as gs
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maehia.hazards.smoke import PRIOR, Variogram, fit_variogram
from maehia.hazards.smoke.variogram import _seen
from maehia.impact import ArgumentError

from .smoke_fields import air, scattered

PLAIN = Variogram(5000.0, 100.0, 4.0, log=False)


@pytest.mark.parametrize("kind", ["exponential", "spherical", "matern"])
def test_the_range_is_where_95_percent_of_the_sill_is_reached(kind):
    one = Variogram(4000.0, 0.2, 0.03, kind)
    assert one.gamma(np.array([4000.0]))[0] == pytest.approx(0.03 + 0.95 * 0.2, rel=1e-4)
    assert one.covariance(np.array([0.0]))[0] == pytest.approx(0.2)


def test_the_exponential_is_the_textbook_formula():
    h = np.linspace(1, 20_000, 50)
    expected = 0.01 + 0.09 * (1 - np.exp(-h * -np.log(0.05) / 10_000))
    np.testing.assert_allclose(PRIOR.gamma(h), expected, rtol=1e-6)
    assert isinstance(PRIOR.model, gs.Exponential)


@pytest.mark.parametrize(
    ("argument", "value"),
    [("range_m", 0.0), ("range_m", np.nan), ("sill", -1.0), ("sill", 0.0), ("nugget", -0.1), ("nugget", np.inf),
     ("kind", "cubic")],
)  # fmt: skip
def test_a_variogram_that_is_none_is_refused(argument, value):
    good = {"range_m": 1000.0, "sill": 1.0, "nugget": 0.0, "kind": "exponential", argument: value}
    with pytest.raises(ArgumentError) as error:
        Variogram(**good)
    assert error.value.argument == argument


@given(st.floats(1, 500), st.floats(0, 1))
@settings(max_examples=100, deadline=None)
def test_the_logarithm_comes_back_as_the_mean_of_a_lognormal(median, variance):
    work = PRIOR.forward(np.array([median]))
    mean, std = PRIOR.back(work, np.array([variance]))
    assert mean[0] == pytest.approx(median * np.exp(variance / 2))
    assert std[0] ** 2 == pytest.approx(mean[0] ** 2 * (np.exp(variance) - 1), abs=1e-9)


def test_bias_correction_meets_the_mean_of_a_big_sample_and_the_median_does_not():
    sample = np.exp(np.random.default_rng(3).normal(3.5, 0.6, 400_000))
    corrected = PRIOR.back(np.array([3.5]), np.array([0.36]))[0][0]
    assert corrected == pytest.approx(sample.mean(), rel=0.005)
    assert np.exp(3.5) < 0.9 * sample.mean()


def test_quantiles_hold_their_share():
    sample = np.exp(np.random.default_rng(4).normal(3.0, 0.5, 200_000))
    at = PRIOR.quantile(np.array([3.0]), np.array([0.25]), 0.95)[0]
    assert (sample <= at).mean() == pytest.approx(0.95, abs=0.003)


def test_the_plain_scale_never_goes_below_zero():
    mean, std = PLAIN.back(np.array([-3.0, 7.0]), np.array([4.0, 4.0]))
    assert mean.tolist() == [0.0, 7.0]
    assert std.tolist() == [2.0, 2.0]
    assert PLAIN.quantile(np.array([1.0]), np.array([4.0]), 0.05)[0] == 0.0


def test_values_under_the_sensors_floor_count_as_the_floor():
    assert PRIOR.forward(np.array([0.0, 0.5, 1.0])).tolist() == [0.0, 0.0, 0.0]
    assert PRIOR.forward_error(np.array([2.0]), np.array([0.0]))[0] == 2.0
    assert PRIOR.forward_error(np.array([2.0]), np.array([40.0]))[0] == pytest.approx(0.05)


def test_a_long_history_recovers_the_variogram():
    dice = np.random.default_rng(11)
    truth = Variogram(6000.0, 0.2, 0.02)
    points = scattered(dice, 20)
    points[14:] = points[:6] + 100.0  # pairs a street apart: without them the nugget is a guess
    history = air(dice, points, truth, 400) * np.exp(0.02**0.5 * dice.standard_normal((400, 20)))
    fit = fit_variogram(points[:, 0], points[:, 1], history, rows_alike=1)
    assert fit.variogram.range_m == pytest.approx(6000, rel=0.25)
    assert fit.variogram.sill == pytest.approx(0.2, rel=0.15)
    assert fit.variogram.nugget == pytest.approx(0.02, rel=0.25)
    assert min(fit.learned.values()) > 0.6
    assert fit.moments == 400


def test_the_logarithm_of_few_pictures_is_freed_of_its_bias():
    dice = np.random.default_rng(21)
    for pictures in (5, 20):
        half_squares = (dice.standard_normal((40_000, pictures)) ** 2).mean(axis=1) * 0.3
        seen = _seen(np.ones(40_000), half_squares, np.full(40_000, pictures), 10, 1e-9)
        assert seen.log.mean() == pytest.approx(np.log(0.3), abs=0.02)


def test_the_pairs_of_many_stations_are_not_counted_as_independent():
    """A picture of S stations holds S - 1 differences; its S(S - 1)/2 pairs together must not weigh more than S."""
    for stations in (3, 12, 40):
        pairs = stations * (stations - 1) // 2
        seen = _seen(np.ones(pairs), np.ones(pairs), np.full(pairs, 10.0), stations, 1e-9)
        assert (seen.weight**2).sum() == pytest.approx(10 * (stations - 1) / 2)


def test_one_day_of_few_stations_leaves_the_prior_nearly_alone():
    dice = np.random.default_rng(12)
    points = scattered(dice, 4)
    fit = fit_variogram(points[:, 0], points[:, 1], air(dice, points, PRIOR, 1), rows_alike=1)
    assert max(fit.learned.values()) < 0.4
    assert 0.3 < fit.variogram.range_m / PRIOR.range_m < 3


def test_hours_that_show_one_weather_teach_less_than_days():
    dice = np.random.default_rng(13)
    points = scattered(dice, 8)
    history = air(dice, points, PRIOR, 48)
    days, hours = (fit_variogram(points[:, 0], points[:, 1], history, rows_alike=n) for n in (1, 24))
    assert all(days.learned[name] > hours.learned[name] for name in ("sill", "nugget"))


def test_a_nugget_of_zero_stays_zero():
    dice = np.random.default_rng(14)
    points = scattered(dice, 6)
    prior = Variogram(9000.0, 0.1)
    fit = fit_variogram(points[:, 0], points[:, 1], air(dice, points, prior, 30), prior=prior)
    assert fit.variogram.nugget == 0.0
    assert set(fit.learned) == {"range_m", "sill"}


def test_gaps_in_the_history_are_passed_over():
    dice = np.random.default_rng(15)
    points = scattered(dice, 6)
    history = air(dice, points, PRIOR, 60)
    history[::3, 2] = np.nan
    fit = fit_variogram(points[:, 0], points[:, 1], history)
    assert sorted(set(fit.rows.tolist())) == [40.0, 60.0]
    assert np.isfinite(fit.semivariance).all()


def test_semivariances_are_half_the_mean_square_by_hand():
    history = np.exp(np.array([[1.0, 2.0, 1.0], [3.0, 3.5, 3.0], [2.0, np.nan, 2.5]]))
    fit = fit_variogram(np.array([0, 1000, 5000.0]), np.zeros(3), history)
    assert fit.distance.tolist() == [1000, 5000, 4000]
    np.testing.assert_allclose(fit.semivariance, [(1 + 0.25) / 4, (0 + 0 + 0.25) / 6, (1 + 0.25) / 4])
    assert fit.rows.tolist() == [2, 3, 2]


@pytest.mark.parametrize("history", [np.full((20, 3), 30.0), np.full((20, 3), np.nan)])
def test_a_history_that_never_differs_is_refused(history):
    with pytest.raises(ArgumentError) as error:
        fit_variogram(np.array([0, 1000, 2000.0]), np.zeros(3), history)
    assert error.value.problem.code == "no_variation"


def test_a_history_of_other_stations_is_refused():
    with pytest.raises(ArgumentError):
        fit_variogram(np.zeros(3), np.arange(3.0), np.ones((5, 4)))
