"""Compiled kernels: Numba behind one typed door.

A kernel is a plain function of arrays and numbers. It is compiled once per machine, kept on disk (NUMBA_CACHE_DIR,
else beside the source), and runs without the interpreter's lock: callers share its work out over threads of their own.
Numba's parallel loops are not used here, since their default thread layer ends the process when two threads of a
server enter it at the same time.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba

Kernel = TypeVar("Kernel", bound=Callable[..., Any])


def compiled(*, contract: bool = False) -> Callable[[Kernel], Kernel]:
    """Mark a kernel. Division by zero gives inf and NaN as in NumPy, never an exception.

    contract: let the compiler fuse a multiplication and an addition (one rounding instead of two) and reorder
    nothing else; results stay within one unit in the last place of the plain order.
    """
    flags: set[str] | bool = {"contract"} if contract else False

    def make(function: Kernel) -> Kernel:
        try:
            kernel = numba.njit(cache=True, nogil=True, error_model="numpy", fastmath=flags)(function)
        except RuntimeError:  # no folder that this user may write to: compile anew in each process
            kernel = numba.njit(nogil=True, error_model="numpy", fastmath=flags)(function)
        return cast("Kernel", kernel)

    return make
