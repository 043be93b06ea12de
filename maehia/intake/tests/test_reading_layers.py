from __future__ import annotations

import subprocess
import sys
import textwrap

import numpy as np
import pytest
import shapely
from pyproj import Transformer

from maehia.intake.reading import choices, crs_fit, guess_crs, read_file, to_lonlat
from maehia.intake.tests.makers import layer, shapefile_zip

HOUSES = [shapely.Point(98.95 + n / 1000, 18.74 + (n * 7 % 10) / 1000) for n in range(10)]
NAMES = {"บ้านเลขที่": [f"{n}/1" for n in range(10)], "หมู่": list(range(1, 11))}


def moved(shapes, code, way=0):
    """The shapes in the coordinates of an old or metric map, by the exact way back of one choice."""
    choice = choices(code)[way]
    from maehia.intake.reading.crs import transformer

    back = transformer(choice.key)
    turn = lambda xy: np.column_stack(back.transform(xy[:, 0], xy[:, 1], direction="INVERSE"))  # noqa: E731
    return [shapely.transform(shape, turn) for shape in shapes]


def test_geojson_is_read_with_its_points(tmp_path):
    book = read_file(layer(tmp_path / "houses.geojson", HOUSES, NAMES))
    sheet = book.sheets[0]
    assert (book.format, book.problems) == ("geojson", [])
    assert sheet.column("หมู่")[:2] == ["1", "2"]
    assert sheet.row_numbers()[:2] == [1, 2]
    assert (sheet.crs.certain, sheet.crs.candidates) == (True, ["EPSG:4326"])
    assert shapely.from_wkb(sheet.geometry[0].as_py()).equals(HOUSES[0])


def test_a_geopackage_gives_one_sheet_per_layer(tmp_path):
    path = layer(tmp_path / "town.gpkg", HOUSES, NAMES, driver="GPKG", layer="houses")
    squares = [point.buffer(0.0001) for point in HOUSES]
    layer(path, squares, {"จำนวนชั้น": [2] * 10}, driver="GPKG", layer="buildings", append=True)
    book = read_file(path)
    assert [(sheet.name, sheet.header, len(sheet)) for sheet in book.sheets] == [
        ("houses", ["บ้านเลขที่", "หมู่"], 10), ("buildings", ["จำนวนชั้น"], 10)
    ]  # fmt: skip


def test_a_zipped_shapefile_with_prj_is_certain(tmp_path):
    path = shapefile_zip(
        tmp_path, "parcels", shapes=moved(HOUSES, "EPSG:32647"), fields={"deed_no": ["1"] * 10}, crs="EPSG:32647"
    )
    sheet = read_file(path).sheets[0]
    assert (sheet.crs.declared, sheet.crs.certain) == ("EPSG:32647", True)


def test_a_shapefile_without_prj_in_metres_is_asked_about(tmp_path):
    path = shapefile_zip(
        tmp_path,
        "parcels",
        without=[".prj"],
        shapes=moved(HOUSES, "EPSG:32647"),
        fields={"deed_no": ["1"] * 10},
        crs="EPSG:32647",
    )
    book = read_file(path)
    crs = book.sheets[0].crs
    assert not crs.certain
    assert {"EPSG:32647", "EPSG:24047#1", "EPSG:24047#2"} <= set(crs.candidates)
    assert [problem.code for problem in book.problems] == ["crs_unknown"]
    assert "Indian 1975" in book.problems[0].what


def test_a_shapefile_without_prj_in_degrees_needs_no_question(tmp_path):
    path = shapefile_zip(tmp_path, "houses", without=[".prj"], shapes=HOUSES, fields={"a": ["1"] * 10})
    assert read_file(path).sheets[0].crs.certain


def test_metres_in_a_geojson_are_not_taken_for_degrees(tmp_path):
    book = read_file(layer(tmp_path / "x.geojson", moved(HOUSES, "EPSG:32647"), NAMES, crs=None))
    assert not book.sheets[0].crs.certain
    assert "EPSG:32647" in book.sheets[0].crs.candidates


def test_degrees_under_a_metric_prj_are_asked_about():
    points = shapely.get_coordinates(HOUSES)
    crs = guess_crs("EPSG:32647", points[:, 0], points[:, 1])
    assert (crs.certain, crs.candidates) == (False, ["EPSG:4326"])


def test_indian_1975_is_asked_about_even_when_declared(tmp_path):
    path = shapefile_zip(
        tmp_path, "old", shapes=moved(HOUSES, "EPSG:24047"), fields={"a": ["1"] * 10}, crs="EPSG:24047"
    )
    crs = read_file(path).sheets[0].crs
    assert (crs.declared, crs.certain) == ("EPSG:24047", False)
    assert crs.candidates == ["EPSG:24047#1", "EPSG:24047#2"]


