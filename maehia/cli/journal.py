"""The redaction journal outside the database: what was erased stays erased when an older backup comes back.

Each line is one redaction (no values, only the numbers of records). It is appended when the redaction commits,
goes into every backup, and is replayed by `maehia restore` before anything is served.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from maehia.cli import places

FILE = "redactions.jsonl"
ACTOR = "system:restore"


def append(entry: Any) -> None:
    """Append one RedactionEntry, on disk when this returns."""
    line = {"at": entry.at.isoformat(), "actor": entry.actor, "ground": entry.ground, "refs": entry.refs}
    handle = os.open(places.data_dir() / FILE, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as stream:
        stream.write(json.dumps(line, ensure_ascii=False) + "\n")
        stream.flush()
        os.fsync(stream.fileno())


def read(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def connect() -> None:
    """Write the journal whenever a redaction commits, whoever asked for it."""
    from django.db import transaction
    from django.db.models.signals import post_save

    from maehia.evidence.models import RedactionEntry

    def written(sender: Any, instance: Any, created: bool, **_options: Any) -> None:
        if created:
            transaction.on_commit(lambda: append(instance))

    post_save.connect(written, sender=RedactionEntry, weak=False, dispatch_uid="cli.redaction-journal")


def replay(lines: list[dict[str, Any]]) -> int:
    """Write the entries that the restored database does not have and erase again; returns how many were new."""
    from datetime import datetime

    from maehia.city import actions as city
    from maehia.evidence import actions
    from maehia.evidence.models import RedactionEntry
    from maehia.kit.acting import acting

    with acting(ACTOR, "system.redact"):
        known = {(entry.at.isoformat(), entry.actor) for entry in RedactionEntry.objects.all()}
        missing = [line for line in lines if (line["at"], line["actor"]) not in known]
        for line in missing:
            RedactionEntry.objects.create(**line | {"at": datetime.fromisoformat(line["at"])})
        actions.replay_redactions()
    if missing:
        with acting(ACTOR, "system.project"):
            city.refresh()
    return len(missing)
