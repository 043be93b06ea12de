"""Pits, channels and roughness."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import LineString

from maehia.hazards.data import load
from maehia.hazards.dem import Dem
from maehia.hazards.ground import burn, drained, fill_pits, pits, read_shapes, roughness, roughness_map, touched
from maehia.impact import ArgumentError, Grid


def plane(rows: int = 9, cols: int = 9, cell: float = 10.0) -> Dem:
    """Falls to the east by 1 m a cell."""
    return Dem(Grid(0, 0, cell, cell, cols, rows), 100.0 - np.tile(np.arange(cols, dtype=float), (rows, 1)))


def with_pit(depth: float = 2.0) -> Dem:
    dem = plane()
    dem.elevation[4, 4] -= depth
    return dem


def test_a_plane_has_no_pits():
    found = pits(plane())
    assert (found.cells, found.volume_m3, found.deepest_cell) == (0, 0.0, -1)


def test_a_pit_is_counted_up_to_its_lowest_rim():
    """The rim of the hollow is its eastern neighbour, 1 m lower than the hollow's own ground was."""
    found = pits(with_pit(3.0))
    assert found.cells == 1
    assert found.deepest_m == pytest.approx(2.0)
    assert found.volume_m3 == pytest.approx(200.0)
    assert found.deepest_cell == 4 * 9 + 4


def test_filling_lifts_pits_to_their_rim_and_nothing_else():
    dem = with_pit(3.0)
    filled, found = fill_pits(dem)
    assert filled.elevation[4, 4] == pytest.approx(95.0)
    others = np.ones(dem.grid.shape, bool)
    others[4, 4] = False
    np.testing.assert_array_equal(filled.elevation[others], dem.elevation[others])
    assert found.cells == 1
    assert "200 m3" in filled.notes[-1]
    assert pits(filled).cells == 0


def filled_slowly(heights: np.ndarray) -> np.ndarray:
    """The same by flooding from above: water sinks until each cell stands at its ground or its lowest neighbour."""
    water = np.full(heights.shape, np.inf)
    border = np.ones(heights.shape, bool)
    border[1:-1, 1:-1] = False
    water[border] = heights[border]
    while True:
        padded = np.pad(water, 1, constant_values=np.inf)
        around = [
            padded[1 + r : padded.shape[0] - 1 + r, 1 + c : padded.shape[1] - 1 + c]
            for r in (-1, 0, 1)
            for c in (-1, 0, 1)
        ]
        lower = np.where(border, heights, np.maximum(heights, np.min(around, axis=0)))
        if np.array_equal(lower, water):
            return water
        water = lower


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 100_000), st.integers(3, 12), st.integers(3, 12))
def test_filling_agrees_with_water_that_sinks_from_above(seed, rows, cols):
    heights = np.random.default_rng(seed).integers(0, 40, (rows, cols)) / 4.0
    dem = Dem(Grid(0, 0, 10, 10, cols, rows), heights)
    filled, found = fill_pits(dem)
    wanted = filled_slowly(heights)
    np.testing.assert_array_equal(filled.elevation, wanted)
    assert found.cells == (wanted > heights).sum()
    assert found.volume_m3 == pytest.approx((wanted - heights).sum() * 100.0)


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 100_000))
def test_filling_twice_is_filling_once_and_never_lowers_ground(seed):
    dem = Dem(Grid(0, 0, 10, 10, 15, 12), np.random.default_rng(seed).normal(300.0, 3.0, (12, 15)))
    once, _ = fill_pits(dem)
    twice, left = fill_pits(once)
    assert (once.elevation >= dem.elevation).all()
    np.testing.assert_allclose(twice.elevation, once.elevation, atol=1e-4)
    assert left.volume_m3 < 1.0  # what single precision leaves


def test_the_way_of_the_water_in_the_library_and_in_the_grid_is_the_same():
    """The library counts rows from the north: a plane that falls to the south must drain to row 0 here."""
    row = np.arange(9.0)[:, None]
    dem = Dem(Grid(0, 0, 10, 10, 5, 9), 100.0 + row + np.zeros(5))
    directions = drained(dem)[1]
    assert np.isin(directions[1:-1, 1:-1], (2, 4, 8)).all()  # D8: south-east, south, south-west


def test_deep_hollows_are_left_when_asked():
    filled, _ = fill_pits(with_pit(3.0), max_depth=1.0)
    assert filled.elevation[4, 4] == 93.0
    filled, _ = fill_pits(with_pit(3.0), max_depth=5.0)
    assert filled.elevation[4, 4] == pytest.approx(95.0)


