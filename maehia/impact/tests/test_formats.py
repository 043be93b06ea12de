"""What all formats share: where a fault is, which crs a place is in, and what a pickle may not do."""

import pickle
import pickletools

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from maehia.impact import ArgumentError, Curves, Exposure, Grid, Hazard, assess
from maehia.impact.formats import places, raster, tables, vector
from maehia.impact.formats.faults import FileError, crs_missing, existing
from maehia.impact.formats.pickles import KNOWN, Shell, metadata, objects, plain

CURVES = tables.NamedCurves([0, 2], [[0, 1], [0, 0.5]], ("wood", "brick"))


def test_a_fault_says_file_line_column_and_what_to_do():
    fault = FileError("/data/in/houses.csv", "is not a number.", line=7, column="value", fix="Write 12.5.", code="x")
    assert str(fault) == "houses.csv, line 7, column value: is not a number. Write 12.5."
    assert fault.problem.as_dict() == {
        "code": "x", "what": "is not a number.", "where": "houses.csv, line 7, column value", "fix": "Write 12.5.",
    }  # fmt: skip
    assert isinstance(fault, ArgumentError)


def test_a_fault_crosses_processes_whole():
    fault = FileError("a.tif", "is rotated.", column="c", fix="Warp it.", code="rotated")
    again = pickle.loads(pickle.dumps(fault))
    assert type(again) is FileError
    assert (str(again), again.path, again.line, again.column) == (str(fault), "a.tif", None, "c")


def test_a_path_that_is_not_there_is_named(tmp_path):
    assert existing(tmp_path) == tmp_path
    with pytest.raises(FileError, match=r"none\.csv: does not exist") as refused:
        existing(tmp_path / "none.csv")
    assert refused.value.problem.code == "file_missing"
    assert crs_missing("a.tif").problem.code == "crs_missing"


@pytest.mark.parametrize(
    ("given_as", "name"),
    [("EPSG:32647", "EPSG:32647"), (4326, "EPSG:4326"), ("epsg:24047", "EPSG:24047"), ("OGC:CRS84", None)],
)
def test_a_crs_has_one_name(given_as, name):
    found = places.crs_name(given_as)
    assert found == name if name else "CRS84" in found or "CRS 84" in found or found.startswith("GEOGCRS")
    assert places.crs_name(found) == found


@pytest.mark.parametrize("crs", ["EPSG:0", "nowhere", ""])
def test_a_crs_that_proj_does_not_know_is_refused(crs):
    with pytest.raises(ArgumentError, match="PROJ does not know"):
        places.crs_name(crs)


def test_degrees_are_known_as_such():
    assert places.is_geographic("EPSG:4326")
    assert not places.is_geographic("EPSG:32647")


def test_east_comes_before_north_whatever_the_authority_says():
    x, y = places.transformed(np.array([99.0]), np.array([0.0]), "EPSG:4326", "EPSG:32647")
    np.testing.assert_allclose([x[0], y[0]], [500_000, 0], atol=1e-6)
    back = places.transformed(x, y, "EPSG:32647", "EPSG:4326")
    np.testing.assert_allclose([back[0][0], back[1][0]], [99, 0], atol=1e-9)


def test_points_in_the_hazards_crs_are_not_touched():
    x = np.array([1.0])
    assert places.transformed(x, x, "EPSG:32647", "EPSG:32647")[0] is x
    assert places.transformed(x, x, "EPSG:32647", None)[0] is x


def test_geometries_of_all_kinds_have_a_place():
    shapes = [
        shapely.Point(1, 2), shapely.MultiPoint([(3, 4), (5, 6)]), shapely.box(0, 0, 4, 4), shapely.Point(1, 2, 3),
        shapely.GeometryCollection([shapely.box(8, 8, 9, 9)]),
    ]  # fmt: skip
    x, y = places.points_of_wkb(np.array([shape.wkb for shape in shapes], object), "a.gpkg")
    for shape, east, north in zip(shapes, x, y, strict=True):
        assert shape.distance(shapely.Point(east, north)) == 0


def test_what_is_not_wkb_is_a_row_without_a_place():
    with pytest.raises(FileError, match=r"1 of 2 rows without a usable geometry: row 1"):
        places.points_of_wkb(np.array([shapely.Point(1, 2).wkb, b"nothing"], object), "a.gpkg")


def test_many_bad_rows_are_listed_by_the_first_ten():
    with pytest.raises(FileError, match=r"row 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, \.\.\. \(from 0\)"):
        places.points_of_wkb(np.array([None] * 30, object), "a.gpkg")


class Calls:
    def __init__(self, function, *arguments):
        self.call = function, arguments

    def __reduce__(self):
        return self.call


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
@pytest.mark.parametrize(
    "evil",
    [Calls(exec, "1/0"), Calls(eval, "1/0"), Calls(getattr, "", "join"), Calls(__import__, "os"), Calls(open, "x")],
)
def test_no_function_is_ever_called_by_a_pickle(evil, protocol):
    for value in (evil, [evil], {"crs": evil}):
        with pytest.raises(FileError, match="a Python object that is not read"):
            plain(pickle.dumps(value, protocol), "a.h5")


def test_the_known_names_make_shells_that_do_nothing():
    for made in KNOWN.values():
        if made is not KNOWN["_codecs", "encode"]:
            assert isinstance(made("os.system", ("ls",), b"x"), Shell)
    assert KNOWN["_codecs", "encode"]("\xff\x00", "latin1") == b"\xff\x00"


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
@pytest.mark.parametrize("order", ["C", "F"])
def test_an_array_of_objects_keeps_its_shape_and_order(protocol, order):
    table = np.array([["ก", b"x", 1], [None, 2.5, "b"]], object, order=order)
    again = objects(pickle.dumps(table, protocol), "a.h5")
    assert again.tolist() == table.tolist()


