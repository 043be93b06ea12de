"""How assets suffer: damage as a function of intensity, piecewise linear with exact steps."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from maehia.impact import checks
from maehia.impact.checks import Floats
from maehia.impact.errors import ArgumentError

# Distances to points beyond it overflow.
FARTHEST = 1e300
Segments = tuple[Floats, Floats, Floats]


class CurveWarning(UserWarning):
    """A curve that is allowed and seldom meant."""


@dataclass(frozen=True, slots=True, eq=False)
class Curves:
    """C curves over K shared points: piecewise linear, flat beyond both ends.

    intensity: (K,) finite, K >= 1, rising. Two neighbours may be equal: a step, whose value at the point itself is
    that of the second (depth >= threshold is affected). Intensities of float32 hazards are compared as they are
    stored: float32(0.7) is a little less than 0.7. damage: (C, K) finite and >= 0, share of the value that is lost
    (or any factor of it); (K,) is taken as one curve. A falling curve is allowed with a CurveWarning naming its row.
    Raises ArgumentError with the argument and the first bad index (of `damage`: flat, row * K + point).
    """

    intensity: Floats
    damage: Floats

    def __post_init__(self) -> None:
        points: Floats = checks.vector(self.intensity, "intensity", (np.float64,))
        if points.size == 0:
            raise ArgumentError("intensity", "has no points, expected at least 1.")
        checks.finite(points, "intensity")
        _check_rising(points)
        damage = _table(self.damage, points.size)
        checks.finite(damage, "damage")
        checks.not_negative(damage, "damage")
        object.__setattr__(self, "intensity", points)
        object.__setattr__(self, "damage", damage)
        _warn_of_falls(damage)

    @property
    def size(self) -> int:
        """C, the number of curves."""
        return int(self.damage.shape[0])

    def segments(self) -> Segments:
        """(left (K + 1,), base (C, K + 1), slope (C, K + 1)): damage = base + (intensity - left) * slope.

        Segment 0 lies below the first point, segment k from point k - 1 on; the outer two are flat.
        """
        return segments(self.intensity, self.damage)

    def at(self, intensity: npt.ArrayLike) -> Floats:
        """Damage of every curve at each intensity, (C, ...): the plain definition that all paths are held to."""
        x = np.asarray(intensity, dtype=np.float64)
        segment = np.searchsorted(self.intensity, x, side="right")
        left, base, slope = self.segments()
        return base[:, segment] + (x - left[segment]) * slope[:, segment]


def segments(points: Floats, table: Floats) -> Segments:
    """As `Curves.segments`, of any (C, K) table over the points."""
    rise, run = np.diff(table, axis=1), np.diff(points)
    with np.errstate(over="ignore"):
        slope = np.divide(rise, run, out=np.zeros_like(rise), where=run > 0)
    # Points closer than 1e-308: an infinite slope would be NaN at the point itself, the steepest finite one is 0 there.
    slope = np.clip(slope, -np.finfo(np.float64).max, np.finfo(np.float64).max)
    flat = np.zeros((table.shape[0], 1))
    left = np.concatenate([points[:1], points])
    return left, np.concatenate([table[:, :1], table], axis=1), np.concatenate([flat, slope, flat], axis=1)


def _table(damage: Any, points: int) -> Floats:
    table = checks.unmasked(damage, "damage")
    if table.ndim == 1:
        table = table[np.newaxis]
    if table.ndim != 2 or table.shape[1] != points:
        raise ArgumentError("damage", f"has shape {np.shape(damage)}, expected (curves, {points}).")
    if table.dtype != np.float64:
        table = checks.cast_safely(table, "damage", np.float64)
    return np.ascontiguousarray(table)


def _check_rising(points: Floats) -> None:
    checks.refuse(np.abs(points) >= FARTHEST, "intensity", f"is not below {FARTHEST:g}.")
    step = np.diff(points)
    falls = checks.first(step < 0)
    if falls is not None:
        raise ArgumentError("intensity", "is smaller than the point before it.", index=falls + 1)
    third = checks.first((step[1:] == 0) & (step[:-1] == 0))
    if third is not None:
        raise ArgumentError("intensity", "is listed a third time; a step has two points.", index=third + 2)


def _warn_of_falls(damage: Floats) -> None:
    rows = np.flatnonzero((np.diff(damage, axis=1) < 0).any(axis=1))
    if rows.size:
        named = ", ".join(map(str, rows[:5])) + (", ..." if rows.size > 5 else "")
        warnings.warn(f"damage falls with rising intensity in row {named}", CurveWarning, stacklevel=4)
