"""The field: its method, its reach, its way into the engine, and the people under it."""

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maehia.hazards.smoke import (
    PRIOR,
    Reach,
    Readings,
    Stations,
    Variogram,
    days_over,
    idw,
    krige,
    make_field,
    people_by_band,
    people_on,
    to_hazard,
)
from maehia.hazards.smoke.reach import RULES
from maehia.impact import ArgumentError, Grid

from .smoke_fields import GRID, NOISY, TRUTH, air, network, scattered

pytestmark = pytest.mark.filterwarnings("ignore:Far from the median")
EVERYWHERE = Reach(max_m=1e9, hull_buffer_m=1e9, variance_share=1e9)
WIDE = Variogram(range_m=1e8, sill=0.16)


def unmasked(**options):
    return make_field(network(), GRID, WIDE, reach=EVERYWHERE, **options)


def test_each_method_fills_the_grid_with_its_own_values():
    x, y = GRID.centre_of(np.arange(GRID.size))
    kriged, weighted, flat = (unmasked(method=name) for name in ("kriging", "idw", "mean"))
    np.testing.assert_allclose(kriged.value.ravel(), WIDE.back(*krige(network(), WIDE, x, y))[0])
    np.testing.assert_allclose(weighted.value.ravel(), idw(network(), x, y))
    assert (flat.value == network().value.mean()).all()
    assert kriged.std is not None
    assert weighted.std is flat.std is None
    assert kriged.known_share == 1.0


def test_row_0_is_the_southernmost():
    stations = Stations.of([6000, 100, 11_900], [100, 9900, 9900], [100.0, 20.0, 22.0])
    field = make_field(stations, GRID, WIDE, method="idw", reach=EVERYWHERE)
    assert field.value[0].mean() > field.value[-1].mean()


def test_auto_takes_the_winner_of_its_trial_and_says_so():
    field = make_field(network(count=15), GRID, TRUTH)
    assert field.trial is not None
    assert field.method == field.trial.best()
    assert field.reason == field.trial.reason()
    asked = make_field(network(count=15), GRID, TRUTH, method="idw")
    assert asked.trial is None
    assert asked.reason == "idw: asked for by the caller."


def history_of(points, values, names=None):
    hour = np.datetime64("2026-03-01", "h") + np.arange(len(values)) * np.timedelta64(24, "h")
    return Readings(tuple(names or (f"S{n + 1}" for n in range(len(points)))), *points.T, hour, values)


def test_a_history_decides_when_it_is_given():
    dice = np.random.default_rng(1)
    points = scattered(dice, 12)
    strangers = 40 * np.exp(0.4 * dice.standard_normal((50, 12)))
    stations = Stations.of(*points.T, air(dice, points, TRUTH)[0])
    field = make_field(stations, GRID, TRUTH, history=history_of(points, strangers))
    assert field.method == "mean"
    assert field.trial.scores["mean"].folds == 600


def test_a_history_with_elevation_is_matched_by_station_name():
    dice = np.random.default_rng(2)
    points = scattered(dice, 10)
    height = dice.uniform(300, 900, 10)
    values = 60 * np.exp(-height / 700) * np.exp(0.02 * dice.standard_normal((40, 10)))
    order = dice.permutation(10)
    names = [f"S{n + 1}" for n in order]
    stations = Stations.of(*points.T, values[0])
    field = make_field(stations, GRID, Variogram(3000.0, 0.01), elevation=(height, np.full(GRID.shape, 300.0)),
                       history=history_of(points[order], values[:, order], names), reach=EVERYWHERE)  # fmt: skip
    assert field.method == "kriging"
    assert field.trial.scores["kriging"].skill > 0.8
    assert np.nanmedian(field.value) == pytest.approx(60 * np.exp(-300 / 700), rel=0.1)


def test_an_unknown_method_is_refused():
    with pytest.raises(ArgumentError) as error:
        make_field(network(), GRID, method="spline")
    assert error.value.argument == "method"


