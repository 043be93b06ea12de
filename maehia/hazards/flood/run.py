"""`simulate`: a flood from its inputs to its maps."""

from __future__ import annotations

import math
import os
import warnings
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np

from maehia.hazards.flood.basin import SHRINK_EVERY, Basin
from maehia.hazards.flood.edges import SIDES, ClosedSideWarning, Edges
from maehia.hazards.flood.ends import Ends, Levels, side_cells
from maehia.hazards.flood.forcing import Points, Pumps, Sky
from maehia.hazards.flood.layout import Pace
from maehia.hazards.flood.measures import Barrier, Drain, Pump
from maehia.hazards.flood.points import DRAIN, GIVE
from maehia.hazards.flood.result import Budget, FloodRun
from maehia.hazards.flood.scheme import GRAVITY, Scheme, StepWarning, TimeStepError
from maehia.hazards.flood.sources import Inflow, Losses, Rain
from maehia.hazards.flood.terrain import Terrain, cell_map, refuse_outside
from maehia.impact import ArgumentError, Grid
from maehia.impact.checks import Floats, finite, not_negative, refuse

Progress = Callable[[float, int], Any]
# below this many cells a step is over before a second thread has woken up
THREAD_CELLS = 60_000
_INFINITE = int(np.float64(np.inf).view(np.int64))


def simulate(
    terrain: Terrain, *, duration_s: float, rain: Rain | None = None, losses: Losses | None = None,
    inflows: Sequence[Inflow] = (), edges: Edges | None = None, drains: Sequence[Drain] = (),
    barriers: Sequence[Barrier] = (), pumps: Sequence[Pump] = (), initial_depth: Floats | float | None = None,
    resume: FloodRun | None = None, scheme: Scheme | None = None, wet_depth_m: float = 0.05,
    snapshots_s: Sequence[float] = (), progress: Progress | None = None, threads: int | None = None,
) -> FloodRun:  # fmt: skip
    """Run the flood from 0 (or from where `resume` ended) to duration_s and return its maps and water account.

    initial_depth: (ny, nx) m or one number, 0 when left out; not with `resume`. wet_depth_m: a cell counts as wet
    from this depth on. snapshots_s: times whose depth map is kept. progress(time_s, steps): called after each step;
    the run stops when it returns False. threads: strips worked on at the same time, all cores when left out; the
    result is the same to the bit for any number. Sides are closed when `edges` is left out.
    Raises ArgumentError for inputs that do not fit the terrain, TimeStepError when the step collapses or a depth
    is not a number. Method: `Scheme`. Advection is not in the equations: where flow is fast (Froude number above
    about 0.5 to 1, a dam break on dry ground) depths are wrong by physics, not by resolution.
    """
    scheme = scheme or Scheme()
    limit = scheme.stable_alpha(flume=min(terrain.grid.shape) == 1)
    if scheme.alpha > limit:
        warnings.warn(f"alpha {scheme.alpha:g} is beyond {limit:.3f}: short waves may grow.", StepWarning, stacklevel=2)
    _check(duration_s, wet_depth_m, snapshots_s, resume, threads)
    _warn_of_closed_sides(terrain, edges or Edges())
    given = _Inputs(
        terrain, rain, losses, tuple(inflows), edges or Edges(), tuple(drains), tuple(barriers), tuple(pumps)
    )
    march = _March(given, scheme, wet_depth_m, _strips(terrain, threads))
    march.start(initial_depth, resume)
    more = len(march.basin.strips) - 1
    with ThreadPoolExecutor(more) if more else nullcontext() as pool:
        march.go(duration_s, sorted(snapshots_s), progress, pool)
    return march.result()


def warm() -> None:
    """Compile the pass, or read it from the disk, before somebody waits for it: for the start of a service."""
    grid = Grid(0.0, 0.0, 10.0, 10.0, 4, 8)
    river = Inflow(np.array([0]), np.array([0.0, 1.0]), np.array([1.0, 1.0]))
    simulate(Terrain(grid, np.zeros(grid.shape)), duration_s=1.0, initial_depth=0.1, inflows=[river], threads=2)


@dataclass(frozen=True, eq=False)
class _Inputs:
    terrain: Terrain
    rain: Rain | None
    losses: Losses | None
    inflows: tuple[Inflow, ...]
    edges: Edges
    drains: tuple[Drain, ...]
    barriers: tuple[Barrier, ...]
    pumps: tuple[Pump, ...]

    def __post_init__(self) -> None:
        for barrier in self.barriers:
            for name in ("west_of", "south_of"):
                refuse(getattr(barrier, name) >= self.terrain.grid.size, f"barriers.{name}", "is outside the grid.")
        for drain in self.drains:
            refuse_outside(drain.cells, self.terrain, "drains.cells")


