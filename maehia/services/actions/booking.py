"""Appointments: booked, moved, cancelled, kept or missed. They take from the desks of the queue, under its lock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

from django.conf import settings
from django.db import transaction

from maehia.base import BANGKOK
from maehia.city.queries.calendar import working_calendar
from maehia.kit import clock
from maehia.kit.acting import Scope, acting
from maehia.message.actions import Recipient, queue
from maehia.message.registry import Template
from maehia.services import workflow
from maehia.services.actions.queue import lock_day, new_ticket, refused
from maehia.services.models import Booking, BookingEvent, BookingFor, QueueGroup, QueueRules, Ticket, TicketFor
from maehia.services.queries import queue as queries
from maehia.services.queries.booking import free_on
from maehia.services.queries.links import token_of
from maehia.thai import normalize_phone
from maehia.web.formats import show_datetime

KIND = "appointment"
BY_HERSELF = {"th": "ตามที่คุณแจ้ง", "en": "as you asked."}
# What becomes of the appointment when its ticket moves on; what the table has no word for, it does not follow.
FOLLOWS = {"serving": "serving", "done": "done", "left": "cancelled", "no_show": "cancelled"}


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who comes and how she is reminded; everything may be empty."""

    name: str = ""
    phone: str = ""
    email: str = ""
    line_user: str = ""
    person_key: UUID | None = None
    case_id: UUID | None = None
    service: str = ""
    lang: str = "th"


def book_as_visitor(
    group: str, slot: datetime, visitor: Visitor, *, by: str, booking_id: UUID | None = None
) -> Booking:
    """An appointment for somebody who sees nothing but it."""
    booking_id = booking_id or uuid4()
    with acting(by, "services.report", scope=Scope.subject(booking_id)):
        return book(group, slot, visitor, by=by, booking_id=booking_id)


@transaction.atomic
def book(group: str, slot: datetime, visitor: Visitor, *, by: str, booking_id: UUID | None = None) -> Booking:
    """Book a slot. Raises ProblemError: no_group, too_far, slot_taken (also for times that are no slot)."""
    chosen = _free(group, slot)
    booking = Booking(id=booking_id or uuid4(), group=chosen, slot=slot, day=day_of(slot), lang=visitor.lang)
    booking.save(force_insert=True)
    BookingFor(
        booking=booking, name=visitor.name.strip() or None, email=visitor.email.strip() or None,
        phone=normalize_phone(visitor.phone) or visitor.phone.strip() or None, line_user=visitor.line_user or None,
        person_key=visitor.person_key, case_id=visitor.case_id, service=visitor.service,
    ).save(force_insert=True)  # fmt: skip
    note_event(booking, by)
    tell(booking, "booking.made")
    return booking


def day_of(slot: datetime) -> date:
    return slot.astimezone(BANGKOK).date()


def _free(group: str, slot: datetime) -> QueueGroup:
    """The group, when the slot is free for it; the day stays locked until the end of the transaction."""
    now, rules, day = clock.now(), queries.rules_now(), day_of(slot)
    chosen = QueueGroup.objects.filter(pk=group, active=True, bookable=True).first()
    if chosen is None:
        raise refused("no_group", "บริการนี้ไม่เปิดให้นัดหมาย", group, "เลือกจากรายการกลุ่มบริการ")
    if day > now.astimezone(BANGKOK).date() + timedelta(days=rules.days_ahead):
        raise refused("too_far", f"เปิดให้นัดล่วงหน้าไม่เกิน {rules.days_ahead} วัน", fix="เลือกวันที่ใกล้กว่านี้")
    lock_day(day)
    if slot not in free_on(day, chosen.key, now):
        raise refused("slot_taken", "ช่วงเวลานี้เต็มหรือปิดแล้ว", show_datetime(slot), "เลือกช่วงเวลาอื่น")
    return chosen


def note_event(booking: Booking, by: str, note: str = "") -> None:
    BookingEvent.objects.create(
        booking=booking, state=booking.state, slot=booking.slot, at=clock.now(), actor=by, note=note
    )


def locked(booking_id: UUID) -> Booking:
    """The appointment, locked. Raises ProblemError no_booking."""
    found = Booking.objects.select_for_update(of=("self",)).select_related("group").filter(pk=booking_id).first()
    if found is None:
        raise refused("no_booking", "ไม่พบการนัดหมายนี้")
    return found


def set_state(booking: Booking, to: str, by: str, note: str = "") -> Booking:
    """Move a locked appointment by the table. Raises ProblemError booking_move."""
    if workflow.find_move(KIND, booking.state, to) is None:
        words = workflow.state(KIND, booking.state).th
        raise refused("booking_move", f"นัดนี้อยู่ในสถานะ “{words}” แล้ว จึงเปลี่ยนไม่ได้", fix="จองเวลาใหม่ได้")
    booking.state = to
    booking.save(update_fields=["state", "ticket"])
    note_event(booking, by, note)
    return booking


@transaction.atomic
def move_booking(booking_id: UUID, slot: datetime, *, by: str) -> Booking:
    """To another slot; the old one is free for others at the same moment. Raises as `book` does."""
    booking = locked(booking_id)
    if booking.state != "booked":
        raise refused("booking_move", "นัดนี้เลื่อนไม่ได้แล้ว", fix="จองเวลาใหม่ได้")
    lock_day(min(booking.day, day_of(slot)))  # two days are locked in their order, so that nobody waits in a ring
    _free(booking.group_id, slot)
    booking.slot, booking.day = slot, day_of(slot)
    booking.save(update_fields=["slot", "day"])
    BookingFor.objects.filter(booking=booking).update(reminded_at=None)
    note_event(booking, by, "moved")
    tell(booking, "booking.made")
    return booking


