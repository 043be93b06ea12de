"""From a list of points to the grid they are the cell centres of."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from maehia.impact.checks import Floats, Ints
from maehia.impact.errors import ArgumentError
from maehia.impact.grid import Grid

MERGE = 1e-6  # of the extent: two lines of points closer than this are one line, written with rounding
OFF_LINE = 1e-2  # of a step: how far a point may lie from its line


class Axis(NamedTuple):
    """Lines of points along one axis: the first line, the step (None for a single line), how many lines."""

    first: float
    step: float | None
    lines: int


def lattice(
    x: npt.ArrayLike, y: npt.ArrayLike, crs: str, *, cell_size: float | None = None, least_cover: float = 0.05
) -> tuple[Grid, Ints]:
    """(grid, cell of each point) for points that are centres of cells of a regular grid.

    x, y: (N,) in units of crs, in any order; the grid may have cells without a point. cell_size: size of a cell along
    an axis that has a single line of points. least_cover: the share of cells that must have a point; scattered
    stations on round coordinates would otherwise pass as a grid in which nearly everything is dry.
    Raises ArgumentError("centroids", ...) when the points are not a grid, or two of them share a cell.
    """
    east, north = np.asarray(x, np.float64), np.asarray(y, np.float64)
    _check_points(east, north)
    across, up = _axis(east, "x"), _axis(north, "y")
    dx, dy = _steps(across.step, up.step, cell_size)
    size = across.lines * up.lines
    if size * least_cover > east.size:
        raise irregular(f"fill {east.size} of the {size} cells of the smallest grid that has them.")
    grid = Grid(across.first - dx / 2, up.first - dy / 2, dx, dy, across.lines, up.lines, crs)
    cell = _nearest_line(north, up, dy) * grid.nx + _nearest_line(east, across, dx)
    return grid, _distinct(cell)


def irregular(what: str) -> ArgumentError:
    return ArgumentError(
        "centroids", what, code="centroids_irregular",
        fix="Resample them to a grid, or read them as scattered points (climada.read_scattered, nearest_cell).",
    )  # fmt: skip


def _check_points(x: Floats, y: Floats) -> None:
    if x.shape != y.shape or x.ndim != 1 or not x.size:
        raise ArgumentError("centroids", f"have shapes {x.shape} and {y.shape}, expected one x and one y for each.")
    bad = ~(np.isfinite(x) & np.isfinite(y))
    if bad.any():
        raise ArgumentError("centroids", "is NaN or infinite.", index=int(bad.argmax()))


def _axis(values: Floats, name: str) -> Axis:
    lines = np.unique(values)
    extent = lines[-1] - lines[0]
    gaps = np.diff(lines)
    gaps = gaps[gaps > MERGE * extent]
    if not gaps.size:
        return Axis(float(lines[0]), None, 1)
    # The mean of the gaps that are one step is nearer to the truth than the smallest of them.
    step = float(gaps[gaps < 1.5 * gaps.min()].mean())
    count = round(extent / step)
    step = float(extent / count)
    away = np.abs((values - lines[0]) / step - np.rint((values - lines[0]) / step))
    if away.max() > OFF_LINE:
        raise irregular(
            f"are not a regular grid: {name} = {values[away.argmax()]:.10g} lies between two lines of points."
        )
    return Axis(float(lines[0]), step, count + 1)


def _steps(dx: float | None, dy: float | None, cell_size: float | None) -> tuple[float, float]:
    either = cell_size or dx or dy
    if either is None:
        raise ArgumentError("cell_size", "is needed: one point alone does not tell how large its cell is.")
    return dx or either, dy or either


def _nearest_line(values: Floats, axis: Axis, step: float) -> Ints:
    return np.rint((values - axis.first) / step).astype(np.int64)


def _distinct(cell: Ints) -> Ints:
    order = np.argsort(cell, kind="stable")
    twice = np.diff(cell[order]) == 0
    if twice.any():
        at = int(order[1:][twice].min())
        raise ArgumentError("centroids", "lies in the same cell as an earlier one.", index=at,
                            code="centroids_duplicate")  # fmt: skip
    return cell
