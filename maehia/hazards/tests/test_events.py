"""A set of storms becomes a hazard: frequencies, maps, resuming, processes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from maehia.hazards.events import Storm, design_storms, event_frequencies, flood_events
from maehia.hazards.flood import (
    Barrier,
    Edges,
    FreeOutflow,
    Inflow,
    Losses,
    Pump,
    Rain,
    Scheme,
    Terrain,
    TimeStepError,
    simulate,
)
from maehia.hazards.idf import demo_idf
from maehia.hazards.rain import chicago
from maehia.impact import ArgumentError, Curves, Exposure, Grid, assess

GRID = Grid(0, 0, 20.0, 20.0, 16, 12)
PERIODS = st.lists(st.integers(1, 1000).map(float), min_size=1, max_size=12, unique=True)


def valley() -> Terrain:
    """A valley to the east with a bed in the middle."""
    row, col = np.mgrid[0:12, 0:16]
    return Terrain(GRID, 100.0 + 0.4 * np.abs(row - 5.5) - 0.05 * col, 0.04)


OUT = Edges(east=FreeOutflow(0.01))
HOUR = 3600.0


def storms(*periods: float) -> list[Storm]:
    return design_storms(demo_idf(), periods, duration_s=HOUR, step_s=600.0)


def floods(*periods: float, **options):
    return flood_events(valley(), storms(*periods), duration_s=1.5 * HOUR, edges=OUT, **options)


@given(PERIODS)
def test_frequencies_sum_to_that_of_the_most_frequent_storm(periods):
    found = event_frequencies(periods)
    assert found.sum() == pytest.approx(1.0 / min(periods), rel=1e-12)
    assert (found > 0).all()


@given(PERIODS)
def test_each_flood_is_reached_or_passed_once_in_its_return_period(periods):
    found = event_frequencies(periods)
    for period in periods:
        rarer = np.array(periods) >= period
        assert 1.0 / found[rarer].sum() == pytest.approx(period, rel=1e-9)


def test_frequencies_are_the_differences_of_the_rates():
    np.testing.assert_allclose(event_frequencies([2, 10, 100]), [0.4, 0.09, 0.01])
    np.testing.assert_allclose(event_frequencies([100, 2, 10]), [0.01, 0.4, 0.09])


def test_the_same_return_period_twice_is_refused_with_its_place():
    with pytest.raises(ArgumentError, match="twice") as caught:
        event_frequencies([2, 10, 10])
    assert caught.value.index == 2


@pytest.mark.parametrize("period", [0.0, -5.0, np.inf, np.nan])
def test_a_return_period_that_is_none_is_refused(period):
    with pytest.raises(ArgumentError, match="return_period"):
        event_frequencies([2.0, period])


def test_a_storm_of_nothing_is_refused():
    with pytest.raises(ArgumentError, match="nothing would happen"):
        Storm("T2", 2.0)
    with pytest.raises(ArgumentError, match="return_period"):
        Storm("T0", 0.0, Rain([0.0, 600.0], [10.0]))


def test_design_storms_have_the_rain_of_the_statistics():
    two, rare = storms(2, 100)
    assert (two.name, rare.name) == ("T2", "T100")
    assert rare.rain.fallen_mm(HOUR)[0] == pytest.approx(demo_idf().depth_mm(60, 100))
    (other,) = design_storms(demo_idf(), [10], duration_s=HOUR, step_s=600.0, shape=chicago)
    assert other.rain.fallen_mm(HOUR)[0] == pytest.approx(demo_idf().depth_mm(60, 10))


def test_the_hazard_holds_the_greatest_depths_of_each_run():
    found = floods(2, 100)
    hazard = found.hazard
    for number, storm in enumerate(storms(2, 100)):
        run = simulate(valley(), rain=storm.rain, duration_s=1.5 * HOUR, edges=OUT)
        deep = np.where(run.max_depth >= 0.05, run.max_depth, 0.0)
        np.testing.assert_allclose(hazard.map_of(number), deep, rtol=1e-6)
    np.testing.assert_allclose(hazard.frequency, [0.49, 0.01])
    assert hazard.unit == "m"


def test_a_rarer_storm_floods_more_cells_deeper():
    hazard = floods(2, 25, 100).hazard
    maps = [hazard.map_of(number) for number in range(3)]
    assert (maps[1] >= maps[0] - 1e-6).all()
    assert (maps[2] >= maps[1] - 1e-6).all()
    assert maps[2].sum() > maps[0].sum()


def test_speed_arrival_and_duration_are_hazards_of_the_same_cells():
    found = floods(10, 100)
    depth = found.hazard
    for what, unit in (("speed", "m/s"), ("arrival", "s"), ("duration", "s")):
        other = found.of(what)
        np.testing.assert_array_equal(other.cell, depth.cell)
        assert other.unit == unit
    assert (found.of("arrival").intensity + found.of("duration").intensity <= 1.5 * HOUR + 1e-3).all()
    with pytest.raises(ArgumentError, match="what"):
        found.of("colour")


def test_a_storm_that_floods_nothing_is_an_event_without_cells():
    found = flood_events(valley(), [Storm("drizzle", 1.0, Rain([0.0, 600.0], [0.1])), *storms(100)], duration_s=HOUR)
    assert found.hazard.events == 2
    assert found.cells[0].size == 0
    assert found.hazard.indptr[1] == 0


def test_a_loss_is_exceeded_once_in_the_return_period_of_its_storm():
    """From storms through the solver to `assess`: the exceedance curve passes through every storm at its period."""
    periods = [2.0, 5.0, 20.0, 100.0]
    hazard = floods(*periods).hazard
    x, y = GRID.centre_of(np.arange(GRID.size))
    houses = Exposure(x, y, np.zeros(GRID.size, np.int64), np.full(GRID.size, 1e6))
    result = assess(hazard, houses, Curves(np.array([0.0, 1.0]), np.array([[0.0, 1.0]])))
    assert (np.diff(result.at_event) > 0).all()
    np.testing.assert_allclose(result.exceedance(periods), result.at_event, rtol=1e-9)
    assert result.aal == pytest.approx(float((hazard.frequency * result.at_event).sum()))


def test_more_storms_bring_the_expected_loss_nearer_from_below():
    def expected(*periods: float) -> float:
        hazard = floods(*periods).hazard
        return sum(hazard.frequency[e] * float(hazard.map_of(e).sum()) for e in range(hazard.events))

    coarse, fine = expected(2.0, 100.0), expected(2.0, 5.0, 10.0, 25.0, 50.0, 100.0)
    assert coarse < fine < 2.0 * coarse


def test_the_order_of_the_storms_is_the_order_of_the_events():
    rising, mixed = floods(2.0, 25.0, 100.0), floods(100.0, 2.0, 25.0)
    assert mixed.names == ("T100", "T2", "T25")
    for number, name in enumerate(mixed.names):
        other = rising.names.index(name)
        np.testing.assert_array_equal(mixed.hazard.map_of(number), rising.hazard.map_of(other))
        assert mixed.frequency[number] == rising.frequency[other]


def test_a_higher_threshold_leaves_out_the_shallow_cells():
    low, high = floods(100.0, threshold_m=0.05), floods(100.0, threshold_m=0.15)
    assert 0 < high.cells[0].size < low.cells[0].size
    assert high.hazard.intensity.min() >= 0.15
    assert set(high.cells[0]) <= set(low.cells[0])


def test_a_river_storm_needs_no_rain():
    found = flood_events(valley(), [Storm("creek", 10.0, inflows=(creek(),))], duration_s=HOUR, edges=OUT)
    assert found.hazard.nnz > 10
    assert found.hazard.frequency[0] == pytest.approx(0.1)


def test_another_slope_of_an_edge_is_another_storm_on_the_shelf(tmp_path):
    floods(10.0, keep=tmp_path)
    flood_events(valley(), storms(10.0), duration_s=1.5 * HOUR, edges=Edges(east=FreeOutflow(0.02)), keep=tmp_path)
    assert len(list(tmp_path.glob("*.npz"))) == 2


def test_progress_is_told_after_each_storm():
    told = []
    floods(2, 10, progress=lambda done, total, name: told.append((done, total, name)))
    assert told == [(1, 2, "T2"), (2, 2, "T10")]


def test_finished_storms_are_read_and_not_run_again(tmp_path, monkeypatch):
    first = floods(2, 10, keep=tmp_path)
    assert len(list(tmp_path.glob("*.npz"))) == 2
    assert not list(tmp_path.glob("*.part"))
    ran = []
    monkeypatch.setattr("maehia.hazards.events.simulate", lambda *a, **k: ran.append(k) or simulate(*a, **k))
    again = floods(2, 10, 100, keep=tmp_path)
    assert len(ran) == 1
    np.testing.assert_array_equal(again.hazard.map_of(1), first.hazard.map_of(1))


def test_a_kept_file_that_is_spoiled_is_run_again(tmp_path):
    first = floods(10, keep=tmp_path)
    (path,) = tmp_path.glob("*.npz")
    path.write_bytes(path.read_bytes()[:100])
    np.testing.assert_array_equal(floods(10, keep=tmp_path).hazard.intensity, first.hazard.intensity)
    path.write_bytes(b"")
    np.testing.assert_array_equal(floods(10, keep=tmp_path).hazard.intensity, first.hazard.intensity)


def test_another_ground_rain_or_wall_is_another_storm_on_the_shelf(tmp_path):
    floods(10, keep=tmp_path)
    floods(10, keep=tmp_path, losses=Losses(80.0))
    floods(10, keep=tmp_path, barriers=[Barrier.around(GRID, [70], 101.0)])
    flood_events(Terrain(GRID, valley().elevation, 0.05), storms(10), duration_s=1.5 * HOUR, edges=OUT, keep=tmp_path)
    assert len(list(tmp_path.glob("*.npz"))) == 4
    floods(10, keep=tmp_path, losses=Losses(80.0), threads=1)
    assert len(list(tmp_path.glob("*.npz"))) == 4


def test_a_run_that_cannot_go_on_names_its_storm():
    with pytest.raises(TimeStepError) as caught:
        floods(100, initial_depth=5.0, scheme=Scheme(dt_min_s=5.0, dt_max_s=10.0))
    assert "in storm T100" in caught.value.__notes__


def test_no_storm_and_no_worker_are_refused():
    with pytest.raises(ArgumentError, match="storms"):
        flood_events(valley(), [], duration_s=HOUR)
    with pytest.raises(ArgumentError, match="workers"):
        floods(2, workers=0)


@pytest.mark.slow
def test_two_processes_give_the_same_floods_as_one():
    one, two = floods(2, 25, 100), floods(2, 25, 100, workers=2)
    np.testing.assert_array_equal(one.hazard.intensity, two.hazard.intensity)
    np.testing.assert_array_equal(one.hazard.cell, two.hazard.cell)
    assert one.names == two.names


def creek(flow: float = 100.0) -> Inflow:
    return Inflow(GRID.cell_of([10.0, 10.0], [110.0, 130.0]), [0.0, 600.0, HOUR], [0.0, flow, flow])


def test_a_barrier_keeps_the_town_behind_it_dry():
    """The same creek with and without a wall along its southern bank."""
    town = np.zeros(GRID.shape, bool)
    town[3:5, 4:] = True
    wall = Barrier.along(GRID, [0.0, 320.0], [100.0, 100.0], 103.0)
    without = simulate(valley(), inflows=[creek()], duration_s=HOUR, edges=OUT)
    with_it = simulate(valley(), inflows=[creek()], duration_s=HOUR, edges=OUT, barriers=[wall])
    assert without.max_depth[town].max() > 0.3
    assert with_it.max_depth[town].max() == 0.0
    assert with_it.max_depth[7:9].max() > without.max_depth[7:9].max(), "the other bank pays for the wall"


def test_a_pump_empties_the_hollow_that_fills_without_it():
    """The same rain on a hollow with and without a pump, and the water that it lifted."""
    row, col = np.mgrid[0:12, 0:16]
    bowl = Terrain(GRID, 100.0 + 0.004 * ((row - 6) ** 2 + (col - 8) ** 2), 0.03)
    rain = Rain([0.0, HOUR], [60.0])
    low = 6 * 16 + 8
    without = simulate(bowl, rain=rain, duration_s=2 * HOUR)
    with_it = simulate(bowl, rain=rain, duration_s=2 * HOUR, pumps=[Pump(low, 0.5, start_m=0.1)])
    assert with_it.depth.ravel()[low] < 0.7 * without.depth.ravel()[low]
    saved = without.budget.stored - with_it.budget.stored
    assert with_it.budget.pumped_out == pytest.approx(saved, rel=1e-9)
    assert with_it.budget.relative_error < 1e-12


def test_a_wet_depth_by_its_other_name_is_not_ignored():
    storms = [Storm("T2", 2.0, Rain(np.array([0.0, HOUR]), np.array([20.0])))]
    with pytest.raises(ArgumentError, match="threshold_m"):
        flood_events(valley(), storms, duration_s=60.0, wet_depth_m=0.3)


@pytest.mark.parametrize("threshold", [0.0, -1.0, np.nan, np.inf])
def test_a_threshold_that_is_none_is_named_as_the_caller_wrote_it(threshold):
    storms = [Storm("T2", 2.0, Rain(np.array([0.0, HOUR]), np.array([20.0])))]
    with pytest.raises(ArgumentError, match="threshold_m: is"):
        flood_events(valley(), storms, duration_s=60.0, threshold_m=threshold)
