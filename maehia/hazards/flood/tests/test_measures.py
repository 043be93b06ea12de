"""The same run with and without a measure: what a wall, a drain and a pump change, and what they do not."""

import numpy as np
import pytest

from maehia.hazards.flood import Barrier, Drain, Edges, FreeOutflow, Inflow, Pump, simulate
from maehia.hazards.flood.tests.places import channel, flat
from maehia.impact import ArgumentError


def walled(crest, threads=1, **more):
    """A flume of 40 x 4 cells, its western fifth under 2 m of water behind a wall."""
    terrain = flat(nx=40, ny=8)
    grid = terrain.grid
    depth = np.zeros(grid.shape)
    depth[:, :8] = 2.0
    wall = Barrier.along(grid, [grid.x0 + 80, grid.x0 + 80], [grid.y0, grid.y0 + 80], crest, **more)
    return simulate(terrain, duration_s=600, initial_depth=depth, barriers=[wall], threads=threads)


@pytest.mark.parametrize("threads", [1, 2])
def test_a_wall_holds_water_up_to_its_crest(threads):
    run = walled(2.0, threads)
    np.testing.assert_array_equal(run.depth[:, 8:], 0.0)
    np.testing.assert_allclose(run.depth[:, :8], 2.0, atol=1e-12)


def test_a_wall_that_is_overtopped_keeps_what_stands_below_its_crest():
    run = walled(1.2)
    assert run.depth[:, 8:].sum() > 10
    # it swings back and forth, and each swing tops the wall
    assert 1.1 <= run.depth[:, :8].min() <= run.depth[:, :8].max() <= 1.2
    assert run.budget.relative_error <= 1e-13


def test_a_wall_that_gives_way_lets_the_water_through():
    run = walled(5.0, until_s=300)
    assert np.nanmin(run.arrival_s[:, 8:]) > 300
    np.testing.assert_allclose(run.depth.sum(), 2.0 * 64, rtol=1e-12)
    assert run.depth[:, 8:].max() > 0.3


def test_a_wall_along_a_slanted_line_has_no_gap():
    terrain = flat(nx=30, ny=30)
    grid = terrain.grid
    wall = Barrier.along(
        grid, [grid.x0, grid.x0 + 131, grid.x0 + 300], [grid.y0 + 48, grid.y0 + 202, grid.y0 + 93], 9.0
    )
    start = np.zeros(grid.shape)
    start[29, 15] = 50.0
    run = simulate(terrain, duration_s=1800, initial_depth=start, barriers=[wall])
    assert (run.depth[0] == 0).all()
    assert (run.depth[29] > 0).all()
    assert wall.west_of.size + wall.south_of.size >= 30


def test_raised_cells_keep_water_out_and_in():
    terrain = flat(nx=9, ny=9)
    ring = Barrier.around(terrain.grid, [40], 3.0)
    run = simulate(terrain, duration_s=300, initial_depth=1.0, barriers=[ring], inflows=[Inflow(40, [0, 100], [1, 1])])
    assert run.depth[4, 4] == pytest.approx(2.0, abs=1e-9)
    others = np.delete(run.depth.ravel(), 40)
    np.testing.assert_allclose(others, 1.0, atol=1e-12)


def test_the_higher_of_two_walls_on_a_face_counts():
    terrain = flat(nx=2, ny=1)
    start = np.array([[2.0, 0.0]])
    low, high = Barrier(1.0, west_of=[1]), Barrier(3.0, west_of=[1])
    for walls in ([low, high], [high, low]):
        assert simulate(terrain, duration_s=60, initial_depth=start, barriers=walls).depth[0, 1] == 0


def test_a_wall_closes_an_open_side():
    wall = Barrier(1.0, west_of=[0])
    run = simulate(
        flat(nx=5, ny=1), duration_s=300, initial_depth=0.5, barriers=[wall], edges=Edges(west=FreeOutflow())
    )
    assert run.budget.edge_out == 0


def test_a_drain_takes_its_capacity_and_no_more_than_is_there():
    plenty = simulate(flat(), duration_s=1000, initial_depth=1.0, drains=[Drain([5, 105], [0.2, 0.3])])
    assert plenty.budget.drained == pytest.approx(500.0, rel=1e-11)
    little = simulate(flat(), duration_s=4000, initial_depth=0.001, drains=[Drain(np.arange(200), 0.2)])
    assert little.budget.drained == pytest.approx(20.0, rel=1e-9)
    assert little.depth.max() == 0


