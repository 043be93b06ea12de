"""The demo's exercise: prepared from the night script, with invented people of its own, paused and ready."""

from __future__ import annotations

from pathlib import Path

from maehia.emergency import demo
from maehia.emergency.actions import exercises, review
from maehia.emergency.actions.exercise_people import make_people
from maehia.emergency.demo_flood import crew
from maehia.emergency.models import CorrectiveAction, Exercise, Footprint
from maehia.kit.acting import acting

SCRIPT, HOUSES = "flash_flood_night", 300


def load(seed: int, raw: Path) -> int:
    """How many invented people it has. 0 when an exercise stands already."""
    people = crew()
    with acting(people["duty"].actor, "emergency.command", mode="exercise"):
        if Exercise.objects.exists():
            return 0
    with acting(people["duty"].actor, "emergency.command"):
        gaps = list(CorrectiveAction.objects.exclude(state="verified").order_by("due")[:2])
        area = Footprint.objects.order_by("-made_at").values_list("geom", flat=True).first()
    with acting(people["duty"].actor, "emergency.command", mode="exercise"):
        retests = [{"action": str(row.pk), "text": row.text} for row in gaps]
        made = exercises.prepare(SCRIPT, retests=retests, place="ริมลำห้วยกลางเมือง")
    with acting(people["duty"].actor, "emergency.command"):
        for row in gaps:
            review.retest(row.pk, made.incident.number)
    return make_people(made, area, seed=seed, houses=HOUSES) if area is not None else 0


demo.add("exercise", load, order=30)
