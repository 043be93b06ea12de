"""Vector tiles of a registered layer, made by PostGIS from the layer's own SELECT."""

from __future__ import annotations

import gzip
import hashlib
from contextlib import AbstractContextManager, nullcontext

from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified

from maehia.kit.acting import acting
from maehia.web import registry
from maehia.web.layers import MapLayer

EXTENT, BUFFER = 4096, 64
MAX_FEATURES = 20_000
MAX_ZOOM = 20
VISITOR = "system:public"
TILE_TYPE = "application/vnd.mapbox-vector-tile"


def tile_sql(layer: MapLayer) -> str:
    """One statement; the box is a constant, so the spatial index of the layer's table is used.

    Parameters: z, x, y, z, x, y, layer name. A percent sign in the layer's SQL must be doubled.
    """
    columns = "".join(f', q."{name}"' for name in layer.properties)
    margin = BUFFER / EXTENT
    return (
        f"SELECT ST_AsMVT(t, %s, {EXTENT}, 'shape') FROM ("  # noqa: S608 - names come from code, values are parameters
        f"SELECT ST_AsMVTGeom(ST_Transform(q.geom, 3857), ST_TileEnvelope(%s, %s, %s), {EXTENT}, {BUFFER}, true)"
        f" AS shape, q.id::text AS id{columns} FROM ({layer.sql}) q"
        f" WHERE q.geom && ST_Transform(ST_TileEnvelope(%s, %s, %s, margin => {margin}), 4326)"
        f" LIMIT {MAX_FEATURES}) t WHERE t.shape IS NOT NULL"
    )


def tile_bytes(layer: MapLayer, z: int, x: int, y: int) -> bytes:
    """The tile; b"" where the layer has nothing. The caller has opened `acting()` where the layer needs it."""
    with connection.cursor() as cursor:
        cursor.execute(tile_sql(layer), [layer.key, z, x, y, z, x, y])
        row = cursor.fetchone()
    return bytes(row[0]) if row and row[0] else b""


def reading(request: HttpRequest, layer: MapLayer) -> AbstractContextManager[object]:
    """The rights under which the layer is read: none for open data, a visitor's where open rows stand in a protected
    table, else the account's with the layer's purpose."""
    if layer.permission and not registry.may.call(request, layer.permission):
        raise PermissionDenied
    if not layer.purpose:
        return nullcontext()
    if layer.klass == "open" and not layer.permission:
        return acting(VISITOR, layer.purpose)
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        raise PermissionDenied
    return acting(getattr(user, "actor", f"user:{user.pk}"), layer.purpose)


def find_layer(key: str, z: int, x: int, y: int) -> MapLayer:
    """The layer; 404 for unknown layers and places outside the pyramid."""
    layer = registry.layers.get(key)
    if layer is None or not layer.sql or not (0 <= z <= MAX_ZOOM and 0 <= x < 2**z and 0 <= y < 2**z):
        raise Http404
    return layer


def mvt_response(request: HttpRequest, key: str, z: int, x: int, y: int) -> HttpResponse:
    """A tile over HTTP: ETag, gzip where the browser takes it, kept by caches only when the layer is open."""
    layer = find_layer(key, z, x, y)
    with reading(request, layer):
        body = tile_bytes(layer, z, x, y)
    tag = f'"{hashlib.sha256(body).hexdigest()[:20]}"'
    public = layer.klass == "open" and not layer.permission
    keep = f"public, max-age={layer.cache_seconds}" if public else "private, no-store"
    headers = {"ETag": tag, "Cache-Control": keep, "Vary": "Accept-Encoding"}
    if public and tag in request.headers.get("If-None-Match", ""):
        return HttpResponseNotModified(headers=headers)
    if len(body) > 500 and "gzip" in request.headers.get("Accept-Encoding", ""):
        body = gzip.compress(body, 5, mtime=0)
        headers["Content-Encoding"] = "gzip"
    return HttpResponse(body, content_type=TILE_TYPE, headers=headers)
