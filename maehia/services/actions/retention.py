"""What is erased when: by the years of the service's definition after the end of a case, with a preview.

An erased case leaves a tombstone: number, service, months and rule. Its words, people, files and history go; the row
stays as `erased`, so that counts and links do not break.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Q

from maehia.forms import actions as forms
from maehia.kit.acting import acting
from maehia.kit.clock import now
from maehia.message import actions as messages
from maehia.services.actions.base import STATE_COLUMNS, append, locked, save, set_state
from maehia.services.models import (
    BookingFor,
    Case,
    CaseDetail,
    CaseEvent,
    CaseLink,
    CaseSecret,
    ClockPause,
    CounterVisit,
    Party,
    PeerHint,
    PeerTicket,
    TicketFor,
    Tombstone,
)
from maehia.services.queries.current import definition_of
from maehia.services.rules.chain import START

DRAFT_DAYS = 30
DAYS_OF_A_YEAR = 365.25
BATCH = 500
BY, PURPOSE = "system:clock", "system.retention"  # the one purpose here that may take lines of a history away


@dataclass(frozen=True, slots=True)
class Due:
    """A case that tonight's run erases, and by which rule."""

    case_id: UUID
    number: str
    service: str
    state: str
    closed_at: datetime | None
    rule: str


def due_tonight(at: datetime | None = None, most: int = BATCH) -> list[Due]:
    """What a run at this moment would erase, oldest first, at most so many."""
    moment = at or now()
    found: list[Due] = []
    for one in _due(moment):
        found.append(one)
        if len(found) >= most:
            break
    return found


def _due(moment: datetime) -> Iterator[Due]:
    drafts = Case.objects.filter(state="draft", received_at__lt=moment - timedelta(days=DRAFT_DAYS))
    for case in drafts.order_by("received_at").iterator(BATCH):
        yield Due(case.pk, case.number, case.service_id, case.state, None, f"draft.{DRAFT_DAYS}d")
    ended = Case.objects.filter(state_type__in=("closed", "fixed"), closed_at__isnull=False).order_by("closed_at")
    for case in ended.select_related("definition").defer("definition__definition").iterator(BATCH):
        keep = definition_of(case).retention
        if case.closed_at and case.closed_at < moment - timedelta(days=keep.years * DAYS_OF_A_YEAR):
            yield Due(case.pk, case.number, case.service_id, case.state, case.closed_at, f"{keep.action}.{keep.years}y")


def run(at: datetime | None = None) -> int:
    """Erase what is due; how many. Each case in a transaction of its own, so that one that fails keeps none alive."""
    batch, erased = uuid4(), 0
    with acting(BY, PURPOSE):
        due = due_tonight(at)
    for one in due:
        with acting(BY, PURPOSE):
            erased += erase(one.case_id, rule=one.rule, batch=batch, state=one.state)
    return erased


@transaction.atomic
def erase(case_id: UUID, *, rule: str, batch: UUID, by: str = BY, state: str = "") -> bool:
    """Erase one case: people, words, files and history; what the town must count stays. Needs system.retention.

    state: as it was listed; a case that was opened again since is left alone (False).
    """
    case = locked(case_id)
    if state and case.state != state:
        return False
    Tombstone.objects.create(
        number=case.number, service_code=case.service_id, month_received=case.received_at.date().replace(day=1),
        month_closed=case.closed_at.date().replace(day=1) if case.closed_at else None, state=case.state, rule=rule,
        batch=batch, erased_at=now(),
    )  # fmt: skip
    forms.erase_about(case.pk)
    Party.objects.filter(case_id=case.pk).delete()
    CaseSecret.objects.filter(case_id=case.pk).delete()
    ClockPause.objects.filter(case_id=case.pk).update(cause="")
    CaseLink.objects.filter(Q(child_id=case.pk) | Q(parent_id=case.pk)).update(why="")
    CaseEvent.objects.filter(case_id=case.pk).delete()
    CaseDetail.objects.filter(case_id=case.pk).update(
        description="", point=None, address="", answers={}, suggested=[], trace=[]
    )
    _forget_around(case)
    set_state(case, "erased")
    case.version, case.head = 0, START
    case.public_text = case.public_address = case.last_note = ""
    case.person_key = case.place_key = case.assignee = None
    append(case, "erased", by=by, state="erased", value={"rule": rule}, is_public=False)
    save(case, *STATE_COLUMNS, "public_text", "public_address", "last_note", "person_key", "place_key",
         "assignee")  # fmt: skip
    return True


def _forget_around(case: Case) -> None:
    """Who was told about the case, came or booked for it, and what a peer passed on of its talk."""
    messages.forget(case.pk)
    visits = TicketFor.objects.filter(case_id=case.pk)
    CounterVisit.objects.filter(ticket_id__in=visits.values("ticket_id")).update(
        person_key=None, helper_key=None, helper_name=None
    )
    visits.update(person_key=None)
    booked = BookingFor.objects.filter(case_id=case.pk)
    for booking in booked.values_list("booking_id", flat=True):
        messages.forget(booking)
    booked.update(name=None, phone=None, email=None, line_user=None, person_key=None)
    for ticket in PeerTicket.objects.filter(case_id=case.pk).exclude(remote_id=""):
        PeerHint.objects.filter(peer_id=ticket.peer_id, remote_id=ticket.remote_id).update(words=None)
