"""Who stands in each of the seven lists, as known on which day, at which address.

Each list has its own reason to miss people and to keep old facts: the house book keeps those who
left, the water office keeps the name of a dead parent, the tax office writes to owners elsewhere.
"""

from dataclasses import dataclass

import numpy as np

from bench.second.marks import MARK
from bench.second.tables import day_of
from bench.second.town import FLATS, HOME
from bench.second.world import World

# Middle of the as-of days; each register shifts them by up to 40 days.
AS_OF = {
    "utility": day_of(2023, 7, 15),
    "tax": day_of(2024, 1, 20),
    "dog": day_of(2024, 10, 10),
    "vhv": day_of(2025, 4, 20),
    "welfare": day_of(2025, 11, 10),
    "civil": day_of(2026, 5, 25),
    "complaint": day_of(2026, 10, 20),
}
YEAR = 365.25


@dataclass
class Rows:
    """One list: person, day on which the facts were true, house of the address, mark bits."""

    who: np.ndarray
    day: np.ndarray
    house: np.ndarray
    marks: np.ndarray

    @classmethod
    def of(cls, who: np.ndarray, day: np.ndarray, house: np.ndarray) -> "Rows":
        """Rows without marks."""
        return cls(who, day, house, np.zeros(len(who), np.uint32))

    def mark(self, name: str, rows: np.ndarray) -> None:
        """Set a mark on rows given by number or flag."""
        self.marks[rows] |= MARK[name]

    def plus(self, other: "Rows") -> "Rows":
        """Both row sets, one after the other."""
        return Rows(
            np.concatenate([self.who, other.who]),
            np.concatenate([self.day, other.day]),
            np.concatenate([self.house, other.house]),
            np.concatenate([self.marks, other.marks]),
        )

    def take(self, rows: np.ndarray) -> "Rows":
        """Some of the rows."""
        return Rows(self.who[rows], self.day[rows], self.house[rows], self.marks[rows])


def _share(rng: np.random.Generator, flags: np.ndarray, share: float | np.ndarray) -> np.ndarray:
    return np.flatnonzero(flags & (rng.random(len(flags)) < share))


def _not_before_here(world: World, who: np.ndarray, day: np.ndarray, grown: float = 0.1) -> np.ndarray:
    """Push days to when the person was here and of an age to be listed."""
    people = world.town.people
    return np.maximum(day, np.maximum(people["came"][who] + 20, world.birth(who) + int(grown * YEAR)))


def civil(world: World, rng: np.random.Generator, as_of: int) -> Rows:
    """The house book: everybody booked here, also those who left; the newly dead linger; some twice."""
    everyone = np.arange(len(world))
    book = world.book_house(everyone, as_of)
    booked = world.in_town(book)
    dead = world.living(as_of - 120) & ~world.living(as_of)
    there = np.concatenate([_share(rng, booked & world.living(as_of - 20), 0.99), _share(rng, booked & dead, 0.35)])
    there = np.unique(there)
    rows = Rows.of(there, np.full(len(there), as_of), book[there])
    rows.mark("dead", ~world.living(as_of)[there])
    moved = world.town.people["book_house_day"]
    twice = _share(rng, booked & (moved > as_of - 5 * 365) & (moved < as_of) & world.living(as_of - 5 * 365), 0.08)
    before = moved[twice] - 1
    old = Rows.of(twice, before, world.book_house(twice, before))
    return rows.plus(old.take(np.flatnonzero(world.in_town(old.house))))


def vhv(world: World, rng: np.random.Generator, as_of: int) -> Rows:
    """Health volunteers go from house to house: who lives there, and most who only belong there."""
    everyone = np.arange(len(world))
    house_count = len(world.houses.kind)
    surveyed = rng.random(house_count) < 0.76
    visit = as_of - rng.integers(10, 420, house_count)
    house = world.house(everyone, as_of - 200)
    book = world.book_house(everyone, as_of - 200)
    away = ~world.in_town(house) & world.in_town(book)
    at_home = world.in_town(house) & surveyed[house]
    day = np.where(away, visit[book], visit[house])
    living = world.living(as_of - 420)
    share = np.where(away, 0.35, 0.93) * np.where(world.houses.kind[house] == FLATS, 0.4, 1.0)
    who = _share(rng, living & (at_home | (away & surveyed[book])), share)
    rows = Rows.of(who, day[who], np.where(away, book, house)[who])
    rows.mark("absent", away[who])
    stale = rng.random(len(who)) < 0.07
    rows.day = np.where(stale, rows.day - rng.integers(300, 1800, len(who)), rows.day)
    rows.day = _not_before_here(world, who, rows.day)
    rows.mark("dead", world.town.people["death"][who] <= as_of)
    return rows.plus(_visited_twice(rows, rng))


