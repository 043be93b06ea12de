"""What we tell Traffy: rows of an outbox, each sent once. Only what began here goes out.

Caps, a stop per ticket and a stop for the quota keep two systems that disagree from calling each other for ever.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from maehia.kit.acting import acting
from maehia.kit.clock import now
from maehia.services.models import Case, CaseEvent, Peer, PeerOut, PeerTicket, Service
from maehia.services.peers.traffy import link, maps
from maehia.services.peers.traffy.client import FORWARD, Client, local_time
from maehia.services.peers.traffy.taking import ORIGIN, mark_of
from maehia.services.peers.traffy.wire import TraffyError

HOUR = timedelta(hours=1)
HELD = timedelta(minutes=5)  # by one sender, before another one tries
AT_ONCE = 50
MOST_TRIES = 10
FORWARDED = "ส่งต่อ"
STOPPED = "เปลี่ยนสถานะกลับไปมาหลายครั้งใน 1 ชั่วโมง จึงหยุดส่งจนกว่าเจ้าหน้าที่จะดู"


def gather(row: Peer) -> int:
    """Put what is new into the outbox. Returns how many rows were added."""
    if not row.sends_out:
        return 0
    with acting(link.BY, link.PURPOSE):
        return _new_cases(row) + _lines(row, "state", PeerOut.Kind.STATE) + _lines(row, "note", PeerOut.Kind.COMMENT)


def _new_cases(row: Peer) -> int:
    """Published open cases of ours, of the services that the town sends there. Never one that came from there."""
    tickets = PeerTicket.objects.filter(peer=row, case=OuterRef("pk"))
    found = Case.objects.filter(
        service_id__in=row.services, kind="report", is_public=True, is_confidential=False, state_type="open",
        mode="live", recorded_at__gte=row.since, public_point__isnull=False,
    ).exclude(origin=ORIGIN).exclude(Exists(tickets)).order_by("recorded_at")[:AT_ONCE]  # fmt: skip
    for case in found:
        ticket = PeerTicket.objects.create(peer=row, case=case)
        PeerOut.objects.create(ticket=ticket, kind=PeerOut.Kind.NEW, made_at=now(), next_at=now())
    return len(found)


def _lines(row: Peer, kind: str, out: str) -> int:
    """Lines of history that people here wrote since the case has a ticket there."""
    sent = PeerOut.objects.filter(ticket__case_id=OuterRef("case_id"), ticket__peer=row, kind=out, seq=OuterRef("seq"))
    events: QuerySet[CaseEvent] = CaseEvent.objects.filter(
        case__peer_tickets__peer=row, kind=kind, is_public=True, recorded_at__gte=row.since
    )
    if out == PeerOut.Kind.COMMENT:
        # Words of a case that is shown to nobody any more stay here; so does each new count of the calendar.
        events = events.filter(case__is_public=True).exclude(case__state_type="hidden").exclude(actor="system:clock")
    events = events.exclude(origin=ORIGIN).exclude(actor=link.BY).exclude(Exists(sent)).order_by("id")
    tickets = dict(PeerTicket.objects.filter(peer=row).values_list("case_id", "pk"))
    rows = [
        PeerOut(ticket_id=tickets[event.case_id], kind=out, seq=event.seq, made_at=now(), next_at=now())
        for event in events[: AT_ONCE * 4]
    ]
    return len(PeerOut.objects.bulk_create(rows, ignore_conflicts=True))


def send_due(client: Client) -> int:
    """Send what is due, the oldest first, within the caps. Returns how many rows went."""
    sent = 0
    for _ in range(AT_ONCE):
        row = Peer.objects.get(pk=link.KEY)
        if not row.sends_out or link.is_spent(row):
            return sent
        with acting(link.BY, link.PURPOSE):
            out = _claim(row)
        if out is None:
            return sent
        with acting(link.BY, link.PURPOSE):
            if not _send(PeerOut.objects.select_related("ticket__case").get(pk=out.pk), row, client):
                return sent
            sent += PeerOut.objects.filter(pk=out.pk, sent_at__isnull=False).count()
    return sent


def _claim(row: Peer) -> PeerOut | None:
    """The next row, counted as tried before it is: a sender that dies has then left word that it may have been sent."""
    out = _next(row)
    if out is not None:
        out.tries, out.next_at = out.tries + 1, now() + HELD
        out.save(update_fields=["tries", "next_at"])
    return out


def _next(row: Peer) -> PeerOut | None:
    """The next row of a ticket that is not stopped and has nothing older waiting."""
    if PeerOut.objects.filter(ticket__peer=row, sent_at__gt=now() - HOUR).count() >= row.out_per_hour:
        link.went_wrong("ส่งครบจำนวนต่อชั่วโมงแล้ว ที่เหลือรอชั่วโมงถัดไป")
        return None
    open_rows = PeerOut.objects.filter(sent_at=None, failed_at=None)
    older = open_rows.filter(ticket=OuterRef("ticket_id"), id__lt=OuterRef("id"))
    due = open_rows.filter(ticket__peer=row, ticket__stopped="", next_at__lte=now()).exclude(Exists(older))
    return due.select_for_update(skip_locked=True, of=("self",)).select_related("ticket__case").order_by("id").first()


def _send(out: PeerOut, row: Peer, client: Client) -> bool:
    """Try one row. False: the link itself is in trouble, so the others wait too."""
    try:
        with transaction.atomic():
            KINDS[out.kind](out, row, client)
        out.sent_at = out.sent_at or now()
        out.error = ""
        link.went_well()
        going = True
    except TraffyError as error:
        going = _failed(out, error)
    out.save()
    return going


def _failed(out: PeerOut, error: TraffyError) -> bool:
    if error.message == STOPPED:
        PeerTicket.objects.filter(pk=out.ticket_id).update(stopped=STOPPED)
    out.error = str(error)[:300]
    out.next_at = now() + timedelta(minutes=min(2**out.tries, 360))
    link.went_wrong(str(error))
    if error.kind in ("input", "refused") or out.tries >= MOST_TRIES:
        out.failed_at = now()
        return True
    return False


def _new(out: PeerOut, row: Peer, client: Client) -> None:
    """A new ticket. After a try whose answer was lost, look whether it stands there before making another."""
    ticket, case = out.ticket, out.ticket.case
    if ticket.remote_id:
        return
    found = _look_for(case, row, client) if out.tries > 1 else ""
    point = case.public_point
    if not found and point is not None:
        made = client.new_issue(
            point.y, point.x, description=words_of(case), address=case.public_address,
            category_name_th=maps.type_of(case.service_id) or "อื่นๆ", client_ticket_id=case.number,
            client_timestamp=local_time(case.received_at), **({"org_id": row.org_id} if row.org_id else {}),
        )  # fmt: skip
        found = str(made.get("ticket_id") or "")
    if not found:
        raise TraffyError("network", "no ticket_id came")
    ticket.remote_id, ticket.state = found, ticket.state or "รอรับเรื่อง"
    ticket.save(update_fields=["remote_id", "state"])


def _look_for(case: Case, row: Peer, client: Client) -> str:
    mark = mark_of(case.number)
    return next((i.ticket_id for i in client.get_issues(row.org_id, "3days") if mark in i.description), "")


def words_of(case: Case) -> str:
    """Only what the public sees, and our number, by which the ticket is known again."""
    text = case.public_text or Service.objects.values_list("name_th", flat=True).get(pk=case.service_id)
    return f"{text} {mark_of(case.number)}"


def _state(out: PeerOut, row: Peer, client: Client) -> None:
    """A change of state, unless Traffy stands there already."""
    ticket, event = out.ticket, _event(out)
    word = maps.states().theirs(event.state) if ticket.case.kind == "report" else ""
    if not word or word == ticket.state:
        return
    if _changes(ticket) >= row.changes_per_ticket:
        raise TraffyError("refused", STOPPED)
    note = event.note if ticket.case.is_public else ""  # no longer shown here: the state alone goes on
    if word == FORWARDED and row.org_id.isdecimal():
        client.join_forward(ticket.remote_id, int(row.org_id), FORWARD, note=note)
    else:
        client.update_issue(ticket.remote_id, state_name=word, note=note)
    ticket.state = word
    ticket.save(update_fields=["state"])


def _changes(ticket: PeerTicket) -> int:
    recent = PeerOut.objects.filter(ticket=ticket, kind=PeerOut.Kind.STATE, sent_at__gt=now() - HOUR)
    return recent.count()


def _comment(out: PeerOut, row: Peer, client: Client) -> None:
    client.comment(out.ticket.remote_id, _event(out).note, "comment")


def _event(out: PeerOut) -> CaseEvent:
    return CaseEvent.objects.get(case_id=out.ticket.case_id, seq=out.seq)


KINDS: Mapping[str, Callable[[PeerOut, Peer, Client], None]] = {"new": _new, "state": _state, "comment": _comment}
