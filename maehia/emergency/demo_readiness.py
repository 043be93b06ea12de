"""Who is on call in the demo, what stands where, and what is not in order: all invented."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from pathlib import Path

from maehia.base import BANGKOK
from maehia.city.models import Place
from maehia.demo.dice import Dice
from maehia.emergency import demo
from maehia.emergency.actions import readiness, roster
from maehia.emergency.actions.readiness import NewResource
from maehia.emergency.actions.roster import NewContact
from maehia.emergency.demo_flood import crew
from maehia.emergency.models import Contact
from maehia.kit import clock
from maehia.kit.acting import acting

PEOPLE = (  # name, kind, skills, moos
    ("เวรศูนย์สั่งการ 1 (ตัวอย่าง)", "staff", ("duty", "radio"), ()),
    ("เวรศูนย์สั่งการ 2 (ตัวอย่าง)", "staff", ("duty", "driver"), ()),
    ("นายช่างไฟ (ตัวอย่าง)", "staff", ("electric", "pump"), ()),
    ("อปพร. หมู่ 5 (ตัวอย่าง)", "civil_defence", ("boat", "rescue"), (5,)),
    ("อปพร. หมู่ 2 (ตัวอย่าง)", "civil_defence", ("rescue", "fire"), (2,)),
    ("อสม. หมู่ 5 (ตัวอย่าง)", "vhv", ("first_aid",), (5,)),
    ("ประธานชุมชน หมู่ 5 (ตัวอย่าง)", "leader", (), (5,)),
)
THINGS = (  # kind, name, home, count, least, unit
    ("vehicle", "รถบรรทุกน้ำ", "โรงจอดรถสำนักงานเทศบาล (สมมติ)", 2, 1, "คัน"),
    ("boat", "เรือท้องแบน", "คลังพัสดุ (สมมติ)", 3, 2, "ลำ"), ("pump", "เครื่องสูบน้ำ 8 นิ้ว", "คลังพัสดุ (สมมติ)", 4, 2, "เครื่อง"),
    ("sandbag", "กระสอบทราย", "ลานกีฬาหมู่ 5 (สมมติ)", 1500, 1000, "ใบ"),
    ("generator", "เครื่องปั่นไฟ 5 กิโลวัตต์", "ศูนย์บริการ (สมมติ)", 2, 1, "เครื่อง"),
)  # fmt: skip
DAYS, GAP = 7, 3  # a week of shifts; the night of one day is left open, so that a hole can be seen


def load(seed: int, raw: Path) -> int:
    """How many people are on call. 0 when there are some already."""
    with acting(crew()["duty"].actor, "emergency.command"):
        if Contact.objects.exists():
            return 0
        dice = Dice(seed, "roster")
        people = [_contact(number, dice) for number in range(len(PEOPLE))]
        _week(people)
        for kind, name, home, count, least, unit in THINGS:
            readiness.save_resource(None, NewResource(kind, name, home, count=count, least=least, unit=unit))
        for number, place in enumerate(Place.objects.filter(is_shelter=True).order_by("key")[:4]):
            readiness.check_shelter(place.key, fit=number != 1, lacks="ห้องน้ำชำรุด 2 ห้อง" if number == 1 else "")
        return len(people)


def _contact(number: int, dice: Dice) -> Contact:
    name, kind, skills, moos = PEOPLE[number]
    phone = f"08{dice.between(10**7, 10**8 - 1)}"
    return roster.save_contact(None, NewContact(name, phone, kind, skills, moos, note="ข้อมูลสมมติ"))


def _week(people: list[Contact]) -> None:
    """Day and night, two at a time, from this morning on."""
    today = datetime.combine(clock.today(), time(8), BANGKOK)
    for day in range(DAYS):
        for half in (0, 1):
            if (day, half) == (GAP, 1):
                continue
            start = today + timedelta(days=day, hours=12 * half)
            for rank in (1, 2):
                who = people[(day * 2 + half * 3 + rank) % len(people)]
                roster.add_shift(who.pk, start, start + timedelta(hours=12), rank=rank)


demo.add("readiness", load, order=10)
