"""{% load emergency_damage %}: what was typed for a part of a home, so that a form comes back as it was sent."""

from __future__ import annotations

from collections.abc import Mapping

from django import template

register = template.Library()


@register.filter
def had(typed: Mapping[str, str], part: str) -> str:
    """The quantity that was typed for a part."""
    return typed.get(f"qty-{part}", "")


@register.filter
def share_of(typed: Mapping[str, str], part: str) -> str:
    """The percent that was typed for a part."""
    return typed.get(f"share-{part}", "")