def test_a_pump_lifts_its_capacity_to_another_cell_or_out():
    terrain = flat(nx=20, ny=4)
    grid = terrain.grid
    dam = Barrier.along(grid, [grid.x0 + 100] * 2, [grid.y0, grid.y0 + 40], 9.0)
    start = np.zeros(grid.shape)
    start[:, :10] = 1.0
    for threads in (1, 2):
        pumps = [Pump(25, 0.1, to=75), Pump(2, 0.05)]
        run = simulate(terrain, duration_s=500, initial_depth=start, barriers=[dam], pumps=pumps, threads=threads)
        assert run.depth[:, 10:].sum() * 100 == pytest.approx(50.0, rel=1e-9)
        assert run.budget.pumped_out == pytest.approx(25.0, rel=1e-9)
        assert run.budget.relative_error <= 1e-13
        assert run.pumping == (True, True)


def test_a_pump_starts_and_stops_at_its_own_levels():
    """One cell that fills at 1 cm/s and is pumped at 3 cm/s: up to 0.5 m, down to 0.2 m, and again."""
    run = simulate(
        flat(nx=1, ny=1), duration_s=300, inflows=[Inflow(0, [0, 300], [1, 1])], snapshots_s=range(1, 301),
        pumps=[Pump(0, 3.0, start_m=0.5, stop_m=0.2)],
    )  # fmt: skip
    seen = np.array([run.snapshots[float(t)][0, 0] for t in range(1, 301)])
    assert seen.max() == pytest.approx(0.5, abs=0.02)
    after = seen[60:]
    assert after.min() == pytest.approx(0.2, abs=0.02)
    assert np.count_nonzero(np.diff(np.sign(np.diff(after))) > 0) >= 4
    assert run.budget.relative_error <= 1e-13


def test_a_pump_that_fails_stays_off():
    run = simulate(
        flat(), duration_s=1000, initial_depth=1.0, pumps=[Pump(50, 0.4, off_from_s=250.0)], snapshots_s=[250]
    )
    assert run.pumping == (False,)
    assert run.budget.pumped_out == pytest.approx(0.4 * 250, abs=0.4 * 3)


def test_a_pump_leaves_what_lies_below_its_stop_level():
    run = simulate(flat(nx=1, ny=1), duration_s=600, initial_depth=0.3, pumps=[Pump(0, 5.0, start_m=0.2, stop_m=0.12)])
    assert run.depth[0, 0] == pytest.approx(0.12, abs=1e-12)
    assert run.pumping == (False,)


def test_a_measure_changes_only_what_lies_behind_it():
    terrain = channel(30, 10.0, slope=0.002, ny=8)
    river = Inflow(np.arange(8) * 30, [0, 600], [2, 2])
    plain = simulate(terrain, duration_s=900, inflows=[river])
    drained = simulate(terrain, duration_s=900, inflows=[river], drains=[Drain([29], 0.5)])
    assert drained.depth[:, 25:].mean() < plain.depth[:, 25:].mean()
    np.testing.assert_allclose(drained.arrival_s[:, :20], plain.arrival_s[:, :20])


@pytest.mark.parametrize(
    ("make", "argument"),
    [
        (lambda: Drain([3], -0.1), "capacity_m3_s"),
        (lambda: Drain([3], np.nan), "capacity_m3_s"),
        (lambda: Drain([-1], 0.1), "cells"),
        (lambda: Drain([1.5], 0.1), "cells"),
        (lambda: Pump(3, -1.0), "capacity_m3_s"),
        (lambda: Pump(3, 1.0, start_m=0.1, stop_m=0.2), "start_m"),
        (lambda: Pump(3, 1.0, to=3), "to"),
        (lambda: Pump(3, 1.0, off_from_s=np.nan), "off_from_s"),
        (lambda: Barrier(np.nan, [3]), "crest_m"),
        (lambda: Barrier(1.0), "west_of"),
        (lambda: Barrier(1.0, [2], until_s=0.0), "until_s"),
        (lambda: Barrier.along(flat().grid, [0.0], [0.0], 1.0), "x"),
        (lambda: Barrier.along(flat().grid, [0.0, 9.0], [0.0, 9.0], 1.0), "x"),
        (lambda: Barrier.along(flat().grid, [500_000, np.nan], [2e6, 2e6], 1.0), "x"),
        (lambda: Barrier.around(flat().grid, [200], 1.0), "cells"),
    ],
)
def test_a_measure_that_can_not_be_built_names_its_argument(make, argument):
    with pytest.raises(ArgumentError) as caught:
        make()
    assert caught.value.argument == argument


def test_measures_off_the_grid_or_on_no_ground_are_refused():
    terrain = flat()
    for measure in ({"drains": [Drain([200], 1.0)]}, {"pumps": [Pump(0, 1.0, to=999)]}, {"barriers": [Barrier(1.0, [500])]},
                    {"inflows": [Inflow(200, [0, 1], [0, 1])]}):  # fmt: skip
        with pytest.raises(ArgumentError, match="outside the grid"):
            simulate(terrain, duration_s=10, **measure)