def test_a_grid_in_degrees_is_refused():
    with pytest.raises(ArgumentError) as error:
        make_field(network(), Grid(98, 18, 0.01, 0.01, 5, 5, crs="EPSG:4326"))
    assert error.value.problem.code == "crs_not_metres"


def test_the_index_of_an_hour_is_refused():
    points = network()
    for hours, fine in ((1, False), (8, False), (24, True), (None, True)):
        stations = Stations.of(points.x, points.y, points.value, hours=hours)
        field = make_field(stations, GRID, TRUTH, method="idw")
        if fine:
            assert field.aqi().band.max() > 0
            continue
        with pytest.raises(ArgumentError) as error:
            field.aqi()
        assert error.value.problem.code == "not_a_day"


def test_an_interval_surrounds_the_air_and_only_kriging_has_one():
    field = unmasked(method="kriging")
    low, high = field.interval(0.9)
    assert (low <= field.value).all()
    assert (field.value <= high).all()
    narrow = field.interval(0.5)
    assert (narrow[0] >= low).all()
    assert (narrow[1] <= high).all()
    with pytest.raises(ArgumentError):
        unmasked(method="idw").interval()


def test_ninety_percent_of_the_true_air_lies_in_the_interval():
    inside = []
    for seed in range(15):
        dice = np.random.default_rng(seed)
        grid = Grid(0, 0, 1500, 1500, 8, 8)
        cells = np.column_stack(grid.centre_of(np.arange(grid.size)))
        points = np.vstack([scattered(dice, 15), cells])
        truth = air(dice, points, NOISY)[0]
        read = truth[:15] * np.exp(NOISY.nugget**0.5 * dice.standard_normal(15))
        field = make_field(Stations.of(*points[:15].T, read), grid, NOISY, method="kriging", reach=EVERYWHERE)
        low, high = field.interval()
        inside.append(((low.ravel() <= truth[15:]) & (truth[15:] <= high.ravel())).mean())
    assert 0.85 < np.mean(inside) < 0.95


def test_stations_that_all_agree_give_a_flat_field_that_still_doubts():
    with pytest.warns(UserWarning, match="same value"):
        stations = Stations.of([1000, 9000, 5000], [1000, 2000, 8000], [30.0] * 3)
    field = make_field(stations, GRID, Variogram(20_000.0, 0.1, log=False), method="kriging", reach=EVERYWHERE)
    np.testing.assert_allclose(field.value, 30.0)
    assert field.std.max() > 0.1


# --- reach


def centres():
    return np.column_stack(GRID.centre_of(np.arange(GRID.size)))


def rules(stations, variogram=TRUTH, **options):
    return make_field(stations, GRID, variogram, method="kriging", reach=Reach(**options)).unknown


def test_a_cell_farther_than_max_m_from_every_station_is_unknown():
    stations = network()
    found = rules(stations, max_m=2000.0)["too_far"].ravel()
    distance = np.hypot(centres()[:, [0]] - stations.x, centres()[:, [1]] - stations.y).min(axis=1)
    np.testing.assert_array_equal(found, distance > 2000)
    assert 0 < found.sum() < GRID.size


def test_a_cell_beyond_the_variograms_range_is_unknown_even_when_max_m_allows_it():
    stations = network()
    short = Variogram(range_m=1500.0, sill=0.1)
    np.testing.assert_array_equal(rules(stations, short, max_m=9e9)["too_far"], rules(stations, short)["too_far"])
    assert rules(stations, short)["too_far"].any()


