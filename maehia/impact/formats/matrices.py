"""Sparse matrices as CLIMADA keeps them in HDF5: the three arrays of compressed rows, and the shape."""

from __future__ import annotations

from typing import Any

import h5py
import numpy as np
import numpy.typing as npt

from maehia.impact.formats.faults import FileError, PathLike

CSR = tuple[npt.NDArray[np.int64], npt.NDArray[Any], npt.NDArray[Any], tuple[int, int]]


def write_csr(file: h5py.File, name: str, matrix: CSR) -> None:
    # CLIMADA computes in float64, and SciPy wants both index arrays of one type.
    indptr, cell, data, shape = matrix
    small = max(shape[1], int(indptr[-1])) < 2**31
    group = file.create_group(name)
    group.attrs["shape"] = shape
    group.create_dataset("data", data=data, dtype=np.float64)
    group.create_dataset("indices", data=cell, dtype=np.int32 if small else np.int64)
    group.create_dataset("indptr", data=indptr, dtype=np.int32 if small else np.int64)


def read_csr(file: h5py.File, name: str, path: PathLike) -> CSR:
    """(indptr, column, data, shape) of a sparse matrix, or of a dense one, which CLIMADA also writes."""
    stored = file[name]
    if isinstance(stored, h5py.Dataset):
        dense = stored[:]
        row, column = np.nonzero(dense)
        return np.searchsorted(row, np.arange(dense.shape[0] + 1)), column, dense[row, column], dense.shape
    try:
        rows, columns = (int(n) for n in stored.attrs["shape"])
        matrix = stored["indptr"][:].astype(np.int64), stored["indices"][:], stored["data"][:], (rows, columns)
    except (KeyError, ValueError) as error:
        raise FileError(path, f"has a matrix {name!r} without its parts ({error}).", code="hdf5_layout") from error
    if not _holds_together(matrix):
        raise FileError(path, f"has a matrix {name!r} whose rows or columns lie outside of it.", code="hdf5_layout")
    return matrix


def _holds_together(matrix: CSR) -> bool:
    """Whether indptr rises over all entries and columns are those of the shape: a negative one would wrap."""
    indptr, column, data, (rows, columns) = matrix
    whole = indptr.size == rows + 1 and indptr[0] == 0 and indptr[-1] == column.size == data.size
    return bool(
        whole and (np.diff(indptr) >= 0).all() and column.min(initial=0) >= 0 and column.max(initial=-1) < columns
    )