def test_a_depth_limit_of_nothing_is_refused():
    with pytest.raises(ArgumentError, match="max_depth"):
        fill_pits(with_pit(), max_depth=0.0)


def test_cells_without_data_stay_so_and_let_water_out():
    dem = with_pit(3.0)
    dem.elevation[4, 5] = np.nan
    filled, found = fill_pits(dem)
    assert found.cells == 0
    assert np.isnan(filled.elevation[4, 5])
    assert np.isnan(drained(dem)[0]).sum() == 1


def test_a_channel_is_cut_only_where_the_line_runs():
    dem = plane()
    cut = burn(dem, [LineString([(5.0, 45.0), (85.0, 45.0)])], depth_m=1.5)
    np.testing.assert_allclose(
        dem.elevation - cut.elevation, np.where(np.arange(9)[:, None] == 4, 1.5, 0.0) * np.ones(9)
    )
    assert "9 cells were lowered" in cut.notes[-1]


def test_a_wide_channel_takes_its_neighbours():
    cut = burn(plane(), [LineString([(5.0, 45.0), (85.0, 45.0)])], depth_m=1.0, width_m=20.0)
    assert (plane().elevation - cut.elevation)[3:6, 4].sum() == pytest.approx(3.0)


@pytest.mark.parametrize(("lines", "depth"), [([], 1.0), ([LineString([(0, 0), (1, 1)])], 0.0)])
def test_a_channel_needs_a_line_and_a_depth(lines, depth):
    with pytest.raises(ArgumentError):
        burn(plane(), lines, depth_m=depth)


def test_cells_touched_by_a_shape_are_counted_from_the_south():
    hit = touched([LineString([(1.0, 1.0), (25.0, 1.0)])], Grid(0, 0, 10, 10, 4, 3))
    np.testing.assert_array_equal(hit, [[True, True, True, False], [False] * 4, [False] * 4])


def test_shapes_of_a_file_come_in_metres_of_the_grid(tmp_path):
    path = tmp_path / "one.geojson"
    line = {"type": "LineString", "coordinates": [[99.0, 18.75], [99.01, 18.75]]}
    feature = {"type": "Feature", "properties": {}, "geometry": line}
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), encoding="utf-8")
    (shape,) = read_shapes(path, "EPSG:32647")
    assert shape.coords[0] == pytest.approx((500_000.0, 2_073_134.0), abs=200.0)
    assert shape.length == pytest.approx(1053.0, abs=3.0)


def test_cells_that_are_not_square_are_touched_rightly():
    hit = touched([LineString([(1.0, 35.0), (99.0, 35.0)])], Grid(0, 0, 50, 10, 2, 6))
    np.testing.assert_array_equal(np.flatnonzero(hit.any(axis=1)), [3])


def test_roughness_of_a_class_is_its_usual_value():
    assert roughness("pasture_short") == 0.03
    with pytest.raises(ArgumentError, match="key"):
        roughness("ice")


def test_a_land_use_raster_becomes_a_roughness_map():
    np.testing.assert_array_equal(roughness_map(np.array([[10, 40], [50, 80]])), [[0.1, 0.04], [0.1, 0.03]])
    np.testing.assert_array_equal(roughness_map(np.array([["นา", "ป่าไม้"]]), "thai"), [[0.04, 0.1]])


def test_every_roughness_lies_between_its_own_limits_and_is_marked_unverified():
    table = load("manning.yaml")
    assert table["verified"] is False
    for row in table["classes"]:
        low, usual, high = row["n"]
        assert 0.005 <= low <= usual <= high <= 1.0, row["key"]
    keys = {row["key"] for row in table["classes"]}
    for name in ("worldcover", "thai"):
        assert set(table["land_use"][name].values()) <= keys
        assert set(table["land_use"][name]) == set(load("curve_numbers.yaml")["land_use"][name])


def test_an_unknown_mapping_is_named_as_the_caller_wrote_it():
    with pytest.raises(ArgumentError, match="classes: 'foo' is no mapping"):
        roughness_map(np.full((2, 2), 40), "foo")


@pytest.mark.parametrize(("size", "name"), [({"depth_m": np.inf}, "depth_m"), ({"depth_m": 1.0, "width_m": -5.0}, "width_m"),
                                            ({"depth_m": 1.0, "width_m": 0.0}, "width_m")])  # fmt: skip
def test_a_channel_has_a_size(size, name):
    ground = Dem(Grid(0, 0, 10, 10, 5, 5), np.full((5, 5), 10.0))
    with pytest.raises(ArgumentError, match=name):
        burn(ground, [LineString([(0, 0), (50, 50)])], **size)
