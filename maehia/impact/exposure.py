"""What stands where: assets with a value and the curve that says how they suffer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

import numpy as np
import numpy.typing as npt

from maehia.impact import checks
from maehia.impact.checks import Floats
from maehia.impact.errors import ArgumentError

MAIN = "value"
Wholes = npt.NDArray[np.int64] | npt.NDArray[np.int32]
_NO_METRICS: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True, slots=True, eq=False)
class Metric:
    """A further quantity of the same assets (people, houses, needs), with a curve of its own.

    curve: row of `Curves.damage`, one whole number for all assets or (N,). value: (N,), finite and >= 0.
    "How many are affected" is a metric whose curve is a step from 0 to 1.
    """

    curve: int | Wholes
    value: Floats


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Exposure:
    """N assets. Frozen; arrays are not copied unless their type must change. N = 0 is allowed.

    x, y: (N,) float64, finite, in the units of the grid's crs. curve: (N,) whole numbers >= 0, or one for all: the
    row of `Curves.damage`. value: (N,) float64, finite and >= 0, in any unit; results have the same unit.
    group: (N,) whole numbers >= 0 (a moo's number, say): results are summed by it too. metrics: further quantities
    by name; "value" is the name of the main one.
    Raises ArgumentError with the argument and the first bad index.
    """

    x: Floats
    y: Floats
    curve: Wholes
    value: Floats
    group: Wholes | None = field(default=None, kw_only=True)
    metrics: Mapping[str, Metric] = field(default_factory=lambda: _NO_METRICS, kw_only=True)

    def __post_init__(self) -> None:
        put = object.__setattr__
        put(self, "x", _numbers(self.x, "x", None))
        size = self.x.size
        put(self, "y", _numbers(self.y, "y", size))
        put(self, "curve", _wholes(self.curve, "curve", size))
        put(self, "value", _amounts(self.value, "value", size))
        if self.group is not None:
            put(self, "group", _wholes(self.group, "group", size))
        given = dict(self.metrics or {})
        put(self, "metrics", MappingProxyType({name: _metric(name, given[name], size) for name in given}))

    def __repr__(self) -> str:
        groups = "" if self.group is None else f", {np.unique(self.group).size:,} groups"
        return f"<Exposure: {self.size:,} assets{groups}; {', '.join(self.names)}>"

    def __reduce__(self) -> tuple[object, ...]:
        # A view of a dictionary cannot be pickled, nor what holds one.
        return _again, ((self.x, self.y, self.curve, self.value), self.group, dict(self.metrics))

    def select(self, assets: npt.ArrayLike) -> Exposure:
        """Some of the assets, as indices or as a mask (N,): `exposure.select(exposure.group == 4)`."""
        which: Any = np.asarray(assets)
        if which.dtype == bool and which.shape != (self.size,):
            raise ArgumentError("assets", f"is a mask of shape {which.shape}, expected ({self.size},).")
        if which.dtype != bool:
            which = checks.positions(which, "assets", self.size)
        metrics = {name: Metric(self.rows(name)[which], self.metrics[name].value[which]) for name in self.metrics}
        group = None if self.group is None else self.group[which]
        return Exposure(self.x[which], self.y[which], self.curve[which], self.value[which], group=group,
                        metrics=metrics)  # fmt: skip

    @property
    def size(self) -> int:
        """N, the number of assets."""
        return int(self.x.size)

    @property
    def names(self) -> tuple[str, ...]:
        """Names of all quantities, the main one ("value") first."""
        return (MAIN, *self.metrics)

    def metric(self, name: str) -> Metric:
        """The quantity of this name. Raises ArgumentError for a name that it does not have."""
        if name == MAIN:
            return Metric(self.curve, self.value)
        if name not in self.metrics:
            raise ArgumentError("name", f"is {name!r}, expected one of {', '.join(self.names)}.")
        return self.metrics[name]

    def rows(self, name: str) -> Wholes:
        """Curve of each asset for the quantity of this name, (N,)."""
        return np.asarray(self.metric(name).curve)


def _again(assets: tuple[Any, Any, Any, Any], group: Wholes | None, metrics: dict[str, Metric]) -> Exposure:
    return Exposure(*assets, group=group, metrics=metrics)


def _metric(name: str, given: Metric, size: int) -> Metric:
    if name == MAIN or not isinstance(name, str) or not name:
        raise ArgumentError("metrics", f"has the name {name!r}: a text other than {MAIN!r} is expected.")
    if not isinstance(given, Metric):
        raise ArgumentError(f"metrics[{name!r}]", "is not a Metric(curve, value).")
    where = f"metrics[{name!r}]"
    return Metric(_wholes(given.curve, f"{where}.curve", size), _amounts(given.value, f"{where}.value", size))


def _numbers(values: Any, argument: str, size: int | None) -> Floats:
    array: Floats = checks.vector(values, argument, (np.float64,), size=size)
    checks.finite(array, argument)
    return array


def _amounts(values: Any, argument: str, size: int) -> Floats:
    array = _numbers(values, argument, size)
    checks.not_negative(array, argument)
    return array


def _wholes(values: Any, argument: str, size: int) -> Wholes:
    if np.ndim(values) == 0:
        values = np.full(size, values)
    array: Wholes = checks.vector(values, argument, (np.int64, np.int32), size=size)
    checks.not_negative(array, argument)
    return array
