"""A generated register for plans and speed: rows as the projection would leave them, all invented, one fixed seed."""

from __future__ import annotations

import random
import uuid
from datetime import date

from django.contrib.gis.geos import Point, Polygon

from maehia.city.models import House, Household, HouseholdMember, Parcel, Person, PersonName, Residence
from maehia.city.rules import derived_key, fold_name
from maehia.evidence.queries import index_of
from maehia.thai import check_digit, sound_key

FIRST = [
    "สมชาย",
    "สมหญิง",
    "บุญมี",
    "มาลี",
    "ประสิทธิ์",
    "วิไล",
    "คำปัน",
    "อินทร์",
    "ศรีนวล",
    "บัวผัด",
    "ทองดี",
    "แสงเดือน",
    "สุรพล",
    "กัลยา",
    "อนงค์",
    "ธนากร",
    "พิมพ์ใจ",
    "ณัฐพล",
]
LAST = [
    "ใจดี",
    "มั่งมี",
    "สุขสันต์",
    "อินต๊ะ",
    "คำแก้ว",
    "ปัญญา",
    "วงศ์คำ",
    "ศรีวิชัย",
    "บุญเรือง",
    "ทาแกง",
    "จันทร์แก้ว",
    "แสนสุข",
    "ดวงดี",
    "ชัยวงศ์",
    "กันทะ",
]
WEST, SOUTH, STEP = 98.92, 18.70, 0.0006


def make_id(number: int) -> str:
    first = f"1{number:011d}"
    return first + check_digit(first)


def build_register(people: int, seed: int = 7) -> list[uuid.UUID]:
    """Houses of three, on a grid of parcels in ten moo; returns the keys of the people. Needs `acting()`."""
    dice = random.Random(seed)
    houses, parcels = [], []
    for n in range(-(-people // 3)):
        x, y = WEST + STEP * (n % 120), SOUTH + STEP * (n // 120)
        key = uuid.UUID(int=(2 << 100) + n)
        houses.append(
            House(key=key, house_no=f"{n % 400 + 1}/{n % 9}", moo=n % 10 + 1, geom=Point(x, y, srid=4326), sources={})
        )
        parcel = Polygon.from_bbox((x - STEP / 2, y - STEP / 2, x + STEP / 2, y + STEP / 2))
        parcel.srid = 4326
        parcels.append(
            Parcel(key=uuid.UUID(int=(3 << 100) + n), ltax_code=f"{n % 90 + 10}A{n % 900 + 100}", geom=parcel)
        )
    House.objects.bulk_create(houses, batch_size=2000)
    Parcel.objects.bulk_create(parcels, batch_size=2000)
    return _people(people, houses, dice)


def _people(count: int, houses: list[House], dice: random.Random) -> list[uuid.UUID]:
    people, names, homes, members = [], [], [], []
    for n in range(count):
        house, key = houses[n // 3], uuid.UUID(int=(4 << 100) + n)
        # A made-up syllable keeps names as different as those of a real town.
        first, last = (
            dice.choice(FIRST),
            dice.choice(LAST) + chr(0x0E01 + dice.randrange(40)) + chr(0x0E01 + dice.randrange(40)),
        )
        national_id = make_id(n)
        person = Person(
            key=key, first_name=first, last_name=last, title="นาย", sex="M", moo=house.moo, house=house, sources={},
            birth=date(1940 + n % 80, 1 + n % 12, 1 + n % 28), birth_precision="day", national_id=national_id,
            id_index=index_of("id", national_id), id4_index=index_of("id4", national_id), mode="live", registered=True,
        )  # fmt: skip
        people.append(person)
        names.append(PersonName(
            key=derived_key("name", key), person=person, name=f"{first} {last}", folded=fold_name(f"{first} {last}"),
            sound=sound_key(first)[:60], current=True, moo=house.moo, mode="live",
        ))  # fmt: skip
        homes.append(
            Residence(
                key=derived_key("home", key), person=person, house=house, kind="registered", moo=house.moo, mode="live"
            )
        )
        members.append((person, house))
    Person.objects.bulk_create(people, batch_size=2000)
    PersonName.objects.bulk_create(names, batch_size=2000)
    Residence.objects.bulk_create(homes, batch_size=2000)
    _households(members)
    return [person.pk for person in people]


def _households(members: list[tuple[Person, House]]) -> None:
    houses = {house.pk: house for _, house in members}
    held = {
        key: Household(
            key=derived_key("household", key), kind="registered", house=house, moo=house.moo, mode="live", sources={}
        )
        for key, house in houses.items()
    }
    Household.objects.bulk_create(held.values(), batch_size=2000)
    HouseholdMember.objects.bulk_create(
        [
            HouseholdMember(key=derived_key("member", p.pk), household=held[h.pk], person=p, moo=h.moo, mode="live")
            for p, h in members
        ],
        batch_size=2000,
    )