def test_a_cell_outside_the_hull_and_its_buffer_is_unknown():
    stations = Stations.of([2000, 10_000, 10_000, 2000], [2000, 2000, 8000, 8000], [30.0, 31, 32, 33])
    x, y = centres().T
    outside = np.hypot(np.maximum(abs(x - 6000) - 4000, 0), np.maximum(abs(y - 5000) - 3000, 0))
    found = rules(stations, hull_buffer_m=1100.0)["outside_hull"].ravel()
    np.testing.assert_array_equal(found, outside > 1100)
    np.testing.assert_array_equal(rules(stations, hull_buffer_m=0.0)["outside_hull"].ravel(), outside > 0)
    np.testing.assert_array_equal(rules(stations)["outside_hull"].ravel(), outside > TRUTH.range_m / 4)
    quarter = Variogram(range_m=5000.0, sill=0.1)
    np.testing.assert_array_equal(rules(stations, quarter)["outside_hull"].ravel(), outside > 1250)


def test_on_a_line_of_stations_the_hull_is_the_line():
    with pytest.warns(UserWarning, match="one line"):
        stations = Stations.of([2000, 6000, 10_000], [5000, 5000, 5000], [30.0, 31, 32])
    known = ~rules(stations, hull_buffer_m=1100.0)["outside_hull"]
    assert set(np.flatnonzero(known.any(axis=1))) == {8, 9, 10, 11}


def test_a_cell_that_the_stations_hardly_explain_is_unknown():
    stations = network()
    field = make_field(stations, GRID, NOISY, method="kriging", reach=Reach(variance_share=0.3))
    np.testing.assert_array_equal(field.unknown["too_uncertain"], field.work_variance >= 0.3 * NOISY.sill)
    assert field.unknown["too_uncertain"].any()


def test_unknown_is_nan_in_every_array_and_never_zero():
    field = make_field(network(), GRID, TRUTH, method="kriging", reach=Reach(max_m=1500.0, hull_buffer_m=100.0))
    hidden = np.logical_or.reduce(list(field.unknown.values()))
    assert set(field.unknown) == set(RULES)
    for array in (field.value, field.std, *field.interval()):
        np.testing.assert_array_equal(np.isnan(array), hidden)
    assert (field.value[~hidden] > 0).all()
    assert (field.aqi().band == 0).sum() == hidden.sum()
    assert field.known_share == pytest.approx(1 - hidden.mean())


def test_idw_has_the_same_reach_as_kriging():
    reach = Reach(max_m=2500.0)
    known = [make_field(network(), GRID, TRUTH, method=m, reach=reach).known for m in ("idw", "kriging", "mean")]
    np.testing.assert_array_equal(known[0], known[1])
    np.testing.assert_array_equal(known[0], known[2])


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 100), st.floats(100, 5000), st.floats(1.0, 3.0))
def test_a_longer_reach_knows_no_less(seed, metres, more):
    stations = network(seed)
    near, far = (make_field(stations, GRID, TRUTH, method="kriging", reach=Reach(max_m=m, hull_buffer_m=m)).known
                 for m in (metres, metres * more))  # fmt: skip
    assert (near <= far).all()


@pytest.mark.parametrize("options", [{"max_m": -1.0}, {"hull_buffer_m": np.nan}, {"variance_share": -0.1}])
def test_a_senseless_reach_is_refused(options):
    with pytest.raises(ArgumentError):
        Reach(**options)


# --- into the engine


def test_the_hazard_lists_known_cells_and_their_values():
    field = make_field(network(), GRID, TRUTH, method="kriging", reach=Reach(max_m=2000.0))
    hazard = field.to_hazard(0.25)
    cells, intensity = hazard.event(0)
    np.testing.assert_array_equal(cells, np.flatnonzero(field.known))
    np.testing.assert_allclose(intensity, field.value[field.known], rtol=1e-6)
    assert (hazard.unit, hazard.frequency.tolist()) == ("ug/m3", [0.25])


def test_a_known_zero_is_listed_and_an_unknown_cell_is_not():
    grid = Grid(0, 0, 1, 1, 3, 1)
    hazard = to_hazard(grid, [np.array([[0.0, np.nan, 7.0]])], [1.0])
    assert hazard.cell.tolist() == [0, 2]
    assert hazard.intensity.tolist() == [0.0, 7.0]


