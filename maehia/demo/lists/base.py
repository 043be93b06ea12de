"""What the lists share: a table on its way to a file, planted errors, and the truth of every row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from ..dice import Dice
from ..dirt import MONTHS, THAI_DIGITS, Ledger, printed_date
from ..files import NOTICE, Cell, Sheet, column, write_csv, write_xlsx
from ..people import Person
from ..records import Rec
from ..town import Town


@dataclass
class World:
    """The town with what the lists need beside persons. ltax: parcel codes by owner's key."""

    town: Town
    ltax: dict[int, list[str]] = field(default_factory=dict)
    companies: list[tuple[str, str, list[str]]] = field(default_factory=list)  # name, juristic ID, parcel codes
    _living: dict[int, Counter[int]] = field(default_factory=dict)

    def lives_alone(self, person: Person, day: int) -> bool:
        if day not in self._living:
            here = (p for p in self.town.residents if p.here(day))
            self._living[day] = Counter(p.then(day).house for p in here)
        return self._living[day][person.then(day).house] == 1

    def person(self, rec: Rec) -> Person:
        return self.town.people[rec.person]

    def dice(self, rec: Rec) -> Dice:
        """Chance that belongs to a row: the same next month, wherever the row then stands."""
        return Dice(self.town.seed, f"row:{rec.rec_id}")


@dataclass
class Table:
    """Rows of one sheet. top: title and header rows; rows: one list of cells for each record."""

    top: list[list[Cell]]
    rows: list[list[Cell]]
    merges: list[str] = field(default_factory=list)
    bottom: list[list[Cell]] = field(default_factory=list)
    sheet: str = "Sheet1"


@dataclass(frozen=True)
class Listing:
    """How one list is written. key_column: the column (from 0) that holds the list's own row key."""

    source: str
    file: str
    form: str  # 'xlsx', 'csv' (UTF-8) or 'tis620'
    key_prefix: str
    layout: Callable[[World, list[Rec], date], Table]
    plant: Callable[[World, list[Rec], Dice, Ledger], None] | None = None

    def key(self, rec: Rec) -> str:
        return self.key_prefix + rec.rec_id[-6:]


def save(listing: Listing, table: Table, path: Path) -> None:
    rows = [*table.top, *table.rows, *table.bottom]
    if listing.form == "xlsx":
        write_xlsx(path, [Sheet(table.sheet, rows, table.merges)], NOTICE)
    else:
        write_csv(path, rows, "cp874" if listing.form == "tis620" else "utf-8-sig")


def thai_day(day: date, thai_digits: bool = False) -> str:
    text = f"{day.day} {MONTHS[day.month - 1]} {day.year + 543}"
    return text.translate(THAI_DIGITS) if thai_digits else text


def slash_day(day: int) -> str:
    return printed_date("slash", date.fromordinal(day))


def some(count: int, share: float) -> int:
    """How many rows of `count` to spoil: at least one."""
    return max(1, round(count * share))


def plant(recs: list[Rec], dice: Dice, ledger: Ledger, kind: str, *, count: int, spoil: Callable[[Rec], None]) -> None:
    """Spoil `count` rows that are clean so far, so that every row's dirt can be told apart."""
    dirty = {rec_id for rec_id, _ in ledger.places or ()}
    clean = [rec for rec in recs if rec.rec_id not in dirty and rec.birth]
    for rec in dice.sample(clean or recs, count):
        spoil(rec)
        ledger.note(rec.source, kind, rec.rec_id)


def impossible_day(rec: Rec) -> None:
    rec.birth = f"30/02/{rec.birth[-4:]}" if rec.birth[-4:].isdigit() else "30 ก.พ. 2530"


def far_future(rec: Rec) -> None:
    rec.birth = "12/05/2650"


def titled(title: str, header: Sequence[str]) -> tuple[list[list[Cell]], list[str]]:
    """One merged title row with the notice, then the header row; and the merged range."""
    return [[f"{title} {NOTICE}"], list(header)], [f"A1:{column(len(header) - 1)}1"]
