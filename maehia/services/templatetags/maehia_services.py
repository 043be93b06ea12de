"""{% load maehia_services %}: the state of a case as a tag."""

from __future__ import annotations

from django import template
from django.utils.safestring import SafeString

from maehia.services.views.follow_page import state_words, tag_of
from maehia.web.templatetags.maehia_web import status

register = template.Library()


@register.simple_tag
def case_state(code: str, kind: str = "report") -> SafeString:
    """Colour, icon and word of a state."""
    made: SafeString = status(tag_of(code), state_words(kind, code))
    return made
