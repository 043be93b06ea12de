"""Which method deserves the map: every station in turn is left out and foretold from the others."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.spatial.distance import cdist

from maehia.hazards.smoke.methods import shepard_weights
from maehia.hazards.smoke.variogram import Variogram
from maehia.impact import ArgumentError
from maehia.impact.checks import Floats

# From the plainest to the richest; one that is not better by this share of RMSE does not displace a plainer one.
METHODS = ("mean", "idw", "kriging")
WORDS = {"mean": "Plain mean", "idw": "IDW", "kriging": "Kriging"}
TIE = 0.01
# Leaving one of three out still leaves two to interpolate between.
FEWEST = 3
LEVEL = 0.90


@dataclass(frozen=True, slots=True)
class Score:
    """mae, rmse, bias (foretold - read): ug/m3. skill: 1 - MSE / MSE of the plain mean of the others.

    coverage: share of readings inside the method's 90 % interval; NaN for a method that has none. folds: readings.
    """

    mae: float
    rmse: float
    bias: float
    skill: float
    coverage: float
    folds: int


@dataclass(frozen=True, slots=True, eq=False)
class Trial:
    """read and each of `foretold`: (T, S) ug/m3, NaN where there was no fold. low, high: kriging's 90 % interval."""

    read: Floats
    foretold: dict[str, Floats]
    low: Floats
    high: Floats

    @property
    def scores(self) -> dict[str, Score]:
        """The same folds for all methods."""
        folds = np.isfinite(self.read) & np.all([np.isfinite(f) for f in self.foretold.values()], axis=0)
        plain = float(np.mean((self.foretold["mean"] - self.read)[folds] ** 2))
        inside = float(np.mean(((self.low <= self.read) & (self.read <= self.high))[folds]))
        return {name: _score((self.foretold[name] - self.read)[folds], plain, inside if name == "kriging" else np.nan)
                for name in METHODS}  # fmt: skip

    def best(self) -> str:
        """The method with the smallest RMSE; within 1 % of it, the plainest."""
        scores = self.scores
        least = min(score.rmse for score in scores.values())
        return next(name for name in METHODS if scores[name].rmse <= least * (1 + TIE))

    def reason(self) -> str:
        """Why, in one sentence for the map's caption."""
        scores, best = self.scores, self.best()
        errors = ", ".join(f"{WORDS[name]} {scores[name].rmse:.1f}" for name in METHODS)
        numbers = f"(RMSE {errors} µg/m³, {scores[best].folds} readings left out in turn)"
        if best == "mean":
            return f"Plain mean of the stations: nothing foretells a left-out one better {numbers}."
        return f"{WORDS[best]} foretells a left-out station best {numbers}."


def _score(off: Floats, plain: float, coverage: float) -> Score:
    square = float(np.mean(off**2))
    skill = 1 - square / plain if plain > 0 else 0.0
    return Score(float(np.abs(off).mean()), square**0.5, float(off.mean()), skill, coverage, off.size)


