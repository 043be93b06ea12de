"""What a phone brings back from its time without a signal, settled so that order and repetition do not matter.

A report has a number that the phone gave it. The same number with the same content is the same report, however often it
comes; with other content it goes to a person to decide. Of several reports on one door the latest one counts, by times
that depend on the report alone, never on when it arrived.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

RESULTS = ("reached", "moved", "refused", "not_there")
MOST_PEOPLE = 99
LONGEST_NOTE = 400
AHEAD = timedelta(minutes=2)  # clocks of phones that are set by the network differ by less
DOUBT = timedelta(minutes=5)  # the phone's clock was put to another time while it was away


@dataclass(frozen=True, slots=True)
class Report:
    """One door, as the phone wrote it down. phone_at: by the phone's own clock. offset_s: what the phone held to be the
    server's clock minus its own, from when it fetched the list. turn: a number that grows with each report."""

    id: UUID
    door: UUID
    result: str
    phone_at: datetime
    people: int | None = None
    note: str = ""
    offset_s: float = 0.0
    turn: int = 0

    @property
    def digest(self) -> bytes:
        """SHA-256 over everything that was said."""
        said = [str(self.door), self.result, self.people, self.note.strip(), round(self.offset_s, 3), self.turn,
                self.phone_at.astimezone(UTC).isoformat(timespec="milliseconds")]  # fmt: skip
        return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).digest()


@dataclass(frozen=True, slots=True)
class Window:
    """Between when a list was handed out and when it ended nobody can have stood at its doors at another time."""

    opens: datetime
    closes: datetime


@dataclass(frozen=True, slots=True)
class Timed:
    """event_at: when it happened, as far as can be. rank_at: by which reports are put in order. clamped: "", "early" or
    "late". doubtful: the phone's clock was changed between writing and sending."""

    event_at: datetime
    rank_at: datetime
    clamped: str
    doubtful: bool


def timed(report: Report, window: Window, received: datetime, skew_s: float) -> Timed:
    """When a report happened. skew_s: the server's clock minus the phone's, measured while it was sent."""
    said = report.phone_at + timedelta(seconds=report.offset_s)
    rank = min(max(said, window.opens), window.closes)
    clamped = "early" if said < window.opens - AHEAD else "late" if said > min(window.closes, received) + AHEAD else ""
    return Timed(min(rank, received), rank, clamped, abs(skew_s - report.offset_s) > DOUBT.total_seconds())


@dataclass(frozen=True, slots=True)
class Settled:
    """new: taken now. repeated: known before, word for word. conflicts: a known number with other words."""

    new: tuple[Report, ...]
    repeated: tuple[Report, ...]
    conflicts: tuple[Report, ...]


def settle(known: Mapping[UUID, bytes], incoming: Iterable[Report]) -> Settled:
    """Sort what came in against what is known (number -> digest)."""
    held = dict(known)
    new: list[Report] = []
    repeated: list[Report] = []
    conflicts: list[Report] = []
    for report in sorted(incoming, key=lambda one: (one.turn, one.digest)):
        before = held.setdefault(report.id, report.digest)
        if before != report.digest:
            conflicts.append(report)
        elif report.id in known or any(report.id == one.id for one in new):
            repeated.append(report)
        else:
            new.append(report)
    return Settled(tuple(new), tuple(repeated), tuple(conflicts))


@dataclass(frozen=True, slots=True)
class Placed:
    """A report that was taken, with where it stands in the order."""

    report: Report
    time: Timed

    @property
    def rank(self) -> tuple[datetime, int, str]:
        return self.time.rank_at, self.report.turn, str(self.report.id)


def standing(taken: Sequence[Placed]) -> dict[UUID, Placed]:
    """Per door the report that counts: the latest."""
    found: dict[UUID, Placed] = {}
    for placed in taken:
        if placed.report.door not in found or found[placed.report.door].rank < placed.rank:
            found[placed.report.door] = placed
    return found
