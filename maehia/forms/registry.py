"""What other rooms plug into forms and documents, and what these bring to every page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

from maehia.forms.files import MOST_PHOTOS, most_bytes
from maehia.web import body_limit
from maehia.web import registry as web

if TYPE_CHECKING:
    from maehia.forms.models import Attachment

# Reports written without a signal may wait long: their keys must live as long (see kit.idempotency, `life=`).
OFFLINE_LIFE = timedelta(days=30)

_released: list[Callable[[Attachment], None]] = []


def on_release(handler: Callable[[Attachment], None]) -> Callable[[Attachment], None]:
    """Be told, in the same transaction, when a photo was released or taken back."""
    if handler not in _released:
        _released.append(handler)
    return handler


def tell_released(attachment: Attachment) -> None:
    for handler in _released:
        handler(attachment)


def takes_files(end: str, files: int = MOST_PHOTOS, *, visitors: bool = False) -> None:
    """Let requests to paths with this end bring files. visitors: also without a session (a public report form)."""
    body_limit.allow(end, most_bytes(files), visitors=visitors)


MENU = (
    web.MenuEntry("document-numbers", "เลขที่เอกสาร", "Document numbers", "forms:numbers", permission="forms.documents",
                  icon="doc", order=70, group_th="ตั้งค่างานบริการ", group_en="Services set-up"),
    web.MenuEntry("verify", "ตรวจสอบเอกสาร", "Check a document", "forms:verify", area="foot", icon="shield", order=40),
)  # fmt: skip


def register() -> None:
    """Called once at start."""
    web.page_scripts.add(web.Script("outbox", "forms/js/outbox.js"))
    web.worker_scripts.add(web.Script("outbox", "forms/js/outbox-core.js"))
    for entry in MENU:
        web.menu.add(entry)
