"""The race of impact: CLIMADA and ours on one problem, and how their answers agree.

Warm: CLIMADA's best call of all, the first of a process included (it remembers nothing), against our median call.
Cold: a new process with bytecode and compiled kernels on disk, NumPy and the input already in memory, from before the
engine's import to the results, objects built on the way; medians of both. CLIMADA imports much of what it does not
need, so its cold run is also given without its imports; ours always has them (it imports when it first computes).
Memory: the most resident in a process that made
one cold call and, ours, the warm ones after it.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from bench.peers import compare, processes
from bench.peers.compare import Agreement, Spread, spread
from bench.peers.problem import Problem, write

TOLERANCE = 1e-12


@dataclass(frozen=True)
class Bar:
    """What the issue asks of a row: ratios at least; memory of ours at most this part of theirs."""

    warm: float = 0
    cold: float = 0
    memory: float = 0
    seconds: float = float("inf")


@dataclass(frozen=True)
class Row:
    problem: Problem
    bar: Bar = Bar()
    slider: bool = False
    processes: int = 3
    warm: int = 5
    peer_warm: int = 1


ROWS = (
    Row(Problem(1_000_000, 1000), Bar(warm=90, cold=20, memory=5)),
    Row(Problem(1_000_000, 1000, "patches"), Bar(warm=90, cold=20, memory=5), processes=1),
    Row(Problem(100_000, 1000), Bar(warm=15)),
    Row(Problem(1_000_000, 100), Bar(seconds=0.050), slider=True, processes=1, warm=9, peer_warm=3),
)
LARGE = Row(Problem(1_000_000, 10_000), processes=1)


def race(row: Row, work: Path) -> dict[str, Any]:
    """Figures and agreement of one row."""
    folder = write(row.problem, work)
    kind = "slider" if row.slider else "impact"
    base: dict[str, Any] = {"folder": str(folder), "wide": False}
    ours, theirs = [], []
    # A run that nobody counts: compiled kernels and bytecode get onto the disk, files into the cache.
    processes.run(f"maehia_{kind}", folder / "out", "-uncounted", **base, warm=1)
    _load_once(work)
    for _ in range(row.processes):
        mine, peer = folder / "out" / "maehia", folder / "out" / "climada"
        ours.append(processes.run(f"maehia_{kind}", folder / "out", **base, warm=row.warm, results=str(mine)))
        theirs.append(processes.run(f"climada_{kind}", folder / "out", **base, warm=row.peer_warm, results=str(peer)))
    if row.slider:
        _same_last_curve(row, base, folder)
    found = compare.agreement(folder / "out" / "maehia", folder / "out" / "climada")
    figures = summary(row, ours, theirs, found)
    return {**figures, "input_gb": sum(file.stat().st_size for file in folder.glob("*.npy")) / 2**30}


@lru_cache
def _load_once(work: Path) -> None:
    """The same for CLIMADA, on a problem too small to matter; once is enough for all rows."""
    folder = write(Problem(1000, 10), work)
    processes.run("climada_impact", folder / "out", "-uncounted", folder=str(folder), wide=False, warm=0)


def _same_last_curve(row: Row, base: dict[str, Any], folder: Path) -> None:
    """Both sliders end at the curve of CLIMADA's last call: compare there, uncounted."""
    processes.run("maehia_slider", folder / "out", "-last", **base, warm=row.peer_warm,
                  results=str(folder / "out" / "maehia"))  # fmt: skip


def calls(runs: list[dict[str, Any]], part: str, clock: str = "wall") -> Spread:
    return spread(call[part][clock] for run in runs for call in run["calls"])


def cold(runs: list[dict[str, Any]], part: str) -> Spread:
    return spread(run["cold"][part] for run in runs)


def summary(row: Row, ours: list[dict[str, Any]], theirs: list[dict[str, Any]], found: Agreement) -> dict[str, Any]:
    parts = ("impact",) if row.slider else ("link", "impact", "total")
    whole = parts[-1]
    memory = [spread(run["peak_gb"] for run in runs) for runs in (theirs, ours)]
    figures: dict[str, Any] = {
        "name": row.problem.name + ("-slider" if row.slider else ""),
        "ours": {part: asdict(calls(ours, part)) for part in parts},
        "theirs": {part: asdict(calls(theirs, part)) for part in parts},
        "cpu": {"ours": calls(ours, whole, "cpu").median, "theirs": calls(theirs, whole, "cpu").least},
        "peak_gb": {"theirs": memory[0].median, "ours": memory[1].median},
        "ratio_warm": calls(theirs, whole).least / calls(ours, whole).median,
        "ratio_memory": memory[0].median / memory[1].median,
        "agreement": asdict(found),
        "agrees": found.within(TOLERANCE),
        "path": ours[0].get("path"),
        "others": max(run["process"]["others"] for run in [*ours, *theirs]),
    }
    if not row.slider:
        figures["cold"] = {
            side: {part: asdict(cold(runs, part)) for part in ("with_import", "without_import", "build")}
            for side, runs in (("ours", ours), ("theirs", theirs))
        }
        mine = cold(ours, "with_import").median
        figures["ratio_cold"] = {part: cold(theirs, part).median / mine for part in ("with_import", "without_import")}
    figures["missed"] = missed(row.bar, figures)
    return figures


def missed(bar: Bar, figures: dict[str, Any]) -> list[str]:
    """The bars that a row does not keep, in words."""
    wanted = [
        (figures["ratio_warm"] >= bar.warm, f"warm {figures['ratio_warm']:.1f}x, asked {bar.warm:g}x"),
        (figures["ratio_memory"] >= bar.memory, f"memory {figures['ratio_memory']:.1f}x less, asked {bar.memory:g}x"),
        (figures["ours"]["impact"]["median"] <= bar.seconds, f"over {bar.seconds * 1000:g} ms"),
        (figures["agrees"], f"answers differ by more than {TOLERANCE:g} or assets stand elsewhere"),
    ]
    if bar.cold:
        ratio = figures["ratio_cold"]["with_import"]
        wanted.append((ratio >= bar.cold, f"cold {ratio:.1f}x, asked {bar.cold:g}x"))
    return [what for kept, what in wanted if not kept]
