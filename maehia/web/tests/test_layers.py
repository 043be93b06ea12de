"""Map layers: documented or refused."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.utils.translation import override

from maehia.web.layers import LayerRegistry, LegendStep, MapLayer, layer_as_json, layer_faults

ROADS = MapLayer(
    "roads", "ถนน", "Roads", "line", source="ทะเบียนเมือง", licence="CC BY 4.0", quality="ตรวจแล้ว",
    sql="SELECT key AS id, geom FROM road", as_of="31 ต.ค. 2569", card=[("name", "ชื่อ", "Name")],
    legend=[LegendStep("ถนน", "Road", "m-c6")],
)  # fmt: skip


def test_a_documented_layer_loads():
    layers = LayerRegistry()
    assert layers.add(ROADS) is layers.get("roads")
    assert len(layers) == 1


@pytest.mark.parametrize("missing", ["source", "licence", "quality", "title_th", "title_en"])
def test_a_layer_without_its_papers_does_not_load(missing):
    with pytest.raises(ValueError, match=f"no {missing}"):
        LayerRegistry().add(replace(ROADS, **{missing: ""}))


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"key": "Roads"}, "bad key"),
        ({"geometry": "blob"}, "geometry"),
        ({"klass": "secret"}, "class"),
        ({"role": "top"}, "role"),
        ({"geojson_url": "/x/"}, "either sql or geojson_url"),
        ({"sql": ""}, "either sql or geojson_url"),
        ({"klass": "personal"}, "permission and a purpose"),
        ({"klass": "s26", "permission": "see"}, "permission and a purpose"),
        ({"legend": [LegendStep("ก", "a", "m-c1")] * 7}, "6 legend steps"),
    ],
)
def test_each_fault_is_named(change, fault):
    assert any(fault in found for found in layer_faults(replace(ROADS, **change)))


def test_a_layer_is_registered_once():
    layers = LayerRegistry()
    layers.add(ROADS)
    with pytest.raises(ValueError, match="registered twice"):
        layers.add(ROADS)
    layers.remove("roads")
    layers.add(ROADS)


def test_the_browser_is_told_source_and_licence_in_its_language():
    with override("en"):
        told = layer_as_json(ROADS, "/tiles/roads/{z}/{x}/{y}", on=True)
    assert told["title"] == "Roads"
    assert told["card"] == [["name", "Name"]]
    assert told["about"] == "ทะเบียนเมือง · 31 ต.ค. 2569 · CC BY 4.0 · ตรวจแล้ว"
    assert "sql" not in told
    assert ROADS.sql not in str(told)
