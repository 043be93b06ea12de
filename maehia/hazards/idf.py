"""Intensity, duration, frequency: how hard it rains for how long, once in how many years.

A table is dated data with its station and source (`Idf`, YAML); `fit` puts one formula through it:
i = a T^b / (d + c)^n, the form of Sherman (1931) and Bernard (1932), i in mm/h, d in minutes, T in years.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import yaml
from scipy.optimize import minimize_scalar

from maehia.impact.checks import Floats, refuse, vector
from maehia.impact.errors import ArgumentError


class RainStatistics(Protocol):
    """What a design storm needs to know: the deepest rain of a duration for a return period."""

    def depth_mm(self, duration_min: float, return_period: float) -> float: ...


@dataclass(frozen=True, slots=True, eq=False)
class Idf:
    """A table of one station. durations_min (D,) and return_periods (T,) rising; intensity (D, T) mm/h.

    Intensity must fall with duration and rise with return period, and depth must not fall with duration.
    verified: somebody has held the numbers against the publication. invented: made up, for demonstration only.
    """

    station: str
    source: str
    durations_min: Floats
    return_periods: Floats
    intensity: Floats
    published: str | None = None
    verified: bool = False
    invented: bool = False

    def __post_init__(self) -> None:
        put = object.__setattr__
        for name in ("durations_min", "return_periods"):
            values = vector(getattr(self, name), name, (np.float64,))
            if not values.size:
                raise ArgumentError(name, "is empty.")
            rises = np.isfinite(values) & (np.diff(values, prepend=0.0) > 0)
            refuse(~rises, name, "does not rise, or is not above 0.")
            put(self, name, values)
        put(self, "intensity", np.asarray(self.intensity, dtype=np.float64))
        wanted = (self.durations_min.size, self.return_periods.size)
        if self.intensity.shape != wanted:
            raise ArgumentError("intensity", f"has shape {self.intensity.shape}, expected {wanted}.")
        refuse(~((self.intensity > 0) & np.isfinite(self.intensity)), "intensity", "is not above 0 and finite.")
        _falls(np.diff(self.intensity, axis=0) >= 0, "intensity", "does not fall with duration.", wanted, 0)
        _falls(np.diff(self.intensity, axis=1) <= 0, "intensity", "does not rise with return period.", wanted, 1)
        depths = self.intensity * self.durations_min[:, None]
        _falls(np.diff(depths, axis=0) < 0, "intensity", "gives less rain in a longer duration.", wanted, 0)

    def intensity_mm_h(self, duration_min: float, return_period: float) -> float:
        """Linear in the logarithms of duration, return period and intensity. Outside of the table: ArgumentError."""
        _inside("duration_min", duration_min, self.durations_min, "min")
        return float(np.exp(np.interp(np.log(duration_min), np.log(self.durations_min), self._curve(return_period))))

    def depth_mm(self, duration_min: float, return_period: float) -> float:
        """Rain of a duration in mm. Below the shortest of the table its intensity is kept, which is too low a peak."""
        if 0 <= duration_min < self.durations_min[0]:
            shortest = float(np.exp(self._curve(return_period)[0]))
            return shortest * duration_min / 60.0
        return self.intensity_mm_h(duration_min, return_period) * duration_min / 60.0

    def _curve(self, return_period: float) -> Floats:
        """Logarithm of intensity at each duration for one return period."""
        _inside("return_period", return_period, self.return_periods, "years")
        x, log_t = np.log(return_period), np.log(self.return_periods)
        return np.array([np.interp(x, log_t, row) for row in np.log(self.intensity)])


@dataclass(frozen=True, slots=True)
class Sherman:
    """i = a T^b / (d + c)^n. worst: largest relative miss of the table that it was put through, 0 when none."""

    a: float
    b: float
    c: float
    n: float
    worst: float = 0.0

    def intensity_mm_h(self, duration_min: float, return_period: float) -> float:
        if not duration_min >= 0 or not return_period > 0:
            raise ArgumentError("duration_min", "and return_period must be positive.")
        return float(self.a * return_period**self.b / (duration_min + self.c) ** self.n)

    def depth_mm(self, duration_min: float, return_period: float) -> float:
        if duration_min == 0:
            return 0.0
        return self.intensity_mm_h(duration_min, return_period) * duration_min / 60.0


def fit(table: Idf) -> Sherman:
    """The Sherman formula nearest to a table: least squares of log i; c between 0 and 120 minutes by search.

    For a given c the logarithm is linear in log a, b and n, so only c is searched. See `worst` before using it.
    Raises ArgumentError for a table of fewer than three durations or two return periods, which leave it open.
    """
    if table.durations_min.size < 3 or table.return_periods.size < 2:
        raise ArgumentError("table", f"has {table.durations_min.size} durations and {table.return_periods.size} return "
                            "periods: three and two are needed for the four numbers of the formula.")  # fmt: skip
    best = minimize_scalar(lambda c: _linear(table, c)[1], bounds=(0.0, 120.0), method="bounded",
                           options={"xatol": 1e-6})  # fmt: skip
    (log_a, b, n), _ = _linear(table, float(best.x))
    plain = Sherman(float(np.exp(log_a)), float(b), float(best.x), float(n))
    made = np.array([[plain.intensity_mm_h(d, t) for t in table.return_periods] for d in table.durations_min])
    return Sherman(plain.a, plain.b, plain.c, plain.n, float(np.abs(made / table.intensity - 1).max()))


def read_idf(path: str | Path) -> Idf:
    """A table from a YAML file in the shape of data/idf_demo.yaml. Raises ArgumentError for a missing entry."""
    try:
        raw = yaml.safe_load(Path(path).read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        raise ArgumentError(str(path), f"is not YAML: {error}.") from error
    return _from_mapping(raw, str(path))


def demo_idf() -> Idf:
    """The invented table of the invented town: for demonstration only."""
    text = files("maehia.hazards.data").joinpath("idf_demo.yaml").read_text(encoding="utf-8")
    return _from_mapping(yaml.safe_load(text), "idf_demo.yaml")


def _from_mapping(raw: Any, name: str) -> Idf:
    needed = ("station", "source", "verified", "durations_min", "return_periods", "intensity_mm_h")
    missing = [key for key in needed if not isinstance(raw, dict) or key not in raw]
    if missing:
        raise ArgumentError(name, f"has no entry {missing[0]!r}.", fix="See data/idf_demo.yaml for the shape.")
    published = raw.get("published")
    durations, periods, intensity = (_numbers(raw, key, name) for key in needed[3:])
    verified, invented = (_truth(raw, key, name) for key in ("verified", "invented"))
    return Idf(raw["station"], raw["source"], durations, periods, intensity,
               None if published is None else str(published), verified, invented)  # fmt: skip


def _numbers(raw: Any, key: str, name: str) -> Floats:
    try:
        return np.array(raw[key], dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise ArgumentError(name, f"has an entry {key!r} that is no table of numbers.",
                            fix="Rows must be of one length, without words.") from error  # fmt: skip


def _truth(raw: Any, key: str, name: str) -> bool:
    said = raw.get(key, False)
    if not isinstance(said, bool):
        raise ArgumentError(name, f"has {key}: {said!r}.", fix="Write true or false, without quotes.")
    return said


def _linear(table: Idf, c: float) -> tuple[Floats, float]:
    """(log a, b, n) and the sum of squares for a given c."""
    log_d = np.log(table.durations_min + c)[:, None] + np.zeros(table.return_periods.size)
    log_t = np.log(table.return_periods) + np.zeros((table.durations_min.size, 1))
    design = np.column_stack([np.ones(log_d.size), log_t.ravel(), -log_d.ravel()])
    wanted = np.log(table.intensity).ravel()
    found: Floats = np.asarray(np.linalg.lstsq(design, wanted, rcond=None)[0], dtype=np.float64)
    return found, float(((design @ found - wanted) ** 2).sum())


def _inside(name: str, value: float, known: Floats, unit: str) -> None:
    if not known[0] <= value <= known[-1]:
        what = f"is {value} {unit}, the table reaches from {known[0]:g} to {known[-1]:g}."
        raise ArgumentError(name, what, fix="Stay inside, or use fit(table) and say so.", code="outside_idf")


def _falls(bad: Any, name: str, what: str, shape: tuple[int, int], axis: int) -> None:
    """Refuse the first bad difference, by the flat index of its later entry in the table."""
    if bad.any():
        spot = np.argwhere(bad)[0]
        spot[axis] += 1
        raise ArgumentError(name, what, index=int(np.ravel_multi_index(tuple(spot), shape)))
