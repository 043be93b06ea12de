"""Where the domain ends: no opening counts twice, no side differs from another, and what is closed says so."""

import warnings

import numpy as np
import pytest

from maehia.hazards.flood import (
    Barrier,
    ClosedSideWarning,
    Edges,
    FreeOutflow,
    Outlet,
    Pump,
    Rain,
    Scheme,
    Terrain,
    TimeStepError,
    WaterLevel,
    simulate,
)
from maehia.hazards.flood.tests.places import flat
from maehia.impact import ArgumentError, Grid

OPEN = Edges(*[FreeOutflow(0.5)] * 4)


def ground(z, dx=10.0, dy=10.0, manning=0.03):
    z = np.atleast_2d(z)
    return Terrain(Grid(0, 0, dx, dy, z.shape[1], z.shape[0]), z, manning)


@pytest.mark.parametrize(
    "edges",
    [
        Edges(west=FreeOutflow(), outlets=(Outlet([0, 20]),)),
        Edges(outlets=(Outlet([0, 0]), Outlet([0, 20]))),
        Edges(west=FreeOutflow(), south=FreeOutflow(), outlets=(Outlet([0]),)),
    ],
)
@pytest.mark.parametrize("threads", [1, 2])
def test_a_face_that_is_opened_twice_lets_its_water_out_once(edges, threads):
    run = simulate(flat(), duration_s=300, initial_depth=1.0, edges=edges, threads=threads)
    assert run.budget.edge_out > 100
    assert run.budget.relative_error <= 1e-12


def test_where_a_side_and_an_outlet_share_a_face_the_outlet_decides():
    def out(**edges):
        return simulate(flat(), duration_s=60, initial_depth=1.0, edges=Edges(**edges)).budget.edge_out

    cells = (Outlet(np.arange(1, 9) * 20, slope=0.02),)  # not in the corners: these look at two sides
    both = out(west=FreeOutflow(0.001, first=1, last=9), outlets=cells)
    assert both == out(west=FreeOutflow(0.02, first=1, last=9))
    assert both > 1.5 * out(west=FreeOutflow(0.001, first=1, last=9))


def test_an_outlet_at_a_side_with_a_level_is_refused():
    with pytest.raises(ArgumentError, match=r"outlets\.cells\[1\].*WaterLevel"):
        simulate(flat(), duration_s=10, edges=Edges(west=WaterLevel([0], [1.0]), outlets=(Outlet([5, 40]),)))


@pytest.mark.parametrize("turns", [1, 2, 3])
@pytest.mark.parametrize("rough", [False, True])
def test_a_turned_map_floods_alike_whichever_side_the_level_stands_at(turns, rough):
    dice = np.random.default_rng(0)
    z, manning = dice.random((12, 12)), 0.02 + 0.2 * dice.random((12, 12)) if rough else np.full((12, 12), 0.03)
    sides = (WaterLevel([0, 100], [0.5, 1.5]), FreeOutflow(0.01), None, None)  # west, east, south, north

    def run(n):
        west, east, south, north = sides
        for _ in range(n):  # np.rot90 puts the east column into the southern row
            west, east, south, north = south, north, east, west
        terrain = ground(np.rot90(z, n), manning=np.rot90(manning, n))
        return simulate(terrain, duration_s=200, edges=Edges(west, east, south, north)).depth

    assert run(0).max() > 0.3
    np.testing.assert_allclose(run(turns), np.rot90(run(0), turns), atol=1e-12)


def test_a_level_that_collapses_the_step_is_named_with_its_side_and_not_a_dry_cell():
    edges = Edges(north=WaterLevel([0, 100], [0, 1e9], first=7, last=8))
    with pytest.raises(TimeStepError, match=r"level outside the north edge stands .* m.*row 9, col 7 ") as caught:
        simulate(flat(), duration_s=600, edges=edges)
    assert (caught.value.row, caught.value.col) == (9, 7)


def test_an_open_side_without_ground_warns_that_it_is_closed():
    z = np.full((6, 8), np.nan)
    z[1:, 1:-1] = 0.0
    edges = Edges(west=FreeOutflow(), north=FreeOutflow(), south=WaterLevel([0], [0.2]))
    with pytest.warns(ClosedSideWarning, match=r"closed: west \(0 of 6.*, south \(0 of 8.*outlets"):
        run = simulate(ground(z), duration_s=60, initial_depth=0.1, edges=edges)
    assert run.budget.edge_in == 0
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        simulate(flat(), duration_s=10, edges=OPEN)


