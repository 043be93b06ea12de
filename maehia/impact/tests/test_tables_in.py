"""CSV in: what a student writes by hand, and where exactly it is wrong."""

import numpy as np
import pytest

from maehia.impact import ArgumentError, Grid, assess
from maehia.impact.formats import tables
from maehia.impact.formats.faults import FileError

CURVES = tables.NamedCurves([0, 1, 2], [[0, 0.5, 1], [0, 0.2, 0.4]], ("wood", "brick"))
GRID_LINE = "# grid x0=0 y0=0 dx=10 dy=10 nx=3 ny=2 crs=EPSG:32647\n"


@pytest.fixture
def put(tmp_path):
    def write(text, encoding="utf-8"):
        path = tmp_path / "file.csv"
        path.write_text(text, encoding=encoding)
        return path

    return write


def test_a_hazard_of_places_makes_its_own_grid(put):
    hazard, names = tables.read_named_hazard(
        put("event,frequency,x,y,depth\nปี 54,0.1,25,15,1.5\nปี 54,0.1,5,5,0.5\nb,0.02,15,5,2\n"), crs="EPSG:32647"
    )
    assert hazard.grid == Grid(0, 0, 10, 10, 3, 2)
    assert names == ("ปี 54", "b")
    assert hazard.indptr.tolist() == [0, 2, 3]
    assert (hazard.cell.tolist(), hazard.intensity.tolist()) == ([0, 5, 1], [0.5, 1.5, 2])
    assert hazard.frequency.tolist() == [0.1, 0.02]


def test_a_hazard_of_cells_has_its_grid_in_front(put):
    hazard = tables.read_hazard(put(GRID_LINE + "event,frequency,cell,depth\n1,0.1,5,1.5\n1,0.1,0,0\n2,0,1,2\n"))
    assert hazard.grid == Grid(0, 0, 10, 10, 3, 2)
    assert (hazard.cell.tolist(), hazard.intensity.tolist()) == ([0, 5, 1], [0, 1.5, 2])
    assert hazard.frequency.tolist() == [0.1, 0]


def test_an_event_without_cells_is_an_event(put):
    hazard = tables.read_hazard(put(GRID_LINE + "event,frequency,cell,depth\ndry,0.5,,\nwet,0.1,2,1\n"))
    assert (hazard.events, hazard.indptr.tolist()) == (2, [0, 0, 1])


BAD_HAZARDS = {
    "a text for a number": (GRID_LINE + "event,frequency,cell,depth\n1,0.1,2,deep\n",
                            "file.csv, line 3, column depth: 'deep' is not a number"),
    "a missing frequency": (GRID_LINE + "event,frequency,cell,depth\n1,,2,1\n", "line 3, column frequency: is empty"),
    "a negative depth": (GRID_LINE + "event,frequency,cell,depth\n1,.1,2,1\n\n1,.1,3,-1\n1,.1,4,-1\n",
                         "line 5, column depth: '-1' is negative. (and 1 more lines)"),
    "NaN": (GRID_LINE + "event,frequency,cell,depth\n1,0.1,2,NaN\n", "line 3, column depth: 'NaN' is not a number"),
    "two frequencies": (GRID_LINE + "event,frequency,cell,depth\n1,.1,2,1\n1,.2,3,1\n",
                        "line 4, column frequency: differs"),
    "a negative frequency": (GRID_LINE + "event,frequency,cell,depth\n1,-0.1,2,1\n", "column frequency: '-0.1' is negative"),
    "a cell twice": (GRID_LINE + "event,frequency,cell,depth\n1,.1,2,1\n1,.1,3,1\n1,.1,2,2\n",
                     "line 5, column depth: is a second value"),
    "a cell outside": (GRID_LINE + "event,frequency,cell,depth\n1,.1,6,1\n", "line 3, column cell: is not one of 0 to 5"),
    "half a cell": (GRID_LINE + "event,frequency,cell,depth\n1,.1,1.5,1\n", "column cell: is not one of 0 to 5"),
    "a place outside": (GRID_LINE + "event,frequency,x,y,depth\n1,.1,31,5,1\n", "line 3, column x: lies outside"),
    "no grid": ("# crs=EPSG:32647\nevent,frequency,cell,depth\n1,.1,1,1\n", "no line that says their grid"),
    "half a grid": ("# grid x0=1 crs=EPSG:32647\nevent,frequency,cell,depth\n1,.1,1,1\n", "grid line that is not whole"),
    "no crs": ("event,frequency,x,y,depth\n1,.1,1,1,1\n", "no coordinate reference system"),
    "no intensity": ("event,frequency,x,y\n1,.1,1,1\n", "has no column intensity or depth"),
    "no rows": ("", "is empty"),
    "a long row": ("event,frequency,x,y,depth\n1,.1,1,1,1\n1,.1,1,1,1,9\n", "line 3"),
    "places in disorder": ("# crs=EPSG:32647\nevent,frequency,x,y,depth\n1,1,0,0,1\n1,1,1,0,1\n1,1,2.4,0,1\n",
                           "has places that are not a regular grid: x = 1 lies"),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD_HAZARDS)
def test_a_bad_hazard_is_refused_where_it_is_bad(put, case):
    text, told = BAD_HAZARDS[case]
    with pytest.raises(FileError) as refused:
        tables.read_hazard(put(text))
    assert told in str(refused.value)


