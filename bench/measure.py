"""Run a piece of work in a process of its own and say what it took: seconds and peak memory."""

from __future__ import annotations

import multiprocessing as mp
import resource
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Measured:
    """seconds: wall time of the work alone. peak_gb: the largest resident size of its process."""

    result: Any
    seconds: float
    peak_gb: float


def _child(work: Callable[..., Any], args: tuple[Any, ...], pipe: Any) -> None:
    begin = time.perf_counter()
    result = work(*args)
    seconds = time.perf_counter() - begin
    pipe.send((result, seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20))


def alone(work: Callable[..., Any], *args: Any) -> Measured:
    """Run work(*args) in a fresh process. `work` must be importable, its result small."""
    context = mp.get_context("spawn")
    here, there = context.Pipe(duplex=False)
    process = context.Process(target=_child, args=(work, args, there))
    process.start()
    there.close()
    try:
        return Measured(*here.recv())
    except EOFError as error:
        raise RuntimeError(f"{work.__name__} died with exit code {process.exitcode}") from error
    finally:
        process.join()


def show(name: str, found: Measured, bar_seconds: float | None = None, note: str = "") -> bool:
    """One line of a table; False when the bar is missed."""
    good = bar_seconds is None or found.seconds <= bar_seconds
    bar = "" if bar_seconds is None else f" (bar {bar_seconds:g} s {'kept' if good else 'MISSED'})"
    print(f"{name:<44} {found.seconds:8.2f} s {found.peak_gb:6.2f} GB{bar} {note}", flush=True)
    return good
