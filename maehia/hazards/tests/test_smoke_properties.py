"""Rules of smoke that hold for any input, and its way through the rest of the engine."""

import pickle
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from maehia.hazards import smoke
from maehia.hazards.smoke import (
    Reach,
    Readings,
    Stations,
    Trial,
    Variogram,
    aqi_of,
    cross_validate,
    days_over,
    fit_variogram,
    make_field,
    members,
    people_by_band,
    people_on,
    to_hazard,
)
from maehia.impact import Grid

from .smoke_fields import GRID, NOISY, PRIOR_LIKE, TRUTH, air, network, scattered

pytestmark = pytest.mark.filterwarnings("ignore:Far from the median", "ignore:The stations stand on one line")
EVERYWHERE = Reach(max_m=1e9, hull_buffer_m=1e9, variance_share=1e9)
START = np.datetime64("2026-03-01T00:00", "s")

rows = st.lists(
    st.tuples(st.sampled_from("ABC"), st.integers(0, 60 * 40), st.floats(0, 900, width=32)), min_size=1, max_size=60
)


def readings_of(table, **options):
    station, minute, value = zip(*table, strict=True)
    time = START + np.array(minute) * np.timedelta64(60, "s")
    return Readings.from_table(list("ABC"), [0.0, 1e3, 2e3], [0.0, 0.0, 9e2], station=list(station), time=time,
                               value=list(value), **options)  # fmt: skip


# --- readings


@settings(max_examples=60, deadline=None)
@given(rows)
def test_hours_are_what_pandas_makes_of_the_table(table):
    found = readings_of(table)
    frame = pd.DataFrame(table, columns=["station", "minute", "value"]).drop_duplicates()
    frame["hour"] = frame.minute // 60
    expected = frame.pivot_table(index="hour", columns="station", values="value", aggfunc="mean")
    expected = expected.reindex(index=range(frame.hour.min(), frame.hour.max() + 1), columns=list("ABC"))
    np.testing.assert_allclose(found.value, expected.to_numpy(), rtol=1e-12)
    first = (found.hour[0] - START) / np.timedelta64(3600, "s")
    assert first == frame.hour.min()


@settings(max_examples=40, deadline=None)
@given(rows, st.randoms(use_true_random=False))
def test_the_order_of_the_rows_changes_nothing(table, random):
    shuffled = table.copy()
    random.shuffle(shuffled)
    np.testing.assert_allclose(readings_of(shuffled).value, readings_of(table).value, rtol=1e-12)


@settings(max_examples=40, deadline=None)
@given(rows)
def test_sending_the_table_twice_changes_nothing_but_the_count(table):
    once, twice = readings_of(table), readings_of([*table, *table])
    np.testing.assert_array_equal(once.value, twice.value)
    assert twice.set_aside["repeated"] == once.set_aside["repeated"] + len(table)


@settings(max_examples=40, deadline=None)
@given(rows, st.lists(st.tuples(st.sampled_from("ABCZ"), st.integers(0, 2400), st.sampled_from([-1.0, 9999.0, np.nan])),
                      max_size=20))  # fmt: skip
def test_every_row_is_used_repeated_or_set_aside(table, bad):
    found = readings_of([*table, *bad])
    used = len(set(table))
    assert used + sum(found.set_aside.values()) - found.set_aside["stuck"] == len(table) + len(bad)
    np.testing.assert_array_equal(found.value, readings_of(table).value)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.one_of(st.none(), st.floats(0, 500)), min_size=1, max_size=60), st.integers(1, 24),
       st.floats(0, 1))  # fmt: skip
def test_a_running_mean_is_each_window_by_hand(column, hours, share):
    value = np.array([np.nan if v is None else v for v in column])[:, None]
    hour = np.datetime64("2026-03-01", "h") + np.arange(len(column)) * np.timedelta64(1, "h")
    found = Readings(("A",), np.zeros(1), np.zeros(1), hour, value).running_mean(hours, share).value[:, 0]
    for row, mean in enumerate(found):
        window = value[max(0, row - hours + 1) : row + 1, 0]
        known = window[np.isfinite(window)]
        if known.size and known.size >= share * hours:
            assert mean == pytest.approx(known.mean(), abs=1e-8)
        else:
            assert np.isnan(mean)


