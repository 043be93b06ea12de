"""What was sent about a case, and what did not arrive."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import QuerySet

from maehia.kit import clock
from maehia.kit.acting import acting
from maehia.message.models import Attempt, Message

State = Message.State
TROUBLE = (State.PERMANENT, State.TECHNICAL, State.HELD)
TROUBLE_DAYS = 7


@dataclass(frozen=True, slots=True)
class Sent:
    """One message about a case, as its people may see it: no address, no words."""

    id: UUID
    template: str
    state: str
    state_label: str
    channel: str
    created_at: datetime
    done_at: datetime | None
    attempts: tuple[Attempt, ...]


def attempts_about(about: UUID) -> list[Sent]:
    """The messages about a case with every attempt, oldest first, under the context at hand."""
    rows = Message.objects.filter(about=about).order_by("created_at").prefetch_related("attempts")
    return [
        Sent(row.id, row.template, row.state, str(State(row.state).label), row.channel, row.created_at, row.done_at,
             tuple(row.attempts.all()))
        for row in rows.defer("recipient", "body", "payload")
    ]  # fmt: skip


def messages_of(account_key: str) -> QuerySet[Message]:
    """What was sent to an account, newest first. The caller acts as the sender (system:message)."""
    from maehia.message.actions.queue import address_index

    return Message.objects.filter(recipient_index=address_index(account_key)).order_by("-created_at")


def troubled(since: datetime | None = None) -> QuerySet[Message]:
    """Live messages of the last days that did not arrive."""
    since = since or clock.now() - timedelta(days=TROUBLE_DAYS)
    return Message.objects.filter(state__in=TROUBLE, created_at__gte=since)


def troubled_count() -> int:
    """For the list of tasks: only a count leaves here."""
    with acting("system:message", "message.send"):
        return troubled().count()
