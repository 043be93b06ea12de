"""The timeline in words, and the values of another day beside those of today."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext

from maehia.city import words
from maehia.city.queries.history import Event, Said
from maehia.city.queries.origins import of_record
from maehia.city.views.chips import Chips, list_name
from maehia.city.views.pages import decided
from maehia.web.values import Source

SHOWN_FIELDS = 12


@dataclass(frozen=True, slots=True)
class Told:
    """One step: when we learned it, who said it, since when it is so, and the values with their words."""

    at: datetime
    title: str
    since: str = ""
    values: Sequence[tuple[str, str]] = ()
    more: int = 0
    source: Source | None = None
    by: str = ""
    state: str = ""


@dataclass(frozen=True, slots=True)
class ThenRow:
    label: str
    then: str
    now: str
    sources: Sequence[Source]

    @property
    def same(self) -> bool:
        return self.then == self.now


def told(request: HttpRequest, kind: str, key: uuid.UUID, events: Sequence[Event]) -> list[Told]:
    """Records and decisions together, the newest first."""
    chips = Chips(request, [])
    steps = [_told(kind, event, chips) for event in events]
    steps += [Told(d.at, d.title, d.undone, by=f"{d.by}: {d.why}", state="now") for d in decided(request, kind, key)]
    return sorted(steps, key=lambda step: step.at, reverse=True)


def _told(kind: str, event: Event, chips: Chips) -> Told:
    name = list_name(event.source.name_th, event.source.name_en)
    source = chips.chip(of_record(kind, event.record))
    if event.what != "came":
        title = gettext("%(list)s ไม่มีรายการนี้แล้ว") if event.what == "ended" else gettext("ถอนรอบส่งของ %(list)s")
        since = gettext("ตั้งแต่ %(start)s") % {"start": words.show_day(event.valid_from)} if event.what == "ended" else ""
        return Told(event.at, title % {"list": name}, since, source=source)
    title = gettext("%(list)s แจ้งครั้งแรก") if event.first else gettext("%(list)s แจ้งค่าที่เปลี่ยนไป")
    values = [(words.field_word(f), _value(kind, event.record, f)) for f in event.changed]
    since = gettext("เป็นจริงตั้งแต่ %(day)s") % {"day": words.show_day(event.valid_from)}
    more = max(0, len(values) - SHOWN_FIELDS)
    return Told(event.at, title % {"list": name}, since, values[:SHOWN_FIELDS], more, source)


def _value(kind: str, record: Any, field: str) -> str:
    value = getattr(record, field)
    if field in words.SECRET and value:
        return words.masked(value)
    precision = getattr(record, "birth_precision", "") if field == "birth" else ""
    return words.show(field, value, precision, kind)


def then_rows(kind: str, said: Sequence[Said], row: Any, chips: Chips) -> list[ThenRow]:
    """Each value of that day with the value of today; secrets stay masked on both sides."""
    found = []
    for value in said:
        now = getattr(row, value.field, None)
        secret = value.field in words.SECRET
        then_shown = (
            words.masked(value.value) if secret else words.show(value.field, value.value, value.precision, kind)
        )
        now_shown = (
            words.masked(now or "") if secret else words.show(value.field, now, _precision(row, value.field), kind)
        )
        shown_now = now_shown if hasattr(row, value.field) else ""
        found.append(ThenRow(words.field_word(value.field), then_shown, shown_now, chips.of(value.origin)))
    return found


def _precision(row: Any, field: str) -> str:
    return getattr(row, "birth_precision", "") if field == "birth" else ""
