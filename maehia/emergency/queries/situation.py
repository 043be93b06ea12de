"""The figures of an incident at a moment, read off its log: what a report freezes and the picture shows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from maehia.emergency.models import Incident, LogLine, SitRep
from maehia.emergency.queries.recovery import recovery
from maehia.emergency.rules.figures import FIGURES, read_off, tally
from maehia.emergency.rules.recovery import as_data
from maehia.web.registry import in_language

COLUMNS = ("seq", "kind", "before", "after", "value", "event_at", "at", "late")


def figures(incident: Incident, moment: datetime) -> dict[str, Any]:
    """Plain numbers as the log stood at a moment (lines written up to it): by key of FIGURES, and the lifelines.

    {"numbers": {key: number}, "level": int, "state": code, "lines": int, "lifelines": [course as data]}.
    """
    found = tally(_lines(incident, moment))
    return {
        "numbers": read_off(found), "level": incident.level, "level_by": incident.level_by, "state": incident.state,
        "lines": found.lines, "late": found.late,
        "lifelines": [as_data(course) for course in recovery(incident, moment).courses],
    }  # fmt: skip


def _lines(incident: Incident, moment: datetime) -> Iterator[LogLine]:
    rows = LogLine.objects.filter(incident=incident, at__lte=moment).order_by("seq").only(*COLUMNS)
    return rows.iterator(chunk_size=5000)


def shown(report: dict[str, Any], *, public: bool = False) -> list[tuple[str, float, str]]:
    """(label, number, unit) of the figures of a report in the language of the page; public: those that all may see."""
    numbers = report["numbers"]
    return [
        (in_language(one.th, one.en), numbers[one.key], in_language(one.unit_th, one.unit_en))
        for one in FIGURES if one.key in numbers and (one.public or not public)
    ]  # fmt: skip


def public_reports(limit: int = 20) -> list[SitRep]:
    """Reports that were made public, the newest first."""
    return list(SitRep.objects.filter(is_public=True).order_by("-ends")[:limit])
