"""Cells are counted from the south-west corner; their borders belong to the east and the north."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maehia.impact import ArgumentError, Exposure, Grid
from maehia.impact.arrange import arrange, finely, link_tiles
from maehia.impact.link import link

GRID = Grid(100.0, 200.0, 10.0, 20.0, 4, 3)


@pytest.mark.parametrize(
    ("x", "y", "cell"),
    [
        (100, 200, 0), (109.999, 219.999, 0), (110, 200, 1), (100, 220, 4), (139.999, 259.999, 11),
        (140, 200, -1), (100, 260, -1), (99.999, 200, -1), (100, 199.999, -1), (np.nan, 200, -1), (100, np.inf, -1),
    ],
)  # fmt: skip
def test_a_point_belongs_to_the_cell_that_holds_it(x, y, cell):
    assert GRID.cell_of([x], [y]).tolist() == [cell]


def test_an_asset_on_the_east_border_is_off_grid():
    linked = link(Exposure(np.array([140.0]), np.array([210.0]), 0, np.ones(1)), GRID)
    assert linked.off_grid.tolist() == [0]
    assert linked.off_grid_value == 1.0


def test_centres_lie_in_their_cells():
    cells = np.arange(GRID.size)
    assert (GRID.cell_of(*GRID.centre_of(cells)) == cells).all()


def test_size_shape_bounds_and_north_up():
    assert (GRID.size, GRID.shape, GRID.bounds) == (12, (3, 4), (100, 200, 140, 260))
    assert GRID.north_up(np.arange(12))[0].tolist() == [8, 9, 10, 11]


@pytest.mark.parametrize(
    ("other", "argument"),
    [({"dx": 0}, "dx"), ({"dy": -1}, "dy"), ({"nx": 0}, "nx"), ({"ny": 1.5}, "ny"), ({"x0": math.nan}, "x0"),
     ({"dx": math.inf}, "dx"), ({"nx": math.nan}, "nx"), ({"ny": math.inf}, "ny"), ({"crs": ""}, "crs")],
)  # fmt: skip
def test_a_grid_that_cannot_be_is_refused(other, argument):
    given = {"x0": 0, "y0": 0, "dx": 1, "dy": 1, "nx": 2, "ny": 2} | other
    with pytest.raises(ArgumentError) as refused:
        Grid(**given)
    assert refused.value.argument == argument


def near_borders(rng, grid, count):
    """Points on the borders of cells and one unit in the last place beside them."""
    x = grid.x0 + rng.integers(-1, grid.nx + 2, count) * grid.dx
    y = grid.y0 + rng.integers(-1, grid.ny + 2, count) * grid.dy
    towards = np.array([-np.inf, 0.0, np.inf])
    side = rng.integers(0, 3, (2, count))
    beside = [np.where(s == 1, at, np.nextafter(at, towards[s])) for at, s in zip((x, y), side, strict=True)]
    return beside[0], beside[1]


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32), st.sampled_from([0.1, 1 / 3, 50.0, 7e-5]), st.sampled_from([0.0, 512345.678, -0.3]))
def test_compiled_linking_finds_the_same_cells_to_the_last_bit(seed, size, corner):
    rng = np.random.default_rng(seed)
    grid = Grid(corner, corner * 2, size, size * 3, int(rng.integers(1, 60)), int(rng.integers(1, 60)))
    x, y = near_borders(rng, grid, 400)
    exposure = Exposure(x, y, 0, np.ones(400))
    tiled, plain = link_tiles(exposure, grid, 6), link(exposure, grid)
    assert (tiled.linked.cell == plain.cell).all()
    assert (tiled.linked.off_grid == plain.off_grid).all()


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32), st.integers(1, 4), st.integers(1, 200))
def test_assets_sorted_by_tile_cell_and_group_are_a_permutation(seed, groups, part):
    rng = np.random.default_rng(seed)
    grid = Grid(0, 0, 1, 1, 30, 20)
    exposure = Exposure(rng.uniform(-2, 32, 500), rng.uniform(-2, 22, 500), rng.integers(0, 3, 500), rng.random(500))
    group = rng.integers(0, groups, 500)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("maehia.impact.arrange.PART", part)
        tiled = link_tiles(exposure, grid, 5)
        arranged = finely(arrange(tiled, group, groups), exposure, group)
    held = arranged.assets
    assert sorted(held.order.tolist()) == np.flatnonzero(tiled.linked.cell >= 0).tolist()
    assert (held.cell == tiled.linked.cell[held.order]).all()
    assert (held.value[0] == exposure.value[held.order]).all()
    assert (held.curve[0] == exposure.curve[held.order]).all()
    assert (arranged.group == group[held.order]).all()
    key = held.cell.astype(int) * groups + (arranged.group if groups > 1 else 0)
    assert (np.diff(key) >= 0).all()
    ties = np.diff(key) == 0
    assert (np.diff(held.order)[ties] > 0).all()
    assert held.start.tolist() == np.searchsorted(held.cell >> 5, np.arange(held.start.size)).tolist()
