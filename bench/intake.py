"""A million rows through reading, mapping and checking."""

from __future__ import annotations

import csv
import random
import tempfile
from datetime import date
from pathlib import Path
from typing import Any

from bench.measure import alone, show

ROWS = 1_000_000
BAD_SHARE = 0.001
DAY = date(2026, 11, 21)


def write_rows(path: Path, rows: int = ROWS) -> dict[str, int]:
    """A list of invented people with six columns and planted faults; returns how many of each were planted."""
    dice, planted = random.Random(7), {"no_such_day": 0, "year_out_of_range": 0}
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["เลขที่บัญชี", "ชื่อ", "นามสกุล", "วันเกิด", "บ้านเลขที่", "หมู่ที่"])
        for number in range(rows):
            birth = f"{1 + number % 28:02d}/{1 + number % 12:02d}/{2470 + number % 90}"
            if dice.random() < BAD_SHARE:
                birth, kind = dice.choice([("30/02/2540", "no_such_day"), ("01/01/2650", "year_out_of_range")])
                planted[kind] += 1
            writer.writerow([f"ก{number:07d}", f"สมมติ{number % 997}", f"ทดลอง{number % 3571}", birth, number % 900 + 1,
                             number % 10 + 1])  # fmt: skip
    return planted


def read(path: str) -> int:
    from maehia.intake.reading import read_file

    return len(read_file(path).sheets[0])


def read_map_check(path: str) -> dict[str, Any]:
    from maehia.intake.checking import TownFacts, check
    from maehia.intake.mapping import apply_mapping, propose_for
    from maehia.intake.reading import read_file

    sheet = read_file(path).sheets[0]
    proposal = propose_for(sheet, path, "person")
    mapped = apply_mapping(sheet, proposal.mapping(sheet.header), today=DAY, secret=b"bench")
    found = check(mapped, TownFacts(DAY, moos=tuple(range(1, 11))))
    return {"good": found.good.num_rows, "problems": found.counts()}


def run(_args: list[str]) -> int:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "million.csv"
        planted = write_rows(path)
        print(f"{ROWS:,} rows x 6 columns, planted {planted}")
        good = show("read", alone(read, str(path)))
        whole = alone(read_map_check, str(path))
        good &= show("read + profile + map + check", whole, 90)
        print(f"found {whole.result}")
        exact = all(whole.result["problems"].get(code, 0) == count for code, count in planted.items())
        print("every planted fault found, at its count" if exact else "MISSED: counts differ from what was planted")
    return 0 if good and exact else 1
