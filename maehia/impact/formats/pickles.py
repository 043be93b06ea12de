"""Plain values out of pickles, with nothing run.

PyTables keeps Python dictionaries and columns of objects as pickles, and a pickle can name any function of the
machine to call. This reader knows a handful of names, and each of them becomes a shell that only holds what was
stored; every other name is refused.
"""

from __future__ import annotations

import io
import pickle
from typing import Any

import numpy as np
import numpy.typing as npt

from maehia.impact.formats.faults import FileError, PathLike


class Shell:
    """Stands for an object of a class that is not loaded; `state` is what was stored of it."""

    def __init__(self, *_arguments: Any) -> None:
        self.state: Any = None

    def __setstate__(self, state: Any) -> None:
        self.state = state


def _shell(*_arguments: Any) -> Shell:
    return Shell()


def _bytes(text: str, _encoding: str = "latin1") -> bytes:
    """How pickles of before protocol 3 hold bytes."""
    return text.encode("latin1")


KNOWN: dict[tuple[str, str], Any] = {
    ("copy_reg", "_reconstructor"): _shell,
    ("copyreg", "_reconstructor"): _shell,
    ("__builtin__", "object"): Shell,
    ("builtins", "object"): Shell,
    ("pyproj.crs.crs", "CRS"): Shell,
    ("numpy.core.multiarray", "_reconstruct"): _shell,
    ("numpy._core.multiarray", "_reconstruct"): _shell,
    ("numpy", "ndarray"): Shell,
    ("numpy", "dtype"): _shell,
    ("_codecs", "encode"): _bytes,
}


class _Reader(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        try:
            return KNOWN[module, name]
        except KeyError:
            raise pickle.UnpicklingError(f"{module}.{name}") from None


def plain(stored: bytes, path: PathLike) -> Any:
    """The value of a pickle; objects are `Shell`s. Raises FileError when it holds anything else."""
    try:
        return _Reader(io.BytesIO(stored)).load()  # find_class gives shells only
    except Exception as error:
        raise FileError(path, f"holds a Python object that is not read ({error}).", code="pickle_refused",
                        fix="Write it again with numbers and texts only.") from error  # fmt: skip


def metadata(stored: Any, path: PathLike) -> dict[str, Any]:
    """A dictionary that PyTables stored as an attribute; a CRS object in it becomes its text."""
    values = plain(bytes(stored), path)
    if not isinstance(values, dict):
        raise FileError(path, "has metadata that are not a dictionary.", code="pickle_refused")
    return {key: _crs_text(value) for key, value in values.items()}


def _crs_text(value: Any) -> Any:
    if isinstance(value, Shell) and isinstance(value.state, dict):
        return value.state.get("srs")
    return value


def objects(stored: bytes, path: PathLike) -> npt.NDArray[Any]:
    """A NumPy array of objects (texts, bytes, numbers), in its own shape."""
    array = plain(stored, path)
    state = array.state if isinstance(array, Shell) else None
    if not isinstance(state, tuple) or not isinstance(state[-1], list) or not isinstance(state[1], tuple):
        raise FileError(path, "has a column of objects that is not an array.", code="pickle_refused")
    made = np.empty(len(state[-1]), object)
    made[:] = state[-1]  # pickled in C order whatever the order in memory
    return made.reshape(state[1])
