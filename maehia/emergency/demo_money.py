"""What the closed flood of the demo cost: homes surveyed, certified, claimed and paid, and some that still wait."""

from __future__ import annotations

import hashlib
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from maehia.city.models import House, Household, HouseholdMember
from maehia.demo.dice import Dice
from maehia.emergency import demo
from maehia.emergency.actions import claims, damage
from maehia.emergency.actions.claims import Asked
from maehia.emergency.actions.damage import Form, Found
from maehia.emergency.actions.damage_certificate import certify
from maehia.emergency.models import Claim, Committee, Inside, Survey
from maehia.emergency.queries.damage import Home, key_of
from maehia.emergency.rules.damage import broken
from maehia.kit import clock
from maehia.kit.acting import acting

if TYPE_CHECKING:
    from maehia.emergency.demo_flood import Night

HOMES, REVIEWED, CERTIFIED, CLAIMED, PAID = 24, 18, 12, 10, 7
PAPERS = ("certificate", "id_card", "registration", "photos", "estimate", "zone", "bank")
SPACING_H = 1.5


def pay_for_damage(night: Night, dice: Dice) -> int:
    """Surveys from the third day on; fewer and fewer come to the next step, so that every state can be seen."""
    with night.at(70, "officer", "emergency.relief"):
        claims.load_rates()
    rows = [_survey(night, dice, home, 72 + number * SPACING_H) for number, home in enumerate(_homes(night))]
    for number, row in enumerate(rows[:REVIEWED]):
        with night.at(110 + number, "engineer", "emergency.relief"):
            damage.move(row.pk, "reviewed")
    with night.at(130, "officer", "emergency.relief"):
        board = claims.appoint(night.here, "advance", "คำสั่ง (สมมติ) 40/2569", ["ประธาน", "กรรมการ", "เลขานุการ"],
                               clock.today())  # fmt: skip
    made = [_certify(night, row, 132 + number * SPACING_H) for number, row in enumerate(rows[:CERTIFIED])]
    asked = [_claim(night, row, board, 160 + number) for number, row in enumerate(made[:CLAIMED])]
    for number, claim in enumerate(asked[:PAID]):
        _pay(night, claim, 190 + number)
    return len(rows)


def _homes(night: Night) -> list[tuple[House, Household, str]]:
    """Houses that stood in the deepest water, with a household and one of its grown-ups."""
    with acting(demo.ACTOR, demo.PURPOSE):
        deep = Inside.objects.filter(footprint=night.here.footprint_id).order_by("-depth_m", "house_key")
        keys = list(deep.values_list("house_key", flat=True)[: HOMES * 3])
        found: dict[Any, tuple[House, Household, str]] = {}
        for home in Household.objects.filter(house__in=keys).select_related("house").order_by("key"):
            member = HouseholdMember.objects.filter(household=home, person__died=None).select_related("person").first()
            if member is not None and home.house is not None and home.house_id not in found:
                found[home.house_id] = (home.house, home, member.person.full_name)
        return [found[key] for key in keys if key in found][:HOMES]


def _survey(night: Night, dice: Dice, home: tuple[House, Household, str], hours: float) -> Survey:
    house, household, holder = home
    instance = f"demo-{night.here.number}-{house.key}"
    share = dice.between(10, 60)
    broke = (("walls", dice.between(10, 60), share), ("floor", dice.between(10, 40), share),
             ("electric", dice.between(2, 8), 100))  # fmt: skip
    lines = [broken(part, str(amount), str(lost)) for part, amount, lost in broke]
    found = Found(
        holder=f"{holder} (สมมติ)", phone=f"08{dice.between(10**7, 10**8 - 1)}", address=house.house_no, moo=house.moo,
        home=Home(house.key, household.key), people=dice.between(1, 5), depth_m=Decimal(dice.between(3, 14)) / 10,
        days=dice.between(1, 3), lon=house.geom.x if house.geom else None, lat=house.geom.y if house.geom else None,
        lines=lines,
    )  # fmt: skip
    with night.at(hours), damage.papers(night.crew["officer"].actor, key_of(instance, "live"), "live"):
        form = Form(instance, hashlib.sha256(instance.encode()).digest(), found)
        return damage.record(night.here, form)[0]


def _certify(night: Night, row: Survey, hours: float) -> Survey:
    with night.at(hours), damage.papers(night.crew["mayor"].actor, row.pk, "live"):
        return certify(row.pk, night.crew["mayor"])


def _claim(night: Night, row: Survey, board: Committee, hours: float) -> Claim:
    with night.at(hours, "officer", "emergency.relief"):
        made = claims.draft(row.pk, "advance", "advance", [Asked("house-repair")])
        claims.submit(made.pk, board, PAPERS)
    with night.at(hours + 20, "clerk", "emergency.relief"):
        return claims.decide(made.pk, approve=True, decision="ครั้งที่ 3/2569 (สมมติ)")


def _pay(night: Night, claim: Claim, hours: float) -> None:
    with night.at(hours, "finance", "emergency.relief"):
        claims.pay(claim.pk, way="transfer", paper="ฎ (สมมติ)")
