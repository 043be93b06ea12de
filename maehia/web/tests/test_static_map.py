"""The map without JavaScript: same colours, right places, right scale."""

from __future__ import annotations

import pytest
from lxml import etree

from maehia.web.layers import LegendStep
from maehia.web.static_map import StaticLayer, View, mercator, static_map, style_of, swatch

BOUNDS = (98.90, 18.69, 98.99, 18.77)
NS = {"s": "http://www.w3.org/2000/svg"}


def feature(kind: str, places: object, **properties: object) -> dict:
    return {"type": "Feature", "properties": properties, "geometry": {"type": kind, "coordinates": places}}


def tree(svg: str) -> etree._Element:
    return etree.fromstring(svg.encode())


def test_the_middle_of_the_bounds_is_the_middle_of_the_picture():
    view = View(BOUNDS, 800, 480)
    x, y = view((98.945, 18.73))
    assert x == pytest.approx(400, abs=1)
    assert y == pytest.approx(240, abs=1)


def test_north_is_up_and_east_is_right():
    view = View(BOUNDS, 800, 480)
    assert view((98.95, 18.76))[1] < view((98.95, 18.70))[1]
    assert view((98.98, 18.73))[0] > view((98.91, 18.73))[0]


def test_a_kilometre_is_a_kilometre():
    view = View(BOUNDS, 800, 480)
    a, b = view((98.94, 18.73)), view((98.94 + 1 / 105.43, 18.73))  # one degree of longitude there: 105.43 km
    assert (b[0] - a[0]) * view.metres_per_px == pytest.approx(1000, rel=0.01)


def test_the_poles_do_not_break_the_projection():
    assert 0 <= mercator(0, 90)[1] <= 1
    assert 0 <= mercator(0, -90)[1] <= 1


def test_every_kind_of_geometry_is_drawn():
    ring = [[98.93, 18.72], [98.95, 18.72], [98.95, 18.74], [98.93, 18.72]]
    features = [
        feature("Point", [98.94, 18.73]),
        feature("MultiPoint", [[98.94, 18.73], [98.95, 18.73]]),
        feature("LineString", ring),
        feature("Polygon", [ring]),
        feature("MultiPolygon", [[ring], [ring]]),
        {
            "type": "Feature",
            "properties": None,
            "geometry": {
                "type": "GeometryCollection",
                "geometries": [{"type": "Point", "coordinates": [98.94, 18.73]}],
            },
        },
        {"type": "Feature", "properties": {}, "geometry": None},
    ]
    root = tree(static_map([StaticLayer(features)], BOUNDS, title="ตัวอย่าง"))
    assert len(root.findall("s:circle", NS)) == 4
    assert len(root.xpath("//s:path[contains(@class,'m-poly')]", namespaces=NS)) == 3
    assert len(root.xpath("//s:path[contains(@class,'m-line')]", namespaces=NS)) == 1
    assert not root.xpath("//@style")


def test_a_hole_stays_a_hole():
    outer = [[98.92, 18.71], [98.96, 18.71], [98.96, 18.75], [98.92, 18.71]]
    inner = [[98.94, 18.72], [98.95, 18.72], [98.95, 18.73], [98.94, 18.72]]
    path = tree(static_map([StaticLayer([feature("Polygon", [outer, inner])])], BOUNDS, title="x")).find("s:path", NS)
    assert path is not None
    assert path.get("fill-rule") == "evenodd"
    assert path.get("d", "").count("Z") == 2


NUMERIC = [LegendStep("น้อย", "Low", "m-fill-1", 0), LegendStep("มาก", "High", "m-fill-5", 50)]
NAMED = [LegendStep("ดี", "Good", "m-c1", "good"), LegendStep("เสีย", "Bad", "m-c2", "bad")]


@pytest.mark.parametrize(
    ("value", "style"),
    [(0, "m-fill-1"), (49.9, "m-fill-1"), (50, "m-fill-5"), (99, "m-fill-5"), (None, "m-c6"), (-1, "m-c6")],
)
def test_numbers_take_the_highest_class_they_reach(value, style):
    assert style_of(StaticLayer([], "m-c6", "share", NUMERIC), {"share": value}) == style


@pytest.mark.parametrize(("value", "style"), [("good", "m-c1"), ("bad", "m-c2"), ("odd", "m-c6")])
def test_names_take_their_own_class(value, style):
    assert style_of(StaticLayer([], "m-c6", "state", NAMED), {"state": value}) == style


def test_a_feature_may_bring_its_own_style():
    assert style_of(StaticLayer([], "m-c6"), {"style": "m-h4"}) == "m-h4"


def test_names_are_written_and_escaped():
    svg = static_map([StaticLayer([feature("Point", [98.94, 18.73], name="<วัด>")], label="name")], BOUNDS, title="x")
    assert "&lt;วัด&gt;" in svg


def test_the_scale_bar_is_a_round_length():
    assert "2 กม." in static_map([], BOUNDS, title="x")
    assert "200 ม." in static_map([], (98.94, 18.72, 98.95, 18.73), title="x", width=400)


def test_bounds_of_no_size_do_not_divide_by_zero():
    tree(static_map([], (98.94, 18.72, 98.94, 18.72), title="x"))


def test_a_swatch_has_the_shape_of_its_layer_and_a_hatch_when_unsure():
    assert "<circle" in swatch("m-c1", "point")
    assert "m-line" in swatch("m-c1", "line")
    assert swatch("m-c1", "polygon", pattern=True).count("<path") == 1
