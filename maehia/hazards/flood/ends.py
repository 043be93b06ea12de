"""The ends of the domain at work: faces over which water runs off, and levels that stand outside."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from maehia.hazards.flood.basin import Basin, Faces
from maehia.hazards.flood.edges import SIDES, Edges, FreeOutflow, Outlet, WaterLevel
from maehia.hazards.flood.layout import Fields
from maehia.hazards.flood.terrain import Terrain, refuse_outside
from maehia.impact import ArgumentError
from maehia.impact.checks import Floats, refuse

Array = npt.NDArray[Any]
# side -> axis of its faces, is the ground before (1) or behind (-1) the face, steps from the cell to the face
_TURN = {"west": ("x", -1, 0, 0), "east": ("x", 1, 0, 1), "south": ("y", -1, 0, 0), "north": ("y", 1, 1, 0)}
_STEP = {"west": (0, -1), "east": (0, 1), "south": (-1, 0), "north": (1, 0)}
_Part = tuple[str, Array, Array, Floats]


def _part(terrain: Terrain, cells: Array, side: str, slope: float) -> _Part:
    """Faces on one side of the cells: axis, row, column, run = sqrt(slope) / n with the sign of the way out."""
    axis, sign, up, right = _TURN[side]
    row, col = np.divmod(cells, terrain.grid.nx)
    rough = np.broadcast_to(terrain.manning, terrain.grid.shape).ravel()[cells]
    return axis, row + up, col + right, np.asarray(sign * np.sqrt(slope) / rough)


def _open_side(terrain: Terrain, edges: Edges, side: str) -> list[_Part]:
    edge = getattr(edges, side)
    if not isinstance(edge, FreeOutflow):
        return []
    cells = side_cells(terrain, side, edge.first, edge.last)
    return [_part(terrain, cells[terrain.inside.ravel()[cells]], side, edge.slope)]


def _open_outlet(terrain: Terrain, outlet: Outlet, levels: Array) -> list[_Part]:
    """The faces of the outlet's cells that look at no ground. levels: cells with a water level outside."""
    refuse_outside(outlet.cells, terrain, "outlets.cells")
    refuse(np.isin(outlet.cells, levels), "outlets.cells", "lies at a side with a WaterLevel.",
           "Leave it out: water goes in and out there by the level.")  # fmt: skip
    beyond = np.pad(~terrain.inside, 1, constant_values=True)
    row, col = np.divmod(outlet.cells, terrain.grid.nx)
    parts, found = [], np.zeros(outlet.cells.size, bool)
    for side, (up, right) in _STEP.items():
        ends = beyond[row + 1 + up, col + 1 + right]
        found |= ends
        parts.append(_part(terrain, outlet.cells[ends], side, outlet.slope))
    refuse(~found, "outlets.cells", "has ground on all four sides: water can not leave the domain there.")
    return parts


def _level_cells(terrain: Terrain, edges: Edges) -> Array:
    sides = [(side, getattr(edges, side)) for side in SIDES]
    cells = [side_cells(terrain, s, e.first, e.last) for s, e in sides if isinstance(e, WaterLevel)]
    return np.concatenate([np.zeros(0, np.int64), *cells])


def _faces(parts: list[_Part], axis: str) -> Faces:
    mine = [part for part in parts if part[0] == axis]
    if not mine:
        return Faces.none()
    row, col, run = (np.concatenate([part[k] for part in mine]) for k in (1, 2, 3))
    # listed twice it is one opening, or its water would be counted twice; the last, an outlet, decides
    _, back = np.unique(np.stack([row, col])[:, ::-1], axis=1, return_index=True)
    keep = np.sort(row.size - 1 - back)
    row, col, run = row[keep], col[keep], run[keep]
    return Faces(row, col, np.full(row.size, -np.inf), run)


def side_cells(terrain: Terrain, side: str, first: int, last: int | None) -> Array:
    """Cells along a side, counted from west or south, first..last - 1."""
    ids = np.arange(terrain.grid.size).reshape(terrain.grid.shape)
    line = {"west": ids[:, 0], "east": ids[:, -1], "south": ids[0], "north": ids[-1]}[side]
    stop = line.size if last is None else last
    if not 0 <= first < stop <= line.size:
        raise ArgumentError(f"edges.{side}", f"part {first}..{stop} is not within 0..{line.size}.")
    return np.asarray(line[first:stop])


