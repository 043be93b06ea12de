"""As it was on day V, as known on day S: the register of the past, chosen anew from records."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from maehia.city.rules import choose, in_order
from maehia.evidence.models import RECORDS, Link, Record, Source


@dataclass(frozen=True, slots=True)
class Said:
    """One value of the past and the record that carried it."""

    field: str
    value: Any
    record: str


@dataclass(frozen=True, slots=True)
class Event:
    """One step on the timeline of an entity: a record came, ended or was taken back."""

    at: datetime
    valid_from: date
    what: str
    source: Source
    record: Record


def refs_of(kind: str, key: uuid.UUID) -> list[str]:
    """Source entities that are linked to this entity now."""
    return list(Link.objects.filter(kind=kind, key=key, ended_run=None).order_by("ref").values_list("ref", flat=True))


def records_of(kind: str, key: uuid.UUID) -> list[Any]:
    """Every record ever of this entity, oldest knowledge first."""
    model = RECORDS[kind]
    return list(
        model.objects.filter(ref__in=refs_of(kind, key))
        .select_related("source", "delivery")
        .order_by("known_from", "pk")
    )


def as_it_was(kind: str, key: uuid.UUID, valid: date, known: datetime) -> list[Said]:
    """The values that the register would have shown for the day `valid` with what was known at `known`."""
    model = RECORDS[kind]
    held = model.objects.filter(ref__in=refs_of(kind, key)).as_of(valid, known)
    latest: dict[str, Any] = {}
    for record in held.order_by("valid_from", "pk"):
        latest[record.ref] = record
    ranks = dict(Source.objects.values_list("key", "rank"))
    values, sources = choose(kind, in_order(latest.values(), ranks), model.VALUES, {})
    return [Said(name, values[name], sources[name]) for name in model.VALUES if name in values]


def timeline(kind: str, key: uuid.UUID) -> list[Event]:
    """What happened to our knowledge of this entity, newest first."""
    events: list[Event] = []
    for record in records_of(kind, key):
        events.append(Event(record.known_from, record.valid_from, "came", record.source, record))
        if record.ended_at and record.valid_to:
            events.append(Event(record.ended_at, record.valid_to, "ended", record.source, record))
        if record.known_to:
            events.append(Event(record.known_to, record.valid_from, "withdrawn", record.source, record))
    return sorted(events, key=lambda event: (event.at, event.record.pk), reverse=True)
