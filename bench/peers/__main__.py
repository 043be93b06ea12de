"""`make bench-peers`: CLIMADA and landlab against ours on the same inputs, about ten minutes on an idle machine.

    python -m bench.peers                      all parts
    python -m bench.peers --only impact        one part: impact, flood or files
    python -m bench.peers --large              with 10,000 events as well (4 minutes and 5 GB more)
    python -m bench.peers --quick              small sizes: does it all work?

The first run makes the peers' environments under var/peers (a few hundred MB from the package index). Figures go to
var/peers/bench-peers*.json too. Exit code 1: an answer differs, a bar is missed, or a side failed.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from bench.peers import environments, files, flood, impact, machine, report
from bench.peers.problem import Problem
from bench.peers.processes import QUIET_LOAD, SideFailed

Job = tuple[Callable[[], dict[str, Any]], Callable[[dict[str, Any]], str]]
WORK = environments.FOLDER / "work"


def parser() -> argparse.ArgumentParser:
    found = argparse.ArgumentParser(
        prog="bench.peers", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    found.add_argument("--only", choices=("impact", "flood", "files"))
    found.add_argument("--large", action="store_true", help="1,000,000 assets x 10,000 events as well")
    found.add_argument("--quick", action="store_true", help="small sizes, one process; no bars")
    found.add_argument("--strict", action="store_true", help=f"refuse to measure at a load above {QUIET_LOAD:g}")
    found.add_argument("--settle", type=float, default=90, metavar="SECONDS", help="wait so long for an idle machine")
    return found


def rows(args: argparse.Namespace) -> list[impact.Row]:
    if args.quick:
        small = [replace(row, bar=impact.Bar(), processes=1, warm=2) for row in impact.ROWS]
        return [replace(row, problem=Problem(20_000, 100, row.problem.wet)) for row in small]
    return [*impact.ROWS, *([impact.LARGE] if args.large else [])]


def jobs(args: argparse.Namespace) -> Iterator[Job]:
    if args.only in (None, "impact"):
        for row in rows(args):
            yield lambda row=row: impact.race(row, WORK), report.impact  # type: ignore[misc]
    if args.only in (None, "files"):
        yield lambda: files.exchange(WORK), report.files
    if args.only in (None, "flood"):
        yield lambda: flood.depths(WORK, 60, 300.0) if args.quick else flood.depths(WORK), report.flood
        for steep in (False, True):
            size = (100, 5) if args.quick else (1000, 50)
            yield lambda size=size, steep=steep: flood.speed(WORK, *size, steep=steep), report.flood  # type: ignore[misc]


def perform(job: Job) -> dict[str, Any]:
    """One job, printed as soon as it is known; a side that fails does not end the rest."""
    work, show = job
    try:
        row = work()
    except SideFailed as error:
        print(f"\nFAILED: {error}", flush=True)
        return {"failed": str(error)}
    print("\n" + show(row), flush=True)
    return row


def good(row: dict[str, Any]) -> bool:
    return "failed" not in row and not row.get("missed") and row.get("agrees") is not False


def main() -> int:
    args = parser().parse_args()
    for name in environments.NAMES:
        if not environments.ready(name):
            print(f"making var/peers/{name} ...", flush=True)
            environments.build(name)
    idle = machine.settle(args.settle)
    if args.strict and not idle:
        print(f"the load is above {QUIET_LOAD:g}: nothing is measured", file=sys.stderr)
        return 1
    about = machine.describe()
    print(report.machine(about, idle), flush=True)
    found = [perform(job) for job in jobs(args)]
    save({"machine": about, "idle": idle, "rows": found}, results_file(args))
    return 0 if all(good(row) for row in found) else 1


def results_file(args: argparse.Namespace) -> Path:
    """A part and a trial never overwrite the figures of a whole run."""
    marks = [args.only or "", "quick" if args.quick else ""]
    return environments.FOLDER / ("-".join(["bench-peers", *filter(None, marks)]) + ".json")


def save(found: dict[str, Any], path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(found, indent=1))
    print(f"\n{path}")


if __name__ == "__main__":
    sys.exit(main())
