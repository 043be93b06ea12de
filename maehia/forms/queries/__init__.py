"""Reads of forms, each under the purpose at hand."""

from maehia.forms.queries.attachments import (
    attachments,
    attachments_of,
    open_attachment,
    public_url,
    signed_url,
    to_show,
    waiting_for_release,
)

__all__ = [
    "attachments", "attachments_of", "open_attachment", "public_url", "signed_url", "to_show", "waiting_for_release",
]  # fmt: skip
