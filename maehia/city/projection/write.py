"""Writing a projection: only what differs from the register is touched."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.contrib.gis.geos import GEOSGeometry
from django.db import connection, transaction
from django.db.models import Model

from maehia.city.projection.build import Rows

BATCH_ROWS = 2000


@dataclass(slots=True)
class Written:
    """Rows added, changed and removed per table."""

    by_table: dict[str, tuple[int, int, int]] = field(default_factory=dict)

    @property
    def total(self) -> int:
        return sum(sum(counts) for counts in self.by_table.values())


@transaction.atomic
def write(rows: Rows) -> Written:
    """Bring the register to `rows`. Foreign keys are checked once, at the end."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    done = Written()
    removed = {model: _write_table(model, wanted, done) for model, wanted in rows.items()}
    for model, keys in reversed(list(removed.items())):
        for start in range(0, len(keys), BATCH_ROWS):
            model._base_manager.filter(pk__in=keys[start : start + BATCH_ROWS])._raw_delete(using="default")
    return done


def _write_table(model: type[Model], wanted: list[Model], done: Written) -> list[Any]:
    """Add and change; returns the keys that are no longer wanted."""
    names = columns(model)
    held = {row[0]: row[1:] for row in held_rows(model, names)}
    new = [row for row in wanted if row.pk not in held]
    changed = [row for row in wanted if row.pk in held and said(row, names) != held[row.pk]]
    gone = sorted(set(held) - {row.pk for row in wanted})
    model._base_manager.bulk_create(new, batch_size=BATCH_ROWS)
    if changed:
        model._base_manager.bulk_update(changed, names, batch_size=500)
    done.by_table[model._meta.db_table] = (len(new), len(changed), len(gone))
    return gone


def columns(model: type[Model]) -> list[str]:
    return [f.attname for f in model._meta.concrete_fields if not f.primary_key]


def held_rows(model: type[Model], names: list[str]) -> Iterable[tuple[Any, ...]]:
    """The table's rows as plain values, key first, readable secrets opened."""
    for row in model._base_manager.values_list("pk", *names).iterator(chunk_size=5000):
        yield row[0], *(plain(value) for value in row[1:])


def said(row: Model, names: list[str]) -> tuple[Any, ...]:
    return tuple(plain(getattr(row, name)) for name in names)


def plain(value: Any) -> Any:
    """A value that can be compared: geometry as bytes, buffers as bytes."""
    if isinstance(value, GEOSGeometry):
        return bytes(value.ewkb)
    if isinstance(value, memoryview):
        return bytes(value)
    return value