@pytest.mark.parametrize(
    ("code", "way", "key"),
    [("EPSG:32647", 0, "EPSG:32647"), ("EPSG:24047", 0, "EPSG:24047#1"), ("EPSG:24047", 1, "EPSG:24047#2")],
)
def test_the_fit_finds_the_coordinates_by_what_the_town_knows(code, way, key):
    rng = np.random.default_rng(7)
    known = np.column_stack([98.93 + rng.random(400) * 0.04, 18.73 + rng.random(400) * 0.04])
    old = shapely.get_coordinates(moved([shapely.Point(xy) for xy in known[:60]], code, way))
    fits = crs_fit(old, known, ["EPSG:32647", "EPSG:24047"])
    assert fits[0].choice.key == key
    assert fits[0].offset_m < 1
    assert fits[0].within_30m == 1.0
    assert min(fit.offset_m for fit in fits[1:]) > 30
    assert len(fits) == 3


def test_the_two_ways_of_indian_1975_lie_far_apart():
    x, y = np.array([495_000.0]), np.array([2_072_000.0])
    first, second = (np.column_stack(to_lonlat(choice.key, x, y)) for choice in choices("EPSG:24047"))
    to_metres = Transformer.from_crs("EPSG:4326", "EPSG:32647", always_xy=True)
    gap = np.hypot(*(np.array(to_metres.transform(*first[0])) - np.array(to_metres.transform(*second[0]))))
    assert 150 < gap < 230
    assert ["7 ค่า" in choice.label for choice in choices("EPSG:24047")] == [True, False]


def test_a_cp874_table_with_a_cpg_that_says_utf8_is_read_right(tmp_path):
    inner = tmp_path / "parts"
    inner.mkdir()
    layer(inner / "p.shp", HOUSES, {"name": ["วัดตัวอย่าง"] * 10}, driver="ESRI Shapefile", encoding="cp874")
    (inner / "p.cpg").write_text("UTF-8")
    book = read_file(inner / "p.shp")
    assert book.encoding == "cp874"
    assert book.sheets[0].column("name")[0] == "วัดตัวอย่าง"


def test_a_shapefile_without_its_index_says_which_part_is_missing(tmp_path):
    path = shapefile_zip(tmp_path, "p", without=[".shx"], shapes=HOUSES, fields={"a": ["1"] * 10})
    book = read_file(path)
    assert [problem.code for problem in book.problems] == ["shapefile_incomplete"]
    assert ".shx" in book.problems[0].what


def test_an_id_stored_as_a_real_number_is_read_exactly(tmp_path):
    path = layer(tmp_path / "x.gpkg", HOUSES, {"owner_id": [3100600445635.0] * 10}, driver="GPKG")
    assert read_file(path).sheets[0].column("owner_id")[0] == "3100600445635"


def test_kml_is_read(tmp_path):
    path = tmp_path / "x.kml"
    path.write_text(
        '<?xml version="1.0" encoding="UTF-8"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document><Placemark><name>ศาลา</name>'
        "<Point><coordinates>98.95,18.74</coordinates></Point></Placemark></Document></kml>"
    )
    sheet = read_file(path).sheets[0]
    assert sheet.column("Name") == ["ศาลา"]
    assert sheet.crs.certain


def test_the_gdal_of_the_wheels_and_the_gdal_of_the_system_live_in_one_process(tmp_path):
    """GeoDjango loads the system's libgdal, pyogrio and rasterio their own: all read, in both orders of loading."""
    path = layer(tmp_path / "houses.gpkg", HOUSES, NAMES, driver="GPKG")
    script = textwrap.dedent(f"""
        import sys
        from maehia.intake.reading import read_file
        from django.conf import settings
        settings.configure()
        def wheel():
            import pyogrio, rasterio
            return len(read_file({str(path)!r}).sheets[0]), pyogrio.__gdal_version__, rasterio.__gdal_version__
        def system():
            from django.contrib.gis.gdal import DataSource, OGRGeometry, gdal_version
            from django.contrib.gis.geos import Point
            box = OGRGeometry("POINT (98.95 18.74)", srs=4326).transform(32647, clone=True)
            return len(DataSource({str(path)!r})[0]), Point(1, 2).wkt, round(box.x / 1000), gdal_version().decode()
        order = [wheel, system] if sys.argv[1] == "wheel" else [system, wheel]
        first = [part() for part in order]
        again = [part() for part in order]
        assert first == again, (first, again)
        print(*sorted(map(str, first)))
    """)
    answers = set()
    for order in ("wheel", "system"):
        run = subprocess.run(
            [sys.executable, "-c", script, order], capture_output=True, text=True, timeout=120, check=True
        )
        answers.add(run.stdout)
    assert len(answers) == 1
    assert "POINT (1 2)" in answers.pop()
