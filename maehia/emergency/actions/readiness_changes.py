"""Rows that a town changes in a normal month: saved with what stood there before, so that it can be put back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.contrib.gis.geos import GEOSGeometry
from django.db import models, transaction

from maehia.emergency.actions.incidents import refused
from maehia.emergency.models import Contact, DutyNeed, OutsideNumber, ReadinessChange, Resource
from maehia.kit.acting import required
from maehia.kit.clock import now

TABLES: dict[str, type[models.Model]] = {
    "contact": Contact, "need": DutyNeed, "number": OutsideNumber, "resource": Resource,
}  # fmt: skip
DERIVED = frozenset({"phone_index"})


def plain(value: Any) -> Any:
    """A value as JSON keeps it."""
    if isinstance(value, date | UUID):
        return str(value)
    if isinstance(value, GEOSGeometry):
        return value.ewkt
    return value.hex() if isinstance(value, bytes | memoryview) else value


def back(row: models.Model, name: str, value: Any) -> Any:
    """A kept value as the column takes it."""
    column: Any = row._meta.get_field(name)
    if value is None:
        return None
    if column.get_internal_type() == "PointField":
        return GEOSGeometry(value)
    return bytes.fromhex(value) if name in DERIVED else column.to_python(value)


def differences(row: models.Model, values: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """What would change: before and after by field, as plain values; everything for a row that is not stored yet."""
    new = row._state.adding
    pairs = {name: (None if new else plain(getattr(row, name)), plain(after)) for name, after in values.items()}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


@transaction.atomic
def save(table: str, key: Any, values: Mapping[str, Any], *, undoes: ReadinessChange | None = None) -> models.Model:
    """Add (key None) or change a row. Raises ProblemError: no_row, nothing_changed."""
    model = TABLES[table]
    row = model._default_manager.select_for_update().filter(pk=key).first() if key is not None else model()
    if row is None:
        raise refused("no_row", "ไม่พบรายการนี้")
    changed = differences(row, values)
    if not changed:
        raise refused("nothing_changed", "ไม่มีอะไรเปลี่ยน")
    for name in changed:
        setattr(row, name, values[name])
    row.save()
    ReadinessChange.objects.create(
        table=table, row=str(row.pk), by=required().actor, at=now(), undoes=undoes,
        before=_text(changed, 0), after=_text(changed, 1),
    )  # fmt: skip
    return row


def _text(changed: Mapping[str, tuple[Any, Any]], side: int) -> str:
    return json.dumps({name: pair[side] for name, pair in changed.items()}, ensure_ascii=False)


@transaction.atomic
def undo(pk: int) -> models.Model:
    """Put back what stood there before a change. Raises ProblemError: no_row, already_undone, changed_since,
    undo_new (a row that was new is not removed but switched off)."""
    change = ReadinessChange.objects.select_for_update().filter(pk=pk).first()
    row = TABLES[change.table]._default_manager.filter(pk=change.row).first() if change else None
    if change is None or row is None:
        raise refused("no_row", "ไม่พบการเปลี่ยนแปลงนี้")
    if ReadinessChange.objects.filter(undoes=change).exists():
        raise refused("already_undone", "การเปลี่ยนแปลงนี้ถูกคืนค่าไปแล้ว")
    before, after = json.loads(change.before), json.loads(change.after)
    if any(plain(getattr(row, name)) != value for name, value in after.items()):
        raise refused("changed_since", "ช่องนี้ถูกเปลี่ยนอีกครั้งหลังจากนั้น", fix="แก้ในแบบฟอร์มแทน")
    if not ReadinessChange.objects.filter(table=change.table, row=change.row, pk__lt=change.pk).exists():
        return _switch_off(change, row)
    return save(change.table, row.pk, {name: back(row, name, value) for name, value in before.items()}, undoes=change)


def _switch_off(change: ReadinessChange, row: Any) -> models.Model:
    if hasattr(row, "active") and row.active:
        return save(change.table, row.pk, {"active": False}, undoes=change)
    if hasattr(row, "valid_to") and row.valid_to is None:
        return save(change.table, row.pk, {"valid_to": row.valid_from - timedelta(days=1)}, undoes=change)
    raise refused("undo_new", "รายการใหม่นี้ปิดใช้ไปแล้ว")
