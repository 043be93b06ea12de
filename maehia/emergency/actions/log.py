"""The one log of an incident: whatever is done is one more line, chained by hash, never changed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from maehia.base import Problem, ProblemError
from maehia.base.chain import START, link
from maehia.emergency.models import Incident, LogLine
from maehia.emergency.rules.lines import LATE, Line
from maehia.kit.acting import required
from maehia.kit.clock import now

CHANNEL = "maehia_live"  # PostgreSQL notifications: "<topic> <seq>", sent with the commit


def append(
    incident: Incident | UUID,
    kind: str,
    text: str = "",
    *,
    before: str = "",
    after: str = "",
    value: Mapping[str, Any] | None = None,
    event_at: datetime | None = None,
    role: str = "",
    by: str = "",
) -> LogLine:
    """Add a line inside the caller's context (a purpose that writes `incident`, in the mode of the incident).

    kind: a short word of the part that writes. value: JSON (numbers, codes, keys; no names of affected people).
    by: the actor, by default the one of the context. Lock and write come last in a transaction: the incident's row is
    held until the commit. Raises ProblemError no_incident, log_ahead (event_at lies in the future).
    """
    key = incident.pk if isinstance(incident, Incident) else incident
    row = Incident.objects.select_for_update().only("id", "mode", "seq", "head").filter(pk=key).first()
    if row is None:
        raise ProblemError(Problem("no_incident", "ไม่พบเหตุการณ์นี้ หรือคุณไม่มีสิทธิ์เปิด"))
    written = now()
    happened = event_at or written
    if (happened - written).total_seconds() > 300:
        raise ProblemError(Problem("log_ahead", "เวลาที่เกิดอยู่ในอนาคต", happened.isoformat(), "ตรวจเวลาอีกครั้ง"))
    line = Line(str(row.pk), row.seq + 1, kind, by or required().actor, role, before, after, text, dict(value or {}),
                happened, written)  # fmt: skip
    previous = bytes(row.head) or START
    own = link(line.parts, previous)
    made = LogLine.objects.create(
        incident_id=row.pk, mode=row.mode, seq=line.seq, kind=kind, actor=line.actor, role=role, before=before,
        after=after, text=text, value=line.value, event_at=happened, at=written, late=written - happened > LATE,
        prev_hash=previous, hash=own,
    )  # fmt: skip
    Incident.objects.filter(pk=row.pk).update(seq=line.seq, head=own)
    if isinstance(incident, Incident):
        incident.seq, incident.head = line.seq, own
    tell(f"incident:{row.pk}", line.seq)
    return made


def tell(topic: str, seq: int) -> None:
    """Wake whoever watches a topic, after the commit."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, f"{topic} {seq}"])
