"""The sender: takes up what is due, hands it to the channels outside of any transaction, writes down each attempt.

    send_due()  ->  claim (locked, marked as held by us for some minutes)  ->  deliver  ->  settle

A sender that dies leaves rows that are due again when their time is over; LINE knows them by their retry key.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, connections, transaction

from maehia.kit import clock
from maehia.kit.acting import acting
from maehia.message import rules, terms
from maehia.message.actions.queue import ACTOR, PURPOSE, Recipient
from maehia.message.actions.reach import Reach, plan_of, reach
from maehia.message.actions.settle import settle
from maehia.message.channels import EVERY, Letter, Outcome
from maehia.message.channels.line import objects as line_objects
from maehia.message.models import LineFollower, Message
from maehia.message.models.outbox import WAITING
from maehia.message.queries.quota import used_this_month
from maehia.message.registry import quick

BATCH = 200
HELD = timedelta(minutes=10)
State = Message.State


@dataclass(slots=True)
class Parcel:
    """One letter on its way, and the messages that it carries (several when they are told together)."""

    rows: list[Message]
    to: Recipient
    channel: str
    letter: Letter
    outcome: Outcome = field(default_factory=lambda: Outcome(""))


@dataclass(slots=True)
class Batch:
    """What holds for one batch: channels that are on, a reply token, what was used this month and taken since."""

    on: set[str]
    token: str = ""
    used: dict[str, int] = field(default_factory=dict)
    taken: dict[str, int] = field(default_factory=dict)

    def room(self, channel: str, *, urgent: bool) -> int:
        """What may still be sent by a channel this month."""
        if f"{channel}.quota" not in terms.defaults():
            return 10**9
        if channel not in self.used:
            self.used[channel] = used_this_month(channel)
        used = self.used[channel] + self.taken.get(channel, 0)
        return rules.room(terms.number(f"{channel}.quota"), used, terms.number("reserve.percent"), urgent=urgent)


def send_all() -> int:
    """Send whatever is due, batch after batch. Run by the worker every minute; returns how many letters went."""
    total = 0
    for mode in ("live", "exercise"):
        while sent := send_due(mode):
            total += sent
    return total


def send_due(mode: str = "live", limit: int = BATCH) -> int:
    """One batch: how many messages were taken up."""
    with acting(ACTOR, PURPOSE, mode=mode):
        rows = take(Message.objects.filter(next_at__lte=clock.now(), state__in=WAITING), limit)
        parcels = prepare(rows)
    deliver(parcels)
    with acting(ACTOR, PURPOSE, mode=mode):
        settle(parcels)
    return len(rows)


def take(due: Any, limit: int) -> list[Message]:
    """Lock what is due and hold it for us; with it what the same people are told together with it.

    Nobody else's letters of that case: one who writes into the chat gets all that is taken up in one reply.
    Another sender skips what we hold.
    """
    rows = list(due.select_for_update(skip_locked=True).order_by("-urgent", "next_at")[:limit])
    together = [row.about for row in rows if row.about and not row.payload]
    if together:
        same = {"about__in": together, "recipient_index__in": [row.recipient_index for row in rows]}
        more = Message.objects.filter(bundle=True, state=State.QUEUED, **same).exclude(pk__in=[row.pk for row in rows])
        rows += list(more.select_for_update(skip_locked=True).order_by("created_at"))
    Message.objects.filter(pk__in=[row.pk for row in rows]).update(state=State.SENDING, next_at=clock.now() + HELD)
    return rows


def prepare(rows: Sequence[Message], *, token: str = "") -> list[Parcel]:
    """Decide for each message: wait, hold, or go by which channel.

    token: a fresh reply token of the recipient of all of them. He is looking, and a reply costs nothing.
    """
    now, parcels = clock.now(), []
    batch = Batch({key for key, channel in EVERY.items() if channel.state() != "off"}, token)
    quiet = None if token else rules.quiet_until(now, *terms.quiet_hours())
    for group in _together(reach(rows)):
        if quiet and not group[0].message.urgent:
            postpone(group, quiet)
            continue
        plan = group[0].message.plan
        for one in group:
            one.message.plan = list(plan_of(group[0], batch.on) if plan is None else plan)
        parcel = _parcel(group, batch, now)
        if parcel:
            parcels.append(parcel)
    return parcels


def _together(found: Iterable[Reach]) -> list[list[Reach]]:
    """Messages in groups that go out as one: all that is due about one case for one person, oldest first."""
    groups: dict[Any, list[Reach]] = {}
    for one in sorted(found, key=lambda r: (r.message.created_at, not r.message.bundle)):
        row = one.message
        together = (
            # What a dead sender held goes as it was: LINE knows its retry key and takes no new text under it.
            (row.about, bytes(row.recipient_index or b""), row.tries, row.state == State.SENDING)
            if row.about and not row.payload
            else row.pk
        )
        groups.setdefault(together, []).append(one)
    return sorted(groups.values(), key=lambda group: (not group[0].message.urgent, group[0].message.created_at))


def postpone(group: Sequence[Reach], until: datetime) -> None:
    Message.objects.filter(pk__in=[one.message.pk for one in group]).update(state=State.QUEUED, next_at=until)


def _parcel(group: Sequence[Reach], batch: Batch, now: datetime) -> Parcel | None:
    """The letter of a group by the first channel whose quota has room; None when it must be held."""
    one, why = group[0], "no_channel"
    text = "\n\n".join(dict.fromkeys(each.message.body for each in group))
    for name in one.message.plan or []:
        channel, token = EVERY[name], (batch.token or _reply_token(one, now)) if name == "line" else ""
        units = 0 if token else channel.units(text)
        if batch.room(name, urgent=one.message.urgent) >= units:
            batch.taken[name] = batch.taken.get(name, 0) + units
            objects = _objects(group, text) if name == "line" else ()
            letter = Letter(channel.address(one.to), text, one.message.lang, one.message.retry_key, objects, token)
            return Parcel([each.message for each in group], one.to, name, letter)
        why = "quota"
    hold(group, why, now)
    return None


def hold(group: Sequence[Reach], why: str, now: datetime) -> None:
    """Keep messages for people to look at; those without quota come up again next month."""
    later = {"state": State.QUEUED, "next_at": rules.next_month(now)} if why == "quota" else {"state": State.HELD}
    exercise = group[0].message.mode != "live"
    Message.objects.filter(pk__in=[one.message.pk for one in group]).update(
        why="exercise" if exercise else why, plan=None, **later
    )


def _reply_token(one: Reach, now: datetime) -> str:
    """The follower's unused token, while it is fresh; it is taken away, for it works once."""
    follower = one.follower
    if follower is None or not follower.reply_token or not follower.reply_until or follower.reply_until <= now:
        return ""
    token, follower.reply_token = str(follower.reply_token), None
    LineFollower.objects.filter(pk=follower.pk).update(reply_token=None)
    return token


