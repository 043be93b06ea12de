"""Founders of the town and the families, workers and foreigners who come later."""

from collections.abc import Callable

import numpy as np

from bench.second.family_names import NONE, foreign_family, foreign_given
from bench.second.given import FEMALE, MALE
from bench.second.town import FLATS, FOREIGN, LOCAL, MIGRANT, STATELESS, Town, days_in

FIRST_YEAR = 1914


def found(town: Town, couples: int) -> None:
    """Young couples in their own houses; each village shares a few clan surnames."""
    rng = town.rng
    start = days_in(rng, FIRST_YEAR, couples)
    moo = rng.integers(1, town.moo_count + 1, couples)
    clans = _clans(town, couples)
    men = _founders(town, MALE, start - _ages(rng, couples, 18, 45), clans(moo))
    wives = _founders(town, FEMALE, start - _ages(rng, couples, 17, 40), clans(moo))
    homes = town.build(men, start, moo)
    for facts in ("house", "book_house"):
        town.people[facts][men] = homes
        town.people[facts][wives] = homes
    town.people["spouse"][men], town.people["spouse"][wives] = wives, men
    town.change("last", wives, start, town.people["last"][men])
    town.change("mrs", wives, start, 1)


def _ages(rng: np.random.Generator, count: int, low: int, high: int) -> np.ndarray:
    return (rng.uniform(low, high, count) * 365.25).astype(int)


