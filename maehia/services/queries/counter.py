"""What the counter asks: who stands here, which cases are hers, what the visit at hand is about.

Everything runs under the purpose counter.service; whoever is shown is a line of the read log.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from maehia.access.actions import log_read
from maehia.base import Problem, ProblemError
from maehia.city.models import Person
from maehia.city.queries.labels import house_label
from maehia.city.queries.search import LAST_FOUR_PER_MINUTE, SEARCHES_PER_MINUTE, parse_term, search_names
from maehia.evidence.queries import index_of
from maehia.kit import rates
from maehia.kit.acting import required
from maehia.services.models import Case, CounterVisit
from maehia.thai import collation_key, to_arabic
from maehia.web.formats import english, show_date

MOST = 20
BUDDHIST = 543


@dataclass(frozen=True, slots=True)
class Found:
    """Somebody who may be meant, with what tells people of one name apart."""

    key: UUID
    name: str
    born: str
    home: str
    died: bool


def find_people(typed: str, second: str) -> list[Found]:
    """By the whole ID or phone (Thai digits, spaces and dashes as they come), else by name and a second term.

    second: house number, year of birth (พ.ศ.), or the last four digits of ID or phone.
    Raises ProblemError too_short, name_alone; TooOften.
    """
    rates.limit(f"search:{required().actor}", SEARCHES_PER_MINUTE, 60)
    term, second = parse_term(typed), to_arabic(second).strip()
    if term.national_id or term.phone:
        wanted = Q(id_index=index_of("id", term.national_id)) if term.national_id else Q(
            phone_index=index_of("phone", term.phone)
        )  # fmt: skip
    else:
        second = second or term.last4
        wanted = Q(key__in=search_names(term.name, 200)) & _second(second) if term.name else Q(pk=None)
        if not term.name or not second:
            raise ProblemError(
                Problem("name_alone", "ชื่ออย่างเดียวยังไม่พอ", fix="เพิ่มบ้านเลขที่ ปีเกิด พ.ศ. หรือเลข 4 ตัวท้ายของบัตรหรือโทรศัพท์")
            )
    people = list(Person.objects.filter(wanted).select_related("house")[:MOST])
    log_read("person", [person.key for person in people], via="search")
    return sorted(map(_found, people), key=lambda one: (one.died, collation_key(one.name), str(one.key)))


def _second(second: str) -> Q:
    """What a second term may mean. Four digits are counted, so that nobody tries them all."""
    digits = re.sub(r"\D", "", second)
    wanted = Q(house__house_no=second)
    if len(digits) == 4 and digits == second:
        rates.limit(f"last4:{required().actor}", LAST_FOUR_PER_MINUTE, 60)
        wanted |= Q(id4_index=index_of("id4", digits)) | Q(phone4_index=index_of("phone4", digits))
        wanted |= Q(birth__year=int(digits) - BUDDHIST) if int(digits) > BUDDHIST else Q()
    return wanted


def _found(person: Person) -> Found:
    born = born_words(person) if person.birth else ""
    return Found(person.key, person.full_name, born, house_label(person.house), person.died is not None)


def born_words(person: Person) -> str:
    """The birth as far as it is known: a day, or its year alone."""
    if person.birth is not None and person.birth_precision == "year":
        return str(person.birth.year if english() else person.birth.year + BUDDHIST)
    return show_date(person.birth)


def open_visit(account_id: UUID) -> CounterVisit | None:
    """The visit that this officer has not ended."""
    return CounterVisit.objects.select_related("ticket", "desk").filter(account_id=account_id, ended_at=None).first()


def visit_of(key: UUID, account_id: UUID) -> CounterVisit | None:
    """An open visit of this officer; an ended one is gone for everybody."""
    found = open_visit(account_id)
    return found if found is not None and found.pk == key else None


def cases_of(person_key: UUID) -> list[Case]:
    """Her cases, the open ones first; sealed ones are hidden by the policies of this purpose."""
    rows = Case.objects.filter(Q(person_key=person_key) | Q(parties__person_key=person_key)).distinct()
    rows = rows.select_related("service").exclude(state_type="hidden")
    return sorted(rows.order_by("-received_at")[:50], key=lambda case: case.state_type != "open")