def _objects(group: Sequence[Reach], text: str) -> tuple[dict[str, Any], ...]:
    """LINE objects of a group: what was prepared, or its text with what can be tapped under it; () = plain text."""
    last = group[-1].message
    if len(group) == 1 and last.payload:
        return tuple(json.loads(last.payload))
    items = quick.of(last.template, last.about, last.lang)
    if not items:
        return ()
    *before, end = line_objects.texts_of(text)
    return (*before, line_objects.with_quick(end, items))


def deliver(parcels: Sequence[Parcel]) -> None:
    """Hand every letter to its channel. Several at a time where a real provider is behind it."""
    wide = terms.number("line.parallel")
    alone = connection.in_atomic_block or wide < 2 or len(parcels) < 2
    if alone or "fake" in {EVERY[name].state() for name in {p.channel for p in parcels}}:
        for parcel in parcels:
            _hand_over(parcel)
        return
    with ThreadPoolExecutor(wide) as pool:
        list(pool.map(_hand_over_and_close, parcels))


def _hand_over_and_close(parcel: Parcel) -> None:
    try:
        _hand_over(parcel)
    finally:
        connections.close_all()


def _hand_over(parcel: Parcel) -> None:
    try:
        with transaction.atomic() if connection.in_atomic_block else nullcontext():
            parcel.outcome = EVERY[parcel.channel].send(parcel.letter)
    except Exception as error:  # noqa: BLE001 (one letter never stops the others; its class is written down)
        parcel.outcome = Outcome(State.TECHNICAL, "", type(error).__name__)
