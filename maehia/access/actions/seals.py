"""Sealing the read log: batches that no transaction can add to any more, hashed with the seal before.

A batch closes in three looks. First the highest id given out is noted; at the next look, which transactions
are still open; at a later one, when all of those have ended, nobody can commit a lower id and it is sealed.
Readers never wait. The hash is keyed (HMAC), and the key is outside the database.
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
    """One look: seals the next batch when it is closed, and notes where the one after may end."""
    with acting(ACTOR, PURPOSE):
        _, fresh = SealMark.objects.get_or_create(id=1, defaults={"last_id": _highest_id()})
        if fresh:
            return None
        mark = SealMark.objects.select_for_update().get(id=1)
        last = Seal.objects.order_by("-last_id").first()
        done = last.last_id if last else 0
        xmin, xmax = _snapshot()
        if mark.snapshot_xmax is None or mark.snapshot_xmax > xmax:  # the second look, or a restored database
            mark.snapshot_xmax = xmax
            mark.save()
            return None
        if mark.snapshot_xmax > xmin:
            return None  # somebody who was at work then is still at work
        sealed = _seal(done, mark.last_id, last) if mark.last_id > done else None
        if sealed is None or sealed.last_id == mark.last_id:
            mark.last_id, mark.snapshot_xmax = _highest_id(), None
        mark.save()
        return sealed


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


def _seal(done: int, upto: int, last: Seal | None) -> Seal | None:
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


def _snapshot() -> tuple[int, int]:
    """(oldest transaction at work, next one to come)."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_snapshot_xmin(s)::text::bigint, pg_snapshot_xmax(s)::text::bigint FROM pg_current_snapshot() s"
        )
        xmin, xmax = cursor.fetchone()
    return int(xmin), int(xmax)
