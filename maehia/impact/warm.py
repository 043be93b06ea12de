"""Load every kernel before the first question is asked."""

from __future__ import annotations

import numpy as np

from maehia.impact.assess import Path, prepare
from maehia.impact.curves import Curves
from maehia.impact.exposure import Exposure, Metric
from maehia.impact.grid import Grid
from maehia.impact.hazard import Hazard
from maehia.impact.terms import Terms


def warm(*, intensities: tuple[str, ...] = ("float32", "float64"), cells: tuple[str, ...] = ("int32",)) -> None:
    """Compile what is not on disk yet (once a machine, about half a minute) and load the rest (under a second).

    Call it at the start of a service, so that no request waits. intensities, cells: types of the hazards to expect.
    """
    grid = Grid(0, 0, 1, 1, 2, 1)
    curves = Curves(np.array([0.0, 1.0]), np.array([[0.0, 1.0]]))
    point = np.array([0.5])
    plain = Exposure(point, point, np.array([0]), np.array([1.0]))
    short = Exposure(point, point, np.array([0], np.int32), np.array([1.0]))
    rich = Exposure(point, point, np.array([0]), np.array([1.0]), group=np.array([1]), metrics={"m": Metric(0, point)})
    two, zero = point.repeat(2), np.array([0, 0])
    grouped = Exposure(two, two, zero, two, group=np.array([1, 2]))
    runs: list[tuple[Exposure, Path, Terms | None]] = [
        (plain, "compiled", None), (short, "compiled", None), (rich, "compiled", None), (grouped, "compiled", None),
        (plain, "per-asset", Terms()),
    ]  # fmt: skip
    for intensity in intensities:
        for cell in cells:
            hazard = Hazard(
                grid, np.array([0, 1]), np.array([0], cell), np.array([0.5], intensity), np.array([1.0])
            )  # fmt: skip
            for exposure, path, terms in runs:
                prepare(exposure, grid, curves).assess(hazard, terms=terms, path=path)
