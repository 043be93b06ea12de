"""GeoTIFF in and out: the same place, whichever way up, and no value where there is none."""

import numpy as np
import pytest
import rasterio

from maehia.impact import ArgumentError, Curves, Exposure, Grid, assess
from maehia.impact.formats import raster
from maehia.impact.formats.faults import FileError, FormatWarning

GRID = Grid(500_000, 2_070_000, 10, 5, 4, 3)
# Row 0 is the southernmost, as everywhere in the engine.
DEPTH = np.array([[0.0, 0.1, 0.0, 2.0], [0.5, 0.0, 0.0, 0.0], [0.0, 0.0, 1.5, 0.0]], np.float32)


def write(path, bands, *, crs="EPSG:32647", nodata=None, transform=None, dtype=None):
    """North up, as most files: `bands` are given with the south first."""
    bands = np.asarray(bands)
    bands = bands[np.newaxis] if bands.ndim == 2 else bands
    transform = transform or rasterio.Affine(10, 0, 500_000, 0, -5, 2_070_015)
    with rasterio.open(path, "w", driver="GTiff", width=4, height=3, count=len(bands), dtype=dtype or bands.dtype,
                       crs=crs, transform=transform, nodata=nodata) as out:  # fmt: skip
        out.write(bands[:, ::-1] if transform.e < 0 else bands)
    return path


@pytest.fixture
def path(tmp_path):
    return tmp_path / "flood.tif"


def test_one_band_an_event_in_its_place(path):
    hazard = raster.read_hazard(write(path, [DEPTH, DEPTH * 2]), [0.1, 0.01])
    assert hazard.grid == GRID
    assert hazard.cell.tolist() == [1, 3, 4, 10] * 2
    np.testing.assert_array_equal(hazard.map_of(1), DEPTH * 2)
    assert hazard.frequency.tolist() == [0.1, 0.01]
    assert hazard.intensity.dtype == np.float32


def test_the_value_under_a_point_is_what_gdal_says(path):
    write(path, DEPTH)
    hazard = raster.read_hazard(path, 1.0)
    x, y = GRID.centre_of(np.arange(12))
    impact = assess(hazard, Exposure(x, y, 0, np.ones(12)), Curves([0, 10], [[0, 10]]))
    with rasterio.open(path) as source:
        sampled = [value[0] for value in source.sample(zip(x, y, strict=True))]
    np.testing.assert_allclose(impact.per_asset, sampled, rtol=1e-6)


def test_one_file_an_event_as_well(tmp_path):
    files = [write(tmp_path / "a.tif", DEPTH), write(tmp_path / "b.tif", [DEPTH, DEPTH * 3])]
    hazard = raster.read_hazard(files, [0.1, 0.02, 0.01])
    assert hazard.events == 3
    np.testing.assert_array_equal(hazard.map_of(2), DEPTH * 3)


@pytest.mark.parametrize(
    ("affine", "turned"),
    [
        (rasterio.Affine(10, 0, 500_000, 0, 5, 2_070_000), DEPTH),  # south up
        (rasterio.Affine(-10, 0, 500_040, 0, 5, 2_070_000), DEPTH[:, ::-1]),  # east first
    ],
)
def test_a_file_the_other_way_up_gives_the_same(path, affine, turned):
    hazard = raster.read_hazard(write(path, turned, transform=affine), 0.1)
    assert hazard.grid == GRID
    np.testing.assert_array_equal(hazard.map_of(0), DEPTH)


@pytest.mark.parametrize("nodata", [0, -9999, np.nan, -32768, 255])
def test_nodata_is_dry_whatever_stands_for_it(path, nodata):
    holes = np.where(DEPTH > 0, DEPTH, np.float32(nodata))
    hazard = raster.read_hazard(write(path, holes, nodata=nodata), 0.1)
    assert hazard.cell.tolist() == [1, 3, 4, 10]


@pytest.mark.parametrize("hole", [-9999, np.nan, np.inf])
def test_what_is_surely_no_depth_is_dry_undeclared(path, hole):
    holes = np.where(DEPTH > 0, DEPTH, np.float32(hole))
    assert raster.read_hazard(write(path, holes), 0.1).cell.tolist() == [1, 3, 4, 10]


def test_whole_centimetres_with_a_scale_are_metres(path):
    write(path, np.rint(DEPTH * 100).astype(np.int16), nodata=-1)
    with rasterio.open(path, "r+") as out:
        out.scales = (0.01,)
    np.testing.assert_allclose(raster.read_hazard(path, 0.1).map_of(0), DEPTH, atol=1e-6)


def test_a_negative_depth_is_refused_where_it_is(path):
    wrong = DEPTH.copy()
    wrong[0, 2] = -0.5
    with pytest.raises(FileError, match=r"flood\.tif: has -0\.5 in band 1, row 2, column 2: below 0"):
        raster.read_hazard(write(path, wrong), 0.1)
    assert raster.read_map(path, negative=True)[0, 2] == np.float32(-0.5)


