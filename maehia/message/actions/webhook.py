"""Events of LINE: stored once as they come, then worked on one by one, each with one effect."""

from __future__ import annotations

import json
import logging
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from typing import Any

from django.db import transaction

from maehia.kit import clock
from maehia.kit.acting import acting
from maehia.kit.jobs import enqueue
from maehia.message import terms
from maehia.message.actions.queue import ACTOR, PURPOSE, Recipient, address_index, new_row
from maehia.message.actions.send import Parcel, deliver, prepare, take
from maehia.message.actions.settle import settle
from maehia.message.channels.line import api, objects
from maehia.message.inbound import Inbound, Talk, moment
from maehia.message.models import Conversation, LineEvent, LineFollower, Message
from maehia.message.registry import inbound

CHAT, SORRY = "line.chat", "line.sorry"
ROUND = 200
logger = logging.getLogger(__name__)


def store(events: Sequence[Mapping[str, Any]], raw: bytes) -> int:
    """One row for each event, once for each of LINE's ids; asks a job to work on them. Returns how many are new."""
    digest, now = sha256(raw).digest(), clock.now()
    rows = [_row(event, digest) for event in events if str(event.get("webhookEventId", ""))]
    if not rows:
        return 0
    with acting(ACTOR, PURPOSE):
        before = LineEvent.objects.filter(webhook_event_id__in=[row.webhook_event_id for row in rows]).count()
        for row in rows:
            row.received_at = now
        LineEvent.objects.bulk_create(rows, ignore_conflicts=True)
        enqueue("message.inbound", actor=ACTOR, purpose=PURPOSE)
    return len(rows) - before


def _row(event: Mapping[str, Any], digest: bytes) -> LineEvent:
    read = Inbound.read(event)
    return LineEvent(
        webhook_event_id=read.id[:40], kind=read.kind[:40], source_user=read.user or None,
        user_index=address_index(read.user), event_at=moment(event.get("timestamp")), sha256=digest,
        payload=api.dumps(event),
    )  # fmt: skip


def work_on_new() -> int:
    """Work on all events that wait, each once, in the order in which they happened. Returns how many."""
    tried: list[int] = []
    while True:
        with acting(ACTOR, PURPOSE):
            new = LineEvent.objects.filter(state="new").exclude(pk__in=tried).order_by("event_at", "pk")
            waiting = list(new.values_list("pk", flat=True)[:ROUND])
        if not waiting:
            return len(tried)
        for pk in waiting:
            work_on(pk)
        tried += waiting


def work_on(pk: int) -> None:
    """One event: its handlers in one transaction, then the answer. One that fails is put aside with its error."""
    event = _read(pk)
    if event is None:
        return
    try:
        with transaction.atomic():
            token = _turn(pk, event)
    except Exception as error:  # noqa: BLE001 (whatever it was, the others must not wait behind it)
        _quarantine(pk, error)
        token = _sorry(event)
    if event.user and not event.standby:
        answer(event.user, token)


def _read(pk: int) -> Inbound | None:
    """The event, with its photo fetched before anything is locked."""
    with acting(ACTOR, PURPOSE):
        row = LineEvent.objects.filter(pk=pk, state="new").first()
    if row is None or row.payload is None:
        return None
    event = Inbound.read(json.loads(row.payload))
    if event.what == "image" and event.user and not event.standby:
        event = replace(event, photo=api.content(event.message_id))
    return event


def _turn(pk: int, event: Inbound) -> str:
    """Lock the event and the one who sent it, let the handlers answer, keep the answer. Returns the reply token."""
    with acting(ACTOR, PURPOSE):
        row = LineEvent.objects.select_for_update().filter(pk=pk, state="new").first()
        if row is None:
            return ""
        LineEvent.objects.filter(pk=pk).update(state="done", payload=None)
        if not event.user or (event.standby and event.kind not in {"follow", "unfollow"}):
            return ""
        talk = begin(event)
    before = api.dumps(talk.draft)
    for _key, handler in inbound:
        if handler(event, talk):
            break
    with acting(ACTOR, PURPOSE):
        if api.dumps(talk.draft) != before:
            _remember(event.user, talk.draft)
        return "" if event.standby else _keep_answer(event, talk)


