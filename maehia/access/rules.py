"""Pure decisions of access: who may sign, who must consent, how long glass stays broken. No Django, no clock."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

GLASS_LIMIT = timedelta(hours=2)
REVIEW_DAYS = 7
REASON_LETTERS = 10
MANY_PEOPLE = 50
MANY_WINDOW = timedelta(hours=1)
CHILD_AGE, ADULT_AGE = 10, 20


@dataclass(frozen=True, slots=True)
class Holding:
    """Somebody holds a position in a span of days; `ends` is the last day, None = open."""

    position: str
    account: str
    starts: date
    ends: date | None
    id: int = 0


@dataclass(frozen=True, slots=True)
class Delegated:
    """A holding lets a deputy use some powers in a span of days."""

    holding: int
    deputy: str
    powers: frozenset[str]
    starts: date
    ends: date | None


@dataclass(frozen=True, slots=True)
class Power:
    """A power that the law gives to positions."""

    key: str
    positions: frozenset[str]
    delegable: bool


@dataclass(frozen=True, slots=True)
class Signer:
    """An account that may sign, in its own right or in the stead of `instead_of`."""

    account: str
    position: str
    instead_of: str | None = None


def holds_on(starts: date, ends: date | None, day: date) -> bool:
    return starts <= day and (ends is None or day <= ends)


def signers(power: Power, day: date, holdings: Iterable[Holding], delegations: Iterable[Delegated]) -> list[Signer]:
    """Who may use a power on a day: holders first, then their deputies.

    A delegation counts only while its holder holds the position; a power that cannot be delegated has none.
    """
    standing = [h for h in holdings if h.position in power.positions and holds_on(h.starts, h.ends, day)]
    found = [Signer(h.account, h.position) for h in standing]
    if not power.delegable:
        return found
    by_id = {h.id: h for h in standing}
    for one in delegations:
        holder = by_id.get(one.holding)
        if holder and power.key in one.powers and holds_on(one.starts, one.ends, day):
            found.append(Signer(one.deputy, holder.position, instead_of=holder.account))
    return found


def letters(text: str) -> int:
    """Letters and digits of a reason; blanks, dots and repeated signs do not count."""
    return sum(1 for char in text if char.isalnum())


def reason_suffices(text: str) -> bool:
    """At least ten letters, and not one letter over and over."""
    return letters(text) >= REASON_LETTERS and len({c for c in text if c.isalnum()}) >= REASON_LETTERS // 2


def review_due(opened: datetime) -> datetime:
    return opened + timedelta(days=REVIEW_DAYS)


def is_overdue(due: datetime, reviewed: datetime | None, now: datetime) -> bool:
    """A review that nobody made in time blocks the one who broke the glass."""
    return reviewed is None and now > due


def glass_hours(asked: float) -> timedelta:
    """The life of a grant. Raises ValueError beyond two hours or not above zero."""
    life = timedelta(hours=asked)
    if not timedelta(0) < life <= GLASS_LIMIT:
        raise ValueError("between a moment and two hours")
    return life


def who_consents(age: int | None) -> str:
    """ "guardian" below ten, "both" below twenty, else "self" (PDPA s.20, unverified). Unknown age: both."""
    if age is None:
        return "both"
    if age < CHILD_AGE:
        return "guardian"
    return "both" if age < ADULT_AGE else "self"


def worth_telling(count: int, told: int, limit: int = MANY_PEOPLE) -> bool:
    """Whether people read in an hour are told about: past the limit, then each time they more than double.

    told: the largest count that was told in that hour, 0 for none. So 60 people are one alert, 5,000 are seven.
    """
    return count > max(limit, 2 * told)


def join_areas(areas: Sequence[Sequence[str]]) -> frozenset[str] | None:
    """The moo of several assignments together; None = the whole town, as soon as one has no limit."""
    if any(not area for area in areas):
        return None
    return frozenset(moo for area in areas for moo in area)
