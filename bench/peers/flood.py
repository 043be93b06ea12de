"""The race of floods: landlab's OverlandFlow and ours on one terrain, the same equations, film, roughness and rain.

depths: 200 x 200 cells, an hour of rain into a closed valley; speed: 1000 x 1000 wet cells, 50 steps of one second,
with the same equations on both sides, and with landlab's steep_slopes, which real ground needs.
Equal on both sides: theta, alpha, gravity, Manning, closed edges, the film that all cells start with, the longest step.
What is left is told in docs/benchmarks.md.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import ndimage

from bench.peers import processes
from bench.peers.compare import spread

Floats = npt.NDArray[np.float64]
# A depth of 40,000 cells after an hour may differ by this much, metres.
TOLERANCE_MAX, TOLERANCE_RMS = 1e-6, 1e-8
RATIO = 100.0
LONGEST_STEP_S = 5.0
COMMON = {"alpha": 0.7, "theta": 0.8, "manning": 0.03, "steep": False}
DEPTHS = {**COMMON, "cell_m": 25.0, "rain_mm_h": 40.0, "film_m": 1e-3, "duration_s": 3600.0}
SPEED = {**COMMON, "cell_m": 25.0, "rain_mm_h": 0.0, "film_m": 1e-3, "duration_s": 50.0}


def valley(cells: int, cell_m: float, seed: int = 7) -> Floats:
    """A bowl that falls about 3 m a km to its south, with hummocks of a few decimetres and hollows: row 0 south."""
    rng = np.random.Generator(np.random.Philox(seed))
    along, across = np.meshgrid(np.arange(cells) * cell_m, np.arange(cells) * cell_m, indexing="ij")
    middle = cells * cell_m / 2
    hummocks = ndimage.gaussian_filter(rng.normal(size=(cells, cells)), 6, mode="nearest")
    return np.asarray(100 + 0.003 * along + 0.002 * np.abs(across - middle) + 0.3 * hummocks / hummocks.std())


def write(name: str, work: Path, cells: int, deep: float, settings: dict[str, Any]) -> Path:
    """Folder with elevation and depth at the start: the film, and on top of it `deep` metres of waves."""
    folder = work / f"flood-{name}-{cells}"
    folder.mkdir(parents=True, exist_ok=True)
    elevation = valley(cells, settings["cell_m"])
    rng = np.random.Generator(np.random.Philox(8))
    waves = ndimage.gaussian_filter(rng.normal(size=elevation.shape), 12, mode="nearest")
    depth = settings["film_m"] + deep * (1 + 0.3 * waves / np.abs(waves).max())
    np.save(folder / "elevation.npy", elevation)
    np.save(folder / "depth.npy", np.asarray(depth))
    return folder


@dataclass(frozen=True)
class Case:
    """cells: a side. deep: metres of water at the start, over the film. calls: steps of at most duration / calls."""

    name: str
    cells: int
    deep: float
    calls: int
    settings: dict[str, Any]

    def task(self, folder: Path) -> dict[str, Any]:
        return {"folder": str(folder), "calls": self.calls, **self.settings}


def ours_of(case: Case, work: Path, repeats: int = 5) -> tuple[dict[str, Any], Path]:
    """Figures of our side, and the folder where the results of both will lie."""
    folder = write(case.name, work, case.cells, case.deep, case.settings)
    out = folder / "out"
    processes.run("maehia_flood", out, "-uncounted", **case.task(folder), repeats=1)
    found = processes.run("maehia_flood", out, **case.task(folder), repeats=repeats, results=str(out / "maehia"))
    return found, out


def theirs_of(case: Case, out: Path, *, mended: bool) -> dict[str, Any]:
    task = {**case.task(out.parent), "mended": mended, "results": str(out / place(mended))}
    return processes.run("landlab_flood", out, f"-{place(mended)}", **task)


def place(mended: bool) -> str:
    return "landlab-mended" if mended else "landlab"


def differences(out: Path, *, mended: bool) -> dict[str, Any]:
    """Between the two depth maps, metres."""
    ours, theirs = (np.load(out / side / "depth.npy") for side in ("maehia", place(mended)))
    gap = np.abs(ours - theirs)
    return {
        "max_m": float(gap.max()),
        "rms_m": float(np.sqrt(np.mean(gap**2))),
        "where": [int(at) for at in np.unravel_index(int(gap.argmax()), gap.shape)],
        "depth_there_m": float(theirs.ravel()[int(gap.argmax())]),
        "deepest_m": [float(ours.max()), float(theirs.max())],
        "mean_m": [float(ours.mean()), float(theirs.mean())],
    }


def water(found: dict[str, Any], settings: dict[str, Any]) -> list[float]:
    """Relative error of the water in the valley, ours and theirs: nothing leaves, so it is film plus rain."""
    expected = settings["film_m"] + settings["rain_mm_h"] / 1000 * settings["duration_s"] / 3600
    return [mean / expected - 1 for mean in found["mean_m"]]


def depths(work: Path, cells: int = 200, seconds: float = 3600.0) -> dict[str, Any]:
    """40,000 cells for an hour: are the depths the same? Also against the component as it is, whose edges leak."""
    case = Case("depths", cells, 0.0, round(seconds / LONGEST_STEP_S), {**DEPTHS, "duration_s": seconds})
    ours, out = ours_of(case, work)
    runs = {mended: theirs_of(case, out, mended=mended) for mended in (True, False)}
    found, leaking = (differences(out, mended=mended) for mended in (True, False))
    times = [spread(call["wall"] for call in ours["calls"]).median, sum(call["wall"] for call in runs[False]["calls"])]
    return {
        "name": f"flood-depths-{cells * cells}",
        **found,
        "leaking": leaking,
        "water_error": [*water(found, case.settings), water(leaking, case.settings)[1]],
        "steps": [ours["steps"], runs[True]["steps"]],
        "seconds": times,
        "ratio": times[1] / times[0],
        "agrees": found["max_m"] <= TOLERANCE_MAX and found["rms_m"] <= TOLERANCE_RMS,
        "others": max(run["process"]["others"] for run in (ours, *runs.values())),
    }


def speed(work: Path, cells: int = 1000, steps: int = 50, *, steep: bool = False) -> dict[str, Any]:
    """Seconds a step with every cell wet. Theirs: its best step; ours: the middle of whole runs over their steps.

    steep: with the limits that landlab needs on steep ground (Froude number, water there is); they cost it most of
    its time. Ours never takes more water than there is, and holds the Froude number when asked.
    """
    name = "speed-steep" if steep else "speed"
    case = Case(name, cells, 1.0, steps, {**SPEED, "duration_s": float(steps), "steep": steep})
    mine, out = ours_of(case, work)
    peer = theirs_of(case, out, mended=True)
    theirs = spread(call["wall"] for call in peer["calls"])
    ours = spread(call["wall"] / mine["steps"] for call in mine["calls"])
    ratio = theirs.least / ours.median
    return {
        "name": f"flood-{name}-{cells * cells}",
        **differences(out, mended=True),
        "steps": [mine["steps"], peer["steps"]],
        "step_s": {"ours": asdict(ours), "theirs": asdict(theirs)},
        "cells_per_s": [cells * cells / ours.median, cells * cells / theirs.least],
        "peak_gb": {"ours": mine["peak_gb"], "theirs": peer["peak_gb"]},
        "ratio": ratio,
        "missed": [] if ratio >= RATIO or cells < 1000 or not steep else [f"{ratio:.0f}x, asked {RATIO:g}x"],
        "others": max(run["process"]["others"] for run in (mine, peer)),
    }
