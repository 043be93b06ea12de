"""One person, as far as the purpose at hand lets her be seen. Every call is logged."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from maehia.access.actions import log_read
from maehia.access.queries import fields_of
from maehia.base import Problem, ProblemError
from maehia.city.models import House, HouseholdMember, Need, Person, Residence, Tie
from maehia.city.queries.entities import Value, standing_key
from maehia.kit.acting import required
from maehia.thai import format_national_id, format_phone

SHOWN = ("title", "first_name", "last_name", "sex", "birth", "nationality", "national_id", "phone", "died", "moo")
SECRET = {"national_id", "phone"}


@dataclass(frozen=True, slots=True)
class PersonView:
    """values hold only the fields of the purpose; ID and phone are masked until `reveal`."""

    key: uuid.UUID
    name: str
    values: list[Value]
    residences: Sequence[Residence] = ()
    households: Sequence[HouseholdMember] = ()
    ties: Sequence[Tie] = ()
    needs: Sequence[Need] = ()
    house: House | None = None
    hidden: list[str] = field(default_factory=list)


def person_view(key: uuid.UUID, *, via: str = "page") -> PersonView | None:
    """The person, or None when there is none or the purpose and scope do not show her."""
    person = Person.objects.select_related("house").filter(key=standing_key("person", key)).first()
    if person is None:
        return None
    log_read("person", [person.key], via=via)
    allowed = fields_of(required().purpose, "person")
    shown = [name for name in SHOWN if name in allowed]
    return PersonView(
        key=person.key,
        name=person.full_name,
        values=[Value(name, _masked(name, getattr(person, name)), person.sources.get(name, "")) for name in shown],
        residences=list(person.residences.select_related("house").order_by("kind", "key")),
        households=list(person.memberships.select_related("household__house").order_by("household__kind", "key")),
        ties=list(person.ties.order_by("role", "key")),
        needs=_needs(person),
        house=person.house if "house" in allowed else None,
        hidden=[name for name in SHOWN if name not in allowed],
    )


def _needs(person: Person) -> list[Need]:
    """Needs, when the purpose reads section-26 data at all; that read has a line of its own in the log."""
    allowed = fields_of(required().purpose, "need")
    if not allowed:
        return []
    needs = list(person.needs.order_by("need_kind"))
    if needs:
        log_read("need", [person.key], via="page")
    for need in needs:
        if "note" not in allowed:
            need.note = None
    return needs


def _masked(name: str, value: Any) -> Any:
    """All but the last four digits of a secret."""
    if name not in SECRET or not value:
        return value
    return "•" * (len(value) - 4) + value[-4:]


def reveal(key: uuid.UUID, name: str) -> str:
    """One secret in full, logged as such. Raises ProblemError: not_allowed, not_found."""
    if name not in SECRET or name not in fields_of(required().purpose, "person"):
        raise ProblemError(Problem("not_allowed", "วัตถุประสงค์นี้ไม่ให้เปิดดูข้อมูลช่องนี้", name))
    person = Person.objects.filter(key=key).first()
    if person is None:
        raise ProblemError(Problem("not_found", "ไม่พบบุคคลนี้"))
    log_read("person", [key], via=f"reveal:{name}")
    value = getattr(person, name) or ""
    return (format_national_id if name == "national_id" else format_phone)(value) if value else ""


def people_at(house: uuid.UUID) -> list[Person]:
    """Who is to be found at a house, in Thai order of names."""
    people = list(Person.objects.filter(house_id=house, died=None).order_by("birth", "key"))
    log_read("person", [p.key for p in people], via="house")
    return people
