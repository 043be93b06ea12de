"""How fast and in what memory the engine links and assesses.

    python -m bench impact                       all rows
    python -m bench.impact 1000000x1000          one size (assets x events)
    python -m bench.impact files                 the batch contract, over a hazard in eight Parquet files

Each row runs in a process of its own, its arrays in memory before the clock starts. Warm: the best of nine. Cold: the
first call of a new process, kernels and byte code on disk, loading Numba counted. CLIMADA 6.1 took 9.38 s for linking
and impact of 1,000,000 x 1,000 and 1.04 s of 100,000 x 1,000 on two such cores, in 1.89 and 0.85 GB; `make bench-peers`
runs it again.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench import impact_problem
from bench.measure import alone


@dataclass(frozen=True)
class Row:
    """seconds that the design allows (warm, cold) and GB; None: no bar."""

    assets: int
    events: int
    warm: float | None = None
    cold: float | None = None
    peak: float | None = None

    @property
    def name(self) -> str:
        return f"{self.assets:,} x {self.events:,}"


# 90 and 20 times CLIMADA's 9.38 s and a fifth of its 1.89 GB; 15 times 1.04 s.
ROWS = (
    Row(1_000_000, 1_000, 9.38 / 90, 9.38 / 20, 1.89 / 5),
    Row(100_000, 1_000, 1.04 / 15),
    Row(1_000_000, 100),
    Row(1_000_000, 10_000),
)
SLIDER = 0.050
PARTS = 8
LOCAL_LOOP = 1.04  # seconds that a plain loop of one process took over eight Parquet parts of 1,000,000 x 1,000


def _peak_gb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20


def _timed(work: Callable[[], object]) -> tuple[float, float]:
    """(wall, processor seconds)."""
    wall, processor = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - wall, time.process_time() - processor


def _load(folder: str):  # type: ignore[no-untyped-def]
    from maehia.impact import Curves, Exposure, Grid, Hazard

    side, cell = impact_problem.SIDE, impact_problem.CELL
    indptr, cells, intensity, frequency = impact_problem.load(folder, "indptr", "cell", "intensity", "frequency")
    hazard = Hazard(Grid(0, 0, cell, cell, side, side), indptr, cells, intensity, frequency)
    exposure = Exposure(*impact_problem.load(folder, "x", "y", "curve", "value"))
    return hazard, exposure, Curves(impact_problem.POINTS, impact_problem.DAMAGE)


def run_row(folder: str) -> dict[str, float]:
    """Seconds of one row: linking with impact (warm, cold), linking alone, and the peak after them."""
    begin = time.perf_counter()
    from maehia.impact import assess, prepare

    imported = time.perf_counter() - begin
    hazard, exposure, curves = _load(folder)
    before = _peak_gb()
    cold, _ = _timed(lambda: assess(hazard, exposure, curves, path="compiled"))
    runs = [_timed(lambda: assess(hazard, exposure, curves)) for _ in range(9)]
    link = min(_timed(lambda: prepare(exposure, hazard.grid, curves))[0] for _ in range(5))
    return {
        "import": imported, "cold": cold, "warm": min(runs)[0], "processor": min(cpu for _, cpu in runs), "link": link,
        "loaded": before, "peak": _peak_gb(),
        "hazard": (hazard.cell.nbytes + hazard.intensity.nbytes) / 2**30,
    }  # fmt: skip


def run_slider(folder: str) -> dict[str, float]:
    """Seconds after one curve, or all depths, have changed; nothing linked again."""
    import numpy as np

    from maehia.impact import Curves, prepare

    hazard, exposure, curves = _load(folder)
    prepared = prepare(exposure, hazard.grid, curves)
    prepared.assess(hazard)

    def curve() -> None:
        damage = curves.damage.copy()
        damage[0] *= 0.9
        prepared.with_curves(Curves(curves.intensity, damage)).assess(hazard)

    def depth() -> None:
        prepared.assess(hazard.with_intensity(np.maximum(hazard.intensity - np.float32(0.3), 0)))

    return {
        "curve": min(_timed(curve)[0] for _ in range(9)),
        "depth": min(_timed(depth)[0] for _ in range(9)),
    }


@contextmanager
def _byte_code_in(folder: str) -> Iterator[None]:
    """New processes keep byte code, as an installed package does, even where the environment forbids it."""
    before = {name: os.environ.get(name) for name in ("PYTHONDONTWRITEBYTECODE", "PYTHONPYCACHEPREFIX")}
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    os.environ["PYTHONPYCACHEPREFIX"] = f"{folder}/byte-code"
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name, None) if value is None else os.environ.update({name: value})


def write_parts(folder: str) -> None:
    """The hazard as Parquet files, an equal share of the events in each."""
    from maehia.impact import Hazard
    from maehia.impact.formats import interior

    hazard, _, _ = _load(folder)
    for number in range(PARTS):
        first, last = (hazard.events * (number + k) // PARTS for k in (0, 1))
        ends = hazard.indptr.clip(hazard.indptr[first], hazard.indptr[last]) - hazard.indptr[first]
        rows = slice(hazard.indptr[first], hazard.indptr[last])
        part = Hazard(hazard.grid, ends, hazard.cell[rows], hazard.intensity[rows], hazard.frequency)
        interior.write_parquet(f"{folder}/{number}.parquet", part)


def run_files(folder: str, workers: int) -> dict[str, float]:
    """Seconds of `assess_files`, start of the processes counted, and the largest memory of the caller."""
    from maehia.impact import prepare
    from maehia.impact.runner import assess_files

    hazard, exposure, curves = _load(folder)
    prepared, paths = prepare(exposure, hazard.grid, curves), [f"{folder}/{k}.parquet" for k in range(PARTS)]
    right = prepared.assess(hazard).at_event
    cold, _ = _timed(lambda: assess_files(paths, prepared, workers=workers))
    runs = [_timed(lambda: assess_files(paths, prepared, workers=workers)) for _ in range(3)]
    found = assess_files(paths, prepared, workers=workers).at_event
    return {
        "cold": cold, "warm": min(runs)[0], "processor": min(cpu for _, cpu in runs), "peak": _peak_gb(),
        "apart": float((abs(found - right) / right).max()),
    }  # fmt: skip


def run_sums(folder: str) -> dict[str, float]:
    """Processor seconds of the contract's function over sorted batches of one part each, of plan, merge and finish."""
    from maehia.impact import prepare
    from maehia.impact.batch import finish, make_plan, merge, partial_sums
    from maehia.impact.formats import interior

    hazard, exposure, curves = _load(folder)
    prepared = prepare(exposure, hazard.grid, curves)
    plan = make_plan(prepared, hazard.frequency)
    batches = list(interior.batches(hazard, rows=-(-hazard.nnz // PARTS)))
    sums = [partial_sums(batch, plan) for batch in batches]
    merged = merge(sums)
    works = {
        "sums": lambda: [partial_sums(batch, plan) for batch in batches], "merge": lambda: merge(sums),
        "plan": lambda: make_plan(prepared, hazard.frequency), "finish": lambda: finish(merged, plan, prepared),
    }  # fmt: skip
    found = {name: min(_timed(work)[1] for _ in range(5)) for name, work in works.items()}
    return {**found, "row": found["sums"] / hazard.nnz}


def run_worker(folder: str) -> None:
    """One part from a saved plan, as a worker does it."""
    from maehia.impact import prepare
    from maehia.impact.batch import Plan, make_plan
    from maehia.impact.runner import compute, parts_of

    if not os.path.exists(f"{folder}/small"):
        hazard, exposure, curves = _load(folder)
        make_plan(prepare(exposure, hazard.grid, curves), hazard.frequency).save(Path(folder))
    for part in parts_of([f"{folder}/0.parquet"]):
        compute(part, Plan.open(Path(folder)))


def measure_files() -> bool:
    """The batch contract at 1,000,000 x 1,000, in one process and in two."""
    with tempfile.TemporaryDirectory() as folder, _byte_code_in(folder):
        alone(impact_problem.write_hazard, folder, 1_000)
        alone(impact_problem.write_assets, folder, 1_000_000)
        alone(write_parts, folder)
        # As in `measure`: byte code and kernels of caller and workers.
        first = f"import bench.impact as b; b.run_worker({folder!r}); b.run_files({folder!r}, 2)"
        subprocess.run([sys.executable, "-c", first], check=True)
        found = alone(run_sums, folder).result
        print(
            f"files: processor seconds of {PARTS} sorted batches: sums {found['sums']:.3f} "
            f"({found['row'] * 1e9:.1f} ns a row), merge {found['merge']:.3f}, plan {found['plan']:.3f}, "
            f"finish {found['finish']:.3f}",
            flush=True,
        )
        print(f"files, a worker alone: peak {alone(run_worker, folder).peak_gb:.3f} GB", flush=True)
        good = True
        for workers in (1, 2):
            found = alone(run_files, folder, workers).result
            good &= found["apart"] < 1e-12
            bar = LOCAL_LOOP if workers == 1 else None
            good &= bar is None or found["warm"] <= bar
            print(
                f"files, {workers} process{'es' if workers > 1 else '  '}  warm {found['warm']:.3f}"
                f"{_verdict(found['warm'], bar)} first {found['cold']:.3f}; processor of the caller "
                f"{found['processor']:.3f}, peak {found['peak']:.3f} GB, apart from assess {found['apart']:.0e}",
                flush=True,
            )
        return good


def _verdict(found: float, bar: float | None) -> str:
    return "" if bar is None else f" (bar {bar:.3f}: {'kept' if found <= bar else 'MISSED'})"


def measure(row: Row) -> bool:
    """Build the problem, run the row, print it."""
    with tempfile.TemporaryDirectory() as folder, _byte_code_in(folder):
        alone(impact_problem.write_hazard, folder, row.events)
        alone(impact_problem.write_assets, folder, row.assets)
        # Kernels and byte code are on disk from here on (a spawned process would inherit a ban on byte code).
        subprocess.run([sys.executable, "-c", f"import bench.impact as b; b.run_row({folder!r})"], check=True)
        found = alone(run_row, folder).result
        bars = [("warm", row.warm), ("cold", row.cold), ("peak", row.peak)]
        print(f"{row.name:<20}", end="")
        for name, bar in bars:
            print(f" {name} {found[name]:.3f}{_verdict(found[name], bar)}", end="")
        print(
            f"; link alone {found['link']:.3f}, processor {found['processor']:.3f}, import {found['import']:.3f}, "
            f"loaded {found['loaded']:.3f} GB with {found['hazard']:.3f} of hazard",
            flush=True,
        )
        good = all(bar is None or found[name] <= bar for name, bar in bars)
        if row.events == 100:
            slider = alone(run_slider, folder).result
            for name, seconds in slider.items():
                print(f"  slider, other {name:<6} {seconds:.3f}{_verdict(seconds, SLIDER)}", flush=True)
                good &= seconds <= SLIDER
        return good


def run(args: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="bench.impact", description=__doc__)
    parser.add_argument("sizes", nargs="*", metavar="ASSETSxEVENTS | files")
    wanted = set(parser.parse_args(args).sizes)
    rows = [row for row in ROWS if not wanted or f"{row.assets}x{row.events}" in wanted]
    print("seconds and GB; linking + impact of assets x events on 250,000 cells, 12,500 wet an event, 4 curves")
    good = [measure(row) for row in rows]
    if not wanted or "files" in wanted:
        good.append(measure_files())
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
