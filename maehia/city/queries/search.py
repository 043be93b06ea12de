"""One search box: a name (inside words, tone marks forgiven), a house number, a phone, an ID or its end with a name."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Q
from django.utils.translation import gettext

from maehia.access.actions import log_read
from maehia.base import Problem, ProblemError
from maehia.city.models import House, Person, PersonName
from maehia.city.queries.access import shown_fields
from maehia.city.queries.entities import KINDS
from maehia.city.queries.labels import house_label, ref_of
from maehia.city.rules import fold_name
from maehia.city.words import show_day
from maehia.evidence.queries import index_of
from maehia.kit import rates
from maehia.kit.acting import current, required
from maehia.thai import (
    collation_key,
    is_national_id,
    normalize_house_code,
    normalize_ltax,
    normalize_phone,
    parse_address,
    sound_key,
    to_arabic,
)

LIMIT = 50
MIN_LETTERS = 2
SEARCHES_PER_MINUTE = 60
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
    house_code: str = ""
    moo: int | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """One find: kind and key for its page, a label, a second line. near: found by sound or by another name only."""

    kind: str
    key: uuid.UUID
    label: str
    detail: str = ""
    near: bool = False
    also: str = ""


def parse_term(text: str) -> Term:
    """Understand a search. Raises ProblemError: too_short, last4_alone (four digits need a name beside them)."""
    typed = to_arabic(text).strip()
    digits = re.sub(r"\D", "", typed)
    if _DIGITS.fullmatch(typed):
        if len(digits) == 13 and is_national_id(digits):
            return Term(typed, national_id=digits)
        if phone := normalize_phone(typed):
            return Term(typed, phone=phone)
        if code := normalize_house_code(typed):
            return Term(typed, house_code=code)
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
    """Hits of every kind, people first, in Thai order. people=True needs a purpose that reads them; it is logged.

    Raises TooOften when somebody searches faster than a person can.
    """
    if context := current():
        rates.limit(f"search:{context.actor}", SEARCHES_PER_MINUTE, 60)
    hits: list[Hit] = []
    if people:
        hits += _person_hits(term)
    if term.house_no or term.house_code:
        hits += [_hit("house", house) for house in _houses(term)]
    if term.name:
        hits += _named_things(term.name)
    if not (term.phone or term.national_id or term.last4):
        hits += _coded_things(term.text, {hit.key for hit in hits})
    return hits


def _person_hits(term: Term) -> list[Hit]:
    allowed = shown_fields("person")
    if not {"first_name", "last_name"} <= allowed:
        return []
    persons = _people(term)
    log_read("person", [p.key for p in persons], via="search")
    if not term.name:
        return [_person_hit(p, allowed) for p in persons]
    sought, names = fold_name(term.name), _names([p.key for p in persons])
    hits = []
    for person in persons:
        direct = sought in fold_name(f"{person.first_name} {person.last_name}")
        other = "" if direct else next((n for n in names.get(person.key, []) if sought in fold_name(n)), "")
        hits.append(_person_hit(person, allowed, near=not direct and not other, also=other))
    return sorted(hits, key=lambda hit: (hit.near, collation_key(hit.label), str(hit.key)))


def _names(keys: list[uuid.UUID]) -> dict[uuid.UUID, list[str]]:
    """Every name that a list gave these people."""
    found: dict[uuid.UUID, list[str]] = {}
    for key, name in PersonName.objects.filter(person__in=keys).order_by("name").values_list("person_id", "name"):
        found.setdefault(key, []).append(name)
    return found


def _person_hit(person: Person, allowed: frozenset[str], *, near: bool = False, also: str = "") -> Hit:
    """What tells people of one name apart: birth and address, as far as the purpose shows them."""
    born = show_day(person.birth, person.birth_precision) if person.birth and "birth" in allowed else ""
    home = house_label(person.house) if "house" in allowed else ""
    moo = gettext("หมู่ %(moo)s") % {"moo": person.moo} if person.moo and not home and "moo" in allowed else ""
    parts = [
        home or moo,
        gettext("เกิด %(day)s") % {"day": born} if born else "",
        gettext("เสียชีวิตแล้ว") if person.died else "",
    ]
    return Hit("person", person.key, person.full_name, " · ".join(p for p in parts if p), near, also)


def _people(term: Term) -> list[Person]:
    people = Person.objects.select_related("house")
    if term.national_id:
        return list(people.filter(id_index=index_of("id", term.national_id))[:LIMIT])
    if term.phone:
        return list(people.filter(phone_index=index_of("phone", term.phone))[:LIMIT])
    if not term.name:
        return []
    people = people.filter(key__in=search_names(term.name))
    if term.last4:
        rates.limit(f"last4:{required().actor}", LAST_FOUR_PER_MINUTE, 60)
        people = people.filter(
            Q(id4_index=index_of("id4", term.last4)) | Q(phone4_index=index_of("phone4", term.last4))
        )
    return list(people)


def search_names(name: str, limit: int = LIMIT) -> list[uuid.UUID]:
    """Keys of people by name, best first, through the one function that may read names with an index."""
    first = name.split(maxsplit=1)[0] if name.split() else ""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT person_id FROM public.city_search_people(%s, %s, %s)",
            [fold_name(name), sound_key(first)[:60], limit],
        )
        return list(dict.fromkeys(row[0] for row in cursor.fetchall()))


def _houses(term: Term) -> Iterable[House]:
    if term.house_code:
        return House.objects.filter(house_code=term.house_code)[:LIMIT]
    found = House.objects.filter(house_no=term.house_no)
    if term.moo is not None:
        found = found.filter(moo=term.moo)
    return found.order_by("moo", "key")[:LIMIT]


def _hit(kind: str, row: Any) -> Hit:
    ref = ref_of(kind, row)
    return Hit(kind, ref.key, ref.label, ref.detail)


def _named_things(name: str) -> Iterable[Hit]:
    wanted = Q(name__icontains=name.strip())
    for kind in ("place", "business", "road", "waterway", "area", "station", "asset", "pet"):
        yield from _ordered(kind, wanted)


def _coded_things(text: str, found: set[uuid.UUID]) -> list[Hit]:
    """Parcels, assets and businesses by the number that stands on their papers."""
    code = text.strip()
    parcel = Q(ltax_code__iexact=normalize_ltax(code) or code) | Q(deed_no=code)
    hits = [*_ordered("parcel", parcel), *_ordered("asset", Q(code__iexact=code))]
    if (digits := re.sub(r"\D", "", code)) and len(digits) == 13:
        hits += _ordered("business", Q(juristic_id=digits))
    return [hit for hit in hits if hit.key not in found]


def _ordered(kind: str, wanted: Q) -> list[Hit]:
    rows = KINDS[kind]._base_manager.filter(wanted).order_by("pk")[:LIMIT]
    return sorted((_hit(kind, row) for row in rows), key=lambda hit: collation_key(hit.label))
