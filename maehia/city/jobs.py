"""Long work of the register."""

from __future__ import annotations

from typing import Any

from maehia.city.actions.project import refresh
from maehia.kit.jobs import Running, job


@job("city.refresh")
def refresh_register(running: Running) -> dict[str, Any]:
    """Replay evidence and decisions into the register."""
    running.progress(0, 1, "กำลังปรับทะเบียนเมือง")
    with running.acting():
        written = refresh()
    running.progress(1, 1, "ปรับทะเบียนแล้ว")
    return {"rows": written.total}
