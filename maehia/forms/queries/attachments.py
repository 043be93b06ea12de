"""Reads of files: which there are, their bytes, and addresses that open them."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.urls import reverse

from maehia.base import Problem, ProblemError
from maehia.forms.actions.attachments import read_bytes
from maehia.forms.models import Attachment
from maehia.forms.signing import make_token


def attachments(about: UUID, *, roles: Iterable[str] = ()) -> list[Attachment]:
    """Files about something that the context at hand may see, oldest first, without erased ones."""
    rows = Attachment.objects.filter(about=about, erased_at=None)
    return list(rows.filter(role__in=list(roles)) if roles else rows)


def attachments_of(abouts: Iterable[UUID]) -> dict[UUID, list[Attachment]]:
    """Files of many things in one statement; things without files are left out."""
    found: dict[UUID, list[Attachment]] = {}
    for row in Attachment.objects.filter(about__in=list(abouts), erased_at=None):
        found.setdefault(row.about, []).append(row)
    return found


def to_show(rows: Iterable[Attachment]) -> list[Attachment]:
    """Without the originals of which a blurred copy is among them."""
    rows = list(rows)
    covered = {row.original_id for row in rows}
    return [row for row in rows if row.pk not in covered]


def waiting_for_release(abouts: Iterable[UUID]) -> set[UUID]:
    """Things with a photo on whose release nobody has decided yet."""
    rows = Attachment.objects.filter(about__in=list(abouts), erased_at=None, released_at=None, kind="jpeg")
    return set(rows.filter(original=None, blurred=None).values_list("about", flat=True))


def open_attachment(id_: UUID, *, small: bool = False) -> bytes:
    """The plain bytes of a file that the context at hand may see; a JPEG or, for documents, a PDF.

    Raises ProblemError no_file for unknown, hidden and erased ones alike.
    """
    row = Attachment.objects.filter(pk=id_, erased_at=None).first()
    if row is None:
        raise ProblemError(Problem("no_file", "ไม่พบไฟล์นี้"))
    return read_bytes(row, small=small)


def public_url(attachment: Attachment, *, small: bool = False) -> str:
    """The address of a released photo, for everybody."""
    return reverse("forms:file-small" if small else "forms:file", args=[attachment.pk])


def signed_url(attachment: Attachment, *, small: bool = False) -> str:
    """An address that opens the file for 15 minutes in the context at hand; the plain one when it is released."""
    plain = public_url(attachment, small=small)
    return plain if attachment.is_released else f"{plain}?t={make_token(attachment.pk)}"
