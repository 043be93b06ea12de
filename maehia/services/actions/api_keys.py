"""Keys of client applications: made once and shown once, found again by hash only, revoked for good."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction

from maehia.base import Problem, ProblemError
from maehia.kit.clock import now
from maehia.services.models import ApiKey, Service, TokenService

PREFIX = "mhk_"
MODES = ("live", "exercise")
MOST_PER_MINUTE = 10_000
NOTED_EVERY = timedelta(minutes=1)  # the last use is a help for the administrator, not a log


@dataclass(frozen=True, slots=True)
class NewKey:
    """The row, and the text that nobody will see again."""

    row: ApiKey
    text: str


def hash_of(text: str) -> str:
    """sha256 as hex. The key is 32 random bytes, so a slow hash would add nothing."""
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


def make_api_key(name: str, contact: str, *, by: str, mode: str = "live", per_minute: int = 60) -> NewKey:
    """Make a key for an application. mode "exercise": what it files is seen in the sandbox only.

    Raises ProblemError: no_name, no_contact, bad_mode, bad_rate.
    """
    if not name.strip():
        raise ProblemError(Problem("no_name", "กรุณาตั้งชื่อกุญแจ เช่น ชื่อแอปที่จะส่งเรื่อง"))
    if not contact.strip():
        raise ProblemError(Problem("no_contact", "กรุณาใส่ผู้ติดต่อของแอป", fix="ใส่อีเมลหรือโทรศัพท์ เพื่อแจ้งเมื่อมีปัญหา"))
    if mode not in MODES:
        raise ProblemError(Problem("bad_mode", "กุญแจเป็นได้เฉพาะใช้งานจริงหรือทดลอง"))
    if not 1 <= per_minute <= MOST_PER_MINUTE:
        raise ProblemError(Problem("bad_rate", f"จำนวนครั้งต่อนาทีต้องอยู่ระหว่าง 1 ถึง {MOST_PER_MINUTE:,}"))
    text = PREFIX + secrets.token_urlsafe(32)
    row = ApiKey.objects.create(
        name=name.strip()[:120], contact=contact.strip()[:200], key_hash=hash_of(text), mode=mode,
        per_minute=per_minute, made_by=by, made_at=now(),
    )  # fmt: skip
    return NewKey(row, text)


@transaction.atomic
def revoke_api_key(key_id: int, *, by: str) -> ApiKey:
    """From now on the key opens nothing. Raises ProblemError: not_found, already_revoked."""
    row = ApiKey.objects.select_for_update().filter(pk=key_id).first()
    if row is None:
        raise ProblemError(Problem("not_found", "ไม่พบกุญแจนี้"))
    if row.revoked_at:
        raise ProblemError(Problem("already_revoked", "กุญแจนี้ถูกยกเลิกไปแล้ว", row.name))
    row.revoked_at, row.revoked_by = now(), by
    row.save(update_fields=["revoked_at", "revoked_by"])
    return row


def api_key(text: str) -> ApiKey | None:
    """The key in force behind a text; its last use is noted."""
    row = ApiKey.objects.filter(key_hash=hash_of(text), revoked_at=None).first() if text else None
    if row is not None and (row.last_used_at is None or now() - row.last_used_at > NOTED_EVERY):
        ApiKey.objects.filter(pk=row.pk).update(last_used_at=now())
    return row


@transaction.atomic
def answer_by_token(codes: list[str]) -> None:
    """From now on these services of reports, and no others, answer an Open311 POST with a token."""
    known = Service.objects.filter(pk__in=codes, kind="report").values_list("pk", flat=True)
    TokenService.objects.exclude(pk__in=list(known)).delete()
    TokenService.objects.bulk_create([TokenService(pk=code) for code in known], ignore_conflicts=True)
