"""What evidence does by night: no plain copy stays, no file outlives its list's days of keeping."""

from __future__ import annotations

from maehia.evidence.actions.keeping import drop_due_files, sweep_files
from maehia.kit.acting import acting
from maehia.kit.jobs import periodic


def keep_no_longer() -> int:
    """Under its own name and purpose; the journal of redactions is for persons and is not written here."""
    with acting("system:retention", "system.redact"):
        return drop_due_files()


periodic("evidence.sweep", "25 19 * * *")(sweep_files)  # 02:25 in Bangkok
periodic("evidence.retention", "30 19 * * *")(keep_no_longer)
