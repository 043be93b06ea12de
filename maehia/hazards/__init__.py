"""Where footprints come from: flood from rain and terrain (`maehia.hazards`), smoke from stations
(`maehia.hazards.smoke`).

The doors below are loaded when they are first used: GDAL, pyflwdir and compiled kernels cost nothing until then.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from maehia.hazards.dem import Dem as Dem
    from maehia.hazards.dem import DemWarning as DemWarning
    from maehia.hazards.dem import fill_gaps as fill_gaps
    from maehia.hazards.dem import read_dem as read_dem
    from maehia.hazards.events import FloodEvents as FloodEvents
    from maehia.hazards.events import Storm as Storm
    from maehia.hazards.events import design_storms as design_storms
    from maehia.hazards.events import event_frequencies as event_frequencies
    from maehia.hazards.events import flood_events as flood_events
    from maehia.hazards.flood import Barrier as Barrier
    from maehia.hazards.flood import Drain as Drain
    from maehia.hazards.flood import Edges as Edges
    from maehia.hazards.flood import FloodRun as FloodRun
    from maehia.hazards.flood import FreeOutflow as FreeOutflow
    from maehia.hazards.flood import Inflow as Inflow
    from maehia.hazards.flood import Losses as Losses
    from maehia.hazards.flood import Outlet as Outlet
    from maehia.hazards.flood import Pump as Pump
    from maehia.hazards.flood import Rain as Rain
    from maehia.hazards.flood import Scheme as Scheme
    from maehia.hazards.flood import Terrain as Terrain
    from maehia.hazards.flood import TimeStepError as TimeStepError
    from maehia.hazards.flood import WaterLevel as WaterLevel
    from maehia.hazards.flood import simulate as simulate
    from maehia.hazards.ground import Pits as Pits
    from maehia.hazards.ground import burn as burn
    from maehia.hazards.ground import fill_pits as fill_pits
    from maehia.hazards.ground import pits as pits
    from maehia.hazards.ground import read_shapes as read_shapes
    from maehia.hazards.ground import roughness as roughness
    from maehia.hazards.ground import roughness_map as roughness_map
    from maehia.hazards.hand import Hand as Hand
    from maehia.hazards.hand import first_look as first_look
    from maehia.hazards.hand import height_above_drainage as height_above_drainage
    from maehia.hazards.idf import Idf as Idf
    from maehia.hazards.idf import Sherman as Sherman
    from maehia.hazards.idf import demo_idf as demo_idf
    from maehia.hazards.idf import fit as fit
    from maehia.hazards.idf import read_idf as read_idf
    from maehia.hazards.infiltration import curve_number as curve_number
    from maehia.hazards.infiltration import curve_number_map as curve_number_map
    from maehia.hazards.infiltration import excess as excess
    from maehia.hazards.infiltration import for_moisture as for_moisture
    from maehia.hazards.picture import Around as Around
    from maehia.hazards.picture import flood_map as flood_map
    from maehia.hazards.rain import Hyetograph as Hyetograph
    from maehia.hazards.rain import alternating_block as alternating_block
    from maehia.hazards.rain import chicago as chicago
    from maehia.hazards.rain import read_rain as read_rain
    from maehia.hazards.rain import uniform as uniform

# Door -> module of this room. The test of the doors holds it against the imports above.
DOORS = {
    name: module
    for module, names in {
        "dem": "Dem DemWarning fill_gaps read_dem",
        "events": "FloodEvents Storm design_storms event_frequencies flood_events",
        "flood": "Barrier Drain Edges FloodRun FreeOutflow Inflow Losses Outlet Pump Rain Scheme Terrain TimeStepError "
                 "WaterLevel simulate",
        "ground": "Pits burn fill_pits pits read_shapes roughness roughness_map",
        "hand": "Hand first_look height_above_drainage",
        "idf": "Idf Sherman demo_idf fit read_idf",
        "infiltration": "curve_number curve_number_map excess for_moisture",
        "picture": "Around flood_map",
        "rain": "Hyetograph alternating_block chicago read_rain uniform",
    }.items()
    for name in names.split()
}  # fmt: skip


def __getattr__(name: str) -> Any:
    if name not in DOORS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{DOORS[name]}"), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *DOORS])
