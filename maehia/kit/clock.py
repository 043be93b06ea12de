"""The time, injected: `clock.now()` everywhere, `with clock.at(...)` in tests and replays."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime

from maehia.base import BANGKOK, Clock, FixedClock, SystemClock

_clock: Clock = SystemClock()


def now() -> datetime:
    """Aware time of the clock in use."""
    return _clock.now()


def today() -> date:
    """The day in Bangkok."""
    return now().astimezone(BANGKOK).date()


@contextmanager
def use(clock: Clock) -> Iterator[Clock]:
    """Work by another clock, in all threads, until the end of the block."""
    global _clock  # noqa: PLW0603 (one clock for the process is the point)
    before, _clock = _clock, clock
    try:
        yield clock
    finally:
        _clock = before


@contextmanager
def at(moment: datetime) -> Iterator[Clock]:
    """Stand still at an aware moment."""
    with use(FixedClock(moment)) as clock:
        yield clock
