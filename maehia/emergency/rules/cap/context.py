"""What a check is made against: the clock, the messages that are out, the town."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from maehia.emergency.rules.cap.chain import Known

TRUE, FALSE, ABSENT = "valid", "invalid", "absent"


@dataclass(frozen=True, slots=True)
class Context:
    """publishing: it is ours and about to go out (stricter); else it came from others.

    now: None leaves the clock out. known: what is out already, of every sender. place: a shapely geometry (x = lon,
    y = lat) that an area must touch, the municipality with its buffer. life: longer than this is a warning.
    sender: our own. signed: TRUE, FALSE or ABSENT (what verifying gave). key: whether we sign. data: bytes by uri, for
    digests. texts: (language, channel) -> text about to be sent beside it. largest_km2: of an area of ours.
    """

    publishing: bool = False
    now: datetime | None = None
    known: tuple[Known, ...] = ()
    place: Any = None
    life: timedelta = timedelta(hours=72)
    sender: str = ""
    key: bool = False
    signed: str = ABSENT
    data: Mapping[str, bytes] = field(default_factory=dict)
    texts: Mapping[tuple[str, str], str] = field(default_factory=dict)
    sha256: str = ""
    largest_km2: float = 5_000.0


Check = Callable[..., Any]
NOTHING = Context()
