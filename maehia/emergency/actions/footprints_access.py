"""Whether the houses inside a footprint can be left on foot, and their nearest open shelter: roads of the register.

The graph of the roads is built once per process and version of the roads. With many houses the work is a job, so that
the list of people is there first.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from math import isnan
from typing import Any
from uuid import UUID

import numpy as np
import shapely
from django.db import connection, transaction

from maehia.access.models import Account
from maehia.city.queries.town import read_town
from maehia.emergency.actions import affected, log
from maehia.emergency.models import Footprint, Incident
from maehia.emergency.rules.depths import Floats, unpack
from maehia.emergency.rules.footprints import to_metres
from maehia.emergency.rules.footprints_access import Ground, Reach, reach
from maehia.emergency.rules.priority import closes_roads
from maehia.kit.acting import acting
from maehia.kit.jobs import Running, enqueue, job
from maehia.network import RoadGraph

PURPOSE = "emergency.command"
JOB = "emergency.access"
LATER = 4_000  # houses; more than these are worked out by the worker
HOUSES = """
SELECT i.house_key, ST_X(m.p), ST_Y(m.p)
FROM emergency_inside i JOIN city_house h ON h.key = i.house_key
  CROSS JOIN LATERAL (SELECT ST_Transform(h.geom, 32647) AS p) m
WHERE i.footprint_id = %s ORDER BY i.house_key
"""
ROADS = """
SELECT name, road_kind, ST_AsBinary(ST_Transform((d).geom, 32647))
FROM (SELECT key, name, road_kind, ST_Dump(ST_Force2D(geom)) AS d FROM city_road WHERE geom IS NOT NULL) r
WHERE GeometryType((d).geom) = 'LINESTRING' ORDER BY key, (d).path
"""
ROADS_VERSION = "SELECT md5(string_agg(md5(key::text || name || road_kind || ST_AsBinary(geom)::text), '' ORDER BY key)) FROM city_road WHERE geom IS NOT NULL"  # noqa: E501
SHELTERS = """
SELECT key, ST_X(m.p), ST_Y(m.p)
FROM city_place CROSS JOIN LATERAL (SELECT ST_Transform(ST_PointOnSurface(geom), 32647) AS p) m
WHERE geom IS NOT NULL AND CASE WHEN %s THEN key = ANY (%s) ELSE is_shelter END ORDER BY key
"""
WRITE = """
UPDATE emergency_inside i SET access = d.access, shelter_key = d.shelter, minutes = d.minutes
FROM unnest(%s::uuid[], %s::text[], %s::uuid[], %s::float8[]) d(house, access, shelter, minutes)
WHERE i.footprint_id = %s AND i.house_key = d.house
"""
Places = Callable[[Incident], Sequence[UUID]]
_open_places: list[Places] = []


def provide_shelters(places: Places) -> None:
    """Say which places take people now (keys of `city.Place`). None open yet: every place that could be a shelter."""
    _open_places[:] = [places]


def soon(account: Account, footprint: Footprint) -> None:
    """Work the ways out now, or by the worker when there are many houses. Outside of `acting()`."""
    with acting(account.actor, PURPOSE, mode=footprint.mode):
        many = footprint.inside.count()
    if many <= LATER:
        update(account.actor, footprint)
        return
    with acting(account.actor, PURPOSE, mode=footprint.mode):
        enqueue(JOB, actor=account.actor, purpose=PURPOSE, mode=footprint.mode, footprint=str(footprint.pk))


@job(JOB)
def work(running: Running) -> dict[str, Any]:
    with running.acting():
        footprint = Footprint.objects.select_related("incident").get(pk=running.ids["footprint"])
    return update(running.actor, footprint)


def update(actor: str, footprint: Footprint) -> dict[str, int]:
    """Write down how each house can be left and rank the households anew; counts by access. Outside of `acting()`."""
    with transaction.atomic():
        with acting(actor, PURPOSE, mode=footprint.mode):
            keys, places = houses_of(footprint)
            shelter_keys, found = _reach(footprint, places)
            _write(footprint, keys, shelter_keys, found)
            counts = {word: int((found.access == word).sum()) for word in ("open", "cut", "unknown")}
        affected.take_snapshot(footprint)
        with acting(actor, PURPOSE, mode=footprint.mode):
            log.append(footprint.incident_id, "access", after=str(footprint.number),
                       value={"footprint": str(footprint.pk), **counts})  # fmt: skip
    return counts


def houses_of(footprint: Footprint) -> tuple[list[UUID], Floats]:
    """(keys, (N, 2) metres) of the houses inside, in order of their keys."""
    with connection.cursor() as cursor:
        cursor.execute(HOUSES, [footprint.pk])
        rows = cursor.fetchall()
    return [row[0] for row in rows], np.array([row[1:] for row in rows], dtype=np.float64).reshape(-1, 2)


def _reach(footprint: Footprint, houses: Floats) -> tuple[list[UUID], Reach]:
    shelters, places = _shelters(footprint.incident)
    graph = road_graph()
    if graph is None or not len(houses):
        none = np.full(len(houses), "unknown")
        return shelters, Reach(none, np.full(len(houses), -1, np.int64), np.full(len(houses), np.nan))
    town = read_town()
    outline = to_metres(shapely.from_wkb(bytes(town.outline.wkb))) if town and town.outline else None
    area = to_metres(shapely.from_wkb(bytes(footprint.geom.wkb)))
    depths = unpack(footprint.depth) if footprint.depth else None
    closing = closes_roads(footprint.incident.hazard)
    return shelters, reach(Ground(graph, places, outline), houses, area, depths, roads_close=closing)


def _shelters(incident: Incident) -> tuple[list[UUID], Floats]:
    wanted = [key for places in _open_places for key in places(incident)]
    with connection.cursor() as cursor:
        cursor.execute(SHELTERS, [bool(wanted), wanted])
        rows = cursor.fetchall()
    return [row[0] for row in rows], np.array([row[1:] for row in rows], dtype=np.float64).reshape(-1, 2)


def road_graph() -> RoadGraph | None:
    """The town's roads as a graph in metres, kept until the roads change; None without roads."""
    with connection.cursor() as cursor:
        cursor.execute(ROADS_VERSION)
        version = cursor.fetchone()[0]
    return _graph(version) if version else None


@lru_cache(maxsize=1)
def _graph(_version: str) -> RoadGraph:
    with connection.cursor() as cursor:
        cursor.execute(ROADS)
        rows = cursor.fetchall()
    lines = shapely.from_wkb([bytes(row[2]) for row in rows])
    return RoadGraph.from_lines(lines, name=[row[0] for row in rows], kind=[row[1] for row in rows])


def _write(footprint: Footprint, keys: list[UUID], shelters: list[UUID], found: Reach) -> None:
    to = [shelters[number] if number >= 0 else None for number in found.shelter.tolist()]
    minutes = [None if isnan(value) else round(value, 1) for value in found.minutes.tolist()]
    with connection.cursor() as cursor:
        cursor.execute(WRITE, [keys, found.access.tolist(), to, minutes, footprint.pk])
