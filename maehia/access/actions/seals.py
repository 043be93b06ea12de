"""Sealing the read log: batches that no transaction can add to any more, hashed with the seal before.

Whoever adds a line holds a lock on the table until his transaction ends, and took it before he got his number.
So the highest number given out is noted, then who holds that lock; when all of those have ended, nobody can
commit a lower number any more and the batch is sealed. Readers never wait. The hash is keyed (HMAC), and the
key is outside the database.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connection

from maehia.access.models import Read, Seal, SealMark
from maehia.base import BANGKOK
from maehia.kit import clock
from maehia.kit.acting import acting, current
from maehia.kit.crypto import keyring

ACTOR, PURPOSE = "system:seal", "system.seal"
NOTHING = bytes(32)
BATCH = 50_000
FIELDS = ("id", "at", "actor", "purpose", "mode", "entity", "key", "via", "unit", "grant")


@dataclass(frozen=True, slots=True)
class SealFault:
    """A sealed batch that is not as it was. what: "changed", "missing", "added" or "broken_chain"."""

    first_id: int
    last_id: int
    what: str


def seal_reads() -> Seal | None:
    """One look: seals the batch that was noted, when it is closed, and notes the next."""
    with acting(ACTOR, PURPOSE):
        mark, fresh = SealMark.objects.select_for_update().get_or_create(id=1, defaults={"last_id": 0})
        last = Seal.objects.order_by("-last_id").first()
        done = last.last_id if last else 0
        if fresh or mark.last_id <= done:
            _note(mark)
        if mark.last_id <= done or set(mark.writers) & set(_writers()):
            return None
        sealed = _seal(done, mark.last_id, last)
        if sealed.last_id == mark.last_id:
            _note(mark)
        return sealed


def _note(mark: SealMark) -> None:
    """The highest number first, the writers after it: one who comes later gets a higher number."""
    mark.last_id = _highest_id()
    mark.writers = _writers()
    mark.save()


def verify_reads() -> list[SealFault]:
    """Compute every seal again. Empty = the log is as it was sealed. Needs a purpose that reads the log."""
    if current() is None:
        with acting(ACTOR, PURPOSE):
            return list(_faults())
    return list(_faults())


def _faults() -> Iterator[SealFault]:
    previous, end = NOTHING, 0
    for seal in Seal.objects.order_by("last_id"):
        rows = _rows(end, seal.last_id)
        if bytes(seal.previous) != previous or seal.first_id != end + 1:
            yield SealFault(seal.first_id, seal.last_id, "broken_chain")
        elif len(rows) != seal.rows:
            yield SealFault(seal.first_id, seal.last_id, "missing" if len(rows) < seal.rows else "added")
        elif _digest(bytes(seal.previous), rows) != bytes(seal.digest):
            yield SealFault(seal.first_id, seal.last_id, "changed")
        previous, end = bytes(seal.digest), seal.last_id


def _seal(done: int, upto: int, last: Seal | None) -> Seal:
    upto = min(upto, done + BATCH)
    rows = _rows(done, upto)
    previous = bytes(last.digest) if last else NOTHING
    return Seal.objects.create(
        first_id=done + 1, last_id=upto, rows=len(rows), previous=previous, digest=_digest(previous, rows),
        sealed_at=clock.now(),
    )  # fmt: skip


def _rows(after: int, upto: int) -> list[tuple[object, ...]]:
    return list(Read.objects.filter(id__gt=after, id__lte=upto).order_by("id").values_list(*FIELDS))


def _digest(previous: bytes, rows: list[tuple[object, ...]]) -> bytes:
    _, key = keyring().current("index")
    total = hmac.new(key, b"access_read|" + previous, hashlib.sha256)
    for row_id, at, *rest in rows:
        stamp = at.astimezone(BANGKOK).isoformat(timespec="microseconds")  # type: ignore[attr-defined]
        total.update("\x1f".join([str(row_id), stamp, *map(str, rest)]).encode() + b"\x1e")
    return total.digest()


def _highest_id() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(pg_sequence_last_value(pg_get_serial_sequence('access_read', 'id')::regclass), 0)"
        )
        return int(cursor.fetchone()[0])


def _writers() -> list[str]:
    """Transactions at work that have added lines, as the server names them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT virtualtransaction FROM pg_locks WHERE mode = 'RowExclusiveLock' AND granted"
            " AND relation = 'public.access_read'::regclass"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
        )
        return sorted(row[0] for row in cursor.fetchall())
