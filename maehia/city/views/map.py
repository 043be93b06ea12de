"""The map of the town: for staff with every layer that they may see, for everybody with the open ones.

The list beside it is the map's twin: the features of one layer inside a box, page by page, without a pointer.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from typing import Any

from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_safe

from maehia.access.permissions import acting_as, purposes_of, require
from maehia.city.queries.places import PAGE, Box, Listed, features_in, moo_boxes, outlines
from maehia.web import registry as web
from maehia.web.layers import MapLayer
from maehia.web.static_map import StaticLayer, static_map
from maehia.web.tiles import reading

PICTURE_SECONDS = 600
ON_AT_FIRST = ("moo", "places")


def staff_layers(request: HttpRequest) -> list[MapLayer]:
    """Layers that this person may see; one with personal data only when a purpose of hers opens it."""
    held = purposes_of(request.user)  # type: ignore[arg-type]
    return [
        layer for layer in web.layers
        if web.allowed(request, layer.permission) and (layer.klass == "open" or layer.purpose in held)
    ]  # fmt: skip


def open_layers() -> list[MapLayer]:
    """Layers for everybody. Their cards lead nowhere: the pages behind them are for staff."""
    return [replace(layer, page_url="") for layer in web.layers if layer.klass == "open" and not layer.permission]


@never_cache
@require_safe
@require("city.map")
def staff_map(request: HttpRequest) -> HttpResponse:
    layers = staff_layers(request)
    keys = ",".join(layer.key for layer in layers)
    listed = read_list(request, layers, staff=True)
    context = {"layer_keys": keys, "on": ",".join(ON_AT_FIRST), "picture": picture(), "listed": listed}
    return render(request, "city/map.html", context)


@require_safe
@cache_control(public=True, max_age=60)
def public_map(request: HttpRequest) -> HttpResponse:
    layers = open_layers()
    own = [layer for layer in layers if layer.role != "base"]
    listed = read_list(request, layers, staff=False)
    context = {"own_layers": own, "on": ",".join(ON_AT_FIRST), "picture": picture(), "listed": listed}
    return render(request, "city/public_map.html", context)


@never_cache
@require_safe
@require("city.map")
def staff_list(request: HttpRequest) -> HttpResponse:
    """The list alone, for HTMX, after the map moved or another layer was picked."""
    return render(
        request, "city/parts/map_list.html", {"listed": read_list(request, staff_layers(request), staff=True)}
    )


@require_safe
@cache_control(public=True, max_age=60)
def public_list(request: HttpRequest) -> HttpResponse:
    return render(request, "city/parts/map_list.html", {"listed": read_list(request, open_layers(), staff=False)})


@dataclass(frozen=True, slots=True)
class MapList:
    """What the twin shows: the layer, the area in words, one page of features."""

    layers: Sequence[MapLayer]
    layer: MapLayer | None
    areas: Sequence[tuple[str, str, bool]]
    box: str
    rows: Sequence[dict[str, Any]]
    found: int
    page: int
    staff: bool

    @property
    def url(self) -> str:
        return reverse("city:map_list" if self.staff else "city:public_map_list")

    @property
    def pages(self) -> int:
        return max(1, -(-self.found // PAGE))

    @property
    def previous(self) -> int:
        return self.page - 1

    @property
    def next(self) -> int:
        return self.page + 1


def read_list(request: HttpRequest, layers: Sequence[MapLayer], *, staff: bool) -> MapList:
    """The page of the list that the address asks for: ?layer= ?box=w,s,e,n or ?moo= ?page=."""
    listable = [layer for layer in layers if layer.sql and layer.role != "base"]
    asked = request.GET.get("layer", "")
    layer = next((one for one in listable if one.key == asked), None)
    if asked and layer is None:
        raise Http404
    layer = layer or next((one for one in listable if one.key == "places"), listable[0] if listable else None)
    moos, moo = moo_boxes(), request.GET.get("moo", "")
    box = read_box(request.GET.get("box", "")) or next((extent for code, _, extent in moos if code == moo), None)
    page = read_page(request.GET.get("page", ""))
    rows, found = ([], 0)
    if layer is not None:
        with opening(request, layer):
            features, found = features_in(layer, box, page)
            rows = [line(layer, feature) for feature in features]
    areas = [(code, name, code == moo) for code, name, _ in moos]
    return MapList(listable, layer, areas, request.GET.get("box", ""), rows, found, page, staff)


def opening(request: HttpRequest, layer: MapLayer) -> AbstractContextManager[object]:
    """The rights under which a layer is read: those of its purpose, for this account."""
    if not layer.purpose:
        return nullcontext()
    if layer.klass == "open" and not layer.permission:
        return reading(request, layer)
    if not request.user.is_authenticated:
        raise PermissionDenied
    return acting_as(request.user, layer.purpose)


def line(layer: MapLayer, feature: Listed) -> dict[str, Any]:
    named = {name: web.in_language(th, en) for name, th, en in layer.card}
    text = " · ".join(f"{named[name]} {value}" for name, value in feature.details)
    return {
        "id": feature.id, "title": feature.title or layer.title, "text": text, "lon": feature.lon, "lat": feature.lat,
        "url": layer.page_url.replace("{id}", feature.id) if layer.page_url else "",
    }  # fmt: skip


def read_box(text: str) -> Box | None:
    """ "w,s,e,n" in degrees; anything else is no box."""
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError:
        return None
    inside = -180 <= west < east <= 180 and -90 <= south < north <= 90
    return (west, south, east, north) if inside else None


def read_page(text: str) -> int:
    return min(max(int(text), 1), 2000) if text.isdigit() else 1


def picture() -> str:
    """The town as SVG: outline, moo with their names, water and larger roads. Kept for ten minutes."""
    key = f"city-map-picture-{get_language()}"
    made: str | None = cache.get(key)
    if made is None:
        made = draw()
        cache.set(key, made, PICTURE_SECONDS)
    return made


def draw() -> str:
    bounds = web.town_profile.call().bounds
    if bounds is None:
        return ""
    parts = [
        StaticLayer(outlines("waterway"), style="m-water"), StaticLayer(outlines("road"), style="m-road"),
        StaticLayer(outlines("municipality"), outline=True), StaticLayer(outlines("moo"), outline=True, label="title"),
    ]  # fmt: skip
    return static_map(parts, bounds, title=gettext("แผนที่เมือง"))
