"""What a flood can not be made of is refused by name, at the first bad index."""

import numpy as np
import pytest

from maehia.hazards.flood import Edges, FreeOutflow, Inflow, Losses, Outlet, Rain, Scheme, Terrain, WaterLevel, simulate
from maehia.hazards.flood.tests.places import flat, rough
from maehia.impact import ArgumentError, Grid

GRID = Grid(0, 0, 10, 10, 4, 3)


def ground(**changes):
    values = np.zeros((3, 4))
    for place, value in changes.get("at", {}).items():
        values[place] = value
    return values


@pytest.mark.parametrize("fill", [-9999.0, -32768.0, 3.4e38, 9999.0])
def test_a_fill_value_left_in_the_elevation_is_refused(fill):
    with pytest.raises(ArgumentError, match=r"elevation\[6\].*NaN for nodata") as caught:
        Terrain(GRID, ground(at={(1, 2): fill}))
    assert caught.value.index == 6
    assert caught.value.problem.code == "elevation_nodata"


@pytest.mark.parametrize(
    ("make", "argument", "index"),
    [
        (lambda: Terrain(GRID, np.zeros((4, 3))), "elevation", None),
        (lambda: Terrain(GRID, np.full((3, 4), "1")), "elevation", None),
        (lambda: Terrain(GRID, np.full((3, 4), np.nan)), "elevation", None),
        (lambda: Terrain(GRID, ground(at={(0, 1): np.inf})), "elevation", 1),
        (lambda: Terrain(GRID, ground(), -0.03), "manning", None),
        (lambda: Terrain(GRID, ground(), 0.0), "manning", None),
        (lambda: Terrain(GRID, ground(), np.nan), "manning", None),
        (lambda: Terrain(GRID, ground(), np.where(np.arange(12) == 7, -1, 0.03).reshape(3, 4)), "manning", 7),
        (lambda: Terrain(GRID, ground(), np.full((2, 2), 0.03)), "manning", None),
        (lambda: Rain([0, 10], [-1.0]), "rate_mm_h", 0),
        (lambda: Rain([0, 10], [np.nan]), "rate_mm_h", 0),
        (lambda: Rain([0, 10], [1.0, 2.0]), "rate_mm_h", None),
        (lambda: Rain([0, 10, 10], [1.0, 2.0]), "times_s", 2),
        (lambda: Rain([0], []), "times_s", None),
        (lambda: Rain([0, 10], [[1.0, 2.0]]), "zone", None),
        (lambda: Rain([0, 10], [1.0], zone=np.zeros((3, 4))), "zone", None),
        (lambda: Losses(0.0), "curve_number", 0),
        (lambda: Losses(np.array([[80.0, 101.0]])), "curve_number", 1),
        (lambda: Losses(np.nan), "curve_number", None),
        (lambda: Losses(80.0, 0.3), "initial_ratio", None),
        (lambda: Inflow([], [0, 1], [1, 1]), "cells", None),
        (lambda: Inflow([1], [0, 1], [1, -1]), "flow_m3_s", 1),
        (lambda: Inflow([1], [0, 1], [1]), "flow_m3_s", None),
        (lambda: Inflow([1], [1, 0], [1, 1]), "times_s", 1),
        (lambda: Inflow([1], [0, np.nan], [1, 1]), "times_s", 1),
        (lambda: FreeOutflow(0.0), "slope", None),
        (lambda: Outlet([1], -0.1), "slope", None),
        (lambda: WaterLevel([0, 1], [0.0]), "level_m", None),
        (lambda: WaterLevel([0, 1], [0.0, np.nan]), "level_m", 1),
        (lambda: Scheme(theta=0.3), "theta", None),
        (lambda: Scheme(alpha=0.0), "alpha", None),
        (lambda: Scheme(alpha=1.1), "alpha", None),
        (lambda: Scheme(dt_min_s=20.0), "dt_min_s", None),
        (lambda: Scheme(froude=0.0), "froude", None),
        (lambda: Scheme(dt_max_s=np.inf), "dt_max_s", None),
    ],
)
def test_a_bad_input_names_its_argument_and_index(make, argument, index):
    with pytest.raises(ArgumentError) as caught:
        make()
    assert caught.value.argument == argument
    assert caught.value.index == index


def test_ground_in_degrees_or_of_an_unknown_system_is_refused():
    with pytest.raises(ArgumentError, match="degrees") as caught:
        Terrain(Grid(98, 19, 0.001, 0.001, 4, 3, "EPSG:4326"), ground())
    assert caught.value.problem.code == "crs_degrees"
    with pytest.raises(ArgumentError, match="not known to PROJ"):
        Terrain(Grid(0, 0, 1, 1, 4, 3, "EPSG:999999"), ground())


def test_values_under_no_ground_are_not_read():
    z, n, number = ground(at={(1, 1): np.nan}), np.full((3, 4), 0.03), np.full((3, 4), 80.0)
    n[1, 1] = number[1, 1] = np.nan
    run = simulate(Terrain(GRID, z, n), duration_s=60, rain=Rain([0, 60], [50.0]), losses=Losses(number))
    assert np.isnan(run.depth[1, 1])
    assert np.count_nonzero(np.isnan(run.depth)) == 1


def test_a_curve_number_missing_on_ground_is_refused():
    number = np.full((3, 4), 80.0)
    number[2, 0] = np.nan
    with pytest.raises(ArgumentError, match=r"curve_number\[8\]"):
        simulate(Terrain(GRID, ground()), duration_s=60, rain=Rain([0, 60], [50.0]), losses=Losses(number))


def test_an_outlet_amid_ground_is_refused():
    with pytest.raises(ArgumentError, match="ground on all four sides"):
        simulate(flat(), duration_s=10, edges=Edges(outlets=(Outlet([45]),)))


def test_more_classes_of_rain_than_can_be_kept_apart_are_refused():
    terrain = flat(nx=300, ny=220)
    factor = np.linspace(1, 2, 66_000).reshape(220, 300)
    with pytest.raises(ArgumentError, match="Round the maps"):
        simulate(terrain, duration_s=10, rain=Rain([0, 10], [1.0], factor=factor))


def test_pits_fill_and_then_spill():
    """A raw elevation model is full of pits; they are ground like any other."""
    base = rough(bumps=0.0, nx=9, ny=9)
    z = np.zeros((9, 9))
    z[4, 4] = -2.0
    terrain = Terrain(base.grid, z)
    run = simulate(terrain, duration_s=3600, rain=Rain([0, 1800], [60.0]))
    assert run.depth[4, 4] == pytest.approx(2.0 + run.depth[0, 0], abs=0.01) or run.depth[4, 4] > 1.5
    assert run.budget.relative_error <= 1e-12


def test_arrays_of_a_terrain_can_not_be_changed_behind_its_back():
    values = ground()
    terrain = Terrain(GRID, values)
    values[0, 0] = 99.0
    assert terrain.elevation[0, 0] == 0
    with pytest.raises(ValueError, match="read-only"):
        terrain.elevation[0, 0] = 1.0


@pytest.mark.parametrize("shape", [(1, 1), (1, 7), (7, 1)])
def test_one_cell_and_one_line_of_cells_work(shape):
    terrain = Terrain(Grid(0, 0, 10, 10, shape[1], shape[0]), np.zeros(shape))
    run = simulate(terrain, duration_s=60, rain=Rain([0, 60], [60.0]))
    np.testing.assert_allclose(run.depth, 0.001, rtol=1e-12)