class Ends:
    """Faces where the domain is open and water runs off at normal depth, and what has left over them."""

    def __init__(self, basin: Basin, edges: Edges) -> None:
        self.basin = basin
        found = [part for side in SIDES for part in _open_side(basin.terrain, edges, side)]
        levels = _level_cells(basin.terrain, edges)
        found += [part for outlet in edges.outlets for part in _open_outlet(basin.terrain, outlet, levels)]
        self.x, self.y = _faces(found, "x"), _faces(found, "y")
        grid = basin.terrain.grid
        self._lists = [
            *self._places(self.x, "qx", grid.nx, grid.dy, (0, 1)),
            *self._places(self.y, "qy", grid.ny, grid.dx, (1, 0)),
        ]

    def _places(self, faces: Faces, name: str, last: int, width: float, step: tuple[int, int]) -> list[_Place]:
        """Where the faces lie in the strips, and the cells beyond them that have no ground."""
        places, grid = [], self.basin.terrain.grid
        owner = np.minimum(faces.row, grid.ny - 1)
        strip = np.searchsorted(np.asarray(self.basin.bounds[1:]), owner, side="right")
        for k in np.unique(strip).tolist():
            mine = strip == k
            i, j = faces.row[mine] - self.basin.bounds[k] + 2, faces.col[mine] + 1
            outward = faces.run[mine] > 0
            back = np.where(outward, 0, 1)
            places.append(_Place(k, name, i, j, width, i - back * step[0], j - back * step[1]))
        return places

    def passed(self, dt: float) -> float:
        """Volume that left in the step just done, m3; takes it off the groundless cells where it arrived."""
        went = 0.0
        for place in self._lists:
            s = self.basin.strips[place.strip]
            went += float(np.abs(getattr(s, place.name)[place.i, place.j]).sum()) * dt * place.width
            s.h[place.beyond_i, place.beyond_j] = 0.0
        return went


class _Place(NamedTuple):
    strip: int
    name: str
    i: Array
    j: Array
    width: float
    beyond_i: Array
    beyond_j: Array


class Levels:
    """Water levels outside the sides: ghosts beside the edge cells that hold the level's depth."""

    def __init__(self, basin: Basin, edges: Edges) -> None:
        self.basin = basin
        self.sides: list[tuple[str, WaterLevel, list[tuple[int, Any, Any]]]] = []
        for side in SIDES:
            edge = getattr(edges, side)
            if isinstance(edge, WaterLevel):
                self.sides.append((side, edge, self._ghosts(side, edge)))
        basin.lend_ground()

    def _ghosts(self, side: str, edge: WaterLevel) -> list[tuple[int, Any, Any]]:
        """(strip, rows, columns) of the ghosts, whose ground is set as high as the edge cell's."""
        cells = side_cells(self.basin.terrain, side, edge.first, edge.last)
        strip, row, col = self.basin.place(cells[self.basin.terrain.inside.ravel()[cells]])
        step_row, step_col = _STEP[side]
        found = []
        for k in np.unique(strip).tolist():
            i, j = row[strip == k], col[strip == k]
            s = self.basin.strips[k]
            s.z[i + step_row, j + step_col] = s.z[i, j]
            if s.n.shape[0] > 1:
                s.n[i + step_row, j + step_col] = s.n[i, j]
            found.append((k, i + step_row, j + step_col))
        return found

    def put(self, time: float) -> float:
        """Set the ghosts' depths; returns the greatest."""
        greatest = 0.0
        for _, edge, ghosts in self.sides:
            level = edge.at(time)
            for k, i, j in ghosts:
                s = self.basin.strips[k]
                depth = np.maximum(level - s.z[i, j], 0.0)
                s.h[i, j] = depth
                greatest = max(greatest, float(depth.max(initial=0.0)))
                np.minimum.at(s.low, i, np.where(depth > 0, j, s.h.shape[1]))
                np.maximum.at(s.high, i, np.where(depth > 0, j + 1, 0))
        return greatest

    def deepest(self) -> tuple[float, int, str]:
        """(depth, edge cell, side) of the deepest water outside; -1 without any."""
        most = (0.0, -1, "")
        for side, _, ghosts in self.sides:
            up, right = _STEP[side]
            for k, i, j in ghosts:
                depth = self.basin.strips[k].h[i, j]
                at = int(np.argmax(depth))
                row, col = i[at] - up - 2 + self.basin.bounds[k], j[at] - right - 1
                most = max(most, (float(depth[at]), int(row * self.basin.terrain.grid.nx + col), side))
        return most

    def passed(self, dt: float) -> tuple[float, float]:
        """Volume that came in and went out over the sides in the step just done, m3."""
        came = went = 0.0
        grid = self.basin.terrain.grid
        for side, _, ghosts in self.sides:
            for k, i, j in ghosts:
                s = self.basin.strips[k]
                volume = _inward(s, side, i, j) * dt * (grid.dy if side in ("west", "east") else grid.dx)
                came += float(volume[volume > 0].sum())
                went -= float(volume[volume < 0].sum())
        return came, went


def _inward(s: Fields, side: str, i: Array, j: Array) -> Floats:
    """Discharge over a side into the domain, m2/s."""
    if side in ("west", "east"):
        return np.asarray(s.qx[i, 1] if side == "west" else -s.qx[i, -2])
    return np.asarray(s.qy[2, j] if side == "south" else -s.qy[-3, j])
