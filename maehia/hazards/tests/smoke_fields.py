"""Invented air with a known variogram, for the tests of smoke."""

from __future__ import annotations

import numpy as np
from scipy.spatial.distance import cdist

from maehia.hazards.smoke import Stations, Variogram
from maehia.impact import Grid

TRUTH = Variogram(range_m=9000.0, sill=0.16, nugget=0.0)
NOISY = Variogram(range_m=9000.0, sill=0.16, nugget=0.01)
PRIOR_LIKE = Variogram(range_m=8000.0, sill=0.1, nugget=0.01)
GRID = Grid(0, 0, 500, 500, 24, 20)


def scattered(dice: np.random.Generator, count: int, size: float = 12_000.0) -> np.ndarray:
    return dice.uniform(0, size, (count, 2))


def air(
    dice: np.random.Generator, points: np.ndarray, truth: Variogram, times: int = 1, level: float = 40.0
) -> np.ndarray:
    """(times, N) exact draws of the air at points by Cholesky, ug/m3; no station noise."""
    covariance = truth.covariance(cdist(points, points)) + 1e-10 * np.eye(len(points))
    draws = dice.standard_normal((times, len(points))) @ np.linalg.cholesky(covariance).T
    return level * np.exp(draws) if truth.log else level + draws


def network(seed: int = 7, count: int = 12, truth: Variogram = TRUTH) -> Stations:
    dice = np.random.default_rng(seed)
    points = scattered(dice, count)
    return Stations.of(points[:, 0], points[:, 1], air(dice, points, truth)[0])
