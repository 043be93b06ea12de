"""The queue: what may follow what, who is called next, and how long the wait will be. Times are aware.

Turns are counted in waiting time. A priority (old age, disability, pregnancy, a monk; as the town sets) is a credit
of minutes, so it overtakes only those who came at most that much earlier, and nobody waits for ever. An appointment
goes first from its time on; its number per slot is limited in `capacity`, so it cannot shut out those who walk in.
"""

from __future__ import annotations

import heapq
import math
import random
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

MOVES: Mapping[str, tuple[str, ...]] = {
    "waiting": ("invited", "left"),
    "invited": ("serving", "no_show", "waiting"),
    "serving": ("done", "hold", "waiting"),
    "hold": ("serving", "done", "left"),
    "no_show": ("waiting",),
    "done": (),
    "left": (),
}
TIMED = frozenset({"waiting", "invited", "serving", "hold"})  # a ticket in one of these has an open period
AT_DESK = frozenset({"invited", "serving"})  # a desk has one of these at a time

ENOUGH = 30  # services seen before a wait is told; fewer say too little of the next ones
RUNS = 300
LOW, MIDDLE, HIGH = 0.1, 0.5, 0.9


@dataclass(frozen=True, slots=True)
class FairRule:
    """booked_early: minutes before its time from which an appointment goes first; booked_grace: minutes after it
    by which its holder must have come, else she waits as one who walked in."""

    booked_early: int = 5
    booked_grace: int = 15


@dataclass(frozen=True, slots=True)
class Waiting:
    """Somebody who waits. since: from when her turn is counted. credit: minutes of priority. number: of the ticket,
    which decides between two of the same moment."""

    id: UUID
    group: str
    since: datetime
    credit: int = 0
    booked_for: datetime | None = None
    number: int = 0


@dataclass(frozen=True, slots=True)
class Wait:
    """Minutes until the call: in one of ten cases less than low, in one of ten more than high."""

    low: int
    middle: int
    high: int


def may(here: str, to: str) -> bool:
    """Whether a ticket may go from a state to another. Raises KeyError for a state that is none."""
    return to in MOVES[here]


def turn(one: Waiting, rule: FairRule, now: datetime) -> tuple[int, datetime, datetime, int, str]:
    """What turns are sorted by: appointments whose time has come, then by waiting, last those far too early."""
    plain = one.since - timedelta(minutes=one.credit)
    if one.booked_for is None or one.since > one.booked_for + timedelta(minutes=rule.booked_grace):
        return 1, plain, one.since, one.number, str(one.id)
    if now >= one.booked_for - timedelta(minutes=rule.booked_early):
        return 0, one.booked_for, plain, one.number, str(one.id)
    return 2, one.booked_for, plain, one.number, str(one.id)


def in_order(people: Iterable[Waiting], rule: FairRule, now: datetime) -> list[Waiting]:
    return sorted(people, key=lambda one: turn(one, rule, now))


def next_of(people: Iterable[Waiting], groups: Collection[str], rule: FairRule, now: datetime) -> Waiting | None:
    """Whom a desk for these groups calls now; None when nobody waits for it."""
    mine = [one for one in people if one.group in groups]
    return min(mine, key=lambda one: turn(one, rule, now), default=None)


def ahead_of(one: Waiting, people: Iterable[Waiting], groups: Collection[str], rule: FairRule, now: datetime) -> int:
    """How many are called before this one at the desks for `groups` (her own group and those sharing its desks)."""
    # One who is early for her appointment is placed as she will stand when her time has come.
    then = now if one.booked_for is None else max(now, one.booked_for - timedelta(minutes=rule.booked_early))
    own = turn(one, rule, then)
    return sum(other.group in groups and turn(other, rule, then) < own for other in people)


def expected_wait(ahead: int, desks: Sequence[float | None], seen: Sequence[float], at_least: float = 0) -> Wait | None:
    """The wait from what services really took. None: no open desk, or fewer than ENOUGH services seen.

    desks: per open desk the seconds that its present visitor is there already, None = free. seen: seconds that
    services of the last weeks took. at_least: seconds before which an appointment is not called.
    """
    if not desks or len(seen) < ENOUGH:
        return None
    dice = random.Random(len(seen))  # the same question gets the same answer
    waits = sorted(_one_run(ahead, desks, seen, dice) for _ in range(RUNS))
    low, middle, high = (max(waits[int(part * (RUNS - 1))], at_least) / 60 for part in (LOW, MIDDLE, HIGH))
    return Wait(math.floor(low), round(middle), math.ceil(high))


def _one_run(ahead: int, desks: Sequence[float | None], seen: Sequence[float], dice: random.Random) -> float:
    """One possible course: each desk takes the next as soon as it is free."""
    free_at = [0.0 if there is None else _left(there, seen, dice) for there in desks]
    heapq.heapify(free_at)
    for _ in range(ahead):
        heapq.heapreplace(free_at, free_at[0] + dice.choice(seen))
    return free_at[0]


def _left(there: float, seen: Sequence[float], dice: random.Random) -> float:
    """What is left of a service that has run this long, as of those that ran longer; a minute when none did."""
    longer = [whole for whole in seen if whole > there]
    return dice.choice(longer) - there if longer else 60.0


def ticket_words(letter: str, number: int) -> str:
    """ "A007": the letter of the group and the number of the day; three digits keep their place on a screen."""
    return f"{letter}{number:03d}"
