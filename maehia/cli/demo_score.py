"""Found and missed: what intake and linkage made of the dirt that was planted in the demo town.

`maehia demo` computes it once, after the load; `demo_pages.kept` keeps it as a file for the page that shows it. No
code that serves reads the truth.
"""

from __future__ import annotations

import csv
import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from maehia.cli.demo_judges import CODES, Case, House, Said, Tally, Truth, count_pairs, judge, majority
from maehia.demo.dirt_classes import CLASSES

LINKED_LISTS = ("civil", "vhv", "welfare", "tax", "utility", "dog", "complaint")


@dataclass(slots=True)
class Row:
    """One row of a list of people, as the truth knows it."""

    source: str
    number: int
    person: str
    house_code: str


@dataclass(slots=True)
class TruthFiles:
    """The truth folder in memory. dirt: row id -> classes; counts: list -> class -> how many were planted."""

    rows: dict[str, Row]
    dirt: dict[str, frozenset[str]]
    people: dict[str, Truth]
    houses: dict[str, House]
    counts: dict[str, dict[str, int]]


@dataclass(slots=True)
class Held:
    """What stands in the database. records, keys, codes: by (list, row number of its file)."""

    records: dict[tuple[str, int], Said] = field(default_factory=dict)
    keys: dict[tuple[str, int], str] = field(default_factory=dict)
    codes: dict[tuple[str, int], set[str]] = field(default_factory=lambda: defaultdict(set))
    code_counts: Counter[tuple[str, str]] = field(default_factory=Counter)


def make(known: TruthFiles, held: Held) -> dict[str, Any]:
    """The score as plain values. Runs in the context that `read_held` was read in."""
    from maehia.kit import clock

    tallies = score_rows(known, held)
    score_counts(known, held, tallies)
    return {
        "made_at": clock.now().isoformat(),
        "classes": {kind: asdict(tally) for kind, tally in tallies.items()},
        "linkage": linkage(known, held),
    }


def totals(score: dict[str, Any]) -> dict[str, int]:
    """Planted, found, missed and untold over all classes that ask for something."""
    asked = [tally for kind, tally in score["classes"].items() if CLASSES[kind].fate != "none"]
    return {name: sum(tally[name] for tally in asked) for name in ("planted", "found", "missed", "untold")}


def read_truth(folder: Path) -> TruthFiles:
    rows = {
        line["rec"]: Row(line["source"], int(line["row"]), line["person"], line["house_code"])
        for line in _lines(folder / "truth.csv")
    }
    dirt: dict[str, set[str]] = defaultdict(set)
    for line in _lines(folder / "dirt.csv"):
        dirt[line["rec"]].add(line["class"])
    return TruthFiles(
        rows,
        {rec: frozenset(kinds) for rec, kinds in dirt.items()},
        {line["person"]: _truth(line) for line in _lines(folder / "people.csv")},
        {line["house_code"]: House(line["house_no"], int(line["moo"])) for line in _lines(folder / "houses.csv")},
        json.loads((folder / "dirt.json").read_text(encoding="utf-8"))["counts"],
    )


def _truth(line: dict[str, str]) -> Truth:
    from maehia.evidence.queries import index_of

    return Truth(
        line["sex"], date.fromisoformat(line["birth"]), line["first"], line["last"], index_of("id", line["nid"])
    )


