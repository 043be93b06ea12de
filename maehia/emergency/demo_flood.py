"""The demo's closed flood: three weeks ago, from the first call to the review. Live, and without a published alert.

The water is computed on the invented terrain; people, homes and goods are the invented town's. Everything goes through
the verbs, at the moments at which it happened, so that log, reports, money and lessons are what they would be.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from maehia.access.actions import appoint, delegate
from maehia.access.models import Account, LegalHolder
from maehia.access.queries import may_sign
from maehia.base import BANGKOK
from maehia.city.models import House, Household, HouseholdMember, Person, Place
from maehia.demo.dice import Dice
from maehia.emergency import demo
from maehia.emergency.actions import (
    footprints,
    help_desk,
    incidents,
    notices,
    playbooks,
    recovery,
    relief,
    relief_giving,
    review,
    shelters,
    sitreps,
    stays,
)
from maehia.emergency.actions import help as asking
from maehia.emergency.actions.desk_teams import NewTeam, make_team
from maehia.emergency.actions.relief import Came
from maehia.emergency.actions.relief_giving import Receiver
from maehia.emergency.actions.shelters import Facts
from maehia.emergency.actions.stays_guest import Guest
from maehia.emergency.demo_money import pay_for_damage
from maehia.emergency.models import AuthorityNotice, Checklist, Incident, Inside, Item
from maehia.emergency.queries.relief import stock as on_shelves
from maehia.emergency.rules.depths import Depths
from maehia.hazards import demo_flood as water
from maehia.kit import clock
from maehia.kit.acting import acting

DAYS_AGO, HOUR_OF_DAY = 24, 2
HOURS = (1.0, 2.5, 5.0)  # of the flood at which somebody saw how far it had come
WET = 0.25  # metres: what the shown footprints call flooded
LOGINS = ("duty", "commander", "clerk", "mayor", "officer", "counter", "engineer", "finance", "volunteer")
LEVELS = (  # hours after the start, lifeline, percent that works; school, market and waste come back too late
    (1, "power", 35), (1, "roads", 40), (2, "water", 60), (2, "telecom", 80), (2, "market", 10), (3, "clinic", 50),
    (4, "power", 60), (5, "school", 0), (5, "roads", 70), (6, "waste", 20), (11, "clinic", 100), (20, "power", 85),
    (20, "market", 60), (22, "roads", 90), (23, "water", 90), (26, "telecom", 100), (36, "power", 100),
    (60, "roads", 100), (70, "water", 100), (96, "school", 100), (110, "market", 100), (160, "waste", 80),
    (220, "waste", 100),
)  # fmt: skip


@dataclass(slots=True)
class Night:
    """Who works, since when, and at which incident."""

    start: datetime
    crew: dict[str, Account]
    incident: Incident | None = None

    @contextmanager
    def at(self, hours: float, login: str = "", purpose: str = "emergency.command") -> Iterator[None]:
        """So many hours after the start; inside the context of somebody unless nobody is named."""
        with clock.at(self.start + timedelta(hours=hours)):
            if not login:
                yield
                return
            with acting(self.crew[login].actor, purpose):
                yield

    @property
    def here(self) -> Incident:
        assert self.incident is not None  # noqa: S101 - the first step opens it
        return self.incident


def load(seed: int, raw: Path) -> int:
    """The whole story; how many homes were inside. 0 when a live incident stands already."""
    night = Night(_start(), crew())
    with acting(demo.ACTOR, demo.PURPOSE):
        if Incident.objects.filter(mode="live").exists():
            return 0
    give_powers(night.crew)
    _begin(night)
    inside = _water(night, raw)
    dice = Dice(seed, "flood")
    _respond(night)
    _shelter(night, dice)
    _ask(night, dice)
    _give(night)
    _come_back(night)
    pay_for_damage(night, dice)
    _learn(night)
    return inside


def _start() -> datetime:
    day = clock.today() - timedelta(days=DAYS_AGO)
    return datetime(day.year, day.month, day.day, HOUR_OF_DAY, 10, tzinfo=BANGKOK)


def crew() -> dict[str, Account]:
    with acting(demo.ACTOR, demo.PURPOSE):
        return {row.login: row for row in Account.objects.filter(login__in=LOGINS)}


def give_powers(people: dict[str, Account]) -> None:
    """The mayor holds the power to order in a disaster; the commander has it by delegation."""
    since, power = date(clock.today().year - 1, 1, 1), "order.disaster"
    with acting(demo.ACTOR, demo.PURPOSE):
        holder = LegalHolder.objects.filter(position="mayor", account=people["mayor"]).first()
        if holder is None:
            holder = appoint("mayor", people["mayor"], starts_on=since, order_no="ประกาศ (สมมติ) 1/2568")
        if may_sign(people["commander"], power, clock.today()) is None:
            delegate(holder, people["commander"], chosen_powers=[power], starts_on=since,
                     order_no="คำสั่ง (สมมติ) 12/2568")  # fmt: skip


def _begin(night: Night) -> None:
    with night.at(0.1, "duty"):
        new = incidents.NewIncident("น้ำป่าหลากลำห้วย (ข้อมูลสมมติ)", "flash_flood", "ริมลำห้วยกลางเมือง",
                                    "ผู้ใหญ่บ้านโทรแจ้ง", night.start)  # fmt: skip
        night.incident = incidents.open_incident(new)
    with night.at(0.2, "duty"):
        incidents.move(night.here.pk, "verified")
        incidents.set_level(night.here.pk, 1)
        incidents.name_commander(night.here.pk, night.crew["commander"])


def _water(night: Night, raw: Path) -> int:
    """Three footprints as they were known, from the water over the invented terrain."""
    found = water_maps(raw)
    for hours, depths in zip(HOURS, found, strict=True):
        with night.at(hours):
            (shape,) = footprints.from_flood(depths, note=f"แบบจำลองน้ำ ชั่วโมงที่ {hours:g}")
            footprints.set_footprint(night.crew["commander"], night.here.pk, shape, mode="live")
            if hours == HOURS[0]:
                with night.at(hours, "commander"):
                    incidents.move(night.here.pk, "active")
    night.incident = _again(night)
    with night.at(6, "commander"):
        return Inside.objects.filter(footprint=night.here.footprint_id).count()


def _again(night: Night) -> Incident:
    with night.at(6, "commander"):
        return Incident.objects.select_related("footprint").get(pk=night.here.pk)


def water_maps(raw: Path) -> list[Depths]:
    """Depths (m) at HOURS, of a design storm of 25 years on cells of 25 m."""
    ground = water.demo_ground(raw, cell_size=25.0)
    run = water.demo_flood(ground, duration_s=max(HOURS) * 3600.0)
    lasting = [(run.arrival_s <= hours * 3600.0) & (run.max_depth >= WET) for hours in HOURS]
    return [Depths(run.grid, run.max_depth * wet) for wet in lasting]


def _respond(night: Night) -> None:
    """Authorities are told, the plan is worked through, teams go out, orders are given."""
    key = night.here.pk
    with night.at(0.6, "duty"):
        playbooks.load_shipped()
        listed = playbooks.start(key, "flash-flood")
        for notice in AuthorityNotice.objects.filter(incident=key).order_by("due_at"):
            notices.mark_sent(key, notice.pk, "phone", "เวรอำเภอ (สมมติ)")
    with night.at(1.4, "commander"):
        make_team(key, NewTeam("ชุดเรือ 1", "rescue", "05x-xxx-xxx1 (สมมติ)", ["5"], night.crew["officer"]))
        make_team(key, NewTeam("ชุดเคาะประตู หมู่ 5", "field", "", ["5"], night.crew["volunteer"]))
        incidents.give_order(key, "evacuate", "ให้ผู้อยู่ริมลำห้วยไปศูนย์พักพิงที่ใกล้ที่สุด", signer=night.crew["commander"])
    _tick(night, listed)


def _tick(night: Night, listed: Checklist) -> None:
    """Each step a little before it is due, but for the last two, which are late."""
    with night.at(0.7, "duty"):
        items = list(listed.items.order_by("due_at", "number"))
    for left, item in zip(range(len(items), 0, -1), items, strict=True):
        hours = (item.due_at - night.start).total_seconds() / 3600 + (0.5 if left <= 2 else -0.02)
        with night.at(max(hours, 0.7), "duty"):
            playbooks.tick(item.pk, night.here, "done")


def _shelter(night: Night, dice: Dice) -> None:
    """Two shelters; households of the flooded houses come in, and go home when the water is gone."""
    with night.at(1.6, "officer", "emergency.shelter"):
        places = list(Place.objects.filter(is_shelter=True).exclude(geom=None).order_by("-capacity", "key")[:2])
        opened = []
        for place in places:
            held = min(place.capacity or 120, 160)
            made = shelters.plan_shelter(night.here, place.key, Facts(held, contact="ผู้จัดการศูนย์ (สมมติ)"))
            shelters.move_shelter(made.pk, "standby")
            opened.append(shelters.open_shelter(made.pk))
    families = _families(night, 60)
    stayed = []
    for number, members in enumerate(families):
        hours = 1.7 + number * 0.06
        with night.at(hours, "officer", "emergency.shelter"):
            guests = [Guest(person.full_name, person.key, sex=person.sex.lower(), age=_age(person), moo=person.moo)
                      for person in members[:5]]  # fmt: skip
            stayed += stays.check_in_together(opened[dice.below(len(opened))].pk, guests)
    for number, stay in enumerate(stayed):
        with night.at(26 + number * 0.05, "officer", "emergency.shelter"):
            stays.check_out(stay.pk, "home" if dice.chance(0.9) else "relative")
    for shelter in opened:
        with night.at(60, "officer", "emergency.shelter"):
            shelters.close(shelter.pk, "ผู้พักพิงกลับบ้านครบ")


def _families(night: Night, most: int) -> list[list[Person]]:
    """Living people of households whose house was inside, by household."""
    with acting(demo.ACTOR, demo.PURPOSE):
        houses = Inside.objects.filter(footprint=night.here.footprint_id).order_by("-depth_m", "house_key")
        keys = list(houses.values_list("house_key", flat=True)[: most * 2])
        homes = list(Household.objects.filter(house__in=keys).order_by("key")[:most])
        rows = HouseholdMember.objects.filter(household__in=homes, person__died=None).select_related("person")
        found: dict[Any, list[Person]] = {}
        seen = set()
        for row in rows.order_by("household", "key"):
            if row.person_id not in seen:
                seen.add(row.person_id)
                found.setdefault(row.household_id, []).append(row.person)
        return list(found.values())


def _age(person: Person) -> int | None:
    return clock.today().year - person.birth.year if person.birth else None


def _ask(night: Night, dice: Dice) -> None:
    """People ask for help and say that they are safe; every request comes to an end."""
    with night.at(2, "duty"):
        team = night.here.teams.get(name="ชุดเรือ 1")
        inside = list(Inside.objects.filter(footprint=night.here.footprint_id).order_by("house_key")[:200])
        spots = {h.key: h.geom for h in House.objects.filter(key__in=[i.house_key for i in inside])}
    for number in range(14):
        house = inside[(number * 13) % len(inside)] if inside else None
        hours = 1.8 + number * 0.35
        with night.at(hours), acting("system:demo", "emergency.help"):
            spot = spots.get(house.house_key) if house else None
            row = asking.ask(asking.Ask(
                needs=("trapped",) if number % 3 else ("medicine",), people=dice.between(1, 5),
                phone=f"08{dice.between(10**7, 10**8 - 1)}", note="น้ำสูง ขอเรือ (ข้อมูลสมมติ)",
                point=(spot.x, spot.y) if spot else None, incident=night.here.pk,
                moo=house.moo if house else None,
            ))  # fmt: skip
        if row.state == "duplicate":
            continue
        with night.at(hours + 0.1, "duty"):
            help_desk.triage(row.pk, dice.between(1, 3))
            help_desk.assign(row.pk, team.pk)
        with night.at(hours + 0.8, "duty"):
            help_desk.resolve(row.pk, "รับไปศูนย์พักพิงแล้ว")
    for number in range(25):
        with night.at(3 + number * 0.2), acting("system:demo", "emergency.help"):
            phone = f"09{dice.between(10**7, 10**8 - 1)}"
            asking.safe(asking.Ask(people=dice.between(1, 6), phone=phone, incident=night.here.pk))


def _give(night: Night) -> None:
    """Goods come in, one pack is lost, each household gets one bag."""
    with night.at(4, "officer", "emergency.relief"):
        relief.load_items()
        depot = relief.open_place("warehouse", "คลังเทศบาล (สมมติ)")
        bag, drink = (Item.objects.get(code=code) for code in ("survival-bag", "water-600"))
        came = [Came(bag, Decimal(120), bag.unit, "", None), Came(drink, Decimal(600), drink.unit, "", None)]
        relief.receive(depot, came, incident=night.here, paper="ใบส่งของ 9/2569 (สมมติ)")
        more = [Came(drink, Decimal(240), drink.unit, "", None)]
        relief.donate(night.here, depot, more, donor="ร้านค้าตัวอย่าง (สมมติ)")
        relief.lose(depot, drink, Decimal(12), "ขวดแตกระหว่างขนย้าย", incident=night.here)
        kit = relief_giving.set_entitlement(
            night.here, "bag-1", "ถุงยังชีพและน้ำดื่ม",
            [{"item": "survival-bag", "qty": "1"}, {"item": "water-600", "qty": "6"}],
        )  # fmt: skip
    with acting(demo.ACTOR, demo.PURPOSE):
        keys = Inside.objects.filter(footprint=night.here.footprint_id).values_list("house_key", flat=True)
        homes = list(Household.objects.filter(house__in=list(keys)).order_by("key").values_list("key", flat=True)[:90])
    with night.at(24, "officer", "emergency.relief"):
        for number, home in enumerate(homes):
            relief_giving.distribute(kit, home, depot, Receiver(f"ผู้แทนครัวเรือน {number + 1} (สมมติ)", "signature"))
    with night.at(100, "officer", "emergency.relief"):
        shelf = {(row.item.pk, row.lot_key): row.qty for row in on_shelves(place=depot)}
        first = min(shelf, key=str)
        shelf[first] -= min(shelf[first], Decimal(2))  # two less than the books say
        relief.count(depot, shelf, incident=night.here)


def _come_back(night: Night) -> None:
    """Lifelines go down and come back; reports are issued; the response ends."""
    reports = [
        (6, "น้ำป่าหลากเข้าบ้านริมลำห้วย เปิดศูนย์พักพิง 2 แห่ง", "ห้ามลุยน้ำไหล ไปศูนย์พักพิงใกล้บ้านได้ตลอดคืน"),
        (30, "น้ำลดเกือบทั้งหมด ผู้พักพิงทยอยกลับบ้าน ไฟฟ้ากลับมาเกือบครบ", "ถนนส่วนใหญ่ผ่านได้ โปรดระวังโคลนลื่น"),
        (122, "ทุกระบบกลับมาใช้งานได้ เหลือการเก็บขยะและจ่ายเงินช่วยเหลือ", "ขอเงินช่วยเหลือได้ที่ศูนย์บริการจนถึงสิ้นเดือน"),
    ]
    steps = [(hours, "level", (key, percent)) for hours, key, percent in LEVELS]
    steps += [(hours, "report", (text, public)) for hours, text, public in reports]  # type: ignore[misc]
    steps += [(9, "move", ("contained", "")), (48, "move", ("recovery", ""))]  # type: ignore[list-item]
    for hours, kind, (first, second) in sorted(steps, key=lambda step: step[0]):
        with night.at(hours, "commander"):
            if kind == "level":
                recovery.report_level(night.here.pk, first, float(second))
            elif kind == "report":
                said = {"situation": first, "public": str(second), "actions": "แจกถุงยังชีพ สำรวจความเสียหาย",
                        "outlook": "ฝนลดลง"}  # fmt: skip
                sitreps.issue(night.here.pk, said, account=night.crew["commander"], is_public=True)
            else:
                incidents.move(night.here.pk, first)


def _learn(night: Night) -> None:
    """The review, its corrections (one is overdue, one verified), and the end."""
    with night.at(24 * 12, "clerk"):
        held = review.open_review(night.here.pk)
        review.add_finding(held, "strength", "ผู้นำชุมชนรู้จักทุกบ้าน จึงอพยพได้ก่อนน้ำถึง")
        gaps = list(held.findings.filter(kind="gap").order_by("code"))
        day = clock.today()
        texts = ("ติดเครื่องวัดระดับน้ำที่สะพานต้นน้ำ", "ทำบัญชีผู้รับผิดชอบระบบไฟฟ้าสำรอง", "ซ้อมแผนอพยพร่วมกับโรงเรียน")
        for number, gap in enumerate(gaps):
            review.set_root_cause(gap, "ไม่มีข้อมูลระดับน้ำต้นทาง" if number == 0 else "ขาดการซ้อมร่วมกัน")
            if number < len(texts):
                due = day + timedelta(days=5 + 25 * number)
                review.correct(gap, texts[number], owner=night.crew["engineer"], due=due)
        review.agree(held, "ตอบสนองได้เร็วและไม่มีผู้บาดเจ็บ แต่รู้พื้นที่ช้าและฟื้นฟูขยะช้ากว่าเป้าหมาย")
    with night.at(24 * 13, "clerk"):
        incidents.move(night.here.pk, "closed")


demo.add("closed_flood", load, order=20)
