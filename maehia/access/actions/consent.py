"""Consent is asked only where the law gives no other basis; it can be taken back as easily as it was given."""

from __future__ import annotations

from uuid import UUID

from maehia.access.models import Consent
from maehia.access.purposes import published
from maehia.access.rules import who_consents
from maehia.base import Problem, ProblemError
from maehia.kit import clock


def give_consent(
    person_key: UUID, purpose: str, *, text_version: str, age: int | None, guardian: bool = False
) -> Consent:
    """Record a consent; a second one to the same purpose is the first one.

    age in years, None = unknown. guardian: somebody with parental power agreed. Raises ProblemError when a
    minor's guardian is missing or the purpose is unknown.
    """
    if purpose not in published():
        raise ProblemError(Problem("unknown_purpose", "ไม่มีวัตถุประสงค์นี้ในบัญชีที่ประกาศ", purpose))
    if who_consents(age) != "self" and not guardian:
        raise ProblemError(
            Problem(
                "guardian_missing",
                "ผู้เยาว์ต้องมีผู้ใช้อำนาจปกครองให้ความยินยอมด้วย",
                fix="ให้บิดา มารดา หรือผู้ปกครองยืนยันที่ศูนย์บริการ",
            )
        )
    consent, _ = Consent.objects.get_or_create(
        person_key=person_key,
        purpose=purpose,
        withdrawn_at=None,
        defaults={
            "text_version": text_version,
            "given_by": "guardian" if guardian else "self",
            "given_at": clock.now(),
        },
    )
    return consent


def withdraw_consent(person_key: UUID, purpose: str) -> bool:
    """Take a consent back; False when none stood."""
    standing = Consent.objects.filter(person_key=person_key, purpose=purpose, withdrawn_at=None)
    return bool(standing.update(withdrawn_at=clock.now()))
