"""Photos and papers of a case for its page: what was before, what is after, what everybody may see."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy

from maehia.forms.queries import signed_url, to_show
from maehia.services.queries.cases import CasePage

ROLES = {
    "photo": gettext_lazy("ภาพจากผู้แจ้ง"), "before": gettext_lazy("ก่อนแก้ไข"), "after": gettext_lazy("หลังแก้ไข"),
    "document": gettext_lazy("เอกสาร"), "plan": gettext_lazy("แบบแปลน"), "signature": gettext_lazy("ลายมือชื่อ"),
}  # fmt: skip


def shown_photos(page: CasePage) -> list[dict[str, Any]]:
    """Each file with its words and addresses, oldest first; of a blurred photo only the copy."""
    return [
        {"id": row.pk, "role": str(ROLES.get(row.role, row.role)), "released": row.is_released,
         "is_photo": row.is_photo, "url": signed_url(row), "small_url": signed_url(row, small=True),
         "name": row.name or "",
         "blur_url": reverse("forms:file-release", args=[row.pk]) if row.is_photo and page.case.is_public else ""}
        for row in to_show(page.photos)
    ]  # fmt: skip
