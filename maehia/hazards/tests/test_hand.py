"""Height above the nearest drainage, on valleys whose answer is known."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import ndimage

from maehia.hazards.dem import Dem
from maehia.hazards.hand import first_look, height_above_drainage
from maehia.impact import ArgumentError, Grid

SIDE, CELL = 41, 20.0
BED = SIDE // 2


def valley(side: float = 1.0, along: float = 0.01) -> Dem:
    """A straight valley to the south: its bed is the middle column, the sides rise by `side` m a cell."""
    col = np.abs(np.arange(SIDE) - BED)
    rows = np.arange(SIDE)[:, None]
    return Dem(Grid(0, 0, CELL, CELL, SIDE, SIDE), 100.0 + side * col + along * rows)


BED_ONLY = 2.2 * SIDE * CELL * CELL / 1e6  # km2: only cells of the bed drain that much


def test_in_a_v_valley_the_height_is_the_height_above_the_bed():
    dem = valley()
    found = height_above_drainage(dem, drainage_km2=BED_ONLY)
    assert found.drainage[:, BED].sum() >= SIDE - 10
    assert found.drainage[1:].sum() == found.drainage[1:, BED].sum()  # water runs along the last row of the raster
    middle = found.height[1 : SIDE - 5, BED - 8 : BED + 9]  # beyond, ways end at the border's own water
    wanted = np.abs(np.arange(-8, 9)).astype(float)
    np.testing.assert_allclose(middle[8:], np.tile(wanted, (middle.shape[0] - 8, 1)), atol=0.09)


def test_the_depth_at_a_stage_is_what_the_stage_is_above_the_ground():
    depth = height_above_drainage(valley(), drainage_km2=BED_ONLY).depth(2.5)
    np.testing.assert_allclose(depth[5, BED - 3 : BED + 4], [0, 0.5, 1.5, 2.5, 1.5, 0.5, 0], atol=0.05)


def test_upstream_area_of_the_outlet_is_the_whole_valley():
    found = height_above_drainage(valley(), drainage_km2=BED_ONLY)
    assert found.upstream_km2[0, BED] > 0.9 * SIDE * SIDE * CELL * CELL / 1e6


def test_nothing_is_wet_at_stage_zero():
    assert not height_above_drainage(valley(), drainage_km2=BED_ONLY).depth(0.0).any()


@settings(deadline=None, max_examples=15)
@given(st.integers(0, 10_000), st.floats(0.1, 5.0), st.floats(0.0, 2.0))
def test_a_higher_stage_wets_more_and_deeper_and_wet_cells_hang_together_with_the_drainage(seed, stage, more):
    dem = valley()
    rough = dem.elevation + np.random.default_rng(seed).normal(0, 0.4, dem.grid.shape)
    found = height_above_drainage(Dem(dem.grid, rough), drainage_km2=BED_ONLY)
    low, high = found.depth(stage), found.depth(stage + more)
    assert (high >= low).all()
    parts, count = ndimage.label(low > 0, np.ones((3, 3)))
    assert set(np.unique(parts[found.drainage & (low > 0)])) == set(range(1, count + 1))


@settings(deadline=None, max_examples=15)
@given(st.integers(0, 10_000))
def test_nothing_stands_below_its_drainage_and_streams_stand_at_it(seed):
    dem = valley()
    rough = dem.elevation + np.random.default_rng(seed).normal(0, 0.5, dem.grid.shape)
    found = height_above_drainage(Dem(dem.grid, rough), drainage_km2=BED_ONLY)
    known = np.isfinite(found.height)
    assert (found.height[known] >= -1e-4).all()
    assert not found.height[found.drainage].any()
    assert (found.pond >= 0).all()


def test_water_runs_the_same_way_when_the_valley_is_turned():
    """Row 0 is the south: a valley that falls to the north has its outlet in the last row."""
    dem = valley()
    turned = Dem(dem.grid, dem.elevation[::-1].copy())
    one, other = (height_above_drainage(d, drainage_km2=BED_ONLY) for d in (dem, turned))
    assert one.upstream_km2[0, BED] == pytest.approx(other.upstream_km2[-1, BED], rel=1e-3)
    inner = slice(BED - 6, BED + 7)
    np.testing.assert_allclose(one.height[10:30, inner], other.height[::-1][10:30, inner], atol=0.1)


def test_fewer_streams_stand_out_when_more_area_is_asked():
    few = height_above_drainage(valley(), drainage_km2=0.3)
    many = height_above_drainage(valley(), drainage_km2=BED_ONLY)
    assert few.drainage.sum() < many.drainage.sum()
    assert (few.upstream_km2[few.drainage] >= 0.3).all()


def test_a_hollow_behind_a_ridge_stays_dry_until_its_rim_is_passed():
    dem = valley()
    dem.elevation[20, BED + 6] = 100.5
    rim = dem.elevation[19:22, BED + 5].min()
    found = height_above_drainage(dem, drainage_km2=BED_ONLY)
    bed = dem.elevation[14, BED]  # where the hollow's water reaches the bed: one row further with each column
    assert found.depth(rim - bed - 0.5)[20, BED + 6] == 0.0
    full = found.depth(rim - bed + 0.5)[20, BED + 6]
    assert full == pytest.approx(rim + 0.5 - 100.5, abs=0.05)


def test_where_no_drainage_is_reached_the_height_is_unknown_and_dry():
    dem = valley()
    away = 7 + np.arange(8)
    dem.elevation[-8:, -8:] = 150.0 - away[:, None] - away  # a corner that falls away from the valley
    found = height_above_drainage(dem, drainage_km2=BED_ONLY)
    assert np.isnan(found.height[-7:, -7:]).all()
    assert not found.depth(50.0)[-7:, -7:].any()
    assert np.isfinite(found.height[: SIDE - 10]).all()


def test_cells_without_data_are_dry_and_unknown():
    dem = valley()
    dem.elevation[:4, :4] = np.nan
    found = height_above_drainage(dem, drainage_km2=BED_ONLY)
    assert np.isnan(found.height[:4, :4]).all()
    assert not found.depth(99.0)[:4, :4].any()


def test_a_threshold_that_no_cell_drains_is_refused_with_the_most():
    with pytest.raises(ArgumentError, match="the most that any cell drains"):
        height_above_drainage(valley(), drainage_km2=50.0)


@pytest.mark.parametrize("area", [0.0, -1.0])
def test_a_threshold_of_nothing_is_refused(area):
    with pytest.raises(ArgumentError, match="drainage_km2"):
        height_above_drainage(valley(), drainage_km2=area)


@pytest.mark.parametrize("stage", [-0.1, np.nan, np.inf])
def test_a_stage_that_is_none_is_refused(stage):
    with pytest.raises(ArgumentError, match="stage"):
        height_above_drainage(valley(), drainage_km2=BED_ONLY).depth(stage)


def test_stages_become_the_events_of_a_hazard():
    found = height_above_drainage(valley(), drainage_km2=BED_ONLY)
    hazard = first_look(found, [0.5, 1.5, 3.0])
    assert hazard.events == 3
    assert not hazard.frequency.any()
    np.testing.assert_allclose(hazard.map_of(2), found.depth(3.0), atol=1e-5)
    assert hazard.indptr[1] < hazard.indptr[2] - hazard.indptr[1] < hazard.indptr[3] - hazard.indptr[2]


def test_frequencies_of_stages_are_kept():
    hazard = first_look(height_above_drainage(valley(), drainage_km2=BED_ONLY), [1.0, 2.0], [0.1, 0.01])
    np.testing.assert_array_equal(hazard.frequency, [0.1, 0.01])


def test_negative_stages_are_refused_with_their_place():
    with pytest.raises(ArgumentError) as caught:
        first_look(height_above_drainage(valley(), drainage_km2=BED_ONLY), [1.0, -1.0])
    assert caught.value.index == 1


def test_frequencies_are_one_a_stage():
    heights = height_above_drainage(valley(), drainage_km2=BED_ONLY)
    with pytest.raises(ArgumentError, match="frequency: has length 1, expected 2"):
        first_look(heights, [0.5, 1.0], [0.1])
    with pytest.raises(ArgumentError, match="stages_m: has 0 dimensions"):
        first_look(heights, 0.5)


@pytest.mark.parametrize("heights", [np.ones((1, 1)), np.full((4, 4), np.nan)])
def test_ground_on_which_no_water_can_run_is_refused(heights):
    rows, cols = heights.shape
    with pytest.raises(ArgumentError, match="dem: has no two cells"):
        height_above_drainage(Dem(Grid(0, 0, 10, 10, cols, rows), heights), drainage_km2=1e-5)