# --- stations


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 4), st.floats(5, 300), st.floats(0, 20)), min_size=5, max_size=25))
def test_sensors_of_a_site_are_averaged_with_the_larger_of_two_errors(sensors):
    site, value, error = (np.array(column) for column in zip(*sensors, strict=True))
    assume(len(set(site.tolist())) >= 3)
    found = Stations.of(site * 500.0, (site * 7 % 5) * 400.0, value, error=error)
    assert found.sensors.sum() == len(sensors)
    for x, mean, doubt in zip(found.x, found.value, found.error, strict=True):
        here = site * 500.0 == x
        assert mean == pytest.approx(value[here].mean())
        carried = np.sqrt((error[here] ** 2).sum()) / here.sum()
        spread = np.std(value[here], ddof=1) / np.sqrt(here.sum()) if here.sum() > 1 else 0.0
        assert doubt == pytest.approx(max(carried, spread), abs=1e-9)


# --- variogram and trial


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 200), st.floats(0.3, 5), st.floats(0.2, 8))
def test_a_fit_keeps_its_shape_when_air_or_map_are_stretched(seed, times, stretch):
    dice = np.random.default_rng(seed)
    points = scattered(dice, 7)
    history = air(dice, points, TRUTH, 25, level=100.0)
    plain = fit_variogram(*points.T, history, prior=PRIOR_LIKE, rows_alike=1).variogram
    louder = fit_variogram(*points.T, history * times, prior=PRIOR_LIKE, rows_alike=1).variogram
    assume((history * times).min() > 1.5 and history.min() > 1.5)  # above the sensors' floor
    assert louder.range_m == pytest.approx(plain.range_m, rel=1e-3)
    assert louder.sill == pytest.approx(plain.sill, rel=1e-3)
    wider = Variogram(PRIOR_LIKE.range_m * stretch, PRIOR_LIKE.sill, PRIOR_LIKE.nugget)
    far = fit_variogram(*(points * stretch).T, history, prior=wider, rows_alike=1).variogram
    assert far.range_m == pytest.approx(plain.range_m * stretch, rel=1e-3)
    assert far.nugget == pytest.approx(plain.nugget, rel=1e-3)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 200), st.floats(0.5, 4))
def test_scores_grow_with_the_air_and_skill_does_not(seed, times):
    dice = np.random.default_rng(seed)
    points = scattered(dice, 6)
    history = air(dice, points, TRUTH, 5, level=200.0)
    assume(history.min() > 3)
    one, two = (cross_validate(*points.T, values, NOISY).scores for values in (history, history * times))
    for name in smoke.trial.METHODS:
        assert two[name].rmse == pytest.approx(one[name].rmse * times, rel=1e-6)
        assert two[name].skill == pytest.approx(one[name].skill, abs=1e-6)
    assert two["kriging"].coverage == one["kriging"].coverage


@settings(max_examples=60, deadline=None)
@given(st.lists(st.floats(0.1, 50), min_size=3, max_size=3))
def test_the_best_is_never_beaten_by_more_than_a_hundredth(errors):
    read = np.full((2, 6), 80.0)
    sign = np.array([1, -1] * 3)
    trial = Trial(
        read, {n: read + e * sign for n, e in zip(("mean", "idw", "kriging"), errors, strict=True)}, read, read
    )
    chosen = trial.scores[trial.best()].rmse
    assert chosen <= min(errors) * 1.01 + 1e-9
    assert f"{trial.scores[trial.best()].folds} readings" in trial.reason()


# --- the field


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 100), st.sampled_from(["mean", "idw", "kriging"]), st.floats(500, 6000), st.floats(0.1, 1.0))
def test_a_field_is_known_or_nan_and_its_rules_say_why(seed, method, metres, share):
    field = make_field(network(seed), GRID, TRUTH, method=method, reach=Reach(metres, metres / 2, share))
    hidden = np.logical_or.reduce(list(field.unknown.values()))
    np.testing.assert_array_equal(field.known, ~hidden)
    assert (field.value[field.known] >= 0).all()
    hazard = field.to_hazard()
    assert hazard.nnz == field.known.sum()
    houses = np.ones(GRID.shape)
    assert people_by_band(field.value, houses).unknown == hidden.sum()


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 6), st.integers(0, 2**31), st.floats(5, 80))
def test_days_over_are_counted_cell_by_cell(days, seed, limit):
    dice = np.random.default_rng(seed)
    stack = np.where(dice.random((days, 3, 4)) < 0.3, np.nan, dice.uniform(0, 100, (days, 3, 4)).round())
    found = days_over(iter(stack), limit)
    for cell in np.ndindex(3, 4):
        column = [day[cell] for day in stack if not np.isnan(day[cell])]
        assert found.known[cell] == len(column)
        assert found.over[cell] == sum(value > limit for value in column)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.floats(-50, 450), st.floats(-50, 350), st.integers(0, 9)), max_size=40))
