"""IDW and kriging at points: exact where they must be, blind to order and place."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.distance import cdist

from maehia.hazards.smoke import Stations, Variogram, idw, krige
from maehia.hazards.smoke.methods import Drift
from maehia.impact import ArgumentError

from .smoke_fields import NOISY, TRUTH, air, network, scattered

# Random air has far values now and then; that they are warned of is tested with the stations.
pytestmark = pytest.mark.filterwarnings("ignore:Far from the median")


def textbook_idw(stations, x, y, power):
    distance = np.hypot(stations.x - x, stations.y - y)
    weight = 1 / distance**power
    return (weight * stations.value).sum() / weight.sum()


@pytest.mark.parametrize("power", [0.5, 1.0, 2.0, 3.7])
def test_idw_is_shepards_formula(power):
    stations = network()
    x, y = np.array([100.0, 5000.0, 20_000.0]), np.array([9000.0, 4321.0, -7000.0])
    expected = [textbook_idw(stations, *at, power) for at in zip(x, y, strict=True)]
    np.testing.assert_allclose(idw(stations, x, y, power=power), expected, rtol=1e-12)


@pytest.mark.parametrize("neighbours", [None, 1, 3, 50])
def test_idw_is_exact_at_stations(neighbours):
    stations = network()
    at_home = idw(stations, stations.x, stations.y, neighbours=neighbours)
    np.testing.assert_array_equal(at_home, stations.value)


def test_a_high_power_a_hair_from_a_station_does_not_overflow():
    stations = network()
    near = idw(stations, stations.x[:1] + 1e-9, stations.y[:1], power=60.0)
    assert near[0] == pytest.approx(stations.value[0])


def test_one_neighbour_is_the_nearest_station():
    stations = network()
    x, y = scattered(np.random.default_rng(1), 40).T
    nearest = cdist(np.column_stack([x, y]), stations.points).argmin(axis=1)
    np.testing.assert_array_equal(idw(stations, x, y, neighbours=1), stations.value[nearest])


def test_neighbours_give_what_the_nearest_alone_would():
    stations = network()
    at = np.array([[6000.0, 6000.0]])
    order = cdist(at, stations.points)[0].argsort()[:4]
    some = Stations.of(stations.x[order], stations.y[order], stations.value[order])
    assert idw(stations, at[:, 0], at[:, 1], neighbours=4)[0] == pytest.approx(idw(some, at[:, 0], at[:, 1])[0])


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 1000), st.floats(0.3, 6))
def test_idw_stays_between_the_extremes(seed, power):
    stations = network(seed)
    x, y = scattered(np.random.default_rng(seed), 30, 40_000).T
    found = idw(stations, x, y, power=power)
    assert found.min() >= stations.value.min() - 1e-9
    assert found.max() <= stations.value.max() + 1e-9


@pytest.mark.parametrize("options", [{"power": 0.0}, {"power": -1.0}, {"power": np.nan}, {"neighbours": 0}])
def test_senseless_settings_of_idw_are_refused(options):
    with pytest.raises(ArgumentError):
        idw(network(), np.zeros(1), np.zeros(1), **options)


def test_kriging_without_noise_is_exact_at_stations():
    stations = network()
    mean, variance = krige(stations, TRUTH, stations.x, stations.y)
    np.testing.assert_allclose(TRUTH.back(mean, variance)[0], stations.value, rtol=1e-8)
    np.testing.assert_allclose(variance, 0, atol=1e-9)


def test_kriging_with_noise_evens_out_the_stations():
    stations = network()
    mean, variance = krige(stations, NOISY, stations.x, stations.y)
    assert np.abs(np.exp(mean) - stations.value).max() > 0.1
    assert np.std(mean) < np.std(np.log(stations.value))
    assert (variance > 1e-4).all()
    assert (variance < NOISY.nugget).all()


def test_kriging_is_the_textbook_system():
    """Cressie (1993), Statistics for Spatial Data, equations 3.2.13 to 3.2.16, solved plainly."""
    stations = network()
    at = np.array([[6000.0, 100.0], [1.0, 2.0], [30_000.0, 0.0]])
    size = stations.size
    system = np.ones((size + 1, size + 1))
    system[:size, :size] = NOISY.covariance(cdist(stations.points, stations.points)) + NOISY.nugget * np.eye(size)
    system[size, size] = 0
    for point, mean, variance in zip(at, *krige(stations, NOISY, *at.T), strict=True):
        right = np.append(NOISY.covariance(cdist([point], stations.points)[0]), 1.0)
        weights = np.linalg.solve(system, right)
        assert mean == pytest.approx(weights[:size] @ np.log(stations.value), rel=1e-9)
        assert variance == pytest.approx(NOISY.sill - weights @ right, rel=1e-9)


def test_a_station_with_more_error_is_believed_less():
    stations = network()
    at = stations.x[:1], stations.y[:1]
    off = []
    for error in (0.0, 3.0, 15.0):
        errors = np.zeros(stations.size)
        errors[0] = error
        trusted = Stations.of(stations.x, stations.y, stations.value, error=errors)
        off.append(abs(krige(trusted, TRUTH, *at)[0][0] - np.log(stations.value[0])))
    assert off[0] < 1e-9 < off[1] < off[2]


def test_far_away_kriging_knows_the_mean_and_doubts_by_more_than_the_sill():
    stations = network()
    mean, variance = krige(stations, TRUTH, np.array([1e6, 2e6]), np.array([0.0, 0.0]))
    assert mean[0] == pytest.approx(mean[1])
    assert (variance > TRUTH.sill).all()


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 500), st.floats(-5e5, 5e5), st.floats(-5e5, 5e5))
def test_moving_and_mirroring_the_town_moves_and_mirrors_the_map(seed, east, north):
    stations, points = network(seed), scattered(np.random.default_rng(seed), 20)
    moved = Stations.of(-stations.x + east, stations.y + north, stations.value)
    for method in (lambda s, x, y: krige(s, NOISY, x, y)[0], idw):
        before = method(stations, points[:, 0], points[:, 1])
        np.testing.assert_allclose(method(moved, -points[:, 0] + east, points[:, 1] + north), before, rtol=1e-5)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 500))
def test_the_order_of_stations_changes_nothing(seed):
    stations, points = network(seed), scattered(np.random.default_rng(seed), 20)
    order = np.random.default_rng(seed + 1).permutation(stations.size)
    other = Stations.of(stations.x[order], stations.y[order], stations.value[order])
    for one, two in zip(krige(stations, NOISY, *points.T), krige(other, NOISY, *points.T), strict=True):
        np.testing.assert_allclose(one, two, rtol=1e-6, atol=1e-9)
    np.testing.assert_allclose(idw(stations, *points.T), idw(other, *points.T), rtol=1e-9)


def test_twice_the_air_is_twice_the_map():
    stations, points = network(), scattered(np.random.default_rng(5), 30)
    double = Stations.of(stations.x, stations.y, 2 * stations.value)
    one, two = (TRUTH.back(*krige(s, TRUTH, *points.T))[0] for s in (stations, double))
    np.testing.assert_allclose(two, 2 * one, rtol=1e-9)


def test_symmetric_stations_give_a_symmetric_field():
    with pytest.warns(UserWarning, match="same value"):
        stations = Stations.of([-1000, 1000, -1000, 1000], [-500, -500, 500, 500], [30.0] * 4)
    square = Stations.of([-1000, 1000, 0, 0], [0, 0, -900, 900], [30.0, 30.0, 50.0, 50.0])
    x, y = scattered(np.random.default_rng(2), 25, 3000).T
    for stations_ in (stations, square):
        for method in (lambda s, a, b: krige(s, TRUTH, a, b)[0], idw):
            np.testing.assert_allclose(method(stations_, x, y), method(stations_, -x, -y), rtol=1e-9)


def test_kriging_beats_idw_on_average_where_its_variogram_is_true():
    gains = []
    for seed in range(40):
        dice = np.random.default_rng(seed)
        points = scattered(dice, 75)
        values = air(dice, points, TRUTH)[0]
        stations = Stations.of(*points[:30].T, values[:30])
        mean = TRUTH.back(*krige(stations, TRUTH, *points[30:].T))[0]
        errors = [np.sqrt(np.mean((found - values[30:]) ** 2)) for found in (mean, idw(stations, *points[30:].T))]
        gains.append(errors[1] - errors[0])
    assert np.mean(gains) > 2 * np.std(gains) / np.sqrt(len(gains))
    assert np.mean(gains) > 0.3


def test_drift_follows_the_elevation_beyond_the_lowest_station():
    dice = np.random.default_rng(8)
    points = scattered(dice, 14)
    height = 300 + points[:, 0] / 12
    stations = Stations.of(*points.T, 80 * np.exp(-height / 900))
    at = np.array([[11_900.0, 6000.0], [100.0, 6000.0]])
    there = 300 + at[:, 0] / 12
    truth = 80 * np.exp(-there / 900)
    mean, _ = krige(stations, TRUTH, *at.T, drift=Drift.of(height, there, 14, 2))
    np.testing.assert_allclose(np.exp(mean), truth, rtol=1e-6)
    flat, _ = krige(stations, TRUTH, *at.T)
    assert (np.abs(np.exp(flat) / truth - 1) > 0.001).all()


@pytest.mark.parametrize(
    ("here", "there"), [([300.0] * 5, [1.0, 2.0]), ([1, 2, np.nan, 4, 5], [1.0, 2.0]), ([1, 2, 3, 4, 5], [1.0, np.nan]),
                        ([1, 2, 3, 4], [1.0, 2.0])]
)  # fmt: skip
def test_a_drift_that_says_nothing_is_refused(here, there):
    with pytest.raises(ArgumentError) as error:
        Drift.of(np.array(here, float), np.array(there), 5, 2)
    assert error.value.argument == "drift"


def test_a_drift_needs_four_stations():
    with pytest.raises(ArgumentError) as error:
        Drift.of(np.array([1.0, 2, 3]), np.zeros(2), 3, 2)
    assert error.value.problem.code == "drift_not_identified"


def test_stations_on_a_line_are_kriged():
    with pytest.warns(UserWarning, match="one line"):
        stations = Stations.of([0, 1000, 3000], [0, 0, 0], [30.0, 40.0, 35.0])
    mean, variance = krige(stations, Variogram(4000.0, 0.1), np.array([500.0, 500.0]), np.array([800.0, -800.0]))
    assert mean[0] == pytest.approx(mean[1])
    assert np.isfinite(variance).all()