def _visited_twice(rows: Rows, rng: np.random.Generator) -> Rows:
    return rows.take(np.flatnonzero(rng.random(len(rows.who)) < 0.015))


def welfare(world: World, rng: np.random.Generator, as_of: int) -> Rows:
    """Allowances: the old from 60 on, the disabled, children of the poor; facts of the application day."""
    everyone = np.arange(len(world))
    here = world.in_town(world.book_house(everyone, as_of)) | world.in_town(world.house(everyone, as_of))
    here &= world.living(as_of) | (world.living(as_of - 300) & (rng.random(len(world)) < 0.3))
    age, identity = world.age(everyone, as_of), world.identity
    old = _share(rng, here & (age > 60.2), 0.9)
    disabled = _share(rng, here & identity.disabled & (age > 3), 0.8)
    small = _share(rng, here & (age < 6) & (age > 0.3), np.where(identity.poor, 0.85, 0.02))
    sixty = identity.booked_birth[old] + (60 * YEAR + rng.gamma(1.0, 500, len(old))).astype(int)
    applied = as_of - (rng.gamma(1.5, 3.5, len(disabled)) * YEAR).astype(int)
    newborn = world.birth(small) + rng.integers(25, 300, len(small))
    day = np.minimum(np.concatenate([sixty, applied, newborn]), as_of - 5)
    who = np.concatenate([old, disabled, small])
    day = _not_before_here(world, who, np.maximum(day, as_of - int(14 * YEAR)))
    facts_day = np.where(rng.random(len(who)) < 0.5, as_of - 30, day)
    rows = Rows.of(who, np.maximum(day, facts_day), world.book_house(who, np.maximum(day, facts_day)))
    rows.mark("dead", world.town.people["death"][who] <= as_of)
    return rows


def _heir(world: World, who: np.ndarray) -> np.ndarray:
    spouse, heir = world.town.people["spouse"][who], world.identity.heir[who]
    return np.where(heir >= 0, heir, np.where(spouse >= 0, spouse, who))


def _holders(world: World, rng: np.random.Generator, house: np.ndarray, day: int, keep_dead: float) -> np.ndarray:
    """Whose name a house runs under: the owner, sometimes the seller, or long the dead."""
    owner, seller = world.town.houses["owner"][house], world.town.houses["seller"][house]
    holder = np.where((seller >= 0) & (rng.random(len(house)) < 0.25), seller, owner)
    dead = world.town.people["death"][holder] <= day - 200
    passed = dead & (rng.random(len(house)) >= keep_dead)
    return np.where(passed, _heir(world, holder), holder)


def _homes(world: World, rng: np.random.Generator, as_of: int, share: float) -> np.ndarray:
    houses = world.town.houses
    return _share(rng, (houses["kind"] == HOME) & (houses["built"] < as_of - 60), share)


def tax(world: World, rng: np.random.Generator, as_of: int) -> Rows:
    """Land and building tax: one row per parcel, owners living elsewhere, letters to old addresses."""
    house = _homes(world, rng, as_of, 0.78)
    house = np.concatenate([house, house[rng.random(len(house)) < 0.2]])
    holder = _holders(world, rng, house, as_of, 0.2)
    far = _far_owners(world, rng, as_of, int(len(house) * 0.07))
    who = np.concatenate([holder, far])
    plot = np.concatenate([house, rng.choice(house, len(far))]) if len(house) else house
    day = as_of - (rng.gamma(1.3, 4.5, len(who)) * YEAR).astype(int)
    day = _not_before_here(world, who, day, grown=20)
    home = world.house(who, day)
    rows = Rows.of(who, day, np.where(rng.random(len(who)) < 0.65, home, plot))
    rows.mark("dead", world.town.people["death"][who] <= as_of)
    rows.mark("elsewhere", ~world.in_town(world.house(who, as_of)))
    return rows


