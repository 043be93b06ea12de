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
from maehia.forms.queries.documents import Face, document_url, documents, open_document, state_of, verify
from maehia.forms.rendering import EngineForm, Upload, build_form

__all__ = [
    "EngineForm",
    "Face",
    "Upload",
    "attachments",
    "attachments_of",
    "build_form",
    "document_url",
    "documents",
    "open_attachment",
    "open_document",
    "public_url",
    "signed_url",
    "state_of",
    "to_show",
    "verify",
    "waiting_for_release",
]  # fmt: skip
