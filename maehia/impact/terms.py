"""What makes an asset's damage other than its value times the curve: floors, insurance terms, chance."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from maehia.impact import checks
from maehia.impact.checks import Floats
from maehia.impact.curves import Curves
from maehia.impact.errors import ArgumentError


@dataclass(frozen=True, slots=True, eq=False)
class Terms:
    """Terms of each asset in each event; what is None does not apply. One number stands for all assets.

    floor: (N,) >= 0, in units of intensity: the curve is read at intensity - floor, and below the floor the asset is
    dry. deductible, cover: (N,) >= 0, in the unit of value: loss = min(max(loss - deductible, 0), cover), of the main
    quantity only. std: (C, K) >= 0, standard deviation of the curves at their points, linear between them: the factor
    of each (asset, event) is drawn from the lognormal law with the curve's mean and this deviation, and cut off at
    `most` (which lowers the mean a little; infinity keeps it). A draw depends on (seed, number of the asset, number
    of the event) alone, by Philox4x32-10, and all quantities of an asset share it: results do not depend on order of
    work or threads.
    """

    deductible: Floats | float | None = None
    cover: Floats | float | None = None
    floor: Floats | float | None = None
    std: Floats | None = None
    most: float = math.inf
    seed: int = 0

    def __post_init__(self) -> None:
        for name in ("deductible", "cover", "floor"):
            given = getattr(self, name)
            if given is not None:
                array = checks.vector(np.atleast_1d(given), name, (np.float64,))
                checks.finite(array, name)
                checks.not_negative(array, name)
                object.__setattr__(self, name, array)
        if self.std is not None:
            object.__setattr__(self, "std", _table(self.std))
        if not self.most > 0:
            raise ArgumentError("most", f"is {self.most}, expected more than 0.")
        if not 0 <= self.seed < 2**63 or int(self.seed) != self.seed:
            raise ArgumentError("seed", f"is {self.seed}, expected a whole number from 0 to 2**63 - 1.")

    def of_assets(self, name: str, size: int) -> Floats:
        """One of "floor", "deductible", "cover" for all assets, (N,), or empty where it does not apply."""
        given = getattr(self, name)
        if given is None:
            return np.zeros(0)
        if given.size not in (1, size):
            raise ArgumentError(name, f"has length {given.size}, expected {size} or one number.")
        return np.ascontiguousarray(np.broadcast_to(given, (size,)))

    def check_against(self, curves: Curves) -> None:
        """Raises ArgumentError when std has another shape than the curves."""
        if self.std is not None and np.shape(self.std) != curves.damage.shape:
            raise ArgumentError("std", f"has shape {np.shape(self.std)}, expected {curves.damage.shape} as damage.")


def _table(std: Any) -> Floats:
    table = np.asarray(std, dtype=np.float64)
    table = np.ascontiguousarray(table[np.newaxis] if table.ndim == 1 else table)
    checks.finite(table, "std")
    checks.not_negative(table, "std")
    return table
