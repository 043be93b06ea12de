"""Road files: degrees are projected, what says no reference system is refused."""

from __future__ import annotations

import json

import numpy as np
import pyogrio
import pytest
import shapely
from pyproj import Transformer

from maehia.impact import ArgumentError
from maehia.network import RoadGraph
from maehia.network.tests.towns import SQUARE

TO_DEGREES = Transformer.from_crs("EPSG:32647", "EPSG:4326", always_xy=True)
SOUTH_WEST = np.array([495_000.0, 2_072_000.0])


def write(path, lines, columns=None, crs="EPSG:32647", kind="LineString"):
    columns = columns or {"name": ["a", "b", "c"][: len(lines)]}
    shapes = [line if hasattr(line, "geom_type") else shapely.LineString(line) for line in lines]
    pyogrio.raw.write(path, geometry=shapely.to_wkb(np.array(shapes, dtype=object)), geometry_type=kind, crs=crs,
                      field_data=[np.array(v, dtype=object if isinstance(v[0], str) else None) for v in columns.values()],
                      fields=list(columns))  # fmt: skip
    return path


def moved():
    return [np.array(line) + SOUTH_WEST for line in SQUARE]


def write_degrees(path, lines):
    features = [{"type": "Feature", "properties": {"ชื่อถนน": f"ถนน {n}"},
                 "geometry": {"type": "LineString", "coordinates": np.column_stack(TO_DEGREES.transform(*line.T)).tolist()}}
                for n, line in enumerate(lines)]  # fmt: skip
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False), "utf-8")
    return path


def test_degrees_are_projected_to_metres(tmp_path):
    graph = RoadGraph.from_file(write_degrees(tmp_path / "roads.geojson", moved()), name="ชื่อถนน")
    assert graph.length == pytest.approx([100, 100, 200], abs=1e-3)
    assert graph.name == ("ถนน 0", "ถนน 1", "ถนน 2")
    assert graph.points[0] == pytest.approx(SOUTH_WEST, abs=1e-3)


def test_metres_of_another_zone_are_projected_too(tmp_path):
    other = Transformer.from_crs("EPSG:32647", "EPSG:32648", always_xy=True)
    lines = [np.column_stack(other.transform(*line.T)) for line in moved()]
    graph = RoadGraph.from_file(write(tmp_path / "roads.gpkg", lines, crs="EPSG:32648"))
    assert graph.length == pytest.approx([100, 100, 200], abs=1e-2)


def test_a_geopackage_in_metres_is_taken_as_it_is(tmp_path):
    graph = RoadGraph.from_file(write(tmp_path / "roads.gpkg", moved()), name="name")
    assert graph.length.tolist() == [100, 100, 200]
    assert graph.name == ("a", "b", "c")


def test_multi_lines_are_taken_apart_with_their_attributes(tmp_path):
    both = shapely.MultiLineString([[(0, 0), (10, 0)], [(20, 0), (30, 0)]])
    path = write(tmp_path / "roads.gpkg", [both], {"name": ["m"]}, kind="MultiLineString")
    graph = RoadGraph.from_file(path, name="name")
    assert graph.edges == 2
    assert graph.name == ("m", "m")


def test_one_way_words_of_openstreetmap_are_understood(tmp_path):
    lines = [[(0, n), (10, n)] for n in range(0, 60, 10)]
    columns = {"oneway": ["yes", "-1", "no", "", "true", "alternating"], "layer": [0, 1, -1, 0, 0, 0],
               "speed": [30.0, np.nan, 40.0, 20.0, 10.0, 50.0]}  # fmt: skip
    path = write(tmp_path / "roads.gpkg", lines, columns)
    graph = RoadGraph.from_file(path, oneway="oneway", level="layer", speed_kmh="speed")
    assert graph.oneway.tolist() == [1, -1, 0, 0, 1, 0]
    assert graph.level.tolist() == [0, 1, -1, 0, 0, 0]
    assert np.isnan(graph.speed_kmh[1])


def refused(path, **options):
    with pytest.raises(ArgumentError) as error:
        RoadGraph.from_file(path, **options)
    return error.value.problem.code


@pytest.mark.filterwarnings("ignore:'crs' was not provided")
def test_a_file_without_a_reference_system_is_refused(tmp_path):
    assert refused(write(tmp_path / "roads.gpkg", moved(), crs=None)) == "crs_missing"


def test_files_that_cannot_be_roads_are_refused(tmp_path):
    path = write(tmp_path / "roads.gpkg", moved())
    assert refused(path, name="ชื่อ") == "column_missing"
    assert refused(path, layer="other") == "roads_unreadable"
    assert refused(path, crs="EPSG:4326") == "crs_not_metric"
    assert refused(tmp_path / "none.geojson") == "roads_unreadable"
    (tmp_path / "text.geojson").write_text("no roads", "utf-8")
    assert refused(tmp_path / "text.geojson") == "roads_unreadable"
    points = write(tmp_path / "points.gpkg", [shapely.Point(0, 0)], {"name": ["p"]}, kind="Point")
    assert refused(points) == "roads_not_lines"
