"""Where it reaches: shapes from drawings, files and the flood solver become numbered footprints of an incident.

    shape = from_geojson(data, valid_at=...)
    footprint = set_footprint(account, incident.pk, shape)

Each version lists the houses inside, ends what the version before let anybody see, and counts who is there.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from math import isnan
from pathlib import Path
from typing import Any, cast
from uuid import UUID

import shapely
from django.contrib.gis.geos import GEOSGeometry, MultiPolygon
from django.db import connection, transaction

from maehia.access.models import Account
from maehia.access.permissions import can
from maehia.city.queries.town import read_town
from maehia.emergency.actions import affected, footprints_access, grants, log
from maehia.emergency.actions.incidents import locked, refused, save
from maehia.emergency.models import Footprint, Incident
from maehia.emergency.rules.depths import Depths, pack
from maehia.emergency.rules.footprints import Shape, check, read_geojson
from maehia.emergency.rules.footprints_access import depths_at
from maehia.emergency.rules.footprints_raster import read_raster, wet_area
from maehia.emergency.workflow import OPEN_STATES
from maehia.hazards import FloodRun
from maehia.kit.acting import acting
from maehia.kit.clock import now

__all__ = ["Shape", "from_flood", "from_geojson", "from_raster", "set_footprint"]
PURPOSE = "emergency.command"
TOTALS = ("people", "households", "houses", "road_m")
ORIGINS = ("drawn", "flood", "geojson", "raster", "script")
AHEAD = timedelta(days=7)  # a forecast reaches so far
INSIDE = """
INSERT INTO emergency_inside (footprint_id, mode, house_key, moo, access)
SELECT f.id, f.mode, h.key, h.moo, 'unknown'
FROM emergency_footprint f JOIN city_house h ON ST_Intersects(h.geom, f.geom)
WHERE f.id = %s
"""
DEPTHS = """
UPDATE emergency_inside i SET depth_m = d.depth
FROM unnest(%s::uuid[], %s::float8[]) d(house, depth)
WHERE i.footprint_id = %s AND i.house_key = d.house
"""


def from_geojson(
    data: bytes | str, *, valid_at: datetime | None = None, origin: str = "geojson", note: str = ""
) -> Shape:
    """The polygons of a GeoJSON text (RFC 7946) as a shape, valid now unless told otherwise.

    Raises ProblemError as `rules.footprints.read_geojson`.
    """
    return Shape(read_geojson(data), origin, valid_at or now(), note=note)


def from_raster(path: str | Path, *, valid_at: datetime | None = None, note: str = "") -> Shape:
    """A raster of depths in metres (GeoTIFF ...); its wet part is the footprint. Raises as `read_raster`, no_water."""
    depths = read_raster(path)
    return Shape(wet_area(depths), "raster", valid_at or now(), depths, note)


def from_flood(run: FloodRun | Depths, *, started_at: datetime | None = None, note: str = "") -> list[Shape]:
    """Footprints of a run of the flood solver: one for each snapshot in order of time, else one of the greatest depths.

    started_at: the moment of the run's second 0, by default now. Times without any water are left out.
    Raises ProblemError no_water when there is none at all.
    """
    begin = started_at or now()
    if isinstance(run, Depths):
        return [Shape(wet_area(run), "flood", begin, run, note)]
    maps = [(seconds, Depths(run.grid, run.snapshots[seconds])) for seconds in sorted(run.snapshots)]
    wet = [(seconds, depths) for seconds, depths in maps if depths.deepest_m >= run.wet_depth_m]
    if not wet:
        wet = [(run.time_s, Depths(run.grid, run.max_depth))]
    return [
        Shape(wet_area(depths), "flood", begin + timedelta(seconds=seconds), depths, note) for seconds, depths in wet
    ]


def set_footprint(account: Account, incident_key: UUID, shape: Shape, *, mode: str = "") -> Footprint:
    """The next version of where an incident reaches, with the houses inside, in one transaction.

    Called outside of `acting()`. mode: live or exercise; found by the incident when not told. Who was granted the
    people of the version before sees nobody any more; the commander is granted those of this one. How the houses can
    be left is worked out after the commit when there are many of them (`footprints_access.LATER`).
    Raises ProblemError: not_allowed, no_incident, not_open, unknown_origin, valid_ahead, and those of `check`.
    """
    if not can(account, "emergency.command"):
        raise refused("not_allowed", "บัญชีนี้ไม่มีสิทธิ์กำหนดพื้นที่ประสบภัย", account.display_name, "ให้ผู้อำนวยการหรือเวรทำแทน")
    found = mode or _mode_of(account, incident_key)
    with transaction.atomic():
        with acting(account.actor, PURPOSE, mode=found):
            made = _make(account, incident_key, shape)
        counts = affected.take_snapshot(made).counts
        grants.end_all(made.incident)
        grants.of_commander(made)
        with acting(account.actor, PURPOSE, mode=found):
            # Totals only: who needs what in a small area would tell of one person to everybody who reads the log.
            value = {"footprint": str(made.pk), "version": made.number, "origin": made.origin,
                     "area_m2": round(made.area_m2),
                     **{name: counts[name] for name in TOTALS if name in counts}}  # fmt: skip
            log.append(made.incident_id, "footprint", made.note, after=str(made.number), value=value)
    footprints_access.soon(account, made)
    return made


def _mode_of(account: Account, key: UUID) -> str:
    for mode in ("live", "exercise"):
        with acting(account.actor, PURPOSE, mode=mode):
            if Incident.objects.filter(pk=key).exists():
                return mode
    raise refused("no_incident", "ไม่พบเหตุการณ์นี้ หรือคุณไม่มีสิทธิ์เปิด")


def _make(account: Account, key: UUID, shape: Shape) -> Footprint:
    """The footprint's row and its houses, inside `emergency.command`."""
    if shape.origin not in ORIGINS:
        raise refused("unknown_origin", "ไม่รู้จักที่มาของพื้นที่", shape.origin, f"ใช้ {', '.join(ORIGINS)}")
    if shape.valid_at > now() + AHEAD:
        raise refused("valid_ahead", "เวลาของพื้นที่อยู่ไกลในอนาคต", shape.valid_at.isoformat(), "ตรวจวันและเวลา")
    polygons = shape.polygons
    area = check(polygons, town_outline())
    row = locked(key)
    if row.state not in OPEN_STATES:
        raise refused("not_open", "เหตุการณ์นี้ปิดแล้ว", row.number, "เปิดเหตุอีกครั้งก่อนกำหนดพื้นที่")
    last = row.footprints.order_by("-number").values_list("number", flat=True).first() or 0
    made = Footprint.objects.create(
        incident=row, mode=row.mode, number=last + 1, origin=shape.origin, area_m2=area, note=shape.note.strip()[:400],
        geom=geos(polygons),
        depth=pack(shape.depth) if shape.depth is not None else None,
        valid_at=shape.valid_at, made_at=now(), made_by=account.actor,
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(INSIDE, [made.pk])
    if shape.depth is not None:
        _sample(made, shape.depth)
    row.footprint = made
    save(row, "footprint")
    return made


def _sample(footprint: Footprint, depths: Depths) -> None:
    """Water at each house; where the grid knows nothing it stays unknown."""
    keys, places = footprints_access.houses_of(footprint)
    known = [None if isnan(deep) else round(deep, 2) for deep in depths_at(depths, places).tolist()]
    with connection.cursor() as cursor:
        cursor.execute(DEPTHS, [keys, known, footprint.pk])


def town_outline() -> Any:
    """The town's outline as shapely geometry, None when the profile has none."""
    town = read_town()
    return shapely.from_wkb(bytes(town.outline.wkb)) if town and town.outline else None


def geos(polygons: Any) -> MultiPolygon:
    """Shapely's multipolygon as Django's."""
    return cast(MultiPolygon, GEOSGeometry(memoryview(shapely.to_wkb(polygons)), srid=4326))