def _far_owners(world: World, rng: np.random.Generator, as_of: int, count: int) -> np.ndarray:
    everyone = np.arange(len(world))
    away = ~world.in_town(world.house(everyone, as_of)) & world.living(as_of) & (world.age(everyone, as_of) > 28)
    known = np.flatnonzero(away)
    return rng.choice(known, min(count, len(known)), replace=False)


def utility(world: World, rng: np.random.Generator, as_of: int) -> Rows:
    """Water customers: one per house, named once at the contract and seldom corrected."""
    house = _homes(world, rng, as_of, 0.84)
    holder = _holders(world, rng, house, as_of, 0.75)
    tenant = _someone_at_home(world, rng, house, as_of)
    who = np.where((tenant >= 0) & (rng.random(len(house)) < 0.22), tenant, holder)
    day = as_of - rng.integers(0, int(24 * YEAR), len(who))
    day = _not_before_here(world, who, day, grown=18)
    rows = Rows.of(who, day, house)
    rows.mark("dead", world.town.people["death"][who] <= as_of)
    rows.mark("elsewhere", world.house(who, as_of) != house)
    return rows


def _someone_at_home(world: World, rng: np.random.Generator, house: np.ndarray, as_of: int) -> np.ndarray:
    """A grown resident of each house, -1 if it stands empty."""
    everyone = np.arange(len(world))
    grown = np.flatnonzero(world.living(as_of) & (world.age(everyone, as_of) > 20))
    grown = rng.permutation(grown)
    resident = np.full(len(world.houses.kind), -1)
    resident[world.house(grown, as_of)] = grown
    return resident[house]


def dog(world: World, rng: np.random.Generator, as_of: int) -> Rows:
    """Rabies rounds: who held the dog, one row per dog."""
    everyone = np.arange(len(world))
    home = world.house(everyone, as_of)
    age = world.age(everyone, as_of)
    who = _share(rng, world.living(as_of - 700) & world.in_town(home) & (age > 14) & (age < 85), 0.08)
    again = who[rng.random(len(who)) < 0.3]
    who = np.concatenate([who, again])
    day = _not_before_here(world, who, as_of - rng.integers(2, 700, len(who)), grown=12)
    return Rows.of(who, day, world.house(who, day))


def complaint(world: World, rng: np.random.Generator, as_of: int) -> Rows:
    """Complaints: anybody with a phone, some of them again and again."""
    everyone = np.arange(len(world))
    home, age = world.house(everyone, as_of), world.age(everyone, as_of)
    who = _share(rng, world.living(as_of - 900) & world.in_town(home) & (age > 17) & (age < 84), 0.08)
    who = np.repeat(who, rng.geometric(0.68, len(who)))
    day = _not_before_here(world, who, as_of - rng.integers(1, 900, len(who)), grown=15)
    return Rows.of(who, day, world.house(who, day))


LISTS = {
    "civil": civil,
    "vhv": vhv,
    "welfare": welfare,
    "tax": tax,
    "utility": utility,
    "dog": dog,
    "complaint": complaint,
}


def list_rows(world: World, rng: np.random.Generator, source: str, as_of: int) -> Rows:
    """The rows of one list: facts from a day in the person's life, not after the list's as-of day."""
    rows = LISTS[source](world, rng, as_of)
    rows.day = np.minimum(rows.day, world.town.people["death"][rows.who] - 20)
    rows = rows.take(np.flatnonzero((rows.day <= as_of) & (rows.day > world.birth(rows.who))))
    _, firsts = np.unique(rows.who, return_index=True)
    again = np.ones(len(rows.who), bool)
    again[firsts] = False
    rows.mark("twice", again)
    _mark_changes(world, rows)
    return rows


def _mark_changes(world: World, rows: Rows) -> None:
    town, who, end = world.town, rows.who, day_of(2027)
    renamed = np.zeros(len(who), bool)
    for fact in ("first", "last"):
        renamed |= town.at(fact, who, rows.day) != town.at(fact, who, end)
    rows.mark("old_name", renamed)
    rows.mark("old_house", (rows.house != world.house(who, end)) & (rows.house != world.book_house(who, end)))
