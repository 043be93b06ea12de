"""Bringing one entity up to evidence and decisions, for a correction that must show at once.

It uses the projection itself on the records of this entity alone, so it gives what the full replay would give
(a test compares). Houses are left to the full replay: their moo stands on everybody who lives there.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

from django.db import connection, transaction
from django.db.models import Model

from maehia.city.models import House, HouseholdMember, Need, Person, PersonName, Residence, Tie
from maehia.city.projection import people, things
from maehia.city.projection.evidence import Evidence
from maehia.city.projection.write import columns, plain, said
from maehia.city.queries.values import column_value
from maehia.evidence.models import RECORDS, Correction, Link, Source
from maehia.evidence.queries import address_ref
from maehia.kit.modes import current_mode

OF_A_PERSON: tuple[type[Model], ...] = (Person, PersonName, Residence, HouseholdMember, Tie, Need)
SHAPES = {shape.kind: shape for shape in things.SHAPES}


class OneEntity(Evidence):
    """Evidence that knows the records of one entity only."""

    records: list[Any]

    def grouped(self, kind: str) -> Iterator[tuple[uuid.UUID, list[Any]]]:
        if self.records:
            yield self.links[kind][self.records[0].ref], self.records


def can_refresh_one(kind: str) -> bool:
    return kind == "person" or kind in SHAPES


@transaction.atomic
def refresh_one(kind: str, key: uuid.UUID) -> int:
    """Replay one person or thing; returns how many rows changed. Needs a purpose that reads people and needs."""
    with connection.cursor() as cursor:
        # The same lock as the full replay: the two never write beside each other.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('maehia.city.project'))")
    found = load_one(kind, key)
    if kind == "person":
        return _refresh_person(key, found)
    shape = SHAPES[kind]
    rows = [things._row(shape, at, records, found) for at, records in found.grouped(kind)]
    return _bring(shape.model, rows, shape.model._base_manager.filter(pk=key))


def load_one(kind: str, key: uuid.UUID) -> OneEntity:
    """The evidence of one entity: its current records, where their addresses and things lead, its corrections."""
    refs = Link.objects.filter(kind=kind, key=key, ended_run=None, mode=current_mode()).values_list("ref", flat=True)
    sources = list(Source.objects.all())
    found = OneEntity(
        ranks={source.key: source.rank for source in sources},
        household_kinds={source.key: source.household_kind for source in sources},
        links={kind: dict.fromkeys(refs, key)},
    )
    found.records = list(RECORDS[kind].objects.current().filter(ref__in=list(refs)).order_by("pk"))
    for about, names in _named(found.records).items():
        rows = Link.objects.filter(kind=about, ref__in=names, ended_run=None).values_list("ref", "key")
        found.links.setdefault(about, {}).update(rows)
    decided = Correction.objects.filter(kind=kind, key=key, undone_at=None, mode=current_mode()).order_by("pk")
    by_field = {c.field: (column_value(kind, c.field, c.value), c.pk) for c in decided}
    found.corrections = {kind: {key: by_field}} if by_field else {}
    return found


def _named(records: list[Any]) -> dict[str, set[str]]:
    """What the records point at: addresses of houses, and things by their ref."""
    names: dict[str, set[str]] = {"house": set()}
    for record in records:
        code, village = getattr(record, "house_code", ""), getattr(record, "village", "")
        if ref := address_ref(code, getattr(record, "house_no", ""), getattr(record, "moo", None), village):
            names["house"].add(ref)
        if about := getattr(record, "about_kind", ""):
            names.setdefault(about, set()).add(record.about_ref)
    return names


def _refresh_person(key: uuid.UUID, found: OneEntity) -> int:
    homes = set(found.links.get("house", {}).values())
    moos: dict[uuid.UUID, int | None] = dict(House.objects.filter(key__in=homes).values_list("key", "moo"))
    rows = people.project(found, moos)
    changed = 0
    for model in OF_A_PERSON:
        name = "pk" if model is Person else "person_id"
        changed += _bring(model, rows[model], model._base_manager.filter(**{name: key}))
    return changed


def _bring(model: type[Model], wanted: list[Model], standing: Any) -> int:
    """Make the standing rows of one entity equal to the wanted ones; returns how many were touched."""
    names = columns(model)
    held = {row[0]: tuple(plain(v) for v in row[1:]) for row in standing.values_list("pk", *names)}
    new = [row for row in wanted if row.pk not in held]
    changed = [row for row in wanted if row.pk in held and said(row, names) != held[row.pk]]
    gone = set(held) - {row.pk for row in wanted}
    model._base_manager.bulk_create(new)
    if changed:
        model._base_manager.bulk_update(changed, names)
    if gone:
        model._base_manager.filter(pk__in=gone).delete()
    return len(new) + len(changed) + len(gone)