def test_people_on_the_grid_and_off_it_are_all_the_people(points):
    x, y, count = (np.array(c, dtype=float) for c in zip(*points, strict=True)) if points else (np.zeros(0),) * 3
    people, off = people_on(Grid(0, 0, 100, 100, 4, 3), x, y, count)
    assert people.sum() + off == count.sum()
    assert people.shape == (3, 4)


@pytest.mark.parametrize("kind", ["exponential", "spherical", "matern"])
def test_every_kind_of_variogram_maps_and_draws_members(kind):
    variogram = Variogram(8000.0, 0.15, 0.01, kind)
    field = make_field(network(), GRID, variogram, method="kriging", reach=EVERYWHERE)
    low, high = field.interval(0.99)
    drawn = np.array(list(members(field, 20, seed=4, modes=100)))
    assert ((low <= drawn) & (drawn <= high)).mean() > 0.93


def test_an_error_of_the_stations_widens_the_members_there():
    base = network()
    spread = []
    for error in (0.0, 12.0):
        stations = Stations.of(base.x, base.y, base.value, error=error)
        grid = Grid(base.x[0] - 1, base.y[0] - 1, 2, 2, 1, 1)
        field = make_field(stations, grid, TRUTH, method="kriging", reach=EVERYWHERE)
        spread.append(np.std([m[0, 0] for m in members(field, 60, seed=1, modes=100)]))
    assert spread[0] < 1.0 < spread[1]


def test_threads_do_not_disturb_one_another():
    stations = [network(seed) for seed in range(4)]
    alone = [make_field(s, GRID, TRUTH).value for s in stations]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda s: make_field(s, GRID, TRUTH).value, stations))
    for one, two in zip(alone, together, strict=True):
        np.testing.assert_array_equal(one, two)


def test_a_field_survives_the_way_to_another_process():
    field = make_field(network(), GRID, NOISY)
    again = pickle.loads(pickle.dumps(field))
    np.testing.assert_array_equal(again.value, field.value)
    assert again.variogram == field.variogram
    assert again.reason == field.reason


def test_a_server_that_only_computes_loads_neither_matplotlib_nor_gstools():
    script = (
        "import sys, maehia.hazards.smoke as smoke; smoke.aqi_of([20.0]);"
        "print([name for name in ('matplotlib', 'gstools', 'pyogrio') if name in sys.modules], callable(smoke.draw))"
    )
    said = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
    assert said.strip() == "[] True"


def test_a_name_that_is_not_there_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'plume'"):
        _ = smoke.plume


def test_every_exported_name_is_there():
    assert all(getattr(smoke, name) is not None for name in smoke.__all__)
    assert smoke.__all__ == sorted(smoke.__all__, key=lambda n: (not n.isupper(), not n[0].isupper(), n))


# --- through the engine


def test_people_over_the_limit_are_the_same_by_the_engine_and_by_band():
    """A step curve at 37.5: the engine's sum over people equals the bands above it, and misses the unknown."""
    from maehia.impact import Curves, Exposure, assess

    field = make_field(network(count=14), GRID, TRUTH, method="kriging", reach=Reach(max_m=2500.0))
    rounded = np.round(field.value, 1)
    dice = np.random.default_rng(5)
    x, y = dice.uniform(0, 12_000, 500), dice.uniform(0, 10_000, 500)
    count = dice.integers(1, 6, 500).astype(float)
    curves = Curves(np.array([0.0, 37.54, 37.56, 1000.0]), np.array([[0.0, 0.0, 1.0, 1.0]]))
    impact = assess(to_hazard(GRID, [rounded], [1.0]), Exposure(x, y, np.zeros(500, dtype=np.int32), count), curves)
    people, off = people_on(GRID, x, y, count)
    found = people_by_band(rounded, people)
    assert off == 0
    assert impact.at_event[0] == pytest.approx(found.by_band[3:].sum())
    assert found.unknown > 0
    assert (aqi_of(rounded).band >= 4).any()
