"""The verbs of the queue: taking a ticket, calling, serving, holding, passing on, ending the day.

Each runs in one transaction under the lock of the day, so that two desks never call the same ticket and the last
place is given once. Time is kept in periods: the one at hand is closed, the next one opened, at the same moment.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import connection, transaction

from maehia.base import BANGKOK, Problem, ProblemError
from maehia.kit import clock
from maehia.kit.acting import Scope, acting
from maehia.kit.series import next_number
from maehia.services.models import Desk, Period, QueueGroup, QueueRules, Ticket, TicketFor
from maehia.services.queries import queue as queries
from maehia.services.rules.capacity import can_take
from maehia.services.rules.queue import AT_DESK, TIMED, may, next_of

LOCK_CLASS = 4477  # one lock per day, shared by tickets and appointments: they take from the same desks


def refused(code: str, what: str, where: str = "", fix: str = "") -> ProblemError:
    return ProblemError(Problem(code, what, where, fix))


def lock_day(day: date) -> None:
    """Wait until nobody else gives out or calls anything of this day; until the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK_CLASS, day.toordinal()])


def take_as_visitor(group: str, *, by: str, ticket_id: UUID | None = None, **asked: Any) -> Ticket:
    """A ticket for somebody who sees nothing but it: on her phone or at the kiosk. by: "device:<id>" or an account.

    asked: channel, priority, lang, case_id of `take`.
    """
    ticket_id = ticket_id or uuid4()
    with acting(by, "services.report", scope=Scope.subject(ticket_id)):
        return take(group, ticket_id=ticket_id, **asked)


@transaction.atomic
def take(
    group: str,
    *,
    channel: str = "walk_in",
    priority: str = "",
    lang: str = "th",
    case_id: UUID | None = None,
    person_key: UUID | None = None,
    ticket_id: UUID | None = None,
) -> Ticket:
    """Give out the next number of a group. priority: key of the town's list; only its minutes are kept.

    Raises ProblemError: no_group, closed_today, full_today (nobody is let in whom the desks cannot serve today).
    """
    now, rules = clock.now(), queries.rules_now()
    day = now.astimezone(BANGKOK).date()
    lock_day(day)
    chosen = _group(group)
    left = queries.left_of(day, rules, now)
    if not left:
        raise refused("closed_today", "วันนี้ปิดรับบัตรคิวแล้ว", fix="จองเวลาวันอื่น หรือยื่นเรื่องออนไลน์ได้ตลอดเวลา")
    booked = queries.booked_on(day)
    plan = queries.plan_of(rules, queries.groups_now())
    if not can_take([booked.get(slot, {}) for slot in left], queries.here_on(day), chosen.key, plan):
        raise refused("full_today", "คิวของบริการนี้เต็มแล้วสำหรับวันนี้", str(chosen), "จองเวลาวันอื่น หรือยื่นเรื่องออนไลน์ได้ตลอดเวลา")
    ticket = new_ticket(chosen, day, now, channel=channel, credit=credit_of(rules, priority), lang=lang, key=ticket_id)
    if case_id or person_key:
        TicketFor(ticket=ticket, case_id=case_id, person_key=person_key).save(force_insert=True)
    return ticket


def _group(key: str) -> QueueGroup:
    found = QueueGroup.objects.filter(pk=key, active=True).first()
    if found is None:
        raise refused("no_group", "ไม่มีกลุ่มบริการนี้", key, "เลือกจากรายการกลุ่มบริการ")
    return found


def credit_of(rules: QueueRules, priority: str) -> int:
    """Minutes of a priority; 0 for none and for one that the town does not have."""
    return next((int(row["minutes"]) for row in rules.priorities if row["key"] == priority), 0)


