"""The town before anybody wrote it down: houses, people, and the truth about both."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from .dice import Dice
from .families import Maker, make_family, make_monks
from .houses import House, make_houses
from .life import live
from .names import last_name
from .people import Person

REGISTERED, UNREGISTERED, HOUSES = 19_352, 7_000, 13_636
BASE_DAY = date(2026, 11, 21)
# As-of day of each list, in days before the base day: mid-2023 to late 2026.
AGES = {"tax": 1231, "utility": 965, "dog": 706, "welfare": 416, "vhv": 52, "civil": 37, "waste": 20, "complaint": 11}
NEXT_MONTH = 31  # days between two issues of a monthly list


@dataclass
class Town:
    """Everything true. `people` includes the dead and the gone of the last three years, and `outsiders` from
    `first_outsider` on, who own land here and live elsewhere."""

    seed: int
    day: date
    houses: list[House]
    people: list[Person]
    first_outsider: int
    owners: dict[int, int]  # house index -> person key

    def as_of(self, source: str) -> date:
        return self.day - timedelta(days=AGES[source])

    @property
    def residents(self) -> list[Person]:
        return self.people[: self.first_outsider]


def scaled(people: int) -> tuple[int, int]:
    """Unregistered people and houses for so many registered people, in Mae Hia's published shape."""
    return round(people * UNREGISTERED / REGISTERED), max(round(people * HOUSES / REGISTERED), 20)


def make_town(people: int = REGISTERED, seed: int = 2569, day: date = BASE_DAY) -> Town:
    """A town with exactly `people` in the civil register on the civil list's day."""
    unregistered, house_count = scaled(people)
    houses = make_houses(seed, house_count)
    dice = Dice(seed, "families")
    order = dice.shuffled(range(house_count))
    make = Maker(dice, day.toordinal())
    # The dead, the gone and the newly come are about 8 %: make more, then cut to the published count.
    settled = _settle(make, houses, order, round(people * 1.10), registered=True)
    lodging = order[settled:] + order[: settled // 6]
    used = _settle(make, houses, lodging, round(unregistered * 1.13), registered=False)
    _temples(make, houses, order, people)
    residents = make.people
    empty = order[settled + used :] or order[-5:]
    live(Dice(seed, "life"), day.toordinal(), residents, empty, len(residents) * 3)
    _cut(residents, people, day.toordinal() - AGES["civil"])
    first_outsider = len(residents)
    _outsiders(make, max(people // 18, 3))
    return Town(seed, day, houses, make.people, first_outsider, _owners(seed, houses, make.people, first_outsider))


def _settle(make: Maker, houses: list[House], order: list[int], target: int, *, registered: bool) -> int:
    """Fill houses in `order` until `target` persons live there; the number of houses used."""
    count = used = 0
    while count < target:
        house = houses[order[used % len(order)]]
        count += len(make_family(make, house, registered))
        used += 1
    return used


def _temples(make: Maker, houses: list[House], order: list[int], people: int) -> None:
    for index in order[:3]:
        houses[index].kind = "วัด"
        list(make_monks(make, houses[index], max(people // 700, 1)))


def _cut(people: list[Person], target: int, day: int) -> None:
    """Take the last registered persons off the register until it counts exactly `target` on `day`."""
    registered = [p for p in people if p.registered and p.here(day)]
    for person in registered[target:]:
        person.registered = False
        person.left = min(person.left, day - 400)


def _outsiders(make: Maker, count: int) -> None:
    make.registered, make.house = False, -1
    for _ in range(count):
        person = make.person("M" if make.dice.chance(0.5) else "F", make.dice.spread(30, 78), last_name(make.dice))
        person.married = make.dice.chance(0.5)
        make.close()


def _owners(seed: int, houses: list[House], people: list[Person], first_outsider: int) -> dict[int, int]:
    """Who owns each house: its head, or for empty and let houses another resident or an outsider."""
    dice = Dice(seed, "owners")
    heads = {p.house: p.key for p in people[:first_outsider] if p.role == "เจ้าบ้าน" and p.registered}
    landlords = [p.key for p in people[:first_outsider] if p.role == "เจ้าบ้าน" and p.registered]
    outsiders = range(first_outsider, len(people))
    owners: dict[int, int] = {}
    for house in houses:
        if house.index in heads and dice.chance(0.93):
            owners[house.index] = heads[house.index]
        else:
            owners[house.index] = dice.pick(landlords) if dice.chance(0.55) else dice.pick(outsiders)
    return owners