def test_only_the_part_of_a_side_that_is_opened_is_asked_for_ground():
    z = np.zeros((10, 10))
    z[:7, 0] = np.nan
    with pytest.warns(ClosedSideWarning, match="3 of 10"):
        simulate(ground(z), duration_s=10, edges=Edges(west=FreeOutflow()))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        simulate(ground(z), duration_s=10, edges=Edges(west=FreeOutflow(first=7)))


@pytest.mark.parametrize("side", ["west", "east", "south", "north"])
@pytest.mark.parametrize("what", [True, "open", 0.001, FreeOutflow])
def test_a_side_that_is_no_edge_is_refused_and_not_taken_for_closed(side, what):
    with pytest.raises(ArgumentError, match=f"{side}.*FreeOutflow, WaterLevel or None"):
        Edges(**{side: what})


def test_outlets_are_outlets_in_any_sequence():
    assert Edges(outlets=[Outlet([0])]).outlets[0].cells.tolist() == [0]
    with pytest.raises(ArgumentError, match="no Outlet"):
        Edges(outlets=[np.array([0])])


def test_a_run_stops_when_progress_says_false_in_the_words_of_numpy_too():
    for answer in (False, np.bool_(False)):
        run = simulate(flat(), duration_s=60, initial_depth=1.0, progress=lambda time, steps, say=answer: say)
        assert (run.stopped, run.steps) == (True, 1)
    assert not simulate(flat(), duration_s=60, progress=lambda time, steps: 0).stopped


def test_a_pump_to_no_ground_names_where_it_lifts_to():
    z = np.zeros((2, 3))
    z[1, 2] = np.nan
    with pytest.raises(ArgumentError, match=r"pumps\.to\[0\]: lies on a cell without ground"):
        simulate(ground(z), duration_s=10, pumps=[Pump(0, 1.0, to=5)])


@pytest.mark.parametrize("shape", [(1, 1), (1, 40), (40, 1), (2, 2), (13, 9)])
@pytest.mark.parametrize(("dx", "dy"), [(10, 10), (1, 100), (5000, 5000)])
@pytest.mark.parametrize("height", [1.0, 1000.0])
def test_water_is_kept_account_of_on_any_ground(shape, dx, dy, height):
    """One cell, one row, cells of 5 km, long cells, cliffs of 1000 m and ground below the sea; all sides open."""
    z = height * np.random.default_rng(1).random(shape) - 900
    run = simulate(ground(z, dx, dy), duration_s=400, rain=Rain([0, 200], [200.0]), edges=OPEN, threads=2)
    assert run.budget.rain == pytest.approx(z.size * dx * dy * 200 / 3600 / 1000 * 200)
    assert run.budget.relative_error <= 1e-12
    assert (run.depth >= 0).all()


def test_calm_water_over_rough_ground_does_not_drift_in_a_week():
    z = np.random.default_rng(2).random((4, 5))
    run = simulate(ground(z, dx=100.0, dy=100.0), duration_s=6e5, initial_depth=2 - z)
    np.testing.assert_array_equal(run.depth, 2 - z)
    assert run.wet_duration_s.max() == 6e5


def test_the_froude_limit_holds_on_a_wall_too():
    """Water that falls over a crest is fastest there."""
    z, depth = np.zeros((1, 40)), np.zeros((1, 40))
    depth[:, :20] = 3.0
    terrain, wall = ground(z), Barrier(2.0, west_of=[20])
    scheme = Scheme(froude=0.1, dt_max_s=0.02)
    before = simulate(terrain, duration_s=3.0, initial_depth=depth, barriers=[wall], scheme=scheme)
    after = simulate(terrain, duration_s=3.02, resume=before, barriers=[wall], scheme=scheme)
    deep = before.depth[0, 19] - 2.0
    assert after.flux_x[0, 20] == pytest.approx(0.1 * deep * np.sqrt(9.80665 * deep), rel=1e-9)


@pytest.mark.parametrize("was", [True, False])
def test_a_run_is_not_resumed_where_the_ground_ends_elsewhere(was):
    whole, torn = np.zeros((10, 20)), np.zeros((10, 20))
    torn[3, 3] = np.nan
    first, then = (torn, whole) if was else (whole, torn)
    run = simulate(ground(first), duration_s=10, initial_depth=0.3)
    with pytest.raises(ArgumentError, match=r"resume\[63\]"):
        simulate(ground(then), duration_s=20, resume=run)