def _check(
    duration: float, wet: float, snapshots: Sequence[float], resume: FloodRun | None, threads: int | None
) -> None:
    begin = resume.time_s if resume else 0.0
    if not begin < duration < math.inf:
        raise ArgumentError("duration_s", f"is {duration}, expected a finite time after {begin}.")
    if not 0 < wet < math.inf:
        raise ArgumentError("wet_depth_m", f"is {wet}, expected more than 0.")
    times = np.asarray(snapshots, dtype=np.float64)
    refuse(~((times > begin) & (times <= duration)), "snapshots_s", "is not within the run.")
    if threads is not None and threads < 1:
        raise ArgumentError("threads", f"is {threads}, expected 1 or more.")


def _warn_of_closed_sides(terrain: Terrain, edges: Edges) -> None:
    shut = []
    for side in SIDES:
        edge = getattr(edges, side)
        if edge is not None:
            cells = side_cells(terrain, side, edge.first, edge.last)
            ground = np.count_nonzero(terrain.inside.ravel()[cells])
            shut += [f"{side} ({ground} of {cells.size} cells have ground)"] if ground < cells.size / 2 else []
    if shut:
        what = f"Sides opened where there is no ground stay closed: {', '.join(shut)}. Open them by Edges(outlets=...)."
        warnings.warn(what, ClosedSideWarning, stacklevel=3)


