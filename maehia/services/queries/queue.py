"""The queue as it stands: rules and plan of the day, who waits, one's own place, the wall screen.

Everything here is open data (numbers, desks, times); it runs under any purpose that reads open rows.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import connection

from maehia.base import BANGKOK
from maehia.city.queries.calendar import working_calendar
from maehia.kit import clock
from maehia.services.models import Booking, Desk, Period, QueueGroup, QueueRules, Ticket
from maehia.services.rules.capacity import Plan, slot_starts
from maehia.services.rules.queue import FairRule, Wait, Waiting, ahead_of, expected_wait, ticket_words

SEEN_DAYS = 28
COMING = ("booked",)  # appointments that still need their slot; one checked in stands in the queue itself
SCREEN_CALLS = 6

SEEN = """
SELECT extract(epoch FROM sum("end" - start)) FROM services_period
WHERE kind IN ('invited', 'serving') AND "end" IS NOT NULL AND start >= %s AND group_id = ANY (%s)
GROUP BY ticket_id HAVING bool_or(kind = 'serving')
"""


def local_today() -> date:
    return clock.now().astimezone(BANGKOK).date()


def rules_now() -> QueueRules:
    """The rules that hold; those of a new town when none were set."""
    return QueueRules.objects.first() or QueueRules(since=clock.now(), made_by="system:default")


def fair_rule(rules: QueueRules) -> FairRule:
    return FairRule(rules.booked_early, rules.booked_grace)


def groups_now() -> list[QueueGroup]:
    return list(QueueGroup.objects.filter(active=True))


def served_groups() -> dict[int, frozenset[str]]:
    """Desk number -> the active groups that it serves, of desks in use."""
    rows = Desk.groups.through.objects.filter(desk__active=True, queuegroup__active=True)
    found: dict[int, set[str]] = defaultdict(set)
    for number, group in rows.values_list("desk__number", "queuegroup_id"):
        found[number].add(group)
    return {number: frozenset(keys) for number, keys in found.items()}


def plan_of(rules: QueueRules, groups: Sequence[QueueGroup]) -> Plan:
    """The capacity of the hall. A visit planned longer than a slot takes the whole slot."""
    minutes = {group.key: min(group.minutes, rules.slot_minutes) for group in groups}
    return Plan(rules.slot_minutes, rules.booked_percent, minutes, tuple(served_groups().values()))


def slots_of(day: date, rules: QueueRules) -> list[datetime]:
    """Starts of the slots of a day by the town's working calendar; none when it is closed."""
    return slot_starts(working_calendar().opening(day), rules.slot_minutes)


def left_of(day: date, rules: QueueRules, now: datetime) -> list[datetime]:
    return [start for start in slots_of(day, rules) if start >= now]


def booked_on(day: date) -> dict[datetime, Counter[str]]:
    """Slot -> group -> appointments that are still to come."""
    found: dict[datetime, Counter[str]] = defaultdict(Counter)
    for slot, group in Booking.objects.filter(day=day, state__in=COMING).values_list("slot", "group_id"):
        found[slot][group] += 1
    return found


def here_on(day: date) -> Counter[str]:
    """Group -> how many wait or are put on hold."""
    rows = Ticket.objects.filter(day=day, state__in=("waiting", "hold")).values_list("group_id", flat=True)
    return Counter(rows)


def waiting_on(day: date) -> list[Waiting]:
    rows = Ticket.objects.filter(day=day, state="waiting")
    return [as_waiting(row) for row in rows]


def as_waiting(ticket: Ticket) -> Waiting:
    return Waiting(ticket.pk, ticket.group_id, ticket.ranked_at, ticket.credit, ticket.booked_for, ticket.number)


def words_of(ticket: Ticket) -> str:
    return ticket_words(ticket.letter, ticket.number)


@dataclass(frozen=True, slots=True)
class Place:
    """One's place. wait None: not known (why: "no_desk" nobody serves this now, "too_little" too few seen yet).

    seen: how many services of the last weeks the estimate rests on.
    """

    ticket: Ticket
    ahead: int = 0
    wait: Wait | None = None
    why: str = ""
    seen: int = 0


def place_of(ticket: Ticket, now: datetime) -> Place:
    """Where a ticket stands now and how long it will be; only waiting tickets have a place."""
    if ticket.state != "waiting":
        return Place(ticket)
    rules = rules_now()
    together, desks = _together(ticket.group_id)
    people = waiting_on(ticket.day)
    ahead = ahead_of(as_waiting(ticket), people, together, fair_rule(rules), now)
    if not desks:
        return Place(ticket, ahead, why="no_desk")
    seen = seen_seconds(together, now)
    early = timedelta(minutes=rules.booked_early)
    at_least = (ticket.booked_for - early - now).total_seconds() if ticket.booked_for else 0
    wait = expected_wait(ahead, _busy(desks, now), seen, max(at_least, 0))
    return Place(ticket, ahead, wait, "" if wait else "too_little", len(seen))


def _together(group: str) -> tuple[frozenset[str], list[Desk]]:
    """The open desks that serve a group, and all groups that these desks serve."""
    served = served_groups()
    desks = [
        d
        for d in Desk.objects.filter(active=True).exclude(opened_by=None)
        if group in served.get(d.number, frozenset())
    ]
    return frozenset({group}.union(*(served[d.number] for d in desks))), desks


def _busy(desks: Sequence[Desk], now: datetime) -> list[float | None]:
    """Per desk: seconds since its visitor was called, None when it is free."""
    rows = Ticket.objects.filter(desk__in=desks, state__in=("invited", "serving")).values_list("desk_id", "called_at")
    since = {desk: at for desk, at in rows if at is not None}
    return [(now - since[desk.pk]).total_seconds() if desk.pk in since else None for desk in desks]


def seen_seconds(groups: Collection[str], now: datetime) -> list[float]:
    """Seconds that each service of the last weeks held its desk, from the call to the end."""
    with connection.cursor() as cursor:
        cursor.execute(SEEN, [now - timedelta(days=SEEN_DAYS), sorted(groups)])
        return sorted(float(row[0]) for row in cursor.fetchall())


@dataclass(frozen=True, slots=True)
class Call:
    """A line of the wall screen. key changes with every call, so that a screen speaks each one once."""

    key: str
    words: str
    desk: int
    serving: bool
    called_at: datetime


@dataclass(frozen=True, slots=True)
class Screen:
    """What the hall sees: the newest calls, how many wait per group, which desks are open."""

    calls: list[Call]
    waiting: list[tuple[QueueGroup, int]]
    open_desks: list[int]
    as_of: datetime


def screen(day: date) -> Screen:
    rows = (
        Ticket.objects.filter(day=day, state__in=("invited", "serving"), desk__isnull=False, called_at__isnull=False)
        .select_related("desk")
        .order_by("-called_at")[:SCREEN_CALLS]
    )
    calls = [
        Call(f"{t.pk}:{t.calls}", words_of(t), t.desk.number, t.state == "serving", t.called_at)
        for t in rows if t.desk and t.called_at
    ]  # fmt: skip
    many = Counter(Ticket.objects.filter(day=day, state="waiting").values_list("group_id", flat=True))
    open_desks = Desk.objects.filter(active=True).exclude(opened_by=None).values_list("number", flat=True)
    return Screen(calls, [(g, many[g.key]) for g in groups_now()], list(open_desks), clock.now())


def ticket(key: UUID) -> Ticket | None:
    return Ticket.objects.select_related("group", "desk").filter(pk=key).first()


def periods_of(key: UUID) -> list[Period]:
    return list(Period.objects.filter(ticket_id=key).select_related("desk", "group"))