def new_ticket(
    group: QueueGroup,
    day: date,
    now: datetime,
    *,
    channel: str,
    credit: int = 0,
    lang: str = "th",
    key: UUID | None = None,
    booked_for: datetime | None = None,
) -> Ticket:
    """A row with the next number of the day, and its first period. The caller holds the lock of the day."""
    number = next_number(f"queue.{day:%Y%m%d}.{group.letter}", day.year + 543)
    ticket = Ticket(
        id=key or uuid4(), day=day, letter=group.letter, number=number, group=group, channel=channel, credit=credit,
        ranked_at=now, booked_for=booked_for, lang=lang,
    )  # fmt: skip
    ticket.save(force_insert=True)
    Period.objects.create(ticket=ticket, group=group, kind="waiting", start=now)
    return ticket


def locked(ticket_id: UUID) -> Ticket:
    """The ticket, locked. Raises ProblemError no_ticket."""
    found = Ticket.objects.select_for_update(of=("self",)).select_related("group", "desk").filter(pk=ticket_id).first()
    if found is None:
        raise refused("no_ticket", "ไม่พบบัตรคิวนี้")
    return found


def change(ticket: Ticket, to: str, *, desk: Desk | None = None, group: QueueGroup | None = None) -> Ticket:
    """Move a locked ticket: close its period, open the next. Raises ProblemError queue_move."""
    if not may(ticket.state, to):
        here, there = (dict(Ticket._meta.get_field("state").flatchoices).get(s, s) for s in (ticket.state, to))
        raise refused("queue_move", f"บัตรคิวนี้อยู่ในสถานะ “{here}” จึงเปลี่ยนเป็น “{there}” ไม่ได้", queries.words_of(ticket),
                      "ดูหน้าคิวล่าสุดแล้วลองอีกครั้ง")  # fmt: skip
    now = clock.now()
    Period.objects.filter(ticket=ticket, end=None).update(end=now)
    ticket.state = to
    ticket.desk = desk if to in AT_DESK else None
    ticket.group = group or ticket.group
    if to in TIMED:
        Period.objects.create(ticket=ticket, group=ticket.group, kind=to, desk=ticket.desk, start=now)
    ticket.save(update_fields=["state", "desk", "group", "calls", "called_at", "ranked_at"])
    _follow_booking(ticket, to)
    return ticket


def _follow_booking(ticket: Ticket, to: str) -> None:
    """The appointment behind a ticket goes the same way."""
    from maehia.services.actions.booking import follow_ticket

    if ticket.channel == "booked":
        follow_ticket(ticket, to)


@transaction.atomic
def call_next(desk: Desk) -> Ticket | None:
    """Call whoever's turn it is at this desk; None when nobody waits for it. Raises ProblemError desk_busy."""
    now = clock.now()
    day = now.astimezone(BANGKOK).date()
    lock_day(day)
    if Ticket.objects.filter(desk=desk, state__in=AT_DESK).exists():
        raise refused("desk_busy", "ช่องนี้ยังมีผู้รับบริการอยู่", str(desk.number), "จบหรือพักรายเดิมก่อนเรียกคิวถัดไป")
    rules = queries.rules_now()
    groups = queries.served_groups().get(desk.number, frozenset())
    found = next_of(queries.waiting_on(day), groups, queries.fair_rule(rules), now)
    return call(locked(found.id), desk) if found else None


def call(ticket: Ticket, desk: Desk) -> Ticket:
    ticket.calls, ticket.called_at = ticket.calls + 1, clock.now()
    return change(ticket, "invited", desk=desk)


@transaction.atomic
def recall(ticket_id: UUID) -> Ticket:
    """Call the same one again: no new period, the screen speaks once more."""
    ticket = locked(ticket_id)
    if ticket.state != "invited":
        raise refused("queue_move", "เรียกซ้ำได้เฉพาะคิวที่เรียกแล้วและยังไม่มา", queries.words_of(ticket))
    ticket.calls += 1
    ticket.save(update_fields=["calls"])
    return ticket


@transaction.atomic
def start(ticket_id: UUID) -> Ticket:
    """She is at the desk."""
    ticket = locked(ticket_id)
    return change(ticket, "serving", desk=ticket.desk)


@transaction.atomic
def no_show(ticket_id: UUID) -> Ticket:
    return change(locked(ticket_id), "no_show")


