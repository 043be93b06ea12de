"""How long files stay: plain copies are swept away, stored files go when their list's days of keeping are over.

Only files are dropped by age. What the register took from them are records; they go by redaction.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction

from maehia.base import BANGKOK
from maehia.evidence import registry
from maehia.evidence.actions.deliveries import stored_path
from maehia.evidence.models import Delivery
from maehia.kit.clock import now, today
from maehia.kit.crypto import drop_file_key
from maehia.kit.models import FileKey

LONGEST_WORK = timedelta(hours=6)  # no preview of a file takes longer; what is older was left by a killed process
CLOSED = ("committed", "refused", "withdrawn")


def sweep_files() -> int:
    """Remove plain copies that a killed process left, and stored files that no delivery knows; returns how many."""
    gone = 0
    for path in _left_plain():
        shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink(missing_ok=True)
        gone += 1
    for path in _unknown():
        path.unlink(missing_ok=True)
        gone += 1
    return gone


def _left_plain() -> Iterator[Path]:
    folder = Path(settings.FILES_DIR) / "tmp"
    for path in folder.iterdir() if folder.is_dir() else ():
        if not _is_alive(path.name.partition("-")[0]) or _is_old(path):
            yield path


def _is_alive(pid: str) -> bool:
    """Whether the process that made a private folder still runs; unknown makers are taken for alive until old."""
    if not pid.isdigit():
        return True
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _is_old(path: Path) -> bool:
    with suppress(FileNotFoundError):
        return now().timestamp() - path.stat().st_mtime > LONGEST_WORK.total_seconds()
    return False


def _unknown() -> list[Path]:
    """Stored files whose delivery was rolled back. A young one may belong to a transaction that is still open."""
    folder = stored_path("any").parent
    old = [path for path in folder.glob("*.mhf") if _is_old(path)] if folder.is_dir() else []
    known = set(Delivery.objects.filter(stored_as__in=[p.name for p in old]).values_list("stored_as", flat=True))
    return [path for path in old if path.name not in known]


def discard_file(stored_as: str) -> bool:
    """Remove the stored file of a delivery that was rolled back; one that a delivery knows stays."""
    if not stored_as or Delivery.objects.filter(stored_as=stored_as).exists():
        return False
    stored_path(stored_as).unlink(missing_ok=True)
    return True


def due_files(day: date | None = None) -> list[Delivery]:
    """Closed deliveries whose file is still readable on a day (default: today) after its list's days of keeping."""
    day = day or today()
    held = Delivery.objects.filter(state__in=CLOSED, source__retention_days__isnull=False).exclude(file_key=None)
    late = [d for d in held.select_related("source").order_by("received_at") if keep_until(d) < day]
    keys = [delivery.file_key for delivery in late if delivery.file_key]
    readable = set(FileKey.objects.filter(pk__in=keys, wrapped__isnull=False).values_list("pk", flat=True))
    return [delivery for delivery in late if delivery.file_key in readable]


def keep_until(delivery: Delivery) -> date:
    """The last day on which the file may be kept; counted from the day it came."""
    return delivery.received_at.astimezone(BANGKOK).date() + timedelta(days=delivery.source.retention_days or 0)


@transaction.atomic
def drop_due_files() -> int:
    """Make every file unreadable whose days are over, with what rooms keep of it. Needs a purpose that erases."""
    due = due_files()
    for delivery in due:
        drop_file_key(str(delivery.file_key))
    registry.forget([delivery.pk for delivery in due])
    return len(due)
