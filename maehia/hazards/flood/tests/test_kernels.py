"""The compiled pass equals the plain equations, whatever the ground, the strips and the walls."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maehia.base.compiled import compiled
from maehia.hazards.flood import (
    Barrier,
    Drain,
    Edges,
    FreeOutflow,
    Losses,
    Pump,
    Rain,
    Scheme,
    Terrain,
    WaterLevel,
    simulate,
    warm,
)
from maehia.hazards.flood.kernels import _inverse_cube_root, sweep
from maehia.hazards.flood.points import move
from maehia.hazards.flood.tests import oracle
from maehia.hazards.flood.tests.places import flat, rough, with_holes


@compiled(contract=True)
def _roots(x, out):
    for k in range(x.size):
        out[k] = _inverse_cube_root(x[k])


def test_the_cube_root_is_right_to_two_units_in_the_last_place():
    x = np.concatenate([np.exp(np.linspace(-14, 12, 300_001)), 2.0 ** np.arange(-60, 60)])
    found = np.empty_like(x)
    _roots(x, found)
    assert np.abs(found * np.cbrt(x) - 1).max() <= 2 * np.finfo(float).eps


def waves(terrain, seed=3, deep=0.6):
    rng = np.random.default_rng(seed)
    depth = deep * rng.random(terrain.grid.shape) * (rng.random(terrain.grid.shape) > 0.3)
    return np.where(terrain.inside, depth, 0.0)


@pytest.mark.parametrize("threads", [1, 3])
@pytest.mark.parametrize("holes", [False, True])
def test_depths_equal_the_plain_equations(threads, holes):
    terrain = with_holes(rough()) if holes else rough()
    depth = waves(terrain)
    known, most, steps = oracle.run(terrain, depth, 60.0, Scheme())
    run = simulate(terrain, duration_s=60, initial_depth=depth, threads=threads)
    assert run.steps == steps
    inside = terrain.inside
    np.testing.assert_allclose(run.depth[inside], known[inside], rtol=0, atol=1e-11)
    np.testing.assert_allclose(run.max_depth[inside], most[inside], rtol=0, atol=1e-11)


def test_a_map_of_roughness_is_used_at_the_mean_of_both_cells():
    base = rough(nx=13, ny=9)
    terrain = Terrain(base.grid, base.elevation, np.random.default_rng(2).uniform(0.01, 0.2, base.grid.shape))
    depth = waves(terrain)
    run = simulate(terrain, duration_s=40, initial_depth=depth)
    np.testing.assert_allclose(run.depth, oracle.run(terrain, depth, 40.0, Scheme())[0], rtol=0, atol=1e-11)


def test_the_froude_limit_equals_the_plain_one():
    terrain, scheme = rough(nx=13, ny=9, bumps=3.0), Scheme(froude=0.5)
    depth = waves(terrain)
    known = oracle.run(terrain, depth, 40.0, scheme)[0]
    assert np.abs(known - oracle.run(terrain, depth, 40.0, Scheme())[0]).max() > 0.01
    np.testing.assert_allclose(
        simulate(terrain, duration_s=40, initial_depth=depth, scheme=scheme).depth, known, rtol=0, atol=1e-11
    )


def test_cells_that_are_not_square_keep_their_own_slopes():
    base = rough(nx=12, ny=11)
    grid = type(base.grid)(0, 0, 5.0, 15.0, 12, 11)
    terrain = Terrain(grid, base.elevation)
    depth = waves(terrain)
    run = simulate(terrain, duration_s=30, initial_depth=depth, threads=2)
    np.testing.assert_allclose(run.depth, oracle.run(terrain, depth, 30.0, Scheme())[0], rtol=0, atol=1e-11)


def test_barriers_equal_a_raised_bed_between_cells():
    terrain = rough(nx=14, ny=12)
    rng = np.random.default_rng(8)
    west, south = rng.choice(168, 40, replace=False), rng.choice(168, 40, replace=False)
    over = (np.full((12, 15), -np.inf), np.full((13, 14), -np.inf))
    over[0][west // 14, west % 14] = 1.2
    over[1][south // 14, south % 14] = 1.2
    depth = waves(terrain, deep=1.5)
    known = oracle.run(terrain, depth, 40.0, Scheme(), crests=over)[0]
    run = simulate(terrain, duration_s=40, initial_depth=depth, barriers=[Barrier(1.2, west, south)], threads=3)
    np.testing.assert_allclose(run.depth, known, rtol=0, atol=1e-11)


def test_rain_equals_the_plain_gain():
    terrain = with_holes(rough(nx=16, ny=12))
    known = oracle.run(terrain, np.zeros(terrain.grid.shape), 600.0, Scheme(), rate=100 / 3.6e6)[0]
    run = simulate(terrain, duration_s=600, rain=Rain([0, 600], [100.0]), threads=2)
    np.testing.assert_allclose(run.depth[terrain.inside], known[terrain.inside], rtol=0, atol=1e-11)


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000), threads=st.integers(2, 5), wet=st.floats(0.02, 1.0))
def test_the_number_of_threads_does_not_change_a_bit(seed, threads, wet):
    """Also where most cells are dry and rows are left out of the pass."""
    terrain = with_holes(rough(nx=17, ny=21, seed=seed), seed=seed)
    rng = np.random.default_rng(seed)
    depth = np.where(terrain.inside & (rng.random(terrain.grid.shape) < wet * 0.1), 2.0, 0.0)
    sides = {"west": WaterLevel([0, 90], [0.0, 1.5]), "north": FreeOutflow(0.01)} if seed % 2 else {}
    given = {"duration_s": 90, "initial_depth": depth, "edges": Edges(**sides)}
    one, many = (simulate(terrain, **given, threads=t) for t in (1, threads))
    for name in ("depth", "max_depth", "arrival_s", "wet_duration_s", "max_speed", "flux_x", "flux_y"):
        np.testing.assert_array_equal(getattr(one, name), getattr(many, name), err_msg=name)


def test_dry_rows_left_out_do_not_change_a_bit(monkeypatch):
    """A single wet corner, and the same run with every row and column visited."""
    terrain = rough(nx=40, ny=40, seed=4)
    depth = np.zeros(terrain.grid.shape)
    depth[:4, :4] = 3.0
    quick = simulate(terrain, duration_s=300, initial_depth=depth, threads=2)
    monkeypatch.setattr("maehia.hazards.flood.basin.shrink", lambda strip: None)
    monkeypatch.setattr("maehia.hazards.flood.run.SHRINK_EVERY", 1)
    whole = simulate(terrain, duration_s=300, initial_depth=depth, threads=2)
    assert np.count_nonzero(quick.depth) < depth.size
    for name in ("depth", "max_depth", "arrival_s", "wet_duration_s", "max_speed"):
        np.testing.assert_array_equal(getattr(quick, name), getattr(whole, name), err_msg=name)


def test_a_cell_pays_out_no_more_than_it_has():
    """Thin water on steep ground: the plain scheme would leave less than nothing."""
    base = flat(nx=30, ny=4)
    terrain = Terrain(base.grid, np.broadcast_to(-3.0 * np.arange(30), (4, 30)).copy())
    depth = np.zeros((4, 30))
    depth[:, 3] = 0.02
    unlimited = oracle._discharge(depth, terrain.elevation, np.full((4, 30), 0.03), np.zeros((4, 31)), 5.0, 10.0, Scheme(), 1,
                                  np.full((4, 31), -np.inf))  # fmt: skip
    assert unlimited[0, 4] * 5.0 / 10.0 > depth[0, 3]
    run = simulate(terrain, duration_s=60, initial_depth=depth, snapshots_s=np.arange(1.0, 60.0))
    assert min(one.min() for one in run.snapshots.values()) >= 0
    assert run.budget.relative_error <= 1e-14


def test_one_compiled_pass_serves_all_inputs():
    """An int among the numbers, or rain by class, must not compile it again: that takes seconds."""
    warm()
    base = with_holes(rough(nx=9, ny=9))
    mapped = Terrain(base.grid, base.elevation, np.full((9, 9), 0.05))
    rain, cell = Rain([0, 5], [50]), int(np.flatnonzero(base.inside.ravel())[0])
    simulate(mapped, duration_s=10, rain=rain, wet_depth_m=1, scheme=Scheme(theta=1, dt_max_s=2, froude=1), threads=2)
    simulate(base, duration_s=9, rain=rain, losses=Losses(80), pumps=[Pump(cell, 1)], drains=[Drain(cell, 1)],
             edges=Edges(west=WaterLevel([0], [2]), east=FreeOutflow(1)), barriers=[Barrier(2, [11, 12])])  # fmt: skip
    assert len(sweep.signatures) == len(move.signatures) == 1
