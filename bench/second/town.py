"""The town's state while it lives: people, houses and a ledger for each fact that changes."""

import numpy as np

from bench.second.family_names import CHINESE, NONE, first_free_surname
from bench.second.given import FEMALE, MALE, STATELESS_POOL, GivenNames, generation_of, load_given
from bench.second.tables import NEVER, Ledger, Table, year_of

LOCAL, MIGRANT, FOREIGN, STATELESS = 0, 1, 2, 3
HOME, FLATS, OUTSIDE = 0, 1, 2
ALWAYS = -40_000  # before every event of the register

CHANGING = ("first", "last", "mrs", "house", "book_house")
_PEOPLE = {
    "sex": np.int8,
    "birth": np.int32,
    "death": np.int32,
    "mother": np.int32,
    "father": np.int32,
    "spouse": np.int32,
    "kind": np.int8,
    "came": np.int32,
    "twin": np.int32,
    "last_born": np.int32,
    "mrs": np.int8,
    **{name: np.int32 for name in ("first", "last", "house", "book_house")},
    **{f"{name}_day": np.int32 for name in CHANGING},
}
_HOUSES = {"kind": np.int8, "moo": np.int16, "built": np.int32, "owner": np.int32, "seller": np.int32}


class Town:
    """People and houses; foreign people keep row numbers of the foreign name lists in first/last.

    `house` is where a person really lives, `book_house` where the house book (ทะเบียนบ้าน) says.
    """

    def __init__(self, rng: np.random.Generator, moo_count: int) -> None:
        self.rng = rng
        self.moo_count = moo_count
        self.given: GivenNames = load_given()
        self.people = Table(_PEOPLE)
        self.houses = Table(_HOUSES)
        self.ledgers = {name: Ledger() for name in CHANGING}
        self.surnames = first_free_surname()

    def new_surnames(self, count: int) -> np.ndarray:
        """Surnames nobody in town had; three in a hundred are shared Chinese clans."""
        fresh = np.arange(self.surnames, self.surnames + count)
        self.surnames += count
        chinese = self.rng.integers(CHINESE.start, CHINESE.stop, count)
        return np.where(self.rng.random(count) < 0.03, chinese, fresh)

    def draw_first(self, sex: np.ndarray, birth: np.ndarray) -> np.ndarray:
        """Given names of the birth year's fashion; one in eight follows the fashion before."""
        generation = generation_of(year_of(birth))
        generation = np.maximum(generation - (self.rng.random(len(sex)) < 0.12), 0)
        return self._from_pools(sex, generation)

    def draw_stateless(self, sex: np.ndarray) -> np.ndarray:
        """Single-word given names of people without a Thai registration."""
        return self._from_pools(sex, np.full(len(sex), STATELESS_POOL))

    def _from_pools(self, sex: np.ndarray, generation: np.ndarray) -> np.ndarray:
        names = np.zeros(len(sex), np.int32)
        for pool_sex, pool in self.given.weights:
            here = (sex == pool_sex) & (generation == pool)
            if here.any():
                names[here] = self.given.draw(self.rng, pool_sex, pool, int(here.sum()))
        return names

    def add_people(self, count: int, **values: object) -> np.ndarray:
        """New people; relatives default to none (-1), all facts hold from ever."""
        facts = {"death": NEVER, "mother": -1, "father": -1, "spouse": -1, "twin": -1, "last_born": ALWAYS}
        days = {f"{name}_day": ALWAYS for name in CHANGING}
        return self.people.append(count, **{**facts, **days, **values})

    def change(self, fact: str, who: np.ndarray, day: np.ndarray, new: object) -> None:
        """Replace a fact on a day; each person at most once per call, later calls never go back."""
        if not len(who):
            return
        now, changed = self.people[fact], self.people[f"{fact}_day"]
        new = np.broadcast_to(np.asarray(new), len(who))
        real = now[who] != new
        who, new = who[real], new[real]
        day = np.maximum(np.broadcast_to(day, len(real))[real], changed[who] + 1)
        self.ledgers[fact].note(who, day, now[who])
        now[who] = new
        changed[who] = day

    def at(self, fact: str, who: np.ndarray, day: np.ndarray | int) -> np.ndarray:
        """The fact of each person as it was on a day."""
        return self.ledgers[fact].at(self.people[fact], who, day)

    def alive(self) -> np.ndarray:
        """Who has not died so far."""
        return self.people["death"] == NEVER

    def in_town(self) -> np.ndarray:
        """Who is alive and lives in a house of the town."""
        return self.alive() & (self.houses["kind"][self.people["house"]] != OUTSIDE)

    def build(self, owners: np.ndarray, day: np.ndarray | int, moo: np.ndarray | None = None) -> np.ndarray:
        """New homes, one per owner."""
        if moo is None:
            moo = self.rng.integers(1, self.moo_count + 1, len(owners))
        return self.houses.append(len(owners), kind=HOME, moo=moo, built=day, owner=owners, seller=-1)

    def outside(self, count: int, day: np.ndarray | int) -> np.ndarray:
        """Addresses elsewhere in the country."""
        return self.houses.append(count, kind=OUTSIDE, built=day, owner=-1, seller=-1)

    def homes_for(self, owners: np.ndarray, day: np.ndarray) -> np.ndarray:
        """A home for each: some buy a house that stands empty, the others build one."""
        empty = self._empty_homes()
        homes = self.build(owners[: max(0, len(owners) - len(empty))], day[: max(0, len(owners) - len(empty))])
        bought = self.rng.permutation(empty)[: len(owners) - len(homes)]
        buyers = owners[len(homes) :]
        self.houses["seller"][bought] = self.houses["owner"][bought]
        self.houses["owner"][bought] = buyers
        return np.concatenate([homes, bought])

    def _empty_homes(self) -> np.ndarray:
        living = np.bincount(self.people["house"][self.alive()], minlength=len(self.houses))
        empty = np.flatnonzero((living == 0) & (self.houses["kind"] == HOME))
        return empty[self.rng.random(len(empty)) < 0.3]

    def move(self, who: np.ndarray, day: np.ndarray, house: np.ndarray, booked: float = 0.65) -> None:
        """People move; the house book follows for the share `booked`."""
        self.change("house", who, day, house)
        told = self.rng.random(len(who)) < booked
        self.change("book_house", who[told], day[told], house[told])


def days_in(rng: np.random.Generator, year: int, count: int) -> np.ndarray:
    """Random days of a year."""
    first = int(np.datetime64(f"{year}-01-01", "D").astype(int))
    return first + rng.integers(0, 365, count)


def is_woman(town: Town) -> np.ndarray:
    """Women and girls."""
    return town.people["sex"] == FEMALE


def is_man(town: Town) -> np.ndarray:
    """Men and boys."""
    return town.people["sex"] == MALE


def has_surname(town: Town, who: np.ndarray) -> np.ndarray:
    """Who carries a surname that a Thai wife or child can take."""
    return (town.people["last"][who] != NONE) & (town.people["kind"][who] != FOREIGN)
