"""Smoke: PM2.5 fields from stations, by kriging where it earns it and by inverse distance where that does better.

`Readings` (a long table -> hours x stations -> 24-hour means) -> `Stations` (one moment, checked) -> `make_field` ->
`SmokeField` (value, doubt, unknown) -> `to_hazard`, `ensemble`, `people_by_band`, `draw`.
"""

from typing import TYPE_CHECKING, Any

from maehia.hazards.smoke.aqi import AqiField, Band, aqi_of, bands
from maehia.hazards.smoke.ensemble import ensemble, members
from maehia.hazards.smoke.exposure import Days, People, days_over, people_by_band, people_on
from maehia.hazards.smoke.field import SmokeField, make_field, to_hazard
from maehia.hazards.smoke.methods import idw, krige
from maehia.hazards.smoke.reach import Reach
from maehia.hazards.smoke.readings import Readings
from maehia.hazards.smoke.stations import SmokeWarning, Stations
from maehia.hazards.smoke.trial import Score, Trial, cross_validate
from maehia.hazards.smoke.variogram import PRIOR, Fit, Variogram, fit_variogram

if TYPE_CHECKING:
    from maehia.hazards.smoke.plot import Backdrop, draw

__all__ = [
    "PRIOR",
    "AqiField",
    "Backdrop",
    "Band",
    "Days",
    "Fit",
    "People",
    "Reach",
    "Readings",
    "Score",
    "SmokeField",
    "SmokeWarning",
    "Stations",
    "Trial",
    "Variogram",
    "aqi_of",
    "bands",
    "cross_validate",
    "days_over",
    "draw",
    "ensemble",
    "fit_variogram",
    "idw",
    "krige",
    "make_field",
    "members",
    "people_by_band",
    "people_on",
    "to_hazard",
]


def __getattr__(name: str) -> Any:
    """`draw` and `Backdrop` on first use: a server that computes fields need not load Matplotlib."""
    if name not in ("draw", "Backdrop"):
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from maehia.hazards.smoke import plot

    return getattr(plot, name)
