"""What a service takes today, counted from the log of its cases: the "after" beside the "before" that is stated."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection

from maehia.services.rules.definition import Definition

WINDOW = timedelta(days=365)
LEAST = 5  # fewer cases are no measurement, and could tell of one person

SQL = """
SELECT count(*),
       percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM c.closed_at - c.received_at)),
       avg((c.due_at IS NULL OR c.closed_at <= c.due_at)::int)
FROM services_case c
WHERE c.service_id = %s AND c.closed_at > %s AND c.mode = 'live' AND c.state = ANY(%s)
"""


@dataclass(frozen=True, slots=True)
class Measured:
    """cases: closed within the window. median: from received to closed, None below LEAST cases. in_time: share.

    steps, documents: of the definition, papers that the citizen brings. visits: 0, since all of it can be done online.
    """

    cases: int
    median: timedelta | None
    in_time: float | None
    steps: int
    documents: int
    visits: int

    @property
    def days(self) -> float | None:
        return None if self.median is None else self.median.total_seconds() / 86_400


def measured(definition: Definition, now: datetime) -> Measured:
    """Needs a purpose that reads cases (services.clock and the desk do). Totals only: no case is named."""
    ends = ["issued", "refused"] if definition.kind == "service" else ["fixed"]
    with connection.cursor() as cursor:
        cursor.execute(SQL, [definition.code, now - WINDOW, ends])
        count, seconds, share = cursor.fetchone()
    enough = count >= LEAST and seconds is not None
    return Measured(
        count, timedelta(seconds=float(seconds)) if enough else None, float(share) if enough else None,
        len(definition.steps) or 1, len(definition.to_bring), 0,
    )  # fmt: skip
