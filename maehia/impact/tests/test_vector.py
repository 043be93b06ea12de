"""GeoPackage and GeoParquet as exposure."""

import json

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pyogrio
import pyproj
import pytest
import shapely

from maehia.impact.errors import ArgumentError
from maehia.impact.formats import vector
from maehia.impact.formats.faults import FileError
from maehia.impact.formats.tables import NamedCurves

CURVES = NamedCurves([0, 1], [[0, 1], [0, 0.5]], ("wood", "brick"))
U_SHAPE = shapely.Polygon([(0, 0), (30, 0), (30, 30), (20, 30), (20, 10), (10, 10), (10, 30), (0, 30)])
pytestmark = pytest.mark.filterwarnings("ignore:'crs' was not provided")
COLUMNS = {
    "curve": np.array(["wood", "brick"], object), "value": np.array([10.0, 20.0]),
    "people": np.array([3, 4]), "moo": np.array(["หมู่ 2", "หมู่ 1"], object),
}  # fmt: skip


def geopackage(path, shapes, columns=None, crs="EPSG:32647"):
    columns = COLUMNS if columns is None else columns
    wkb = np.array([None if s is None else s.wkb for s in shapes], object)
    pyogrio.raw.write(str(path), wkb, [*columns.values()], [*columns], crs=crs, geometry_type="Unknown")
    return path


def geoparquet(path, shapes, columns=None, **about):
    columns = COLUMNS if columns is None else columns
    table = pa.table({"geometry": [None if s is None else s.wkb for s in shapes], **columns})
    column = {"encoding": "WKB", "geometry_types": [], **about}
    geo = {"version": "1.1.0", "primary_column": "geometry", "columns": {"geometry": column}}
    pq.write_table(table.replace_schema_metadata({"geo": json.dumps(geo)}), path)
    return path


POINTS = [shapely.Point(5, 6), shapely.Point(15, 16)]


def both(tmp_path, shapes, columns=None):
    yield geopackage(tmp_path / "a.gpkg", shapes, columns)
    yield geoparquet(tmp_path / "a.parquet", shapes, columns, crs=pyproj.CRS("EPSG:32647").to_json_dict())


def test_points_are_read_alike_from_both(tmp_path):
    for path in both(tmp_path, POINTS):
        assets = vector.read_exposure(path, CURVES, group="moo", metrics={"people": "brick"})
        assert (assets.x.tolist(), assets.y.tolist()) == ([5, 15], [6, 16])
        assert assets.curve.tolist() == [0, 1]
        assert assets.value.tolist() == [10, 20]
        assert assets.metrics["people"].value.tolist() == [3, 4]
        assert (assets.group.tolist(), assets.labels) == ([1, 0], ("หมู่ 1", "หมู่ 2"))


def test_a_building_stands_inside_its_outline(tmp_path):
    path = geopackage(tmp_path / "a.gpkg", [U_SHAPE, shapely.LineString([(0, 0), (10, 0)])])
    assets = vector.read_exposure(path, CURVES)
    assert U_SHAPE.contains(shapely.Point(assets.x[0], assets.y[0]))
    assert 0 <= assets.x[1] <= 10


def test_degrees_are_moved_to_the_hazard(tmp_path):
    here = [shapely.Point(99, 18.75), shapely.Point(99, 18.76)]
    for path in (
        geopackage(tmp_path / "a.gpkg", here, crs="EPSG:4326"),
        geoparquet(tmp_path / "a.parquet", here),  # no crs key: longitude, latitude
    ):
        assert vector.read_exposure(path, CURVES, to="EPSG:32647").x[0] == pytest.approx(500_000, abs=0.01)


def test_a_missing_crs_is_refused_unless_told(tmp_path):
    for path in (
        geopackage(tmp_path / "a.gpkg", POINTS, crs=None),
        geoparquet(tmp_path / "a.parquet", POINTS, crs=None),
    ):
        with pytest.raises(FileError, match="no coordinate reference system"):
            vector.read_exposure(path, CURVES)
        assert vector.read_exposure(path, CURVES, crs="EPSG:32647").size == 2


def test_an_attribute_is_mapped_to_curves(tmp_path):
    columns = {**COLUMNS, "kind": np.array([1, 2])}
    path = geopackage(tmp_path / "a.gpkg", POINTS, columns)
    by_kind = vector.read_exposure(path, CURVES, curve="kind", curve_of={1: "brick", 2: "wood"})
    assert by_kind.curve.tolist() == [1, 0]
    assert vector.read_exposure(path, CURVES, curve_of="brick").curve.tolist() == [1, 1]
    with pytest.raises(FileError, match="column kind: has '2', which is not one of 1"):
        vector.read_exposure(path, CURVES, curve="kind", curve_of={1: "brick"})


def test_rows_without_a_place_are_listed(tmp_path):
    empty = shapely.Point()
    for path in both(tmp_path, [POINTS[0], None, empty], {k: np.append(v, v[:1]) for k, v in COLUMNS.items()}):
        with pytest.raises(FileError, match="has 2 of 3 rows without a usable geometry: row 1, 2"):
            vector.read_exposure(path, CURVES)


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"value": np.array([1.0, -2.0])}, "column value: is -2 in row 1"),
        ({"value": np.array([np.nan, np.nan])}, r"column value: is nan in row 0 \(of 2 rows\)"),
        ({"value": np.array(["much", "1"], object)}, "column value: is not numbers"),
        ({"curve": np.array(["straw", "wood"], object)}, "has 'straw'"),
    ],
)
def test_bad_columns_are_refused_with_the_row(tmp_path, changed, told):
    for path in both(tmp_path, POINTS, {**COLUMNS, **changed}):
        with pytest.raises(FileError, match=told):
            vector.read_exposure(path, CURVES)


def test_missing_columns_are_named_with_what_there_is(tmp_path):
    path = geopackage(tmp_path / "a.gpkg", POINTS)
    with pytest.raises(FileError, match=r"has no column price\. Its columns are curve, value"):
        vector.read_exposure(path, CURVES, value="price")
    with pytest.raises(ArgumentError, match="not one of wood, brick"):
        vector.read_exposure(path, CURVES, curve_of="straw")


def test_what_is_no_layer_is_refused(tmp_path):
    text = tmp_path / "a.gpkg"
    text.write_text("nothing")
    with pytest.raises(FileError, match="not a layer that GDAL reads"):
        vector.read_layer(text)
    pq.write_table(pa.table({"a": [1]}), tmp_path / "a.parquet")
    with pytest.raises(FileError, match="not GeoParquet"):
        vector.read_layer(tmp_path / "a.parquet")
    (tmp_path / "b.parquet").write_text("nothing")
    with pytest.raises(FileError, match="not a Parquet file"):
        vector.read_layer(tmp_path / "b.parquet")
    with pytest.raises(FileError, match="only WKB is read"):
        vector.read_layer(geoparquet(tmp_path / "c.parquet", POINTS, encoding="point"))


def test_points_are_written_and_read_again(tmp_path):
    path = tmp_path / "out.gpkg"
    for _ in range(2):  # a second run replaces the file
        vector.write_points(path, np.array([5.0, 15]), np.array([6.0, 16]), COLUMNS, "EPSG:32647")
    assets = vector.read_exposure(path, CURVES)
    assert (assets.x.tolist(), assets.value.tolist()) == ([5, 15], [10, 20])
