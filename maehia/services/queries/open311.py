"""What the world may know of the cases, as GeoReport v2 rows: published ones only, in one statement.

The condition stands here besides the policies: in the sandbox (mode exercise) no policy publishes anything.
Each function wants a context: services.public, or services.peer in mode exercise.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from maehia.forms.models import Attachment
from maehia.kit.acting import Context, acting
from maehia.services.models import CaseEvent

SHOWN = "c.kind = 'report' AND c.is_public AND NOT c.is_confidential AND c.state_type <> 'hidden' AND c.mode = %(mode)s"
# A closed case is as old as its closing: what is done in the office afterwards is no news.
UPDATED = "CASE WHEN c.state_type = 'open' THEN c.updated_at ELSE coalesce(c.closed_at, c.updated_at) END"
COLUMNS = f"""
c.id, c.number, c.state, c.state_type, c.last_note, c.service_id, s.name_th, s.name_en, c.public_text, u.name_th,
u.name_en, c.received_at, {UPDATED}, c.closed_at, c.due_at, c.public_address, ST_Y(c.public_point),
ST_X(c.public_point), c.channel, c.moo, c.me_too, c.reopened, c.rating
"""
FROM = """
FROM services_case c JOIN services_service s ON s.code = c.service_id LEFT JOIN services_unit u ON u.key = c.unit_id
"""
CHUNK = 2000


class Row(NamedTuple):
    """A published case. lat, lon: as the public sees them. updated_at of a closed one is its closing."""

    id: UUID
    number: str
    state: str
    state_type: str
    last_note: str
    service: str
    service_th: str
    service_en: str
    text: str
    unit_th: str | None
    unit_en: str | None
    received_at: datetime
    updated_at: datetime
    closed_at: datetime | None
    due_at: datetime | None
    address: str
    lat: float | None
    lon: float | None
    channel: str
    moo: int | None
    me_too: int
    reopened: int
    rating: int | None


class Wanted(NamedTuple):
    """Which cases. ids: numbers, which override all else; None or empty = any. newest_first: or by number,
    so that what is added meanwhile stands at the end, also when it happened earlier (a letter entered late)."""

    ids: Sequence[str] = ()
    services: Sequence[str] = ()
    statuses: Sequence[str] = ()
    start: datetime | None = None
    end: datetime | None = None
    updated_after: datetime | None = None
    updated_before: datetime | None = None
    bbox: tuple[float, float, float, float] | None = None
    newest_first: bool = True
    limit: int | None = 1000
    offset: int = 0


def looking(mode: str) -> AbstractContextManager[Context]:
    """The context of a visitor; in the sandbox that of the peers, because nothing is published there."""
    if mode == "live":
        return acting("system:public", "services.public")
    return acting("system:sandbox", "services.peer", mode=mode)


def rows(wanted: Wanted, mode: str) -> list[Row]:
    """The cases wanted, in order."""
    sql, values = _select(COLUMNS, wanted, mode)
    sql += f" ORDER BY {'c.received_at DESC, c.id DESC' if wanted.newest_first else 'c.number'}"
    if wanted.limit is not None:
        sql += f" LIMIT {int(wanted.limit)} OFFSET {int(wanted.offset)}"
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return [Row._make(row) for row in cursor.fetchall()]


def total(wanted: Wanted, mode: str) -> int:
    sql, values = _select("count(*)", wanted, mode)
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return int(cursor.fetchone()[0])


def one(number: str, mode: str) -> Row | None:
    """A published case; None for one that is not there or not shown, by the same statement."""
    found = rows(Wanted(ids=(number,)), mode)
    return found[0] if found else None


def after(last: tuple[datetime, UUID] | None, mode: str, most: int = CHUNK) -> list[Row]:
    """The next published cases, oldest first, behind (received_at, id) of the last one; for files of any length.

    A piece at a time holds no transaction open while somebody with a slow line reads.
    """
    sql, values = _select(COLUMNS, Wanted(), mode)
    if last:
        values |= {"at": last[0], "id": last[1]}
        sql += " AND c.received_at >= %(at)s AND (c.received_at, c.id) > (%(at)s, %(id)s)"
    with connection.cursor() as cursor:
        cursor.execute(f"{sql} ORDER BY c.received_at, c.id LIMIT {int(most)}", values)
        return [Row._make(row) for row in cursor.fetchall()]


def _select(columns: str, wanted: Wanted, mode: str) -> tuple[str, dict[str, Any]]:
    values: dict[str, Any] = {"mode": mode}
    parts = [SHOWN, *_conditions(wanted, values)]
    return f"SELECT {columns} {FROM} WHERE {' AND '.join(parts)}", values


def _conditions(wanted: Wanted, values: dict[str, Any]) -> Iterator[str]:
    if wanted.ids:
        values["ids"] = list(wanted.ids)
        yield "c.number = ANY (%(ids)s)"
        return
    # A closing is an update too, so `updated_at` alone bounds the search by its index.
    tests: tuple[tuple[str, Any, str], ...] = (
        ("services", list(wanted.services), "c.service_id = ANY (%(services)s)"),
        ("open", _only(wanted.statuses), "(c.state_type = 'open') = %(open)s"),
        ("start", wanted.start, "c.received_at >= %(start)s"),
        ("end", wanted.end, "c.received_at <= %(end)s"),
        ("after", wanted.updated_after, f"c.updated_at >= %(after)s AND {UPDATED} >= %(after)s"),
        ("before", wanted.updated_before, f"{UPDATED} <= %(before)s"),
        ("box", list(wanted.bbox or ()), "c.public_point && ST_MakeEnvelope(%(w)s, %(s)s, %(e)s, %(n)s, 4326)"),
    )
    for name, value, sql in tests:
        if value not in (None, []):
            values[name] = value
            yield sql
    if wanted.bbox:
        values |= dict(zip("wsen", wanted.bbox, strict=True))


def _only(statuses: Sequence[str]) -> bool | None:
    """True: open ones only; None: both."""
    return "open" in statuses if len(set(statuses)) == 1 else None


def first_photos(ids: Sequence[UUID]) -> Mapping[UUID, UUID]:
    """The first released photo of each case that has one."""
    released = Attachment.objects.filter(about__in=ids, released_at__isnull=False, erased_at=None)
    found: dict[UUID, UUID] = {}
    for about, photo in released.order_by("created_at", "id").values_list("about", "id"):
        found.setdefault(about, photo)
    return found


def public_notes(ids: Sequence[UUID]) -> Mapping[UUID, list[tuple[datetime, str, str]]]:
    """(when, words, kind) of the public history of each case, oldest first."""
    events = CaseEvent.objects.filter(case_id__in=ids, is_public=True, kind__in=("opened", "state", "service", "note"))
    found: dict[UUID, list[tuple[datetime, str, str]]] = {}
    for case, at, note, kind, state in events.order_by("case_id", "seq").values_list(
        "case_id", "event_at", "note", "kind", "state"
    ):
        found.setdefault(case, []).append((at, note or state, kind))
    return found


def public_states(
    ids: Sequence[UUID], start: datetime | None, end: datetime | None
) -> list[tuple[UUID, int, datetime, str, str]]:
    """(case, seq, when, state, words) of the public changes of state in a window, oldest first."""
    events = CaseEvent.objects.filter(case_id__in=ids, is_public=True, kind__in=("opened", "state"))
    if start and end:
        events = events.filter(event_at__range=(start, end))
    found = events.order_by("event_at", "id").values_list("case_id", "seq", "event_at", "state", "note")
    return list(found[:CHUNK])