def _clans(town: Town, couples: int) -> Callable[[np.ndarray], np.ndarray]:
    """Chooser of clan surnames by village: about one clan to five couples, a few of them large."""
    per_moo = max(2, couples // (town.moo_count * 5))
    names = town.new_surnames(per_moo * town.moo_count).reshape(town.moo_count, per_moo)
    weight = 1.0 / (np.arange(per_moo) + 2.0)
    weight /= weight.sum()
    return lambda moo: names[moo - 1, town.rng.choice(per_moo, len(moo), p=weight)]


def _founders(town: Town, sex: int, birth: np.ndarray, last: np.ndarray) -> np.ndarray:
    sexes = np.full(len(birth), sex)
    first = town.draw_first(sexes, birth)
    return town.add_people(len(birth), sex=sexes, birth=birth, came=birth, kind=LOCAL, first=first, last=last)


def arrive(town: Town, year: int) -> None:
    """One year's newcomers: about half couples, some with children; four in ten are not booked here."""
    rng = town.rng
    living = int(town.in_town().sum())
    rate = 0.001 if year < 1980 else 0.006 if year < 2000 else 0.011
    units = rng.poisson(living * rate)
    if units == 0:
        return
    day = days_in(rng, year, units)
    kind = rng.choice([MIGRANT, FOREIGN, STATELESS], units, p=_kinds(year))
    heads = _newcomers(town, rng.choice([MALE, FEMALE], units), day - _ages(rng, units, 19, 55), kind, day)
    paired = np.flatnonzero(rng.random(units) < 0.5)
    mates = _mates(town, heads[paired], day[paired])
    homes = _first_homes(town, heads, day, paired)
    _settle(town, heads, homes, day)
    _settle(town, mates, homes[paired], day[paired])
    _bring_children(town, heads[paired], mates, day[paired])


def _kinds(year: int) -> list[float]:
    return [0.97, 0.005, 0.025] if year < 1990 else [0.87, 0.035, 0.095]


def _newcomers(town: Town, sex: np.ndarray, birth: np.ndarray, kind: np.ndarray, day: np.ndarray) -> np.ndarray:
    first = town.draw_first(sex, birth)
    last = town.new_surnames(len(sex))
    stateless, foreign = kind == STATELESS, kind == FOREIGN
    first[stateless] = town.draw_stateless(sex[stateless])
    last[stateless & (town.rng.random(len(sex)) < 0.75)] = NONE
    for each in (MALE, FEMALE):
        here = foreign & (sex == each)
        first[here] = town.rng.integers(0, len(foreign_given(each)), here.sum())
    last[foreign] = town.rng.integers(0, len(foreign_family()), foreign.sum())
    return town.add_people(len(sex), sex=sex, birth=birth, came=day, kind=kind, first=first, last=last)


def _mates(town: Town, heads: np.ndarray, day: np.ndarray) -> np.ndarray:
    people, rng = town.people, town.rng
    kind = people["kind"][heads]
    kind = np.where((kind == FOREIGN) & (rng.random(len(heads)) < 0.7), MIGRANT, kind)
    birth = people["birth"][heads] + rng.normal(0, 1200, len(heads)).astype(int)
    mates = _newcomers(town, 1 - people["sex"][heads], np.minimum(birth, day - 17 * 366), kind, day)
    people["spouse"][heads], people["spouse"][mates] = mates, heads
    wives = np.where(people["sex"][heads] == FEMALE, heads, mates)
    husbands = np.where(people["sex"][heads] == FEMALE, mates, heads)
    alien = (kind == FOREIGN) & (people["kind"][heads] == FOREIGN)
    people["last"][mates[alien]] = people["last"][heads[alien]]
    take = (people["kind"][wives] == MIGRANT) & (people["kind"][husbands] == MIGRANT)
    take &= rng.random(len(heads)) < 0.6
    # Newcomers wed before they came: a list filled after that day can only know the later name.
    town.change("last", wives[take], day[take] - 400, people["last"][husbands[take]])
    town.change("mrs", wives[take], day[take] - 400, 1)
    return mates


def _first_homes(town: Town, heads: np.ndarray, day: np.ndarray, paired: np.ndarray) -> np.ndarray:
    """Singles go to flats for the most part, couples to houses."""
    single = np.ones(len(heads), bool)
    single[paired] = False
    to_flat = town.rng.random(len(heads)) < np.where(single, 0.55, 0.1)
    homes = np.zeros(len(heads), np.int32)
    homes[~to_flat] = town.homes_for(heads[~to_flat], day[~to_flat])
    homes[to_flat] = _flats(town, int(to_flat.sum()), day[to_flat])
    return homes


def _flats(town: Town, count: int, day: np.ndarray) -> np.ndarray:
    """Blocks of flats with about 25 people each: one address, one house code, many families."""
    if count == 0:
        return np.zeros(0, np.int32)
    new = max(1, count // 25)
    owners = town.rng.choice(np.flatnonzero(town.in_town()), new)
    blocks = town.build(owners, int(day.min()))
    town.houses["kind"][blocks] = FLATS
    known = np.flatnonzero(town.houses["kind"] == FLATS)
    return town.rng.choice(known[-4 * new :], count)


def _settle(town: Town, who: np.ndarray, homes: np.ndarray, day: np.ndarray) -> None:
    people = town.people
    people["house"][who] = homes
    unbooked = town.rng.random(len(who)) < 0.4
    people["book_house"][who] = homes
    people["book_house"][who[unbooked]] = town.outside(int(unbooked.sum()), day[unbooked])


def _bring_children(town: Town, heads: np.ndarray, mates: np.ndarray, day: np.ndarray) -> None:
    people, rng = town.people, town.rng
    mothers = np.where(people["sex"][heads] == FEMALE, heads, mates)
    for _ in range(2):
        old = rng.integers(30, 14 * 365, len(mothers))
        grown = day - old - people["birth"][mothers] > 18 * 365
        with_child = np.flatnonzero(grown & (rng.random(len(mothers)) < 0.4))
        give_children(town, mothers[with_child], (day - old)[with_child])
        people["last_born"][mothers[with_child]] = day[with_child]


def give_children(town: Town, mothers: np.ndarray, birth: np.ndarray, sex: np.ndarray | None = None) -> np.ndarray:
    """One newborn per mother: surname of the father if there is one to give, home of the mother."""
    people, rng = town.people, town.rng
    sex = rng.choice([MALE, FEMALE], len(mothers), p=[0.513, 0.487]) if sex is None else sex
    fathers = people["spouse"][mothers]
    parent = np.where((fathers >= 0) & (people["kind"][fathers] != FOREIGN), fathers, mothers)
    last = people["last"][parent].copy()
    kind = np.where(people["kind"][mothers] == STATELESS, STATELESS, LOCAL)
    alien = people["kind"][parent] == FOREIGN
    last[alien] = town.new_surnames(int(alien.sum()))
    no_name = (last == NONE) & (kind == LOCAL)
    last[no_name] = town.new_surnames(int(no_name.sum()))
    first = town.draw_first(sex, birth)
    wild = (kind == STATELESS) & (rng.random(len(sex)) < 0.5)
    first[wild] = town.draw_stateless(sex[wild])
    return town.add_people(
        len(mothers),
        sex=sex,
        birth=birth,
        came=birth,
        kind=kind,
        mother=mothers,
        father=fathers,
        first=first,
        last=last,
        house=people["house"][mothers],
        book_house=people["book_house"][mothers],
        last_born=birth,
    )
