"""Solutions known on paper. What is far off by physics is measured here too, and named as a limit."""

import numpy as np
import pytest

from maehia.hazards.flood import Drain, Edges, FreeOutflow, Inflow, Scheme, StepWarning, WaterLevel, simulate
from maehia.hazards.flood.tests.places import (
    channel,
    flat,
    inertial_run_up,
    l1,
    ritter,
    rough,
    run_up,
    stoker,
    with_holes,
)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("level", [0.8, 1.7, 5.0])
def test_a_lake_at_rest_stays_at_rest_about_islands_too(seed, level):
    """Over rough ground, with dry cells that rise out of the water and cells outside the domain."""
    terrain = with_holes(rough(seed=seed))
    depth = np.maximum(level - np.nan_to_num(terrain.elevation), 0.0) * terrain.inside
    run = simulate(terrain, duration_s=1800, initial_depth=depth)
    wet = depth > 0
    assert (level >= 5) == bool(wet[terrain.inside].all())
    assert np.abs(run.depth[wet] + terrain.elevation[wet] - level).max() <= 1e-12
    assert (run.depth[terrain.inside & ~wet] == 0).all()
    assert np.nanmax(run.max_speed) <= 1e-12


def _run_up(exact, manning, speed, duration, dx, length):
    terrain = channel(round(length / dx), dx, manning=manning)
    times = np.linspace(0, duration, 2001)
    edge = WaterLevel(times, exact(-dx / 2, times, manning, speed))
    run = simulate(terrain, duration_s=duration, edges=Edges(west=edge))
    assert run.budget.relative_error <= 1e-12
    return l1(run.depth[0], exact((np.arange(terrain.grid.nx) + 0.5) * dx, duration, manning, speed))


@pytest.mark.parametrize(
    ("manning", "speed", "duration", "dx", "error"),
    [(0.03, 1.0, 3600, 25, 0.0168), (0.01, 0.4, 9000, 25, 0.0152), (0.03, 0.5, 3600, 25, 0.0066)],
)
def test_a_wave_runs_over_a_dry_plane_as_hunter_2005(manning, speed, duration, dx, error):
    """L1 within 2 %. What is left is the advection that the equations leave out (next test)."""
    found = _run_up(run_up, manning, speed, duration, dx, 5000)
    assert found <= 0.02
    assert found == pytest.approx(error, abs=5e-4)


def test_the_same_wave_without_advection_is_met_ever_closer():
    """Against the travelling wave of the solver's own equations the error halves with the cell."""
    errors = [_run_up(inertial_run_up, 0.03, 1.0, 3600, dx, 5000) for dx in (40, 20, 10)]
    assert errors[2] <= 0.004
    assert errors[0] / errors[1] == pytest.approx(2, rel=0.15)
    assert errors[1] / errors[2] == pytest.approx(2, rel=0.15)


def _dam(high, low, dx=5.0, duration=60.0):
    terrain = channel(400, dx, manning=0.005)
    x = (np.arange(400) + 0.5) * dx - 1000
    depth = np.where(x < 0, high, low)[None]
    run = simulate(terrain, duration_s=duration, initial_depth=depth)
    assert run.budget.relative_error <= 1e-12
    return x, run.depth[0]


@pytest.mark.parametrize(("low", "froude", "error"), [(3.0, 0.255, 0.0196), (2.5, 0.346, 0.0322), (2.0, 0.457, 0.0494)])
def test_a_dam_break_onto_water_is_within_five_per_cent_below_froude_one_half(low, froude, error):
    x, depth = _dam(5.0, low)
    known, number = stoker(x, 60.0, 5.0, low)
    assert number == pytest.approx(froude, abs=1e-3)
    assert l1(depth, known) <= 0.05
    assert l1(depth, known) == pytest.approx(error, abs=1e-3)


def test_a_dam_break_onto_dry_ground_is_a_known_limit():
    """Ritter: advection drives the front, and the equations have none. 16 % of the depth is misplaced, 66 % of the
    water that moved; a finer grid does not help."""
    x, depth = _dam(5.0, 0.0)
    known = ritter(x, 60.0, 5.0)
    start = np.where(x < 0, 5.0, 0.0)
    assert l1(depth, known) == pytest.approx(0.163, abs=0.005)
    assert np.abs(depth - known).sum() / np.abs(known - start).sum() == pytest.approx(0.66, abs=0.02)
    x, depth = _dam(5.0, 0.0, dx=2.5, duration=30.0)
    assert l1(depth, ritter(np.asarray((np.arange(400) + 0.5) * 2.5 - 1000), 30.0, 5.0)) > 0.05


@pytest.mark.parametrize(("slope", "manning", "flow"), [(0.001, 0.03, 1.0), (0.0005, 0.05, 0.5), (0.005, 0.08, 0.8)])
def test_uniform_flow_on_a_slope_comes_to_the_normal_depth(slope, manning, flow):
    """Manning: h = (q n / sqrt(S))^(3/5)."""
    terrain = channel(80, 20.0, slope=slope, manning=manning)
    river = Inflow(0, [0, 1e5], [flow * 20, flow * 20])
    run = simulate(terrain, duration_s=14_000, inflows=[river], edges=Edges(east=FreeOutflow(slope)))
    normal = (flow * manning / np.sqrt(slope)) ** 0.6
    assert run.depth[0, 20:70] == pytest.approx(normal, rel=0.005)
    assert run.flux_x[0, 10:80] == pytest.approx(flow, rel=1e-3)
    assert run.budget.relative_error <= 1e-12


def test_a_basin_settles_to_the_level_outside():
    run = simulate(flat(nx=20, ny=6), duration_s=4 * 3600, edges=Edges(north=WaterLevel([0, 600], [0.0, 1.5])))
    np.testing.assert_allclose(run.depth, 1.5, atol=2e-3)
    assert run.budget.edge_in > 0
    assert run.budget.relative_error <= 1e-12


@pytest.mark.parametrize("theta", [0.7, 0.9, 1.0])
def test_the_weight_of_the_neighbours_does_not_move_the_result(theta):
    terrain = channel(100, 25.0)
    times = np.linspace(0, 1800, 501)
    edge = Edges(west=WaterLevel(times, run_up(-12.5, times, 0.03, 1.0)))
    usual, other = (simulate(terrain, duration_s=1800, edges=edge, scheme=s) for s in (Scheme(), Scheme(theta=theta)))
    assert l1(other.depth, usual.depth) <= 0.005


def _ripples(scheme):
    """A gully takes 20 l/s out of a calm pond of 1 m: how far is any depth from the mean after 50 minutes?"""
    run = simulate(flat(nx=40, ny=40, manning=0.01), duration_s=3000, initial_depth=1.0, drains=[Drain(800, 0.02)],
                   scheme=scheme)  # fmt: skip
    return np.abs(run.depth - run.depth.mean()).max()


@pytest.mark.parametrize("theta", [0.7, 0.8, 0.9, 1.0])
def test_calm_water_stays_calm_up_to_the_stable_courant_number(theta):
    limit = Scheme(theta=theta).stable_alpha()
    assert _ripples(Scheme(theta=theta, alpha=0.98 * limit)) < 1e-3


def test_the_usual_settings_are_stable_and_those_of_the_papers_are_not():
    assert _ripples(Scheme()) < 1e-3
    with pytest.warns(StepWarning, match=r"beyond 0\.632"):
        assert _ripples(Scheme(theta=0.8, alpha=0.7)) > 0.1