@transaction.atomic
def hold(ticket_id: UUID) -> Ticket:
    """She fetches something and comes back without a new turn; the desk is free meanwhile."""
    return change(locked(ticket_id), "hold")


@transaction.atomic
def resume(ticket_id: UUID, desk: Desk) -> Ticket:
    """Back from hold, at a desk that is free."""
    ticket = locked(ticket_id)
    if Ticket.objects.filter(desk=desk, state__in=AT_DESK).exists():
        raise refused("desk_busy", "ช่องนี้ยังมีผู้รับบริการอยู่", str(desk.number), "จบหรือพักรายเดิมก่อน")
    ticket.called_at = clock.now()
    return change(ticket, "serving", desk=desk)


@transaction.atomic
def put_back(ticket_id: UUID) -> Ticket:
    """Into the queue again: one called by mistake keeps her turn, one who did not come is counted from now."""
    ticket = locked(ticket_id)
    if ticket.state == "no_show":
        ticket.ranked_at = clock.now()
    return change(ticket, "waiting")


@transaction.atomic
def transfer(ticket_id: UUID, group: str) -> Ticket:
    """To another group of services; her turn is still counted from when she came."""
    ticket, chosen = locked(ticket_id), _group(group)
    return change(ticket, "waiting", group=chosen)


@transaction.atomic
def finish(ticket_id: UUID) -> Ticket:
    return change(locked(ticket_id), "done")


@transaction.atomic
def leave(ticket_id: UUID) -> Ticket:
    """She goes without having been served, by her own word."""
    return change(locked(ticket_id), "left")


@transaction.atomic
def bind_case(ticket_id: UUID, case_id: UUID | None, person_key: UUID | None = None) -> None:
    """The case (and person) that this visit is about."""
    ticket = locked(ticket_id)
    about, _ = TicketFor.objects.get_or_create(ticket=ticket)
    about.case_id, about.person_key = case_id or about.case_id, person_key or about.person_key
    about.save(update_fields=["case", "person_key"])


@transaction.atomic
def open_desk(number: int, account_id: UUID) -> Desk:
    """Sit down at a desk; the desk she had before is closed. Raises ProblemError no_desk, desk_taken, desk_busy."""
    desk = Desk.objects.select_for_update().filter(number=number, active=True).first()
    if desk is None:
        raise refused("no_desk", "ไม่มีช่องบริการนี้", str(number))
    if desk.opened_by == account_id:
        return desk
    if desk.opened_by is not None:
        raise refused("desk_taken", "มีเจ้าหน้าที่อีกคนเปิดช่องนี้อยู่", str(number), "เลือกช่องอื่น หรือให้เจ้าหน้าที่คนนั้นปิดช่องก่อน")
    close_desk(account_id)
    desk.opened_by, desk.opened_at = account_id, clock.now()
    desk.save(update_fields=["opened_by", "opened_at"])
    return desk


@transaction.atomic
def close_desk(account_id: UUID) -> None:
    """Leave the desk. Raises ProblemError desk_busy while somebody is there."""
    for desk in Desk.objects.select_for_update().filter(opened_by=account_id):
        if Ticket.objects.filter(desk=desk, state__in=AT_DESK).exists():
            raise refused("desk_busy", "ช่องนี้ยังมีผู้รับบริการอยู่", str(desk.number), "จบรายเดิมก่อนปิดช่อง")
        desk.opened_by = desk.opened_at = None
        desk.save(update_fields=["opened_by", "opened_at"])


@transaction.atomic
def close_day(day: date) -> int:
    """End what is left of a day that is over: tickets leave the queue, desks close. Safe to repeat; how many ended."""
    lock_day(day)
    left = list(Ticket.objects.select_for_update(of=("self",)).select_related("group").filter(day=day, state__in=TIMED))
    for ticket in left:
        if ticket.state == "invited":
            change(ticket, "no_show")
        else:
            change(ticket, "done" if ticket.state == "serving" else "left")
    Desk.objects.exclude(opened_by=None).update(opened_by=None, opened_at=None)
    return len(left)
