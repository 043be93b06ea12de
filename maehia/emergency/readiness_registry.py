"""What readiness brings: its own checks, who is told of a crossing, and the texts of it."""

from __future__ import annotations

from maehia.emergency.actions import readiness_tell, thresholds
from maehia.message.registry import templates


def register() -> None:
    """Called once at start."""
    templates.add(readiness_tell.CROSSED)
    thresholds.on_crossed(readiness_tell.tell)
