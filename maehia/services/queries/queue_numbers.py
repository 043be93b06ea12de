"""What the periods say of the last weeks: median waiting and service time by hour and group. Never by desk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

BY_HOUR = """
WITH visit AS (
  SELECT p.ticket_id, min(p.start) AS came,
    (array_agg(p.group_id ORDER BY p.start) FILTER (WHERE p.kind = 'serving'))[1] AS group_id,
    coalesce(sum(extract(epoch FROM p."end" - p.start)) FILTER (WHERE p.kind = 'waiting'), 0) AS waited,
    sum(extract(epoch FROM p."end" - p.start)) FILTER (WHERE p.kind = 'serving') AS served
  FROM services_period p WHERE p.start >= %s AND p.start < %s AND p."end" IS NOT NULL
  GROUP BY p.ticket_id HAVING bool_or(p.kind = 'serving'))
SELECT group_id, {hour} AS hour, count(*),
  percentile_cont(0.5) WITHIN GROUP (ORDER BY waited), percentile_cont(0.9) WITHIN GROUP (ORDER BY waited),
  percentile_cont(0.5) WITHIN GROUP (ORDER BY served)
FROM visit GROUP BY group_id, hour ORDER BY group_id, hour
"""
HOUR = "extract(hour FROM came AT TIME ZONE 'Asia/Bangkok')::int"


@dataclass(frozen=True, slots=True)
class Figure:
    """Visits that were served. Seconds; waited_most: nine of ten waited less. hour None: the whole day."""

    group: str
    hour: int | None
    visits: int
    waited: float
    waited_most: float
    served: float


def figures(since: datetime, until: datetime, *, by_hour: bool = False) -> Sequence[Figure]:
    """Figures of the visits that began between two moments, from the period rows alone."""
    with connection.cursor() as cursor:
        cursor.execute(BY_HOUR.format(hour=HOUR if by_hour else "NULL::int"), [since, until])
        return [Figure(g, hour, n, float(w), float(most), float(s)) for g, hour, n, w, most, s in cursor.fetchall()]
