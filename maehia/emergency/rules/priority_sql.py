"""The rule of `rules.priority` over whole towns: one statement from houses to ranked households.

`ranked(inside, old)` is a chain of common tables that ends in `ranked`; `inside` is SQL for (house, moo, depth_m,
access), `old` for the keys of people who were inside before.
Tables are entered by their indexes, house by house (LATERAL ... OFFSET 0), and everything else is hashed (`PLAN`): the
plan is good for ten houses and for a city, although nothing knows how many rows a new footprint has.
Reads person, household and need as far as the context lets it; a context that hides households groups by house.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from maehia.emergency.rules.priority import Weights

# For the transaction of the statement only; `UNPLAN` puts back what the session had.
PLAN = "SET LOCAL enable_nestloop = off; SET LOCAL jit = off; SET LOCAL work_mem = '64MB'"
UNPLAN = "SET LOCAL enable_nestloop TO DEFAULT; SET LOCAL jit TO DEFAULT; SET LOCAL work_mem TO DEFAULT"
OF_FOOTPRINT = """
SELECT house_key AS house, moo, depth_m, access FROM emergency_inside WHERE footprint_id = %(footprint)s
"""
OF_AREA = """
SELECT key AS house, moo, NULL::float8 AS depth_m, 'unknown'::text AS access
FROM city_house WHERE ST_Intersects(geom, ST_GeomFromWKB(%(area)s, 4326))
"""
RANKED = """
WITH inside AS MATERIALIZED ({inside}),
old AS MATERIALIZED ({old}),
person AS MATERIALIZED (
  SELECT p.key, i.house, date_part('year', age(%(day)s::date, p.birth))::int AS years
  FROM inside i CROSS JOIN LATERAL (
    SELECT key, birth FROM city_person WHERE house_id = i.house AND died IS NULL OFFSET 0
  ) p
),
member AS MATERIALIZED (
  SELECT DISTINCT ON (p.key) p.key, p.house, h.kind, h.key AS household
  FROM (
    SELECT i.house, h.key, h.kind FROM inside i CROSS JOIN LATERAL (
      SELECT key, kind FROM city_household WHERE house_id = i.house AND kind IN ('actual', 'registered') OFFSET 0
    ) h
  ) h CROSS JOIN LATERAL (SELECT person_id FROM city_householdmember WHERE household_id = h.key OFFSET 0) m
    JOIN person p ON p.key = m.person_id AND p.house = h.house
  ORDER BY p.key, h.kind, h.key
),
-- Who lives there counts before who is registered there; a family is not parted because a list forgot a child.
chief AS (SELECT DISTINCT ON (house) house, kind, household FROM member ORDER BY house, kind, household),
unit AS MATERIALIZED (
  SELECT p.key, p.house, p.years, o.key IS NULL AS fresh,
    coalesce(CASE WHEN m.kind = l.kind THEN m.household ELSE l.household END, {none}) AS household
  FROM person p LEFT JOIN chief l ON l.house = p.house LEFT JOIN member m ON m.key = p.key
    LEFT JOIN old o ON o.key = p.key
),
need AS MATERIALIZED (
  SELECT u.house, u.household, u.key, n.need_kind AS kind,
    (SELECT l.code FROM unnest(%(level_codes)s::text[], %(level_words)s::text[]) WITH ORDINALITY l(code, words, nth)
     WHERE n.level ~ l.words ORDER BY nth LIMIT 1) AS level
  FROM unit u CROSS JOIN LATERAL (
    SELECT need_kind, level FROM city_need WHERE person_id = u.key OFFSET 0
  ) n
),
home AS (
  SELECT i.house, i.moo, i.depth_m, i.access, b.storeys,
    CASE WHEN i.depth_m IS NULL THEN NULL
      ELSE greatest(0, round(i.depth_m * 100)::int - round(coalesce(b.floor_m, 0) * 100)::int) END AS cm
  FROM inside i LEFT JOIN (
    SELECT j.house, max(b.storeys) AS storeys, min(b.floor_height_m) AS floor_m
    FROM inside j CROSS JOIN LATERAL (
      SELECT storeys, floor_height_m FROM city_building WHERE house_id = j.house OFFSET 0
    ) b GROUP BY j.house
  ) b ON b.house = i.house
),
family AS MATERIALIZED (
  SELECT house, household, array_agg(key ORDER BY key) AS members, count(*)::int AS people,
    count(*) FILTER (WHERE years BETWEEN 0 AND 5)::int AS infants,
    count(*) FILTER (WHERE years BETWEEN 60 AND 79)::int AS old,
    count(*) FILTER (WHERE years >= 80)::int AS very_old,
    count(*) FILTER (WHERE fresh)::int AS fresh
  FROM unit GROUP BY house, household
),
term AS (
  SELECT n.house, n.household, 'need:' || n.kind AS code, count(DISTINCT n.key)::int AS number,
    count(DISTINCT n.key)::int * coalesce(w.points, %(other_need)s) AS points
  FROM need n LEFT JOIN unnest(%(need_kinds)s::text[], %(need_points)s::int[]) w(kind, points) ON w.kind = n.kind
  WHERE n.kind <> 'alone' GROUP BY n.house, n.household, n.kind, w.points
  UNION ALL
  SELECT p.house, p.household, 'level:' || p.level, count(*)::int, count(*)::int * w.points
  FROM (
    SELECT DISTINCT ON (n.key) n.house, n.household, n.level FROM need n
      JOIN unnest(%(level_codes)s::text[], %(level_points)s::int[]) o(code, points) ON o.code = n.level
    ORDER BY n.key, o.points DESC, o.code
  ) p JOIN unnest(%(level_codes)s::text[], %(level_points)s::int[]) w(code, points) ON w.code = p.level
  GROUP BY p.house, p.household, p.level, w.points
  UNION ALL
  SELECT f.house, f.household, t.code, t.number, t.number * t.points
  FROM family f CROSS JOIN LATERAL (VALUES
    ('age:infant', f.infants, %(infant)s), ('age:old', f.old, %(old)s), ('age:very_old', f.very_old, %(very_old)s)
  ) t(code, number, points)
  WHERE t.number > 0 AND t.points > 0
  UNION ALL
  SELECT f.house, f.household, 'alone', 1, %(alone)s FROM family f
  WHERE %(alone)s > 0 AND (f.people = 1 OR EXISTS (
    SELECT FROM need n WHERE n.house = f.house AND n.household = f.household AND n.kind = 'alone'))
  UNION ALL
  SELECT f.house, f.household, t.code, t.number, t.points
  FROM family f JOIN home h ON h.house = f.house CROSS JOIN LATERAL (VALUES
    ('depth', h.cm, least(%(most_depth)s, h.cm * %(per_metre)s / 100)),
    ('storeys:unknown', CASE WHEN h.storeys IS NULL AND coalesce(h.cm, 1) > 0 THEN 1 END, %(storeys_unknown)s),
    ('storeys:one', CASE WHEN h.storeys <= 1 AND coalesce(h.cm, 1) > 0 THEN 1 END, %(storeys_one)s),
    ('access:cut', CASE WHEN h.access = 'cut' THEN 1 END, %(access_cut)s),
    ('access:unknown', CASE WHEN h.access = 'unknown' THEN 1 END, %(access_unknown)s)
  ) t(code, number, points)
  WHERE t.number > 0 AND t.points > 0
),
reason AS (
  SELECT house, household, sum(points)::int AS priority,
    jsonb_agg(jsonb_build_array(code, number, points) ORDER BY points DESC, code COLLATE "C") AS terms
  FROM term GROUP BY house, household
),
kinds AS (
  SELECT house, household, array_agg(DISTINCT kind ORDER BY kind) AS needs FROM need GROUP BY house, household
),
ranked AS (
  SELECT row_number() OVER (ORDER BY coalesce(r.priority, 0) DESC, f.house, f.household)::int AS rank,
    coalesce(r.priority, 0) AS priority, f.house, nullif(f.household, {none}) AS household, f.members, f.fresh,
    f.people, h.moo, h.depth_m, h.access,
    coalesce(k.needs, '{{}}') AS needs, coalesce(r.terms, '[]'::jsonb) AS terms
  FROM family f JOIN home h ON h.house = f.house
    LEFT JOIN reason r ON r.house = f.house AND r.household = f.household
    LEFT JOIN kinds k ON k.house = f.house AND k.household = f.household
)
"""


NONE = "'00000000-0000-0000-0000-000000000000'::uuid"  # no household: joins by = where NULL would not
OLD_NONE = "SELECT NULL::uuid AS key WHERE false"
OLD = "SELECT unnest(members) AS key FROM emergency_snapshotrow WHERE snapshot_id = %(before)s"


def ranked(inside: str, old: str = OLD_NONE) -> str:
    return RANKED.format(inside=inside, old=old, none=NONE)


def parameters(weights: Weights, day: date, **more: Any) -> dict[str, Any]:
    """What the statement asks for; more: `footprint` or `area`."""
    levels = weights.level
    return {
        "day": day, "need_kinds": list(weights.need), "need_points": list(weights.need.values()),
        "other_need": weights.other_need, "level_codes": [level.code for level in levels],
        "level_words": ["|".join(level.words) for level in levels], "level_points": [level.points for level in levels],
        **_named(weights.age, ""), "alone": weights.alone, "per_metre": weights.per_metre,
        "most_depth": weights.most_depth, **_named(weights.storeys, "storeys_"), **_named(weights.access, "access_"),
        **more,
    }  # fmt: skip


def _named(points: Mapping[str, int], prefix: str) -> dict[str, int]:
    return {f"{prefix}{name}": value for name, value in points.items()}
