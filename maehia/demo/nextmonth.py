"""Next month's civil and survey files: nearly all rows as before; births, deaths, moves, corrected typos."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

from . import names
from .dice import Dice
from .dirt import Ledger, printed_address
from .families import FIRST_ID_DAY
from .habits import HABITS, Habits
from .people import Change, Person
from .records import Rec, Scribe
from .serials import mobile, national_id
from .town import NEXT_MONTH, Town

# What happens to how large a share of the rows in a month: together 3 %.
SHARES = {
    "died": 0.0015,
    "left": 0.003,
    "corrected": 0.012,
    "moved": 0.007,
    "renamed": 0.0015,
    "born": 0.0015,
    "arrived": 0.0035,
}
_CORRECTABLE = {"respelled", "name_slip", "id_slip", "no_id", "no_birth", "birth_slip", "hidden_mark"}


@dataclass
class NextMonth:
    """Rows of the next issue; what changed (rec_id -> kind of change); rows that are gone, with the reason."""

    rows: list[Rec]
    changed: dict[str, str]
    gone: dict[str, str]


@dataclass
class _Month:
    town: Town
    source: str
    dice: Dice
    scribe: Scribe
    ledger: Ledger
    changed: dict[str, str]
    day: int

    def rewritten(self, rec: Rec) -> Rec:
        """The same row written again without a slip."""
        fresh = self.scribe.row(self.town.people[rec.person])
        return replace(fresh, rec_id=rec.rec_id)


def clean_habits(source: str) -> Habits:
    """The habits of an office on its best day."""
    h = replace(HABITS[source], respelled=0.0, slipped=0.0, swapped=0.0, no_title=0.0, stale=0.0, thai_digits=0.0)
    h = replace(h, has_id=1.0, id_slip=0.0, has_birth=1.0, birth_slip=0.0, has_address=1.0)
    return replace(h, hidden_mark=0.0, double_e=0.0, split_am=0.0, tone_order=0.0, extra_spaces=0.0)


def next_month(town: Town, source: str, rows: list[Rec], dirt: dict[str, set[str]]) -> NextMonth:
    """The next issue of a monthly list. rows: this month's; dirt: rec_id -> classes of dirt in that row.

    New persons are appended to `town.people`; changes of the month to the persons they befall."""
    dice = Dice(town.seed, f"next:{source}")
    day = town.as_of(source) + timedelta(days=NEXT_MONTH)
    ledger = Ledger()
    scribe = Scribe(town.seed + 1, source, day, town.houses, ledger)
    scribe.habits = clean_habits(source)
    month = _Month(town, source, dice, scribe, ledger, {}, day.toordinal())
    parts = _split(month, rows, dirt)
    gone = {rec.rec_id: kind for kind in ("died", "left") for rec in parts[kind]}
    fresh = {}
    for kind, change in _CHANGES.items():
        for rec in parts[kind]:
            fresh[rec.rec_id] = change(month, rec)
            month.changed[rec.rec_id] = kind
    stay = [fresh.get(rec.rec_id, rec) for rec in rows if rec.rec_id not in gone]
    return NextMonth(stay + _newcomers(month, rows, len(rows)), month.changed, gone)


def _split(month: _Month, rows: list[Rec], dirt: dict[str, set[str]]) -> dict[str, list[Rec]]:
    """Different rows for each kind of change. A person that stands in the list twice is left alone."""
    seen: dict[int, int] = {}
    for rec in rows:
        seen[rec.person] = seen.get(rec.person, 0) + 1
    pool = [rec for rec in month.dice.shuffled(rows) if seen[rec.person] == 1 and rec.house >= 0]
    parts: dict[str, list[Rec]] = {}
    taken: set[str] = set()
    for kind in ("died", "corrected", "left", "moved", "renamed"):
        fits = _FITS.get(kind, _anybody)
        wanted = max(1, round(SHARES[kind] * len(rows)))
        parts[kind] = [r for r in pool if r.rec_id not in taken and fits(month, r, dirt)][:wanted]
        taken.update(rec.rec_id for rec in parts[kind])
    return parts


def _anybody(month: _Month, rec: Rec, dirt: dict[str, set[str]]) -> bool:
    return True


_FITS: dict[str, Callable[[_Month, Rec, dict[str, set[str]]], bool]] = {
    "died": lambda month, rec, dirt: month.town.people[rec.person].age(month.day) > 66,
    "corrected": lambda month, rec, dirt: bool(dirt.get(rec.rec_id, set()) & _CORRECTABLE),
    "renamed": lambda month, rec, dirt: (
        month.town.people[rec.person].sex == "F" and 20 < month.town.people[rec.person].age(month.day) < 50
    ),
}


def _move(month: _Month, rec: Rec) -> Rec:
    house = month.dice.pick(month.town.houses)
    person = month.town.people[rec.person]
    person.changes = sorted([*person.changes, Change(month.day - month.dice.between(1, 28), "house", house.index)])
    code = house.code if rec.house_code else ""
    address = printed_address("moo_word", house)
    return replace(
        rec, house=house.index, address=address, house_no=house.house_no, moo=str(house.moo), house_code=code
    )


def _rename(month: _Month, rec: Rec) -> Rec:
    person = month.town.people[rec.person]
    when = month.day - month.dice.between(1, 28)
    person.changes = sorted([*person.changes, Change(when, "last", names.last_name(month.dice))])
    return month.rewritten(rec)


_CHANGES: dict[str, Callable[[_Month, Rec], Rec]] = {
    "corrected": lambda month, rec: month.rewritten(rec),
    "moved": _move,
    "renamed": _rename,
}


def _newcomers(month: _Month, rows: list[Rec], count: int) -> list[Rec]:
    """Newborns of mothers in the list, and people who moved to the town."""
    mothers = [p for rec in rows if (p := month.town.people[rec.person]).sex == "F" and 20 < p.age(month.day) < 40]
    made: list[Rec] = []
    for kind in ("born", "arrived"):
        for _ in range(max(1, round(SHARES[kind] * count))):
            person = _newborn(month, month.dice.pick(mothers)) if kind == "born" and mothers else _arrival(month)
            rec = replace(month.scribe.row(person), rec_id=f"{month.source}-{count + len(made) + 1:06d}")
            month.changed[rec.rec_id] = kind
            made.append(rec)
    return made


def _newborn(month: _Month, mother: Person) -> Person:
    dice, key = month.dice, len(month.town.people)
    then = mother.then(month.day)
    sex = dice.pick("MF")
    birth = month.day - dice.between(3, 28)
    person = Person(
        key, sex, birth, names.first_name(dice, sex, 2026), then.last, then.house, nid=national_id(key, "1")
    )
    person.role, person.household, person.mother = "บุตร", mother.household, mother.key
    month.town.people.append(person)
    return person


def _arrival(month: _Month) -> Person:
    dice, key = month.dice, len(month.town.people)
    sex = dice.pick("MF")
    birth = month.day - dice.between(8000, 24_000)
    kind = "1" if birth >= FIRST_ID_DAY else "3"
    house = dice.pick(month.town.houses).index
    person = Person(key, sex, birth, names.first_name(dice, sex, 1980), names.last_name(dice), house)
    person.nid, person.phone, person.came = national_id(key, kind), mobile(key), month.day - 20
    person.household = key
    month.town.people.append(person)
    return person
