"""Hazard x exposure x vulnerability: who is affected, what is lost, how often, and how recovery runs."""

from maehia.impact.assess import Prepared, assess, prepare
from maehia.impact.curves import Curves, CurveWarning
from maehia.impact.errors import ArgumentError
from maehia.impact.exceedance import Annual, YearEvents
from maehia.impact.exposure import Exposure, Metric
from maehia.impact.grid import Grid
from maehia.impact.hazard import Hazard
from maehia.impact.link import nearest_cell
from maehia.impact.local import intensity_map
from maehia.impact.result import Impact
from maehia.impact.terms import Terms
from maehia.impact.warm import warm

__all__ = [
    "Annual",
    "ArgumentError",
    "CurveWarning",
    "Curves",
    "Exposure",
    "Grid",
    "Hazard",
    "Impact",
    "Metric",
    "Prepared",
    "Terms",
    "YearEvents",
    "assess",
    "intensity_map",
    "nearest_cell",
    "prepare",
    "warm",
]
