"""What desks wrote down about one stay, whatever the order it arrives in, gives one result. No Django.

An event is known by the id that its desk made. The same id again with the same content is the same event; with other
content it is a conflict, which a person decides. Causality beats clocks: a stay begins with its `in` and ends with an
`out`, whatever the desks' clocks said; only what lies between is put in order by time.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

ORDER = {"in": 0, "away": 1, "back": 1, "out": 2}
SMALL = timedelta(seconds=2)  # what a request takes is no skew


@dataclass(frozen=True, slots=True)
class Event:
    """id: made by the desk. at: when it happened, corrected for the desk's clock. body: a hash of all its content."""

    id: str
    stay: str
    kind: str
    at: datetime
    how: str = ""
    body: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """Where a stay stands after its events. idle: ids of events that changed nothing (a second `out`)."""

    state: str
    in_at: datetime
    out_at: datetime | None = None
    how: str = ""
    idle: frozenset[str] = frozenset()


@dataclass(slots=True)
class Merged:
    """stays: by key. conflicts: ids that came with two contents. waiting: events of stays whose `in` has not come."""

    stays: dict[str, Told] = field(default_factory=dict)
    conflicts: set[str] = field(default_factory=set)
    waiting: set[str] = field(default_factory=set)


def told(events: Iterable[Event]) -> Told | None:
    """One stay from its events in any order; None before its `in` has come."""
    line = sorted(events, key=lambda e: (ORDER[e.kind], e.at, e.kind, e.id))
    if not line or line[0].kind != "in":
        return None
    state, how, out_at, idle = "checked_in", "", None, set()
    for event in line[1:]:
        if event.kind == "away" and state == "checked_in":
            state = "temporarily_out"
        elif event.kind == "back" and state == "temporarily_out":
            state = "checked_in"
        elif event.kind == "out" and state != "checked_out":
            state, how, out_at = "checked_out", event.how, max(event.at, line[0].at)
        else:
            idle.add(event.id)
    return Told(state, line[0].at, out_at, how, frozenset(idle))


def merge(arrived: Sequence[Event]) -> Merged:
    """All stays from what has arrived, repeated and out of order. Of two contents the first one to arrive counts."""
    found = Merged()
    kept: dict[str, Event] = {}
    for event in arrived:
        first = kept.setdefault(event.id, event)
        if first.body != event.body:
            found.conflicts.add(event.id)
    of_stay: dict[str, list[Event]] = {}
    for event in kept.values():
        of_stay.setdefault(event.stay, []).append(event)
    for stay, events in of_stay.items():
        result = told(events)
        if result is None:
            found.waiting |= {event.id for event in events}
        else:
            found.stays[stay] = result
    return found


def skew(desk_now: datetime, server_now: datetime) -> timedelta:
    """How far a desk's clock is behind ours (negative: ahead); what a request takes counts as none."""
    off = server_now - desk_now
    return off if abs(off) > SMALL else timedelta(0)


def corrected(said: datetime, off: timedelta, not_after: datetime) -> datetime:
    """When it happened by our clock: as the desk said, moved by its skew, never after the moment it reached us."""
    return min(said + off, not_after)
