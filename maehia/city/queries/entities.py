"""One entity of the register as a page shows it: each value with the record it came from."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from django.db.models import Model

from maehia.city import models
from maehia.evidence.models import RECORDS, Correction, Record, Redirect
from maehia.kit.modes import current_mode

#: kinds that have a page of their own and hold no personal data
KINDS: dict[str, type[Model]] = {
    "house": models.House, "building": models.Building, "parcel": models.Parcel, "business": models.Business,
    "place": models.Place, "asset": models.Asset, "pet": models.Pet, "area": models.Area, "road": models.Road,
    "waterway": models.Waterway, "station": models.Station,
}  # fmt: skip
_INNER = {"key", "sources", "geom"}


@dataclass(frozen=True, slots=True)
class Value:
    """A field with its value and where it came from ("house:12", "correction:3", "" when derived)."""

    field: str
    value: Any
    origin: str


@dataclass(frozen=True, slots=True)
class EntityView:
    kind: str
    row: Any
    values: list[Value]

    @property
    def key(self) -> uuid.UUID:
        key: uuid.UUID = self.row.pk
        return key


def entity_view(kind: str, key: uuid.UUID) -> EntityView | None:
    """The entity with all its values, None when there is none. A merged key leads to the one that stands."""
    model = KINDS[kind]
    row = model._base_manager.filter(pk=standing_key(kind, key)).first()
    if row is None:
        return None
    fields = [f for f in model._meta.concrete_fields if f.name not in _INNER]
    values = [Value(f.attname, getattr(row, f.attname), row.sources.get(f.attname, "")) for f in fields]  # type: ignore[attr-defined]
    return EntityView(kind, row, values)


def standing_key(kind: str, key: uuid.UUID) -> uuid.UUID:
    """Where a key leads after merges."""
    for _ in range(20):
        found = Redirect.objects.filter(kind=kind, old_key=key, ended_run=None).first()
        if found is None:
            return key
        key = found.new_key
    return key


def origin_of(origin: str) -> Record | Correction | None:
    """The record or correction behind an origin like "person:123". Needs a purpose that reads its class."""
    kind, _, number = origin.partition(":")
    if not number.isdigit():
        return None
    if kind == "correction":
        return Correction.objects.filter(pk=number, mode=current_mode()).first()
    if kind not in RECORDS:
        return None
    return RECORDS[kind].objects.select_related("source", "delivery").filter(pk=number).first()
