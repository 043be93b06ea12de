"""After a letter was handed over: its attempt, and what is next: done, again later, the next channel, or people."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import F

from maehia.base import Problem, ProblemError
from maehia.kit import clock
from maehia.kit.acting import acting
from maehia.message import rules, terms
from maehia.message.channels import Outcome
from maehia.message.models import Attempt, ConnectionState, Conversation, LineEvent, Message

if TYPE_CHECKING:
    from maehia.message.actions.send import Parcel

State = Message.State
CHANGED = ["state", "channel", "plan", "tries", "attempted", "next_at", "why", "done_at"]


def settle(parcels: Sequence[Parcel]) -> None:
    """Write the attempts of a batch and move its messages on. Purpose message.send."""
    attempts: list[Attempt] = []
    unsent: list[Message] = []
    arrived: dict[tuple[str, str], list[UUID]] = {}
    for parcel in parcels:
        for number, row in enumerate(parcel.rows):
            attempts.append(_attempt(row, parcel, first=number == 0))
            _move_on(row, parcel.channel, parcel.outcome)
            if parcel.outcome.ok:
                arrived.setdefault((parcel.channel, parcel.outcome.state), []).append(row.pk)
            else:
                unsent.append(row)
    Attempt.objects.bulk_create(attempts)
    for (channel, state), keys in arrived.items():  # nearly all of them, in one statement
        Message.objects.filter(pk__in=keys).update(
            state=state, channel=channel, why="", done_at=clock.now(), attempted=F("attempted") + 1
        )
    Message.objects.bulk_update(unsent, CHANGED, batch_size=500)
    _note(parcels)


def _attempt(row: Message, parcel: Parcel, *, first: bool) -> Attempt:
    """Only the first of those told together counts for the quota; the others say that they went along."""
    row.attempted += 1
    return Attempt(
        message=row, n=row.attempted, channel=parcel.channel, at=clock.now(), state=parcel.outcome.state,
        provider_code=parcel.outcome.code if first else "together", error=parcel.outcome.error[:200],
        units=parcel.outcome.units if first else 0, about=row.about, mode=row.mode,
    )  # fmt: skip


def _move_on(row: Message, channel: str, outcome: Outcome) -> None:
    """The next state of a message after an attempt."""
    now = clock.now()
    row.tries = row.tries + 1 if row.channel in {"", channel} else 1
    row.channel, row.why, row.state = channel, "", outcome.state
    if outcome.ok:
        row.done_at = now
        return
    again = rules.next_try(row.tries, terms.value("backoff.minutes"), now)
    if outcome.state == State.TEMPORARY and again:
        row.next_at = again
        return
    rest = (row.plan or [])[(row.plan or [channel]).index(channel) + 1 :]
    row.plan = rest
    if rest:  # given up on this channel: the next one, at once
        row.state, row.tries, row.next_at = State.QUEUED, 0, now
        row.channel = ""
    else:
        row.state = State.PERMANENT if outcome.state == State.TEMPORARY else outcome.state
        row.done_at, row.why = now, "given_up" if outcome.state == State.TEMPORARY else ""


def _note(parcels: Iterable[Parcel]) -> None:
    """How each link fared in this batch. A recipient who cannot be reached says nothing against the link."""
    for channel in {parcel.channel for parcel in parcels}:
        outcomes = [p.outcome for p in parcels if p.channel == channel]
        if any(outcome.ok for outcome in outcomes):
            note_success(channel)
        bad = next((o for o in outcomes if o.state in {State.TECHNICAL, State.TEMPORARY}), None)
        if bad:
            note_error(channel, bad.error or f"HTTP {bad.code}")


def note_success(key: str) -> None:
    """A link to another system has just worked."""
    ConnectionState.objects.update_or_create(key=key, defaults={"ok_at": clock.now()})


def note_error(key: str, code: str) -> None:
    """A link has just failed. code: what went wrong in a few words, without personal data."""
    ConnectionState.objects.update_or_create(key=key, defaults={"error_at": clock.now(), "error": code[:200]})


def resend(message_id: UUID) -> Message:
    """Begin again with a message, by hand: all its channels, a new count, a new retry key.

    Raises ProblemError: not_found, still_waiting. The caller acts under message.manage or services.desk.
    """
    from uuid import uuid4

    row = Message.objects.select_for_update().filter(pk=message_id).first()
    if row is None:
        raise ProblemError(Problem("not_found", "ไม่พบข้อความนี้"))
    if row.state in {State.QUEUED, State.SENDING}:
        raise ProblemError(Problem("still_waiting", "ข้อความนี้กำลังรอส่งอยู่แล้ว"))
    row.state, row.plan, row.tries, row.channel, row.why = State.QUEUED, None, 0, "", ""
    row.retry_key, row.next_at, row.done_at = uuid4(), clock.now(), None
    row.save(update_fields=[*CHANGED, "retry_key"])
    return row


def forget_old() -> int:
    """Erase the words of old chats, events that were worked on and drafts that nobody finished. Run by the worker."""
    before = clock.now() - timedelta(days=terms.number("chat.keep_days"))
    with acting("system:message", "message.send"):
        LineEvent.objects.filter(received_at__lt=before).delete()
        Conversation.objects.filter(updated_at__lt=before).delete()
        old = Message.objects.filter(template="line.chat", created_at__lt=before).exclude(recipient_index=None)
        return old.update(recipient="{}", recipient_index=None, body="", payload=None)


def forget(about: UUID) -> int:
    """Erase who and what of every message about a case; that it was sent stays. Returns how many."""
    return Message.objects.filter(about=about).update(recipient="{}", recipient_index=None, body="", payload=None)
