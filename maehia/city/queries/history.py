"""As it was on day V, as known on day S: the register of the past, chosen anew from records and decisions."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q

from maehia.city.contradictions import COMPARED, Contradiction, contradictions
from maehia.city.queries.access import shown_fields
from maehia.city.queries.values import column_value
from maehia.city.rules import choose, in_order
from maehia.evidence.models import RECORDS, Correction, Link, Record, Source
from maehia.kit.acting import current
from maehia.kit.modes import current_mode

#: columns of a record that say how it came in, not what the list said of the thing
_INNER = {"role", "about_kind", "about_ref", "birth_precision", "birth_text", "person_ref"}


@dataclass(frozen=True, slots=True)
class Said:
    """One value of the past and the record or correction that carried it. precision: of a birth day."""

    field: str
    value: Any
    origin: str
    precision: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    """One step on the timeline of an entity: a record came, ended or was taken back.

    changed: the fields that this record said otherwise than the one before it of the same list (all, for the first).
    """

    at: datetime
    valid_from: date
    what: str
    source: Source
    record: Record
    changed: tuple[str, ...] = ()
    first: bool = True


def refs_of(kind: str, key: uuid.UUID) -> list[str]:
    """Source entities that are linked to this entity now."""
    links = Link.objects.filter(kind=kind, key=key, ended_run=None, mode=current_mode())
    return list(links.order_by("ref").values_list("ref", flat=True))


def records_of(kind: str, key: uuid.UUID) -> list[Any]:
    """Every record ever of this entity, oldest knowledge first."""
    model = RECORDS[kind]
    return list(
        model.objects.filter(ref__in=refs_of(kind, key))
        .select_related("source", "delivery")
        .order_by("known_from", "pk")
    )


def allowed_fields(kind: str) -> list[str]:
    """Fields of a record that may be shown: for people those of the purpose, for things all but inner ones."""
    names = [name for name in RECORDS[kind].VALUES if name not in _INNER]
    return [name for name in names if name in shown_fields("person")] if kind == "person" else names


def as_it_was(kind: str, key: uuid.UUID, valid: date, known: datetime) -> list[Said]:
    """The values that the register would have shown for the day `valid` with what was known at `known`.

    Corrections count from the moment they were made until they were undone. Which rows are this entity is taken
    from the links of today.
    """
    model = RECORDS[kind]
    held = model.objects.filter(ref__in=refs_of(kind, key)).as_of(valid, known)
    latest: dict[str, Any] = {}
    for record in held.order_by("valid_from", "pk"):
        latest[record.ref] = record
    ranks = dict(Source.objects.values_list("key", "rank"))
    decided = _corrections(kind, key, known)
    values, sources = choose(kind, in_order(latest.values(), ranks), model.VALUES, decided)
    precision = values.get("birth_precision", "")
    return [
        Said(name, values[name], sources[name], precision if name == "birth" else "")
        for name in allowed_fields(kind)
        if name in values
    ]


def _corrections(kind: str, key: uuid.UUID, known: datetime) -> dict[str, tuple[Any, int]]:
    if current() is None:
        return {}
    standing = Correction.objects.filter(kind=kind, key=key, at__lte=known, mode=current_mode())
    standing = standing.filter(Q(undone_at=None) | Q(undone_at__gt=known)).order_by("pk")
    return {c.field: (column_value(kind, c.field, c.value), c.pk) for c in standing}


def timeline(kind: str, key: uuid.UUID) -> list[Event]:
    """What happened to our knowledge of this entity, newest first."""
    events: list[Event] = []
    before: dict[str, Any] = {}
    names = allowed_fields(kind)
    for record in records_of(kind, key):
        earlier = before.get(record.ref)
        changed = tuple(name for name in names if _differs(earlier, record, name))
        before[record.ref] = record
        events.append(
            Event(record.known_from, record.valid_from, "came", record.source, record, changed, earlier is None)
        )
        if record.ended_at and record.valid_to:
            events.append(Event(record.ended_at, record.valid_to, "ended", record.source, record))
        if record.known_to:
            events.append(Event(record.known_to, record.valid_from, "withdrawn", record.source, record))
    return sorted(_without_replaced(events), key=lambda event: (event.at, event.record.pk), reverse=True)


def _differs(earlier: Any, record: Any, name: str) -> bool:
    value = getattr(record, name)
    if earlier is None:
        return value not in (None, "")
    return bool(value != getattr(earlier, name))


def _without_replaced(events: Iterable[Event]) -> list[Event]:
    """A record that the same list replaced at the same moment did not end: it changed, and that is said already."""
    listed = list(events)
    came: dict[str, set[datetime]] = defaultdict(set)
    for event in listed:
        if event.what == "came":
            came[event.record.ref].add(event.at)
    return [e for e in listed if e.what != "ended" or e.at not in came[e.record.ref]]


def contradictions_of(kind: str, key: uuid.UUID) -> list[Contradiction]:
    """Fields in which the lists of today differ about this entity, the most trusted saying first."""
    model = RECORDS[kind]
    names = [n for n in COMPARED.get(kind, allowed_fields(kind)) if kind != "person" or n in shown_fields("person")]
    if not names:
        return []
    held = model.objects.current().filter(ref__in=refs_of(kind, key)).select_related("source", "delivery")
    ranks = {record.source_id: record.source.rank for record in held}
    return contradictions(in_order(held, ranks), names)
