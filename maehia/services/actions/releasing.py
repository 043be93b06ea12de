"""What citizens wrote and photographed is not public until an officer releases it."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from maehia.forms import actions as forms
from maehia.forms.models import Attachment
from maehia.services.actions.base import append, locked, refused, save
from maehia.services.models import Case


def _public(case_id: UUID | str, version: int | None) -> Case:
    case = locked(case_id, version)
    if not case.is_public:
        raise refused("not_public", "เรื่องประเภทนี้ไม่เปิดเผยต่อสาธารณะ", case.number, "ไม่ต้องเผยแพร่")
    return case


@transaction.atomic
def release_text(case_id: UUID | str, text: str, *, by: str, version: int | None = None) -> Case:
    """Show these words as the description; empty takes them back."""
    case = _public(case_id, version)
    case.public_text = text.strip()
    append(case, "release", by=by, is_public=False, value={"text": bool(case.public_text)})
    save(case, "public_text", public=True)
    return case


@transaction.atomic
def release_photo(case_id: UUID | str, attachment_id: UUID, *, by: str) -> Case:
    """Show a photo of the case to everybody. Raises ProblemError no_photo when it belongs to another case."""
    case = _public(case_id, None)
    photo = _photo(case, attachment_id)
    forms.release(photo, by=by)
    append(case, "release", by=by, is_public=False, value={"photo": str(photo.pk)})
    save(case, public=True)
    return case


@transaction.atomic
def unrelease_photo(case_id: UUID | str, attachment_id: UUID, *, by: str) -> Case:
    case = _public(case_id, None)
    photo = _photo(case, attachment_id)
    forms.unrelease(photo)
    append(case, "release", by=by, is_public=False, value={"photo_back": str(photo.pk)})
    save(case, public=True)
    return case


def hide_photos(case_id: UUID | str) -> None:
    """Take back what was released of a case that nobody outside sees any more: an address that was copied ends too."""
    for photo in Attachment.objects.filter(about=case_id, released_at__isnull=False):
        forms.unrelease(photo)


def _photo(case: Case, attachment_id: UUID) -> Attachment:
    found = Attachment.objects.filter(pk=attachment_id, about=case.pk, erased_at=None).first()
    if found is None:
        raise refused("no_photo", "ไม่มีภาพนี้ในเรื่อง", case.number, "เปิดหน้าเรื่องใหม่")
    return found
