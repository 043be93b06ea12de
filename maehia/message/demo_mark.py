"""Whether this is a demo, asked of the database every few seconds only: every letter wants to know."""

from __future__ import annotations

import time

from maehia.kit import demo

KEPT_SECONDS = 10.0
_kept: list[tuple[float, bool]] = []


def is_demo() -> bool:
    """The mark is written before anything else, and never taken back."""
    moment = time.monotonic()
    if not _kept or (not _kept[0][1] and moment - _kept[0][0] > KEPT_SECONDS):
        _kept[:] = [(moment, demo.is_demo())]
    return _kept[0][1]


def forget() -> None:
    """Ask again: another database may be behind the connection now (tests)."""
    _kept.clear()
