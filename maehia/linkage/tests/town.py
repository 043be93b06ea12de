"""A truth town: families with everything that makes linkage hard, and the seven dirty lists that speak of them.

`make_records(n, seed, dirt)` returns rows of the CLI contract, who each row really is, and the lists' as-of days.
All people are invented.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from maehia.linkage.tests import dirt as spoil
from maehia.linkage.tests.names_pool import VILLAGES, Names

COLUMNS = [
    "rec_id",
    "source",
    "title",
    "first_name",
    "last_name",
    "full_name",
    "national_id",
    "birth",
    "sex",
    "address",
    "house_code",
    "phone",
]
CENSUS_DAY = date(2024, 6, 30)


@dataclass
class House:
    no: str
    moo: int
    village: str
    code: str


@dataclass
class Person:
    uid: int
    sex: str
    birth: date
    first: str
    last: str
    house: House
    nid: str
    family: int
    phone: str = ""
    foreign: bool = False
    born_on_one_january: bool = False
    wed: date | None = None
    maiden: str = ""
    renamed: date | None = None
    old_first: str = ""
    moved: date | None = None
    old_house: House | None = None
    registered: bool = True
    thai: list[str] = field(default_factory=list)


def with_check_digit(twelve: str) -> str:
    total = sum(int(d) * (13 - i) for i, d in enumerate(twelve))
    return twelve + str((11 - total % 11) % 10)


class Town:
    """People and houses; `people` grows until `count`."""

    def __init__(self, count: int, rng: Random, pool: int, kin: float) -> None:
        self.rng, self.names, self.kin = rng, Names(rng, pool), kin
        self.people: list[Person] = []
        self.houses: list[House] = []
        self._used: set[str] = set()
        self._family = 0
        self._moos = 10 if count < 40_000 else max(10, count // 3000)
        while len(self.people) < count:
            self._household()

    def _id(self, birth: date, foreign: bool) -> str:
        rng = self.rng
        while True:
            head = rng.choice("067") if foreign else ("1" if birth.year >= 1984 else "3")
            office = rng.choice(["5001", "5099", f"{rng.randrange(10, 96)}{rng.randrange(1, 20):02d}"])
            nid = with_check_digit(head + office + f"{rng.randrange(10**7):07d}")
            if nid not in self._used:
                self._used.add(nid)
                return nid

    def _new_house(self) -> House:
        rng = self.rng
        no = str(rng.randrange(1, 400)) + (f"/{rng.randrange(1, 150)}" if rng.random() < 0.6 else "")
        village = rng.choice(VILLAGES) if rng.random() < 0.3 else ""
        house = House(no, rng.randrange(1, self._moos + 1), village, f"5001{len(self.houses) + 1:06d}")
        house.code += str(rng.randrange(10))
        self.houses.append(house)
        return house

    def _phone(self) -> str:
        return "0" + self.rng.choice("689") + f"{self.rng.randrange(10**8):08d}"

    def _born(self, low: int, high: int) -> date:
        start = date(2024 - high, 1, 1)
        return start + timedelta(days=self.rng.randrange((high - low) * 365 + 1))

    def _add(self, sex: str, birth: date, last: str, house: House, first: str = "", foreign: bool = False) -> Person:
        rng = self.rng
        one_january = birth.year < 1965 and rng.random() < 0.12
        if one_january:
            birth = date(birth.year, 1, 1)
        person = Person(
            len(self.people), sex, birth, first or self._new_name(sex), last, house, self._id(birth, foreign),
            self._family, foreign=foreign, born_on_one_january=one_january,
        )  # fmt: skip
        if foreign:
            person.first, person.last, *person.thai = self.names.foreign()
            person.registered = False
        if birth.year < 2010 and rng.random() < 0.8:
            person.phone = self._phone()
        self._life(person)
        self.people.append(person)
        return person

    def _new_name(self, sex: str) -> str:
        """A first name that nobody of the household has."""
        taken = {p.first for p in self.people[-8:] if p.family == self._family}
        while True:
            name = self.names.first(sex)
            if name not in taken:
                return name

    def _life(self, person: Person) -> None:
        rng = self.rng
        span = CENSUS_DAY + timedelta(days=rng.randrange(-600, 900))
        if person.birth.year < 2006:
            if rng.random() < 0.03:
                person.renamed, person.old_first = span, person.first
                person.first = self.names.first(person.sex)
            if rng.random() < 0.06 and self.houses:
                person.moved, person.old_house = span, rng.choice(self.houses)
            if person.sex == "F" and rng.random() < 0.06:
                person.wed, person.maiden = span, self.names.family()
        if rng.random() < 0.1:
            person.registered = False

    def _household(self) -> None:
        rng, house, last = self.rng, self._new_house(), self.names.family()
        self._family += 1
        if rng.random() < 0.03:
            for _ in range(rng.randrange(1, 4)):
                self._add(rng.choice("MF"), self._born(18, 55), "", house, foreign=True)
            return
        father = self._add("M", self._born(28, 75), last, house)
        if rng.random() < 0.85:
            wife = self._add("F", father.birth + timedelta(days=rng.randrange(-2500, 2500)), last, house)
            if rng.random() < 0.25:
                wife.last, wife.wed, wife.maiden = self.names.family(), None, ""
            if rng.random() < 0.3:
                wife.phone = father.phone
        self._children(father, last, house)
        if rng.random() < 0.15:
            self._add("F", father.birth - timedelta(days=9000), rng.choice([last, self.names.family()]), house)

    def _children(self, father: Person, last: str, house: House) -> None:
        rng = self.rng
        for _ in range(rng.choice([0, 1, 1, 2, 2, 3])):
            birth = father.birth + timedelta(days=rng.randrange(7000, 13000))
            if birth > date(2024, 5, 1):
                continue
            first, sex = "", rng.choice("MF")
            if sex == "M" and rng.random() < 0.01 * self.kin:
                first = father.first
            child = self._add(sex, birth, last, house, first)
            if rng.random() < 0.015 * self.kin:
                near = spoil.typo(rng, child.first) if rng.random() < 0.3 else child.first[:3] + child.first[-2:]
                twin_sex = sex if rng.random() < 0.7 else "MF"[sex == "M"]
                twin = self._add(twin_sex, child.birth, last, house, near if rng.random() < 0.4 else "")
                twin.birth = child.birth
            if child.phone and rng.random() < 0.15:
                child.phone = father.phone


@dataclass(frozen=True)
class ListKind:
    """How one list is kept: who stands in it, which cells it fills and how clean."""

    share: float
    nid: float
    birth: float
    date_styles: tuple[str, ...]
    phone: float
    address: float
    house_code: float
    full_name: float
    sex: float
    error: float
    double: float
    as_of: date


LISTS = {
    "civil": ListKind(0.9, 0.995, 0.995, ("iso", "slash", "iso_be"), 0, 0.99, 0.97, 0.0, 0.98, 0.01, 0.0, CENSUS_DAY),
    "vhv": ListKind(0.62, 0.55, 0.85, ("thai", "thai2", "digits", "slash", "year", "packed"), 0.55, 0.92, 0.05, 0.9, 0.4,
                    0.09, 0.01, date(2025, 8, 15)),
    "welfare": ListKind(0.7, 0.93, 0.95, ("slash0", "thai", "iso_be"), 0.4, 0.9, 0.1, 0.5, 0.5, 0.04, 0.004,
                        date(2024, 10, 1)),
    "tax": ListKind(0.33, 0.6, 0.02, ("slash",), 0.4, 0.85, 0.1, 0.5, 0.0, 0.06, 0.02, date(2025, 1, 31)),
    "utility": ListKind(0.3, 0.12, 0.0, ("slash",), 0.5, 0.93, 0.2, 1.0, 0.0, 0.07, 0.02, date(2025, 12, 1)),
    "dog": ListKind(0.13, 0.05, 0.0, ("slash",), 0.8, 0.85, 0.0, 0.8, 0.0, 0.08, 0.02, date(2023, 7, 20)),
    "complaint": ListKind(0.12, 0.04, 0.03, ("slash",), 0.85, 0.6, 0.0, 0.9, 0.0, 0.1, 0.08, date(2026, 10, 30)),
}  # fmt: skip
AS_OF = {name: kind.as_of for name, kind in LISTS.items()}


def _belongs(name: str, kind: ListKind, person: Person, rng: Random) -> bool:
    age = (kind.as_of - person.birth).days / 365.25
    if age < 0 or (name == "civil" and not person.registered):
        return False
    if name == "welfare":
        return rng.random() < (kind.share if age >= 60 else 0.08)
    if name in ("tax", "utility", "dog", "complaint"):
        return age >= 20 and rng.random() < kind.share
    return rng.random() < kind.share


class Clerk:
    """Writes one list's rows, spoiling cells at the list's rate times `dirt`."""

    def __init__(self, name: str, kind: ListKind, town: Town, dirt: float, rng: Random) -> None:
        self.name, self.kind, self.town, self.rng = name, kind, town, rng
        self.error = kind.error * dirt
        self.styles = rng.sample(kind.date_styles, min(len(kind.date_styles), rng.choice((1, 2, 3))))
        self.address_styles = rng.sample(range(8), 3)

    def hit(self, rate: float = 1.0) -> bool:
        return self.rng.random() < self.error * rate

    def _title(self, person: Person) -> str:
        if person.foreign:
            return (
                self.rng.choice(["MR.", "", "Mr", "นาย"]) if person.sex == "M" else self.rng.choice(["MS.", "", "นาง"])
            )
        age = (self.kind.as_of - person.birth).days / 365.25
        if age < 15:
            return {"M": "ด.ช.", "F": self.rng.choice(["ด.ญ.", "เด็กหญิง"])}[person.sex]
        if person.sex == "M":
            return "จ.ส.อ." if person.uid % 97 == 0 else "นาย"
        return "นาง" if person.uid % 3 == 0 else self.rng.choice(["น.ส.", "นางสาว", "นส."])

    def _names(self, person: Person) -> tuple[str, str]:
        first, last = person.first, person.last
        if person.renamed and self.kind.as_of < person.renamed:
            first = person.old_first
        if person.wed and self.kind.as_of < person.wed:
            last = person.maiden
        if person.foreign and self.rng.random() < 0.35:
            first, last = person.thai
        first = spoil.typo(self.rng, first) if self.hit() else first
        last = spoil.typo(self.rng, last) if self.hit() else last
        if self.hit(0.3):
            first = spoil.unseen(self.rng, first)
        if last and self.hit(0.1):
            first, last = last, first
        return first, ("" if self.hit(0.25) else last)

    def _birth(self, person: Person) -> str:
        if self.rng.random() >= self.kind.birth:
            return ""
        birth = person.birth
        if self.hit(0.15):
            birth = date(birth.year, 1, 1)
        style = self.rng.choice(self.styles)
        text = spoil.write_date(self.rng, birth, style)
        return spoil.digit_slip(self.rng, text) if self.hit(0.5) else text

    def _nid(self, person: Person) -> str:
        if self.rng.random() >= self.kind.nid or (person.foreign and self.rng.random() < 0.4):
            return ""
        nid = person.nid
        if self.hit(0.02):
            nid = self.rng.choice(self.town.people).nid
        elif self.hit(0.5):
            nid = spoil.digit_slip(self.rng, nid)
        return spoil.write_id(self.rng, nid)

    def _place(self, person: Person) -> tuple[str, str]:
        house = person.house
        if person.moved and person.old_house and self.kind.as_of < person.moved:
            house = person.old_house
        if self.name == "tax" and self.rng.random() < 0.1:
            house = self.rng.choice(self.town.houses)
        no = spoil.digit_slip(self.rng, house.no) if self.hit(0.4) else house.no
        address = spoil.write_address(self.rng, no, house.moo, house.village, self.rng.choice(self.address_styles))
        if self.rng.random() >= self.kind.address:
            address = ""
        return address, house.code if self.rng.random() < self.kind.house_code else ""

    def _phone(self, person: Person) -> str:
        if not person.phone or self.rng.random() >= self.kind.phone:
            return ""
        phone = self.town._phone() if self.rng.random() < 0.05 else person.phone
        phone = spoil.digit_slip(self.rng, phone) if self.hit(0.4) else phone
        return spoil.write_phone(self.rng, phone)

    def row(self, person: Person, rec_id: str) -> tuple[str, ...]:
        title, (first, last), full = self._title(person), self._names(person), ""
        if self.hit(0.3) or (self.name in ("utility", "dog", "complaint") and self.rng.random() < 0.4):
            title = ""
        if self.rng.random() < self.kind.full_name:
            glue = self.rng.choice(["", "", " "])
            full, title, first, last = f"{title}{glue}{first} {last}".strip(), "", "", ""
        sex = ""
        if self.rng.random() < self.kind.sex:
            wrong = self.hit(0.1)
            sex = {"M": "ชาย", "F": "หญิง"}["MF"[(person.sex == "F") != wrong]]
        address, code = self._place(person)
        values = (title, first, last, full, self._nid(person), self._birth(person), sex, address, code)
        return (rec_id, self.name, *values, self._phone(person))


@dataclass
class Register:
    """rows in COLUMNS order, shuffled; truth[rec_id] = person; as_of per source."""

    rows: list[tuple[str, ...]]
    truth: dict[str, int]
    as_of: dict[str, date]
    kin: dict[str, int]


def make_records(
    n: int, seed: int, dirt: float = 1.0, pool: int = 2, kin: float = 1.0, without: tuple[str, ...] = ()
) -> Register:
    """About n records of the seven lists. dirt 1.0 = usual, pool 1-3 = how varied names are, kin = twins etc."""
    rng = Random(seed)
    town = Town(int(n / 2.45) + 1, rng, pool, kin)
    rows: list[tuple[str, ...]] = []
    truth: dict[str, int] = {}
    kin_of: dict[str, int] = {}
    for name, kind in LISTS.items():
        if name in without:
            continue
        clerk = Clerk(name, kind, town, dirt, rng)
        for person in town.people:
            if not _belongs(name, kind, person, rng):
                continue
            for _ in range(1 + (rng.random() < kind.double)):
                rec_id = f"{name[0]}{len(rows):07d}"
                rows.append(clerk.row(person, rec_id))
                truth[rec_id], kin_of[rec_id] = person.uid, person.family
    rng.shuffle(rows)
    return Register(rows, truth, {k: v for k, v in AS_OF.items() if k not in without}, kin_of)
