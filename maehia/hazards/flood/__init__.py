"""Flood from rain, rivers and terrain: local-inertial shallow water on a raster.

What the tests hold it to: water account to 1e-12 (0.01 % allowed); a lake at rest to 1e-12 m; a wave over a dry plane
(Hunter et al. 2005) within 2 %, and ever closer to the travelling wave of its own equations; a dam break onto water
(Stoker) within 5 % of the depth below Froude 0.5; normal depth on a slope; the plain equations in NumPy to 1e-11 m.
Known limit, by physics: the equations have no advection. A dam break onto dry ground (Ritter) misplaces 16 % of the
depth and 66 % of the water that moved; do not use it near a breach, below a weir or where flow is supercritical.
"""

from maehia.hazards.flood.edges import ClosedSideWarning, Edges, FreeOutflow, Outlet, WaterLevel
from maehia.hazards.flood.measures import Barrier, Drain, Pump
from maehia.hazards.flood.result import Budget, FloodRun
from maehia.hazards.flood.run import simulate, warm
from maehia.hazards.flood.scheme import Scheme, StepWarning, TimeStepError
from maehia.hazards.flood.sources import Inflow, Losses, Rain
from maehia.hazards.flood.terrain import Terrain

__all__ = [
    "Barrier", "Budget", "ClosedSideWarning", "Drain", "Edges", "FloodRun", "FreeOutflow", "Inflow", "Losses", "Outlet",
    "Pump", "Rain", "Scheme", "StepWarning", "Terrain", "TimeStepError", "WaterLevel", "simulate", "warm",
]  # fmt: skip
