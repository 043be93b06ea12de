"""Who is in which list: the civil register, the volunteers' survey, welfare, tax, water, dogs, complaints."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from .dice import Dice
from .people import Person
from .town import Town


class Entry(NamedTuple):
    """A person in a list; house: the house that the row is about, None = where the person lives."""

    person: Person
    house: int | None = None


def _civil(town: Town, dice: Dice, day: int) -> Iterator[Entry]:
    return (Entry(p) for p in town.residents if p.registered and p.here(day))


def _vhv(town: Town, dice: Dice, day: int) -> Iterator[Entry]:
    """Volunteers go from house to house: whole households are missing, and who is not at home."""
    visited: dict[int, bool] = {}
    for person in town.residents:
        if person.household not in visited:
            visited[person.household] = dice.chance(0.82 if person.registered else 0.62)
        if visited[person.household] and person.here(day) and dice.chance(0.88):
            yield Entry(person)


def _welfare(town: Town, dice: Dice, day: int) -> Iterator[Entry]:
    for person in town.residents:
        if not (person.registered and person.here(day) and person.nation == "ไทย"):
            continue
        age = person.age(day)
        if dice.chance(0.84 if age >= 60 else (0.06 if age < 6 else 0.024)):
            yield Entry(person)


def _tax(town: Town, dice: Dice, day: int) -> Iterator[Entry]:
    """Owners of land and houses, dead or alive: the roll learns of a death late."""
    for key in dict.fromkeys(town.owners.values()):
        person = town.people[key]
        if person.age(day) > 20 and dice.chance(0.62):
            yield Entry(person)


def _utility(town: Town, dice: Dice, day: int) -> Iterator[Entry]:
    """One customer for a meter: the head of the house, or the landlord."""
    for person in town.residents:
        if person.role != "เจ้าบ้าน" or person.age(day) < 19 or not dice.chance(0.47):
            continue
        house = person.then(day).house
        landlord = town.people[town.owners[house]]
        if person.key != landlord.key and dice.chance(0.25):
            yield Entry(landlord, house)
        else:
            yield Entry(person, house)


def _waste(town: Town, dice: Dice, day: int) -> Iterator[Entry]:
    """One payer for a house that the truck serves."""
    for person in town.residents:
        if person.role == "เจ้าบ้าน" and person.here(day) and person.age(day) > 19 and dice.chance(0.3):
            yield Entry(person)


def _dog(town: Town, dice: Dice, day: int) -> Iterator[Entry]:
    for person in town.residents:
        if person.here(day) and person.age(day) > 18 and dice.chance(0.062):
            for _ in range(1 if dice.chance(0.72) else dice.between(2, 4)):
                yield Entry(person)


def _complaint(town: Town, dice: Dice, day: int) -> Iterator[Entry]:
    for person in town.residents:
        if person.here(day) and person.age(day) > 16 and dice.chance(0.066):
            for _ in range(1 if dice.chance(0.8) else dice.between(2, 5)):
                yield Entry(person)


LINKED = ("civil", "vhv", "welfare", "tax", "utility", "dog", "complaint")  # lists of `maehia link`
ROLLS: dict[str, Callable[[Town, Dice, int], Iterator[Entry]]] = {
    "civil": _civil,
    "vhv": _vhv,
    "welfare": _welfare,
    "tax": _tax,
    "utility": _utility,
    "waste": _waste,
    "dog": _dog,
    "complaint": _complaint,
}
