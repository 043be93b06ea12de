"""Flood from rain, rivers and terrain: local-inertial shallow water on a raster."""

from maehia.hazards.flood.edges import Edges, FreeOutflow, Outlet, WaterLevel
from maehia.hazards.flood.measures import Barrier, Drain, Pump
from maehia.hazards.flood.result import Budget, FloodRun
from maehia.hazards.flood.run import simulate
from maehia.hazards.flood.scheme import Scheme, StepWarning, TimeStepError
from maehia.hazards.flood.sources import Inflow, Losses, Rain
from maehia.hazards.flood.terrain import Terrain

__all__ = [
    "Barrier", "Budget", "Drain", "Edges", "FloodRun", "FreeOutflow", "Inflow", "Losses", "Outlet", "Pump", "Rain",
    "Scheme", "StepWarning", "Terrain", "TimeStepError", "WaterLevel", "simulate",
]  # fmt: skip
