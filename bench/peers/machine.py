"""What the figures were measured on, and whether the machine was idle."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench.peers import environments, processes

OURS = ("numpy", "scipy", "numba")
PARTS = {"climada": ("climada", "numpy", "scipy", "numba"), "landlab": ("landlab", "numpy")}
_ASK = "import importlib.metadata as m, sys; print(*(f'{n} {m.version(n)}' for n in sys.argv[1:]), sep=', ')"


def versions(interpreter: str, parts: tuple[str, ...]) -> str:
    """Names and versions of installed parts, as one line."""
    asked = subprocess.run([interpreter, "-c", _ASK, *parts], capture_output=True, text=True, check=False)
    return asked.stdout.strip() or "not installed"


def processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor()
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), platform.machine())


def memory_gb() -> float:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30


def describe() -> dict[str, Any]:
    return {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "processor": processor(),
        "cores": os.cpu_count(),
        "memory_gb": round(memory_gb(), 1),
        "system": platform.platform(),
        "python": platform.python_version(),
        "ours": versions(sys.executable, OURS),
        **{name: versions(str(environments.python(name)), parts) for name, parts in PARTS.items()},
        "load": [round(load, 2) for load in os.getloadavg()],
    }


def settle(seconds: float) -> bool:
    """Wait until the machine is idle, at most so long; whether it is."""
    end = time.monotonic() + seconds
    while os.getloadavg()[0] > processes.QUIET_LOAD:
        if time.monotonic() >= end:
            return False
        time.sleep(2)
    return True
