"""The engine's kernels, loaded while a service starts, so that the first slider that somebody moves answers at once.

Compiling them for the first time on a machine takes a while and the interpreter's lock with it, so a process of its own
does that, politely; the web processes then load the result from disk beside their first requests.
"""

from __future__ import annotations

import fcntl
import logging
import os
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path

from maehia.cli import places

log = logging.getLogger(__name__)
PAUSE_SECONDS = 5.0  # the first pages come first
POLITE = 15


def cache_folder() -> Path:
    """Where compiled kernels are kept: in the data folder, since the clone may be read-only for the service's user."""
    return Path(os.environ.get("NUMBA_CACHE_DIR") or places.data_dir() / "cache" / "kernels")


def environment() -> dict[str, str]:
    """What the supervisor's children are given."""
    return {"NUMBA_CACHE_DIR": str(cache_folder())}


def start(pause: float = PAUSE_SECONDS) -> threading.Thread:
    """Warm this process in a thread; a failure is told in the log and stops nothing."""
    thread = threading.Thread(target=_warm, args=(pause,), name="warm-engine", daemon=True)
    thread.start()
    return thread


def _warm(pause: float) -> None:
    time.sleep(pause)
    try:
        compile_apart()
        load()
    except Exception:
        log.exception("the engine could not be warmed; its first use will be slower")


def compile_apart() -> None:
    """Bring the kernels onto the disk in a process of low priority; of several callers one compiles, others wait."""
    folder = cache_folder()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (folder / "lock").open("w") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        command = [sys.executable, "-m", "maehia.cli.warming"]
        subprocess.run(command, check=True, capture_output=True, env={**os.environ, **environment()})


def load() -> None:
    from maehia.impact import warm

    warm()


def drop_old() -> None:
    """Remove what earlier versions kept."""
    from maehia.base.compiled import kept_in

    for room in ("impact", "hazards", "network"):
        current = Path(kept_in(places.REPO / "maehia" / room))
        for folder in cache_folder().glob(f"kernels-{room}-*"):
            if folder != current:
                shutil.rmtree(folder, ignore_errors=True)


def compile_all() -> None:
    """The kernels of the pages and those of the jobs."""
    from maehia.hazards import flood

    load()
    flood.warm()


if __name__ == "__main__":
    os.nice(POLITE)
    compile_all()
    drop_old()
