"""Verbs of forms: attaching, releasing, blurring and erasing files; issuing and revoking documents."""

from maehia.forms.actions.attachments import attach, blur, erase, erase_about, release, seal, unrelease
from maehia.forms.actions.documents import Signer, erase_documents, issue_document, revoke_document, set_pattern

__all__ = [
    "Signer", "attach", "blur", "erase", "erase_about", "erase_documents", "issue_document", "release",
    "revoke_document", "seal", "set_pattern", "unrelease",
]  # fmt: skip
