"""Compiled linking: the cell of each asset, and assets in order of their tiles. Arithmetic of `Grid.cell_of`."""

from __future__ import annotations

from typing import Any

import numpy as np

from maehia.base.compiled import compiled

BLOCK = 1024
_U = np.uint64


@compiled()
def cells_of(x: Any, y: Any, place: Any, shift: Any, out: Any) -> Any:
    """Write the cell of each point to out[0], -1 off the grid, and count them by tile (the last one: off the grid).

    place: (x0, y0, dx, dy, nx, ny). out: (cell (n,), count (tiles + 1,)). Division, not a product with 1 / dx: the
    two differ at the borders of cells.
    """
    x0, y0, dx, dy, nx, ny = place
    cell, count = out
    nowhere = count.size - 1
    for begin in range(0, x.size, BLOCK):
        end = min(begin + BLOCK, x.size)
        for k in range(begin, end):
            column, row = np.floor((x[k] - x0) / dx), np.floor((y[k] - y0) / dy)
            inside = (column >= 0.0) & (column < nx) & (row >= 0.0) & (row < ny)
            cell[k] = np.int64(row if inside else 0.0) * nx + np.int64(column if inside else 0.0) if inside else -1
        for k in range(begin, end):
            count[cell[k] >> shift if cell[k] >= 0 else nowhere] += 1


@compiled()
def count_keys(key: Any, count: Any) -> Any:
    """count[key] += 1 for each."""
    for k in range(key.size):
        count[key[k]] += 1


@compiled()
def place_keys(key: Any, shift: Any, begin: Any, before: Any, out: Any) -> Any:
    """A stable counting sort: write each number to where its key's run goes on. out: (order, key in that order).

    key: (n,), its upper bits (key >> shift) are sorted by; negative ones are left out. begin: number of key[0].
    before: order that the keys are in already, empty for 0, 1, 2, ... out[2]: next place of each run, moved on.
    """
    order, sorted_key, upto = out
    for k in range(key.size):
        if key[k] >= 0:
            run = _U(key[k] >> shift)
            to = upto[run]
            upto[run] = to + 1
            order[to] = before[k] if before.size else begin + k
            sorted_key[to] = key[k]


@compiled()
def pick(order: Any, curve: Any, value: Any, curve_out: Any, value_out: Any) -> Any:
    """Curve and value in that order."""
    for k in range(order.size):
        at = _U(order[k])
        curve_out[k] = curve[at]
        value_out[k] = value[at]


@compiled()
def sort_tile_cells(start: Any, tile: Any, shift: Any, assets: Any, upto: Any) -> Any:
    """Inside each tile, the first of which is `tile`, sort assets (cell, order) by cell: stable, in place.

    start: where each tile begins, one more than tiles. upto: (2**shift + 1,) scratch.
    """
    cell, order = assets
    for number in range(start.size - 1):
        begin, end, first = start[number], start[number + 1], (tile + number) << shift
        if end - begin < 2:
            continue
        upto[:] = 0
        for k in range(begin, end):
            upto[cell[k] - first + 1] += 1
        for c in range(1, upto.size):
            upto[c] += upto[c - 1]
        cells, orders = cell[begin:end].copy(), order[begin:end].copy()
        for k in range(end - begin):
            to = upto[cells[k] - first]
            upto[cells[k] - first] = to + 1
            cell[begin + to] = cells[k]
            order[begin + to] = orders[k]