def test_several_days_are_several_events():
    grid = Grid(0, 0, 1, 1, 2, 1)
    hazard = to_hazard(grid, [np.array([[5.0, np.nan]]), np.full((1, 2), np.nan), np.array([[1.0, 2.0]])], [1, 2, 3])
    assert hazard.indptr.tolist() == [0, 1, 1, 3]


def test_a_field_of_another_grid_is_refused():
    with pytest.raises(ArgumentError):
        to_hazard(GRID, [np.zeros((2, 2))], [1.0])


# --- people and days


def test_people_are_counted_by_band_and_the_unknown_apart():
    pm25 = np.array([[10.0, 20.0, 30.0], [50.0, 90.0, np.nan]])
    people = np.array([[1.0, 2.0, 4.0], [8.0, 16.0, 32.0]])
    found = people_by_band(pm25, people)
    assert found.by_band.tolist() == [1, 2, 4, 8, 16]
    assert (found.unknown, found.total) == (32.0, 63.0)
    assert found.mean == pytest.approx((10 + 40 + 120 + 400 + 1440) / 31)


def test_without_anyone_in_reach_there_is_no_mean():
    found = people_by_band(np.array([[np.nan, 20.0]]), np.array([[5.0, 0.0]]))
    assert np.isnan(found.mean)
    assert found.unknown == 5.0


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(st.floats(0, 300), st.integers(0, 50), st.booleans()), min_size=1, max_size=40))
def test_no_one_is_lost_between_the_bands(cells):
    pm25, people, hidden = (np.array(column) for column in zip(*cells, strict=True))
    found = people_by_band(np.where(hidden, np.nan, pm25), people.astype(float))
    assert found.total == people.sum()
    assert found.unknown == people[hidden].sum()


def test_people_off_the_grid_are_reported():
    grid = Grid(0, 0, 100, 100, 2, 2)
    people, off = people_on(grid, [50, 150, 60, 250], [50, 150, 70, 50], [3, 4, 5, 6])
    assert people.tolist() == [[8, 0], [0, 4]]
    assert off == 6


@pytest.mark.parametrize("count", [[1.0, -1.0], [1.0, np.nan], [1.0]])
def test_people_that_cannot_be_are_refused(count):
    with pytest.raises(ArgumentError) as error:
        people_on(Grid(0, 0, 1, 1, 2, 2), [0, 1], [0, 1], count)
    assert error.value.argument == "count"
    with pytest.raises(ArgumentError):
        people_by_band(np.zeros((1, 2)), np.array([count]))


def test_days_over_count_only_known_days():
    days = [np.array([[40.0, 37.5, np.nan]]), np.array([[50.0, 37.6, np.nan]]), np.array([[10.0, np.nan, np.nan]])]
    found = days_over(days)
    assert found.over.tolist() == [[2, 1, 0]]
    assert found.known.tolist() == [[3, 2, 0]]
    np.testing.assert_allclose(found.share, [[2 / 3, 1 / 2, np.nan]])
    assert days_over(iter(days), limit=45.0).over.tolist() == [[1, 0, 0]]


def test_no_days_and_unlike_days_are_refused():
    with pytest.raises(ArgumentError):
        days_over([])
    with pytest.raises(ArgumentError) as error:
        days_over([np.zeros((1, 2)), np.zeros((2, 1))])
    assert error.value.index == 1


def test_a_quarter_million_cells_and_25_stations_take_under_a_second_of_cpu():
    stations = network(3, 25)
    grid = Grid(0, 0, 25, 25, 500, 500)
    small = Grid(0, 0, 1000, 1000, 12, 12)
    make_field(stations, small, PRIOR)
    start = time.process_time()
    field = make_field(stations, grid, PRIOR, method="kriging")
    spent = time.process_time() - start
    assert field.known.any()
    assert spent < 1.0
