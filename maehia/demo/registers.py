"""The seven person lists as rows, in the shape of `maehia link`, with the truth beside them."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from .dice import Dice
from .dirt import Ledger
from .records import Rec, Scribe
from .rolls import LINKED, ROLLS, Entry
from .town import BASE_DAY, Town, make_town

HEADER = (
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
)
BY_HOUSE = ("civil", "vhv")
RECORDS_PER_PERSON = 2.89  # records of all lists for one registered person
FIELDS = (
    "rec_id",
    "source",
    "title",
    "first",
    "last",
    "full",
    "nid",
    "birth",
    "sex",
    "address",
    "house_code",
    "phone",
)


@dataclass(frozen=True)
class Register:
    """What `write_records_csv` wrote: how many rows, how many persons stand behind them, each list's day."""

    records: int
    persons: int
    as_of: dict[str, date]
    dirt: dict[str, dict[str, int]]


def rows_of(town: Town, source: str, ledger: Ledger) -> Iterator[Rec]:
    """Rows of one list in the order of its file; some persons stand in it twice."""
    day = town.as_of(source)
    dice = Dice(town.seed, f"roll:{source}")
    scribe = Scribe(town.seed, source, day, town.houses, ledger)
    twice = scribe.habits.twice
    for entry in _in_order(town, source, list(ROLLS[source](town, dice, day.toordinal())), dice):
        yield scribe.row(entry.person, house=entry.house)
        if dice.chance(twice):
            rec = scribe.row(entry.person, house=entry.house)
            ledger.note(source, "twice_in_list", rec.rec_id)
            yield rec


def _in_order(town: Town, source: str, entries: list[Entry], dice: Dice) -> list[Entry]:
    """The register and the survey go from house to house, the other lists as people came."""
    if source not in BY_HOUSE:
        return dice.shuffled(entries)
    day = town.as_of(source).toordinal()
    return sorted(entries, key=lambda entry: entry.person.then(day).house)


def write_records_csv(
    records: Path,
    truth: Path,
    count: int = 20_000,
    *,
    seed: int = 2569,
    day: date = BASE_DAY,
    without: tuple[str, ...] = (),
) -> Register:
    """Write about `count` records of the seven lists as UTF-8 CSV for `maehia link`, and the truth.

    The truth has the columns rec_id and person.
    seed: another seed is another town. without: lists to leave out ("civil"). The same arguments give
    the same bytes. About 20 microseconds a record."""
    town = make_town(max(round(count / RECORDS_PER_PERSON), 40), seed, day)
    ledger = Ledger()
    persons: set[int] = set()
    written = 0
    with (
        records.open("w", encoding="utf-8", newline="") as rows,
        truth.open("w", encoding="utf-8", newline="") as answers,
    ):
        out, keys = csv.writer(rows, lineterminator="\n"), csv.writer(answers, lineterminator="\n")
        out.writerow(HEADER)
        keys.writerow(("rec_id", "person"))
        for source in LINKED:
            if source in without:
                continue
            for rec in rows_of(town, source, ledger):
                out.writerow([getattr(rec, name) for name in FIELDS])
                keys.writerow((rec.rec_id, rec.person))
                persons.add(rec.person)
                written += 1
    as_of = {source: town.as_of(source) for source in LINKED if source not in without}
    return Register(written, len(persons), as_of, ledger.as_dict())
