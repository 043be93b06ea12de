"""The state of a run in memory: the raster cut into strips of rows that threads can work on at the same time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from maehia.hazards.flood.kernels import shrink, sweep
from maehia.hazards.flood.layout import SCRATCH_ROWS, WALL, Fields, Pace
from maehia.hazards.flood.measures import Barrier
from maehia.hazards.flood.terrain import Terrain
from maehia.impact.checks import Floats

Array = npt.NDArray[Any]
SHRINK_EVERY = 32


class Faces(NamedTuple):
    """Faces that are not plain ground: row, column, crest of a wall, run-off of an open end (0: it is a wall)."""

    row: Array
    col: Array
    crest: Floats
    run: Floats

    @staticmethod
    def none() -> Faces:
        return Faces(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0), np.zeros(0))


class Basin:
    """Strips and the rows they lend each other. `strips[k]` holds the rows bounds[k]..bounds[k + 1] - 1."""

    def __init__(self, terrain: Terrain, kind: Array | None, strips: int) -> None:
        self.terrain = terrain
        ny, nx = terrain.grid.shape
        self.bounds = [round(k * ny / strips) for k in range(strips + 1)]
        ground = np.where(terrain.inside, terrain.elevation, WALL)
        self.strips = [
            _strip(ground, terrain.manning, kind, (low, high - low + 4, nx + 2))
            for low, high in zip(self.bounds, self.bounds[1:], strict=False)
        ]

    def place(self, cells: Array | int) -> tuple[Array, Array, Array]:
        """(strip, row, column) of flat cell numbers, counted as in the strip's arrays."""
        row, col = np.divmod(np.asarray(cells, dtype=np.int64), self.terrain.grid.nx)
        strip = np.searchsorted(np.asarray(self.bounds[1:]), row, side="right")
        return strip, row - np.asarray(self.bounds)[strip] + 2, col + 1

    def fill(self, name: str, values: Floats) -> None:
        """Put a map of the grid into all strips, halos included. name: a cell field, "qx" or "qy"."""
        ny = self.terrain.grid.ny + (name == "qy")
        for s, low in zip(self.strips, self.bounds, strict=False):
            array = getattr(s, name)
            begin, end = max(low - 2, 0), min(low - 2 + array.shape[0], ny)
            array[begin - low + 2 : end - low + 2, 1 : 1 + values.shape[1]] = values[begin:end]

    def gather(self, name: str) -> Floats:
        """The map of a field over the whole grid, a new array; faces have one more row or column."""
        nx = self.terrain.grid.nx + (name == "qx")
        parts = [getattr(s, name)[2 : s.h.shape[0] - 2, 1 : nx + 1] for s in self.strips]
        if name == "qy":
            parts.append(self.strips[-1].qy[-3:-2, 1 : nx + 1])
        return np.concatenate(parts)

    def build(self, barriers: Sequence[Barrier], open_x: Faces, open_y: Faces) -> None:
        """Put up these barriers and no others; open_*: faces where the domain ends and water runs off."""
        x = _together(open_x, _crests([(b.west_of, b.crest_m) for b in barriers], self.terrain.grid.nx))
        y = _together(open_y, _crests([(b.south_of, b.crest_m) for b in barriers], self.terrain.grid.nx))
        for k, low in enumerate(self.bounds[:-1]):
            s = self.strips[k]
            along, across = _by_row(x, low, s.h.shape[0]), _by_row(y, low, s.h.shape[0] + 1)
            self.strips[k] = s._replace(
                x_first=along[0], x_at=along[1], x_crest=along[2], x_run=along[3],
                y_first=across[0], y_at=across[1], y_crest=across[2], y_run=across[3],
            )  # fmt: skip

    def look_for_water(self) -> None:
        """Find the columns of each row that hold water or a discharge."""
        for s in self.strips:
            s.low[:], s.high[:] = 0, s.h.shape[1]
            shrink(s)

    def lend_ground(self) -> None:
        """Copy ground at each cut into the neighbour's halo, after ghosts beside it have been given some."""
        for below, above in zip(self.strips, self.strips[1:], strict=False):
            below.z[-2:], above.z[:2] = above.z[2:4], below.z[-4:-2]

    def step(self, gain: Floats, pace: Pace, pool: Executor | None) -> int:
        """One sweep of all strips; returns the bits of the greatest depth."""
        self._lend()
        last = len(self.strips) - 1
        jobs: list[Callable[[], int]] = [
            (lambda k=k: sweep(self.strips[k], gain, k > 0, k < last, pace))  # type: ignore[misc]
            for k in range(last + 1)
        ]
        if pool is None:
            return max(int(job()) for job in jobs)
        waiting = [pool.submit(job) for job in jobs[1:]]
        return max(int(jobs[0]()), *(int(one.result()) for one in waiting))

    def _lend(self) -> None:
        """Copy the rows at each cut into the neighbour's halo; at the south and north end, repeat the discharge."""
        self.strips[0].qy[1] = self.strips[0].qy[2]
        self.strips[-1].qy[-2] = self.strips[-1].qy[-3]
        for below, above in zip(self.strips, self.strips[1:], strict=False):
            for name in ("h", "qx", "low", "high"):
                a, b = getattr(below, name), getattr(above, name)
                a[-2:], b[:2] = b[2:4], a[-4:-2]
            below.qy[-3:], above.qy[:2] = above.qy[2:5], below.qy[-5:-3]


