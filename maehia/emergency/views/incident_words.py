"""States, levels and hazards of an incident in the language of the page."""

from __future__ import annotations

from django.utils.translation import gettext

from maehia.emergency.models import Incident
from maehia.emergency.workflow import HAZARDS, HAZARDS_EN, INCIDENT, LEVELS
from maehia.web.registry import in_language

TAGS = {"new": "open", "active": "late", "recovery": "work", "closed": "wait"}
HAZARDS_TH = dict(HAZARDS)


def state_name(code: str) -> str:
    """A state in words; the code itself when the table has none such."""
    state = INCIDENT.states.get(code)
    return in_language(state.th, state.en) if state else code


def state_words(incident: Incident) -> str:
    return state_name(incident.state)


def state_tag(incident: Incident) -> str:
    """Colour of the state's tag."""
    return TAGS.get(INCIDENT.states[incident.state].kind, "wait")


def level_name(level: int) -> str:
    return in_language(*LEVELS[level]) if level in LEVELS else gettext("ยังไม่ระบุระดับ")


def level_words(incident: Incident) -> str:
    return level_name(incident.level)


def hazard_name(code: str) -> str:
    return in_language(HAZARDS_TH.get(code, code), HAZARDS_EN.get(code, code))


def hazard_words(incident: Incident) -> str:
    return hazard_name(incident.hazard)
