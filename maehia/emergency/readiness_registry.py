"""What readiness brings: its own checks, who is told of a crossing, and the texts of it."""

from __future__ import annotations

from maehia.emergency.actions import readiness_tell, thresholds
from maehia.emergency.queries import readiness_checks
from maehia.emergency.views import readiness_lines, readiness_menu
from maehia.message.registry import templates


def register() -> None:
    """Called once at start."""
    templates.add(readiness_tell.CROSSED)
    thresholds.on_crossed(readiness_tell.tell)
    for key, check, th, en, order, modes in readiness_lines.CHECKS:
        readiness_checks.add(key, check, th=th, en=en, order=order, modes=modes)
    readiness_menu.register()
