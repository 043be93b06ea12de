"""New keys for old cells: every encrypted column is found by its field type and re-encrypted in batches.

Each batch is one transaction, and a cell tells its own key version: a rotation that was stopped goes on
where it stopped. When nothing uses an old version any more, its key file may be destroyed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import connection

from maehia.kit.acting import MODES, acting
from maehia.kit.crypto import cells, files
from maehia.kit.crypto.fields import EncryptedTextField
from maehia.kit.crypto.keyring import keyring
from maehia.kit.models import FileKey
from maehia.kit.policies import quote

BATCH = 2000
ACTOR, PURPOSE = "system:keys", "system.keys"


@dataclass(frozen=True, slots=True)
class EncryptedColumn:
    """One column of the database that holds cells of a ring."""

    table: str
    column: str
    aad: str
    ring: str
    pk: str
    pk_type: str
    modes: tuple[str, ...]


def encrypted_columns(ring: str | None = None) -> Iterator[EncryptedColumn]:
    """Every encrypted column of the installed rooms, history tables too."""
    for model in apps.get_models():
        if not model._meta.managed or model._meta.proxy:
            continue
        names = {field.name for field in model._meta.local_fields}
        for field in model._meta.local_fields:
            if isinstance(field, EncryptedTextField) and ring in {None, field.ring}:
                pk = model._meta.pk
                yield EncryptedColumn(
                    model._meta.db_table, str(field.column), field.aad, field.ring, str(pk.column),
                    pk.rel_db_type(connection) or "", MODES if "mode" in names else MODES[:1],
                )  # fmt: skip


def rotate(
    ring: str, *, new_key: bool = True, batch: int = BATCH, progress: Callable[[str, int], Any] | None = None
) -> dict[str, int]:
    """Re-encrypt everything of a ring with its newest key (made first when new_key). Safe to repeat.

    Returns cells changed by "table.column". Ring "files" re-wraps the keys of delivery files. The ring "index"
    cannot be rotated so: blind indexes are made again from their texts by the rooms that hold them.
    """
    if ring == "index":
        raise ValueError("blind indexes are made again by their rooms")
    if new_key:
        keyring().add_version(ring)
    if ring == files.RING:
        return {"kit_file_key.wrapped": _rewrap(batch)}
    changed: dict[str, int] = {}
    for column in encrypted_columns(ring):
        name = f"{column.table}.{column.column}"
        changed[name] = 0
        for mode in column.modes:
            for count in _batches(column, mode, batch):
                changed[name] += count
                if progress:
                    progress(name, changed[name])
    return changed


def versions_in_use(ring: str) -> dict[int, int]:
    """How many cells each key version of a ring still holds. A version that is absent may be destroyed."""
    found: dict[int, int] = {}
    for column in encrypted_columns(ring):
        for mode in column.modes:
            with acting(ACTOR, PURPOSE, mode=mode), connection.cursor() as cursor:
                cursor.execute(
                    f"SELECT {_version(column)}, count(*) FROM {quote(column.table)}"  # noqa: S608 (quoted)
                    f" WHERE {quote(column.column)} IS NOT NULL GROUP BY 1"
                )
                for version, count in cursor.fetchall():
                    found[version] = found.get(version, 0) + count
    return found


def _version(column: EncryptedColumn) -> str:
    cell = quote(column.column)
    return f"(get_byte({cell}, 0) * 256 + get_byte({cell}, 1))"


def _batches(column: EncryptedColumn, mode: str, batch: int) -> Iterator[int]:
    last: Any = None
    while True:
        with acting(ACTOR, PURPOSE, mode=mode):
            rows = _old_cells(column, last, batch)
            if rows:
                _write(column, rows)
        if not rows:
            return
        last = rows[-1][0]
        yield len(rows)


def _old_cells(column: EncryptedColumn, last: Any, batch: int) -> list[tuple[Any, bytes]]:
    newest, _ = keyring().current(column.ring)
    pk, cell = quote(column.pk), quote(column.column)
    after = "" if last is None else f"AND {pk} > %s"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {pk}, {cell} FROM {quote(column.table)}"  # noqa: S608 (quoted identifiers of our models)
            f" WHERE {cell} IS NOT NULL AND {_version(column)} <> %s {after} ORDER BY {pk} LIMIT %s FOR UPDATE",
            [newest, *([] if last is None else [last]), batch],
        )
        return [(key, bytes(value)) for key, value in cursor.fetchall()]


def _write(column: EncryptedColumn, rows: list[tuple[Any, bytes]]) -> None:
    texts = cells.decrypt_many([cell for _, cell in rows], column.aad, column.ring)
    fresh = cells.encrypt_many(texts, column.aad, column.ring)
    pk, cell = quote(column.pk), quote(column.column)
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {quote(column.table)} t SET {cell} = v.cell"  # noqa: S608 (quoted identifiers of our models)
            f" FROM unnest(%s::{column.pk_type}[], %s::bytea[]) v(pk, cell) WHERE t.{pk} = v.pk",
            [[key for key, _ in rows], fresh],
        )


def _rewrap(batch: int) -> int:
    newest, _ = keyring().current(files.RING)
    changed = 0
    rows = FileKey.objects.filter(wrapped__isnull=False).order_by("pk")
    for row in rows.iterator(chunk_size=batch):
        old = bytes(row.wrapped or b"")
        if cells.key_version(old) != newest:
            wrapped = files.wrap(files.unwrap(old, row.pk), row.pk)
            # A key that was dropped meanwhile stays dropped.
            changed += FileKey.objects.filter(pk=row.pk, wrapped=row.wrapped).update(wrapped=wrapped)
    return changed
