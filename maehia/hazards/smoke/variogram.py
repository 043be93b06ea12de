"""How alike the air of two places is: a variogram given, or fitted to a history under a stated prior."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache, cached_property
from statistics import NormalDist
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.optimize import least_squares
from scipy.spatial.distance import pdist

from maehia.impact import ArgumentError
from maehia.impact.checks import Floats

if TYPE_CHECKING:
    import gstools as gs

KINDS = {"exponential": "Exponential", "spherical": "Spherical", "matern": "Matern"}
# Optical sensors say nothing below this; the logarithm of a value under it is that of this value.
LOG_FLOOR = 1.0
# One independent picture a day: the weather of one hour is that of the next.
ROWS_ALIKE = 24.0
# Spread of the prior in natural logarithms: a factor of two, up or down, is one standard deviation.
PRIOR_SPREAD = float(np.log(2.0))


@dataclass(frozen=True)
class Variogram:
    """range_m: where 95 % of the sill is reached, metres. sill: variance of the air, without the nugget.

    nugget: variance of a station's own noise (sensor, street corner); the mapped air is free of it. log: both are
    variances of ln(value) (0.09 is about 30 %), else in (ug/m3)^2. kind: exponential, spherical, matern (nu = 1.5).
    """

    range_m: float
    sill: float
    nugget: float = 0.0
    kind: str = "exponential"
    log: bool = True

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ArgumentError("kind", f"is {self.kind!r}, expected one of {', '.join(KINDS)}.")
        for name, least in (("range_m", 0.0), ("sill", 0.0), ("nugget", -1.0)):
            number = getattr(self, name)
            if not (np.isfinite(number) and number > least and number >= 0):
                raise ArgumentError(name, f"is {number}, expected more than 0 (a nugget: 0 or more).")

    @cached_property
    def model(self) -> gs.CovModel:
        """The same for GSTools."""
        return _model(self.kind)(dim=2, var=self.sill, len_scale=self.range_m / _reach95(self.kind), nugget=self.nugget,
                                **_options(self.kind))  # fmt: skip

    def gamma(self, distance: Floats) -> Floats:
        """Semivariance at a distance > 0, nugget included."""
        return np.asarray(self.model.variogram(distance))

    def covariance(self, distance: Floats) -> Floats:
        """Covariance of the air, nugget left out."""
        return np.asarray(self.model.covariance(distance))

    def forward(self, value: Floats) -> Floats:
        """ug/m3 -> the scale on which the variogram works."""
        return np.log(np.maximum(value, LOG_FLOOR)) if self.log else np.asarray(value, dtype=np.float64)

    def forward_error(self, error: Floats, value: Floats) -> Floats:
        """A standard deviation in ug/m3 on that scale: error / value for logarithms, to first order."""
        return error / np.maximum(value, LOG_FLOOR) if self.log else np.asarray(error, dtype=np.float64)

    def back(self, mean: Floats, variance: Floats) -> tuple[Floats, Floats]:
        """(mean, standard deviation) in ug/m3 of what is normal on the working scale.

        Logarithms: exp(m + s2/2) and mean * sqrt(exp(s2) - 1), the mean of a lognormal, not its median exp(m);
        s2 is the ordinary-kriging variance, which holds the doubt about the mean too. Plain: cut at 0.
        """
        if not self.log:
            return np.maximum(mean, 0.0), np.sqrt(variance)
        centre = np.exp(mean + variance / 2)
        return centre, centre * np.sqrt(np.expm1(variance))

    def quantile(self, mean: Floats, variance: Floats, share: float) -> Floats:
        """The value in ug/m3 that is not passed with probability `share`; exact under logarithms."""
        at = mean + NormalDist().inv_cdf(share) * np.sqrt(variance)
        return np.exp(at) if self.log else np.maximum(at, 0.0)


# An assumption of the house, not a measurement: 30 % variation over 10 km, 10 % noise of a station.
PRIOR = Variogram(range_m=10_000.0, sill=0.09, nugget=0.01)


def _model(kind: str) -> Any:
    """GSTools' class. Imported here: it takes seconds, and who only asks for an index does not need it."""
    import gstools

    return getattr(gstools, KINDS[kind])


def _options(kind: str) -> dict[str, float]:
    return {"nu": 1.5} if kind == "matern" else {}


@cache
def _reach95(kind: str) -> float:
    return float(_model(kind)(dim=2, **_options(kind)).percentile_scale(0.95))


