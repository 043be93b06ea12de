"""What the worker does for forms by night."""

from __future__ import annotations

from maehia.forms import storage
from maehia.forms.models import Attachment, Document
from maehia.kit.acting import MODES, acting
from maehia.kit.jobs import periodic


def sweep_files() -> int:
    """Remove encrypted files that no row names (a transaction that came to nothing, an erasure); returns how many."""
    left = storage.names_older_than_a_day()
    for mode in MODES:
        with acting("system:forms", "system.redact", mode=mode):
            for names in Attachment.objects.exclude(stored_as="").values_list("stored_as", "small_as").iterator():
                left -= set(names)
            left -= set(Document.objects.values_list("stored_as", flat=True))
    storage.remove(left)
    return len(left)


periodic("forms.sweep", "40 18 * * *")(sweep_files)  # 01:40 in Bangkok
