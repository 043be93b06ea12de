"""What both sides of a race share: reading the input, a stop-watch, peak memory, handing back results.

Runs under the peer's interpreter as well as under ours, so it needs NumPy only. A side is called as
`python SIDE.py TASK.json`; it writes the JSON and the arrays that the task names.
"""

from __future__ import annotations

import gc
import json
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np


def task() -> dict[str, Any]:
    return dict(json.loads(Path(sys.argv[1]).read_text()))


def arrays(folder: str) -> dict[str, Any]:
    """Every .npy file of the folder, in memory, by its name."""
    return {path.stem: np.load(path) for path in sorted(Path(folder).glob("*.npy"))}


def timed(work: Callable[[], Any], *, tidy: bool = True) -> tuple[Any, dict[str, float]]:
    """work() and what it took: wall and processor seconds (all threads).

    tidy: throw away garbage of before first, uncounted; it takes long where there are many objects.
    """
    if tidy:
        gc.collect()
    wall, cpu = time.perf_counter(), time.process_time()
    result = work()
    return result, {"wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu}


def peak_gb() -> float:
    """The most memory that this process ever had resident.

    Not ru_maxrss where Linux tells better: a new program inherits there the size of the process that started it.
    """
    status = Path("/proc/self/status")
    if status.exists():
        lines = dict(line.split(":", 1) for line in status.read_text().splitlines() if ":" in line)
        return int(lines["VmHWM"].split()[0]) / 2**20
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20


def hand_back(wanted: dict[str, Any], figures: dict[str, Any], results: dict[str, Any]) -> None:
    """figures as JSON; results, when a folder is named, as .npy files. The peak is that of the work, not of this."""
    figures = {"peak_gb": peak_gb(), **figures}
    if wanted.get("results"):
        folder = Path(wanted["results"])
        folder.mkdir(parents=True, exist_ok=True)
        for name, values in results.items():
            np.save(folder / f"{name}.npy", values)
    Path(wanted["out"]).write_text(json.dumps(figures))
