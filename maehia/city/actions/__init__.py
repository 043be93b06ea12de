"""Verbs of the register. Its rows are written by the projection only; readings are appended."""

from maehia.city.actions.calendar import announce_day, withdraw_day
from maehia.city.actions.correct import Corrected, correct, undo_correct, undo_ruling
from maehia.city.actions.keys import NewKey, make_reading_key, reading_key, revoke_reading_key
from maehia.city.actions.one import refresh_one
from maehia.city.actions.project import Checked, check_projection, refresh
from maehia.city.actions.quantities import load_quantities
from maehia.city.actions.readings import Reading, add_readings
from maehia.city.actions.town import change_town, differences, set_town, undo_town_change

__all__ = [
    "Checked",
    "Corrected",
    "NewKey",
    "Reading",
    "add_readings",
    "announce_day",
    "change_town",
    "check_projection",
    "correct",
    "differences",
    "load_quantities",
    "make_reading_key",
    "reading_key",
    "refresh",
    "refresh_one",
    "revoke_reading_key",
    "set_town",
    "undo_correct",
    "undo_ruling",
    "undo_town_change",
    "withdraw_day",
]