def _strip(ground: Floats, manning: float | Floats, kind: Array | None, part: tuple[int, int, int]) -> Fields:
    """part: first row of the grid, rows and columns of the strip's arrays."""
    low, rows, cols = part
    z = _cut(ground, low, rows, cols, WALL)
    n = np.full((1, cols), manning) if isinstance(manning, float) else _cut(manning, low, rows, cols, 0.03)
    if n.shape[0] > 1:
        n[z == WALL] = 0.03  # not read by any flow, but must be a number
        n[:, 0], n[:, -1] = n[:, 1], n[:, -2]
    kinds = np.zeros((1, 1), np.uint16) if kind is None else _cut(kind, low, rows, cols, 0)
    none, at, crest = np.zeros(rows + 2, np.int64), np.zeros(0, np.int64), np.zeros(0)
    return Fields(
        h=np.zeros((rows, cols)), z=z, n=n, qx=np.zeros((rows, cols + 1)), qy=np.zeros((rows + 1, cols)), kind=kinds,
        low=np.full(rows, cols), high=np.zeros(rows, np.int64), most=np.zeros((rows, cols)),
        arrival=np.full((rows, cols), np.nan), wet_for=np.zeros((rows, cols)), speed=np.zeros((rows, cols)),
        x_first=none, x_at=at, x_crest=crest, x_run=crest, y_first=none, y_at=at, y_crest=crest, y_run=crest,
        work=np.zeros((SCRATCH_ROWS, cols + 1)),
    )  # fmt: skip


def _cut(values: Array, low: int, rows: int, cols: int, fill: float) -> Array:
    """Rows low - 2 .. of a map with halo and ghosts, `fill` beyond the grid."""
    out = np.full((rows, cols), fill, dtype=values.dtype)
    begin, end = max(low - 2, 0), min(low - 2 + rows, values.shape[0])
    out[begin - low + 2 : end - low + 2, 1:-1] = values[begin:end]
    return out


def _crests(walls: list[tuple[Array, float]], nx: int) -> Faces:
    """Faces that carry a wall, with the highest crest on each."""
    if not walls:
        return Faces.none()
    cells = np.concatenate([faces for faces, _ in walls])
    crest = np.concatenate([np.full(faces.size, height) for faces, height in walls])
    order = np.lexsort((crest, cells))
    cells, crest = cells[order], crest[order]
    last = np.append(cells[1:] != cells[:-1], True)[: cells.size]
    row, col = np.divmod(cells[last], nx)
    return Faces(row, col, crest[last], np.zeros(row.size))


def _together(ends: Faces, walls: Faces) -> Faces:
    """In row order; a wall comes after the open end that it closes."""
    both = [np.concatenate(pair) for pair in zip(ends, walls, strict=True)]
    order = np.argsort(both[0], kind="stable")
    return Faces(*(part[order] for part in both))


def _by_row(faces: Faces, low: int, rows: int) -> tuple[Array, Array, Floats, Floats]:
    """The faces of a strip: first entry of each row, column, crest, run."""
    row = faces.row - low + 2
    mine = (row >= 0) & (row < rows)
    first = np.searchsorted(row[mine], np.arange(rows + 1))
    return first.astype(np.int64), faces.col[mine] + 1, faces.crest[mine], faces.run[mine]
