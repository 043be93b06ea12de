"""Share one piece of work out over threads, with the same result whatever their number and timing.

Work is cut into lanes that depend on the problem alone; each lane writes its own memory and lanes are summed in
order. Kernels run without the interpreter's lock, so threads of a pool are enough.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

Part = TypeVar("Part")
Found = TypeVar("Found")


def cores() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def share_out(work: Callable[[Part], Found], parts: Sequence[Part]) -> list[Found]:
    """[work(part) for part in parts], on as many threads as there are processors.

    The pool lives as long as the call: a pool kept over a fork would wait for threads that are not there.
    """
    threads = min(cores(), len(parts))
    if threads <= 1:
        return [work(part) for part in parts]
    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(work, parts))


def cuts(size: int, parts: int) -> list[tuple[int, int]]:
    """`size` things in at most `parts` runs of nearly equal length, none of them empty unless size is 0."""
    parts = max(1, min(parts, size))
    return [(size * k // parts, size * (k + 1) // parts) for k in range(parts)]


class _Opened:
    """The memory of an array, said to be writable; keeps the array alive."""

    def __init__(self, array: npt.NDArray[Any]) -> None:
        self.array = array
        self.__array_interface__ = dict(array.__array_interface__, data=(array.ctypes.data, False))


def open_to_write(array: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """The same memory as an aligned, writable array, for kernels that only read it.

    Numba compiles a kernel anew for each mixture of writable and read-only arguments, and memory maps and Arrow
    columns are read-only.
    """
    if not array.flags.aligned:
        return array.copy()
    return array if array.flags.writeable else np.asarray(_Opened(array))
