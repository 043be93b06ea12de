"""How well and how fast `maehia link` finds the people behind seven dirty lists.

    python -m bench.linkage                 20,000 records on both generators, with and without the civil list
    python -m bench.linkage 20000 200000    other sizes; 1000000 takes a while
    python -m bench.linkage --seeds 1 2 3   other registers

Two invented registers are linked by the command line in a process of its own, with the frozen model: the demo
town's lists (`maehia.demo`) and the second register (`bench.second_register`), whose author has not read the
linker and whose lists are far dirtier. Peak memory is that of the process and its helpers.
"""

from __future__ import annotations

import argparse
import csv
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from bench.metrics import PairScores, pair_scores
from maehia.demo.registers import write_records_csv

# size -> seconds, GB that the design allows on two cores.
LIMITS = {20_000: (8.0, 0.8), 200_000: (45.0, 2.0), 1_000_000: (200.0, 5.0)}
# with the civil list, without it: least pair F1, least precision.
QUALITY = {True: (0.985, 0.997), False: (0.975, 0.985)}
_BIG = 200_000
_BIG_F1 = 0.98


@dataclass(frozen=True)
class Case:
    """One register to link."""

    town: str
    size: int
    seed: int
    civil: bool = True


@dataclass(frozen=True)
class Outcome:
    """Scores, wall seconds with process start, processor seconds, peak GB of the process tree's largest."""

    scores: PairScores
    seconds: float
    cpu: float
    peak_gb: float


def write_case(case: Case, folder: Path) -> tuple[Path, pd.DataFrame, dict[str, object]]:
    """records.csv, its truth, and the as-of day of each list."""
    records = folder / "records.csv"
    without = () if case.civil else ("civil",)
    if case.town == "demo":
        answers = folder / "truth.csv"
        made = write_records_csv(records, answers, case.size, seed=case.seed, without=without)
        return records, pd.read_csv(answers, dtype=str), dict(made.as_of)
    from bench.second_register import make_register

    frame, truth, as_of = make_register(case.size, case.seed, with_civil=case.civil)
    frame.to_csv(records, index=False)
    return records, truth, dict(as_of)


def link(records: Path, out: Path, as_of: dict[str, object]) -> tuple[float, float, float]:
    """Wall seconds, processor seconds, peak GB of one run of the command."""
    days = [word for source, day in as_of.items() for word in ("--as-of", f"{source}={day}")]
    command = [sys.executable, "-m", "maehia.linkage", str(records), "--out", str(out), "--quiet", *days]
    begin = time.perf_counter()
    child = subprocess.Popen(command)
    _, status, usage = os.wait4(child.pid, 0)
    seconds = time.perf_counter() - begin
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise RuntimeError(f"maehia link ended with {child.returncode}")
    return seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 2**20


def measure(case: Case) -> Outcome:
    """Make the register, link it, score it."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        records, truth, as_of = write_case(case, folder)
        seconds, cpu, peak = link(records, folder / "clusters.csv", as_of)
        with (folder / "clusters.csv").open(encoding="utf-8", newline="") as stream:
            found = dict(list(csv.reader(stream))[1:])
        return Outcome(pair_scores(truth, found), seconds, cpu, peak)


def verdict(case: Case, outcome: Outcome) -> str:
    """What bars the run misses, in words, or "kept"."""
    f1, precision = QUALITY[case.civil]
    if case.size >= _BIG:
        f1, precision = min(f1, _BIG_F1), 0.0
    missed = [
        name
        for name, good in (
            ("F1", outcome.scores.f1 >= f1),
            ("precision", outcome.scores.precision >= precision),
            ("time", outcome.seconds <= LIMITS.get(case.size, (1e9, 0))[0]),
            ("memory", outcome.peak_gb <= LIMITS.get(case.size, (0, 1e9))[1]),
        )
        if not good
    ]
    return "missed: " + ", ".join(missed) if missed else "kept"


def line(case: Case, outcome: Outcome) -> str:
    s = outcome.scores
    lists = "7 lists" if case.civil else "no civil"
    return (
        f"{case.town:<7}{case.size:>10,} {case.seed:>5}  {lists:<9}{s.f1:8.4f}{s.precision:8.4f}{s.recall:8.4f}"
        f"{s.mixed:>7,}{outcome.seconds:9.1f}{outcome.cpu:8.1f}{outcome.peak_gb:7.2f}  {verdict(case, outcome)}"
    )


HEAD = (
    f"{'town':<7}{'records':>10} {'seed':>5}  {'':<9}{'F1':>8}{'P':>8}{'R':>8}{'mixed':>7}{'seconds':>9}"
    f"{'cpu s':>8}{'GB':>7}  bars"
)


def cases(sizes: Iterable[int], seeds: Iterable[int]) -> list[Case]:
    """Both generators for each size and seed; without the civil list at the smallest size."""
    towns, seeds = ("demo", "second"), list(seeds)
    full = [Case(town, size, seed) for size in sizes for town in towns for seed in seeds]
    return full + [Case(town, min(sizes), seed, civil=False) for town in towns for seed in seeds]


def run(arguments: list[str]) -> int:
    """Print the table. The bars are judged on the demo's lists; the second register shows the margin."""
    parser = argparse.ArgumentParser(prog="bench.linkage", description=__doc__)
    parser.add_argument("sizes", nargs="*", type=int, metavar="RECORDS", help="20000 by default")
    parser.add_argument("--seeds", nargs="+", type=int, default=[1, 2])
    args = parser.parse_args(arguments)
    print(HEAD)
    worst = 0
    for case in cases(args.sizes or [20_000], args.seeds):
        outcome = measure(case)
        print(line(case, outcome), flush=True)
        if case.town == "demo" and verdict(case, outcome) != "kept":
            worst = 1
    return worst


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
