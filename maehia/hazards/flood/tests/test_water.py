"""Every cubic metre is accounted for, and rain, losses and rivers bring what they say."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maehia.hazards.flood import (
    Barrier,
    Drain,
    Edges,
    FreeOutflow,
    Inflow,
    Losses,
    Outlet,
    Pump,
    Rain,
    Scheme,
    Terrain,
    WaterLevel,
    simulate,
)
from maehia.hazards.flood.tests.places import channel, flat, l1, rough, with_holes
from maehia.hazards.infiltration import excess

STORM = Rain([0, 600, 1500, 2400], [30.0, 120.0, 15.0])


def test_rain_on_a_closed_plane_lies_as_deep_as_it_fell():
    run = simulate(flat(), duration_s=3600, rain=STORM)
    fallen = (30 * 600 + 120 * 900 + 15 * 900) / 3600 / 1000
    np.testing.assert_allclose(run.depth, fallen, rtol=1e-12)
    assert run.budget.rain == pytest.approx(fallen * 200 * 100, rel=1e-12)
    assert run.budget.infiltrated == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize("ratio", [0.2, 0.05])
def test_losses_are_those_of_the_curve_number(ratio):
    run = simulate(flat(), duration_s=3600, rain=STORM, losses=Losses(85.0, ratio))
    fallen = (30 * 600 + 120 * 900 + 15 * 900) / 3600
    np.testing.assert_allclose(run.depth, excess(fallen, 85.0, initial_ratio=ratio) / 1000, rtol=1e-11)
    assert run.budget.relative_error <= 1e-12
    assert run.budget.infiltrated == pytest.approx(run.budget.rain - run.budget.stored, rel=1e-12)


def test_a_curve_number_of_100_takes_nothing():
    run = simulate(flat(), duration_s=600, rain=STORM, losses=Losses(100.0))
    assert run.budget.infiltrated == pytest.approx(0, abs=1e-12)
    assert run.budget.stored == pytest.approx(run.budget.rain, rel=1e-13)


def test_zones_factors_and_curve_numbers_meet_in_each_cell():
    """Cells apart by walls, so that each keeps its own rain."""
    terrain = flat(nx=4, ny=3)
    zone = np.array([[0, 1, 0, 1]] * 3)
    factor = np.array([[1.0] * 4, [0.5] * 4, [0.0] * 4])
    number = np.where(np.arange(4) < 2, 100.0, 80.0) * np.ones((3, 1))
    rain = Rain([0, 1800], [[100.0, 200.0]], factor, zone)
    walls = Barrier.around(terrain.grid, np.arange(12), 5.0)
    run = simulate(terrain, duration_s=1800, rain=rain, losses=Losses(number), barriers=[walls])
    fallen = factor * np.where(zone == 0, 50.0, 100.0)
    np.testing.assert_allclose(run.depth, excess(fallen, number) / 1000, rtol=1e-11, atol=1e-15)


def test_no_rain_falls_where_there_is_no_ground():
    terrain = with_holes(rough())
    run = simulate(terrain, duration_s=900, rain=STORM)
    fallen = (30 * 600 + 120 * 300) / 3600 / 1000
    assert run.budget.rain == pytest.approx(fallen * terrain.inside.sum() * 100, rel=1e-12)
    assert np.isnan(run.depth[~terrain.inside]).all()
    assert np.isfinite(run.depth[terrain.inside]).all()
    assert run.budget.relative_error <= 1e-12


def test_a_river_brings_the_area_under_its_hydrograph():
    river = Inflow([3, 45], [100, 400, 1000], [0.0, 6.0, 0.0])
    run = simulate(flat(), duration_s=2000, inflows=[river])
    assert run.budget.inflow == pytest.approx(0.5 * 6 * 900, rel=1e-12)
    assert run.budget.stored == pytest.approx(2700, rel=1e-12)


def test_a_river_on_dry_ground_does_not_pile_up():
    """200 m3/s on one dry cell of 10 m: a full step would set 20 m of water there."""
    run = simulate(flat(nx=21, ny=21), duration_s=60, inflows=[Inflow(220, [0, 60], [200, 200])])
    assert run.max_depth.max() < 4
    assert run.budget.relative_error <= 1e-12


def test_water_runs_off_an_open_side_and_none_comes_back():
    run = simulate(channel(20, 10.0, slope=0.01, ny=3), duration_s=7200, initial_depth=0.5,
                   edges=Edges(east=FreeOutflow(0.01)))  # fmt: skip
    assert run.budget.edge_in == 0
    assert run.budget.edge_out > 0.98 * run.budget.started
    assert run.budget.relative_error <= 1e-12


def test_only_the_open_part_of_a_side_lets_water_out():
    terrain = flat(nx=6, ny=6)
    walls = [Barrier.along(terrain.grid, [500_000, 500_060], [2_000_030, 2_000_030], 9.0)]
    run = simulate(terrain, duration_s=3600, initial_depth=1.0, barriers=walls,
                   edges=Edges(west=FreeOutflow(0.01, first=0, last=2)))  # fmt: skip
    np.testing.assert_allclose(run.depth[3:], 1.0, atol=1e-12)
    assert run.depth[:3].max() < 0.5


def test_an_outlet_inside_the_raster_lets_water_out_towards_no_ground():
    z = np.zeros((9, 9))
    z[:, 6:] = np.nan
    terrain = Terrain(flat(nx=9, ny=9).grid, z)
    gate = Outlet(np.array([4 * 9 + 5]), slope=0.01)
    for threads in (1, 2):
        run = simulate(terrain, duration_s=1800, initial_depth=np.where(np.isnan(z), 0.0, 1.0),
                       edges=Edges(outlets=(gate,)), threads=threads)  # fmt: skip
        assert run.budget.edge_out > 0.5 * run.budget.started
        assert run.budget.relative_error <= 1e-12


def test_a_falling_level_outside_draws_the_water_off():
    level = WaterLevel([0, 1800], [1.0, 0.2])
    run = simulate(flat(nx=8, ny=8), duration_s=4 * 3600, initial_depth=1.0, edges=Edges(south=level))
    np.testing.assert_allclose(run.depth, 0.2, atol=2e-3)
    assert run.budget.edge_out > 0
    assert run.budget.relative_error <= 1e-12


@settings(max_examples=8, deadline=None)
@given(seed=st.integers(0, 9999), holes=st.booleans(), open_side=st.sampled_from(["west", "east", "south", "north"]),
       threads=st.integers(1, 3))  # fmt: skip
def test_nothing_is_lost_when_everything_happens_at_once(seed, holes, open_side, threads):
    """Rain, losses, a river, drains, a pump, a wall that breaks, a tide and an open side."""
    terrain = rough(nx=18, ny=16, seed=seed)
    terrain = with_holes(terrain, 0.1, seed) if holes else terrain
    rng = np.random.default_rng(seed)
    cells = rng.permutation(np.flatnonzero(terrain.inside.ravel()))
    tide = {"west": "east", "east": "west", "south": "north", "north": "south"}[open_side]
    edges = Edges(**{open_side: FreeOutflow(0.01), tide: WaterLevel([0, 600, 1200], [0.0, 1.2, 0.1])})
    run = simulate(
        terrain, duration_s=1200, rain=STORM, losses=Losses(rng.integers(60, 101, terrain.grid.shape).astype(float)),
        inflows=[Inflow(cells[:2], [0, 900, 1800], [0, 3, 1])], drains=[Drain(cells[2:8], 0.02)],
        pumps=[Pump(int(cells[9]), 0.3, to=int(cells[10])), Pump(int(cells[11]), 0.3, off_from_s=600)],
        barriers=[Barrier.around(terrain.grid, cells[20:40], 3.0, until_s=700)], edges=edges, threads=threads,
    )  # fmt: skip
    budget = run.budget
    assert min(budget.rain, budget.infiltrated, budget.inflow, budget.edge_in, budget.edge_out, budget.drained) > 0
    assert budget.relative_error <= 1e-12
    assert run.depth[terrain.inside].min() >= 0
    assert (run.max_depth[terrain.inside] >= run.depth[terrain.inside]).all()


def test_mirrored_and_turned_ground_floods_alike():
    terrain = rough(nx=15, ny=15)
    rng = np.random.default_rng(6)
    depth = np.where(rng.random((15, 15)) < 0.3, 1.5, 0.0)
    plain = simulate(terrain, duration_s=120, initial_depth=depth, threads=2)
    for turn in (np.fliplr, np.flipud, np.transpose, np.rot90):
        other = simulate(Terrain(terrain.grid, turn(terrain.elevation)), duration_s=120, initial_depth=turn(depth))
        assert other.steps == plain.steps
        np.testing.assert_allclose(other.depth, turn(plain.depth), atol=1e-10)
        np.testing.assert_allclose(other.max_speed, turn(plain.max_speed), atol=1e-8)


def test_deeper_rain_never_leaves_shallower_water_on_a_plane():
    depths = [simulate(flat(), duration_s=600, rain=Rain([0, 600], [rate])).depth.mean() for rate in (10.0, 20.0, 40.0)]
    assert depths == sorted(depths)
    assert depths[2] == pytest.approx(4 * depths[0])


def test_depths_of_a_film_of_rain_come_closer_as_the_step_shrinks():
    base = rough(nx=20, ny=20, bumps=0.05)
    terrain = Terrain(base.grid, 0.1 * base.elevation)
    best, *others = (
        simulate(terrain, duration_s=1200, rain=STORM, scheme=Scheme(alpha=alpha, dt_max_s=longest)).depth
        for alpha, longest in ((0.05, 5.0), (0.2, 5.0), (0.6, 5.0), (0.6, 10.0))
    )
    errors = [l1(depth, best) for depth in others]
    assert errors == sorted(errors)
    assert errors[1] < 0.01 < errors[2] < 0.05
