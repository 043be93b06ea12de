"""{% load emergency_tags %}: words and tabs of an incident."""

from __future__ import annotations

from typing import Any

from django import template

from maehia.emergency.models import Incident
from maehia.emergency.views import incident_words as words
from maehia.emergency.views.incident_tabs import groups_of, tabs_of

register = template.Library()

register.filter("state_words", words.state_words)
register.filter("state_tag", words.state_tag)
register.filter("level_words", words.level_words)
register.filter("hazard_words", words.hazard_words)


@register.inclusion_tag("emergency/parts/tabs.html", takes_context=True)
def incident_tabs(context: template.RequestContext, incident: Incident, current: str = "") -> dict[str, Any]:
    """The parts of an incident in two rows of links: groups, and the parts of the open one. current: key of a part."""
    request = context["request"]
    return {"groups": groups_of(request, incident, current), "parts": tabs_of(request, incident, current)}
