"""What drives a run, step by step: rain by class, points that give and take, pumps."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from maehia.hazards.flood.basin import Basin
from maehia.hazards.flood.measures import Drain, Pump
from maehia.hazards.flood.points import DRAIN, GIVE, move
from maehia.hazards.flood.sources import Inflow, Losses, Rain
from maehia.hazards.flood.terrain import Terrain, cell_map, refuse_outside
from maehia.hazards.infiltration import retention
from maehia.impact import ArgumentError
from maehia.impact.checks import Floats, refuse

Array = npt.NDArray[Any]
_MOST_KINDS = 65_535


class Sky:
    """Rain and losses in classes: cells of the same zone, factor and curve number gain the same depth.

    kind: (ny, nx) class of each cell, 0 without ground; None when every cell is alike and has ground.
    """

    def __init__(self, terrain: Terrain, rain: Rain | None, losses: Losses | None) -> None:
        self.rain, self.kind = rain, None
        if rain is None:
            return
        inside = terrain.inside
        zone, factor, number = _rain_maps(terrain, rain, losses)
        kinds, codes = _classes([zone[inside], factor[inside], number[inside]])
        if len(kinds[0]) > _MOST_KINDS:
            raise ArgumentError("rain", f"falls in {len(kinds[0])} classes of zone, factor and curve number.",
                                fix=f"Round the maps: at most {_MOST_KINDS} are kept apart.")  # fmt: skip
        self._zone, self._factor = kinds[0].astype(np.int64), kinds[1]
        self._cells = np.bincount(codes)
        ratio = losses.initial_ratio if losses else 0.2
        self._held = retention(kinds[2], initial_ratio=ratio)
        self._first = ratio * self._held
        self._area = terrain.grid.dx * terrain.grid.dy
        if self._cells.size > 1 or not inside.all():
            self.kind = np.zeros(inside.shape, np.uint16)
            self.kind[inside] = codes + 1

    def between(self, begin: float, end: float) -> tuple[Floats, float, float]:
        """Metres gained by class, rain fallen and rain taken by the ground, m3. Exact: differences of totals."""
        if self.rain is None or begin >= self.rain.times_s[-1] or end <= self.rain.times_s[0]:
            return np.zeros(1), 0.0, 0.0
        fell, ran = self._totals(end)
        fell_before, ran_before = self._totals(begin)
        rain = (fell - fell_before) / 1000.0
        gain = np.clip((ran - ran_before) / 1000.0, 0.0, rain)
        volume = self._area * float(self._cells @ rain)
        kept = self._area * float(self._cells @ (rain - gain))
        return (gain if self.kind is None else np.concatenate([[0.0], gain])), volume, kept

    def _totals(self, time: float) -> tuple[Floats, Floats]:
        fell = self._factor * self.rain.fallen_mm(time)[self._zone]  # type: ignore[union-attr]
        beyond = np.maximum(fell - self._first, 0.0)
        whole = beyond + self._held
        return fell, np.divide(beyond * beyond, whole, out=np.zeros_like(fell), where=whole > 0)


def _rain_maps(terrain: Terrain, rain: Rain, losses: Losses | None) -> tuple[Floats, Floats, Floats]:
    grid, inside = terrain.grid, terrain.inside
    factor = np.ones(grid.shape) if rain.factor is None else cell_map(rain.factor, grid, "factor")
    refuse(inside & ~((factor >= 0) & np.isfinite(factor)), "factor", "is not a number of 0 or more.")
    zone = np.zeros(grid.shape) if rain.zone is None else cell_map(rain.zone, grid, "zone")
    zones = 1 if rain.rate_mm_h.ndim == 1 else rain.rate_mm_h.shape[1]
    refuse(inside & ~((zone >= 0) & (zone < zones) & (zone == np.floor(zone))), "zone",
           f"is not a whole number from 0 to {zones - 1}.")  # fmt: skip
    number = losses.curve_number if losses else 100.0
    numbers = np.full(grid.shape, number) if np.ndim(number) == 0 else cell_map(number, grid, "curve_number")
    refuse(inside & np.isnan(numbers), "curve_number", "is NaN on a cell with ground.")
    return zone, factor, numbers


def _classes(columns: list[Floats]) -> tuple[list[Floats], Array]:
    """Distinct rows of the columns, and the number of each row's class. Faster than sorting whole rows."""
    codes = np.zeros(columns[0].size, np.int64)
    for column in columns:
        values, code = np.unique(column, return_inverse=True)
        codes = codes * values.size + code
    _, at, codes = np.unique(codes, return_index=True, return_inverse=True)
    return [column[at] for column in columns], codes.astype(np.int64)


class _Group:
    """Points of one strip, as the kernel takes them."""

    def __init__(self, row: Array, col: Array, kind: Array, amount: Floats, source: Array) -> None:
        self.row, self.col, self.kind, self.amount, self.source = row, col, kind, amount, source
        self.moved = np.zeros(row.size)


