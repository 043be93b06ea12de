"""Nobody leaves a post without having written down what was done there (the lesson of Maui 2023, ICS 214)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

NO_ACTIVITY = frozenset({"post", "shift"})  # that somebody came or went says nothing about what was done


@dataclass(frozen=True, slots=True)
class Held:
    """A post as somebody held it in a shift. ends: None while it is held."""

    role: str
    actor: str
    starts: datetime
    ends: datetime | None = None

    def covers(self, moment: datetime) -> bool:
        return self.starts <= moment and (self.ends is None or moment <= self.ends)


@dataclass(frozen=True, slots=True)
class Written:
    """A line of the log as far as it tells who did something when. value["post"]: for which post it was written."""

    kind: str
    actor: str
    event_at: datetime
    value: Mapping[str, Any]


def belongs(line: Written, held: Held, posts_of_actor: int) -> bool:
    """Whether a line is an entry of a post: written for it by name, or done by one who held only this one."""
    if line.kind in NO_ACTIVITY or not held.covers(line.event_at):
        return False
    named = line.value.get("post")
    if named:
        return bool(named == held.role)
    return line.actor == held.actor and posts_of_actor == 1


def posts_of(held: Iterable[Held]) -> dict[str, int]:
    """How many different posts each actor held."""
    roles: dict[str, set[str]] = {}
    for one in held:
        roles.setdefault(one.actor, set()).add(one.role)
    return {actor: len(found) for actor, found in roles.items()}


def silent(held: Sequence[Held], lines: Sequence[Written]) -> list[str]:
    """Posts that were held in a shift and of which the log says nothing, in the order in which they were taken."""
    many = posts_of(held)
    spoken = {one.role for one in held if any(belongs(line, one, many[one.actor]) for line in lines)}
    return list(dict.fromkeys(one.role for one in held if one.role not in spoken))
