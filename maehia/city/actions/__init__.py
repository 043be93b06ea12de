"""Verbs of the register. Its rows are written by the projection only; readings are appended."""

from maehia.city.actions.project import Checked, check_projection, refresh
from maehia.city.actions.quantities import load_quantities
from maehia.city.actions.readings import Reading, add_readings
from maehia.city.actions.town import set_town

__all__ = ["Checked", "Reading", "add_readings", "check_projection", "load_quantities", "refresh", "set_town"]
