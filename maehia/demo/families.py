"""Families for the houses: couples, children, twins, grandmothers, lone elders, lodgers, monks, strangers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from . import names
from .dice import Dice, Weighted
from .houses import House
from .people import Person
from .serials import landline, mobile, national_id

YEAR = 365.25
FIRST_ID_DAY = 724_276  # 1 January 2527 (1984): who is born from then on has a number that begins with 1
_SHAPES = Weighted(
    ("alone", "couple", "family", "one_parent", "three_generations", "siblings"),
    (0.27, 0.19, 0.31, 0.09, 0.10, 0.04),
)
_LODGER_SHAPES = Weighted(("alone", "couple", "family", "one_parent"), (0.46, 0.24, 0.22, 0.08))
_RANKS = ("ร.ต.อ.", "ด.ต.", "จ.ส.อ.", "ส.ต.ท.", "ว่าที่ ร.ต.", "พ.ต.ท.", "ร.ท.", "ดร.", "นพ.")
_WOMEN_RANKS = ("ว่าที่ ร.ต.หญิง", "ดร.", "พญ.", "ร.ต.อ.หญิง")


@dataclass
class Maker:
    """Makes persons one after the other and keeps what families share: surnames with living elders."""

    dice: Dice
    day: int
    people: list[Person] = field(default_factory=list)
    households: int = 0
    clans: list[tuple[str, int]] = field(default_factory=list)
    registered: bool = True
    house: int = 0
    _here: list[Person] = field(default_factory=list)

    def person(
        self, sex: str, age: float, last: str, *, first: str = "", role: str = "ผู้อาศัย", mother: int = -1
    ) -> Person:
        """Add one person. age: years on the base day."""
        birth = self.day - max(int(age * YEAR), 20)
        key = len(self.people)
        mother = mother if mother >= 0 and 16 < (birth - self.people[mother].birth) / YEAR < 46 else -1
        person = Person(
            key,
            sex,
            birth,
            first or names.first_name(self.dice, sex, int(birth // YEAR)),
            last,
            self.house,
            registered=self.registered,
            role=role,
            household=self.households,
            mother=mother,
        )
        self._papers(person, age)
        self.people.append(person)
        self._here.append(person)
        return person

    def _papers(self, person: Person, age: float) -> None:
        d = self.dice
        kind = "3" if person.birth < FIRST_ID_DAY else "1"
        draw = d.random()
        if draw < 0.05:
            kind = "5" if draw < 0.02 else ("2" if kind == "1" else "4")
        person.nid = national_id(person.key, kind)
        if age > 14 and d.chance(0.9 if age < 70 else 0.65):
            person.phone = mobile(person.key) if d.chance(0.94) else landline(d)
        if age > 62 and d.chance(0.16 if age > 72 else 0.07):
            person.birth_form = "jan1"
        if 22 < age < 75 and d.chance(0.013):
            person.title = d.pick(_RANKS if person.sex == "M" else _WOMEN_RANKS)

    def surname(self) -> tuple[str, int]:
        """A surname and the key of the mother who bears it, -1 for a family without elders in the town."""
        if self.clans and self.dice.chance(0.3):
            return self.dice.pick(self.clans)
        return names.last_name(self.dice), -1

    def close(self) -> list[Person]:
        """End the household: its eldest is the head; one elder woman may be mother of a later family."""
        members, self._here = self._here, []
        self.households += 1
        if members:
            max(members, key=lambda p: _headship(p, self.day)).role = "เจ้าบ้าน"
            self.clans.extend((p.last, p.key) for p in members if p.sex == "F" and 48 < p.age(self.day) < 80)
        return members


def _headship(person: Person, day: int) -> tuple[bool, bool, float]:
    """Adults before children, husbands and lone persons before wives, the eldest under 79 before elders."""
    age = person.age(day)
    return age > 18, person.role != "คู่สมรส", age if age < 79 else age - 80


def make_family(make: Maker, house: House, registered: bool) -> list[Person]:
    """People of one household in `house`, added to `make.people`."""
    make.house, make.registered = house.index, registered
    shape = (_SHAPES if registered else _LODGER_SHAPES).pick(make.dice)
    if make.dice.chance(0.012 if registered else 0.17):
        _strangers(make, registered)
    else:
        last, mother = make.surname() if registered else (names.last_name(make.dice), -1)
        _BUILDERS[str(shape)](make, last, mother)
    return make.close()


def _adult_age(dice: Dice, low: float = 20, mode: float = 46) -> float:
    return min(max(low + 0.5, dice.normal(mode, 17)), 97)


def _alone(make: Maker, last: str, mother: int) -> None:
    d = make.dice
    age = _adult_age(d, mode=52 if make.registered else 34)
    sex = "F" if d.chance(0.6 if age > 60 else 0.48) else "M"
    person = make.person(sex, age, last, mother=mother if age < 45 else -1)
    person.married = sex == "F" and age > 40 and d.chance(0.5)


def _pair(make: Maker, last: str, mother: int, age: float) -> tuple[Person, Person]:
    d = make.dice
    man = make.person("M", age, last, mother=mother if age < 50 else -1)
    wife_age = max(19.5, age + d.normal(-2.5, 3.5))
    takes_name = d.chance(0.93 if wife_age > 55 else 0.68)
    wife = make.person("F", wife_age, last if takes_name else names.last_name(d), role="คู่สมรส")
    wife.married = takes_name or d.chance(0.45)
    return man, wife


def _couple(make: Maker, last: str, mother: int) -> None:
    _pair(make, last, mother, _adult_age(make.dice, mode=57 if make.registered else 33))


def _children(make: Maker, last: str, woman: Person, father: Person | None, count: int) -> None:
    """Brothers and sisters; 1.4 % of births are twins; a few sons carry the father's first name."""
    d, last_name, model = make.dice, last, ""
    mother_age = woman.age(make.day)
    gap = d.spread(19, 33)
    while count > 0:
        age = mother_age - gap
        if age < 0.06 or age > 45:
            return
        sex = "M" if d.chance(0.51) else "F"
        year = int((make.day - age * YEAR) // YEAR)
        name = names.alike_name(d, sex, year, model) if model and d.chance(0.3) else names.first_name(d, sex, year)
        if sex == "M" and father is not None and d.chance(0.012):
            name = father.first
        child = make.person(sex, age, last_name, first=name, role="บุตร", mother=woman.key)
        model, count = name, count - 1
        if d.chance(0.014):
            _twin(make, child)
        gap += d.spread(1.4, 5.0)


def _twin(make: Maker, first_born: Person) -> None:
    d = make.dice
    sex = first_born.sex if d.chance(0.7) else ("F" if first_born.sex == "M" else "M")
    age = first_born.age(make.day)
    name = names.alike_name(d, sex, int(first_born.birth // YEAR), first_born.first)
    while name == first_born.first:
        name = names.first_name(d, sex, int(first_born.birth // YEAR))
    twin = make.person(sex, age, first_born.last, first=name, role="บุตร", mother=first_born.mother)
    twin.birth = first_born.birth


def _family(make: Maker, last: str, mother: int) -> None:
    man, wife = _pair(make, last, mother, _adult_age(make.dice, 23, 42))
    _children(make, last, wife, man, 1 + int(make.dice.random() ** 1.6 * 3))


def _one_parent(make: Maker, last: str, mother: int) -> None:
    woman = make.person("F", _adult_age(make.dice, 23, 40), last, mother=mother)
    woman.married = make.dice.chance(0.6)
    child_last = last if make.dice.chance(0.55) else names.last_name(make.dice)
    _children(make, child_last, woman, None, make.dice.between(1, 2))


def _three_generations(make: Maker, last: str, mother: int) -> None:
    d = make.dice
    old_age = min(max(57, d.normal(70, 8)), 96)
    if d.chance(0.55):
        _, grandmother = _pair(make, last, mother, old_age)
    else:
        grandmother = make.person("F", old_age, last)
        grandmother.married = True
    parent_age = grandmother.age(make.day) - d.spread(20, 32)
    if parent_age < 22:
        return
    man, wife = _pair(make, last, grandmother.key, parent_age)
    man.role, man.mother = "บุตร", grandmother.key
    _children(make, last, wife, man, 1 + int(d.random() * 2.2))


def _siblings(make: Maker, last: str, mother: int) -> None:
    d = make.dice
    age = _adult_age(d, 20, 40)
    for sex in "MF" if d.chance(0.5) else "FF":
        make.person(sex, age, last, mother=mother)
        age = max(18.0, age - d.spread(1.2, 6))


_BUILDERS = {
    "alone": _alone,
    "couple": _couple,
    "family": _family,
    "one_parent": _one_parent,
    "three_generations": _three_generations,
    "siblings": _siblings,
}


def _strangers(make: Maker, registered: bool) -> None:
    """People from across the border or from far away: one-word names, numbers with 0, 6 or 7, or none."""
    d = make.dice
    western = d.chance(0.12)
    for sex in "MF" if d.chance(0.55) else d.pick("MF"):
        first, last = names.western_name(d, sex) if western else names.shan_name(d, sex)
        person = make.person(sex, _adult_age(d, 19, 33), last, first=first)
        person.nation = d.pick(("อเมริกัน", "เยอรมัน", "ฝรั่งเศส")) if western else d.pick(("ไทใหญ่", "เมียนมา", "เมียนมา"))
        person.title = {"M": "MR.", "F": "MS."}[sex] if western else ""
        _stranger_papers(d, person, western, registered)


def _stranger_papers(dice: Dice, person: Person, western: bool, registered: bool) -> None:
    draw = dice.random()
    kind = "6" if registered or draw < 0.25 else ("0" if draw < 0.62 else ("7" if draw < 0.68 else ""))
    person.nid = "" if western and not registered else (national_id(person.key, kind) if kind else "")
    if not western and dice.chance(0.45):
        person.birth_form = "jan1" if dice.chance(0.7) else "year"


def make_monks(make: Maker, temple: House, count: int) -> Iterator[Person]:
    """Monks and novices registered at a temple's house: title พระ, sometimes a Pali name for a surname."""
    make.house, make.registered = temple.index, True
    for _ in range(count):
        person = make.person("M", _adult_age(make.dice, 20, 44), names.last_name(make.dice))
        person.title = make.dice.pick(("พระ", "พระ", "พระ", "พระมหา", "พระครู"))
        if make.dice.chance(0.25):
            person.last = make.dice.pick(names.CLERIC_NAMES)
        yield person
    make.close()