@dataclass(frozen=True, slots=True, eq=False)
class Fit:
    """A fitted variogram and how far the data, not the prior, decided it.

    learned: parameter -> 0 (the prior alone) to 1 (the data alone): the share by which the data narrowed it.
    distance, semivariance, rows: (P,) one a pair of stations. moments: rows of the history with two values or more.
    """

    variogram: Variogram
    learned: dict[str, float]
    distance: Floats
    semivariance: Floats
    rows: Floats
    moments: int


def fit_variogram(
    x: Floats,
    y: Floats,
    history: Floats,
    *,
    prior: Variogram = PRIOR,
    spread: float = PRIOR_SPREAD,
    rows_alike: float = ROWS_ALIKE,
) -> Fit:
    """Fit range, sill and nugget to a history (T, S) in ug/m3, NaN where missing.

    Each pair of stations gives one semivariance, pooled over its rows: a day gives few pairs, a year gives every pair
    many days. Least squares on ln(semivariance), whose variance for n independent normal pictures is about 2 / n
    (n = rows / rows_alike, shared out since S stations give S - 1 independent differences and not S(S - 1)/2), with
    the prior as a normal law on the logarithm of each parameter, `spread` wide: a penalised form of weighted least
    squares after Cressie (1985), Mathematical Geology 17(5). rows_alike: rows that show one weather, 24 of hours, 1 of
    days. A nugget of 0 in the prior stays 0. The range is kept between half the shortest and three times the longest
    distance (or the prior's, where that lies outside). Raises ArgumentError without two stations that differ.
    """
    points = np.column_stack([np.asarray(x, np.float64), np.asarray(y, np.float64)])
    work = prior.forward(np.asarray(history, np.float64))
    if work.ndim != 2 or work.shape[1] != len(points):
        raise ArgumentError("history", f"has shape {work.shape}, expected (hours, {len(points)}).")
    distance = pdist(points)
    semivariance, rows = _pooled(work)
    use = (rows > 0) & (distance > 0)
    if not (use.any() and (semivariance[use] > 0).any()):
        raise ArgumentError("history", "has no two stations that ever differ.", fix="Give a variogram.",
                            code="no_variation")  # fmt: skip
    moments = int((np.isfinite(work).sum(axis=1) >= 2).sum())
    pictures = np.maximum(rows[use] / rows_alike, 1.0)
    seen = _seen(distance[use], semivariance[use], pictures, len(points), 1e-6 * prior.sill)
    found, learned = _solve(seen, prior, spread)
    return Fit(found, learned, distance[use], semivariance[use], rows[use], moments)


def _pooled(work: Floats) -> tuple[Floats, Floats]:
    """Mean half squared difference of each pair of columns over the rows where both have a value, and their number."""
    first, second = np.triu_indices(work.shape[1], 1)
    pairs = ((work[:, a] - work[:, b]) ** 2 / 2 for a, b in zip(first, second, strict=True))
    sums = [(np.nansum(half), np.isfinite(half).sum()) for half in pairs]
    total, count = np.asarray(sums, dtype=np.float64).reshape(-1, 2).T
    return total / np.maximum(count, 1), count


@dataclass(frozen=True, slots=True)
class _Seen:
    """What the pairs say: distance, ln(semivariance) without its bias, and the weight of each, (P,)."""

    distance: Floats
    log: Floats
    weight: Floats


def _seen(distance: Floats, semivariance: Floats, pictures: Floats, stations: int, least: float) -> _Seen:
    # The logarithm of a mean of n squared normals is low by about 1 / n.
    log = np.log(np.maximum(semivariance, least)) + 1.0 / pictures
    return _Seen(distance, log, np.sqrt(pictures / 2 * 2 / stations))


def _solve(seen: _Seen, prior: Variogram, spread: float) -> tuple[Variogram, dict[str, float]]:
    names = ["range_m", "sill"] + (["nugget"] if prior.nugget > 0 else [])
    start = np.log([getattr(prior, name) for name in names])

    def of(logs: Floats) -> Variogram:
        found: dict[str, Any] = dict(zip(names, map(float, np.exp(logs)), strict=True))
        return replace(prior, **found)

    def off(logs: Floats) -> Floats:
        misfit = seen.weight * (np.log(of(logs).gamma(seen.distance)) - seen.log)
        return np.concatenate([misfit, (logs - start) / spread])

    low, high = start - 9.0, start + 9.0
    low[0] = min(float(np.log(seen.distance.min() / 2)), start[0])
    high[0] = max(float(np.log(3 * seen.distance.max())), start[0])
    found = least_squares(off, np.clip(start, low + 1e-9, high - 1e-9), bounds=(low, high))
    after = np.sqrt(np.diag(np.linalg.inv(found.jac.T @ found.jac)))
    learned = {name: float(np.clip(1 - width / spread, 0, 1)) for name, width in zip(names, after, strict=True)}
    return of(found.x), learned
