"""Photos and papers of a case, as the forms room keeps them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from maehia.forms.models import Attachment

AFTER = "after"


def photos_of(case_id: UUID) -> Sequence[Attachment]:
    """The attachments of a case that the one who asks may see, oldest first."""
    return list(Attachment.objects.filter(about=case_id, erased_at=None).order_by("created_at"))


def after_photos(case_id: UUID, since: datetime | None) -> int:
    """How many photos of the finished work stand there; since: those of work that did not hold do not count."""
    found = Attachment.objects.filter(about=case_id, role=AFTER, erased_at=None)
    return found.filter(created_at__gt=since).count() if since else found.count()