def cross_validate(
    x: npt.ArrayLike,
    y: npt.ArrayLike,
    value: npt.ArrayLike,
    variogram: Variogram,
    *,
    error: npt.ArrayLike = 0.0,
    power: float = 2.0,
    drift: npt.ArrayLike | None = None,
) -> Trial:
    """Leave each station out of each moment and foretell it by mean, IDW and kriging.

    x, y: (S,) metres. value: (S,) or (T, S) ug/m3, NaN where missing. error: (S,) ug/m3. drift: (S,) elevation.
    Kriging's errors come from one inverse a set of stations, e_i = (K^-1 z)_i / (K^-1)_ii with variance
    1 / (K^-1)_ii (Dubrule 1983, Mathematical Geology 15(6)); the variogram is the one given and is not fitted again
    without the station. Sensors at one place foretell each other: give one column a site. Moments with fewer than
    3 values (4 with a drift) have no fold. Raises ArgumentError when there is no fold at all.
    """
    points = np.column_stack([np.asarray(x, np.float64), np.asarray(y, np.float64)])
    read = np.atleast_2d(np.asarray(value, np.float64))
    if read.shape[1] != len(points):
        raise ArgumentError("value", f"has {read.shape[1]} stations, expected {len(points)}.")
    noise = variogram.forward_error(np.broadcast_to(np.asarray(error, np.float64), read.shape), read)
    height = None if drift is None else np.asarray(drift, np.float64)
    made = {key: np.full(read.shape, np.nan) for key in (*METHODS, "low", "high")}
    for rows, here in _alike(read, noise, FEWEST + (drift is not None)):
        at = np.ix_(rows, here)
        base = _base(points[here], None if height is None else height[here])
        made["mean"][at] = (read[at].sum(axis=1, keepdims=True) - read[at]) / (here.sum() - 1)
        made["idw"][at] = _idw_left_out(points[here], read[at], power)
        made["kriging"][at], made["low"][at], made["high"][at] = _kriging_left_out(
            points[here], base, variogram, read[at], noise[rows[0], here]
        )
    if np.isnan(made["mean"]).all():
        raise ArgumentError("value", "has no moment with enough stations.", code="too_few_stations")
    return Trial(read, {name: made[name] for name in METHODS}, made["low"], made["high"])


def _alike(read: Floats, noise: Floats, fewest: int) -> list[tuple[npt.NDArray[np.int64], npt.NDArray[np.bool_]]]:
    """(rows, stations) of the moments that share the same stations and the same noise, hence the same matrix."""
    here = np.isfinite(read)
    key = np.concatenate([here, np.where(here, noise, 0.0)], axis=1)
    kinds, label = np.unique(key, axis=0, return_inverse=True)
    groups = ((np.flatnonzero(label.ravel() == n), kind[: read.shape[1]] > 0) for n, kind in enumerate(kinds))
    return [(rows, stations) for rows, stations in groups if stations.sum() >= fewest]


def _base(points: Floats, height: Floats | None) -> Floats:
    """Columns that kriging is unbiased for: the constant, and the drift scaled to spread 1."""
    ones = np.ones((len(points), 1))
    if height is None:
        return ones
    return np.column_stack([ones, (height - height.mean()) / (height.std() or 1.0)])


def _idw_left_out(points: Floats, read: Floats, power: float) -> Floats:
    squared = cdist(points, points, "sqeuclidean")
    np.fill_diagonal(squared, np.inf)
    weight = shepard_weights(squared, power)
    return np.asarray(read @ (weight / weight.sum(axis=1, keepdims=True)).T)


def _kriging_left_out(
    points: Floats, base: Floats, variogram: Variogram, read: Floats, noise: Floats
) -> tuple[Floats, Floats, Floats]:
    """(mean, 5 % and 95 % quantile) in ug/m3 of what each left-out station would read, its own noise included."""
    size, extra = len(points), base.shape[1]
    system = np.zeros((size + extra, size + extra))
    system[:size, :size] = variogram.covariance(cdist(points, points)) + np.diag(variogram.nugget + noise**2)
    system[:size, size:], system[size:, :size] = base, base.T
    inverse = np.linalg.pinv(system, hermitian=True)[:size, :size]
    own = np.diag(inverse)
    work = variogram.forward(read)
    mean = work - (work @ inverse) / own
    variance = np.broadcast_to(np.maximum(1.0 / own, 0.0), mean.shape)
    tail = (1 - LEVEL) / 2
    # A reading below the sensors' floor counts as the floor, so the interval of a floored reading reaches down to 0.
    low = variogram.quantile(mean, variance, tail)
    low = np.where(variogram.log & (low <= 1.0), 0.0, low)
    return variogram.back(mean, variance)[0], low, variogram.quantile(mean, variance, 1 - tail)
