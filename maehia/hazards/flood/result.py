"""What a run leaves: maps of the flood, and an account of its water."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from maehia.impact import Grid
from maehia.impact.checks import Floats


@dataclass(frozen=True)
class Budget:
    """Where the water came from and went, cubic metres since the start of the run.

    rain: fallen on cells with ground. infiltrated: part of it that the ground took. inflow: hydrographs. edge_in,
    edge_out: over the sides and outlets. drained: swallowed by drains. pumped_out: lifted out of the domain (water
    pumped to another cell stays). started: standing at the start. stored: standing at the end.
    """

    started: float = 0.0
    rain: float = 0.0
    infiltrated: float = 0.0
    inflow: float = 0.0
    edge_in: float = 0.0
    edge_out: float = 0.0
    drained: float = 0.0
    pumped_out: float = 0.0
    stored: float = 0.0

    @property
    def error(self) -> float:
        """Water made (+) or lost (-) by the arithmetic, m3."""
        came = self.started + self.rain + self.inflow + self.edge_in
        went = self.infiltrated + self.edge_out + self.drained + self.pumped_out
        return self.stored - (came - went)

    @property
    def relative_error(self) -> float:
        """|error| as a share of all water that came, 0 when none came."""
        came = self.started + self.rain + self.inflow + self.edge_in
        return abs(self.error) / came if came > 0 else 0.0


@dataclass(frozen=True, eq=False)
class FloodRun:
    """Maps are (ny, nx) float64, row 0 southernmost, NaN where there is no ground.

    max_depth: m. arrival_s: first time the depth reached wet_depth_m, NaN where it never did. wet_duration_s: time
    with at least that depth. max_speed: m/s, of the mean of a cell's faces, while it was that deep. depth: m at
    time_s, the end. budget: the account. steps: time steps. snapshots: time -> depth map.
    flux_x (ny, nx + 1), flux_y (ny + 1, nx): discharge through the west and south faces, m2/s, at the end.
    stopped: the progress callback ended the run before duration_s. Hand a run to `simulate(resume=...)` to go on.
    """

    grid: Grid
    max_depth: Floats
    arrival_s: Floats
    wet_duration_s: Floats
    max_speed: Floats
    depth: Floats
    flux_x: Floats
    flux_y: Floats
    budget: Budget
    steps: int
    time_s: float
    wet_depth_m: float
    pumping: tuple[bool, ...] = ()
    snapshots: dict[float, Floats] = field(default_factory=dict)
    stopped: bool = False

    @property
    def wet(self) -> npt.NDArray[np.bool_]:
        """(ny, nx): True where the depth ever reached wet_depth_m."""
        with np.errstate(invalid="ignore"):
            return np.asarray(self.max_depth >= self.wet_depth_m)
