"""Map layers as data. A layer without source, licence and quality does not load."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language

GEOMETRIES = ("point", "line", "polygon")
CLASSES = ("open", "personal", "s26")
ROLES = ("base", "thematic", "overlay")
LAYER_KEY = re.compile(r"[a-z][a-z0-9-]{0,39}")


@dataclass(frozen=True, slots=True)
class LegendStep:
    """One class of a layer. style: a colour class of map.css ("m-fill-1" ... "m-fill-5", "m-c1" ..., "m-h1" ...).
    value: the property value it stands for (category), or low (inclusive) of a numeric class; None = every feature.
    pattern: True draws it hatched, for what is uncertain."""

    label_th: str
    label_en: str
    style: str
    value: str | float | None = None
    pattern: bool = False

    @property
    def label(self) -> str:
        return self.label_en if self.label_en and (get_language() or "th").startswith("en") else self.label_th


@dataclass(frozen=True, slots=True)
class MapLayer:
    """A layer that maps may show.

    Data come from `sql` (vector tiles: a SELECT giving `id`, `geom` in EPSG:4326 and the columns of `properties`;
    may contain %(purpose)s-free SQL only, no parameters) or from `geojson_url`. klass: open, personal or s26.
    permission: "" for the public; purpose: key under which the SQL reads (needed unless klass is open).
    classed_by: name of the property that the legend classes; label: property written on the map; card: properties
    shown in the card as (property, Thai, English); page_url: path with `{id}` that the card links to.
    role: "base" (always drawn quietly), "thematic" (one at a time) or "overlay".
    source, licence, as_of, quality: words for the legend; as_of may be "" only where the source has no date.
    """

    key: str
    title_th: str
    title_en: str
    geometry: str
    source: str
    licence: str
    quality: str
    sql: str = ""
    geojson_url: str = ""
    as_of: str = ""
    klass: str = "open"
    permission: str = ""
    purpose: str = ""
    legend: Sequence[LegendStep] = ()
    classed_by: str = ""
    properties: Sequence[str] = ()
    label: str = ""
    card: Sequence[tuple[str, str, str]] = ()
    page_url: str = ""
    role: str = "thematic"
    min_zoom: int = 0
    max_zoom: int = 16
    cache_seconds: int = 0
    order: int = 100

    @property
    def title(self) -> str:
        return self.title_en if self.title_en and (get_language() or "th").startswith("en") else self.title_th


def layer_faults(layer: MapLayer) -> list[str]:
    """What keeps a layer from loading, in words; empty when it may load."""
    faults = [
        f"no {name}" for name in ("source", "licence", "quality", "title_th", "title_en") if not getattr(layer, name)
    ]
    if not LAYER_KEY.fullmatch(layer.key):
        faults.append(f"bad key {layer.key!r}")
    if layer.geometry not in GEOMETRIES:
        faults.append(f"geometry {layer.geometry!r} is none of {GEOMETRIES}")
    if layer.klass not in CLASSES:
        faults.append(f"class {layer.klass!r} is none of {CLASSES}")
    if layer.role not in ROLES:
        faults.append(f"role {layer.role!r} is none of {ROLES}")
    if bool(layer.sql) == bool(layer.geojson_url):
        faults.append("give either sql or geojson_url")
    if layer.klass != "open" and not (layer.permission and layer.purpose):
        faults.append("personal data need a permission and a purpose")
    if len(layer.legend) > 6:
        faults.append("more than 6 legend steps")
    return faults


class LayerRegistry:
    """Layers by key. Refuses one that is not documented or is there already."""

    def __init__(self) -> None:
        self._layers: dict[str, MapLayer] = {}

    def add(self, layer: MapLayer) -> MapLayer:
        faults = layer_faults(layer)
        if layer.key in self._layers:
            faults.append("registered twice")
        if faults:
            raise ValueError(f"layer {layer.key}: {', '.join(faults)}")
        self._layers[layer.key] = layer
        return layer

    def remove(self, key: str) -> None:
        self._layers.pop(key, None)

    def get(self, key: str) -> MapLayer | None:
        return self._layers.get(key)

    def __iter__(self) -> Iterator[MapLayer]:
        return iter(sorted(self._layers.values(), key=lambda layer: layer.order))

    def __len__(self) -> int:
        return len(self._layers)


def layer_as_json(layer: MapLayer, url: str, *, on: bool) -> dict[str, Any]:
    """What map.js needs of a layer, in the language of the page. url: tile template or GeoJSON address."""
    english = (get_language() or "th").startswith("en")
    return {
        "key": layer.key,
        "title": layer.title,
        "geometry": layer.geometry,
        "role": layer.role,
        "on": on,
        "url": url,
        "tiles": bool(layer.sql),
        "property": layer.classed_by,
        "label": layer.label,
        "minZoom": layer.min_zoom,
        "maxZoom": layer.max_zoom,
        "page": layer.page_url,
        "card": [[name, en if english and en else th] for name, th, en in layer.card],
        "legend": [
            {"label": step.label, "style": step.style, "value": step.value, "pattern": step.pattern}
            for step in layer.legend
        ],
        "about": " · ".join(part for part in (layer.source, layer.as_of, layer.licence, layer.quality) if part),
    }
