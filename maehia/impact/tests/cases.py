"""Problems for tests: a fixed one that can be done by hand, and drawn ones of every shape."""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np
from hypothesis import strategies as st

from maehia.impact import Curves, CurveWarning, Exposure, Grid, Hazard, Metric

# Sums of thousands of terms in another order differ in the last places; see impact.md section 6.
CLOSE = 1e-12


def same(found: np.ndarray, expected: np.ndarray) -> None:
    """Equal within CLOSE of the largest."""
    assert found.shape == expected.shape
    scale = np.abs(expected).max(initial=0.0)
    assert np.abs(found - expected).max(initial=0.0) <= CLOSE * scale


@dataclass(frozen=True)
class Problem:
    hazard: Hazard
    exposure: Exposure
    curves: Curves


def by_hand() -> Problem:
    """The matrix [[1, 0, 1], [2, 2, 0]] of impact.md section 7: two events, three assets of value 1, F(x) = x."""
    grid = Grid(0, 0, 10, 10, 3, 1)
    hazard = Hazard(
        grid, np.array([0, 2, 4]), np.array([0, 2, 0, 1]), np.array([1.0, 1.0, 2.0, 2.0]), np.array([1.0, 0.1])
    )
    exposure = Exposure(np.array([5.0, 15.0, 25.0]), np.full(3, 5.0), np.zeros(3, int), np.ones(3))
    return Problem(hazard, exposure, Curves(np.array([0.0, 10.0]), np.array([[0.0, 10.0]])))


def hazard_of(rng, grid, events, wet, cell="int32", intensity="float32") -> Hazard:
    listed = [np.sort(rng.choice(grid.size, rng.binomial(grid.size, wet), replace=False)) for _ in range(events)]
    indptr = np.cumsum([0] + [cells.size for cells in listed])
    cells = np.concatenate([np.zeros(0, int), *listed]).astype(cell)
    depth = np.round(rng.gamma(2, 0.8, cells.size), 2).astype(intensity)
    frequency = rng.random(events) * (rng.random(events) < 0.9)
    return Hazard(grid, indptr, cells, depth, frequency)


def curves_of(rng, count, points, jump=False, falling=False) -> Curves:
    at = np.sort(rng.choice(np.arange(0, 60), points, replace=False)) / 10.0
    damage = np.sort(rng.random((count, points)), axis=1)
    if jump:
        where = int(rng.integers(points))
        at = np.insert(at, where, at[where])
        damage = np.insert(damage, where, damage[:, where] * rng.random(), axis=1)
    if falling:
        damage = damage[:, ::-1]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", CurveWarning)
        return Curves(at, damage)


def exposure_of(rng, grid, assets, curves, groups=0, metrics=0) -> Exposure:
    west, south, east, north = grid.bounds
    # Some lie outside, some exactly on the borders between cells.
    x = rng.uniform(west - grid.dx, east + grid.dx, assets)
    y = rng.uniform(south - grid.dy, north + grid.dy, assets)
    on_border = rng.random(assets) < 0.2
    x[on_border] = west + np.round((x[on_border] - west) / grid.dx) * grid.dx
    more = {f"m{k}": Metric(rng.integers(0, curves, assets), rng.random(assets)) for k in range(metrics)}
    group = rng.integers(0, groups, assets) * 3 if groups else None
    return Exposure(x, y, rng.integers(0, curves, assets), rng.lognormal(3, 1, assets), group=group, metrics=more)


@st.composite
def problems(draw, cells=("int32", "int64"), intensities=("float32", "float64")) -> Problem:
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    grid = Grid(draw(st.sampled_from([0.0, -7.5, 512345.25])), 100.0, draw(st.sampled_from([1.0, 0.1, 50.0])), 2.5,
                draw(st.integers(1, 40)), draw(st.integers(1, 40)))  # fmt: skip
    count = draw(st.integers(1, 9))
    hazard = hazard_of(rng, grid, draw(st.integers(0, 12)), draw(st.sampled_from([0.0, 0.05, 0.5, 1.0])),
                       draw(st.sampled_from(cells)), draw(st.sampled_from(intensities)))  # fmt: skip
    exposure = exposure_of(rng, grid, draw(st.integers(0, 300)), count, draw(st.sampled_from([0, 1, 5])),
                           draw(st.integers(0, 2)))  # fmt: skip
    curves = curves_of(rng, count, draw(st.integers(1, 9)), draw(st.booleans()), draw(st.booleans()))
    return Problem(hazard, exposure, curves)
