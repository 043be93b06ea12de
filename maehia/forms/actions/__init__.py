"""Verbs of forms: attaching, releasing, blurring and erasing files; issuing and revoking documents."""

from maehia.forms.actions.attachments import attach, blur, erase, erase_about, release, seal, unrelease

__all__ = ["attach", "blur", "erase", "erase_about", "release", "seal", "unrelease"]
