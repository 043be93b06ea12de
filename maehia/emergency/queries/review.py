"""What an incident's log shows afterwards, and which corrections are due."""

from __future__ import annotations

from datetime import date
from functools import cache
from importlib.resources import files

import yaml

from maehia.emergency.models import CorrectiveAction, Incident
from maehia.emergency.queries import log
from maehia.emergency.queries.recovery import recovery
from maehia.emergency.rules.review import Observation, Term, observations, of_recovery
from maehia.kit import clock


@cache
def terms() -> tuple[Term, ...]:
    """The bars of this version (data/review.yaml)."""
    data = yaml.safe_load((files("maehia.emergency") / "data" / "review.yaml").read_text("utf-8"))
    return tuple(Term(**row) for row in data["terms"])


def observed(incident: Incident) -> list[Observation]:
    """Strengths and gaps that the log itself shows: times, shares, and targets of lifelines."""
    return [*observations(log.lines(incident.pk), terms()), *of_recovery(recovery(incident).courses)]


def overdue(day: date | None = None) -> list[CorrectiveAction]:
    """Corrections of the context's mode past their day and not verified, the oldest first."""
    rows = CorrectiveAction.objects.filter(due__lt=day or clock.today()).exclude(state="verified")
    return list(rows.select_related("finding__review__incident").order_by("due"))


def unfinished() -> list[CorrectiveAction]:
    """All corrections that are not verified."""
    rows = CorrectiveAction.objects.exclude(state="verified")
    return list(rows.select_related("finding__review__incident").order_by("due"))
