"""Steps, times, maps, stopping and going on, and runs that must end with a reason."""

from dataclasses import replace

import numpy as np
import pytest

from maehia.hazards.flood import Barrier, Edges, Inflow, Losses, Pump, Rain, Scheme, TimeStepError, WaterLevel, simulate
from maehia.hazards.flood.tests.places import channel, flat, rough, with_holes
from maehia.impact import ArgumentError


def pond(terrain, deep=3.0):
    depth = np.zeros(terrain.grid.shape)
    depth[:5, :5] = deep
    return np.where(terrain.inside, depth, 0.0)


def test_a_run_of_dry_ground_stays_dry_and_takes_the_longest_steps():
    run = simulate(flat(), duration_s=100)
    assert run.steps == 20
    assert run.max_depth.max() == 0
    assert np.isnan(run.arrival_s).all()
    assert run.budget.relative_error == 0


def test_the_step_follows_the_deepest_water():
    times = []
    simulate(flat(dx=10.0), duration_s=30, initial_depth=2.5, progress=lambda t, n: times.append(t))
    expected = Scheme().alpha * 10 / np.sqrt(9.80665 * 2.5)
    assert np.diff(times)[:-2] == pytest.approx(expected)


def test_arrival_and_duration_are_those_of_the_snapshots():
    terrain = channel(40, 10.0, slope=0.01)
    times = np.arange(2.0, 902.0, 2.0)
    run = simulate(terrain, duration_s=900, inflows=[Inflow(0, [0, 100, 200], [0, 8, 0])], snapshots_s=times,
                   scheme=Scheme(dt_max_s=1.0))  # fmt: skip
    maps = np.stack([run.snapshots[t][0] for t in times]) >= 0.05
    first = np.where(maps.any(0), times[maps.argmax(0)], np.nan)
    np.testing.assert_array_equal(np.isnan(run.arrival_s[0]), np.isnan(first))
    np.testing.assert_allclose(run.arrival_s[0], first, atol=2.0)
    np.testing.assert_allclose(run.wet_duration_s[0], maps.sum(0) * 2.0, atol=8.0)
    assert (np.diff(run.arrival_s[0]) > 0).all()
    assert run.arrival_s.min() > 0
    np.testing.assert_array_equal(run.wet, ~np.isnan(run.arrival_s))


def test_ground_wet_from_the_start_arrives_at_zero_and_lasts_to_the_end():
    run = simulate(flat(), duration_s=500, initial_depth=0.4)
    assert (run.arrival_s == 0).all()
    np.testing.assert_allclose(run.wet_duration_s, 500.0)
    np.testing.assert_array_equal(run.max_depth, run.depth)


def test_a_threshold_of_one_centimetre_wets_more_ground():
    rain = Rain([0, 600], [100.0])
    few, many = (simulate(rough(), duration_s=900, rain=rain, wet_depth_m=d).wet.sum() for d in (0.1, 0.01))
    assert 0 < few < many


def test_speed_is_discharge_over_depth():
    terrain = channel(30, 20.0, slope=0.001)
    run = simulate(terrain, duration_s=3600, edges=Edges(west=WaterLevel([0], [1.55])))
    speed = np.abs(0.5 * (run.flux_x[0, 1:] + run.flux_x[0, :-1])) / run.depth[0]
    assert (run.max_speed[0] >= speed * (1 - 1e-9)).all()
    assert 0.3 < run.max_speed.max() < 3


def test_snapshots_lie_at_their_times_and_the_last_is_the_end():
    terrain = rough()
    run = simulate(terrain, duration_s=60, initial_depth=pond(terrain), snapshots_s=[60, 12.5])
    assert list(run.snapshots) == [12.5, 60]
    np.testing.assert_array_equal(run.snapshots[60], run.depth)
    half = simulate(terrain, duration_s=12.5, initial_depth=pond(terrain))
    np.testing.assert_array_equal(run.snapshots[12.5], half.depth)


@pytest.mark.parametrize("threads", [1, 3])
def test_a_run_resumed_ends_as_one_that_never_stopped(threads):
    terrain = with_holes(rough())
    cells = np.flatnonzero(terrain.inside.ravel())
    given = {
        "rain": Rain([0, 200], [150.0]), "losses": Losses(80.0), "pumps": [Pump(int(cells[30]), 0.2)],
        "barriers": [Barrier(2.0, west_of=cells[5:50:3], until_s=150)], "threads": threads,
    }  # fmt: skip
    whole = simulate(terrain, duration_s=300, initial_depth=pond(terrain), snapshots_s=[100.0], **given)
    half = simulate(terrain, duration_s=100, initial_depth=pond(terrain), **given)
    rest = simulate(terrain, duration_s=300, resume=half, **given)
    for name in ("depth", "max_depth", "arrival_s", "flux_x", "flux_y"):
        np.testing.assert_array_equal(getattr(rest, name), getattr(whole, name), err_msg=name)
    np.testing.assert_allclose(rest.wet_duration_s, whole.wet_duration_s, atol=1e-9)
    np.testing.assert_allclose(rest.max_speed, whole.max_speed, rtol=1e-14)
    assert (rest.steps, rest.time_s, rest.pumping) == (whole.steps, 300, whole.pumping)
    assert rest.budget.rain == pytest.approx(whole.budget.rain)
    assert rest.budget.relative_error <= 1e-12


