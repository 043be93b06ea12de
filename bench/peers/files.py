"""Files to CLIMADA and back: it computes from what we wrote, and we from what it wrote; all four answers are one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from bench.peers import compare, processes
from bench.peers.problem import Problem, write

TOLERANCE = 1e-12
SIZE = Problem(20_000, 100)


def exchange(work: Path, problem: Problem = SIZE) -> dict[str, Any]:
    """out: CLIMADA on our files against us. back: us on CLIMADA's files against CLIMADA. Relative differences."""
    folder = write(problem, work)
    out = folder / "out"
    base = {"folder": str(folder), "files": str(folder / "files")}
    places = {name: out / name for name in ("files-ours", "files-climada", "files-back")}
    processes.run("maehia_files", out, "-write", **base, step="write", results=str(places["files-ours"]))
    theirs = processes.run("climada_files", out, **base, results=str(places["files-climada"]))
    again = processes.run("maehia_files", out, "-read", **base, step="read", results=str(places["files-back"]))
    there = compare.agreement(places["files-ours"], places["files-climada"])
    back = compare.agreement(places["files-back"], places["files-climada"])
    agrees = there.within(TOLERANCE) and back.within(TOLERANCE) and bool(again["unchanged"])
    return {
        "assets": theirs["assets"],
        "events": theirs["events"],
        "out": {"at_event": there.at_event, "per_asset": there.per_asset},
        "back": {"at_event": back.at_event, "per_asset": back.per_asset},
        "unchanged": again["unchanged"],
        "agrees": agrees,
    }