def begin(event: Inbound) -> Talk:
    """The follower of an event, made when he writes for the first time, locked against a second event of his."""
    index = address_index(event.user)
    row, _ = LineFollower.objects.select_for_update().get_or_create(
        user_index=index, defaults={"line_user": event.user, "followed_at": event.at}
    )
    if event.kind == "message" and row.unfollowed_at and row.unfollowed_at < event.at:
        LineFollower.objects.filter(pk=row.pk).update(unfollowed_at=None)
    held = Conversation.objects.filter(user_index=index).first()
    return Talk(event.user, row.lang, row.moo, json.loads(held.state) if held else {})


def _remember(user: str, draft: dict[str, Any]) -> None:
    values = {"state": api.dumps(draft), "updated_at": clock.now()}
    Conversation.objects.update_or_create(user_index=address_index(user), defaults=values)


def _keep_answer(event: Inbound, talk: Talk) -> str:
    """Store what is to be said, and the token by which it is free. Returns the token while it is fresh."""
    until = event.at + timedelta(seconds=terms.number("line.reply_seconds"))
    fresh = event.reply_token if until > clock.now() else ""
    LineFollower.objects.filter(user_index=address_index(event.user)).update(
        reply_token=fresh or None, reply_until=until
    )
    if talk.objects:
        row = new_row(CHAT, talk.text, to=Recipient(line_user=event.user, wants=("line",)), lang=talk.lang)
        row.payload = api.dumps(talk.objects)
        row.save(force_insert=True)
    return fresh


def answer(user: str, token: str) -> None:
    """Send at once what waits for somebody who has just written: in one reply where LINE lets us, else as pushes."""
    with acting(ACTOR, PURPOSE):
        due = Message.objects.filter(
            recipient_index=address_index(user), state=Message.State.QUEUED, next_at__lte=clock.now()
        )
        parcels = prepare(take(due, objects.PER_CALL), token=token)
        if token and any(parcel.channel == "line" for parcel in parcels):
            LineFollower.objects.filter(user_index=address_index(user)).update(reply_token=None)
    joined = in_one(parcels)
    deliver(joined)
    with acting(ACTOR, PURPOSE):
        settle(joined)


def in_one(parcels: Sequence[Parcel]) -> list[Parcel]:
    """Letters to one LINE user as one letter, the answer to what he said last."""
    line = [parcel for parcel in parcels if parcel.channel == "line"]
    if len(line) < 2:
        return list(parcels)
    line.sort(key=lambda parcel: parcel.rows[0].template == CHAT)
    every = tuple(one for p in line for one in (p.letter.objects or objects.texts_of(p.letter.text)))
    whole = replace(
        line[-1], rows=[row for p in line for row in p.rows], letter=replace(line[-1].letter, objects=every)
    )
    return [parcel for parcel in parcels if parcel.channel != "line"] + [whole]


def _quarantine(pk: int, error: Exception) -> None:
    """The place in the code is written down, never the words: they may be a citizen's."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    where = f"{type(error).__name__} at {last.filename.rpartition('/maehia/')[2]}:{last.lineno}"
    logger.error("line event %s: %s", pk, where)
    with acting(ACTOR, PURPOSE):
        LineEvent.objects.filter(pk=pk).update(state="quarantined", error=where[:200])


def _sorry(event: Inbound) -> str:
    """Nobody is left without an answer."""
    if not event.user or event.standby:
        return ""
    with acting(ACTOR, PURPOSE):
        talk = begin(event)
        talk.tell(SORRY)
        return _keep_answer(event, talk)


def retry_quarantined(pk: int) -> None:
    """Work on a put-aside event once more. The caller acts under message.manage."""
    LineEvent.objects.filter(pk=pk, state="quarantined").update(state="new", error="")
    enqueue("message.inbound", actor=ACTOR, purpose=PURPOSE)
