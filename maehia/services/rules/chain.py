"""The chain of a case's history: each line's hash is over the line and the hash before it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from maehia.base import chain
from maehia.base.chain import START

__all__ = ["START", "Line", "broken_at", "line_hash"]


@dataclass(frozen=True, slots=True)
class Line:
    """One line as it is hashed. case: its key as text; value: JSON data; times are aware."""

    case: str
    seq: int
    kind: str
    state: str
    value: Any
    note: str
    is_public: bool
    actor: str
    event_at: datetime
    recorded_at: datetime

    @property
    def parts(self) -> list[Any]:
        return [
            self.case, self.seq, self.kind, self.state, self.value, self.note, self.is_public, self.actor,
            self.event_at, self.recorded_at,
        ]  # fmt: skip


def line_hash(line: Line, before: bytes) -> bytes:
    """32 bytes (SHA-256) over the line in one canonical form, and the hash of the line before."""
    return chain.link(line.parts, before)


def broken_at(lines: Iterable[tuple[Line, bytes, bytes]], head: bytes) -> int | None:
    """The seq of the first line (line, hash before, hash) that does not fit, None when the whole chain holds."""
    return chain.broken_at(((line.seq, line.parts, prev, own) for line, prev, own in lines), head)
