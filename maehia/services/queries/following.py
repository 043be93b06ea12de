"""Finding one's own case again without its link, and who gets news of it."""

from __future__ import annotations

import hmac
import re
from collections.abc import Iterator
from uuid import UUID

from django.db.models import Q

from maehia.kit.acting import acting
from maehia.services.models import Case, Party
from maehia.thai import normalize_phone, to_arabic

FINDER = "system:follow"
NUMBER = re.compile(r"(\d{4})\s*[-/ ]?\s*(\d{1,6})")


def read_number(typed: str) -> str:
    """A case number as it is kept, however it was written: "๒๕๖๙/123" -> "2569-000123"; "" when it is none."""
    found = NUMBER.fullmatch(to_arabic(typed).strip())
    return f"{found[1]}-{int(found[2]):06d}" if found else ""


def by_phone(number: str, last4: str) -> UUID | None:
    """The case of a number, for somebody who knows the last four digits of the phone of the one who filed it.

    Never a sealed one: whoever is accused may know the phone of whom he suspects. Opens a context of its own and gives
    away nothing but the key. The caller counts the tries.
    """
    with acting(FINDER, "services.clock"):
        found = Case.objects.filter(number=read_number(number), is_confidential=False).exclude(state="erased")
        case_id = found.values_list("pk", flat=True).first()
        known = list(_last_fours(case_id)) if case_id else []
    fits = [hmac.compare_digest(digits, last4) for digits in known]
    return case_id if any(fits) else None


def _last_fours(case_id: UUID) -> Iterator[str]:
    """Of those who filed it, also when they stand behind another case since a merge; not of those who joined in."""
    own = Q(case_id=case_id, moved_from=None) | Q(moved_from=case_id)
    for party in Party.objects.filter(own).exclude(role="follower").exclude(phone_index=None):
        digits = "".join(c for c in party.phone or "" if c.isdigit())
        if len(digits) >= 4:
            yield digits[-4:]


def joined_by_contact(case_id: UUID | str, typed: str) -> int | None:
    """The party who only joined in or was merged with the case, by her whole phone or her e-mail. As below."""
    asked = to_arabic(typed).strip().casefold()
    phone = normalize_phone(asked)
    for party in Party.objects.filter(case_id=case_id).filter(Q(role="follower") | Q(moved_from__isnull=False)):
        if (phone and party.phone == phone) or (party.email and party.email.casefold() == asked):
            return party.pk
    return None


def party_by_contact(case_id: UUID | str, typed: str) -> int | None:
    """The party of a case who left this e-mail, or a phone that ends with these digits. Needs the case in sight."""
    asked = to_arabic(typed).strip().casefold()
    digits = "".join(c for c in asked if c.isdigit())
    for party in Party.objects.filter(case_id=case_id):
        phone = "".join(c for c in party.phone or "" if c.isdigit())
        by_phone_ = len(digits) >= 4 and "@" not in asked and phone.endswith(digits)
        if by_phone_ or (party.email and party.email.casefold() == asked):
            return party.pk
    return None
