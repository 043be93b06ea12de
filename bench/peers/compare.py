"""How far two answers are apart, and what a row of repeated figures comes to."""

from __future__ import annotations

import statistics
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Spread:
    """Middle, least and most of n measurements."""

    median: float
    least: float
    most: float
    n: int

    def text(self, digits: int = 3) -> str:
        if self.n == 1:
            return f"{self.median:.{digits}f} (n = 1)"
        return f"{self.median:.{digits}f} ({self.least:.{digits}f}-{self.most:.{digits}f}, n = {self.n})"


def spread(values: Iterable[float]) -> Spread:
    listed = list(values)
    return Spread(statistics.median(listed), min(listed), max(listed), len(listed))


def apart(ours: npt.NDArray[np.float64], theirs: npt.NDArray[np.float64]) -> float:
    """Largest relative difference, of the larger of the two; 0 where both are 0. NaN anywhere gives NaN."""
    if ours.shape != theirs.shape:
        raise ValueError(f"{ours.shape} against {theirs.shape}: not the same question")
    scale = np.maximum(np.abs(ours), np.abs(theirs))
    scale[scale == 0] = 1
    return float(np.max(np.abs(ours - theirs) / scale, initial=0.0))


@dataclass(frozen=True)
class Agreement:
    """at_event, per_asset: largest relative difference. elsewhere: assets in another cell, None if not compared."""

    at_event: float
    per_asset: float
    elsewhere: int | None

    def within(self, tolerance: float) -> bool:
        # A comparison with NaN is False: a broken answer never agrees.
        return self.at_event <= tolerance and self.per_asset <= tolerance and not self.elsewhere


def agreement(ours: Path, theirs: Path) -> Agreement:
    """Of two folders of .npy results."""
    at_event, per_asset = (
        apart(np.load(ours / f"{name}.npy"), np.load(theirs / f"{name}.npy")) for name in ("at_event", "per_asset")
    )
    elsewhere = None
    if (ours / "cell.npy").exists() and (theirs / "cell.npy").exists():
        elsewhere = int(np.count_nonzero(np.load(ours / "cell.npy") != np.load(theirs / "cell.npy")))
    return Agreement(at_event, per_asset, elsewhere)