def _lines(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


SAID = tuple(Said.__dataclass_fields__)


def read_held() -> Held:
    """Current records of people with the key of each, and the problems of applied deliveries."""
    from maehia.evidence.models import Link, PersonRecord
    from maehia.intake.models import ProblemRow

    held = Held()
    links = Link.objects.filter(kind="person", ended_run=None, mode="live").values_list("ref", "key")
    keys = dict(links.iterator(chunk_size=20_000))
    records = PersonRecord.objects.current().values_list("source_id", "row_no", "ref", *SAID)
    for source, number, ref, *values in records.iterator(chunk_size=20_000):
        held.records[source, number] = Said(**_plain(values))
        held.keys[source, number] = str(keys.get(ref, ""))
    problems = ProblemRow.objects.filter(delivery__state="committed")
    for source, row, code in problems.values_list("delivery__source_id", "row", "code"):
        held.code_counts[source, code] += 1
        if row is not None:
            held.codes[source, row].add(code)
    return held


def _plain(values: list[Any]) -> dict[str, Any]:
    """Indexes come as memory views; compare them as bytes."""
    return {
        name: bytes(value) if isinstance(value, memoryview) else value for name, value in zip(SAID, values, strict=True)
    }


def score_rows(known: TruthFiles, held: Held) -> dict[str, Tally]:
    """Judge every dirty row whose place is known."""
    linked = _linked(known, held)
    tallies: dict[str, Tally] = defaultdict(Tally)
    for rec, kinds in known.dirt.items():
        row = known.rows[rec]
        at = (row.source, row.number)
        case = Case(
            known.people[row.person], known.houses.get(row.house_code), held.records.get(at), linked(rec), kinds,
            frozenset(held.codes.get(at, ())),
        )  # fmt: skip
        for kind in kinds:
            tallies[kind].add(row.source, _answer(kind, case))
    return tallies


def _answer(kind: str, case: Case) -> bool | None:
    return None if CLASSES[kind].fate == "none" else judge(kind, case)


def _linked(known: TruthFiles, held: Held) -> Callable[[str], bool | None]:
    """rec -> whether it carries the key of most rows of its person; None for a person with a single row."""
    rows = [(row.person, held.keys.get((row.source, row.number), "")) for row in known.rows.values()]
    best, seen = majority(rows), Counter(person for person, _ in rows)

    def answer(rec: str) -> bool | None:
        row = known.rows[rec]
        if seen[row.person] < 2:
            return None
        key = held.keys.get((row.source, row.number), "")
        return bool(key) and best.get(row.person) == key

    return answer


def score_counts(known: TruthFiles, held: Held, tallies: dict[str, Tally]) -> None:
    """Lists of things have no row by row truth: their problems are counted against what was planted."""
    by_rows = Counter((known.rows[rec].source, kind) for rec, kinds in known.dirt.items() for kind in kinds)
    for source, counts in known.counts.items():
        for kind, planted in counts.items():
            rest = planted - by_rows[source, kind]
            if rest > 0:
                _count(tallies[kind], source, rest, _found_of(kind, source, held, known))


def _count(tally: Tally, source: str, planted: int, found: int | None) -> None:
    tally.planted += planted
    if found is None:
        tally.untold += planted
    else:
        tally.count(source, min(found, planted), max(0, planted - found))


def _found_of(kind: str, source: str, held: Held, known: TruthFiles) -> int | None:
    """How many of a class were dealt with in a list of things; None when nothing tells."""
    if source == "readings":
        return _reading_faults(kind)
    if kind in CODES:
        return sum(held.code_counts[source, code] for code in CODES[kind])
    if kind == "total_row":
        true = {row.number for row in known.rows.values() if row.source == source}
        return int(not any(of == source and number > max(true) for of, number in held.records))
    planted = known.counts[source][kind]
    left = LEFT[kind]() if kind in LEFT else None
    return None if left is None else max(0, planted - left)


def _reading_faults(kind: str) -> int | None:
    """Faults of sensors are marks on the readings: values out of range one by one, stuck runs by station."""
    from maehia.city.models import Observation

    if kind == "out_of_range":
        return int(Observation.objects.filter(quality="range").count())
    if kind == "stuck_run":
        return int(Observation.objects.filter(quality="stuck").values("station_code").distinct().count())
    return 0 if kind == "gap" else None


def _codes_left() -> int:
    """House codes that did not come out as eleven digits."""
    from maehia.evidence.models import HouseRecord

    return int(HouseRecord.objects.current().exclude(house_code="").exclude(house_code__regex=r"^\d{11}$").count())


def _parcels_left() -> int:
    """Parcel codes without their zeros (1A1 for 01A001)."""
    from maehia.evidence.models import ParcelRecord

    return int(ParcelRecord.objects.current().filter(ltax_code__regex=r"^(\d[A-Z]|\d\d[A-Z]\d{1,2}$)").count())


def _firms_left() -> int:
    """Companies of the tax list that were taken for persons."""
    from maehia.evidence.models import PersonRecord

    named = PersonRecord.objects.current().filter(source_id="tax").exclude(role="organisation")
    return int(named.filter(first_name__regex="^(บริษัท|ห้างหุ้นส่วน|บจก|หจก)").count())


LEFT: dict[str, Callable[[], int]] = {
    "house_code_dashes": _codes_left,
    "ltax_without_zeros": _parcels_left,
    "juristic_owner": _firms_left,
}


def linkage(known: TruthFiles, held: Held) -> dict[str, Any]:
    """Pairs of rows of the seven lists: how many are truly one person, were put together, and both."""
    rows = [
        (row.person, held.keys.get((row.source, row.number), ""))
        for row in known.rows.values()
        if row.source in LINKED_LISTS
    ]
    pairs = count_pairs(rows)
    return {
        "records": len(rows),
        "persons": len({person for person, _ in rows}),
        "keys": len({key for _, key in rows if key}),
        **pairs._asdict(),
        "precision": round(pairs.precision, 5),
        "recall": round(pairs.recall, 5),
        "f1": round(pairs.f1, 5),
    }
