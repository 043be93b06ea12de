"""Reads of documents: those about a case, the PDF, and the public face of one whose code somebody holds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from django.urls import reverse

from maehia import thai
from maehia.base import BANGKOK, Problem, ProblemError
from maehia.forms import storage
from maehia.forms.codes import read_code, verify_key
from maehia.forms.models import Document
from maehia.forms.signing import make_token
from maehia.kit import clock
from maehia.kit.acting import Scope, acting
from maehia.kit.crypto import open_file_key

State = Literal["valid", "revoked", "expired"]
LEADING_VOWELS = "เแโใไ"


@dataclass(frozen=True, slots=True)
class Face:
    """What whoever holds a document may check. holder: first letters only. last_day: of its validity."""

    number: str
    kind: str
    title: str
    holder: str
    issued_at: datetime
    signed_name: str
    signed_position: str
    state: State
    last_day: date | None
    revoked_at: datetime | None


def documents(about: UUID) -> list[Document]:
    """Documents about something that the context at hand may see, the newest first."""
    return list(Document.objects.filter(about=about))


def verify(typed: str) -> Face | None:
    """The face of the document with this code; None for a code that is none and for one that nobody was given.

    Opens its own context: the database shows a visitor the one row of the code and no other.
    """
    code = read_code(typed)
    if code is None:
        return None
    key = verify_key(code)
    with acting("system:public", "services.public", scope=Scope.subject(key)):
        row = Document.objects.filter(verify_key=key).first()
    return _face(row) if row else None


def _face(row: Document) -> Face:
    return Face(
        row.number_text, row.kind, row.title, initials(row.holder), row.issued_at, row.signed_name, row.signed_position,
        state_of(row, clock.today()), row.valid_until, row.revoked_at,
    )  # fmt: skip


def state_of(row: Document, today: date) -> State:
    if row.state == Document.State.REVOKED:
        return "revoked"
    return "expired" if row.valid_until and row.valid_until < today else "valid"


def initials(name: str) -> str:
    """First letters of a person's names: "ม. ส." of นางมาลี สุขใจดี; of each word for others."""
    if not name.strip():
        return ""
    read = None if thai.is_organisation(name) else thai.parse_name(name)
    parts = [read.first, read.last] if read else []
    letters = [_first_letter(part) for part in " ".join(parts).split() or name.split()]
    return " ".join(f"{letter}." for letter in letters[:4] if letter)


def _first_letter(word: str) -> str:
    """The first consonant: a Thai vowel that is written before it does not name anybody."""
    return next((letter for letter in word if letter.isalpha() and letter not in LEADING_VOWELS), "")


def open_document(id_: UUID) -> bytes:
    """The PDF of a document that the context at hand may see. Raises ProblemError no_document."""
    row = Document.objects.filter(pk=id_, erased_at=None).first()
    if row is None:
        raise ProblemError(Problem("no_document", "ไม่พบเอกสารนี้"))
    return storage.get(row.stored_as, open_file_key(str(row.file_key)))


def document_url(document: Document) -> str:
    """An address that opens the PDF for 15 minutes in the context at hand."""
    return f"{reverse('forms:document', args=[document.pk])}?t={make_token(document.pk)}"


def file_name(document: Document) -> str:
    """A name for the download, from kind and day; the number holds signs that file systems refuse."""
    return f"{document.kind}-{document.issued_at.astimezone(BANGKOK):%Y%m%d}-{document.number}.pdf"
