"""The chain of a case's history: each line's hash is over the line and the hash before it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

START = bytes(32)


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


def line_hash(line: Line, before: bytes) -> bytes:
    """32 bytes (SHA-256) over the line in one canonical form, and the hash of the line before."""
    parts = [
        line.case, line.seq, line.kind, line.state, line.value, line.note, line.is_public, line.actor,
        _moment(line.event_at), _moment(line.recorded_at),
    ]  # fmt: skip
    text = json.dumps(parts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(before + text.encode()).digest()


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def broken_at(lines: Iterable[tuple[Line, bytes, bytes]], head: bytes) -> int | None:
    """The seq of the first line (line, hash before, hash) that does not fit, None when the whole chain holds.

    Lines come in order. A missing end is told as the seq that should follow the last.
    """
    before, expected = START, 1
    for line, prev, own in lines:
        if line.seq != expected or prev != before or line_hash(line, prev) != own:
            return expected
        before, expected = own, expected + 1
    return None if before == head else expected