def test_a_caller_can_stop_a_run():
    run = simulate(flat(), duration_s=1000, initial_depth=1.0, progress=lambda time, steps: time < 100)
    assert run.stopped
    assert 100 <= run.time_s < 110
    assert simulate(flat(), duration_s=200, resume=run).time_s == 200


def test_inputs_are_left_as_they_were():
    terrain = rough()
    z, depth = np.array(terrain.elevation), pond(terrain)
    given = depth.copy()
    simulate(terrain, duration_s=20, initial_depth=depth)
    np.testing.assert_array_equal(depth, given)
    np.testing.assert_array_equal(terrain.elevation, z)


def test_a_step_that_collapses_names_the_cell_and_the_reason():
    depth = np.zeros((10, 20))
    depth[7, 12] = 400.0
    with pytest.raises(
        TimeStepError, match=r"dt_min_s = 0\.5 s.*row 7, col 12 \(x 500125\.00, y 2000075\.00\)"
    ) as caught:
        simulate(flat(), duration_s=100, initial_depth=depth, scheme=Scheme(dt_min_s=0.5))
    error = caught.value
    assert (error.row, error.col, error.depth_m, error.time_s) == (7, 12, 400.0, 0.0)
    assert error.dt_s == pytest.approx(Scheme().alpha * 10 / np.sqrt(9.80665 * 400))


def test_a_step_that_collapses_later_says_when():
    with pytest.raises(TimeStepError) as caught:
        simulate(
            flat(nx=5, ny=5), duration_s=1000, inflows=[Inflow(12, [0, 1000], [0, 5000])], scheme=Scheme(dt_min_s=0.4)
        )
    assert caught.value.time_s > 0
    assert max(abs(caught.value.row - 2), abs(caught.value.col - 2)) <= 1


def test_a_depth_that_is_not_a_number_names_its_cell():
    terrain = flat()
    run = simulate(terrain, duration_s=10, initial_depth=1.0)
    torn = run.flux_x.copy()
    torn[4, 9] = np.nan
    with pytest.raises(TimeStepError, match="not a number") as caught:
        simulate(terrain, duration_s=20, resume=replace(run, flux_x=torn))
    assert caught.value.row == 4
    assert abs(caught.value.col - 9) <= 2


@pytest.mark.parametrize(
    ("wrong", "argument"),
    [
        ({"duration_s": 0}, "duration_s"),
        ({"duration_s": np.inf}, "duration_s"),
        ({"initial_depth": -0.1}, "initial_depth"),
        ({"initial_depth": np.nan}, "initial_depth"),
        ({"initial_depth": np.zeros((2, 2))}, "initial_depth"),
        ({"wet_depth_m": 0.0}, "wet_depth_m"),
        ({"snapshots_s": [20.0]}, "snapshots_s"),
        ({"threads": 0}, "threads"),
        ({"losses": Losses(np.full((3, 3), 80.0)), "rain": Rain([0, 1], [1.0])}, "curve_number"),
        ({"rain": Rain([0, 1], [1.0], factor=np.full((10, 20), -1.0))}, "factor"),
        ({"rain": Rain([0, 1], [[1.0, 2.0]], zone=np.full((10, 20), 2))}, "zone"),
        ({"edges": Edges(west=WaterLevel([0], [1.0], first=5, last=40))}, "edges.west"),
    ],
)
def test_a_run_that_can_not_be_done_names_its_argument(wrong, argument):
    with pytest.raises(ArgumentError) as caught:
        simulate(flat(), **{"duration_s": 10, **wrong})
    assert caught.value.argument == argument


def test_a_run_is_not_resumed_on_other_ground_or_with_another_threshold():
    run = simulate(flat(), duration_s=10)
    for terrain, more in ((flat(nx=21), {}), (flat(), {"wet_depth_m": 0.1}), (flat(), {"pumps": [Pump(0, 1.0)]}),
                          (flat(), {"initial_depth": 1.0}), (flat(), {"duration_s": 5})):  # fmt: skip
        with pytest.raises(ArgumentError):
            simulate(terrain, **{"duration_s": 20, "resume": run, **more})
