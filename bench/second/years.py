"""What happens in a year: deaths, weddings, partings, births, new names and moves."""

import numpy as np

from bench.second.arrivals import FIRST_YEAR, arrive, found, give_children
from bench.second.given import MALE
from bench.second.tables import day_of
from bench.second.town import FLATS, FOREIGN, OUTSIDE, Town, days_in, has_surname, is_man, is_woman

LAST_YEAR = 2026
YEAR = 365.25
# Children per woman by first year of the era, the fall that Thailand saw.
_FERTILITY = ((1914, 3.6), (1946, 4.3), (1966, 4.2), (1975, 3.0), (1985, 2.1), (1995, 1.75), (2010, 1.25))
# Women who may keep the title นางสาว after the wedding: from the Act of 2551.
_TITLE_FREE_YEAR = 2008


def live(rng: np.random.Generator, couples: int, moo_count: int) -> Town:
    """A town from its founding to the end of 2026."""
    town = Town(rng, moo_count)
    found(town, couples)
    for year in range(FIRST_YEAR + 1, LAST_YEAR + 1):
        for happen in (die, wed, part, bear, rename, move_out, come_back, move_house, follow_mother, arrive):
            happen(town, year)
    return town


def _age(town: Town, year: int) -> np.ndarray:
    return (day_of(year, 7) - town.people["birth"]) / YEAR


def _lucky(town: Town, chance: np.ndarray) -> np.ndarray:
    return np.flatnonzero(town.rng.random(len(chance)) < chance)


def die(town: Town, year: int) -> None:
    """Gompertz deaths, men earlier; the widowed may wed again."""
    age = _age(town, year)
    hazard = 3e-4 + 2.2e-5 * np.exp(0.1 * age) * np.where(is_man(town), 1.25, 0.85)
    dead = _lucky(town, hazard * town.alive())
    people = town.people
    people["death"][dead] = np.maximum(days_in(town.rng, year, len(dead)), people["birth"][dead] + 1)
    left = people["spouse"][dead]
    people["spouse"][left[left >= 0]] = -1


def wed(town: Town, year: int) -> None:
    """Couples of like age; most wives take the surname, later ones less often."""
    men, women = _match(town, year)
    if not len(men):
        return
    rng, people = town.rng, town.people
    people["spouse"][men], people["spouse"][women] = women, men
    day = days_in(rng, year, len(men))
    registered = rng.random(len(men)) < (0.85 if year < 1995 else 0.7)
    take = registered & has_surname(town, men) & (people["kind"][women] != FOREIGN)
    take &= rng.random(len(men)) < (0.95 if year < 2003 else 0.6)
    town.change("last", women[take], day[take], people["last"][men[take]])
    titled = registered & (rng.random(len(men)) < (1.0 if year < _TITLE_FREE_YEAR else 0.5))
    town.change("mrs", women[titled], day[titled], 1)
    _share_home(town, men, women, day)


def _match(town: Town, year: int) -> tuple[np.ndarray, np.ndarray]:
    people, age, rng = town.people, _age(town, year), town.rng
    free = town.in_town() & (people["spouse"] < 0)
    late = 0.0 if year < 1985 else 0.03
    men = _lucky(town, free * is_man(town) * _bell(age, 19, 55, 0.17 - late))
    women = _lucky(town, free * is_woman(town) * _bell(age, 17, 48, 0.19 - late))
    men = men[np.argsort(age[men] + rng.normal(0, 3, len(men)))]
    women = women[np.argsort(age[women] + 2 + rng.normal(0, 3, len(women)))]
    count = min(len(men), len(women))
    men, women = men[:count], women[:count]
    return _not_kin(town, men, women)


def _bell(age: np.ndarray, low: int, high: int, peak: float) -> np.ndarray:
    return np.where((age >= low) & (age <= high), np.where(age < 34, peak, peak / 5), 0.0)


