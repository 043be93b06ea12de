"""One person or household, as far as the purpose at hand lets it be seen. Every call is logged."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from maehia.access.actions import log_read
from maehia.base import Problem, ProblemError
from maehia.city.models import House, Household, HouseholdMember, Need, Person, Residence, Tie
from maehia.city.queries.access import may_show, shown_fields, visible_ties
from maehia.city.queries.entities import Value, standing_key
from maehia.city.words import SECRET, masked
from maehia.thai import format_national_id, format_phone

SHOWN = (
    "title", "first_name", "last_name", "sex", "birth", "nationality", "national_id", "phone", "died", "registered",
)  # fmt: skip
REVEALED = ("national_id", "phone")


@dataclass(frozen=True, slots=True)
class PersonView:
    """values hold only the fields of the purpose; ID and phone are masked until `reveal`.

    members: per household key everybody who belongs to it, this person too.
    """

    key: uuid.UUID
    name: str
    person: Person
    values: list[Value]
    residences: Sequence[Residence] = ()
    households: Sequence[HouseholdMember] = ()
    members: dict[uuid.UUID, list[HouseholdMember]] = field(default_factory=dict)
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
    allowed = shown_fields("person")
    shown = [name for name in SHOWN if name in allowed]
    households = _memberships(person)
    return PersonView(
        key=person.key,
        name=person.full_name,
        person=person,
        values=[Value(name, _masked(name, getattr(person, name)), person.sources.get(name, "")) for name in shown],
        residences=_residences(person) if "house" in allowed else [],
        households=households,
        members=_members([m.household_id for m in households], person.key),
        ties=visible_ties(person.ties.order_by("role", "key")),
        needs=_needs(person),
        house=person.house if "house" in allowed else None,
        hidden=[name for name in SHOWN if name not in allowed],
    )


def _residences(person: Person) -> list[Residence]:
    return list(person.residences.select_related("house").order_by("kind", "valid_to", "key"))


def _memberships(person: Person) -> list[HouseholdMember]:
    if not shown_fields("household"):
        return []
    rows = person.memberships.select_related("household__house")
    return sorted(rows, key=lambda m: (KIND_ORDER.get(m.household.kind, 9), str(m.key)))


KIND_ORDER = {"registered": 0, "actual": 1, "budget": 2}


def _members(households: Sequence[uuid.UUID], herself: uuid.UUID | None) -> dict[uuid.UUID, list[HouseholdMember]]:
    """Who else belongs to these households; the others are a read of their own."""
    if not households or not may_show("household", "members"):
        return {}
    rows = HouseholdMember.objects.filter(household__in=households).select_related("person")
    found: dict[uuid.UUID, list[HouseholdMember]] = defaultdict(list)
    for row in sorted(rows, key=lambda m: (m.person.birth is None, m.person.birth, str(m.key))):
        found[row.household_id].append(row)
    log_read("person", [m.person_id for m in rows if m.person_id != herself], via="household")
    return dict(found)


def _needs(person: Person) -> list[Need]:
    """Needs, when the purpose reads section-26 data at all; that read has a line of its own in the log."""
    allowed = shown_fields("need")
    if not allowed:
        return []
    needs = list(person.needs.order_by("need_kind"))
    if needs:
        log_read("need", [person.key], via="page")
    for need in needs:
        need.note = need.note if "note" in allowed else None
        need.ground = need.ground if "ground" in allowed else ""
    return needs


def _masked(name: str, value: Any) -> Any:
    return masked(value) if name in SECRET and value else value


def reveal(key: uuid.UUID, name: str) -> str:
    """One secret in full, logged as such. Raises ProblemError: not_allowed, not_found."""
    if name not in REVEALED or not may_show("person", name):
        raise ProblemError(Problem("not_allowed", "วัตถุประสงค์นี้ไม่ให้เปิดดูข้อมูลช่องนี้", name))
    person = Person.objects.filter(key=standing_key("person", key)).first()
    if person is None:
        raise ProblemError(Problem("not_found", "ไม่พบบุคคลนี้"))
    log_read("person", [person.key], via=f"reveal:{name}")
    value = getattr(person, name) or ""
    return (format_national_id if name == "national_id" else format_phone)(value) if value else ""


def people_at(house: uuid.UUID) -> list[Person]:
    """Who is to be found at a house, the eldest first. Empty when the purpose shows neither names nor houses."""
    if not may_show("person", "first_name", "last_name", "house"):
        return []
    people = list(Person.objects.filter(house_id=house, died=None).order_by("birth", "key"))
    log_read("person", [p.key for p in people], via="house")
    return people


@dataclass(frozen=True, slots=True)
class HouseholdView:
    """People who belong together, in one of three senses."""

    household: Household
    members: list[HouseholdMember]

    @property
    def key(self) -> uuid.UUID:
        return self.household.pk


def household_view(key: uuid.UUID) -> HouseholdView | None:
    """The household with its members, or None; each member shown is a line of the read log."""
    if not shown_fields("household"):
        return None
    row = Household.objects.select_related("house").filter(key=key).first()
    if row is None:
        return None
    return HouseholdView(row, _members([key], None).get(key, []))


def households_at(house: uuid.UUID) -> list[Household]:
    """Households of a house, without their people."""
    if not shown_fields("household"):
        return []
    rows = Household.objects.filter(house_id=house)
    return sorted(rows, key=lambda h: (KIND_ORDER.get(h.kind, 9), h.number))
