"""A million rows: mapped and checked in seconds of a small server."""

from __future__ import annotations

import subprocess
import sys
import textwrap

import pytest

RUN = textwrap.dedent("""
    import resource, sys, time
    from datetime import date
    import pyarrow as pa, pyarrow.compute as pc
    from maehia.intake.checking import TownFacts, check
    from maehia.intake.mapping import Mapping, apply_mapping
    from maehia.intake.reading import Sheet

    n = int(sys.argv[1])
    spoilt = lambda good, bad, every, at: [bad if i % every == at else good(i) for i in range(n)]
    columns = {
        "row_no": pa.array(range(2, n + 2)),
        "รหัส": [f"C{i}" for i in range(n)],
        "ชื่อ": spoilt(lambda i: f"สมชาย{i % 3000}", "", 1000, 1),
        "เลขบัตร": spoilt(lambda i: f"{3_100_000_000_000 + i}", "12345", 1000, 2),
        "เกิด": spoilt(lambda i: f"{i % 28 + 1:02d}/{i % 12 + 1:02d}/{2490 + i % 70}", "30/02/2530", 1000, 3),
        "หมู่": spoilt(lambda i: str(i % 10 + 1), "15", 1000, 4),
        "โทร": spoilt(lambda i: f"08{10_000_000 + i}", "12", 1000, 5),
    }
    sheet = Sheet("x", list(columns)[1:], pa.table(columns))
    del columns
    mapping = Mapping("person", {"ext_id": "รหัส", "first_name": "ชื่อ", "national_id": "เลขบัตร", "birth": "เกิด", "moo": "หมู่", "phone": "โทร"})
    town = TownFacts(date(2026, 11, 21), moos=tuple(range(1, 11)))
    rules = None
    marks = [time.process_time()]
    mapped = apply_mapping(sheet, mapping, today=town.today)
    marks.append(time.process_time())
    checked = check(mapped, town)
    marks.append(time.process_time())
    counts = checked.counts()
    counts.pop("id_check_digit")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(len(checked.good), sorted(counts.values()), [round(b - a, 2) for a, b in zip(marks, marks[1:])], round(peak), sep="|")
""")


def run(rows: int) -> tuple[int, str, list[float], int]:
    done = subprocess.run(
        [sys.executable, "-c", RUN, str(rows)], capture_output=True, text=True, timeout=280, check=True
    )
    good, counts, seconds, peak = done.stdout.strip().split("|")
    return int(good), counts, [float(text) for text in seconds.strip("[]").split(",")], int(peak)


def test_a_hundred_thousand_rows_lose_exactly_the_planted_faults():
    good, counts, seconds, _ = run(100_000)
    assert good == 99_900
    assert counts == "[100, 100, 100, 100, 100]"
    assert sum(seconds) < 20


@pytest.mark.slow
def test_a_million_rows_of_six_columns_are_checked_in_seconds():
    good, counts, seconds, peak = run(1_000_000)
    assert good == 999_000
    assert counts == "[1000, 1000, 1000, 1000, 1000]"
    assert seconds[1] < 10, f"mapping, checking: {seconds} s of processor time"
    assert peak < 2500
