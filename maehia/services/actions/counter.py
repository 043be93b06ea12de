"""A visit at the counter: it begins empty, belongs to one person, and leaves nothing to the next."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from maehia.access.actions import log_read
from maehia.city.models import Person
from maehia.kit import clock
from maehia.services.actions import queue
from maehia.services.actions.opening import Contact, new_party
from maehia.services.actions.queue import refused
from maehia.services.actions.talking import add_note
from maehia.services.models import Case, CounterVisit, Desk, Ticket

MIN_PAPER = 3


@transaction.atomic
def begin(account_id: UUID, ticket_id: UUID | None = None) -> CounterVisit:
    """Begin with somebody new. What was open before is ended, so nothing of it can be seen any more."""
    CounterVisit.objects.select_for_update(of=("self",)).filter(account_id=account_id, ended_at=None).update(
        ended_at=clock.now()
    )
    ticket = Ticket.objects.filter(pk=ticket_id, state="serving").first() if ticket_id else None
    desk = Desk.objects.filter(opened_by=account_id).first()
    visit = CounterVisit(account_id=account_id, ticket=ticket, desk=desk, started_at=clock.now())
    about = getattr(ticket, "about", None)
    if about and about.person_key:  # she said who she is when she booked
        visit.person_key = about.person_key
        log_read("person", [about.person_key], via="counter")
    visit.save(force_insert=True)
    return visit


@transaction.atomic
def choose_person(visit: CounterVisit, person_key: UUID) -> CounterVisit:
    """Whom the visit is for. One visit has one person: another one is another visit. Raises other_person, no_person."""
    if visit.person_key not in {None, person_key}:
        raise refused("other_person", "การบริการนี้เป็นของอีกคนหนึ่ง", fix="จบการบริการนี้ก่อน แล้วเริ่มรายใหม่")
    if not Person.objects.filter(pk=person_key).exists():
        raise refused("no_person", "ไม่พบบุคคลนี้", fix="ค้นหาใหม่อีกครั้ง")
    visit.person_key = person_key
    visit.save(update_fields=["person_key"])
    if visit.ticket_id:
        queue.bind_case(visit.ticket_id, None, person_key)
    return visit


@transaction.atomic
def set_helper(visit: CounterVisit, name: str, paper: str) -> CounterVisit:
    """Somebody came in her stead: who, and the paper that was shown. Raises ProblemError no_paper."""
    if len(paper.strip()) < MIN_PAPER or not name.strip():
        raise refused("no_paper", "ต้องบอกชื่อผู้มาแทนและเอกสารที่แสดง", fix="เช่น หนังสือมอบอำนาจลงวันที่ 20 พ.ย. 2569")
    visit.helper_name, visit.paper = name.strip()[:120], paper.strip()[:200]
    visit.save(update_fields=["helper_name", "paper"])
    return visit


@transaction.atomic
def note_case(visit: CounterVisit, case: Case, *, by: str) -> None:
    """Tie a case that was opened in this visit to its ticket, and say on it who came in her stead."""
    if visit.ticket_id:
        queue.bind_case(visit.ticket_id, case.pk, visit.person_key)
    if visit.helper_name:
        party = new_party(case, Contact(name=visit.helper_name, role="carer"), "carer")
        party.save(force_insert=True)
        words = f"{visit.helper_name} มายื่นแทน เอกสารที่แสดง: {visit.paper}"
        add_note(case.pk, words, by=by, public=False)


@transaction.atomic
def end(visit: CounterVisit, *, served: bool = True) -> None:
    """End the visit, and with it the ticket at the desk."""
    CounterVisit.objects.filter(pk=visit.pk, ended_at=None).update(ended_at=clock.now())
    if visit.ticket_id and served and Ticket.objects.filter(pk=visit.ticket_id, state="serving").exists():
        queue.finish(visit.ticket_id)