@pytest.mark.parametrize("value", [3, "text", [1, 2], {"a": 1}])
def test_what_is_no_array_is_no_column(value):
    with pytest.raises(FileError, match="not an array"):
        objects(pickle.dumps(value), "a.h5")


def test_metadata_are_a_dictionary():
    assert metadata(pickle.dumps({"crs": "EPSG:4326", "n": [1]}, 0), "a.h5") == {"crs": "EPSG:4326", "n": [1]}
    with pytest.raises(FileError, match="not a dictionary"):
        metadata(pickle.dumps([1]), "a.h5")


def test_a_pickle_that_is_cut_is_refused():
    whole = pickle.dumps({"crs": "EPSG:4326"})
    assert pickletools.genops(whole)
    with pytest.raises(FileError, match="not read"):
        plain(whole[:-4], "a.h5")


SIZES = st.tuples(st.integers(1, 7), st.integers(1, 7))


@given(SIZES, st.integers(0, 1000), st.sampled_from([0.5, 5.0, 30.0]), st.sampled_from([0.5, 2.5, 10.0]))
@settings(max_examples=25, deadline=None)
def test_any_map_goes_through_a_geotiff_unchanged(tmp_path_factory, size, seed, dx, dy):
    """South stays south, whatever the shape, down to a single cell."""
    draw = np.random.default_rng(seed)
    grid = Grid(float(draw.integers(0, 10**6)), float(draw.integers(0, 10**6)), dx, dy, *size)
    field = np.where(draw.random(grid.shape) < 0.6, draw.random(grid.shape), np.nan).astype(np.float32)
    path = tmp_path_factory.mktemp("any") / "m.tif"
    raster.write_cog(path, grid, field)
    assert raster.read_grid(path) == grid
    np.testing.assert_array_equal(raster.read_map(path), field)
    hazard = raster.read_hazard(path, 1.0)
    np.testing.assert_array_equal(hazard.map_of(0), np.nan_to_num(field))


AMOUNTS = st.floats(0, 1e12, allow_nan=False)
ROWS = st.lists(
    st.tuples(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6), st.sampled_from(["wood", "brick"]), AMOUNTS,
              st.text("กขคabc ,\"'", min_size=1, max_size=6).filter(str.strip)),
    min_size=1, max_size=12,
)  # fmt: skip


@given(ROWS)
@settings(max_examples=40, deadline=None)
def test_any_assets_come_through_csv_as_they_were(tmp_path_factory, rows):
    path = tmp_path_factory.mktemp("any") / "e.csv"
    quoted = [f'{x!r},{y!r},{c},{v!r},"{g.replace(chr(34), chr(34) * 2)}"' for x, y, c, v, g in rows]
    path.write_text("\n".join(["x,y,curve,value,village", *quoted]))
    assets = tables.read_exposure(path, CURVES, to="EPSG:32647", group="village")
    found = zip(assets.x, assets.y, assets.curve, assets.value, assets.group, strict=True)
    if assets.labels:
        assert [(x, y, CURVES.names[c], v, assets.labels[g]) for x, y, c, v, g in found] == [
            (x, y, c, v, g.strip()) for x, y, c, v, g in rows
        ]


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 11), st.floats(0, 9, width=32)), max_size=20,
                unique_by=lambda row: row[:2]), st.randoms(use_true_random=False))  # fmt: skip
@settings(max_examples=40, deadline=None)
def test_rows_of_a_hazard_may_come_in_any_order(tmp_path_factory, rows, random):
    path = tmp_path_factory.mktemp("any") / "h.csv"
    head = ["# grid x0=0 y0=0 dx=10 dy=10 nx=4 ny=3 crs=EPSG:32647", "event,frequency,cell,depth"]
    first = [f"{event},0.{event + 1},," for event in range(4)]  # so that events keep their numbers
    listed = [f"{event},0.{event + 1},{cell},{depth!r}" for event, cell, depth in rows]
    random.shuffle(listed)
    path.write_text("\n".join([*head, *first, *listed]))
    hazard = tables.read_hazard(path)
    expected = {(event, cell): depth for event, cell, depth in rows}
    found = {
        (event, int(cell)): float(depth) for event in range(4) for cell, depth in zip(*hazard.event(event), strict=True)
    }
    assert found == expected
    assert hazard.frequency.tolist() == [0.1, 0.2, 0.3, 0.4]


@given(st.lists(st.tuples(st.floats(-500, 500), st.floats(-500, 500), AMOUNTS), min_size=1, max_size=12))
@settings(max_examples=15, deadline=None)
def test_any_points_come_through_a_geopackage(tmp_path_factory, rows):
    path = tmp_path_factory.mktemp("any") / "p.gpkg"
    x, y, value = np.array(rows).T.copy()
    vector.write_points(path, x, y, {"value": value, "curve": np.zeros(x.size, np.int64)}, "EPSG:32647")
    assets = vector.read_exposure(path, CURVES)
    for name, sent in (("x", x), ("y", y), ("value", value)):
        np.testing.assert_array_equal(getattr(assets, name), sent)


def test_named_curves_are_curves():
    hazard = Hazard.from_events(Grid(0, 0, 10, 10, 2, 1), [([0], [1.0])], [0.1])
    exposure = Exposure([5.0], [5.0], [1], [100.0])
    plain_curves = Curves(CURVES.intensity, CURVES.damage)
    assert assess(hazard, exposure, CURVES).aal == assess(hazard, exposure, plain_curves).aal == 2.5
