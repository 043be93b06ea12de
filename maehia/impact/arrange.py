"""Assets linked and sorted by tile, once, for the compiled pass."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from maehia.impact import layout
from maehia.impact.checks import Ints
from maehia.impact.exposure import Exposure
from maehia.impact.grid import Grid
from maehia.impact.lanes import cuts, open_to_write, share_out
from maehia.impact.link import Linked
from maehia.impact.records import Sorted

# Assets in one thread's part: below it, threads cost more than they bring.
PART = 1 << 17
# Cells of a grid for one asset, from where on it pays to pass over empty cells.
SPARSE = 16
Wholes = npt.NDArray[Any]


@dataclass(frozen=True, slots=True, eq=False)
class Arranged:
    """Assets on the grid in order of tiles of 2**shift cells.

    fine: they are sorted by (cell, group) inside a tile too, and group is the column of each, (n,); else it is empty.
    """

    assets: Sorted
    group: Ints
    shift: int
    fine: bool


@dataclass(frozen=True, slots=True, eq=False)
class Tiled:
    """Cells of all assets, how many of each part of them stand in each tile (last column: off the grid)."""

    linked: Linked
    parts: list[tuple[int, int]]
    count: Ints
    shift: int


def width(grid: Grid, curves: int, quantities: int) -> int:
    """Bits of the number of cells in a tile."""
    doubles = 2 * layout.fours(curves) * max(1, quantities)
    cells = max(64, min(layout.TILE_BYTES // (8 * doubles), grid.size))
    return int(cells).bit_length() - 1


def link_tiles(exposure: Exposure, grid: Grid, shift: int) -> Tiled:
    """`link.link`, compiled and on all processors, and the count of each tile."""
    from maehia.impact.kernels_link import cells_of

    place = (grid.x0, grid.y0, grid.dx, grid.dy, grid.nx, grid.ny)
    small = max(grid.size, exposure.size) < 2**31
    cell: Wholes = np.empty(exposure.size, dtype=np.int32 if small else np.int64)
    tiles = -(-grid.size // (1 << shift))
    parts = cuts(exposure.size, min(16, max(1, exposure.size // PART)))
    count = np.zeros((len(parts), tiles + 1), dtype=np.int64)

    x, y = open_to_write(exposure.x), open_to_write(exposure.y)

    def run(number: int) -> None:
        part = slice(*parts[number])
        cells_of(x[part], y[part], place, shift, (cell[part], count[number]))

    share_out(run, range(len(parts)))
    off = np.flatnonzero(cell < 0) if count[:, -1].any() else np.zeros(0, dtype=np.int64)
    return Tiled(Linked(exposure, grid, cell, off), parts, count, shift)


def arrange(tiled: Tiled, group: Ints, groups: int) -> Arranged:
    """Sort the assets of the grid by tile, and by cell and group inside it where results are asked by them."""
    exposure = tiled.linked.exposure
    before = _by_group(group, groups) if groups > 1 else np.zeros(0, dtype=tiled.linked.cell.dtype)
    start, cell, order = _by_tile(tiled, before.astype(tiled.linked.cell.dtype, copy=False))
    # Where most cells hold nothing it pays to know which ones do.
    fine = groups > 1 or len(exposure.names) > 1 or exposure.size * SPARSE < tiled.linked.grid.size
    if fine:
        by_cell(start, tiled.shift, cell, order)
    assets = _with_values(exposure, start, cell, order)
    return Arranged(assets, group[order] if fine else np.zeros(0, dtype=np.int64), tiled.shift, fine)


def finely(arranged: Arranged, exposure: Exposure, group: Ints) -> Arranged:
    """The same sorted by cell inside tiles (and by group, if it was arranged by groups)."""
    if arranged.fine:
        return arranged
    start, cell, order = arranged.assets.start, arranged.assets.cell.copy(), arranged.assets.order.copy()
    by_cell(start, arranged.shift, cell, order)
    return Arranged(_with_values(exposure, start, cell, order), group[order], arranged.shift, fine=True)


def _by_group(group: Ints, groups: int) -> Wholes:
    """Stable order of the assets by group, by a counting sort."""
    from maehia.impact.kernels_link import count_keys, place_keys

    count = np.zeros(groups + 1, dtype=np.int64)
    count_keys(group, count)
    order = np.empty(group.size, dtype=np.int64)
    upto = np.concatenate([[0], np.cumsum(count[:-1])])
    place_keys(group, 0, 0, np.zeros(0, dtype=np.int64), (order, np.empty_like(order), upto))
    return order


def _by_tile(tiled: Tiled, before: Wholes) -> tuple[Ints, Wholes, Wholes]:
    """(start of each tile, cell, order) of the assets on the grid; stable from the order `before`."""
    from maehia.impact.kernels_link import place_keys

    count = tiled.count[:, :-1]
    start = np.concatenate([[0], np.cumsum(count.sum(axis=0))])
    cell, order = (np.empty(start[-1], dtype=tiled.linked.cell.dtype) for _ in range(2))
    if before.size:
        place_keys(tiled.linked.cell[before], tiled.shift, 0, before, (order, cell, start[:-1].copy()))
        return start, cell, order
    ahead = start[:-1] + np.concatenate([np.zeros((1, count.shape[1]), np.int64), np.cumsum(count, axis=0)[:-1]])

    def run(number: int) -> None:
        begin, end = tiled.parts[number]
        place_keys(tiled.linked.cell[begin:end], tiled.shift, begin, before, (order, cell, ahead[number]))

    share_out(run, range(len(tiled.parts)))
    return start, cell, order


def by_cell(start: Ints, shift: int, cell: Wholes, order: Wholes) -> None:
    """Sort inside tiles by cell, in place."""
    from maehia.impact.kernels_link import sort_tile_cells

    def run(part: tuple[int, int]) -> None:
        sort_tile_cells(
            start[part[0] : part[1] + 1], part[0], shift, (cell, order), np.zeros((1 << shift) + 1, np.int64)
        )

    share_out(run, cuts(start.size - 1, max(1, min(16, int(start[-1]) // PART))))


def _with_values(exposure: Exposure, start: Ints, cell: Wholes, order: Wholes) -> Sorted:
    from maehia.impact.kernels_link import pick

    metrics = [
        (open_to_write(exposure.rows(name)), open_to_write(exposure.metric(name).value)) for name in exposure.names
    ]
    curve = np.empty((len(metrics), order.size), dtype=np.int32)
    value = np.empty((len(metrics), order.size))
    jobs = [(k, part) for k in range(len(metrics)) for part in cuts(order.size, max(1, min(16, order.size // PART)))]

    def run(job: tuple[int, tuple[int, int]]) -> None:
        k, part = job[0], slice(*job[1])
        pick(order[part], *metrics[k], curve[k, part], value[k, part])

    share_out(run, jobs)
    return Sorted(start, cell, order, curve, value)
