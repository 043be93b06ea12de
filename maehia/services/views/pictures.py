"""The town as a small picture: behind the pin before the live map is asked for, and for who has no script."""

from __future__ import annotations

from typing import Any

from django.core.cache import cache
from django.utils.translation import get_language, gettext

from maehia.city.queries.places import outlines
from maehia.web import registry as web
from maehia.web.static_map import Bounds, StaticLayer, static_map

KEPT_SECONDS = 600
AROUND_X, AROUND_Y = 0.006, 0.0036


def town_picture(point: Any = None) -> str:
    """SVG of the villages and the water; around a point with that point on it. "" for a town without an outline."""
    bounds = web.town().bounds
    if point is not None:
        near = (point.x - AROUND_X, point.y - AROUND_Y, point.x + AROUND_X, point.y + AROUND_Y)
        return draw(near, [{"geometry": {"type": "Point", "coordinates": [point.x, point.y]}, "properties": {}}])
    if bounds is None:
        return ""
    key = f"services-town-picture-{get_language()}"
    made: str | None = cache.get(key)
    if made is None:
        made = draw(bounds, [])
        cache.set(key, made, KEPT_SECONDS)
    return made


def draw(bounds: Bounds, points: list[dict[str, Any]]) -> str:
    layers = [
        StaticLayer(outlines("waterway"), style="m-water"), StaticLayer(outlines("municipality"), outline=True),
        StaticLayer(outlines("moo"), outline=True, label="title"), StaticLayer(points, style="m-c2", radius=9),
    ]  # fmt: skip
    return static_map(layers, bounds, title=gettext("แผนที่เมือง"))