def _not_kin(town: Town, men: np.ndarray, women: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    mother, father = town.people["mother"], town.people["father"]
    kin = (mother[men] >= 0) & (mother[men] == mother[women])
    kin |= (mother[men] == women) | (father[women] == men)
    kin |= (father[men] >= 0) & (father[men] == father[women])
    return men[~kin], women[~kin]


def _share_home(town: Town, men: np.ndarray, women: np.ndarray, day: np.ndarray) -> None:
    """With her parents (the custom of the north), with his, or in a home of their own."""
    house = town.people["house"]
    choice = town.rng.random(len(men))
    own = choice > 0.5
    place = np.where(choice < 0.32, house[women], house[men])
    place[own] = town.homes_for(men[own], day[own])
    town.move(men, day, place)
    town.move(women, day, place)


def part(town: Town, year: int) -> None:
    """Divorces: two wives in three go back to their first surname, one of the two moves out."""
    rng, people = town.rng, town.people
    rate = 0.004 if year < 1990 else 0.010 if year < 2010 else 0.016
    age = _age(town, year)
    married = town.in_town() & is_woman(town) & (people["spouse"] >= 0) & (age < 65)
    women = _lucky(town, married * rate)
    men = people["spouse"][women].copy()
    people["spouse"][women] = people["spouse"][men] = -1
    day = days_in(rng, year, len(women))
    back = rng.random(len(women)) < 0.65
    first_surname = town.at("last", women, people["birth"][women])
    town.change("last", women[back], day[back], first_surname[back])
    miss = back & (rng.random(len(women)) < (0.5 if year >= _TITLE_FREE_YEAR else 0.0))
    town.change("mrs", women[miss], day[miss], 0)
    leaver = np.where(rng.random(len(women)) < 0.6, men, women)
    _go_home(town, leaver, day)


def _go_home(town: Town, who: np.ndarray, day: np.ndarray) -> None:
    """Back to the mother's house if she lives, else to a home of one's own."""
    people = town.people
    mother = people["mother"][who]
    has = (mother >= 0) & town.alive()[mother]
    place = people["house"][mother].copy()
    place[~has] = town.homes_for(who[~has], day[~has])
    town.move(who, day, place)


def bear(town: Town, year: int) -> None:
    """Births, twins among them; name fashions, sound-alike siblings, sons named as their fathers."""
    people, rng, age = town.people, town.rng, _age(town, year)
    level = [tfr for start, tfr in _FERTILITY if year >= start][-1] / 4.1
    curve = np.select([age < 16, age < 25, age < 35, age < 44], [0.0, 0.27, 0.22, 0.08], 0.0)
    able = town.alive() & is_woman(town) & (day_of(year) - people["last_born"] > 330)
    chance = curve * level * np.where(people["spouse"] >= 0, 1.0, 0.02) * able
    mothers = _lucky(town, chance)
    birth = days_in(rng, year, len(mothers))
    children = give_children(town, mothers, birth)
    _twins(town, mothers, children)
    _fashion(town, mothers, children)
    people["last_born"][mothers] = birth


def _twins(town: Town, mothers: np.ndarray, children: np.ndarray) -> None:
    """One birth in eighty-five brings two: a third of them look alike, all are named alike."""
    people, rng = town.people, town.rng
    double = _lucky(town, np.full(len(mothers), 1 / 85))
    firsts = children[double]
    if not len(firsts):
        return
    sex = np.where(rng.random(len(firsts)) < 0.65, people["sex"][firsts], 1 - people["sex"][firsts])
    seconds = give_children(town, mothers[double], people["birth"][firsts], sex)
    people["twin"][firsts], people["twin"][seconds] = seconds, firsts
    people["last"][seconds] = people["last"][firsts]
    alike = people["sex"][firsts] == people["sex"][seconds]
    names = town.given.neighbour(rng, people["first"][firsts[alike]])
    people["first"][seconds[alike]] = names


def _fashion(town: Town, mothers: np.ndarray, children: np.ndarray) -> None:
    people, rng = town.people, town.rng
    father, sex = people["father"][children], people["sex"][children]
    thai = (father >= 0) & (people["kind"][father] != FOREIGN)
    junior = thai & (sex == MALE) & (rng.random(len(children)) < 0.015) & (people["twin"][children] < 0)
    people["first"][children[junior]] = people["first"][father[junior]]
    _name_as_cousin(town, children[~junior])
    _name_as_sibling(town, mothers, children, ~junior)


def _name_as_sibling(town: Town, mothers: np.ndarray, children: np.ndarray, free: np.ndarray) -> None:
    """Three in ten children get a name that begins like the one of an elder sibling."""
    people = town.people
    elder = np.full(len(people), -1)
    has_mother = np.flatnonzero(people["mother"][: children[0]] >= 0) if len(children) else np.zeros(0, int)
    elder[people["mother"][has_mother]] = has_mother
    sibling = elder[mothers]
    same = (sibling >= 0) & (people["sex"][sibling] == people["sex"][children]) & free
    same &= (town.rng.random(len(children)) < 0.3) & (people["twin"][children] < 0)
    people["first"][children[same]] = town.given.neighbour(town.rng, people["first"][sibling[same]])


def _name_as_cousin(town: Town, children: np.ndarray) -> None:
    """One child in 120 gets the name of a living person of the same surname and sex, not of a sibling."""
    people, rng = town.people, town.rng
    pick = children[rng.random(len(children)) < 1 / 120]
    living = np.flatnonzero(town.alive() & (people["kind"] != FOREIGN))
    order = living[np.argsort(people["last"][living], kind="stable")]
    surname = people["last"][order]
    low = np.searchsorted(surname, people["last"][pick], "left")
    high = np.searchsorted(surname, people["last"][pick], "right")
    cousin = order[low + (rng.random(len(pick)) * np.maximum(high - low, 1)).astype(int).clip(0)]
    fits = (people["sex"][cousin] == people["sex"][pick]) & (people["mother"][cousin] != people["mother"][pick])
    fits &= (cousin != pick) & (people["last"][cousin] == people["last"][pick])
    people["first"][pick[fits]] = people["first"][cousin[fits]]


def rename(town: Town, year: int) -> None:
    """Lucky new first names, and new surnames by choice: a young habit."""
    people, rng, age = town.people, town.rng, _age(town, year)
    rate = 0.001 if year < 1990 else 0.005
    grown = town.alive() & (age > 6) & (age < 60) & (people["kind"] != FOREIGN)
    who = _lucky(town, grown * rate)
    names = town.draw_first(people["sex"][who], np.full(len(who), day_of(min(year, 2005) - 20)))
    town.change("first", who, days_in(rng, year, len(who)), names)
    who = _lucky(town, grown * rate * 0.3)
    town.change("last", who, days_in(rng, year, len(who)), town.new_surnames(len(who)))


def move_out(town: Town, year: int) -> None:
    """The young leave for work; six in ten stay in the house book at home."""
    age, people = _age(town, year), town.people
    rate = 0.008 if year < 1980 else 0.017
    who = _lucky(town, town.in_town() * (age > 17) * (age < 36) * (people["spouse"] < 0) * rate)
    day = days_in(town.rng, year, len(who))
    town.move(who, day, town.outside(len(who), day), booked=0.4)


def come_back(town: Town, year: int) -> None:
    """Some of those who left return."""
    gone = town.alive() & (town.houses["kind"][town.people["house"]] == OUTSIDE)
    who = _lucky(town, gone * 0.03)
    _go_home(town, who, days_in(town.rng, year, len(who)))


def move_house(town: Town, year: int) -> None:
    """Whole households change house, and single grown-ups get a place of their own."""
    people, rng, age = town.people, town.rng, _age(town, year)
    homes = np.flatnonzero(town.houses["kind"] != OUTSIDE)
    leaving = np.zeros(len(town.houses), bool)
    leaving[homes[rng.random(len(homes)) < 0.009]] = True
    leaving &= town.houses["kind"] != FLATS
    who = np.flatnonzero(town.alive() & leaving[people["house"]])
    _move_together(town, who, year)
    single = _lucky(town, town.in_town() * (age > 24) * (age < 50) * (people["spouse"] < 0) * 0.012)
    day = days_in(rng, year, len(single))
    town.move(single, day, town.homes_for(single, day))


def _move_together(town: Town, who: np.ndarray, year: int) -> None:
    old = town.people["house"][who]
    old_houses, first, group = np.unique(old, return_index=True, return_inverse=True)
    day = days_in(town.rng, year, len(old_houses))
    new = town.homes_for(who[first], day)
    town.move(who, day[group], new[group])


def follow_mother(town: Town, year: int) -> None:
    """Children under 15 live where their mother lives."""
    people, age = town.people, _age(town, year)
    mother = people["mother"]
    child = town.alive() & (age < 15) & (mother >= 0)
    child &= town.alive()[mother] & (people["house"][mother] != people["house"])
    who = _lucky(town, child * 0.9)
    day = np.maximum(people["house_day"][mother[who]], people["birth"][who] + 1)
    town.move(who, day, people["house"][mother[who]])