def test_a_raster_without_crs_is_refused_by_name_unless_told(path):
    write(path, DEPTH, crs=None)
    with pytest.raises(FileError, match=r"flood\.tif: has no coordinate reference system") as refused:
        raster.read_hazard(path, 0.1)
    assert refused.value.problem.code == "crs_missing"
    assert raster.read_hazard(path, 0.1, crs="EPSG:32647").grid == GRID


def test_degrees_are_allowed_and_told(path):
    write(path, DEPTH, crs="EPSG:4326", transform=rasterio.Affine(0.001, 0, 98.9, 0, -0.001, 18.8))
    with pytest.warns(FormatWarning, match="assets must be in it too"):
        hazard = raster.read_hazard(path, 0.1)
    assert hazard.grid.crs == "EPSG:4326"


@pytest.mark.parametrize(
    ("frequency", "affine", "told"),
    [
        ([0.1, 0.2], None, "expected one for each of the 1 bands"),
        (0.1, rasterio.Affine(10, 1, 0, 1, -5, 0), "rotated"),
    ],
)
def test_rasters_that_do_not_fit_are_refused(path, frequency, affine, told):
    write(path, DEPTH, transform=affine)
    with pytest.raises(ArgumentError, match=told):
        raster.read_hazard(path, frequency)


def test_a_second_file_on_another_grid_is_named(tmp_path):
    files = [
        write(tmp_path / "a.tif", DEPTH),
        write(tmp_path / "b.tif", DEPTH, transform=rasterio.Affine(10, 0, 500_001, 0, -5, 2_070_015)),
    ]
    with pytest.raises(FileError, match=r"b\.tif: lies on another grid than a\.tif"):
        raster.read_hazard(files, [0.1, 0.2])


def test_what_is_no_raster_is_refused(path):
    path.write_text("not a picture")
    with pytest.raises(FileError, match="not a raster"):
        raster.read_hazard(path, 0.1)
    with pytest.raises(FileError, match="does not exist"):
        raster.read_hazard(path.with_name("none.tif"), 0.1)
    with pytest.raises(ArgumentError, match="names no file"):
        raster.read_hazard([], 0.1)


def test_a_cog_goes_out_and_comes_back(path):
    holes = np.where(DEPTH > 0, DEPTH, np.nan)
    raster.write_cog(path, GRID, [holes, holes * 2], names=["10 years", "100 years"])
    with rasterio.open(path) as source:
        assert source.tags(ns="IMAGE_STRUCTURE")["LAYOUT"] == "COG"
        assert source.descriptions == ("10 years", "100 years")
        assert source.nodata == -9999
    assert raster.read_grid(path) == GRID
    np.testing.assert_array_equal(raster.read_map(path, 2), holes * 2)
    np.testing.assert_array_equal(raster.read_hazard(path, [0.1, 0.01]).map_of(0), DEPTH)


def test_a_map_of_another_shape_is_not_written(path):
    with pytest.raises(ArgumentError, match=r"expected \(bands, 3, 4\)"):
        raster.write_cog(path, GRID, DEPTH.T)
    assert not path.exists()


def test_the_largest_intensity_of_all_events(path):
    hazard = raster.read_hazard(write(path, [DEPTH, DEPTH[:, ::-1]]), [0.1, 0.01])
    np.testing.assert_array_equal(raster.largest(hazard), np.maximum(DEPTH, DEPTH[:, ::-1]))


def test_what_a_mask_hides_is_dry(path):
    with rasterio.open(write(path, np.ones((3, 4), np.float32)), "r+") as out:
        mask = np.full((3, 4), 255, np.uint8)
        mask[0, 1] = 0  # the northernmost row
        out.write_mask(mask)
    assert raster.read_hazard(path, 0.1).map_of(0).tolist() == [[1, 1, 1, 1], [1, 1, 1, 1], [1, 0, 1, 1]]


@pytest.mark.parametrize(("off", "fits"), [(1e-9, True), (9e-4, True), (2e-3, False), (10.0, False)])
def test_corners_rounded_by_another_program_are_the_same_grid(tmp_path, off, fits):
    # cells of 10 m: a ten-thousandth of one is a millimetre
    moved = rasterio.Affine(10, 0, 500_000 + off, 0, -5, 2_070_015)
    files = [write(tmp_path / "a.tif", DEPTH), write(tmp_path / "b.tif", DEPTH, transform=moved)]
    if fits:
        assert raster.read_hazard(files, [0.1, 0.1]).grid == GRID
    else:
        with pytest.raises(FileError, match=r"another grid than a\.tif"):
            raster.read_hazard(files, [0.1, 0.1])
