"""A call-out as pure rules: who is to be called now, by whom, and when the next deputy is due.

A post is called when the holder of the post above it has answered, or when nobody above can: then the nearest one
above who has answered calls, and in the end whoever started. Nobody waits for one who is silent.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

COMING, CANNOT, SILENT = "coming", "cannot", "silent"
ANSWERS = {
    COMING: ("มา", "Coming"), CANNOT: ("มาไม่ได้", "Cannot come"), SILENT: ("ไม่รับสาย", "No answer"),
}  # fmt: skip
WAITING, CALLING, REACHED, NOBODY = "waiting", "calling", "reached", "nobody"


@dataclass(frozen=True, slots=True)
class Post:
    """key, the post above it ("" = the starter calls), and its people in order."""

    key: str
    above: str
    people: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Try:
    """One call. answer: "" while it rings."""

    post: str
    person: str
    at: datetime
    answer: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """How a post stands. state: waiting (for the one above), calling, reached, nobody (all tried in vain).

    person: who holds it now, or was called last. caller: the person who calls, "" = the starter. next: who must be
    called now, "" = nobody; due: when the next deputy comes, if nobody answers.
    """

    post: Post
    state: str
    person: str = ""
    caller: str = ""
    next: str = ""
    due: datetime | None = None


def standings(posts: Sequence[Post], tries: Sequence[Try], now: datetime, patience: timedelta) -> dict[str, Standing]:
    """How every post stands now. posts form a forest; one whose post above is not there is called by the starter."""
    by_key = {post.key: post for post in posts}
    made: dict[str, list[Try]] = {}
    for one in tries:
        made.setdefault(one.post, []).append(one)
    found: dict[str, Standing] = {}

    def stand(post: Post) -> Standing:
        if post.key not in found:
            upper = stand(by_key[post.above]) if post.above in by_key else None
            caller = "" if upper is None else upper.person if upper.state == REACHED else upper.caller
            blocked = upper is not None and upper.state in (WAITING, CALLING)
            own = _own(post, made.get(post.key, []), now, patience, blocked=blocked)
            found[post.key] = replace(own, caller=caller)
        return found[post.key]

    for post in posts:
        stand(post)
    return found


def _own(post: Post, tries: list[Try], now: datetime, patience: timedelta, *, blocked: bool) -> Standing:
    coming = next((one for one in tries if one.answer == COMING), None)
    if coming:
        return Standing(post, REACHED, coming.person)
    if not tries and blocked:
        return Standing(post, WAITING)
    called = {one.person for one in tries}
    left = next((person for person in post.people if person not in called), "")
    ringing = sorted((one for one in tries if not one.answer), key=lambda one: one.at)
    if not ringing:
        return Standing(post, CALLING if left else NOBODY, next=left)
    last = ringing[-1]
    due = last.at + patience
    if not left:
        return Standing(post, NOBODY if due <= now else CALLING, last.person)
    return Standing(post, CALLING, last.person, next=left if due <= now else "", due=due)


def circle(posts: Sequence[Post]) -> str:
    """The key of a post that would wait for itself, "" when there is none."""
    above = {post.key: post.above for post in posts}
    for start in above:
        seen, here = set(), start
        while here in above:
            if here in seen:
                return start
            seen.add(here)
            here = above[here]
    return ""
