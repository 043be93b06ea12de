"""The demo's service centre: some weeks of a queue that really could have run, today's hall, appointments, carers.

Everything is invented. Visits are simulated desk by desk, so that waiting and service time agree with each other.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID, uuid4

from maehia.access.models import Account
from maehia.base import BANGKOK
from maehia.city.models import Person
from maehia.city.queries.calendar import working_calendar
from maehia.kit import clock
from maehia.kit.acting import acting
from maehia.kit.series import next_number
from maehia.services import demo
from maehia.services.models import (
    Booking,
    BookingEvent,
    BookingFor,
    Caring,
    CaringWho,
    Desk,
    Period,
    QueueGroup,
    QueueRules,
    Ticket,
    VisitRating,
    VisitWords,
)
from maehia.services.queries.booking import free_on
from maehia.services.rules.queue import AT_DESK

# key, letter, Thai, English, planned minutes, codes, share of the visitors
GROUPS = (
    ("general", "A", "งานทะเบียนและเรื่องทั่วไป", "Registration and general", 10, [], 45),
    ("permits", "B", "ใบอนุญาตและงานช่าง", "Permits and works", 20, ["house_permit", "tree_cutting", "venue_tent"], 15),
    ("welfare", "C", "เบี้ยยังชีพและสวัสดิการ", "Allowances and welfare", 15,
     ["elderly_allowance", "disability_allowance"], 20),
    ("payments", "D", "ชำระเงินและค่าขยะ", "Payments and waste fees", 8, ["waste_account"], 20),
)  # fmt: skip
DESKS = {1: ("general", "payments"), 2: ("general", "payments"), 3: ("general", "welfare"), 4: ("permits", "general")}
OPEN_BY = {2: "officer", 3: "finance", 4: "engineer"}  # desk 1 is left for whoever enters as the counter
DAYS, VISITS_A_DAY, VISITS_TODAY, BOOKINGS = 30, 75, 60, 36
WORDS = ("เจ้าหน้าที่อธิบายชัดเจน", "รอนานช่วงเช้าวันจันทร์", "อยากให้มีเก้าอี้เพิ่ม", "เร็วกว่าที่คิด", "ป้ายบอกทางน้อยไปหน่อย")
NAMES = ("ยายบัวผัด", "ลุงคำปัน", "ป้าแสงเดือน", "คุณธนากร", "คุณพิมพ์ใจ", "คุณอนงค์", "ลุงอินทร์", "คุณณัฐพล")


@dataclass(slots=True)
class Visit:
    """One simulated visit."""

    group: str
    came: datetime
    called: datetime
    began: datetime
    ended: datetime
    desk: int


@dataclass(frozen=True)
class Centre:
    """What was built, and the dice of the demo."""

    groups: dict[str, QueueGroup]
    desks: dict[int, Desk]
    dice: random.Random


def load(seed: int) -> None:
    """Fill an empty service centre; does nothing where there is one already."""
    dice = random.Random(seed)
    with acting(demo.ACTOR, demo.PURPOSE):
        if QueueGroup.objects.exists():
            return
        centre = build(dice)
        history(centre)
        today(centre)
        book(centre)
        rate(dice)
        care()


def build(dice: random.Random) -> Centre:
    now = clock.now()
    QueueRules.objects.create(since=now - timedelta(days=90), made_by=demo.ACTOR)
    groups = {
        key: QueueGroup.objects.create(
            key=key, letter=letter, name_th=th, name_en=en, minutes=minutes, services=codes, order=place
        )
        for place, (key, letter, th, en, minutes, codes, _) in enumerate(GROUPS)
    }
    desks = {number: Desk.objects.create(number=number) for number in DESKS}
    for number, keys in DESKS.items():
        desks[number].groups.set([groups[key] for key in keys])
    return Centre(groups, desks, dice)


def history(centre: Centre) -> None:
    """Some weeks of working days, all visits ended."""
    calendar, day = working_calendar(), clock.now().astimezone(BANGKOK).date()
    tickets: list[Ticket] = []
    periods: list[Period] = []
    for back in range(1, DAYS + 1):
        day_before = calendar.add_working_days(day, -back)
        opens = datetime.combine(day_before, time(8, 30), BANGKOK)
        for number, visit in enumerate(visits(opens, 7.4, VISITS_A_DAY, centre.dice), start=1):
            ticket = _ticket(centre, day_before, number, visit)
            tickets.append(ticket)
            periods += _periods(centre, ticket, visit)
    Ticket.objects.bulk_create(tickets, batch_size=1000)
    Period.objects.bulk_create(periods, batch_size=2000)


def visits(opens: datetime, hours: float, count: int, dice: random.Random, *, morning: float = 2.6) -> Iterator[Visit]:
    """Arrivals of a day at the desk of their group that is free first. morning: above 1, more of them come early."""
    free = dict.fromkeys(DESKS, opens)
    keys, shares = [g[0] for g in GROUPS], [g[6] for g in GROUPS]
    minutes = {g[0]: g[4] for g in GROUPS}
    arrivals = sorted(opens + timedelta(hours=hours * dice.betavariate(1.0, morning)) for _ in range(count))
    for came in arrivals:
        group = dice.choices(keys, shares)[0]
        desk = min((n for n, served in DESKS.items() if group in served), key=lambda n: (max(free[n], came), n))
        called = max(free[desk], came + timedelta(seconds=dice.randint(20, 90)))
        began = called + timedelta(seconds=dice.randint(15, 70))
        ended = began + timedelta(minutes=minutes[group] * dice.lognormvariate(-0.12, 0.45))
        free[desk] = ended + timedelta(seconds=20)
        yield Visit(group, came, called, began, ended, desk)


def _ticket(centre: Centre, day: date, number: int, visit: Visit, state: str = "done") -> Ticket:
    group = centre.groups[visit.group]
    channel = centre.dice.choices(("walk_in", "phone"), (70, 30))[0]
    credit = centre.dice.choices((0, 20, 30), (75, 18, 7))[0]
    return Ticket(
        id=uuid4(), day=day, letter=group.letter, number=number, group=group, channel=channel, state=state,
        credit=credit, ranked_at=visit.came, calls=1, called_at=visit.called,
    )  # fmt: skip


def _periods(centre: Centre, ticket: Ticket, visit: Visit) -> list[Period]:
    group, desk = centre.groups[visit.group], centre.desks[visit.desk]
    spans = (("waiting", None, visit.came, visit.called), ("invited", desk, visit.called, visit.began),
             ("serving", desk, visit.began, visit.ended))  # fmt: skip
    return [Period(ticket=ticket, group=group, kind=kind, desk=where, start=start, end=end)
            for kind, where, start, end in spans]  # fmt: skip


def today(centre: Centre) -> None:
    """The hall as it stands now: some served, somebody at three desks, some waiting. Whatever hour the demo is made."""
    now = clock.now()
    day = now.astimezone(BANGKOK).date()
    begun = max(now - timedelta(hours=2), datetime.combine(day, time(), BANGKOK))
    made = list(visits(begun, (now - begun) / timedelta(hours=1), VISITS_TODAY, centre.dice, morning=1.0))
    accounts = dict(Account.objects.filter(login__in=OPEN_BY.values()).values_list("login", "id"))
    for number, login in OPEN_BY.items():
        if login in accounts:
            Desk.objects.filter(number=number).update(opened_by=accounts[login], opened_at=begun)
    for visit in made:
        _lay(centre, day, visit, now)


def _lay(centre: Centre, day: date, visit: Visit, now: datetime) -> None:
    """One visit of today, cut off at this moment. Nobody is at desk 1, and one at most at every other."""
    letter, desk, state = centre.groups[visit.group].letter, centre.desks[visit.desk], _state_at(visit, now)
    number = next_number(f"queue.{day:%Y%m%d}.{letter}", day.year + 543)
    taken = visit.desk == 1 or Ticket.objects.filter(desk=desk, state__in=AT_DESK).exists()
    if state in AT_DESK and taken:
        state = "waiting"
    ticket = _ticket(centre, day, number, visit, state)
    ticket.desk = desk if state in AT_DESK else None
    if state == "waiting":
        ticket.calls, ticket.called_at = 0, None
    ticket.save(force_insert=True)
    rows = _periods(centre, ticket, visit)[: {"waiting": 1, "invited": 2}.get(state, 3)]
    if state != "done":
        rows[-1].end = None
    Period.objects.bulk_create(rows)


def _state_at(visit: Visit, now: datetime) -> str:
    if visit.ended <= now:
        return "done"
    if visit.began <= now:
        return "serving"
    return "invited" if visit.called <= now else "waiting"


def book(centre: Centre) -> None:
    """Appointments of the next days, in slots that are really free."""
    now, calendar = clock.now(), working_calendar()
    day = now.astimezone(BANGKOK).date()
    for place in range(BOOKINGS):
        group = centre.groups[centre.dice.choice(list(centre.groups))]
        free = free_on(calendar.add_working_days(day, place % 9), group.key, now)
        if not free:
            continue
        slot = centre.dice.choice(free)
        booking = Booking(group=group, slot=slot, day=slot.astimezone(BANGKOK).date())
        booking.save(force_insert=True)
        name = f"{NAMES[place % len(NAMES)]} (สมมติ)"
        BookingFor.objects.create(booking=booking, name=name, service=(group.services or [""])[0])
        BookingEvent.objects.create(booking=booking, state="booked", slot=slot, at=now, actor=demo.ACTOR)


def rate(dice: random.Random) -> None:
    """Half a year of stars; in the newest month one group has too few to be shown."""
    month = clock.now().astimezone(BANGKOK).date().replace(day=1)
    rows = []
    for back in range(6):
        for key, *_ in GROUPS:
            few = back == 0 and key == "permits"
            stars = dice.choices((5, 4, 3, 2, 1), (46, 34, 12, 5, 3), k=3 if few else dice.randint(18, 60))
            rows += [VisitRating(month=month, group=key, stars=n) for n in stars]
        month = (month - timedelta(days=1)).replace(day=1)
    VisitRating.objects.bulk_create(rows)
    now = clock.now().astimezone(BANGKOK).date().replace(day=1)
    VisitWords.objects.bulk_create(
        [VisitWords(month=now, group=GROUPS[n % 4][0], words=text) for n, text in enumerate(WORDS)]
    )


def care() -> None:
    """The demo's citizen cares for an old neighbour, and lets somebody else see her own cases."""
    citizen = Account.objects.filter(login="citizen", person_key__isnull=False).first()
    me = Person.objects.filter(pk=citizen.person_key).first() if citizen else None
    if citizen is None or me is None:
        return
    others = Person.objects.filter(died=None, birth__isnull=False).exclude(pk=me.pk)
    old = others.filter(house=me.house_id).order_by("birth").first() or others.order_by("birth").first()
    young = others.exclude(pk=old.pk if old else None).order_by("-birth").filter(birth__year__lt=2000).first()
    if old is not None:
        _care(old, me, "file", "ญาติ", citizen.pk)
    if young is not None:
        _care(me, young, "see", "หลาน", None)


def _care(cared: Person, carer: Person, may: str, relation: str, account: UUID | None) -> None:
    row = Caring.objects.create(
        cared_key=cared.pk, carer_key=carer.pk, may=may, relation=relation, granted_by=demo.ACTOR, at=clock.now(),
        how="แสดงเอกสารที่ศูนย์บริการ: หนังสือมอบอำนาจ (สมมติ)",
    )  # fmt: skip
    CaringWho.objects.create(caring=row, cared_name=cared.full_name, carer_name=carer.full_name, carer_account=account)


demo.add("queue", load, order=30)
