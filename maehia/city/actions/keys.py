"""Keys for posting readings: made once and shown once, found again by hash only, revoked for good."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from maehia.base import Problem, ProblemError
from maehia.city.models import ReadingKey, Station
from maehia.kit.clock import now

PREFIX = "mhr_"


@dataclass(frozen=True, slots=True)
class NewKey:
    """The row, and the text that nobody will see again."""

    row: ReadingKey
    text: str


def hash_of(text: str) -> str:
    """sha256 as hex. The key is 32 random bytes, so a slow hash would add nothing."""
    return hashlib.sha256(text.encode()).hexdigest()


def make_reading_key(name: str, stations: Sequence[str], *, by: str) -> NewKey:
    """Make a key for the named stations (none = all). Raises ProblemError: no_name, unknown_station."""
    if not name.strip():
        raise ProblemError(Problem("no_name", "กรุณาตั้งชื่อกุญแจ เช่น ชื่อผู้ให้บริการหรือสถานี"))
    unknown = set(stations) - set(Station.objects.values_list("code", flat=True))
    if unknown:
        raise ProblemError(Problem("unknown_station", f"ไม่รู้จักสถานี {', '.join(sorted(unknown))}"))
    text = PREFIX + secrets.token_urlsafe(32)
    row = ReadingKey.objects.create(
        name=name.strip()[:120], key_hash=hash_of(text), stations=sorted(set(stations)), made_by=by, made_at=now()
    )
    return NewKey(row, text)


@transaction.atomic
def revoke_reading_key(key_id: int, *, by: str) -> ReadingKey:
    """From now on the key opens nothing. Raises ProblemError: not_found, already_revoked."""
    row = ReadingKey.objects.select_for_update().filter(pk=key_id).first()
    if row is None:
        raise ProblemError(Problem("not_found", "ไม่พบกุญแจนี้"))
    if row.revoked_at:
        raise ProblemError(Problem("already_revoked", "กุญแจนี้ถูกยกเลิกไปแล้ว", row.name))
    row.revoked_at, row.revoked_by = now(), by
    row.save(update_fields=["revoked_at", "revoked_by"])
    return row


def reading_key(text: str) -> ReadingKey | None:
    """The key in force behind a text; its last use is noted."""
    row = ReadingKey.objects.filter(key_hash=hash_of(text), revoked_at=None).first() if text else None
    if row is not None:
        ReadingKey.objects.filter(pk=row.pk).update(last_used_at=now())
    return row