def test_assets_by_name_and_by_number_with_groups_and_people(put):
    path = put("x,y,curve,value,group,people\n5,5,brick,1000,3,2\n15,5,0,500,4,6\n")
    assets = tables.read_exposure(path, CURVES.with_steps([0.3]), to="EPSG:32647", metrics={"people": ">=0.3"})
    assert assets.curve.tolist() == [1, 0]
    assert assets.group.tolist() == [3, 4]
    assert assets.metrics["people"].value.tolist() == [2, 6]
    hazard = tables.read_hazard(put(GRID_LINE + "event,frequency,cell,depth\n1,0.1,0,0.3\n1,0.1,1,0.2999\n"))
    impact = assess(hazard, assets, CURVES.with_steps([0.3]))
    assert impact.of("people").at_event.tolist() == [2]
    assert impact.at_event[0] == pytest.approx(0.06 * 1000 + 0.14995 * 500)


def test_groups_in_words_keep_their_words(put):
    assets = tables.read_exposure(put("x,y,curve,value,moo\n1,1,0,1,หมู่ 2\n1,1,0,1,หมู่ 1\n"), CURVES, to="EPSG:32647",
                                  group="moo")  # fmt: skip
    assert assets.labels == ("หมู่ 1", "หมู่ 2")
    assert assets.group.tolist() == [1, 0]


def test_longitude_and_latitude_are_moved_to_the_hazard(put):
    assets = tables.read_exposure(put("lon,lat,curve,value\n99,18.75,0,1\n"), CURVES, to="EPSG:32647")
    assert assets.x[0] == pytest.approx(500_000, abs=0.01)
    assert assets.group is None
    stated = tables.read_exposure(put("# crs=EPSG:4326\nx,y,curve,value\n99,18.75,0,1\n"), CURVES, to="EPSG:32647")
    assert stated.x[0] == assets.x[0]


BAD_ASSETS = {
    "an unknown curve": (
        "x,y,curve,value\n1,1,wood,5\n1,1,straw,5\n",
        "line 3, column curve: 'straw' is not one of wood, brick",
    ),
    "a row past the curves": ("x,y,curve,value\n1,1,2,5\n", "line 2, column curve"),
    "a negative value": ("x,y,curve,value\n1,1,0,-5\n", "line 2, column value: '-5' is negative"),
    "an empty place": ("x,y,curve,value\n1,,0,5\n", "line 2, column y: is empty"),
    "no value": ("x,y,curve\n1,1,0\n", "has no column value"),
    "an infinite value": ("x,y,curve,value\n1,1,0,inf\n", "line 2, column value: 'inf' is not a number"),
    "a short row": ("x,y,curve,value\n1,1,0\n", "line 2, column value: is empty"),
}


@pytest.mark.parametrize("case", BAD_ASSETS)
def test_bad_assets_are_refused_where_they_are_bad(put, case):
    text, told = BAD_ASSETS[case]
    with pytest.raises(FileError) as refused:
        tables.read_exposure(put(text), CURVES, to="EPSG:32647")
    assert told in str(refused.value)


def test_a_group_that_is_asked_for_must_be_there(put):
    path = put("x,y,curve,value\n1,1,0,1\n")
    with pytest.raises(FileError, match="has no column moo"):
        tables.read_exposure(path, CURVES, to="EPSG:32647", group="moo")
    with pytest.raises(FileError, match="no coordinate reference system"):
        tables.read_exposure(path, CURVES)


def test_no_assets_are_allowed(put):
    assert tables.read_exposure(put("x,y,curve,value\n"), CURVES, to="EPSG:32647").size == 0


def test_excels_utf8_is_read_and_its_thai_code_page_refused(put):
    path = put("x,y,curve,value\n1,1,wood,1\n", encoding="utf-8-sig")
    assert tables.read_exposure(path, CURVES, to="EPSG:32647").size == 1
    with pytest.raises(FileError, match='Save it as "CSV UTF-8"'):
        tables.read_exposure(put("x,y,curve,value,group\n1,1,wood,1,บ้าน\n", encoding="cp874"), CURVES, to="EPSG:32647")


def test_curves_side_by_side_or_a_point_a_row(put):
    wide = tables.read_curves(put("depth,wood,brick\n0,0,0\n1,0.5,0.2\n2,1,0.4\n"))
    long = tables.read_curves(put("curve,intensity,damage\nwood,0,0\nwood,2,1\nbrick,0,0\nbrick,2,0.4\n"))
    for curves in (wide, long):
        assert curves.names == ("wood", "brick")
        np.testing.assert_allclose(curves.at([0.5, 1.5, 9]), [[0.25, 0.75, 1], [0.1, 0.3, 0.4]])


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("depth,wood\n0,0\n1,x\n", "line 3, column wood: 'x' is not a number"),
        ("depth,wood\n1,0\n0,1\n", "line 3, column depth: is smaller than the line before"),
        ("depth\n1\n", "has 0 curves"),
        ("depth,wood\n", "0 points"),
        ("wood,brick\n0,1\n", "has no column intensity or depth"),
    ],
)
def test_bad_curves_are_refused_where_they_are_bad(put, text, told):
    with pytest.raises(FileError, match=told):
        tables.read_curves(put(text))


def test_a_curve_is_found_by_name():
    assert CURVES.row("brick") == 1
    with pytest.raises(ArgumentError, match="'straw' is not one of wood, brick"):
        CURVES.row("straw")


def test_steps_are_added_once_and_change_no_curve():
    more = CURVES.with_steps([0.1, 0.1]).with_steps([0.1])
    assert more.names == ("wood", "brick", ">=0.1")
    depth = np.linspace(0, 3, 61)
    np.testing.assert_allclose(more.at(depth)[:2], CURVES.at(depth), atol=1e-15)
    assert more.at([0.0999, 0.1])[2].tolist() == [0, 1]
