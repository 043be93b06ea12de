"""A second invented register, independent of the demo town, to judge the linker on.

    python -m bench.second_register --records 20000 --seed 1 --out DIR

writes records.csv, truth.csv, asof.txt (SOURCE=YYYY-MM-DD per line) and marks.csv (what is wrong
with each record; for the judge, not for the linker). The town and everybody in it are invented.
"""

import argparse
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from bench.second import marks
from bench.second.fill import COLUMNS, write_list
from bench.second.rows import AS_OF, Rows, list_rows
from bench.second.world import World, make_world, people_frame

SOURCES = ("civil", "vhv", "welfare", "tax", "utility", "dog", "complaint")
_PREFIX = dict(zip(SOURCES, ("CV", "VH", "WF", "TX", "UT", "DG", "CP"), strict=True))
# Records that one founding couple of 1914 leads to, measured; a little less, to be sure of enough.
_RECORDS_PER_COUPLE = 32.0
_CIVIL_SHARE = 0.32


@dataclass(frozen=True)
class Register:
    """A register with everything the judge may know about it.

    records: the columns of `maehia link`, texts, empty = unknown. truth: rec_id, person.
    as_of: day of each list. marks: rec_id and a flag per kind of dirt. people: kinship and life
    dates; row i describes the person `P{i:07d}` of the truth.
    """

    records: pd.DataFrame
    truth: pd.DataFrame
    as_of: dict[str, date]
    marks: pd.DataFrame
    people: pd.DataFrame


def make_register(
    records: int, seed: int, dirt: float = 1.0, with_civil: bool = True
) -> tuple[pd.DataFrame, pd.DataFrame, dict[str, date]]:
    """Exactly `records` records, their truth, and the as-of day per list; see `build`."""
    register = build(records, seed, dirt, with_civil)
    return register.records, register.truth, register.as_of


def build(records: int, seed: int, dirt: float = 1.0, with_civil: bool = True) -> Register:
    """The same register for the same arguments.

    `dirt` scales the errors (0 = none; what a list leaves out by design and the shapes its clerks
    write stay). Raises ValueError for records < 1 or dirt < 0.
    """
    if records < 1 or dirt < 0:
        raise ValueError(f"records must be 1 or more and dirt 0 or more, not {records} and {dirt}")
    sources = SOURCES if with_civil else SOURCES[1:]
    world, rows, as_of, rng = _enough_rows(records, seed, sources)
    rows = _trim(world, rows, records, rng)
    frames, truths, bits = [], [], []
    for source in sources:
        order = rng.permutation(len(rows[source].who))
        table, mark = write_list(world, rows[source].take(order), source, rng, dirt)
        table.insert(0, "rec_id", [f"{_PREFIX[source]}{i:07d}" for i in range(1, len(table) + 1)])
        table.insert(1, "source", source)
        frames.append(table)
        truths.append(rows[source].who[order])
        bits.append(mark)
    return _assemble(world, frames, np.concatenate(truths), np.concatenate(bits), as_of)


def _assemble(
    world: World, frames: list[pd.DataFrame], who: np.ndarray, bits: np.ndarray, as_of: dict[str, int]
) -> Register:
    table = pd.concat(frames, ignore_index=True)[COLUMNS]
    truth = pd.DataFrame({"rec_id": table["rec_id"], "person": [f"P{i:07d}" for i in who.tolist()]})
    days = {source: date.fromordinal(date(1970, 1, 1).toordinal() + day) for source, day in as_of.items()}
    marked = marks.as_frame(table["rec_id"].to_numpy(), bits)
    return Register(table, truth, days, marked, pd.DataFrame(people_frame(world)))


def _enough_rows(
    records: int, seed: int, sources: tuple[str, ...]
) -> tuple[World, dict[str, Rows], dict[str, int], np.random.Generator]:
    """A town large enough for the asked number of rows: tried larger until it is."""
    per_couple = _RECORDS_PER_COUPLE * (1.0 if "civil" in sources else 1 - _CIVIL_SHARE)
    couples = int(records / per_couple) + 12
    while True:
        rng = np.random.default_rng(seed)
        as_of = {source: AS_OF[source] + int(rng.integers(-40, 41)) for source in SOURCES}
        as_of = {source: as_of[source] for source in sources}
        world = make_world(rng, couples)
        rows = {source: list_rows(world, rng, source, as_of[source]) for source in sources}
        if sum(len(r.who) for r in rows.values()) >= records:
            return world, rows, as_of, rng
        couples = int(couples * 1.25)


def _trim(world: World, rows: dict[str, Rows], records: int, rng: np.random.Generator) -> dict[str, Rows]:
    """Drop whole houses until the number fits, so that families stay together."""
    turn = rng.permutation(len(world.houses.kind))[world.town.people["house"]]
    place = np.lexsort((np.arange(len(world)), turn))
    rank = np.empty(len(world), np.int64)
    rank[place] = np.arange(len(world))
    every = np.concatenate([rank[r.who] for r in rows.values()])
    keep = np.zeros(len(every), bool)
    keep[np.argsort(every, kind="stable")[:records]] = True
    kept, start = {}, 0
    for source, part in rows.items():
        kept[source] = part.take(np.flatnonzero(keep[start : start + len(part.who)]))
        start += len(part.who)
    return kept


def write(register: Register, folder: Path) -> None:
    """records.csv, truth.csv, asof.txt and marks.csv (UTF-8) into the folder, made if it is not there."""
    folder.mkdir(parents=True, exist_ok=True)
    register.records.to_csv(folder / "records.csv", index=False)
    register.truth.to_csv(folder / "truth.csv", index=False)
    register.marks.astype({c: int for c in register.marks.columns[1:]}).to_csv(folder / "marks.csv", index=False)
    lines = [f"{source}={day.isoformat()}\n" for source, day in register.as_of.items()]
    (folder / "asof.txt").write_text("".join(lines), encoding="utf-8")


def main(arguments: list[str] | None = None) -> None:
    """Command line."""
    parser = argparse.ArgumentParser(prog="bench.second_register", description=__doc__)
    parser.add_argument("--records", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--dirt", type=float, default=1.0)
    parser.add_argument("--no-civil", action="store_true", help="leave the house book out")
    parser.add_argument("--out", type=Path, required=True)
    chosen = parser.parse_args(arguments)
    register = build(chosen.records, chosen.seed, chosen.dirt, not chosen.no_civil)
    write(register, chosen.out)
    people = register.truth["person"].nunique()
    print(f"{len(register.records)} records of {people} people in {chosen.out}")


if __name__ == "__main__":
    main()
