"""The list twin of a map layer: what it shows inside a box, in Thai order, page by page; and the town as a picture."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.gis.geos import GEOSGeometry
from django.db import connection

from maehia.city.models import Area
from maehia.web.layers import MapLayer

Box = tuple[float, float, float, float]
PAGE = 50
SIMPLE_DEGREES = 0.0003  # some 30 metres: finer than a pixel of the picture


@dataclass(frozen=True, slots=True)
class Listed:
    """One feature of a layer: its id, the words of its card, and a point on it."""

    id: str
    title: str
    details: tuple[tuple[str, Any], ...]
    lon: float
    lat: float


def features_in(layer: MapLayer, box: Box | None, page: int = 1) -> tuple[list[Listed], int]:
    """Features of a layer that touch a box (west, south, east, north), and how many there are in all.

    The caller has checked the layer's permission and opened `acting()` where it has a purpose.
    """
    label = layer.label or (layer.card[0][0] if layer.card else "")
    columns = "".join(f', q."{name}"' for name in layer.properties)
    inside = "WHERE q.geom && ST_MakeEnvelope(%s, %s, %s, %s, 4326)" if box else ""
    order = f"""q."{label}"::text COLLATE "th-x-icu", q.id""" if label else "q.id"
    sql = (
        f"SELECT q.id, ST_X(ST_PointOnSurface(q.geom)), ST_Y(ST_PointOnSurface(q.geom)), count(*) OVER (){columns}"  # noqa: S608
        f" FROM ({layer.sql}) q {inside} ORDER BY {order} LIMIT {PAGE} OFFSET %s"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [*(box or ()), (max(page, 1) - 1) * PAGE])
        rows = cursor.fetchall()
    return [_listed(layer, label, row) for row in rows], rows[0][3] if rows else 0


def _listed(layer: MapLayer, label: str, row: Sequence[Any]) -> Listed:
    said = dict(zip(layer.properties, row[4:], strict=True))
    details = tuple(
        (name, said.get(name)) for name, _, _ in layer.card if name != label and said.get(name) not in (None, "")
    )
    return Listed(str(row[0]), str(said.get(label) or ""), details, row[1], row[2])


def outlines(kind: str) -> list[dict[str, Any]]:
    """Areas, roads or waterways as simple GeoJSON features for a picture of the whole town."""
    sql = {
        "municipality": "SELECT name, geom FROM city_area WHERE area_kind = 'municipality'",
        "moo": "SELECT name, geom FROM city_area WHERE area_kind = 'moo'",
        "road": "SELECT name, geom FROM city_road WHERE width_m >= 6 OR road_kind ILIKE '%%ทางหลวง%%'",
        "waterway": "SELECT name, geom FROM city_waterway",
    }[kind]
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT q.name, ST_AsGeoJSON(ST_SimplifyPreserveTopology(q.geom, {SIMPLE_DEGREES}), 5)::json"  # noqa: S608
            f" FROM ({sql}) q WHERE q.geom IS NOT NULL LIMIT 2000",
            [],
        )
        return [{"type": "Feature", "properties": {"title": n}, "geometry": _plain(g)} for n, g in cursor.fetchall()]


def _plain(geometry: Any) -> Any:
    return json.loads(geometry) if isinstance(geometry, str) else geometry


def moo_boxes() -> list[tuple[str, str, Box]]:
    """(code, name, box) of every moo, for a reader who picks an area by name instead of by moving a map."""
    rows = Area.objects.filter(area_kind="moo").exclude(geom=None)
    found = [(row.code, row.name, row.geom.extent) for row in rows if row.geom is not None]
    return sorted(found, key=lambda r: r[0])


def box_around(place: GEOSGeometry, metres: float = 250) -> Box:
    """The extent of a shape with a margin, at least `metres` to each side of its middle."""
    west, south, east, north = place.extent
    margin_y = max(metres / 110_570, (north - south) * 0.15)
    margin_x = max(metres / 105_000, (east - west) * 0.15)
    return west - margin_x, south - margin_y, east + margin_x, north + margin_y
