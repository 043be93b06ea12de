"""Who lives behind the doors of a list: names, phone, needs; never a diagnosis. Inside the context of the list's grant;
every look is a line of the read log."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from maehia.access.actions import log_read
from maehia.city.models import House, Need, Person
from maehia.thai import format_phone


@dataclass(frozen=True, slots=True)
class Someone:
    """needs: (kind, level)."""

    key: UUID
    name: str
    phone: str = ""
    needs: tuple[tuple[str, str], ...] = ()

    @property
    def dial(self) -> str:
        """The number as a phone dials it."""
        return "".join(sign for sign in self.phone if sign.isdigit())


@dataclass(frozen=True, slots=True)
class AtHome:
    """A house and those of its people whom the context shows."""

    house: House
    people: list[Someone] = field(default_factory=list)


def at_home(houses: Iterable[UUID], *, via: str) -> dict[UUID, AtHome]:
    """House -> who lives there, those with needs first. Two statements however many houses."""
    found = {row.pk: AtHome(row) for row in House.objects.filter(pk__in=list(houses))}
    for house, someone in _people(Person.objects.filter(house_id__in=found, died=None), via=via):
        if house in found:
            found[house].people.append(someone)
    for home in found.values():
        home.people.sort(key=lambda one: (-len(one.needs), one.name))
    return found


def someone(person: UUID, *, via: str) -> tuple[Someone, UUID | None] | None:
    """One person and her house, None when the context does not show her."""
    rows = _people(Person.objects.filter(pk=person), via=via)
    return (rows[0][1], rows[0][0]) if rows else None


def _people(rows: Iterable[Person], *, via: str) -> list[tuple[UUID | None, Someone]]:
    people = list(rows)
    needs: dict[UUID, list[tuple[str, str]]] = defaultdict(list)
    for need in Need.objects.filter(person_id__in=[row.pk for row in people]).order_by("need_kind"):
        needs[need.person_id].append((need.need_kind, need.level))
    log_read("person", [row.pk for row in people], via=via)
    log_read("need", needs, via=via)
    return [
        (
            row.house_id,
            Someone(row.pk, row.full_name, format_phone(row.phone) if row.phone else "", tuple(needs[row.pk])),
        )
        for row in people
    ]
