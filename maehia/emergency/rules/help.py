"""Pure decisions about requests for help: how urgent, by when, and which two are likely one."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

NEAR_M = 50.0
FAR_M = 200.0  # the same phone farther away than this asks for another place
NEAR_FOR = timedelta(hours=2)
SAME_FOR = timedelta(hours=12)  # how long a phone or a house is taken to mean the same trouble
EARTH_M = 6_371_000.0


@dataclass(frozen=True, slots=True)
class Spot:
    """What is compared of a request. point: (lon, lat) in degrees; phone: blind index; chat: of a LINE user."""

    id: UUID
    at: datetime
    point: tuple[float, float] | None = None
    phone: bytes | None = None
    house: UUID | None = None
    chat: bytes | None = None


@dataclass(frozen=True, slots=True)
class Likeness:
    """An earlier request that this one is likely the same as. why: phone, place or house.

    sure: the same caller from the same place, joined by itself; everything else is shown to the desk side by side,
    because two neighbours in need stand fifty metres apart too.
    """

    id: UUID
    why: str
    sure: bool


@dataclass(frozen=True, slots=True)
class Clock:
    """Minutes to answer by priority, from a day on. triage: until it is read, whatever its priority will be."""

    valid_from: date
    triage: int
    arrive: Mapping[int, int]
    source: str
    verified: bool


def metres(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Distance of two (lon, lat) points in degrees, on a sphere."""
    lon1, lat1, lon2, lat2 = map(math.radians, (*one, *other))
    half = math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 2 * EARTH_M * math.asin(math.sqrt(half))


def likeness(new: Spot, earlier: Sequence[Spot]) -> Likeness | None:
    """The best match among open requests, the surest and then the oldest first. None when it stands alone."""
    found = [match for one in sorted(earlier, key=lambda s: s.at) if one.id != new.id and (match := _match(new, one))]
    return min(found, key=lambda match: not match.sure, default=None)


def _match(new: Spot, old: Spot) -> Likeness | None:
    gap = abs(new.at - old.at)
    apart = metres(new.point, old.point) if new.point and old.point else None
    caller = (new.phone and new.phone == old.phone) or (new.chat and new.chat == old.chat)
    if caller and gap <= SAME_FOR:
        elsewhere = (apart or 0) > FAR_M or bool(new.house and old.house and new.house != old.house)
        return Likeness(old.id, "phone", not elsewhere)
    if new.house and new.house == old.house and gap <= SAME_FOR:
        return Likeness(old.id, "house", False)
    if apart is not None and apart <= NEAR_M and gap <= NEAR_FOR:
        return Likeness(old.id, "place", False)
    return None


def clock_of(clocks: Sequence[Clock], day: date) -> Clock:
    """The clock that holds on a day; before the first one, the first."""
    held = [clock for clock in clocks if clock.valid_from <= day]
    return max(held, key=lambda c: c.valid_from) if held else min(clocks, key=lambda c: c.valid_from)


def due(clock: Clock, asked_at: datetime, priority: int | None) -> tuple[datetime, datetime | None]:
    """(read by, there by) of a request; there by None until it has a priority."""
    read = asked_at + timedelta(minutes=clock.triage)
    return read, asked_at + timedelta(minutes=clock.arrive[priority]) if priority else None


def suggested(needs: Sequence[str], weights: Mapping[str, int]) -> int:
    """The priority that the asked kinds speak for: the most urgent of them; P3 for what is not listed."""
    return min((weights.get(need, 3) for need in needs), default=3)


def read_digits(typed: str) -> str:
    """Only the digits of what was typed; Thai digits count."""
    return "".join(str(int(c)) for c in typed if c.isdecimal())


def show_code(code: str) -> str:
    """1234-5678."""
    return f"{code[:4]}-{code[4:]}"
