"""Which messages belong together, and what became of each: derived from the set of messages, in whatever order they
came, never written down (`sent` that is stamped anew once made one alert two and left its Cancel dangling)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from maehia.emergency.rules.cap.message import Alert, Triple
from maehia.emergency.rules.cap.times import read

PUBLISHED, UPDATED, CANCELLED, EXPIRED = "published", "updated", "cancelled", "expired"


@dataclass(frozen=True, slots=True)
class Known:
    """A message that is out. expires: the latest of its infos, None = without end. sha256: hex of its bytes."""

    triple: Triple
    msg_type: str
    sent: datetime
    expires: datetime | None
    references: tuple[Triple, ...] = ()
    status: str = "Actual"
    sha256: str = ""

    @property
    def speaks(self) -> bool:
        """Whether it tells of a danger, rather than of the end of one."""
        return self.msg_type in ("Alert", "Update")

    def over(self, moment: datetime) -> bool:
        return self.expires is not None and self.expires <= moment


def known_of(alert: Alert, sha256: str = "") -> Known | None:
    """A message as the chain sees it; None when its own time cannot be read."""
    sent = read(alert.sent)
    if sent is None:
        return None
    ends = [read(info.expires or "") for info in alert.infos]
    expires = None if None in ends or not ends else max(end for end in ends if end)
    return Known(alert.triple, alert.msg_type, sent, expires, tuple(alert.named()), alert.status, sha256)


def states(known: Iterable[Known], moment: datetime) -> dict[Triple, str]:
    """What became of each message at a moment: cancelled before updated before expired.

    Only a later message of the same sender and the same status ends one.
    """
    held = {one.triple: one for one in known}
    ended: dict[Triple, str] = {}
    for one in held.values():
        for named in one.references:
            target = held.get(named)
            if target is None or named.sender != one.triple.sender or target.status != one.status:
                continue
            if one.msg_type == "Cancel" and one.sent >= target.sent:
                ended[named] = CANCELLED
            elif one.msg_type == "Update" and one.sent >= target.sent and named != one.triple:
                ended.setdefault(named, UPDATED)
    return {triple: ended.get(triple) or (EXPIRED if one.over(moment) else PUBLISHED) for triple, one in held.items()}


def in_force(known: Iterable[Known], moment: datetime) -> list[Known]:
    """Messages that tell of a danger now, the newest first."""
    held = list(known)
    state = states(held, moment)
    return newest_first(one for one in held if one.speaks and state[one.triple] == PUBLISHED)


def newest_first(known: Iterable[Known]) -> list[Known]:
    return sorted(known, key=lambda one: (one.sent, one.triple), reverse=True)


def chain_of(start: Iterable[Triple], known: Iterable[Known]) -> list[Known]:
    """Every message that is joined to one of these by references, over any number of steps, in either direction."""
    held = {one.triple: one for one in known}
    beside: dict[Triple, set[Triple]] = {triple: set() for triple in held}
    for one in held.values():
        for named in one.references:
            if named in held:
                beside[one.triple].add(named)
                beside[named].add(one.triple)
    seen: set[Triple] = set()
    wave = [triple for triple in start if triple in held]
    while wave:
        here = wave.pop()
        if here not in seen:
            seen.add(here)
            wave += beside[here] - seen
    return newest_first(held[triple] for triple in seen)


def to_name(start: Iterable[Triple], known: Iterable[Known], moment: datetime) -> list[Triple]:
    """What an Update or Cancel made now must name: all messages of the chain that have not expired, oldest first."""
    return [one.triple for one in reversed(chain_of(start, known)) if not one.over(moment)]


def in_feed(known: Iterable[Known], moment: datetime) -> list[Known]:
    """What a feed carries, newest first: what nothing newer has taken the place of, while its chain has not expired.

    An Update or a Cancel stays until the last message of its chain has run out, so that nobody misses it.
    """
    held = list(known)
    state = states(held, moment)
    kept = []
    for one in held:
        if state[one.triple] in (UPDATED, CANCELLED):
            continue
        if any(not other.over(moment) for other in chain_of([one.triple], held)):
            kept.append(one)
    return newest_first(kept)


def turns(known: Iterable[Known], moment: datetime) -> list[datetime]:
    """The moments ahead at which feeds and pages change by themselves, in order."""
    return sorted({one.expires for one in known if one.expires is not None and one.expires > moment})
