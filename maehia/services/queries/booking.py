"""Free slots, and appointments as their holder or a desk sees them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from maehia.base import BANGKOK
from maehia.city.queries.calendar import working_calendar
from maehia.kit import clock
from maehia.services.models import Booking, BookingFor, QueueGroup
from maehia.services.queries import queue
from maehia.services.rules.capacity import free_slots


@dataclass(frozen=True, slots=True)
class Day:
    """A working day of the calendar with how many slots of it are free."""

    day: date
    free: int


def bookable_groups() -> list[QueueGroup]:
    return list(QueueGroup.objects.filter(active=True, bookable=True))


def free_on(day: date, group: str, now: datetime) -> list[datetime]:
    """The slots of a day that a group can still be booked in, in order, as aware moments."""
    rules = queue.rules_now()
    today = now.astimezone(BANGKOK).date()
    here = queue.here_on(day) if day == today else {}
    starts = queue.left_of(day, rules, now)
    return list(free_slots(starts, queue.booked_on(day), here, group, queue.plan_of(rules, queue.groups_now())))


def days_for(group: str, now: datetime) -> list[Day]:
    """The working days that can be booked, each with its free slots; closed days are left out."""
    rules, today = queue.rules_now(), now.astimezone(BANGKOK).date()
    calendar, plan = working_calendar(), queue.plan_of(rules, queue.groups_now())
    last = today + timedelta(days=rules.days_ahead)
    booked: dict[date, dict[datetime, dict[str, int]]] = {}
    rows = Booking.objects.filter(day__range=(today, last), state__in=queue.COMING)
    for day, slot, key in rows.values_list("day", "slot", "group_id"):
        slots = booked.setdefault(day, {}).setdefault(slot, {})
        slots[key] = slots.get(key, 0) + 1
    days = [day for n in range((last - today).days + 1) if calendar.is_working(day := today + timedelta(days=n))]
    found = []
    for day in days:
        here = queue.here_on(day) if day == today else {}
        starts = queue.left_of(day, rules, now)
        found.append(Day(day, len(list(free_slots(starts, booked.get(day, {}), here, group, plan)))))
    return found


def booking(key: UUID) -> Booking | None:
    return Booking.objects.select_related("group").filter(pk=key).first()


def about(key: UUID) -> BookingFor | None:
    """Who comes; None where the policies hide it."""
    return BookingFor.objects.filter(booking_id=key).first()


def coming(day: date) -> list[Booking]:
    """Appointments of a day that nobody came to yet, with who comes, for the desks."""
    rows = Booking.objects.filter(day=day, state="booked").select_related("group", "about")
    return list(rows.order_by("slot", "id"))


def stranded(now: datetime) -> list[Booking]:
    """Appointments whose day was closed after they were booked: to be told and moved before the day comes."""
    calendar, today = working_calendar(), now.astimezone(BANGKOK).date()
    rows = Booking.objects.filter(day__gte=today, state="booked").select_related("group", "about")
    return [row for row in rows if not _is_open(row, calendar.opening(row.day))]


def _is_open(row: Booking, spans: tuple[tuple[datetime, datetime], ...]) -> bool:
    return any(opens <= row.slot < closes for opens, closes in spans)


def mine(person_key: UUID) -> list[Booking]:
    """A person's coming appointments, under her own scope."""
    today = clock.now().astimezone(BANGKOK).date()
    rows = Booking.objects.filter(about__person_key=person_key, state="booked", day__gte=today)
    return list(rows.select_related("group").order_by("slot"))
