"""One row of a list about one person: what the office knew on its day, as it wrote it down."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from . import dirt
from .dice import Dice
from .dirt import Ledger
from .habits import HABITS, Habits
from .houses import House
from .people import Person, Then

TWO_YEARS = 730


@dataclass(slots=True)
class Rec:
    """A row before it is put into the columns of its file; every text is already as the office wrote it.

    person: key of the truth; house: index of the true house, -1 = out of town; `address` is one cell,
    `house_no` and `moo` are the same in two cells for offices that keep them apart."""

    rec_id: str
    source: str
    person: int
    house: int
    title: str = ""
    first: str = ""
    last: str = ""
    full: str = ""
    nid: str = ""
    birth: str = ""
    sex: str = ""
    address: str = ""
    house_no: str = ""
    moo: str = ""
    house_code: str = ""
    phone: str = ""


class Scribe:
    """Writes the rows of one list. The same person asked twice gives two different rows."""

    def __init__(self, seed: int, source: str, day: date, houses: list[House], ledger: Ledger) -> None:
        self.dice = Dice(seed, f"list:{source}")
        self.source, self.day, self.houses, self.ledger = source, day.toordinal(), houses, ledger
        self.habits: Habits = HABITS[source]
        self.count = 0
        self._id = ""

    def row(self, person: Person, *, house: int | None = None) -> Rec:
        """A row about `person`. house: the address that the list is about when it is not the person's own."""
        h, d = self.habits, self.dice
        self.count += 1
        self._id = f"{self.source}-{self.count:06d}"
        stale = d.chance(h.stale)
        then = person.then(self.day - TWO_YEARS if stale else self.day)
        if stale and (person.changes or person.age(self.day) < 17):
            self._note("stale")
        rec = Rec(self._id, self.source, person.key, then.house if house is None else house)
        self._names(rec, person, then)
        self._numbers(rec, person, then)
        self._birth(rec, person)
        self._address(rec)
        if d.chance(h.thai_digits):
            self._thai_digits(rec)
        return rec

    def _note(self, kind: str) -> None:
        self.ledger.note(self.source, kind, self._id)

    def _names(self, rec: Rec, person: Person, then: Then) -> None:
        h, d = self.habits, self.dice
        title, first, last = then.title, then.first, then.last
        if d.chance(h.no_title) and not title.startswith("พระ"):
            title = ""
            self._note("no_title")
        if last and d.chance(h.first_only):
            last = ""
            self._note("first_name_only")
        draw = d.random()
        if draw < h.respelled:
            first, last = self._respell(first, last)
        elif draw < h.respelled + h.slipped:
            first = dirt.slipped(d, first)
            self._note("name_slip")
        first, last = self._marks(first), self._marks(last)
        if last and d.chance(h.swapped):
            first, last = last, first
            self._note("swapped_names")
        self._place_name(rec, title, first, last)

    def _respell(self, first: str, last: str) -> tuple[str, str]:
        self._note("respelled")
        if last and self.dice.chance(0.5):
            return first, dirt.respelled(self.dice, last)
        return dirt.respelled(self.dice, first), last

    def _marks(self, name: str) -> str:
        """Invisible and doubled characters, as copy and paste and old keyboards leave them."""
        h, d = self.habits, self.dice
        if "แ" in name and d.chance(h.double_e):
            name = name.replace("แ", "เเ")
            self._note("double_e")
        if "ำ" in name and d.chance(h.split_am):
            name = name.replace("ำ", "ํา")
            self._note("split_am")
        if d.chance(h.tone_order):
            name = self._tone_first(name)
        if name and d.chance(h.hidden_mark):
            name = dirt.hidden_mark(d, name)
            self._note("hidden_mark")
        return name

    def _tone_first(self, name: str) -> str:
        for i in range(len(name) - 1):
            if name[i] in dirt.UPPER and name[i + 1] in dirt.TONES:
                self._note("tone_order")
                return name[:i] + name[i + 1] + name[i] + name[i + 2 :]
        return name

    def _place_name(self, rec: Rec, title: str, first: str, last: str) -> None:
        h, d = self.habits, self.dice
        if d.chance(h.full_name):
            gap = "  " if d.chance(h.extra_spaces) else " "
            if gap == "  ":
                self._note("extra_spaces")
            after = " " if title and title[-1] != "." and d.chance(0.1) else ""
            rec.full = f"{title}{after}{first}{gap}{last}".rstrip()
            self._note("full_name_in_one_cell")
        elif title and d.chance(h.title_in_first):
            rec.first, rec.last = title + first, last
            self._note("title_in_first_name")
        else:
            rec.title, rec.first, rec.last = title, first, last

    def _numbers(self, rec: Rec, person: Person, then: Then) -> None:
        h, d = self.habits, self.dice
        if person.nid and d.chance(h.has_id):
            nid = person.nid
            if d.chance(h.id_slip):
                nid = dirt.id_slip(d, nid)
                self._note("id_slip")
            rec.nid = dirt.printed_id(str(h.ids.pick(d)), nid)
        elif h.has_id:
            self._note("no_id")
        if then.phone and d.chance(h.has_phone):
            form = str(h.phones.pick(d))
            rec.phone = dirt.printed_phone(form, then.phone)
            self._note(f"phone_{form}")
        if d.chance(h.has_sex):
            rec.sex = "ชาย" if person.sex == "M" else "หญิง"

    def _birth(self, rec: Rec, person: Person) -> None:
        h, d = self.habits, self.dice
        if not h.has_birth or not d.chance(h.has_birth):
            if h.has_birth:
                self._note("no_birth")
            return
        day = date.fromordinal(person.birth)
        form = str(h.dates.pick(d))
        if person.birth_form == "jan1":
            day = date(day.year, 1, 1)
            self._note("first_of_january")
        elif person.birth_form == "year":
            form = "year_zeros"
        if d.chance(h.birth_slip):
            day = self._wrong_day(day)
        if form != "slash":
            self._note(f"date_{form}")
        rec.birth = dirt.printed_date(form, day)

    def _wrong_day(self, day: date) -> date:
        self._note("birth_slip")
        if self.dice.chance(0.5) and day.day <= 12 and day.day != day.month:
            return day.replace(month=day.day, day=day.month)
        if self.dice.chance(0.5):
            return day.replace(year=day.year - 1, day=min(day.day, 28))
        return day.replace(day=1 + (day.day + 2) % 28)

    def _address(self, rec: Rec) -> None:
        h, d = self.habits, self.dice
        if rec.house < 0 or not d.chance(h.has_address):
            self._note("no_address" if rec.house >= 0 else "address_elsewhere")
            rec.address = "" if rec.house >= 0 else elsewhere(d)
            return
        house = self.houses[rec.house]
        rec.house_no, rec.moo = house.house_no, str(house.moo)
        if h.split_address:
            rec.address = f"{house.house_no} หมู่ {house.moo}"
        else:
            form = dirt.address_form(d, house)
            rec.address = dirt.printed_address(form, house)
            self._note(f"address_{form}")
        if d.chance(h.has_code):
            rec.house_code = house.code

    def _thai_digits(self, rec: Rec) -> None:
        self._note("thai_digits")
        rec.nid, rec.birth = rec.nid.translate(dirt.THAI_DIGITS), rec.birth.translate(dirt.THAI_DIGITS)
        rec.address, rec.phone = (
            rec.address.translate(dirt.THAI_DIGITS),
            rec.phone.translate(dirt.THAI_DIGITS),
        )
        rec.house_no, rec.moo = rec.house_no.translate(dirt.THAI_DIGITS), rec.moo.translate(dirt.THAI_DIGITS)


_FAR = (
    ("คลองต้นไทร", "คลองสาน", "กรุงเทพมหานคร", "10600"),
    ("ในเมือง", "เมืองลำพูน", "ลำพูน", "51000"),
    ("หนองควาย", "หางดง", "เชียงใหม่", "50230"),
    ("ศรีภูมิ", "เมืองเชียงใหม่", "เชียงใหม่", "50200"),
    ("เวียง", "เมืองเชียงราย", "เชียงราย", "57000"),
    ("บางเขน", "เมืองนนทบุรี", "นนทบุรี", "11000"),
)


def elsewhere(dice: Dice) -> str:
    """An address outside the town."""
    tambon, district, province, postcode = dice.pick(_FAR)
    number = f"{dice.between(1, 480)}/{dice.between(1, 90)}"
    if province == "กรุงเทพมหานคร":
        return f"{number} แขวง{tambon} เขต{district} {province} {postcode}"
    return f"{number} ม.{dice.between(1, 12)} ต.{tambon} อ.{district} จ.{province} {postcode}"
