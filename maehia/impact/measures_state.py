"""What a measure makes of assets and curves: rows, values and places, changed step by step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from maehia.impact import checks
from maehia.impact.checks import Floats, Ints
from maehia.impact.curves import Curves
from maehia.impact.errors import ArgumentError
from maehia.impact.exposure import MAIN, Exposure, Metric
from maehia.impact.grid import Grid
from maehia.impact.vulnerability import Knots, common_axis, dry_below, on_axis

Mask = npt.NDArray[np.bool_]
Op = tuple[Literal["shift", "block", "scale"], float]
# A lowered field with more distinct values than this costs less as a hazard of its own.
MOST_ROWS = 32


class Library:
    """Curves by number: the given rows first, then every changed one once."""

    def __init__(self, curves: Curves) -> None:
        self.knots: list[Knots] = [(curves.intensity, row) for row in curves.damage]
        self.known: dict[tuple[int, Op], int] = {}
        self.given = curves

    def changed(self, row: int, op: Op) -> int:
        """Number of a row after one more change."""
        if op in (("shift", 0.0), ("scale", 1.0)):
            return row
        if (row, op) not in self.known:
            self.known[row, op] = len(self.knots)
            self.knots.append(_after(self.knots[row], op))
        return self.known[row, op]

    def curves(self, rows: Sequence[int] | None = None) -> Curves:
        """These rows (None: all) on one axis; the given object itself when nothing was changed."""
        if rows is None and len(self.knots) == self.given.size:
            return self.given
        chosen_knots = self.knots if rows is None else [self.knots[row] for row in rows]
        axis = common_axis([points for points, _ in chosen_knots])
        return Curves(axis, np.stack([on_axis(knots, axis) for knots in chosen_knots]))


def _after(knots: Knots, op: Op) -> Knots:
    kind, amount = op
    if kind == "scale":
        return knots[0], knots[1] * amount
    return dry_below(knots, amount, amount if kind == "shift" else 0.0)


class State:
    """Assets under a measure while its changes are carried out."""

    def __init__(self, exposure: Exposure, curves: Curves, grid: Grid, library: Library | None = None) -> None:
        self.given, self.grid = exposure, grid
        self.library = library or Library(curves)
        self.rows_given = curves.size
        self.names, self.size = exposure.names, exposure.size
        # Shared with the exposure until a change writes to one: a measure for ten houses copies no town.
        self.x, self.y = exposure.x, exposure.y
        self.rows: dict[str, npt.NDArray[Any]] = {name: exposure.rows(name) for name in self.names}
        self.values = {name: exposure.metric(name).value for name in self.names}
        self._cell: Ints | None = None
        self.held: list[tuple[Mask, float]] = []
        self.touched: Mask = np.zeros(self.size, dtype=bool)
        self.most_rows = MOST_ROWS

    @property
    def cell(self) -> Ints:
        """(N,) cell of each asset where it stands now, -1 off the grid."""
        if self._cell is None:
            self._cell = self.grid.cell_of(self.x, self.y)
        return self._cell

    def change_rows(self, where: Mask | None, op: Op, only: frozenset[int] | None = None) -> None:
        """Curves of the assets in `where` (None: all) after `op`; `only`: those that began as one of these rows."""
        for name, rows in self.rows.items():
            mine = np.ones(self.size, bool) if where is None else where
            if only is not None:
                mine = mine & np.isin(self.given.rows(name), list(only))
            map_of = np.arange(len(self.library.knots))
            for old in np.flatnonzero(np.bincount(rows[mine], minlength=1)):
                map_of[old] = self.library.changed(int(old), op)
            new = map_of[rows]
            self.touched |= mine & (new != rows)
            self.rows[name] = np.where(mine, new, rows)

    def scale_values(self, where: Mask, factor: float, names: Sequence[str]) -> None:
        for name in names:
            self.given.metric(name)
            self.values[name] = np.where(where, self.values[name] * factor, self.values[name])
        self.touched |= where

    def move(self, index: Ints, x: Floats, y: Floats) -> None:
        for name, to in (("x", x), ("y", y)):
            if to.ndim > 1 or to.size not in (1, index.size):
                raise ArgumentError(name, f"has {to.size} places for {index.size} assets.")
            checks.finite(np.atleast_1d(to), name)
        self.x, self.y, self._cell = self.x.copy(), self.y.copy(), None
        self.x[index], self.y[index] = x, y
        self.touched[index] = True

    def hold_back(self, where: Mask, return_period: float) -> None:
        """Keep frequent events away from these assets (one pass only; `apply` changes the hazard instead)."""
        self.held.append((where, return_period))
        self.touched |= where

    def exposure(self) -> Exposure:
        """The assets as they are now."""
        metrics = {name: Metric(self.rows[name], self.values[name]) for name in self.names if name != MAIN}
        return replace(self.given, x=self.x, y=self.y, curve=self.rows[MAIN], value=self.values[MAIN], metrics=metrics)


def checked_rows(rows: Sequence[int] | None, size: int) -> frozenset[int] | None:
    """Rows of curves as a set; None: all."""
    if rows is None:
        return None
    listed = np.asarray(list(rows), dtype=np.int64)
    checks.refuse((listed < 0) | (listed >= size), "curves", f"has no row: there are {size}.")
    return frozenset(listed.tolist())


def in_order(assets: npt.ArrayLike, size: int) -> Ints:
    """Numbers of the assets that are named, in the order written; True and False name them rising."""
    mask, given = chosen(assets, size), np.asarray(assets)
    if given.dtype == bool or given.size == 0:
        return np.flatnonzero(mask)
    index = given.astype(np.int64)
    _, first = np.unique(index, return_index=True)
    again = np.ones(index.size, dtype=bool)
    again[first] = False
    checks.refuse(again, "assets", "is listed before.", fix="An asset has one new place.")
    return index


def chosen(assets: npt.ArrayLike | None, size: int) -> Mask:
    """(N,) True for the assets that indices, or True and False, name; None: all."""
    if assets is None:
        return np.ones(size, dtype=bool)
    given: npt.NDArray[Any] = np.asarray(assets)
    if given.dtype == bool:
        if given.shape != (size,):
            raise ArgumentError("assets", f"has shape {given.shape}, expected ({size},) of True and False, or indices.")
        return given.copy()
    index = checks.vector(given if given.size else np.zeros(0, np.int64), "assets", (np.int64,))
    checks.refuse((index < 0) | (index >= size), "assets", f"is no asset: there are {size}.")
    mask = np.zeros(size, dtype=bool)
    mask[index] = True
    return mask


def at_cells(values: npt.NDArray[Any], cell: Ints, outside: Any) -> npt.NDArray[Any]:
    """Value of each asset's cell, `outside` off the grid."""
    found = np.full(cell.size, outside, dtype=values.dtype)
    on = cell >= 0
    found[on] = values[cell[on]]
    return found
