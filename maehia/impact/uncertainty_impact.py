"""The engine as a model of a few uncertain numbers, so quick that a thousand samples take the time of a few runs.

Impact is a sum of V * F(intensity) over cells, F piecewise linear. With the intensities of an event sorted once and
the sums of V and V * intensity running along them, the sum under any F is two differences for each piece: no sample
walks the hazard again, and scaling the depth is moving the points of F. The sums are exact but for rounding (about
1e-15 of the event's or, for averages, of the set's total).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from maehia.impact import checks
from maehia.impact.assess import check_rows
from maehia.impact.checks import Floats, Ints
from maehia.impact.curves import Curves
from maehia.impact.errors import ArgumentError
from maehia.impact.exceedance import exceedance_at
from maehia.impact.exposure import MAIN, Exposure, Metric
from maehia.impact.hazard import Hazard

DAMAGE_SD, DEPTH_SCALE, FREQUENCY_SCALE = "damage_sd", "depth_scale", "frequency_scale"


@dataclass(frozen=True, slots=True, eq=False)
class Profile:
    """Sorted intensities of R rows (events) with running sums of V and V * intensity of each used curve.

    start: (R + 1,) rows in `intensity` (nnz,); mass, moment: (nnz + 1, U); rows_of: (U,) the curve of each column.
    """

    start: Ints
    intensity: Floats
    mass: Floats
    moment: Floats
    curve: Ints

    def under(self, axis: Floats, damage: Floats) -> Floats:
        """(R,) sum of V * F(intensity) of each row, F of every curve given on `axis` (K,) by `damage` (C, K)."""
        cuts = np.empty((self.start.size - 1, axis.size + 2), dtype=np.int64)
        cuts[:, 0], cuts[:, -1] = self.start[:-1], self.start[1:]
        for row, (low, high) in enumerate(zip(self.start[:-1], self.start[1:], strict=True)):
            cuts[row, 1:-1] = low + np.searchsorted(self.intensity[low:high], axis, side="left")
        mass, moment = np.diff(self.mass[cuts], axis=1), np.diff(self.moment[cuts], axis=1)
        left, base, slope = _segments(axis, damage[self.curve])
        return np.asarray(((base.T - left[:, None] * slope.T) * mass + slope.T * moment).sum(axis=(1, 2)))


def _segments(axis: Floats, damage: Floats) -> tuple[Floats, Floats, Floats]:
    """(left (K + 1,), base (U, K + 1), slope (U, K + 1)) of the pieces, flat beyond both ends."""
    run, rise = np.diff(axis), np.diff(damage, axis=1)
    flat = np.zeros((damage.shape[0], 1))
    slope = np.divide(rise, run, out=np.zeros_like(rise), where=run > 0)
    base = np.concatenate([damage[:, :1], damage], axis=1)
    return np.concatenate([axis[:1], axis]), base, np.concatenate([flat, slope, flat], axis=1)


def profile(hazard: Hazard, cell: Ints, metric: Metric, *, by_event: bool) -> Profile:
    """Of one quantity of linked assets: a row an event, or one row of all events weighted with their frequency."""
    used, column = np.unique(np.asarray(metric.curve), return_inverse=True)
    on = cell >= 0
    slot = cell[on] * used.size + column[on]
    mass: Floats = np.zeros(hazard.grid.size * used.size)
    np.add.at(mass, slot, metric.value[on])
    at = mass.reshape(hazard.grid.size, used.size)[hazard.cell]
    event = np.repeat(np.arange(hazard.events), np.diff(hazard.indptr))
    kept = at.any(axis=1)
    at, event = at[kept], event[kept]
    intensity: Floats = np.asarray(hazard.intensity[kept], dtype=np.float64)
    if not by_event:
        at, event = at * hazard.frequency[event][:, None], np.zeros_like(event)
    order = np.lexsort((intensity, event))
    at, intensity = at[order], intensity[order]
    start = np.concatenate([[0], np.cumsum(np.bincount(event, minlength=hazard.events if by_event else 1))])
    return Profile(start, intensity, _running(at), _running(at * intensity[:, None]), used)


def _running(values: Floats) -> Floats:
    return np.concatenate([np.zeros((1, values.shape[1])), np.cumsum(values, axis=0)])


@dataclass(frozen=True, slots=True, eq=False)
class ImpactModel:
    """Model for `run` and `tornado`: results "aal" and, for each return period, "rp100"; of other quantities
    "aal_people", "rp100_people".

    Parameters that it takes (any of them; what is not given stays as it is):
    "damage_sd": every curve moved by this many of its standard deviations, kept within 0 and 1 (or its own highest
    value, when that is more); "depth_scale": all intensities times this, > 0; "frequency_scale": all frequencies times
    this, >= 0; "<quantity>_scale": values of that quantity times this ("value_scale" for the main one), >= 0.
    deviation: (C, K) standard deviations on the points of `curves` (`jrc_asia_deviations`); needed for "damage_sd".
    It knows no `Terms`: what is not proportional to the value cannot be summed first. With floors, deductibles or
    covers, give `run` a function of your own that calls `assess(..., terms=terms)`.
    """

    hazard: Hazard
    exposure: Exposure
    curves: Curves
    deviation: Floats | None = None
    return_periods: Sequence[float] = ()
    _profiles: Mapping[str, Profile] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        if self.deviation is not None:
            spread = np.asarray(self.deviation, dtype=np.float64)
            if spread.shape != self.curves.damage.shape:
                raise ArgumentError("deviation", f"has shape {spread.shape}, expected {self.curves.damage.shape}.")
            checks.refuse(~np.isfinite(spread), "deviation", "is not known.", fix="np.nan_to_num makes it 0.")
            object.__setattr__(self, "deviation", spread)
        check_rows(self.exposure, self.curves)
        for name in ("depth", "frequency"):
            if name in self.exposure.metrics:
                raise ArgumentError("exposure", f'has the quantity {name!r}: "{name}_scale" would mean two things.')
        cell = self.hazard.grid.cell_of(self.exposure.x, self.exposure.y)
        profiles = {
            name: profile(self.hazard, cell, self.exposure.metric(name), by_event=bool(self.return_periods))
            for name in self.exposure.names
        }
        object.__setattr__(self, "_profiles", profiles)

    def __call__(self, sample: Mapping[str, float]) -> dict[str, float]:
        scales = {f"{name}_scale": name for name in self.exposure.names}
        for name, value in sample.items():
            self._check(name, value, scales)
        axis = self.curves.intensity / sample.get(DEPTH_SCALE, 1.0)
        damage = self._damage(sample.get(DAMAGE_SD, 0.0))
        results: dict[str, float] = {}
        for scale, name in scales.items():
            impact = self._profiles[name].under(axis, damage)
            found = self._results("" if name == MAIN else f"_{name}", impact, sample.get(FREQUENCY_SCALE, 1.0))
            # Scaled last: events that a scale of 0 makes equal must not change what was simulated.
            results |= {key: value * sample.get(scale, 1.0) for key, value in found.items()}
        return results

    def _results(self, suffix: str, impact: Floats, often: float) -> dict[str, float]:
        if not self.return_periods:
            return {f"aal{suffix}": float(impact[0]) * often}
        frequency = self.hazard.frequency * often
        at = exceedance_at(impact, frequency, self.return_periods)
        named = {f"rp{years:g}{suffix}": float(value) for years, value in zip(self.return_periods, at, strict=True)}
        return {f"aal{suffix}": float(frequency @ impact), **named}

    def _check(self, name: str, value: float, scales: Mapping[str, str]) -> None:
        known = (DAMAGE_SD, DEPTH_SCALE, FREQUENCY_SCALE, *scales, "index")
        if name not in known:
            raise ArgumentError("parameters", f"has {name!r}, expected some of {', '.join(known[:-1])}.")
        if name == DAMAGE_SD and self.deviation is None:
            raise ArgumentError("deviation", "is missing, which damage_sd needs.")
        good = np.isfinite(value) and (name == DAMAGE_SD or value > 0 or (value == 0 and name != DEPTH_SCALE))
        if not good:
            raise ArgumentError("parameters", f"has {name} = {value}.", fix="Finite, scales not negative, depth > 0.")

    def _damage(self, deviations: float) -> Floats:
        if self.deviation is None or deviations == 0:
            return self.curves.damage
        top = np.maximum(1.0, self.curves.damage.max(axis=1, keepdims=True))
        return np.asarray(np.clip(self.curves.damage + deviations * self.deviation, 0.0, top))