@transaction.atomic
def cancel_booking(booking_id: UUID, *, by: str, note: str = "") -> Booking:
    """Give the slot back. note: why, when the town cancels; she is told."""
    booking = set_state(locked(booking_id), "cancelled", by, note)
    tell(booking, "booking.cancelled", {"why": note or BY_HERSELF[booking.lang]})
    return booking


@transaction.atomic
def check_in(booking_id: UUID, *, by: str) -> Ticket:
    """She is here: her ticket goes first at its time. Too late, and she takes a ticket as everybody does.

    The ticket bears the id of the appointment, so that who holds the one holds the other.
    Raises ProblemError: not_today, booking_late, booking_move.
    """
    now, rules = clock.now(), queries.rules_now()
    day = now.astimezone(BANGKOK).date()
    lock_day(day)
    booking = locked(booking_id)
    if booking.day != day:
        raise refused("not_today", "นัดนี้ไม่ใช่ของวันนี้", show_datetime(booking.slot), "มาตามวันและเวลาที่นัด หรือเลื่อนนัด")
    if booking.state == "booked" and _too_late(booking, rules, now):
        raise refused("booking_late", "เลยเวลานัดแล้ว", show_datetime(booking.slot), "รับบัตรคิวทั่วไปได้ที่หน้าคิว")
    if workflow.find_move(KIND, booking.state, "checked_in") is None or booking.ticket_id:
        raise refused("booking_move", "นัดนี้เช็กอินหรือยกเลิกไปแล้ว", show_datetime(booking.slot), "ดูบัตรคิวของนัดนี้")
    ticket = new_ticket(
        booking.group, day, now, channel="booked", lang=booking.lang, key=booking.pk, booked_for=booking.slot
    )
    booking.ticket = ticket
    set_state(booking, "checked_in", by)
    about = BookingFor.objects.filter(booking=booking).first()
    if about and (about.case_id or about.person_key):
        TicketFor(ticket=ticket, case_id=about.case_id, person_key=about.person_key).save(force_insert=True)
    return ticket


def _too_late(booking: Booking, rules: QueueRules, now: datetime) -> bool:
    return now > booking.slot + timedelta(minutes=rules.booked_grace)


def follow_ticket(ticket: Ticket, to: str) -> None:
    """The appointment goes the way of its ticket, as far as its table has a move for it."""
    booking = Booking.objects.select_for_update(of=("self",)).filter(ticket=ticket).first()
    state = FOLLOWS.get(to, "")
    if booking and state and workflow.find_move(KIND, booking.state, state):
        set_state(booking, state, "system:queue")


@transaction.atomic
def mark_missed(day: date) -> int:
    """Appointments of a day that is over to which nobody came. Safe to repeat."""
    lock_day(day)
    missed = list(Booking.objects.select_for_update(of=("self",)).filter(day=day, state="booked"))
    for booking in missed:
        set_state(booking, "no_show", "system:queue")
    return len(missed)


@transaction.atomic
def remind(today: date) -> int:
    """Remind those who come on the next working day, once. Returns how many were told."""
    day = working_calendar().add_working_days(today, 1)
    due = BookingFor.objects.select_related("booking__group").filter(
        booking__day__gt=today, booking__day__lte=day, booking__state="booked", reminded_at=None
    )
    told = 0
    for about in due.select_for_update(of=("self",)):
        told += tell(about.booking, "booking.reminder", about=about)
        about.reminded_at = clock.now()
        about.save(update_fields=["reminded_at"])
    return told


def link_of(booking: Booking) -> str:
    return f"{settings.SITE_URL}/booking/{token_of('booking', booking.pk)}/"


def tell(booking: Booking, text: str, more: Mapping[str, str] | None = None, about: BookingFor | None = None) -> bool:
    """Put a message in the outbox, when she said how to reach her."""
    about = about or BookingFor.objects.filter(booking=booking).first()
    if about is None:
        return False
    to = Recipient(line_user=about.line_user or "", phone=about.phone or "", email=about.email or "")
    if to.index is None:
        return False
    group = booking.group.name_en if booking.lang == "en" and booking.group.name_en else booking.group.name_th
    values = {"service": group, "when": show_datetime(booking.slot), "link": link_of(booking), **(more or {})}
    queue(text, to=to, about=booking.pk, values=values, lang=booking.lang)
    return True


COMMON = ("service", "when", "link")
TEXTS = (
    Template("booking.made", "receipt", "นัดหมาย {service} {when} ดู เลื่อน หรือยกเลิกได้ที่ {link}",
             "Appointment for {service}: {when}. See, move or cancel it at {link}", COMMON,
             "เมื่อจองหรือเลื่อนนัด", "An appointment was booked or moved"),
    Template("booking.cancelled", "state", "ยกเลิกนัดหมาย {service} {when} แล้ว {why} จองใหม่ได้ที่ {link}",
             "Your appointment for {service}, {when}, is cancelled. {why} Book again at {link}", (*COMMON, "why"),
             "เมื่อยกเลิกนัด", "An appointment was cancelled"),
    Template("booking.reminder", "state", "เตือนนัดหมาย {service} {when} ถ้ามาไม่ได้ เลื่อนหรือยกเลิกได้ที่ {link}",
             "A reminder: {service}, {when}. If you cannot come, move or cancel it at {link}", COMMON,
             "เตือนก่อนวันนัด", "The day before an appointment"),
)  # fmt: skip
