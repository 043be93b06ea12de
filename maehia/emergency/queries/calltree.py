"""Reading call trees and call-outs. Inside a purpose that reads incidents."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from maehia.emergency.models import CallPost, CallRun, CallTree, CallTry, Contact
from maehia.emergency.queries.readiness import account_names, name_of
from maehia.emergency.rules import calltree as rules
from maehia.emergency.rules.calltree import Post, Standing, Try


@dataclass(frozen=True, slots=True)
class Called:
    """One person who was rung, as the page shows it. seconds: from the call to the answer."""

    contact: UUID
    name: str
    phone: str
    rank: int
    called_at: datetime
    answer: str
    answered_at: datetime | None
    note: str

    @property
    def seconds(self) -> int | None:
        return int((self.answered_at - self.called_at).total_seconds()) if self.answered_at else None


@dataclass(frozen=True, slots=True)
class Row:
    """A post of a call-out: how it stands, who rings (name, "" = the starter), and who was rung in order."""

    post: CallPost
    depth: int
    standing: Standing
    caller: str
    called: tuple[Called, ...]


def trees(*, everything: bool = False) -> list[CallTree]:
    rows = CallTree.objects.order_by("name")
    return list(rows if everything else rows.filter(active=True))


def tree_posts(tree: CallTree, run: CallRun | None = None) -> list[CallPost]:
    """Posts of a tree that are in use (or were used in a call-out), callers before those they ring."""
    rows = CallPost.objects.filter(tree=tree).prefetch_related("people").order_by("order", "name")
    used = set(CallTry.objects.filter(run=run).values_list("post_id", flat=True)) if run else set()
    return _downwards([row for row in rows if row.removed_at is None or row.pk in used])


def _downwards(rows: list[CallPost]) -> list[CallPost]:
    keys, found = {row.pk for row in rows}, []
    wave = [row for row in rows if row.caller_id not in keys]
    while wave:
        row = wave.pop(0)
        found.append(row)
        wave = [one for one in rows if one.caller_id == row.pk] + wave
    # A circle has no top: what is left is listed all the same, so that somebody can mend it.
    return found + [row for row in rows if row not in found]


def posts_of(tree: CallTree, run: CallRun | None = None) -> list[Post]:
    """The tree as the rules read it."""
    return [Post(str(row.pk), str(row.caller_id or ""), tuple(str(one.contact_id) for one in row.people.all()))
            for row in tree_posts(tree, run)]  # fmt: skip


def standing(run: CallRun, moment: datetime) -> list[Standing]:
    """How every post of a call-out stands at a moment."""
    tries = [Try(str(t.post_id), str(t.contact_id), t.called_at, t.answer) for t in CallTry.objects.filter(run=run)]
    found = rules.standings(posts_of(run.tree, run), tries, moment, timedelta(minutes=run.minutes))
    return list(found.values())


def rows_of(run: CallRun, moment: datetime) -> list[Row]:
    """The call-out as its page shows it."""
    stands = {one.post.key: one for one in standing(run, moment)}
    tries = list(CallTry.objects.filter(run=run).select_related("contact").order_by("called_at", "rank"))
    names = account_names([one.contact for one in tries])
    named = {str(one.contact_id): name_of(one.contact, names) for one in tries}
    called: dict[UUID, list[Called]] = {}
    for one in tries:
        called.setdefault(one.post_id, []).append(_called(one, named[str(one.contact_id)]))
    found: list[Row] = []
    depths: dict[UUID | None, int] = {}
    for post in tree_posts(run.tree, run):
        depths[post.pk] = depths.get(post.caller_id, -1) + 1
        own = stands[str(post.pk)]
        found.append(Row(post, depths[post.pk], own, named.get(own.caller, ""), tuple(called.get(post.pk, ()))))
    return found


def _called(one: CallTry, name: str) -> Called:
    return Called(one.contact_id, name, one.contact.phone or "", one.rank, one.called_at, one.answer, one.answered_at,
                  one.note)  # fmt: skip


def open_runs() -> list[CallRun]:
    return list(CallRun.objects.filter(ended_at=None).select_related("tree", "incident").order_by("-started_at"))


def last_runs(limit: int = 20) -> list[CallRun]:
    return list(CallRun.objects.select_related("tree", "incident").order_by("-started_at")[:limit])


def waiting_for(contact: Contact) -> list[CallTry]:
    """Calls to somebody that nobody has answered yet."""
    return list(
        CallTry.objects.filter(contact=contact, answer="", run__ended_at=None).select_related(
            "run", "post", "run__tree"
        )
    )
