"""What exercises do by the clock: tell the injects whose minute has come."""

from __future__ import annotations

from maehia.emergency.actions import exercise_readings, exercises
from maehia.emergency.models import Exercise
from maehia.kit.acting import acting
from maehia.kit.jobs import periodic

__all__ = ["exercise_readings", "tell_injects"]


@periodic("emergency.exercises", "* * * * *")
def tell_injects() -> None:
    """Each minute, every exercise whose clock runs."""
    with acting("system:exercise", "emergency.command", mode="exercise"):
        for row in list(Exercise.objects.exclude(running_since=None)):
            exercises.play_due(row.pk)
