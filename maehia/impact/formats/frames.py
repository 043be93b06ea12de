"""Tables that pandas keeps in HDF5 ("fixed" frames), read without pandas and without unpickling."""

from __future__ import annotations

from typing import Any

import h5py
import numpy as np
import numpy.typing as npt

from maehia.impact.formats import pickles
from maehia.impact.formats.faults import FileError, PathLike


def read_frame(file: h5py.File, name: str, path: PathLike) -> tuple[dict[str, npt.NDArray[Any]], dict[str, Any]]:
    """(columns, metadata) of the frame `name`. Columns of objects become arrays of dtype object."""
    group = file.get(name)
    if not isinstance(group, h5py.Group) or "axis0" not in group:
        raise FileError(path, f"has no pandas table {name!r}.", code="hdf5_layout")
    columns: dict[str, npt.NDArray[Any]] = {}
    for number in range(int(group.attrs.get("nblocks", 0))):
        columns |= _block(group, number, path)
    stored = group.attrs.get("metadata")
    return columns, {} if stored is None else pickles.metadata(stored, path)


def _block(group: h5py.Group, number: int, path: PathLike) -> dict[str, npt.NDArray[Any]]:
    names = [_text(name) for name in group[f"block{number}_items"][:]]
    values = group[f"block{number}_values"]
    if "value_type" in values.attrs:  # how pandas marks an empty block, which HDF5 cannot hold
        return {name: np.zeros(0, _text(values.attrs["value_type"])) for name in names}
    table = _objects(values, len(names), path) if values.dtype == object else values[:]
    if not values.attrs.get("transposed", 1):
        table = table.T
    return {name: table[:, i] for i, name in enumerate(names)}


def _objects(values: h5py.Dataset, columns: int, path: PathLike) -> npt.NDArray[Any]:
    """A block of objects: one pickle of (rows, columns)."""
    if not values.shape[0]:
        return np.empty((0, columns), object)
    return pickles.objects(np.asarray(values[0]).tobytes(), path)


def _text(name: Any) -> str:
    return name.decode() if isinstance(name, bytes) else str(name)
