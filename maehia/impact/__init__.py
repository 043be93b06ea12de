"""Hazard x exposure x vulnerability: who is affected, what is lost, how often, and how recovery runs."""

from maehia.impact.errors import ArgumentError
from maehia.impact.grid import Grid
from maehia.impact.hazard import Hazard

__all__ = ["ArgumentError", "Grid", "Hazard"]
