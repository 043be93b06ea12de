"""What everybody may see of the cases: one filter for the list, its counts, the map and the file.

Run inside `acting("system:public", "services.public")`: the policies show published rows only, whatever is asked.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import connection
from django.db.models import Count, Q, QuerySet

from maehia.base import BANGKOK
from maehia.services.models import Case
from maehia.services.queries.following import read_number

STATES = ("open", "late", "fixed", "closed")
MOST_POINTS = 20_000
COLUMNS = (
    "number", "service_id", "kind", "state", "state_type", "received_at", "due_at", "closed_at", "updated_at", "moo",
    "public_text", "public_address", "public_point", "me_too", "rating", "reopened", "last_note",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asked:
    """What a visitor looks for. state: "" or one of STATES; services: codes, empty = all; typed: words or a number."""

    now: datetime
    typed: str = ""
    state: str = ""
    services: tuple[str, ...] = ()
    moo: int | None = None
    since: date | None = None

    def but(self, **changes: Any) -> Asked:
        """The same with something else asked."""
        return Asked(**{**{name: getattr(self, name) for name in self.__slots__}, **changes})

    def condition(self) -> Q:
        """The one filter."""
        found = Q(kind="report", is_public=True, is_confidential=False) & ~Q(state_type="hidden") & self._state()
        if self.services:
            found &= Q(service_id__in=self.services)
        if self.moo is not None:
            found &= Q(moo=self.moo)
        if self.since is not None:
            found &= Q(received_at__gte=datetime.combine(self.since, time(), BANGKOK))
        return found & self._typed()

    def _state(self) -> Q:
        if self.state == "late":
            return Q(state_type="open", due_at__lt=self.now)
        return Q(state_type=self.state) if self.state in STATES else Q()

    def _typed(self) -> Q:
        words = self.typed.strip()
        if not words:
            return Q()
        if number := read_number(words):
            return Q(number=number)
        return Q(public_text__icontains=words) | Q(public_address__icontains=words) | Q(last_note__icontains=words)

    def rows(self) -> QuerySet[Case]:
        return Case.objects.filter(self.condition())


def listed(asked: Asked) -> QuerySet[Case, dict[str, Any]]:
    """Rows of COLUMNS, the newest first, to be cut into pages."""
    found: QuerySet[Case, dict[str, Any]] = asked.rows().order_by("-received_at", "-id").values(*COLUMNS)
    return found


def counts(asked: Asked) -> Mapping[str, int]:
    """How many each state would show with the rest as asked; "" is all of them. One statement."""
    every = asked.but(state="")
    asks = {f"n_{state}": Count("id", filter=asked.but(state=state)._state()) for state in STATES}
    found = every.rows().aggregate(n_=Count("id"), **asks)
    return {"": found["n_"], **{state: found[f"n_{state}"] for state in STATES}}


def exported(asked: Asked) -> Iterator[dict[str, Any]]:
    """All rows that the list shows, a few at a time."""
    yield from listed(asked).iterator(chunk_size=2000)


POINTS = """
SELECT '{{"type":"FeatureCollection","features":['
  || coalesce(string_agg(concat('{{"type":"Feature","geometry":', ST_AsGeoJSON(q.public_point, 5),
       ',"properties":{{"id":"', q.number, '","t":"', q.look, '"}}}}'), ','), '')
  || ']}}' AS body, count(*) AS n
FROM (SELECT public_point, number, CASE WHEN state_type <> 'open' THEN state_type
        WHEN due_at < %s THEN 'late' ELSE 'open' END AS look FROM ({rows}) r
      WHERE public_point IS NOT NULL LIMIT {most}) q
"""


def points(asked: Asked) -> tuple[str, int]:
    """The places of what is asked as GeoJSON text made by the database in one statement, and how many there are."""
    rows = asked.rows().order_by().values("public_point", "number", "state_type", "due_at")
    sql, parameters = rows.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(POINTS.format(rows=sql, most=MOST_POINTS), [asked.now, *parameters])
        body, count = cursor.fetchone()
    return body, count


def month_ago(now: datetime) -> date:
    return now.astimezone(BANGKOK).date() - timedelta(days=30)
