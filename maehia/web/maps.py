"""A map figure: which layers a person may see, the picture without JavaScript, and the list twin."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from maehia.web import registry
from maehia.web.layers import MapLayer, layer_as_json
from maehia.web.static_map import StaticLayer, static_map

_numbers = count(1)
THAILAND = (97.3, 5.6, 105.7, 20.5)


@dataclass(frozen=True, slots=True)
class Place:
    """One line of the list twin. id: that of the feature in its layer, so that list and map point at each other."""

    id: str
    title: str
    lon: float | None = None
    lat: float | None = None
    text: str = ""
    url: str = ""


def visible_layers(request: HttpRequest | None, keys: str | Iterable[str] = "") -> list[MapLayer]:
    """Base layers and the asked ones, as far as the person may see them. Unknown keys are left out."""
    asked = [key.strip() for key in keys.split(",")] if isinstance(keys, str) else list(keys)
    found = [layer for layer in registry.layers if layer.role == "base" or layer.key in asked]
    return [
        layer for layer in found if not layer.permission or (request and registry.may.call(request, layer.permission))
    ]


def tile_url(layer: MapLayer) -> str:
    """A tile template for MapLibre, or the GeoJSON address."""
    if not layer.sql:
        return layer.geojson_url
    sample = reverse("web-tile", args=[layer.key, 0, 0, 0])
    return sample.replace("/0/0/0", "/{z}/{x}/{y}")


def _switched_on(layers: Sequence[MapLayer], on: Iterable[str] | None) -> set[str]:
    """By default one thematic layer and one overlay: more hide each other."""
    base = {layer.key for layer in layers if layer.role == "base"}
    if on is not None:
        return base | set(on)
    first = {
        role: next((layer.key for layer in layers if layer.role == role), None) for role in ("thematic", "overlay")
    }
    return base | {key for key in first.values() if key}


def map_figure(
    request: HttpRequest | None,
    *,
    layers: str | Iterable[str] = "",
    own_layers: Sequence[MapLayer] = (),
    on: str | Iterable[str] | None = None,
    title: str = "",
    places: Sequence[Place] = (),
    features: dict[str, Any] | None = None,
    picture: SafeString | str = "",
    bounds: tuple[float, float, float, float] | None = None,
    size: str = "",
    pin: str | None = None,
    draw: str = "",
    list: bool = True,
    source: str = "",
) -> dict[str, Any]:
    """Context of web/parts/map.html.

    layers: keys ("a,b" or a list) of registered layers; own_layers: layers of this page only (the view has checked
    the rights); on: which of them start switched on.
    places: list twin; features: a small GeoJSON FeatureCollection drawn as it is (properties: id, title, text, url,
    style). picture: SVG shown before and without the live map, else made of features and places.
    bounds: west, south, east, north.
    pin: prefix of form fields `<pin>lon`, `<pin>lat` that a tap fills in; draw: id of the field that takes a drawn
    polygon as GeoJSON (with a keyboard alternative). size: "", "small", "tall". source: words under the map.
    """
    shown = [*visible_layers(request, layers), *own_layers]
    keys = on.split(",") if isinstance(on, str) else on
    switched = _switched_on(shown, keys)
    frame = bounds or registry.town().bounds or THAILAND
    title = title or gettext("แผนที่")
    number = next(_numbers) % 100000
    return {
        "id": f"map{number}",
        "title": title,
        "size": size,
        "places": places,
        "with_list": list and bool(places),
        "picture": picture or _own_picture(title, frame, features, places),
        "pin": pin,
        "draw": draw,
        "source": source or " · ".join(dict.fromkeys(layer.source for layer in shown if layer.role != "base")),
        "config": {
            "bounds": frame,
            "layers": [layer_as_json(layer, tile_url(layer), on=layer.key in switched) for layer in shown],
            "places": [
                {"id": p.id, "title": p.title, "text": p.text, "url": p.url, "lon": p.lon, "lat": p.lat} for p in places
            ],
            "features": features,
            "pin": pin,
            "draw": draw,
            "words": _words(),
        },
        "request": request,
    }


def _own_picture(
    title: str, bounds: tuple[float, float, float, float], features: dict[str, Any] | None, places: Sequence[Place]
) -> str:
    layers = [StaticLayer(features.get("features", []), style="m-c3")] if features else []
    points = [
        {"geometry": {"type": "Point", "coordinates": [p.lon, p.lat]}, "properties": {"title": p.title}}
        for p in places
        if p.lon is not None and p.lat is not None
    ]
    layers.append(StaticLayer(points, style="m-c2"))
    return static_map(layers, bounds, title=title)


def _words() -> dict[str, str]:
    """Words that map.js puts on the page."""
    return {
        "layers": gettext("ชั้นข้อมูลและสัญลักษณ์"),
        "thematic": gettext("แสดงทีละชั้น"),
        "overlay": gettext("ซ้อนทับ"),
        "none": gettext("ไม่แสดง"),
        "open": gettext("เปิดหน้านี้"),
        "close": gettext("ปิด"),
        "locate": gettext("ตำแหน่งของฉัน"),
        "in": gettext("ขยาย"),
        "out": gettext("ย่อ"),
        "all": gettext("ดูทั้งเมือง"),
        "noWebgl": gettext("เครื่องนี้แสดงแผนที่แบบเลื่อนได้ไม่ได้ จึงแสดงเป็นภาพและรายการแทน"),
        "failed": gettext("โหลดแผนที่ไม่สำเร็จ ตรวจสัญญาณอินเทอร์เน็ตแล้วลองใหม่ ระหว่างนี้ดูภาพและรายการแทนได้"),
        "noPlace": gettext("เครื่องนี้ไม่บอกตำแหน่ง กรุณาเลื่อนแผนที่เอง"),
        "pinned": gettext("ปักหมุดแล้วที่"),
        "pinHint": gettext("แตะแผนที่เพื่อปักหมุด หรือเลื่อนด้วยปุ่มลูกศรแล้วกด Enter"),
        "drawHint": gettext("แตะทีละมุมของพื้นที่ อย่างน้อย 3 มุม หรือเลื่อนด้วยปุ่มลูกศรแล้วกด Enter เพื่อวางมุม"),
        "addCorner": gettext("วางมุมตรงกลางแผนที่"),
        "undo": gettext("ลบมุมล่าสุด"),
        "clear": gettext("เริ่มวาดใหม่"),
        "corners": gettext("วางแล้ว %(n)s มุม"),
        "area": gettext("พื้นที่ %(km2)s ตร.กม."),
    }
