"""People, where they live, their households, ties and needs."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

from django.db.models import Model

from maehia.city.models import Household, HouseholdMember, Need, Person, PersonName, Residence, Tie
from maehia.city.projection.evidence import Evidence
from maehia.city.rules import choose, derived_key, fold_name, in_order
from maehia.evidence.models import NeedRecord
from maehia.evidence.queries import index_of
from maehia.thai import parse_title, sound_key

FIELDS = (
    "title", "first_name", "last_name", "sex", "birth", "nationality", "national_id", "phone", "died",
)  # fmt: skip
PRECISION = {"day": 0, "month": 1, "year": 2, "": 3}
Rows = dict[type[Model], list[Model]]


def project(found: Evidence, moos: dict[uuid.UUID, int | None]) -> Rows:
    """`moos` gives the moo of each house of this projection."""
    rows: Rows = {m: [] for m in (Person, PersonName, Residence, Household, HouseholdMember, Tie, Need)}
    households: dict[uuid.UUID, Household] = {}
    by_ref: dict[str, Person] = {}
    for key, records in found.grouped("person"):
        ordered = in_order(records, found.ranks)
        person = _person(key, ordered, found)
        homes = list(_residences(person, ordered, found))
        _settle(person, homes, moos)
        rows[Person].append(person)
        rows[PersonName] += _names(person, ordered)
        rows[Residence] += homes
        rows[Tie] += _ties(person, ordered, found)
        rows[HouseholdMember] += _memberships(person, ordered, found, households)
        by_ref |= {record.ref: person for record in records}
    for household in households.values():
        household.moo = moos.get(household.house_id) if household.house_id else household.moo
    rows[Household] = [households[key] for key in sorted(households)]
    rows[Need] = list(_needs(by_ref, found))
    return rows


def _person(key: uuid.UUID, ordered: list[Any], found: Evidence) -> Person:
    corrections = found.corrected("person", key)
    values, sources = choose("person", ordered, FIELDS, corrections)
    if "birth" not in corrections:
        # An exact day of a lesser list is worth more than a bare year of a better one.
        dated = sorted((r for r in ordered if r.birth), key=lambda r: PRECISION[r.birth_precision])
        if dated:
            values["birth"], sources["birth"] = dated[0].birth, f"person:{dated[0].pk}"
            values["birth_precision"] = dated[0].birth_precision
    if not values.get("sex") and values.get("title"):
        values["sex"] = parse_title(values["title"]).sex or ""
        sources["sex"] = sources["title"]
    national_id, phone = values.get("national_id"), values.get("phone")
    return Person(
        key=key, mode=ordered[0].mode, sources=sources, registered=_is_registered(ordered, found),
        id_index=index_of("id", national_id), id4_index=index_of("id4", national_id),
        phone_index=index_of("phone", phone), phone4_index=index_of("phone4", phone), **values,
    )  # fmt: skip


def _is_registered(ordered: list[Any], found: Evidence) -> bool:
    return any(found.household_kinds.get(r.source_id) == "registered" and not r.moved_out for r in ordered)


def _residences(person: Person, ordered: list[Any], found: Evidence) -> Iterator[Residence]:
    """One residence per kind and house; the best record of each stands."""
    seen: set[uuid.UUID] = set()
    for record in ordered:
        kind = found.household_kinds.get(record.source_id, "")
        if record.role != "resident" or kind not in {"registered", "actual"}:
            continue
        house = found.house_of(record)
        key = derived_key("residence", person.key, house, kind)
        if house is None or key in seen:
            continue
        seen.add(key)
        yield Residence(
            key=key, person=person, house_id=house, kind=kind, status=record.status, valid_from=record.moved_in,
            valid_to=record.moved_out or person.died, mode=person.mode, sources={"house": f"person:{record.pk}"},
        )  # fmt: skip


def _settle(person: Person, homes: list[Residence], moos: dict[uuid.UUID, int | None]) -> None:
    """Where the person is to be found: where she really lives, else where she is registered."""
    for home in homes:
        home.moo = moos.get(home.house_id)
    for kind in ("actual", "registered"):
        living = [home for home in homes if home.kind == kind and home.valid_to is None]
        if living:
            person.house_id, person.moo = living[0].house_id, living[0].moo
            person.sources["house"] = living[0].sources["house"]
            return


def _names(person: Person, ordered: list[Any]) -> list[PersonName]:
    """Every name a list gave, once; the one that stands is marked."""
    names = {f"{person.first_name} {person.last_name}".strip()}
    names |= {(f"{r.first_name} {r.last_name}".strip() or r.full_name) for r in ordered}
    standing = f"{person.first_name} {person.last_name}".strip()
    return [
        PersonName(
            key=derived_key("name", person.key, name), person=person, name=name, folded=fold_name(name),
            sound=sound_key(name.split(" ")[0])[:60], current=name == standing, moo=person.moo, mode=person.mode,
        )
        for name in sorted(names) if name
    ]  # fmt: skip


def _ties(person: Person, ordered: list[Any], found: Evidence) -> list[Tie]:
    ties: dict[uuid.UUID, Tie] = {}
    for record in ordered:
        if record.role == "resident" and not record.benefit:
            continue
        about = found.key_of(record.about_kind, record.about_ref) if record.about_kind else found.house_of(record)
        key = derived_key("tie", person.key, record.role, about, record.account_no, record.benefit)
        ties.setdefault(
            key,
            Tie(
                key=key, person=person, role=record.role, about_kind=record.about_kind or ("house" if about else ""),
                about_key=about, account_no=record.account_no, benefit=record.benefit,
                amount_baht=record.amount_baht, moo=person.moo, mode=person.mode,
                sources={"about": f"person:{record.pk}"},
            ),
        )  # fmt: skip
    return list(ties.values())


def _memberships(
    person: Person, ordered: list[Any], found: Evidence, households: dict[uuid.UUID, Household]
) -> list[HouseholdMember]:
    members: dict[uuid.UUID, HouseholdMember] = {}
    for record in ordered:
        kind = found.household_kinds.get(record.source_id, "")
        house = found.house_of(record)
        if record.role != "resident" or not kind or not (record.household_no or house) or record.moved_out:
            continue
        number = record.household_no if kind != "registered" else ""
        household_key = derived_key("household", kind, record.mode, house, number)
        households.setdefault(
            household_key,
            Household(
                key=household_key, kind=kind, number=number, house_id=house, mode=record.mode,
                sources={"number": f"person:{record.pk}"},
            ),
        )  # fmt: skip
        key = derived_key("member", household_key, person.key)
        members.setdefault(
            key,
            HouseholdMember(
                key=key, household=households[household_key], person=person, moo=person.moo, mode=person.mode,
                relation=record.relation or record.status, sources={"relation": f"person:{record.pk}"},
            ),
        )  # fmt: skip
    return list(members.values())


def _needs(by_ref: dict[str, Person], found: Evidence) -> Iterator[Need]:
    """A need stands only on a legal ground and on a person; of two lists the better one speaks."""
    seen: set[uuid.UUID] = set()
    records = [r for r in NeedRecord.objects.current().order_by("pk").iterator(5000) if r.person_ref in by_ref]
    for record in in_order(records, found.ranks):
        person = by_ref[record.person_ref]
        key = derived_key("need", person.key, record.need_kind)
        if not record.ground or key in seen:
            continue
        seen.add(key)
        yield Need(
            key=key, person=person, need_kind=record.need_kind, level=record.level, note=record.note,
            ground=record.ground, as_of=record.valid_from, moo=person.moo, mode=person.mode,
            sources={"need_kind": f"need:{record.pk}"},
        )  # fmt: skip
