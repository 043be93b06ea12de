"""Where a point lies in the town, and the registered thing beside it. Open data only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection

SKETCH_M = 200  # the town's outline may be a sketch: whoever stands this near to it is not sent away
SNAP_M = 30
WHERE = """
SELECT a.area_kind, a.code, a.name, ST_DWithin(a.geom::geography, p.g::geography, %(sketch)s) AS near,
       ST_Covers(a.geom, p.g) AS covers
FROM city_area a, (SELECT ST_SetSRID(ST_MakePoint(%(lon)s, %(lat)s), 4326) AS g) p
WHERE a.geom IS NOT NULL AND (a.area_kind = 'municipality' OR ST_Covers(a.geom, p.g))
"""
SNAP = """
SELECT a.key, a.code, a.name, a.asset_kind, ST_X(c.g), ST_Y(c.g), ST_Distance(c.g::geography, p.g::geography) AS metres
FROM (SELECT ST_SetSRID(ST_MakePoint(%(lon)s, %(lat)s), 4326) AS g) p, city_asset a,
     LATERAL (SELECT ST_ClosestPoint(a.geom, p.g) AS g) c
WHERE a.geom && ST_Expand(p.g, %(degrees)s) AND a.asset_kind = ANY (%(kinds)s)
  AND ST_DWithin(c.g::geography, p.g::geography, %(metres)s)
ORDER BY metres, a.key LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class Where:
    """inside: in the town (or beside its sketched border, or the town has no outline). neighbour: whose land it is."""

    inside: bool
    moo: int | None
    neighbour: str


@dataclass(frozen=True, slots=True)
class Snapped:
    """A registered thing near a point. lon, lat: its nearest point, degrees."""

    key: UUID
    code: str
    name: str
    kind: str
    lon: float
    lat: float
    metres: float


def where(lon: float, lat: float) -> Where:
    """Where a point (degrees) lies."""
    with connection.cursor() as cursor:
        cursor.execute(WHERE, {"lon": lon, "lat": lat, "sketch": SKETCH_M})
        rows = cursor.fetchall()
    towns = [row for row in rows if row[0] == "municipality"]
    moo = next((code for kind, code, _, _, covers in rows if kind == "moo" and covers), None)
    neighbour = next((name for kind, _, name, _, covers in rows if kind == "neighbour" and covers), "")
    return Where(not towns or any(row[3] for row in towns), _number(moo), neighbour)


def _number(code: Any) -> int | None:
    digits = "".join(ch for ch in str(code or "") if ch.isdigit())
    return int(digits[-2:]) if digits else None


def snap(lon: float, lat: float, kinds: Sequence[str], metres: float = SNAP_M) -> Snapped | None:
    """The nearest registered thing of these kinds within so many metres."""
    if not kinds:
        return None
    degrees = metres / 100_000  # a little more than enough: the distance decides
    with connection.cursor() as cursor:
        cursor.execute(SNAP, {"lon": lon, "lat": lat, "kinds": list(kinds), "metres": metres, "degrees": degrees})
        row = cursor.fetchone()
    return Snapped(*row) if row else None
