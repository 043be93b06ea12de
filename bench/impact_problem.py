"""The problem on which engines are compared: a town's assets, many floods, four curves; the same for everybody.

A box of 25 km, 500 x 500 cells of 50 m; each event floods rectangles of 12,500 cells in all (5 %), depths rounded to
1 cm; frequencies sum to 0.5 a year; half of the assets are clustered; the curves are those of JRC for Asia.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

SIDE, CELL, WET = 500, 50.0, 12_500
POINTS = np.array([0, 0.5, 1, 1.5, 2, 3, 4, 5, 6])
# JRC Asia: residential, commercial, industrial, transport (see docs/impact.md for source).
DAMAGE = np.array(
    [
        [0, 0.326556502, 0.494050324, 0.616572124, 0.720711764, 0.869528213, 0.931487084, 0.983604148, 1],
        [0, 0.376789623, 0.537681619, 0.659336684, 0.762845232, 0.883348656, 0.941854895, 0.98075938, 1],
        [0, 0.283181524, 0.481615653, 0.629218894, 0.717240588, 0.85667503, 0.908577004, 0.955327463, 1],
        [0, 0.358, 0.572, 0.733, 0.847, 1, 1, 1, 1],
    ]
)


def _flood(rng: np.random.Generator) -> np.ndarray:
    wet = np.zeros((SIDE, SIDE), dtype=bool)
    while np.count_nonzero(wet) < WET:
        (row, column), (height, width) = rng.integers(0, SIDE, 2), rng.integers(10, 80, 2)
        wet[row : row + height, column : column + width] = True
    return np.flatnonzero(wet)[:WET].astype(np.int32)


def write_hazard(folder: str, events: int) -> None:
    """indptr.npy, cell.npy, intensity.npy, frequency.npy."""
    rng = np.random.default_rng(20_26)
    out = Path(folder)
    cell = np.empty((events, WET), np.int32)
    for event in range(events):
        cell[event] = _flood(rng)
    np.save(out / "cell.npy", cell.ravel())
    np.save(out / "intensity.npy", np.round(rng.gamma(2, 0.6, cell.size).astype(np.float32), 2))
    np.save(out / "indptr.npy", np.arange(events + 1, dtype=np.int64) * WET)
    frequency = rng.random(events)
    np.save(out / "frequency.npy", frequency * (0.5 / frequency.sum()))


def write_assets(folder: str, assets: int) -> None:
    """x.npy, y.npy, curve.npy, value.npy."""
    rng = np.random.default_rng(7)
    half, box = assets // 2, SIDE * CELL
    centre, of = rng.uniform(0, box, (2, 50)), rng.integers(0, 50, half)
    place = np.concatenate(
        [np.clip(centre[:, of] + rng.normal(0, 600, (2, half)), 0, box - 0.1), rng.uniform(0, box, (2, assets - half))],
        axis=1,
    )[:, rng.permutation(assets)]
    out = Path(folder)
    np.save(out / "x.npy", place[0])
    np.save(out / "y.npy", place[1])
    np.save(out / "curve.npy", rng.integers(0, 4, assets))
    np.save(out / "value.npy", rng.lognormal(13, 1, assets))


def load(folder: str, *names: str) -> list[np.ndarray]:
    return [np.load(Path(folder) / f"{name}.npy") for name in names]
