"""A map as SVG made by the server: for print, without JavaScript, without WebGL, and before the live map is asked for.

Colours are the classes of map.css, the same that the live map reads.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Any

from maehia.web.charts.frame import px, svg, text
from maehia.web.layers import LegendStep

Bounds = tuple[float, float, float, float]
Feature = Mapping[str, Any]
EARTH = 40_075_016.7  # metres around the equator


@dataclass(frozen=True, slots=True)
class StaticLayer:
    """GeoJSON features and how they look. style: a class of map.css; legend with `classed_by` as in MapLayer.
    label: property written beside the feature; outline: draw only the edge."""

    features: Iterable[Feature]
    style: str = "m-c1"
    classed_by: str = ""
    legend: Sequence[LegendStep] = field(default_factory=tuple)
    label: str = ""
    outline: bool = False
    radius: float = 5


def mercator(lon: float, lat: float) -> tuple[float, float]:
    """Web-Mercator as 0..1 from the north-west; latitude is kept inside what it can show."""
    lat = max(-85.05, min(85.05, lat))
    y = (1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2
    return (lon + 180) / 360, y


class View:
    """Degrees to pixels: the bounds fit inside with a small margin, not stretched."""

    def __init__(self, bounds: Bounds, width: int, height: int) -> None:
        west, south, east, north = bounds
        (x1, y2), (x2, y1) = mercator(west, south), mercator(east, north)
        self.scale = min(width / max(x2 - x1, 1e-9), height / max(y2 - y1, 1e-9)) * 0.94
        self.x0 = (x1 + x2) / 2 - width / 2 / self.scale
        self.y0 = (y1 + y2) / 2 - height / 2 / self.scale
        self.metres_per_px = EARTH * math.cos(math.radians((south + north) / 2)) / self.scale

    def __call__(self, position: Sequence[float]) -> tuple[float, float]:
        x, y = mercator(float(position[0]), float(position[1]))
        return (x - self.x0) * self.scale, (y - self.y0) * self.scale


def style_of(layer: StaticLayer, properties: Mapping[str, Any]) -> str:
    """The class of the first legend step that fits: equal for categories, highest reached low for numbers."""
    if not (layer.legend and layer.classed_by):
        return str(properties.get("style") or layer.style)
    value = properties.get(layer.classed_by)
    found = layer.style
    for step in layer.legend:
        if isinstance(step.value, int | float) and isinstance(value, int | float):
            if value >= step.value:
                found = step.style
        elif step.value == value:
            return step.style
    return found


def _ring(view: View, positions: Sequence[Sequence[float]]) -> str:
    return "M" + "L".join(f"{px(x)} {px(y)}" for x, y in map(view, positions))


def _shapes(geometry: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Single points, lines and polygons of any GeoJSON geometry."""
    kind, parts = geometry.get("type", ""), geometry.get("coordinates")
    if kind == "GeometryCollection":
        for part in geometry.get("geometries", []):
            yield from _shapes(part)
    elif kind.startswith("Multi"):
        for part in parts or []:
            yield kind.removeprefix("Multi"), part
    elif parts:
        yield kind, parts


def _draw(view: View, layer: StaticLayer, feature: Feature) -> str:
    properties = feature.get("properties") or {}
    css = style_of(layer, properties)
    parts = []
    for kind, places in _shapes(feature.get("geometry") or {}):
        if kind == "Point":
            x, y = view(places)
            parts.append(f'<circle class="m-point {css}" cx="{px(x)}" cy="{px(y)}" r="{px(layer.radius)}"/>')
        elif kind == "LineString":
            parts.append(f'<path class="m-line {css}" d="{_ring(view, places)}"/>')
        elif kind == "Polygon":
            outline = "".join(_ring(view, ring) + "Z" for ring in places)
            look = "m-outline" if layer.outline else f"m-poly {css}"
            parts.append(f'<path class="{look}" fill-rule="evenodd" d="{outline}"/>')
    return "".join(parts)


def _middle(geometry: Mapping[str, Any]) -> tuple[float, float] | None:
    """Middle of the box around a geometry; good enough to hang a word on."""
    flat: list[tuple[float, float]] = []

    def walk(part: Any) -> None:
        if isinstance(part, list | tuple) and part:
            if isinstance(part[0], int | float):
                flat.append((float(part[0]), float(part[1])))
            else:
                for inner in part:
                    walk(inner)

    walk(geometry.get("coordinates"))
    if not flat:
        return None
    xs, ys = zip(*flat, strict=True)
    return (min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2


def _label(view: View, layer: StaticLayer, feature: Feature) -> str:
    words = (feature.get("properties") or {}).get(layer.label)
    at = _middle(feature.get("geometry") or {}) if words else None
    if not at:
        return ""
    x, y = view(at)
    return text(x, y + 4, str(words), "", "middle")


def scale_bar(view: View, height: int) -> str:
    """A round length of at most a fifth of the picture."""
    most = view.metres_per_px * 140
    power = 10 ** math.floor(math.log10(most))
    metres = max(m * power for m in (1, 2, 5) if m * power <= most)
    wide = metres / view.metres_per_px
    words = f"{metres / 1000:g} กม." if metres >= 1000 else f"{metres:g} ม."
    y = height - 14
    return f'<path class="scale" d="M12 {y - 5}V{y}H{px(12 + wide)}V{y - 5}"/>' + text(16 + wide, y + 2, words)


def static_map(
    layers: Sequence[StaticLayer],
    bounds: Bounds,
    *,
    title: str,
    desc: str = "",
    width: int = 800,
    height: int = 480,
) -> str:
    """The picture as SVG text: land, then layers in order, labels on top, a scale bar."""
    view = View(bounds, width, height)
    kept = [(layer, list(layer.features)) for layer in layers]
    parts = [f'<rect class="m-land" width="{width}" height="{height}"/>']
    parts += [_draw(view, layer, feature) for layer, features in kept for feature in features]
    parts += [_label(view, layer, feature) for layer, features in kept if layer.label for feature in features]
    parts.append(scale_bar(view, height))
    return svg(width, height, title, desc, parts, css="svg-map")


def swatch(style: str, geometry: str, *, pattern: bool = False) -> str:
    """The small mark of a legend line."""
    shape = {
        "point": f'<circle class="{escape(style, quote=True)}" cx="8" cy="8" r="6"/>',
        "line": f'<path class="m-line {escape(style, quote=True)}" d="M1 8H15"/>',
    }.get(geometry, f'<rect class="{escape(style, quote=True)}" x="1" y="1" width="14" height="14"/>')
    hatch = '<path d="M1 15 15 1M1 8 8 1M8 15l7-7"/>' if pattern else ""
    return f'<svg class="swatch" viewBox="0 0 16 16" aria-hidden="true">{shape}{hatch}</svg>'
