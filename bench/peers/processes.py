"""Run one side in a fresh process, and say how idle the machine was meanwhile."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from bench.peers import environments

SIDES = Path(__file__).resolve().parent / "sides"
# Cores' worth of other people's work beside a side above which its wall time is not to be trusted.
DISTURBED = 0.15
QUIET_LOAD = 0.5


class SideFailed(RuntimeError):
    """A side ended without a result."""


def interpreter(side: str) -> Path:
    """climada_* and landlab_* run in the peer's environment, the rest in ours."""
    name = side.split("_", maxsplit=1)[0]
    return environments.python(name) if name in environments.NAMES else Path(sys.executable)


def busy_seconds() -> float:
    """Processor seconds that the machine has spent on anything since it started; NaN where it does not tell."""
    try:
        fields = Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:9]
    except OSError:
        return float("nan")
    user, nice, system, _idle, _iowait, irq, soft, steal = map(int, fields)
    return (user + nice + system + irq + soft + steal) / os.sysconf("SC_CLK_TCK")


def surroundings(folder: Path) -> dict[str, str]:
    """The child's environment: its own home, bytecode and kernels, so that a race starts and ends in var/peers.

    Both sides may keep bytecode whatever this machine's habit: without it a cold start is mostly Python's compiler.
    """
    home = folder / "home"
    home.mkdir(parents=True, exist_ok=True)
    unwanted = ("PYTHONPATH", "VIRTUAL_ENV", "PYTHONDONTWRITEBYTECODE")
    kept = {key: value for key, value in os.environ.items() if key not in unwanted}
    own = {"NUMBA_CACHE_DIR": "numba", "PYTHONPYCACHEPREFIX": "bytecode", "HOME": "home"}
    return {**kept, **{name: str(folder / place) for name, place in own.items()}, "MPLBACKEND": "Agg"}


def run(side: str, work: Path, label: str = "", **wanted: Any) -> dict[str, Any]:
    """Figures of one side. `others`: cores' worth of other processes' work while it ran."""
    work.mkdir(parents=True, exist_ok=True)
    name = f"{side}{label}"
    task, out = work / f"{name}.task.json", work / f"{name}.json"
    out.unlink(missing_ok=True)
    task.write_text(json.dumps({**wanted, "out": str(out)}))
    surrounding = surroundings(environments.FOLDER)
    if interpreter(side) == Path(sys.executable):
        surrounding["PYTHONPATH"] = str(environments.ROOT)
    command = [str(interpreter(side)), str(SIDES / f"{side}.py"), str(task)]
    begin, busy = time.perf_counter(), busy_seconds()
    log = work / f"{name}.log"
    with log.open("w") as said:
        child = subprocess.Popen(command, env=surrounding, stdout=said, stderr=subprocess.STDOUT)
        _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode or not out.exists():
        last = (log.read_text().strip().splitlines() or ["it said nothing"])[-1]
        raise SideFailed(f"{side} ended with code {child.returncode}: {last} (all of it: {log})")
    wall = time.perf_counter() - begin
    own = usage.ru_utime + usage.ru_stime
    others = (busy_seconds() - busy - own) / wall
    return {**json.loads(out.read_text()), "process": {"wall": wall, "cpu": own, "others": others}}
