"""A drill of the ladder: which rungs would have fired in a real week, and whom they would tell. Nothing is sent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q

from maehia.city.queries.calendar import working_calendar
from maehia.services.actions.escalation import BATCH, Reached, _of_case
from maehia.services.models import Case, EscalationRung

WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Drill:
    """looked_at: cases that were open at some moment of the span. fired: rungs reached inside it, by case."""

    start: datetime
    end: datetime
    looked_at: int
    fired: tuple[Reached, ...]


def drill(start: datetime, rungs: Sequence[EscalationRung], span: timedelta = WEEK) -> Drill:
    """Run the ladder over a span of the past, also over cases that have ended since."""
    end, calendar = start + span, working_calendar()
    open_then = Case.objects.filter(received_at__lt=end, due_at__isnull=False).exclude(state_type="hidden")
    open_then = open_then.filter(Q(state_type="open") | Q(closed_at__gt=start)).select_related("definition")
    looked, fired = 0, []
    for case in open_then.defer("definition__definition").iterator(BATCH):
        looked += 1
        until = min(end, case.closed_at) if case.closed_at else end
        before = {one.key for one in _of_case(case, start, rungs, calendar)} if case.received_at < start else set()
        fired += [one for one in _of_case(case, until, rungs, calendar) if one.key not in before]
    return Drill(start, end, looked, tuple(fired))
