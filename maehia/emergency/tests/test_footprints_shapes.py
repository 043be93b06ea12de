"""Shapes from outside: what is wrong with each is said, what is right is taken as it is. No database."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import rasterio
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from rasterio.transform import from_origin

from maehia.base import ProblemError
from maehia.emergency.rules.depths import Depths, pack, unpack
from maehia.emergency.rules.footprints import MOST_POINTS, check, moved, read_geojson
from maehia.emergency.rules.footprints_raster import read_raster, wet_area
from maehia.impact import Grid

TOWN = shapely.box(98.93, 18.70, 98.99, 18.78)
RING = [[98.94, 18.72], [98.96, 18.72], [98.96, 18.74], [98.94, 18.74], [98.94, 18.72]]


def polygon(*rings, **more) -> str:
    return json.dumps({"type": "Polygon", "coordinates": rings or [RING], **more})


def refused(work, *arguments) -> str:
    with pytest.raises(ProblemError) as caught:
        work(*arguments)
    assert caught.value.problem.what
    assert caught.value.problem.fix
    return caught.value.problem.code


def test_a_polygon_a_feature_and_a_collection_are_the_same_shape():
    geometry = json.loads(polygon())
    feature = {"type": "Feature", "properties": {}, "geometry": geometry}
    texts = (geometry, feature, {"type": "FeatureCollection", "features": [feature]},
             {"type": "GeometryCollection", "geometries": [geometry]})  # fmt: skip
    assert {read_geojson(json.dumps(text)).wkt for text in texts} == {shapely.MultiPolygon([shapely.Polygon(RING)]).wkt}


def test_heights_are_dropped_and_holes_are_kept():
    high = [[*point, 310.5] for point in RING]
    hole = [[98.945, 18.725], [98.95, 18.725], [98.95, 18.73], [98.945, 18.73], [98.945, 18.725]]
    found = read_geojson(polygon(high, hole))
    assert not found.has_z
    assert len(found.geoms[0].interiors) == 1
    assert check(found, TOWN) == pytest.approx(
        check(read_geojson(polygon()), TOWN) - check(read_geojson(polygon(hole)), TOWN)
    )


@pytest.mark.parametrize(("text", "code"), [
    ("{", "not_json"), ("[1]", "not_geojson"), ("{}", "not_geojson"), ('{"type": "Polygon"}', "not_geojson"),
    ('{"type": "FeatureCollection", "features": []}', "not_polygon"),
    ('{"type": "Point", "coordinates": [98.9, 18.7]}', "not_polygon"),
    ('{"type": "Feature", "geometry": {"type": "LineString", "coordinates": []}}', "not_polygon"),
    ('{"type": "Feature", "geometry": null}', "not_geojson"),
    (polygon(RING[:-1]), "unclosed_ring"), (polygon(RING[:2] + RING[:1]), "short_ring"),
    (polygon([RING[0], RING[2], RING[1], RING[3], RING[0]]), "self_crossing"),
    (polygon([["a", 1], *RING[1:]]), "bad_number"), (polygon([[98.94], *RING[1:]]), "bad_number"),
    ('{"type": "Polygon", "coordinates": [[[98.94, NaN], [98.96, 18.72], [98.96, 18.74], [98.94, NaN]]]}', "bad_number"),
    (polygon(crs={"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::32647"}}), "other_crs"),
    (polygon([[98.94, 18.72]] * (MOST_POINTS + 1)), "too_many_points"),
    ("[" * 100_000, "not_json"),
])  # fmt: skip
def test_what_is_no_usable_geojson_is_refused_with_a_word_for_it(text, code):
    assert refused(read_geojson, text) == code


def test_a_file_that_names_longitude_and_latitude_is_taken():
    named = {"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}}
    assert read_geojson(polygon(crs=named)).area > 0


def test_collections_nested_without_end_are_refused():
    text = polygon()
    for _ in range(12):
        text = json.dumps({"type": "GeometryCollection", "geometries": [json.loads(text)]})
    assert refused(read_geojson, text) == "not_geojson"


@pytest.mark.parametrize(("shape", "code"), [
    (shapely.box(18.72, 98.94, 18.74, 98.96), "other_crs_or_swapped"),
    (shapely.box(-180, -90, 180, 90), "too_large"), (shapely.box(97, 17, 100, 20), "too_large"),
    (shapely.box(100.4, 13.7, 100.6, 13.9), "elsewhere"), (shapely.box(99.10, 18.72, 99.12, 18.74), "elsewhere"),
    (shapely.box(497_000, 2_072_000, 498_000, 2_073_000), "other_crs"),
    (shapely.Polygon([(98.94, 18.72), (98.96, 18.74), (98.94, 18.72)]), "self_crossing_or_zero"),
    (shapely.box(98.94, 18.72, 98.940001, 18.720001), "zero_area"), (shapely.MultiPolygon(), "bad_number"),
])  # fmt: skip
def test_shapes_that_cannot_be_here_are_refused(shape, code):
    found = refused(check, shapely.MultiPolygon([shape]) if shape.geom_type == "Polygon" else shape, TOWN)
    expected = {"other_crs_or_swapped": {"swapped"}, "self_crossing_or_zero": {"self_crossing", "zero_area"}}
    assert found in expected.get(code, {code})


def test_a_town_without_an_outline_still_refuses_the_world():
    assert refused(check, shapely.MultiPolygon([shapely.box(-180, -90, 180, 90)])) == "too_large"
    assert check(read_geojson(polygon())) > 4_000_000


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 30), st.integers(1, 30), st.data())
def test_a_packed_grid_comes_back_to_the_centimetre(nx, ny, data):
    values = data.draw(st.lists(st.none() | st.floats(0, 90), min_size=nx * ny, max_size=nx * ny))
    metres = np.array([np.nan if value is None else value for value in values]).reshape(ny, nx)
    back = unpack(pack(Depths(Grid(497_000, 2_072_000, 10, 5, nx, ny), metres)))
    assert back.grid == Grid(497_000, 2_072_000, 10, 5, nx, ny)
    assert np.array_equal(np.isnan(back.metres), np.isnan(metres))
    assert np.nanmax(np.abs(back.metres - metres), initial=0.0) <= 0.005 + 1e-9


def test_depths_are_read_where_they_are_known_only():
    depths = Depths(Grid(0, 0, 10, 10, 2, 2), np.array([[0.5, np.nan], [1.5, 0.0]]))
    assert np.array_equal(depths.at([5, 15, 5, 50], [5, 5, 15, 5]), [0.5, np.nan, 1.5, np.nan], equal_nan=True)


@pytest.mark.parametrize("packed", [b"", b"MHDG1", b"MHDG1\x05\x00\x00\x00[1]xx", b"PNG", pack(
    Depths(Grid(0, 0, 1, 1, 3, 3), np.zeros((3, 3))))[:-4]])  # fmt: skip
def test_a_damaged_grid_is_refused(packed):
    with pytest.raises(ProblemError) as caught:
        unpack(packed)
    assert caught.value.problem.code == "depth_unreadable"


def test_depths_that_cannot_be_metres_of_water_are_refused():
    grid = Grid(0, 0, 1, 1, 2, 1)
    assert [refused_depth(grid, values) for values in ([[0.0, -1.0]], [[0.0, 350.0]], [[0.0]])] == [
        "depth_negative", "depth_absurd", "depth_shape"]  # fmt: skip


def refused_depth(grid, values) -> str:
    with pytest.raises(ProblemError) as caught:
        Depths(grid, np.array(values))
    return caught.value.problem.code


def test_the_wet_part_of_a_grid_is_its_footprint():
    metres = np.zeros((20, 30))
    metres[5:10, 10:20] = 0.4
    shape = wet_area(Depths(Grid(497_000, 2_072_000, 10, 10, 30, 20), metres))
    west, south, east, north = moved(shape, "EPSG:4326", "EPSG:32647").bounds
    assert (round(west), round(south), round(east), round(north)) == (497_100, 2_072_050, 497_200, 2_072_100)
    assert refused(wet_area, Depths(Grid(0, 0, 1, 1, 2, 2), np.zeros((2, 2)))) == "no_water"


def write_raster(path: Path, values, crs="EPSG:32647", nodata=-9999.0) -> Path:
    place = from_origin(497_000, 2_072_200, 10, 10) if crs == "EPSG:32647" else from_origin(98.95, 18.75, 1e-4, 1e-4)
    with rasterio.open(path, "w", driver="GTiff", width=values.shape[1], height=values.shape[0], count=1,
                       dtype="float32", crs=crs, transform=place, nodata=nodata) as out:  # fmt: skip
        out.write(values.astype("float32"), 1)
    return path


def test_a_raster_is_read_from_the_south_with_its_gaps(tmp_path):
    values = np.zeros((20, 30))
    values[0, :] = 1.0  # the northern row
    values[19, 0] = -9999.0
    depths = read_raster(write_raster(tmp_path / "d.tif", values))
    assert (depths.metres[19, 5], depths.metres[0, 5], np.isnan(depths.metres[0, 0])) == (1.0, 0.0, True)
    assert depths.grid.bounds == (497_000, 2_072_000, 497_300, 2_072_200)


def test_a_raster_in_degrees_is_brought_to_metres(tmp_path):
    values = np.full((40, 40), 0.7)
    depths = read_raster(write_raster(tmp_path / "g.tif", values, "EPSG:4326"))
    assert depths.grid.crs == "EPSG:32647"
    assert depths.deepest_m == pytest.approx(0.7)


def test_rasters_that_say_too_little_are_refused(tmp_path):
    text = tmp_path / "no.tif"
    text.write_text("hello")
    codes = [read_code(text), read_code(tmp_path / "missing.tif"),
             read_code(write_raster(tmp_path / "n.tif", np.full((2, 2), -5.0), nodata=None)),
             read_code(write_raster(tmp_path / "c.tif", np.ones((2, 2)), None))]  # fmt: skip
    assert codes == ["not_raster", "not_raster", "depth_negative", "raster_without_crs"]


def read_code(path: Path) -> str:
    with pytest.raises(ProblemError) as caught:
        read_raster(path)
    return caught.value.problem.code
