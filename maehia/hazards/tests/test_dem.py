"""Elevation files: what they declare, forget and distort, and the way their rows lie."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
import rasterio
from affine import Affine
from rasterio.transform import from_origin

from maehia.hazards.dem import Dem, DemWarning, fill_gaps, read_dem
from maehia.impact import ArgumentError, Grid

WEST, NORTH, CELL = 500_000.0, 2_070_000.0, 10.0


def slope(rows: int = 6, cols: int = 8) -> np.ndarray:
    """North-up heights that fall to the east by 1 m a column and to the north by 0.1 m a row."""
    return (300.0 - np.arange(cols) + 0.1 * np.arange(rows)[:, None]).astype(np.float32)


@pytest.fixture
def write(tmp_path):
    def written(values, *, crs="EPSG:32647", nodata=None, transform=None, bands=1, mask=None, **tags):
        path = tmp_path / "dem.tif"
        rows, cols = values.shape
        where = transform or from_origin(WEST, NORTH, CELL, CELL)
        with rasterio.open(path, "w", driver="GTiff", width=cols, height=rows, count=bands, dtype=values.dtype,
                           crs=crs, nodata=nodata, transform=where) as raster:  # fmt: skip
            for band in range(1, bands + 1):
                raster.write(values, band)
            if mask is not None:
                raster.write_mask(mask)
            if "scale" in tags:
                raster.scales, raster.offsets = (tags["scale"],), (tags["offset"],)
        return path

    return written


def test_the_first_row_of_the_grid_is_the_southernmost_of_the_file(write):
    dem = read_dem(write(slope()))
    assert dem.grid == Grid(WEST, NORTH - 60.0, CELL, CELL, 8, 6, "EPSG:32647")
    np.testing.assert_array_equal(dem.elevation[0], slope()[-1].astype(float))
    np.testing.assert_array_equal(dem.elevation[-1], slope()[0].astype(float))


def test_a_point_has_the_height_that_gdal_reads_there(write):
    path = write(slope())
    dem = read_dem(path)
    x, y = np.array([500_035.0, 500_071.0]), np.array([2_069_991.0, 2_069_944.0])
    with rasterio.open(path) as raster:
        wanted = [value[0] for value in raster.sample(zip(x, y, strict=True))]
    np.testing.assert_array_equal(dem.elevation.ravel()[dem.grid.cell_of(x, y)], np.array(wanted, float))


def test_a_file_drawn_south_up_gives_the_same_terrain(write):
    upside = Affine(CELL, 0, WEST, 0, CELL, NORTH - 60.0)
    dem = read_dem(write(np.ascontiguousarray(slope()[::-1]), transform=upside))
    np.testing.assert_array_equal(dem.elevation[0], slope()[-1].astype(float))
    assert dem.grid.y0 == NORTH - 60.0


def test_a_file_without_crs_is_refused_unless_it_is_said(write):
    path = write(slope(), crs=None)
    with pytest.raises(ArgumentError, match="is missing in") as caught:
        read_dem(path)
    assert caught.value.problem.code == "crs_missing"
    assert read_dem(path, crs="EPSG:32647").grid.crs == "EPSG:32647"


def test_degrees_are_refused_with_the_way_out(write):
    path = write(slope(), crs="EPSG:4326", transform=from_origin(98.9, 18.75, 0.0001, 0.0001))
    with pytest.raises(ArgumentError, match="to_crs") as caught:
        read_dem(path)
    assert caught.value.problem.code == "crs_geographic"


def test_degrees_are_warped_to_metres_when_asked(write):
    heights = np.tile(np.linspace(310.0, 300.0, 60, dtype=np.float32), (50, 1))
    path = write(heights, crs="EPSG:4326", transform=from_origin(98.9, 18.75, 0.0005, 0.0005))
    dem = read_dem(path, to_crs="EPSG:32647", cell_size=25.0)
    assert (dem.grid.dx, dem.grid.dy, dem.grid.crs) == (25.0, 25.0, "EPSG:32647")
    assert "EPSG:4326 to EPSG:32647" in dem.notes[0]
    middle = dem.elevation[dem.grid.ny // 2]
    assert np.nanmax(middle) == pytest.approx(310.0, abs=0.3)
    assert np.nanmin(middle) == pytest.approx(300.0, abs=0.3)


def test_feet_are_refused(write):
    with pytest.raises(ArgumentError, match="foot") as caught:
        read_dem(write(slope(), crs="EPSG:2225"))
    assert caught.value.problem.code == "crs_not_metres"


def test_a_rotated_raster_is_refused(write):
    turned = Affine.translation(WEST, NORTH) * Affine.rotation(10) * Affine.scale(CELL, -CELL)
    with pytest.raises(ArgumentError, match="rotated"):
        read_dem(write(slope(), transform=turned))


def test_declared_nodata_and_nan_become_nan_without_a_warning(write):
    values = slope()
    values[0, 0], values[0, 1] = -9999.0, np.nan
    with warnings.catch_warnings():
        warnings.simplefilter("error", DemWarning)
        dem = read_dem(write(values, nodata=-9999.0))
    assert dem.missing.sum() == 2
    assert dem.missing[-1, :2].all()


@pytest.mark.parametrize("mark", [-9999.0, -32768.0, -3.4e38, 32767.0])
def test_an_undeclared_mark_is_recognised_counted_and_told(write, mark):
    values = slope()
    values[:2, 0] = mark
    with pytest.warns(DemWarning, match="2 cells hold .* not declare"):
        dem = read_dem(write(values))
    assert dem.missing.sum() == 2
    assert np.nanmax(dem.elevation) < 301
    assert len(dem.notes) == 1


def test_zero_declared_as_nodata_is_without_data(write):
    values = slope()
    values[:3, :3] = 0.0
    dem = read_dem(write(values, nodata=0.0))
    assert dem.missing.sum() == 9


def test_a_patch_of_zeros_is_kept_and_asked_about(write):
    values = slope()
    values[:3, :4] = 0.0
    with pytest.warns(DemWarning, match='12 cells are exactly 0 m, 12 of them in patches.*zero="nodata"'):
        dem = read_dem(write(values))
    assert not dem.missing.any()


@pytest.mark.parametrize(("zero", "missing"), [("nodata", 12), ("land", 0)])
def test_zeros_are_what_the_caller_says(write, zero, missing):
    values = slope()
    values[:3, :4] = 0.0
    with warnings.catch_warnings():
        warnings.simplefilter("error", DemWarning)
        assert read_dem(write(values), zero=zero).missing.sum() == missing


def test_single_zeros_are_ground_at_sea_level(write):
    values = slope()
    values[0, 0] = values[2, 4] = 0.0
    with warnings.catch_warnings():
        warnings.simplefilter("error", DemWarning)
        assert not read_dem(write(values)).missing.any()


def test_an_unknown_word_for_zero_is_refused(write):
    with pytest.raises(ArgumentError, match="zero"):
        read_dem(write(slope()), zero="maybe")


def test_further_values_that_mean_no_data_can_be_named(write):
    values = slope()
    values[0, 0] = -1.0
    assert read_dem(write(values), nodata=(-1.0,)).missing.sum() == 1


def test_a_mask_band_means_no_data(write):
    mask = np.full((6, 8), 255, np.uint8)
    mask[0, 0] = 0
    assert read_dem(write(slope(), mask=mask)).missing.sum() == 1


def test_scale_and_offset_of_the_file_are_applied(write):
    stored = (slope() * 10).round().astype(np.int16)
    dem = read_dem(write(stored, scale=0.1, offset=5.0))
    np.testing.assert_allclose(dem.elevation[-1], slope()[0] + 5.0, atol=0.051)


def test_a_mark_is_recognised_before_a_scale_makes_it_a_height(write):
    stored = (slope() * 10).round().astype(np.int16)
    stored[0, 0] = -9999
    with pytest.warns(DemWarning, match="1 cells hold -9999"):
        dem = read_dem(write(stored, scale=0.1, offset=5.0))
    assert dem.missing.sum() == 1


def test_a_hole_inside_is_told_and_filled_when_asked(write):
    values = slope(9, 9)
    values[4, 4] = np.nan
    with pytest.warns(DemWarning, match="1 cells inside the terrain have no data"):
        dem = read_dem(write(values))
    filled = fill_gaps(dem)
    assert not filled.missing.any()
    assert filled.elevation[4, 4] == pytest.approx(296.4, abs=1.0)
    kept = ~dem.missing
    np.testing.assert_array_equal(filled.elevation[kept], dem.elevation[kept])
    assert "interpolated" in filled.notes[-1]


def test_missing_cells_at_the_border_are_not_filled(write):
    values = slope(9, 9)
    values[0, :3] = np.nan
    dem = read_dem(write(values))
    assert fill_gaps(dem) is dem


def test_bounds_cut_out_the_cells_whose_centres_lie_inside(write):
    whole = read_dem(write(slope()))
    part = read_dem(write(slope()), bounds=(WEST + 20.0, NORTH - 40.0, WEST + 50.0, NORTH - 10.0))
    assert part.grid.shape == (3, 3)
    assert part.grid.bounds == (WEST + 20.0, NORTH - 40.0, WEST + 50.0, NORTH - 10.0)
    np.testing.assert_array_equal(part.elevation, whole.elevation[2:5, 2:5])


def test_bounds_beside_the_raster_are_refused_with_where_it_lies(write):
    with pytest.raises(ArgumentError, match="do not touch"):
        read_dem(write(slope()), bounds=(0.0, 0.0, 10.0, 10.0))


def test_a_coarser_cell_size_takes_the_mean_of_the_cells(write):
    dem = read_dem(write(slope(8, 8)), cell_size=40.0)
    assert dem.grid.shape == (2, 2)
    np.testing.assert_allclose(dem.elevation[-1, 0], slope(8, 8)[:4, :4].mean(), rtol=1e-6)


def test_fine_degrees_are_averaged_over_the_coarse_cells_in_metres(write):
    """Stripes of 0 and 10 m: sampled they would stay stripes, averaged they are 5 m."""
    stripes = np.tile(np.array([300.0, 310.0], np.float32), (80, 40))
    path = write(stripes, crs="EPSG:4326", transform=from_origin(98.9, 18.75, 0.0001, 0.0001))
    dem = read_dem(path, to_crs="EPSG:32647", cell_size=100.0)
    assert np.nanstd(dem.elevation) < 1.0
    assert np.nanmean(dem.elevation) == pytest.approx(305.0, abs=0.5)


def test_a_cell_size_of_nothing_is_refused(write):
    with pytest.raises(ArgumentError, match="cell_size"):
        read_dem(write(slope()), cell_size=-5.0)


def test_a_raster_without_any_data_is_refused(write):
    with pytest.raises(ArgumentError, match="no data"):
        read_dem(write(np.full((4, 4), np.nan, np.float32)))


def test_a_band_that_is_not_there_is_refused(write):
    with pytest.raises(ArgumentError, match="band"):
        read_dem(write(slope()), band=2)


def test_a_file_without_a_place_is_refused(write):
    path = write(slope(), transform=Affine.identity())
    with pytest.raises(ArgumentError, match="where it lies"):
        read_dem(path)


def test_the_terrain_of_a_dem_keeps_its_gaps_outside(write):
    values = slope()
    values[0, 0] = np.nan
    terrain = read_dem(write(values)).terrain(manning=0.05)
    assert terrain.manning == 0.05
    assert not terrain.inside[-1, 0]
    assert terrain.inside.sum() == 47


def test_notes_grow_with_what_is_done():
    dem = Dem(Grid(0, 0, 1, 1, 2, 1), np.array([[1.0, 2.0]]), ("a",))
    assert dem.with_note(dem.elevation, "b").notes == ("a", "b")


def test_a_projection_that_is_none_is_named(write):
    with pytest.raises(ArgumentError, match=r"^crs: 'moon' is no projection"):
        read_dem(write(slope(), crs=None), crs="moon")
    with pytest.raises(ArgumentError, match=r"^to_crs: 'moon' is no projection"):
        read_dem(write(slope()), to_crs="moon")
    with pytest.raises(ArgumentError, match=r"^to_crs: 'moon' is no projection"):
        read_dem(write(slope()), to_crs="moon", bounds=(0, 0, 1, 1))


def test_each_band_has_its_own_scale(write):
    path = write(slope(), bands=2)
    with rasterio.open(path, "r+") as raster:
        raster.scales, raster.offsets = (1.0, 0.5), (0.0, 7.0)
    np.testing.assert_allclose(read_dem(path, band=2).elevation, slope()[::-1] * 0.5 + 7.0)
