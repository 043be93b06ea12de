"""What the progress part shows of long work."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext

from maehia.base import Problem

_TAGS = {"waiting": "wait", "running": "work", "done": "done", "failed": "late", "stopped": "wait"}


@dataclass(frozen=True, slots=True)
class Progress:
    """state: waiting, running, done, failed or stopped; words: the step now; url: answers with this part again."""

    id: str
    title: str
    state: str
    url: str
    done: int = 0
    total: int = 0
    words: str = ""
    started: datetime | None = None
    now: datetime | None = None
    problem: Problem | None = None
    next_url: str = ""
    next_label: str = ""

    @property
    def running(self) -> bool:
        return self.state in ("waiting", "running")

    @property
    def tag(self) -> str:
        return _TAGS.get(self.state, "wait")

    @property
    def state_words(self) -> str:
        return {
            "waiting": gettext("รอคิว"),
            "running": gettext("กำลังทำ"),
            "done": gettext("เสร็จแล้ว"),
            "failed": gettext("ทำไม่สำเร็จ"),
        }.get(self.state, gettext("หยุดแล้ว"))

    @property
    def seconds_left(self) -> int | None:
        """Straight from the speed so far; None until a twentieth is done (an early guess only misleads)."""
        if not (self.started and self.now and self.total) or self.done * 20 < self.total:
            return None
        gone = (self.now - self.started).total_seconds()
        return max(0, round(gone / self.done * (self.total - self.done)))
