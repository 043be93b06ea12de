"""Documents: issued with a number that has no gap, revoked with a reason. Runs inside `acting()`."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import override as language

from maehia.base import Problem, ProblemError
from maehia.forms import storage
from maehia.forms.codes import new_code, show_code, verify_key
from maehia.forms.letters import drawing, qr, render_pdf
from maehia.forms.models import Document, NumberPattern
from maehia.forms.numbering import Series, check_pattern, series_of
from maehia.kit.acting import required
from maehia.kit.clock import now
from maehia.kit.crypto import create_file_key, drop_file_key
from maehia.kit.modes import current_mode
from maehia.kit.series import buddhist_year, next_number
from maehia.web import registry as web

LOGO = "web/img/town.svg"


@dataclass(frozen=True, slots=True)
class Signer:
    """Who signs, as the paper shows it. acting_for: "ปฏิบัติราชการแทน ..." of a deputy."""

    name: str
    position: str
    acting_for: str = ""

    @property
    def position_text(self) -> str:
        return f"{self.position} {self.acting_for}".strip()


@transaction.atomic
def issue_document(
    kind: str,
    about: UUID,
    template: str,
    values: Mapping[str, Any],
    *,
    series: str,
    signer: Signer,
    title: str,
    holder: str = "",
    person_key: UUID | None = None,
    valid_until: date | None = None,
    lang: str = "th",
    is_confidential: bool = False,
) -> Document:
    """Give a number, render the PDF, keep it encrypted. All in one transaction: a failure gives the number back.

    kind: what it is ("building_permit"). template: extends forms/documents/letter.html or certificate.html; it gets
    `values`, `document`, `signer`, `town`, `qr`, `verify_url`, `code`. series: of data/series.yaml. holder: for whom.
    valid_until: its last day. Raises ProblemError unknown_series, disk_full; ValueError for a signer without a name.
    """
    if not (signer.name.strip() and signer.position.strip()):
        raise ValueError("a document is signed by somebody")
    chosen, code = series_of(series), new_code()
    row = Document(
        about=about, person_key=person_key, kind=kind, title=title, holder=holder, valid_until=valid_until, code=code,
        verify_key=verify_key(code), issued_at=now(), issued_by=required().actor, signed_name=signer.name,
        signed_position=signer.position_text, is_confidential=is_confidential,
    )  # fmt: skip
    _number(row, chosen)
    context = letter_context(row, values, signer, lang)
    return _keep(row, render_pdf(template, context, lang=lang, thai_digits=chosen.thai_digits))


def _number(row: Document, series: Series) -> None:
    """An exercise counts in a series of its own."""
    row.series, row.year = series.key, buddhist_year()
    exercise = current_mode() != "live"
    row.number = next_number(f"document.{series.key}{'.exercise' if exercise else ''}", row.year)
    row.number_text = f"{'ฝึกซ้อม ' if exercise else ''}{series.text(row.number, row.year)}"


def letter_context(row: Document, values: Mapping[str, Any], signer: Signer, lang: str = "th") -> dict[str, Any]:
    """What a document's template gets."""
    address = verify_url(row.code)
    with language(lang):
        town = web.town()
        return {
            "document": row, "values": values, "signer": signer, "town": town, "verify_url": address,
            "verify_page": address.removesuffix(f"{row.code}/"),
            "code": show_code(row.code), "qr": qr(address), "logo": drawing(LOGO), "exercise": row.mode != "live",
            "demo": town.demo,
        }  # fmt: skip


def verify_url(code: str) -> str:
    """The whole address that the QR holds, in Thai whoever issues."""
    with language("th"):
        return f"{settings.SITE_URL}{reverse('forms:verify-code', args=[code])}"


def _keep(row: Document, pdf: bytes) -> Document:
    row.file_key, key = create_file_key()
    row.sha256, row.size = hashlib.sha256(pdf).hexdigest(), len(pdf)
    row.stored_as = storage.put(pdf, key)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except BaseException:
        storage.remove([row.stored_as])
        raise
    return row


@transaction.atomic
def revoke_document(document: Document | UUID, reason: str, by: str = "") -> Document:
    """From now on the verify page says that it is revoked; number and file stay. Cannot be undone: issue a new one.

    Raises ProblemError: no_document, no_reason, revoked_before.
    """
    key = document.pk if isinstance(document, Document) else document
    row = Document.objects.select_for_update().filter(pk=key).first()
    if row is None:
        raise ProblemError(Problem("no_document", "ไม่พบเอกสารนี้"))
    if len(reason.strip()) < 5:
        raise ProblemError(Problem("no_reason", "การเพิกถอนต้องมีเหตุผล", row.number_text, "เขียนเหตุผลอย่างน้อย 5 ตัวอักษร"))
    if row.state == Document.State.REVOKED:
        raise ProblemError(Problem("revoked_before", "เอกสารนี้เพิกถอนไปแล้ว", row.number_text))
    row.state, row.revoked_at, row.reason = Document.State.REVOKED, now(), reason.strip()
    row.revoked_by = by or required().actor
    row.save(update_fields=["state", "revoked_at", "reason", "revoked_by"])
    return row


@transaction.atomic
def erase_documents(about: UUID) -> int:
    """Forget file and holder of every document about something; number, hash and state stay to be verified."""
    rows = list(Document.objects.select_for_update().filter(about=about, erased_at=None))
    for row in rows:
        drop_file_key(str(row.file_key))
        names = [row.stored_as]
        row.holder, row.file_key, row.stored_as, row.erased_at = "", None, "", now()
        row.save(update_fields=["holder", "file_key", "stored_as", "erased_at"])
        transaction.on_commit(lambda names=names: storage.remove(names))  # type: ignore[misc]
    return len(rows)


def set_pattern(key: str, pattern: str, *, thai_digits: bool) -> NumberPattern:
    """Change how the numbers of a series look from the next document on. Raises ProblemError unknown_series,
    bad_pattern."""
    series_of(key)
    values = {
        "pattern": check_pattern(pattern), "thai_digits": thai_digits, "changed_by": required().actor,
        "changed_at": now(),
    }  # fmt: skip
    return NumberPattern.objects.update_or_create(key=key, defaults=values)[0]
