"""A chain of lines: each line's hash is over the line and the hash before it, so that no line can be changed,
dropped or put in between without being noticed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

START = bytes(32)


def link(parts: Sequence[Any], before: bytes) -> bytes:
    """SHA-256 over JSON values and aware datetimes in one canonical form, and the hash of the line before."""
    plain = [moment(part) if isinstance(part, datetime) else part for part in parts]
    text = json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(before + text.encode()).digest()


def moment(value: datetime) -> str:
    """An aware moment as it is hashed."""
    return value.astimezone(UTC).isoformat(timespec="microseconds")


def broken_at(lines: Iterable[tuple[int, Sequence[Any], bytes, bytes]], head: bytes) -> int | None:
    """The number of the first line (number, parts, hash before, hash) that does not fit, None when the chain holds.

    Lines come in order and are numbered from 1. A missing end is told as the number that should follow the last.
    """
    before, expected = START, 1
    for number, parts, prev, own in lines:
        if number != expected or prev != before or link(parts, prev) != own:
            return expected
        before, expected = own, expected + 1
    return None if before == (head or START) else expected
