"""Compiled kernels: Numba behind one typed door.

A kernel is a plain function of arrays and numbers. It is compiled once per machine, kept on disk, and runs without the
interpreter's lock: callers share its work out over threads of their own. Numba's parallel loops are not used here,
since their default thread layer ends the process when two threads of a server enter it at the same time.

Numba looks for changes in the file of a kernel only. A kernel that calls another one of a second file would run on
with the old one, and after a module was renamed its kept kernels cannot even be loaded. So what is kept lies in a
folder named by the contents of all kernel files of the room.
"""

from __future__ import annotations

import hashlib
import os
import sys
import threading
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, cast

import numba

Kernel = TypeVar("Kernel", bound=Callable[..., Any])
MARK = b"base.compiled import"
ONE_BY_ONE = threading.Lock()  # the folder is a setting of the whole process while a kernel is made


def compiled(*, contract: bool = False) -> Callable[[Kernel], Kernel]:
    """Mark a kernel. Division by zero gives inf and NaN as in NumPy, never an exception.

    contract: let the compiler fuse a multiplication and an addition (one rounding instead of two) and reorder
    nothing else; results stay within one unit in the last place of the plain order.
    """
    flags: set[str] | bool = {"contract"} if contract else False

    def make(function: Kernel) -> Kernel:
        with ONE_BY_ONE:
            held, numba.config.CACHE_DIR = numba.config.CACHE_DIR, kept_in(_room(function.__module__))  # type: ignore[attr-defined]
            try:
                return cast("Kernel", _jit(function, flags, keep=True))
            except RuntimeError:  # no folder that this user may write to: compile anew in each process
                return cast("Kernel", _jit(function, flags, keep=False))
            finally:
                numba.config.CACHE_DIR = held  # type: ignore[attr-defined]

    return make


def _jit(function: Any, flags: set[str] | bool, *, keep: bool) -> Any:
    return numba.njit(cache=keep, nogil=True, error_model="numpy", fastmath=flags)(function)


def _room(module: str | None) -> Path | None:
    """The folder of the package under maehia that a module belongs to; None for a function from elsewhere."""
    parts = (module or "").split(".")
    top = sys.modules.get(".".join(parts[:2])) if parts[0] == "maehia" else None
    file = getattr(top, "__file__", None)
    return Path(file).parent if file else None


@cache
def kept_in(room: Path | None) -> str:
    """Where the kernels of a room are kept: below NUMBA_CACHE_DIR, else in the room, else in the user's cache.

    "" leaves the choice to Numba. The folder's name holds a hash of every file of the room that has kernels.
    """
    if room is None:
        return str(numba.config.CACHE_DIR)  # type: ignore[attr-defined]
    name = f"kernels-{room.name}-{stamp(room)}"
    return next((str(base / name) for base in _bases(room) if _may_write(base)), "")


def _bases(room: Path) -> list[Path]:
    given = numba.config.CACHE_DIR  # type: ignore[attr-defined]
    bases = [*([Path(given)] if given else []), room / "__pycache__"]
    try:
        return [*bases, Path.home() / ".cache"]
    except RuntimeError:  # a container's user without a name and a home
        return bases


def _may_write(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return False
    return os.access(folder, os.W_OK)


def stamp(room: Path) -> str:
    """A hash of the names and contents of the room's kernel files."""
    found = hashlib.sha256()
    for path in sorted(room.rglob("*.py")):
        content = path.read_bytes()
        if MARK in content and path.parent.name != "tests":
            found.update(str(path.relative_to(room)).encode() + b"\0" + content)
    return found.hexdigest()[:16]
