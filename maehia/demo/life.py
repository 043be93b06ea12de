"""What happens to people between the oldest list and the newest: moves, weddings, new names, deaths."""

from __future__ import annotations

from . import names
from .dice import Dice
from .people import Change, Person
from .serials import mobile

WINDOW = 1280  # days before the base day in which things happen: the oldest list is 1230 days old
_YEARS = WINDOW / 365.25


def _some_day(dice: Dice, day: int) -> int:
    return day - WINDOW + dice.below(WINDOW)


def live(dice: Dice, day: int, people: list[Person], empty_houses: list[int], spare: int) -> None:
    """Give every person her changes.

    empty_houses: where households move to; spare: serials of new phones start here."""
    households: dict[int, list[Person]] = {}
    for person in people:
        households.setdefault(person.household, []).append(person)
    for members in households.values():
        _move_household(dice, day, members, empty_houses)
    for person in people:
        _own_events(dice, day, person, spare)
        if person.changes:
            person.changes.sort()


def _move_household(dice: Dice, day: int, members: list[Person], empty: list[int]) -> None:
    draw = dice.random()
    lodgers = not members[0].registered
    if empty and draw < (0.16 if lodgers else 0.035):
        spot = dice.below(len(empty))
        empty[spot], empty[-1] = empty[-1], empty[spot]
        target, when = empty.pop(), _some_day(dice, day)
        for person in members:
            person.changes.append(Change(when, "house", target))
    elif draw > (0.80 if lodgers else 0.965):
        when = _some_day(dice, day)
        for person in members:
            person.came = when
    elif lodgers and draw > 0.70:
        when = _some_day(dice, day)
        for person in members:
            person.left = when


def _own_events(dice: Dice, day: int, person: Person, spare: int) -> None:
    age = person.age(day)
    if age > 15:
        if person.phone and dice.chance(0.09):
            person.changes.append(Change(_some_day(dice, day), "phone", mobile(spare + person.key)))
        if dice.chance(0.012 if person.sex == "F" else 0.006) and person.nation == "ไทย":
            new = names.first_name(dice, person.sex, 1995)
            person.changes.append(Change(_some_day(dice, day), "first", new))
        if person.sex == "F" and person.nation == "ไทย" and not person.title:
            _wedding_or_divorce(dice, day, person, age)
    if dice.chance(_death_chance(age)):
        person.died = _some_day(dice, day)


def _wedding_or_divorce(dice: Dice, day: int, person: Person, age: float) -> None:
    draw = dice.random()
    if person.married and age < 60 and draw < 0.02:
        when = _some_day(dice, day)
        person.changes.append(Change(when, "last", names.last_name(dice)))
        if dice.chance(0.5):
            person.changes.append(Change(when, "title", "นางสาว"))
    elif not person.married and 19 < age < 42 and draw < 0.075:
        when = _some_day(dice, day)
        person.changes.append(Change(when, "last", names.last_name(dice)))
        if dice.chance(0.6):
            person.changes.append(Change(when, "title", "นาง"))


def _death_chance(age: float) -> float:
    """Chance to die inside the window: a mild Gompertz line, 0.3 % a year at 50, doubling in nine years."""
    return min(0.5, 0.003 * _YEARS * 2 ** ((age - 50) / 9.0))
