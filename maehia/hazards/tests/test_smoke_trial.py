"""Leaving stations out: the quick way equals the long way, and the best is picked honestly."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maehia.hazards.smoke import Stations, Trial, Variogram, cross_validate, idw, krige
from maehia.hazards.smoke.methods import Drift
from maehia.impact import ArgumentError

from .smoke_fields import NOISY, TRUTH, air, network, scattered

pytestmark = pytest.mark.filterwarnings("ignore:Far from the median")


def without(stations, at):
    keep = np.arange(stations.size) != at
    return Stations.of(stations.x[keep], stations.y[keep], stations.value[keep], error=stations.error[keep])


@pytest.mark.parametrize("variogram", [TRUTH, NOISY, Variogram(6000.0, 200.0, 9.0, "spherical", log=False)])
@pytest.mark.parametrize("error", [0.0, 2.5])
def test_leave_one_out_equals_brute_force(variogram, error):
    plain = network(count=9)
    stations = Stations.of(plain.x, plain.y, plain.value, error=error)
    trial = cross_validate(stations.x, stations.y, stations.value, variogram, error=stations.error)
    for at in range(stations.size):
        others, here = without(stations, at), (stations.x[[at]], stations.y[[at]])
        mean, variance = krige(others, variogram, *here)
        own = variogram.forward_error(stations.error, stations.value)[at] ** 2 + variogram.nugget
        assert trial.foretold["kriging"][0, at] == pytest.approx(variogram.back(mean, variance + own)[0][0], rel=1e-6)
        high = variogram.quantile(mean, variance + own, 0.95)[0]
        assert trial.high[0, at] == pytest.approx(high, rel=1e-6)
        assert trial.foretold["idw"][0, at] == pytest.approx(idw(others, *here)[0], rel=1e-9)
        assert trial.foretold["mean"][0, at] == pytest.approx(others.value.mean(), rel=1e-12)


def test_leave_one_out_with_a_drift_equals_brute_force():
    stations = network(count=9)
    height = np.linspace(300, 700, 9) ** 1.2
    trial = cross_validate(stations.x, stations.y, stations.value, NOISY, drift=height)
    for at in range(9):
        keep = np.arange(9) != at
        drift = Drift.of(height[keep], height[[at]], 8, 1)
        mean, variance = krige(without(stations, at), NOISY, stations.x[[at]], stations.y[[at]], drift)
        expected = NOISY.back(mean, variance + NOISY.nugget)[0][0]
        assert trial.foretold["kriging"][0, at] == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize("error", [0.0, 4.0])
def test_a_history_with_gaps_is_each_moment_alone(error):
    dice = np.random.default_rng(3)
    points = scattered(dice, 7)
    history = air(dice, points, TRUTH, 6)
    history[1, 2] = history[4, 0] = history[4, 5] = np.nan
    history[5, :5] = np.nan
    trial = cross_validate(*points.T, history, NOISY, error=error)
    assert np.isnan(trial.foretold["kriging"][5]).all()
    for row in range(5):
        here = np.isfinite(history[row])
        alone = cross_validate(*points[here].T, history[row, here], NOISY, error=error)
        for name in ("mean", "idw", "kriging"):
            np.testing.assert_allclose(trial.foretold[name][row, here], alone.foretold[name][0], rtol=1e-9)
            assert np.isnan(trial.foretold[name][row, ~here]).all()
    assert trial.scores["idw"].folds == 5 * 7 - 3


def test_scores_are_their_definitions():
    stations = network(count=8)
    trial = cross_validate(stations.x, stations.y, stations.value, NOISY)
    off = trial.foretold["idw"][0] - stations.value
    score, plain = trial.scores["idw"], trial.foretold["mean"][0] - stations.value
    assert score.mae == pytest.approx(np.abs(off).mean())
    assert score.rmse == pytest.approx(np.sqrt((off**2).mean()))
    assert score.bias == pytest.approx(off.mean())
    assert score.skill == pytest.approx(1 - (off**2).mean() / (plain**2).mean())
    assert np.isnan(score.coverage)
    assert trial.scores["mean"].skill == 0
    inside = (trial.low <= stations.value) & (stations.value <= trial.high)
    assert trial.scores["kriging"].coverage == inside.mean()


@pytest.mark.parametrize("truth", [TRUTH, NOISY, Variogram(8000.0, 150.0, 6.0, log=False)])
def test_ninety_percent_intervals_hold_about_ninety_percent(truth):
    shares = []
    for seed in range(12):
        dice = np.random.default_rng(seed)
        points = scattered(dice, 12)
        noise = truth.nugget**0.5 * dice.standard_normal((20, 12))
        clean = air(dice, points, truth, 20, level=120.0)
        history = clean * np.exp(noise) if truth.log else clean + noise
        shares.append(cross_validate(*points.T, history, truth).scores["kriging"].coverage)
    assert 0.86 < np.mean(shares) < 0.94
    assert min(shares) > 0.80
    assert max(shares) < 0.97


def test_kriging_is_picked_where_its_variogram_is_true():
    dice = np.random.default_rng(1)
    points = scattered(dice, 15)
    trial = cross_validate(*points.T, air(dice, points, TRUTH, 40), TRUTH)
    assert trial.best() == "kriging"
    assert trial.scores["kriging"].skill > trial.scores["idw"].skill > 0.2
    assert "Kriging foretells" in trial.reason()


def test_idw_is_picked_and_named_where_kriging_was_told_a_wrong_variogram():
    dice = np.random.default_rng(2)
    points = scattered(dice, 15)
    wrong = Variogram(range_m=300.0, sill=0.16, nugget=0.3)
    trial = cross_validate(*points.T, air(dice, points, TRUTH, 40), wrong)
    assert trial.best() == "idw"
    assert "IDW foretells a left-out station best" in trial.reason()


def test_the_plain_mean_is_picked_where_stations_know_nothing_of_each_other():
    dice = np.random.default_rng(4)
    points = scattered(dice, 10)
    noise = 40 * np.exp(0.3 * dice.standard_normal((60, 10)))
    trial = cross_validate(*points.T, noise, Variogram(9000.0, 0.09, 0.01))
    assert trial.best() == "mean"
    assert trial.scores["kriging"].skill < 0
    assert trial.reason().startswith("Plain mean")


@pytest.mark.parametrize(("kriging", "best"), [(9.95, "idw"), (9.85, "kriging"), (10.4, "idw")])
def test_less_than_a_hundredth_better_is_not_better(kriging, best):
    read = np.full((1, 8), 50.0)
    errors = {"mean": 12.0, "idw": 10.0, "kriging": kriging}
    foretold = {name: read + error * np.array([1, -1] * 4) for name, error in errors.items()}
    assert Trial(read, foretold, read - 20, read + 20).best() == best


def test_a_tie_goes_to_the_plainer_method():
    trial = cross_validate([0, 1000, 0, 1000], [0, 0, 1000, 1000], [30.0] * 4, TRUTH)
    assert trial.best() == "mean"
    assert trial.scores["kriging"].skill == 0.0


def test_the_shift_of_all_stations_changes_no_score():
    stations = network()
    trials = [cross_validate(stations.x + d, stations.y - d, stations.value, NOISY) for d in (0.0, 2e6)]
    assert trials[0].scores["kriging"].rmse == pytest.approx(trials[1].scores["kriging"].rmse, rel=1e-6)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 300), st.integers(3, 9))
def test_the_interval_holds_the_forecast_and_scores_are_finite(seed, count):
    stations = network(seed, count)
    trial = cross_validate(stations.x, stations.y, stations.value, NOISY)
    assert (trial.low <= trial.foretold["kriging"]).all()
    assert (trial.foretold["kriging"] <= trial.high).all()
    assert np.isfinite([score.rmse for score in trial.scores.values()]).all()


def test_two_stations_are_no_trial():
    with pytest.raises(ArgumentError) as error:
        cross_validate([0, 1000], [0, 0], [30.0, 40.0], TRUTH)
    assert error.value.problem.code == "too_few_stations"


def test_values_of_other_stations_are_refused():
    with pytest.raises(ArgumentError):
        cross_validate([0, 1000, 2000], [0, 0, 1], [[30.0, 40.0]], TRUTH)


def test_zero_readings_are_inside_an_interval_that_reaches_the_floor():
    trial = cross_validate([0, 1000, 0, 900], [0, 0, 1000, 900], [0.0, 1.2, 1.1, 1.5], NOISY)
    assert trial.low[0, 0] == 0.0
    assert trial.scores["kriging"].coverage == 1.0
