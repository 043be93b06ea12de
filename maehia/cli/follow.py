"""Follow one row of a demo list through the code, a step at a time: `python -m maehia.cli.follow STEP`.

docs/tour.md walks these steps. The first five need no database; `linked` and `register` need a demo town (invented
people only: they refuse a real one).
"""

from __future__ import annotations

import argparse
import os
import sys
from datetime import date
from pathlib import Path
from typing import Any

import django

from maehia.base import Problem, ProblemError
from maehia.cli import places

SOURCE, FILE, ROW = "vhv", "vhv.xlsx", 8403
DAY = date(2026, 9, 30)
MOOS = tuple(range(1, 11))
PURE = ("read", "map", "check", "record", "clean")


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("step", choices=[*PURE, "linked", "register"])
    parser.add_argument("--raw", type=Path, default=places.named_folder() / "demo" / "raw", metavar="DIR")
    parser.add_argument("--row", type=int, default=ROW, help="row of vhv.xlsx, as the spreadsheet counts")
    args = parser.parse_args(arguments)
    try:
        shown = walk(args.step, args.raw / FILE, args.row) if args.step in PURE else in_database(args.step, args.row)
    except ProblemError as error:
        print(f"maehia: {error}", file=sys.stderr)
        return 1
    for name, value in shown.items():
        if value not in (None, "", [], b""):
            print(f"{name:24} {value}")
    return 0


def walk(step: str, path: Path, number: int) -> dict[str, Any]:
    """What one row has become after `step`; each step is what the intake itself calls."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "maehia.settings")
    django.setup()  # the rooms' models must be loadable; no database is opened
    from maehia.intake.checking import TownFacts, check
    from maehia.intake.mapping import apply_mapping, propose_for
    from maehia.intake.reading import read_file
    from maehia.intake.recording import make_batches

    if not path.exists():
        raise ProblemError(Problem("no_raw_file", "ไม่พบบัญชีของเมืองตัวอย่าง", str(path), "รัน make demo ก่อน หรือระบุ --raw"))
    sheet = max(read_file(path).sheets, key=len)
    if step == "read":
        return row_of(sheet.rows, number)
    mapping = propose_for(sheet, path.name, "person").mapping(sheet.header)
    mapped = apply_mapping(sheet, mapping, today=DAY)
    if step == "map":
        return row_of(mapped.frame, number)
    checked = check(mapped, TownFacts(DAY, moos=MOOS))
    if step == "check":
        return told(checked, number)
    batch = make_batches(SOURCE, "person", [row_of(checked.good, number)], as_of=DAY)[0]
    record = dict(batch.rows[0])
    return record if step == "record" else cleaned(record)


def row_of(table: Any, number: int) -> dict[str, Any]:
    """One row of an Arrow table by the row number of its file."""
    return next((row for row in table.to_pylist() if row.get("row_no") == number), {})


def told(checked: Any, number: int) -> dict[str, Any]:
    """Whether the row goes on, and what was said of it."""
    goes_on = bool(row_of(checked.good, number))
    found = [p["what"] for p in checked.problems.to_pylist() if p["row"] == number]
    counts = {f"  {code}": n for code, n in checked.counts().items()}
    return {"goes on": goes_on, "problems of this row": found or "none", "of the whole list": " ", **counts}


def cleaned(record: dict[str, Any]) -> dict[str, Any]:
    """The record as the linkage sees it, without the folded texts that only the scorer reads."""
    import pandas as pd

    from maehia.linkage import clean_records

    said = {name: str(value or "") for name, value in record.items()}
    frame = pd.DataFrame([{**said, "rec_id": said["ref"], "source": SOURCE}], dtype=str)
    shown = clean_records(frame, {SOURCE: DAY}).iloc[0].dropna().to_dict()
    return {str(name): value for name, value in shown.items() if not str(name).endswith("_c")}


def in_database(step: str, number: int) -> dict[str, Any]:
    """What the demo's database holds of the row's person."""
    from maehia.cli import boot

    boot.django()
    from maehia.evidence.models import Link, PersonRecord
    from maehia.kit.acting import acting
    from maehia.kit.demo import require_demo

    require_demo()
    with acting(f"cli:{boot.os_user()}", "system.demo"):
        record = PersonRecord.objects.current().get(source_id=SOURCE, row_no=number)
        key = Link.objects.get(kind="person", ref=record.ref, ended_run=None).key
        return beside(key) if step == "linked" else standing(key)


def beside(key: Any) -> dict[str, Any]:
    """The records of all lists that carry the same key."""
    from maehia.evidence.models import Link, PersonRecord

    refs = Link.objects.filter(kind="person", key=key, ended_run=None).values_list("ref", flat=True)
    records = PersonRecord.objects.current().filter(ref__in=list(refs)).order_by("source_id")
    return {"key": key} | {
        r.ref: f"{r.title}{r.first_name} {r.last_name} · {r.birth or '-'} · {r.address or r.house_no}" for r in records
    }


def standing(key: Any) -> dict[str, Any]:
    """The person in the register, her home, and where to see both."""
    from maehia.city.models import Person, Residence

    person = Person.objects.get(key=key)
    homes = Residence.objects.filter(person=person).select_related("house")
    shown: dict[str, Any] = {
        "name": f"{person.title}{person.first_name} {person.last_name}", "birth": person.birth, "moo": person.moo,
        "page": f"/staff/register/person/{key}/",
    }  # fmt: skip
    for number, home in enumerate(homes, start=1):
        at = home.house.geom
        shown[f"home {number}"] = f"{home.kind}: {home.house.house_no} ม.{home.house.moo}"
        shown[f"map {number}"] = f"{at.y:.6f}, {at.x:.6f}" if at else "-"
    return shown


if __name__ == "__main__":
    sys.exit(main())
