"""Checks of arrays that name the argument and the first bad index."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from maehia.impact.errors import ArgumentError

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


def first(bad: npt.NDArray[np.bool_]) -> int | None:
    """Flat index of the first True, None when there is none."""
    flat = bad.ravel()
    at = int(flat.argmax()) if flat.size else 0
    return at if flat.size and flat[at] else None


def refuse(bad: npt.NDArray[np.bool_], argument: str, what: str, fix: str = "", code: str = "") -> None:
    """Raise for the first True of `bad`. `{}` in what is not filled: say what a good value is."""
    at = first(bad)
    if at is not None:
        raise ArgumentError(argument, what, index=at, fix=fix, code=code)


def vector(values: Any, argument: str, dtypes: tuple[Any, ...], *, size: int | None = None) -> npt.NDArray[Any]:
    """`values` as a contiguous 1-D array of the first of `dtypes`, unless it already has one of them."""
    array = unmasked(values, argument)
    if array.ndim != 1:
        raise ArgumentError(argument, f"has {array.ndim} dimensions, expected 1.")
    if size is not None and array.size != size:
        raise ArgumentError(argument, f"has length {array.size}, expected {size}.")
    if array.dtype not in dtypes:
        array = cast_safely(array, argument, dtypes[0])
    return np.ascontiguousarray(array)


def unmasked(values: Any, argument: str) -> npt.NDArray[Any]:
    """`values` as an array; what a mask hides is refused, since plain arrays would show it again."""
    if isinstance(values, np.ma.MaskedArray):
        refuse(np.ma.getmaskarray(values), argument, "is masked.", fix="Leave it out or fill it.",
               code=f"{argument}_masked")  # fmt: skip
    return np.asarray(values)


def of_type(value: Any, argument: str, expected: type) -> None:
    """Raise when an object of the engine stands in the place of another."""
    if not isinstance(value, expected):
        raise ArgumentError(argument, f"is of type {type(value).__name__}, expected {expected.__name__}.")


def cast_safely(array: npt.NDArray[Any], argument: str, dtype: Any) -> npt.NDArray[Any]:
    """`array` as dtype; refused when it is not numbers, or when whole numbers are asked and it has fractions."""
    if array.dtype.kind not in "iufb":
        raise ArgumentError(argument, f"is of type {array.dtype}, expected numbers.")
    with np.errstate(invalid="ignore"):
        cast = array.astype(dtype)
    if np.dtype(dtype).kind == "i" and array.dtype.kind == "f":
        refuse(cast != array, argument, "is not a whole number.")
    return cast


def positions(values: Any, argument: str, size: int) -> Ints:
    """Whole numbers from 0 to size - 1, (n,) int64; one number is taken as n = 1."""
    array: Ints = vector(np.atleast_1d(values) if np.size(values) else np.zeros(0, np.int64), argument, (np.int64,))
    refuse((array < 0) | (array >= size), argument, f"is not one of 0 to {size - 1}.")
    return array


def finite(array: npt.NDArray[Any], argument: str) -> None:
    refuse(~np.isfinite(array), argument, "is NaN or infinite.", code=f"{argument}_not_finite")


def not_negative(array: npt.NDArray[Any], argument: str) -> None:
    refuse(array < 0, argument, "is negative.", code=f"{argument}_negative")
