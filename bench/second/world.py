"""The finished town as a list keeper meets it: names, titles, phones and houses on a given day."""

from dataclasses import dataclass

import numpy as np

from bench.second.family_names import MONK_NAMES, NICKNAMES, foreign_family, foreign_given, surname_texts
from bench.second.given import FEMALE, MALE
from bench.second.houses import Houses, address_houses
from bench.second.identity import ACADEMIC, LADDERS, Identity, identify
from bench.second.tables import NEVER
from bench.second.town import FOREIGN, OUTSIDE, STATELESS, Town
from bench.second.years import live

_BOY, _GIRL, _MR, _MRS, _MISS, _MONK, _NOVICE, _LATIN_MR, _LATIN_MRS, _LATIN_MS, _UNTITLED = range(11)
_TITLES = np.array(["ด.ช.", "ด.ญ.", "นาย", "นาง", "นางสาว", "พระ", "สามเณร", "MR.", "MRS.", "MISS", ""], dtype=object)


@dataclass
class Names:
    """Name parts of some rows (texts) and what is special about them (flags)."""

    title: np.ndarray
    first: np.ndarray
    last: np.ndarray
    latin: np.ndarray
    robed: np.ndarray
    ranked: np.ndarray


@dataclass(frozen=True)
class World:
    """Town, identities, houses and the texts of the surname numbers."""

    town: Town
    identity: Identity
    houses: Houses
    surnames: np.ndarray

    def __len__(self) -> int:
        return len(self.town.people)

    def birth(self, who: np.ndarray) -> np.ndarray:
        """True days of birth."""
        return self.town.people["birth"][who]

    def age(self, who: np.ndarray, day: np.ndarray | int) -> np.ndarray:
        """Age in years, with fractions, by the booked birth."""
        return (day - self.identity.booked_birth[who]) / 365.25

    def house(self, who: np.ndarray, day: np.ndarray | int) -> np.ndarray:
        """Where they really live."""
        return self.town.at("house", who, day)

    def book_house(self, who: np.ndarray, day: np.ndarray | int) -> np.ndarray:
        """Where the house book has them."""
        return self.town.at("book_house", who, day)

    def in_town(self, house: np.ndarray) -> np.ndarray:
        """Whether houses are houses of the town."""
        return self.town.houses["kind"][house] != OUTSIDE

    def living(self, day: np.ndarray | int) -> np.ndarray:
        """Who is born, has come, and has not died on the day (one flag per person)."""
        people = self.town.people
        return (people["birth"] <= day) & (people["came"] <= day) & (people["death"] > day)

    def national_id(self, who: np.ndarray, day: np.ndarray) -> np.ndarray:
        """ID number held on the day, empty text if none."""
        former = day < self.identity.id_changed[who]
        return np.where(former, self.identity.former_id[who], self.identity.national_id[who])

    def names(self, who: np.ndarray, day: np.ndarray, rng: np.random.Generator, latin: float, ranks: float) -> Names:
        """Name parts as held on each row's day; foreigners in Latin letters for the share `latin`."""
        foreign = self.town.people["kind"][who] == FOREIGN
        in_latin = foreign & (rng.random(len(who)) < latin)
        first, last = self._thai_names(who, day, foreign)
        first[foreign], last[foreign] = self._foreign_names(who[foreign], in_latin[foreign])
        robed = (self.identity.robe_from[who] <= day) & (day < self.identity.robe_to[who])
        ordained = robed & (rng.random(len(who)) < 0.5)
        last[ordained] = np.array(MONK_NAMES, dtype=object)[who[ordained] % len(MONK_NAMES)]
        title = _TITLES[self._title_codes(who, day, in_latin, robed)]
        ranked = self._put_ranks(who, day, title, ~robed & (rng.random(len(who)) < ranks))
        blank = (self.town.people["kind"][who] == STATELESS) & (rng.random(len(who)) < 0.15)
        title[blank] = ""
        return Names(title, first, last, in_latin, robed, ranked)

    def _thai_names(self, who: np.ndarray, day: np.ndarray, foreign: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        given, surname = self.town.at("first", who, day), self.town.at("last", who, day)
        first = self.town.given.text[np.where(foreign, 0, given)]
        return first, self.surnames[np.where(foreign, 0, surname)]

    def _foreign_names(self, who: np.ndarray, latin: np.ndarray) -> tuple[list[str], list[str]]:
        people, families = self.town.people, foreign_family()
        given = {sex: foreign_given(sex) for sex in (MALE, FEMALE)}
        facts = (people["sex"][who], people["first"][who], people["last"][who], np.where(latin, 0, 1))
        rows = list(zip(*(fact.tolist() for fact in facts), strict=True))
        return [given[sex][f][script] for sex, f, _, script in rows], [families[f][script] for _, _, f, script in rows]

    def _title_codes(self, who: np.ndarray, day: np.ndarray, latin: np.ndarray, robed: np.ndarray) -> np.ndarray:
        child = self.age(who, day) < 15
        woman = self.town.people["sex"][who] == FEMALE
        wife = self.town.at("mrs", who, day) == 1
        codes = np.select(
            [robed & (self.age(who, day) < 20), robed, latin & woman & wife, latin & woman, latin],
            [_NOVICE, _MONK, _LATIN_MRS, _LATIN_MS, _LATIN_MR],
            np.where(child, np.where(woman, _GIRL, _BOY), np.where(woman, np.where(wife, _MRS, _MISS), _MR)),
        )
        return codes

    def _put_ranks(self, who: np.ndarray, day: np.ndarray, title: np.ndarray, wanted: np.ndarray) -> np.ndarray:
        age = self.age(who, day)
        ranked = (self.identity.ladder[who] > 0) & (age > 22) & wanted
        for row in np.flatnonzero(ranked).tolist():
            ladder = int(self.identity.ladder[who[row]])
            steps = LADDERS[ladder]
            text = steps[min(int((age[row] - 22) / 6), len(steps) - 1)]
            woman = self.town.people["sex"][who[row]] == FEMALE
            title[row] = text + "หญิง" if woman and ladder != ACADEMIC else text
        return ranked

    def contact(self, who: np.ndarray, day: np.ndarray) -> np.ndarray:
        """Whose phone they give: a child the mother's, the phoneless a child's or the partner's."""
        people, identity = self.town.people, self.identity
        mother, heir, spouse = people["mother"][who], identity.heir[who], people["spouse"][who]
        young = (self.age(who, day) < 14) & (mother >= 0)
        lacking = identity.phoneless[who] & ~young
        choice = np.where(young, mother, who)
        choice = np.where(lacking & (spouse >= 0), spouse, choice)
        return np.where(lacking & (heir >= 0), heir, choice)

    def phone(self, who: np.ndarray, day: np.ndarray) -> np.ndarray:
        """Nine digits without the leading 0, as whole numbers."""
        return self.identity.phones[(day >= self.identity.phone_changed[who]).astype(int), who]

    def nicknames(self, who: np.ndarray) -> np.ndarray:
        """Nicknames as texts."""
        return np.array(NICKNAMES, dtype=object)[self.identity.nickname[who]]


def make_world(rng: np.random.Generator, couples: int) -> World:
    """Let a town live and settle who has which number, phone and house."""
    moo_count = int(np.clip(couples // 120, 6, 22))
    town = live(rng, couples, moo_count)
    identity = identify(town)
    houses = address_houses(town)
    return World(town, identity, houses, surname_texts(town.surnames, rng))


def people_frame(world: World) -> dict[str, np.ndarray]:
    """Kinship and life dates per person (row number = person), for tests and for looking into errors."""
    people = world.town.people
    facts = {name: people[name].copy() for name in ("sex", "birth", "death", "mother", "father", "twin", "kind")}
    facts["first"] = people["first"].copy()
    facts["last"] = people["last"].copy()
    facts["died"] = facts.pop("death") < NEVER
    return facts
