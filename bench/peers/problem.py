"""The one problem that both sides get: a town's assets, four curves, and floods on a grid, as .npy files.

25 km x 25 km, 500 x 500 cells of 50 m; each event wets 5 % of them; half of the assets stand in villages; frequencies
sum to one event in two years; depths are whole centimetres as float32, which both
sides read.
"""

from __future__ import annotations

import json
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from scipy import ndimage

SIDE, CELL, WET, VILLAGES = 500, 50.0, 0.05, 40
WEST, SOUTH = 490_000.0, 2_065_000.0
FREQUENCY = 0.5
AXIS = (0, 0.5, 1, 1.5, 2, 3, 4, 5, 6)
# JRC depth-damage values for Asia (Huizinga et al. 2017): residential, commercial, industrial, agriculture.
DAMAGE = (
    (0, 0.326556502, 0.494050324, 0.616572124, 0.720711764, 0.869528213, 0.931487084, 0.983604148, 1),
    (0, 0.376789623, 0.537681619, 0.659336684, 0.762845232, 0.883348656, 0.941854895, 0.98075938, 1),
    (0, 0.283181524, 0.481615653, 0.629218894, 0.717240588, 0.85667503, 0.908577004, 0.955327463, 1),
    (0, 0.135, 0.37, 0.524, 0.558, 0.66, 0.834, 0.988, 1),
)
VERSION = 1


@dataclass(frozen=True)
class Problem:
    """wet: "scattered" (each cell by chance, the worst for caches) or "patches" (connected water, as floods are)."""

    assets: int
    events: int
    wet: str = "scattered"
    seed: int = 20_261_121

    @property
    def name(self) -> str:
        return f"{self.assets}x{self.events}-{self.wet}"


def assets(problem: Problem) -> dict[str, np.ndarray]:
    """Places, curves and values: half anywhere, half around village centres, all inside the grid."""
    rng = np.random.Generator(np.random.Philox(problem.seed))
    extent = SIDE * CELL
    centres = rng.uniform(0.05 * extent, 0.95 * extent, (VILLAGES, 2))
    near = problem.assets // 2
    place = rng.uniform(0, extent, (problem.assets, 2))
    place[:near] = centres[rng.integers(VILLAGES, size=near)] + rng.normal(0, 600, (near, 2))
    # Beyond the border: back from the other side, so that nobody is off the grid.
    place = np.mod(place, extent)
    rng.shuffle(place)
    return {
        "x": WEST + place[:, 0],
        "y": SOUTH + place[:, 1],
        "curve": rng.integers(len(DAMAGE), size=problem.assets),
        "value": np.round(rng.lognormal(13, 0.8, problem.assets), 2),
    }


def scattered(rng: np.random.Generator) -> np.ndarray:
    return np.flatnonzero(rng.random(SIDE * SIDE, dtype=np.float32) < WET)


class Patches:
    """Smooth fields, shifted at will: the wettest 5 % are connected patches, whatever the shift."""

    def __init__(self, rng: np.random.Generator, fields: int = 16) -> None:
        smooth = [ndimage.gaussian_filter(rng.normal(size=(SIDE, SIDE)), 8, mode="wrap") for _ in range(fields)]
        self.wet = [field > np.quantile(field, 1 - WET) for field in smooth]

    def draw(self, rng: np.random.Generator) -> np.ndarray:
        shift = rng.integers(SIDE, size=2)
        return np.flatnonzero(np.roll(self.wet[rng.integers(len(self.wet))], shift, axis=(0, 1)))


def events(problem: Problem) -> dict[str, np.ndarray]:
    """Compressed rows: which cells each event wets, and how deep (0.01 to 8 m)."""
    rng = np.random.Generator(np.random.Philox(problem.seed + 1))
    patches = Patches(rng)
    draw = patches.draw if problem.wet == "patches" else scattered
    cells = [draw(rng).astype(np.int32) for _ in range(problem.events)]
    indptr = np.concatenate([[0], np.cumsum([row.size for row in cells])]).astype(np.int64)
    depth = np.concatenate([np.clip(rng.gamma(2.0, 0.6, row.size), 0.01, 8).astype(np.float32) for row in cells])
    share = rng.random(problem.events) + 0.1
    return {
        "indptr": indptr,
        "cell": np.concatenate(cells),
        "intensity": np.round(depth, 2),
        "frequency": FREQUENCY * share / share.sum(),
    }


def write(problem: Problem, root: Path) -> Path:
    """The folder with the problem's arrays; made once, made again when the recipe has changed."""
    folder = root / problem.name
    stamp = folder / "problem.json"
    recipe: dict[str, Any] = {**asdict(problem), "version": VERSION}
    if stamp.exists() and json.loads(stamp.read_text()) == recipe:
        return folder
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    grid = np.array([WEST, SOUTH, CELL, CELL, SIDE, SIDE])
    curves = {"curve_intensity": np.array(AXIS, float), "curve_damage": np.array(DAMAGE, float)}
    for name, values in {"grid": grid, **curves, **assets(problem), **events(problem)}.items():
        np.save(folder / f"{name}.npy", values)
    stamp.write_text(json.dumps(recipe))
    return folder
