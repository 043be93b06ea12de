"""How a town came back, and what it had meant to do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from maehia.emergency.models import Incident, LifelineTarget, LogLine
from maehia.emergency.rules.recovery import KIND, Course, Target, courses, town_curve
from maehia.impact.recovery import Functionality
from maehia.kit import clock
from maehia.web.formats import local_day


@cache
def shipped() -> dict[str, Any]:
    """The targets of this version (data/lifelines.yaml): valid_from, source, verified, lifelines."""
    found: dict[str, Any] = yaml.safe_load((files("maehia.emergency") / "data" / "lifelines.yaml").read_text("utf-8"))
    return found


def targets(day: date | None = None) -> list[Target]:
    """The targets that stood on a day (default: today): shipped ones, and over them what the town has set."""
    day = day or clock.today()
    found = {row["key"]: Target(row["key"], row["th"], row["en"], row["weight"], tuple(row["hours"]))
             for row in shipped()["lifelines"]}  # fmt: skip
    for row in LifelineTarget.objects.filter(valid_from__lte=day).order_by("order", "key", "valid_from"):
        found[row.key] = Target(row.key, row.name_th, row.name_en or row.name_th, row.weight, tuple(row.hours))
    return list(found.values())


@dataclass(frozen=True, slots=True)
class Recovery:
    """Every lifeline and the whole town over [start, end)."""

    start: datetime
    end: datetime
    courses: Sequence[Course]
    town: Functionality


def recovery(incident: Incident, moment: datetime | None = None) -> Recovery:
    """The way back as the log tells it up to a moment: now, or the end of a closed incident.

    Targets are those of the day on which the incident began: nobody sets the bar after the jump.
    """
    end = moment or incident.closed_at or clock.now()
    start = incident.started_at.astimezone(UTC)
    lines = LogLine.objects.filter(incident=incident, kind=KIND).order_by("seq")
    found = courses(lines, targets(local_day(start)), start, end)
    return Recovery(start, end, found, town_curve(found))
