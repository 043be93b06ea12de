"""What a page of one entity is made of, whatever its kind: values, what stands beside it, contradictions, decisions."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext

from maehia.access.permissions import can
from maehia.city import words
from maehia.city.contradictions import Contradiction
from maehia.city.queries.access import shown_fields
from maehia.city.queries.decisions import Ruling, correctable, corrections_of, rulings_of
from maehia.city.queries.entities import Value
from maehia.city.queries.labels import Ref
from maehia.city.queries.origins import of_record
from maehia.city.queries.places import box_around
from maehia.city.queries.values import column_value
from maehia.city.views.chips import Chips, people_words
from maehia.evidence.models import Correction
from maehia.web.values import Source

PERSONAL = ("person", "household")


@dataclass(frozen=True, slots=True)
class Row:
    """One value with its chips; reveal: a button opens it in full; correct_url: where it can be put right."""

    field: str
    label: str
    shown: str
    sources: Sequence[Source] = ()
    reveal: bool = False
    correct_url: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """One line of a group: a link with a second line, perhaps a tag and a chip."""

    label: str
    url: str = ""
    detail: str = ""
    tag: str = ""
    state: str = ""
    sources: Sequence[Source] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """Related things under one heading; without items the empty sentence is said, or the group is left out.

    main: it stands below the values, not beside them.
    """

    title: str
    icon: str
    items: Sequence[Item]
    empty: str = ""
    note: str = ""
    main: bool = False


@dataclass(frozen=True, slots=True)
class Differing:
    """A contradiction in words: the field, and per saying the value with the lists that say so."""

    label: str
    sayings: Sequence[tuple[str, Sequence[Source]]]


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision of a person about this entity; undo_url where it can be taken back."""

    title: str
    at: Any
    by: str
    why: str
    undone: str = ""
    undo_url: str = ""


@dataclass
class Page:
    kind: str
    key: uuid.UUID
    title: str
    lead: str = ""
    tags: list[tuple[str, str]] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    groups: list[Group] = field(default_factory=list)
    differing: list[Differing] = field(default_factory=list)
    decided: list[Decided] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    geom: Any = None

    @property
    def icon(self) -> str:
        return words.ICON[self.kind]

    @property
    def kind_word(self) -> str:
        return words.kind_word(self.kind)

    @property
    def url(self) -> str:
        return url_of(self.kind, self.key)

    @property
    def features(self) -> dict[str, Any] | None:
        """The place as a small GeoJSON collection for the map."""
        if self.geom is None:
            return None
        shape = json.loads(self.geom.geojson)
        properties = {"id": str(self.key), "title": self.title}
        return {
            "type": "FeatureCollection",
            "features": [{"type": "Feature", "properties": properties, "geometry": shape}],
        }

    @property
    def bounds(self) -> tuple[float, float, float, float] | None:
        return box_around(self.geom) if self.geom is not None else None


def url_of(kind: str, key: uuid.UUID) -> str:
    return reverse("city:entity", args=[kind, key])


def rows_of(request: HttpRequest, kind: str, values: Iterable[Value], chips: Chips, row: Any) -> list[Row]:
    """Values as rows. IDs and phones come masked already; the reveal button is there for whoever may press it."""
    fixable = correctable(kind) if can(request.user, "city.correct") else ()
    revealing = kind == "person" and can(request.user, "city.reveal")
    precision = getattr(row, "birth_precision", "")
    return [
        Row(
            field=value.field,
            label=words.field_word(value.field),
            shown=words.show(value.field, value.value, precision if value.field == "birth" else "", kind),
            sources=chips.of(value.origin),
            reveal=revealing and value.field in ("national_id", "phone") and bool(value.value),
            correct_url=reverse("city:correct", args=[kind, row.pk, value.field]) if value.field in fixable else "",
        )
        for value in values
    ]  # fmt: skip


def linked(title: str, kind: str, refs: Sequence[Ref], empty: str = "", note: str = "") -> Group:
    items = [Item(ref.label, url_of(ref.kind, ref.key), ref.detail) for ref in refs]
    return Group(title, words.ICON[kind], items, empty, note)


def differing(kind: str, found: Sequence[Contradiction], chips: Chips) -> list[Differing]:
    """Contradictions in words, secrets masked: the first saying is the one that stands unless it was corrected."""
    told = []
    for one in found:
        sayings = []
        for saying in one.sayings:
            text = str(saying.value)
            shown = (
                words.masked(text)
                if one.field in words.SECRET
                else words.show(one.field, saying.value, saying.precision, kind)
            )
            sayings.append((shown, [chips.chip(of_record(kind, record)) for record in saying.records]))
        told.append(Differing(words.field_word(one.field), sayings))
    return told


def decided(request: HttpRequest, kind: str, key: uuid.UUID) -> list[Decided]:
    """Corrections and rulings about this entity, the newest first."""
    corrections, rulings = corrections_of(kind, key), rulings_of(kind, key)
    actors = [d.by for d in corrections] + [r.verdict.by for r in rulings]
    names = people_words(actors)
    fixes = can(request.user, "city.correct")
    rules = can(request.user, "intake.review")
    found = [_correction(c, names, fixes) for c in corrections] + [_ruling(r, names, rules) for r in rulings]
    return sorted(found, key=lambda d: d.at, reverse=True)


def _correction(decision: Correction, names: dict[str, str], may_undo: bool) -> Decided:
    hidden = decision.kind == "person" and decision.field not in shown_fields("person")
    value = decision.value or ""
    shown = words.masked(value) if decision.field in words.SECRET else corrected_words(decision)
    words_ = {"field": words.field_word(decision.field), "value": "…" if hidden else shown or words.NOTHING}
    undo = reverse("city:undo", args=["correction", decision.pk]) if may_undo and not decision.undone_at else ""
    title = gettext("แก้ %(field)s เป็น “%(value)s”") % words_
    return Decided(title, decision.at, names.get(decision.by, decision.by), decision.why, _undone(decision), undo)


def corrected_words(decision: Correction) -> str:
    """The value of a correction as its column means it."""
    value = column_value(decision.kind, decision.field, decision.value)
    return words.show(decision.field, value, kind=decision.kind)


def _ruling(ruling: Ruling, names: dict[str, str], may_undo: bool) -> Decided:
    verdict = ruling.verdict
    lists = {"a": ruling.list_a or "?", "b": ruling.list_b or "?"}
    sentence = (
        gettext("ตัดสินว่าแถวของ %(a)s และ %(b)s เป็นรายเดียวกัน") if verdict.same
        else gettext("ตัดสินว่าแถวของ %(a)s และ %(b)s ไม่ใช่รายเดียวกัน")
    )  # fmt: skip
    undo = reverse("city:undo", args=["ruling", verdict.pk]) if may_undo and not verdict.undone_at else ""
    return Decided(sentence % lists, verdict.at, names.get(verdict.by, verdict.by), verdict.why, _undone(verdict), undo)


def _undone(decision: Any) -> str:
    return gettext("ยกเลิกแล้ว: %(why)s") % {"why": decision.undone_why} if decision.undone_at else ""
