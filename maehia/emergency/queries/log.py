"""Reading an incident's log, and proving that nobody has touched it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from maehia.base.chain import broken_at
from maehia.emergency.models import Incident, LogLine
from maehia.emergency.rules.lines import Line


def lines(incident: UUID, *, after: int = 0, kinds: Sequence[str] = (), limit: int | None = None) -> list[LogLine]:
    """Lines in order of writing, from the one after `after`."""
    rows = LogLine.objects.filter(incident_id=incident, seq__gt=after)
    if kinds:
        rows = rows.filter(kind__in=kinds)
    return list(rows.order_by("seq")[:limit])


def newest(incident: UUID, count: int = 20) -> list[LogLine]:
    """The last lines, newest first."""
    return list(LogLine.objects.filter(incident_id=incident).order_by("-seq")[:count])


def tampered_at(incident: Incident) -> int | None:
    """The number of the first line that was changed, dropped or put in; None when the whole chain holds."""
    return broken_at(_hashed(incident.pk), bytes(Incident.objects.values_list("head", flat=True).get(pk=incident.pk)))


def _hashed(incident: UUID) -> Iterator[tuple[int, Sequence[Any], bytes, bytes]]:
    rows = LogLine.objects.filter(incident_id=incident).order_by("seq")
    for row in rows.iterator(chunk_size=2000):
        line = Line(str(row.incident_id), row.seq, row.kind, row.actor, row.role, row.before, row.after, row.text,
                    row.value, row.event_at, row.at)  # fmt: skip
        yield row.seq, line.parts, bytes(row.prev_hash), bytes(row.hash)