class Points:
    """Inflows and drains at cells. `moved` sums what came (+) or went (-) by kind, m3."""

    def __init__(self, basin: Basin, inflows: Sequence[Inflow], drains: Sequence[Drain]) -> None:
        self.basin, self.inflows = basin, list(inflows)
        grid = basin.terrain.grid
        self._area = grid.dx * grid.dy
        cells, kind, amount, source = _point_lists(basin.terrain, self.inflows, drains)
        strip, row, col = basin.place(cells)
        self._groups = [
            (k, _Group(row[strip == k], col[strip == k], kind[strip == k], amount[strip == k], source[strip == k]))
            for k in range(len(basin.strips))
            if (strip == k).any()
        ]

    def fastest_rise(self, begin: float, end: float) -> float:
        """Upper bound of the rise of any cell by inflows, m/s."""
        flows = (max(_flow(one, begin), _flow(one, end)) / one.cells.size for one in self.inflows)
        return sum(flows) / self._area

    def act(self, begin: float, end: float, wet: float) -> tuple[int, dict[int, float]]:
        """Bits of the greatest depth, and m3 moved by kind."""
        volumes = np.array([one.volume_m3(end) - one.volume_m3(begin) for one in self.inflows])
        top, moved = 0, {GIVE: 0.0, DRAIN: 0.0}
        for k, group in self._groups:
            amount = group.amount
            if volumes.size:
                given = group.kind == GIVE
                amount = amount.copy()
                amount[given] *= volumes[group.source[given]]
            top = max(top, int(move(self.basin.strips[k], group.row, group.col, group.kind, amount, end - begin,
                                    begin, wet, group.moved)))  # fmt: skip
            for kind in moved:
                moved[kind] += self._area * float(group.moved[group.kind == kind].sum())
        return top, moved


def _flow(one: Inflow, time: float) -> float:
    return float(np.interp(time, one.times_s, one.flow_m3_s, left=0.0, right=0.0))


def _point_lists(
    terrain: Terrain, inflows: Sequence[Inflow], drains: Sequence[Drain]
) -> tuple[Array, Array, Floats, Array]:
    area = terrain.grid.dx * terrain.grid.dy
    parts: list[tuple[Array, int, Floats, int]] = []
    for number, inflow in enumerate(inflows):
        refuse_outside(inflow.cells, terrain, "inflows.cells")
        parts.append((inflow.cells, GIVE, np.full(inflow.cells.size, 1.0 / (inflow.cells.size * area)), number))
    for drain in drains:
        refuse_outside(drain.cells, terrain, "drains.cells")
        parts.append((drain.cells, DRAIN, np.asarray(drain.capacity_m3_s) / area, 0))
    if not parts:
        return np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0), np.zeros(0, np.int64)
    cells = np.concatenate([part[0] for part in parts])
    kind = np.concatenate([np.full(part[0].size, part[1]) for part in parts])
    source = np.concatenate([np.full(part[0].size, part[3]) for part in parts])
    return cells, kind, np.concatenate([part[2] for part in parts]), source


class Pumps:
    """Pumps with their on-off memory."""

    def __init__(self, basin: Basin, pumps: Sequence[Pump], running: Sequence[bool] | None) -> None:
        self.basin, self.pumps = basin, list(pumps)
        self.running = [False] * len(self.pumps) if running is None else list(running)
        if len(self.running) != len(self.pumps):
            raise ArgumentError("pumps", f"are {len(self.pumps)}, the resumed run had {len(self.running)}.")
        for pump in self.pumps:
            refuse_outside(np.array([pump.cell]), basin.terrain, "pumps.cell")
            if pump.to is not None:
                refuse_outside(np.array([pump.to]), basin.terrain, "pumps.to")
        self._area = basin.terrain.grid.dx * basin.terrain.grid.dy

    def fastest_rise(self) -> float:
        lifts = [p.capacity_m3_s for p, on in zip(self.pumps, self.running, strict=True) if on and p.to is not None]
        return sum(lifts) / self._area

    def act(self, begin: float, end: float, wet: float) -> float:
        """Let each pump draw in turn; returns m3 lifted out of the domain."""
        out = 0.0
        for number, pump in enumerate(self.pumps):
            depth = self._depth(pump.cell)
            on = depth >= pump.start_m or (self.running[number] and depth > pump.stop_m)
            self.running[number] = on and begin < pump.off_from_s
            if self.running[number]:
                lift = min(pump.capacity_m3_s * (end - begin) / self._area, max(depth - pump.stop_m, 0.0))
                drawn = -self._move(pump.cell, -lift, begin, wet)
                # drawn down to where it stops; water that comes now has to fill up to start_m first
                self.running[number] = depth - lift > pump.stop_m
                if pump.to is None:
                    out += drawn * self._area
                else:
                    self._move(pump.to, drawn, begin, wet)
        return out

    def _depth(self, cell: int) -> float:
        strip, row, col = (int(part) for part in self.basin.place(cell))
        return float(self.basin.strips[strip].h[row, col])

    def _move(self, cell: int, metres: float, now: float, wet: float) -> float:
        strip, row, col = (int(part) for part in self.basin.place(cell))
        moved = np.zeros(1)
        move(self.basin.strips[strip], np.array([row]), np.array([col]), np.array([GIVE]), np.array([metres]), 0.0, now,
             wet, moved)  # fmt: skip
        return float(moved[0])