def _strips(terrain: Terrain, threads: int | None) -> int:
    """A strip has at least 4 rows, so that its neighbours' halos do not overlap."""
    if threads is None:
        threads = 1 if terrain.grid.size < THREAD_CELLS else min(os.cpu_count() or 1, 8)
    return max(min(threads, terrain.grid.ny // 4), 1)


@dataclass
class _Account:
    """Volumes while the run goes on."""

    m3: dict[str, float] = field(default_factory=dict)

    def add(self, **volumes: float) -> None:
        for name, volume in volumes.items():
            self.m3[name] = self.m3.get(name, 0.0) + volume


class _March:
    """A run on its way."""

    def __init__(self, given: _Inputs, scheme: Scheme, wet: float, strips: int) -> None:
        self.given, self.scheme, self.wet = given, scheme, float(wet)
        self.sky = Sky(given.terrain, given.rain, given.losses)
        self.basin = Basin(given.terrain, self.sky.kind, strips)
        self.levels = Levels(self.basin, given.edges)
        self.ends = Ends(self.basin, given.edges)
        self.points = Points(self.basin, given.inflows, given.drains)
        self.account, self.snapshots = _Account(), dict[float, Floats]()
        self.time, self.steps, self.deepest, self.stopped = 0.0, 0, 0.0, False
        grid = given.terrain.grid
        self.area, self.size = grid.dx * grid.dy, min(grid.dx, grid.dy)

    def start(self, initial: Floats | float | None, resume: FloodRun | None) -> None:
        if resume is not None:
            self._resume(initial, resume)
        else:
            depth = _initial(self.given.terrain, initial)
            self.account.add(started=float(depth.sum()) * self.area)
            self.basin.fill("h", depth)
            self.basin.fill("most", depth)
            self.basin.fill("arrival", np.where(depth >= self.wet, 0.0, np.nan))
        self.pumps = Pumps(self.basin, self.given.pumps, resume.pumping if resume else None)
        self._build()
        self.basin.look_for_water()
        self.deepest = float(self.basin.gather("h").max())

    def _build(self) -> None:
        """The barriers that stand now, and the open ends."""
        self.basin.build([b for b in self.given.barriers if b.until_s > self.time], self.ends.x, self.ends.y)

    def _resume(self, initial: Floats | float | None, run: FloodRun) -> None:
        if initial is not None:
            raise ArgumentError("initial_depth", "can not be given with resume: the run brings its own.")
        if run.grid != self.given.terrain.grid:
            raise ArgumentError("resume", "is of another grid.")
        if run.wet_depth_m != self.wet:
            raise ArgumentError("resume", f"counts as wet from {run.wet_depth_m} m, this run from {self.wet} m.")
        inside = self.given.terrain.inside
        refuse(np.isfinite(run.depth) != inside, "resume", "has ground where this terrain has none, or none where it "
               "has some.")  # fmt: skip
        self.time, self.steps = float(run.time_s), run.steps
        for name, values in (("h", run.depth), ("most", run.max_depth), ("arrival", run.arrival_s),
                             ("speed", run.max_speed**2),
                             ("wet_for", run.wet_duration_s - np.where(run.depth >= self.wet, run.time_s, 0.0)),
                             ):  # fmt: skip
            self.basin.fill(name, values if name == "arrival" else np.where(inside, values, 0.0))
        self.basin.fill("qx", run.flux_x)
        self.basin.fill("qy", run.flux_y)
        self.account.add(**asdict(run.budget))

    def go(self, end: float, snapshots: list[float], progress: Progress | None, pool: Executor | None) -> None:
        breaches = sorted({b.until_s for b in self.given.barriers if self.time < b.until_s < end})
        stops = sorted({*snapshots, *breaches, end})
        for stop in stops:
            while self.time < stop and not self.stopped:
                self._step(stop, pool)
                answer = None if progress is None else progress(self.time, self.steps)
                self.stopped = isinstance(answer, bool | np.bool_) and not answer
            if self.stopped:
                return
            if stop in snapshots:
                self.snapshots[stop] = self._map("h")
            if stop in breaches:
                self._build()

    def _step(self, stop: float, pool: Executor | None) -> None:
        self.deepest = max(self.deepest, self.levels.put(self.time))
        dt, lands = self._pace(stop)
        end = float(stop) if lands else self.time + dt
        top, moved = self.points.act(self.time, end, self.wet)
        pumped = self.pumps.act(self.time, end, self.wet)
        gain, rain, kept = self.sky.between(self.time, end)
        if self.steps % SHRINK_EVERY == 0 and not gain.any():
            self.basin.look_for_water()
        bits = self.basin.step(gain, self._numbers(dt, end), pool)
        came, went = self.levels.passed(dt)
        self.account.add(rain=rain, infiltrated=kept, inflow=moved[GIVE], drained=-moved[DRAIN], edge_in=came,
                         edge_out=went + self.ends.passed(dt), pumped_out=pumped)  # fmt: skip
        self.time, self.steps = end, self.steps + 1
        if max(bits, top) >= _INFINITE:
            raise self._error("A depth is not a number.", dt)
        self.deepest = float(np.int64(bits).view(np.float64))

    def _pace(self, stop: float) -> tuple[float, bool]:
        """Time step, and whether it ends at `stop`. The last steps before it are of equal length."""
        scheme = self.scheme
        stable = scheme.alpha * self.size / math.sqrt(GRAVITY * self.deepest) if self.deepest > 0 else math.inf
        if stable < scheme.dt_min_s:
            raise self._error(f"The time step fell below dt_min_s = {scheme.dt_min_s:g} s.", stable)
        dt = min(stable, scheme.dt_max_s)
        rise = self.points.fastest_rise(self.time, self.time + dt) + self.pumps.fastest_rise()
        if rise > 0:
            dt = max(min(dt, (scheme.rise_m + scheme.rise_share * self.deepest) / rise), scheme.dt_min_s)
        left = stop - self.time
        steps = math.ceil(left / dt * (1 - 1e-12))
        return (left / steps if steps <= 2 else dt), steps <= 1

    def _numbers(self, dt: float, end: float) -> Pace:
        grid, scheme = self.given.terrain.grid, self.scheme
        # all float: an int among them would compile the pass anew
        numbers = (scheme.theta, 0.5 * (1 - scheme.theta), GRAVITY, dt, dt / grid.dx, dt / grid.dy)
        return Pace(*(float(number) for number in (*numbers, scheme.dry_m, self.wet, scheme.froude or 0, end)))

    def _error(self, reason: str, dt: float) -> TimeStepError:
        """The error at the first cell that is not a number, else at the deepest one, or at a deeper level outside."""
        depth = self.basin.gather("h")
        cell = int(np.argmax(np.where(np.isfinite(depth), depth, np.inf)))
        outside, edge, side = self.levels.deepest()
        if outside > depth.ravel()[cell]:
            cell, reason = edge, f"{reason} The level outside the {side} edge stands {outside:.6g} m above its ground."
        row, col = divmod(cell, depth.shape[1])
        x, y = self.given.terrain.grid.centre_of(cell)
        return TimeStepError(reason, row=row, col=col, x=float(x), y=float(y), depth_m=float(depth[row, col]), dt_s=dt,
                             time_s=self.time)  # fmt: skip

    def _map(self, name: str) -> Floats:
        """A cell map with NaN where there is no ground."""
        return np.where(self.given.terrain.inside, self.basin.gather(name), np.nan)

    def result(self) -> FloodRun:
        depth = self._map("h")
        wet_for = self._map("wet_for") + np.where(np.nan_to_num(depth) >= self.wet, self.time, 0.0)
        self.account.m3["stored"] = float(np.nansum(depth)) * self.area
        return FloodRun(
            grid=self.given.terrain.grid, max_depth=self._map("most"), arrival_s=self._map("arrival"),
            wet_duration_s=wet_for, max_speed=np.sqrt(self._map("speed")), depth=depth, flux_x=self.basin.gather("qx"),
            flux_y=self.basin.gather("qy"), budget=Budget(**self.account.m3), steps=self.steps, time_s=self.time,
            wet_depth_m=self.wet, pumping=tuple(self.pumps.running), snapshots=self.snapshots, stopped=self.stopped,
        )  # fmt: skip


def _initial(terrain: Terrain, depth: Floats | float | None) -> Floats:
    if depth is None or np.ndim(depth) == 0:
        depth = np.full(terrain.grid.shape, float(depth or 0.0))
    values = np.where(terrain.inside, cell_map(depth, terrain.grid, "initial_depth"), 0.0)
    finite(values, "initial_depth")
    not_negative(values, "initial_depth")
    return values
