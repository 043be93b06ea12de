"""One search box: a name (inside words, tone marks forgiven), a house number, a phone, an ID or its end with a name."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection
from django.db.models import Q

from maehia.access.actions import log_read
from maehia.base import Problem, ProblemError
from maehia.city.models import Asset, Business, House, Parcel, Person, Place, Road
from maehia.city.rules import fold_name
from maehia.evidence.queries import index_of
from maehia.kit import rates
from maehia.kit.acting import required
from maehia.thai import is_national_id, normalize_phone, parse_address, sound_key, to_arabic

LIMIT = 50
MIN_LETTERS = 2
LAST_FOUR_PER_MINUTE = 20
_DIGITS = re.compile(r"[\d\-\s]+")
_HOUSE = re.compile(r"^\d+[/\-]?\d*")


@dataclass(frozen=True, slots=True)
class Term:
    """What was typed, understood. At most one of national_id, phone; last4 always comes with a name."""

    text: str
    name: str = ""
    national_id: str = ""
    phone: str = ""
    last4: str = ""
    house_no: str = ""
    moo: int | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """One find: kind and key for its page, a label, a second line."""

    kind: str
    key: uuid.UUID
    label: str
    detail: str = ""


def parse_term(text: str) -> Term:
    """Understand a search. Raises ProblemError: too_short, last4_alone (four digits need a name beside them)."""
    typed = to_arabic(text).strip()
    digits = re.sub(r"\D", "", typed)
    if _DIGITS.fullmatch(typed):
        if len(digits) == 13 and is_national_id(digits):
            return Term(typed, national_id=digits)
        if phone := normalize_phone(typed):
            return Term(typed, phone=phone)
    words = typed.split()
    ends = [w for w in words if re.fullmatch(r"\d{4}", w)]
    names = " ".join(w for w in words if w not in ends)
    if ends and re.search(r"[^\W\d]", names) and "/" not in typed and not parse_address(typed).moo:
        return Term(typed, name=names, last4=ends[0])
    if _HOUSE.match(typed):
        found = parse_address(typed)
        return Term(typed, house_no=found.house_no or typed.split()[0], moo=found.moo)
    if len(fold_name(typed)) < MIN_LETTERS:
        raise ProblemError(Problem("too_short", "คำค้นสั้นเกินไป", "", f"พิมพ์อย่างน้อย {MIN_LETTERS} ตัวอักษร"))
    return Term(typed, name=typed)


def find(term: Term, *, people: bool) -> list[Hit]:
    """Hits of every kind, people first. people=True needs a purpose that reads them; the read is logged."""
    hits: list[Hit] = []
    if people:
        persons = _people(term)
        log_read("person", [p.key for p in persons], via="search")
        hits += [Hit("person", p.key, p.full_name, _where(p)) for p in persons]
    if term.house_no:
        hits += _houses(term)
    if term.name:
        hits += _things(term.name)
    return hits[: LIMIT * 2]


def _where(person: Person) -> str:
    return f"หมู่ {person.moo}" if person.moo else "ไม่ทราบที่อยู่"


def _people(term: Term) -> list[Person]:
    if term.national_id:
        return list(Person.objects.filter(id_index=index_of("id", term.national_id))[:LIMIT])
    if term.phone:
        return list(Person.objects.filter(phone_index=index_of("phone", term.phone))[:LIMIT])
    if not term.name:
        return []
    keys = search_names(term.name)
    people = Person.objects.filter(key__in=keys)
    if term.last4:
        rates.limit(f"last4:{required().actor}", LAST_FOUR_PER_MINUTE, 60)
        people = people.filter(
            Q(id4_index=index_of("id4", term.last4)) | Q(phone4_index=index_of("phone4", term.last4))
        )
    order = {key: place for place, key in enumerate(keys)}
    return sorted(people, key=lambda p: order[p.key])


def search_names(name: str, limit: int = LIMIT) -> list[uuid.UUID]:
    """Keys of people by name, best first, through the one function that may read names with an index."""
    first = name.split(maxsplit=1)[0] if name.split() else ""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT person_id FROM public.city_search_people(%s, %s, %s)",
            [fold_name(name), sound_key(first)[:60], limit],
        )
        return list(dict.fromkeys(row[0] for row in cursor.fetchall()))


def _houses(term: Term) -> list[Hit]:
    found = House.objects.filter(house_no=term.house_no)
    if term.moo is not None:
        found = found.filter(moo=term.moo)
    return [_house_hit(house) for house in found.order_by("moo", "key")[:LIMIT]]


def _house_hit(house: House) -> Hit:
    return Hit("house", house.key, f"บ้านเลขที่ {house.house_no}", f"หมู่ {house.moo or '-'} {house.village}".strip())


def _things(name: str) -> Iterable[Hit]:
    part = name.strip()
    for place in Place.objects.filter(name__icontains=part).order_by("name", "key")[:LIMIT]:
        yield Hit("place", place.key, place.name, place.place_kind)
    for business in Business.objects.filter(name__icontains=part).order_by("name", "key")[:LIMIT]:
        yield Hit("business", business.key, business.name, business.business_kind)
    for road in Road.objects.filter(name__icontains=part).order_by("name", "key")[:LIMIT]:
        yield Hit("road", road.key, road.name, road.road_kind)
    for parcel in Parcel.objects.filter(Q(ltax_code__iexact=part) | Q(deed_no=part)).order_by("key")[:LIMIT]:
        yield Hit("parcel", parcel.key, parcel.ltax_code or parcel.deed_no, parcel.land_use)
    for asset in Asset.objects.filter(code__iexact=part).order_by("key")[:LIMIT]:
        yield Hit("asset", asset.key, asset.name or asset.code, asset.asset_kind)
