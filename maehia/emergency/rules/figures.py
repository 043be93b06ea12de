"""The figures of a situation, read off the lines of the log up to a moment. One pass, so 100,000 lines take a second.

Each part of the room writes its numbers into its lines; what is counted here names the kind and value that it reads.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from maehia.emergency.rules.recovery import LogLike


@dataclass(slots=True)
class Tally:
    """What the lines so far add up to. numbers: by key of FIGURES; last: newest value by (what, key)."""

    numbers: dict[str, float] = field(default_factory=dict)
    last: dict[tuple[str, str], Any] = field(default_factory=dict)
    lines: int = 0
    late: int = 0


Reader = Callable[[Tally, LogLike], None]
_readers: dict[str, list[Reader]] = {}


def reads(kind: str) -> Callable[[Reader], Reader]:
    """Register a reader of the lines of one kind."""

    def add(reader: Reader) -> Reader:
        _readers.setdefault(kind, []).append(reader)
        return reader

    return add


def tally(lines: Iterable[LogLike]) -> Tally:
    """Add up lines, in the order of writing."""
    found = Tally()
    for line in lines:
        found.lines += 1
        found.late += bool(getattr(line, "late", False))
        for reader in _readers.get(line.kind, ()):
            reader(found, line)
    return found


def count(found: Tally, key: str, amount: float = 1) -> None:
    found.numbers[key] = found.numbers.get(key, 0) + amount


def keep(found: Tally, what: str, key: Any, value: Any) -> None:
    found.last[what, str(key)] = value


def total(found: Tally, what: str) -> float:
    """Sum of the newest values of one kind of thing."""
    return sum(value for (kind, _), value in found.last.items() if kind == what)


def standing(found: Tally, what: str) -> dict[str, int]:
    """How many things of a kind stand in each state."""
    counts: dict[str, int] = {}
    for (kind, _), state in found.last.items():
        if kind == what:
            counts[state] = counts.get(state, 0) + 1
    return counts
