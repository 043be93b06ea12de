"""A line of an incident's log as it is hashed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

LATE = timedelta(minutes=15)  # written down later than this after it happened: marked


@dataclass(frozen=True, slots=True)
class Line:
    """incident: its key as text; value: JSON data; times are aware."""

    incident: str
    seq: int
    kind: str
    actor: str
    role: str
    before: str
    after: str
    text: str
    value: Any
    event_at: datetime
    at: datetime

    @property
    def parts(self) -> list[Any]:
        return [
            self.incident, self.seq, self.kind, self.actor, self.role, self.before, self.after, self.text, self.value,
            self.event_at, self.at,
        ]  # fmt: skip
