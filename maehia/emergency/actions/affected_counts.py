"""Numbers of a reading: people and things inside the footprint, no names and no keys of people."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import connection

from maehia.emergency.models import Snapshot

PEOPLE = """
SELECT count(*)::int, coalesce(sum(people), 0)::int, count(*) FILTER (WHERE fresh = people)::int,
  coalesce(sum(fresh), 0)::int, count(DISTINCT house_key)::int
FROM emergency_snapshotrow WHERE snapshot_id = %(snapshot)s
"""
BY_COLUMN = """
SELECT 'moos', coalesce(moo::text, '-'), sum(people)::int FROM emergency_snapshotrow
WHERE snapshot_id = %(snapshot)s GROUP BY moo
UNION ALL
SELECT 'access', access, sum(people)::int FROM emergency_snapshotrow WHERE snapshot_id = %(snapshot)s GROUP BY access
UNION ALL
SELECT split_part(t ->> 0, ':', 1), split_part(t ->> 0, ':', 2), sum((t ->> 1)::int)::int
FROM emergency_snapshotrow, jsonb_array_elements(terms) t
WHERE snapshot_id = %(snapshot)s AND split_part(t ->> 0, ':', 1) IN ('need', 'age', 'level', 'alone') GROUP BY 1, 2
"""
LEFT = """
WITH now AS MATERIALIZED (SELECT unnest(members) AS key FROM emergency_snapshotrow WHERE snapshot_id = %(snapshot)s)
SELECT count(*) FILTER (WHERE gone = cardinality(members))::int, coalesce(sum(gone), 0)::int FROM (
  SELECT o.members, count(*) FILTER (WHERE n.key IS NULL) AS gone
  FROM emergency_snapshotrow o CROSS JOIN LATERAL unnest(o.members) m(key) LEFT JOIN now n ON n.key = m.key
  WHERE o.snapshot_id = %(before)s GROUP BY o.id, o.members
) g
"""
THINGS = """
SELECT 'places', place_kind, count(*)::int FROM city_place p, emergency_footprint f
WHERE f.id = %(footprint)s AND ST_Intersects(p.geom, f.geom) GROUP BY place_kind
UNION ALL
SELECT 'assets', asset_kind, count(*)::int FROM city_asset a, emergency_footprint f
WHERE f.id = %(footprint)s AND ST_Intersects(a.geom, f.geom) GROUP BY asset_kind
UNION ALL
SELECT 'one', 'businesses', count(*)::int FROM city_business b, emergency_footprint f
WHERE f.id = %(footprint)s AND ST_Intersects(b.geom, f.geom)
UNION ALL
SELECT 'one', 'buildings', count(*)::int FROM city_building b, emergency_footprint f
WHERE f.id = %(footprint)s AND ST_Intersects(b.geom, f.geom)
UNION ALL
SELECT 'one', 'road_m', coalesce(round(sum(ST_Length(ST_Transform(ST_Intersection(r.geom, f.geom), 32647)))), 0)::int
FROM city_road r, emergency_footprint f WHERE f.id = %(footprint)s AND ST_Intersects(r.geom, f.geom)
UNION ALL
SELECT 'one', 'houses', count(*)::int FROM emergency_inside WHERE footprint_id = %(footprint)s
UNION ALL
SELECT 'one', 'deepest_cm', coalesce(round(max(depth_m) * 100), 0)::int FROM emergency_inside
WHERE footprint_id = %(footprint)s
UNION ALL
SELECT 'one', 'unlocated', count(*)::int FROM city_person p LEFT JOIN city_house h ON h.key = p.house_id
WHERE p.died IS NULL AND h.geom IS NULL
"""
NAMED = {"need": "needs", "age": "ages", "level": "levels"}


def count_inside(snapshot: Snapshot) -> dict[str, Any]:
    """Numbers by name: people, households, houses, houses_empty, needs, ages, levels, alone (households), moos and
    access (people), places, assets, businesses, buildings, road_m, deepest_cm, unlocated (people of the register
    without a place on the map), and new_people, new_households, left_people, left_households against the footprint
    before (absent for the first).
    """
    values = {"snapshot": snapshot.pk, "footprint": snapshot.footprint_id, "before": snapshot.before_id}
    [(households, people, new_households, new_people, lived_in)] = _ask(PEOPLE, values)
    found: dict[str, Any] = {"people": people, "households": households, "alone": 0}
    for name in ("needs", "ages", "levels", "moos", "access", "places", "assets"):
        found[name] = {}
    for group, name, number in [*_ask(BY_COLUMN, values), *_ask(THINGS, values)]:
        if group in ("one", "alone"):
            found[name or group] = number
        else:
            found[NAMED.get(group, group)][name or "-"] = number
    found["houses_empty"] = found["houses"] - lived_in
    if snapshot.before_id:
        [(left_households, left_people)] = _ask(LEFT, values)
        found |= {"new_people": new_people, "new_households": new_households, "left_people": left_people,
                  "left_households": left_households}  # fmt: skip
    return found


def _ask(statement: str, values: dict[str, Any]) -> Sequence[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        found: Sequence[Any] = cursor.fetchall()
        return found
