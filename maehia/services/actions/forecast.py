"""When the working calendar changes, what was promised is counted anew: open cases only, and not what was due before.

A special holiday that is announced moves the due moment of every open case whose promise runs over it; the history of
the case says so. Closed cases, first answers that were given, and promises that had ended keep what they had.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from maehia.base import BANGKOK
from maehia.city.models import AnnouncedDay
from maehia.city.queries.calendar import working_calendar
from maehia.kit.acting import MODES, acting
from maehia.kit.clock import now
from maehia.kit.jobs import enqueue
from maehia.services.actions.base import append, locked, pauses_of, save, set_due
from maehia.services.models import Case
from maehia.services.rules.clock import Pause
from maehia.thai import WorkingCalendar
from maehia.web.formats import show_datetime

BY, PURPOSE, JOB = "system:clock", "services.clock", "services.forecast"
BATCH = 500
Due = tuple[datetime | None, datetime | None]


def announced(sender: type[AnnouncedDay], instance: AnnouncedDay, **_signal: Any) -> None:
    """A day was announced or taken back: count anew after the commit, in the worker."""
    enqueue(JOB, actor=BY, purpose=PURPOSE, day=instance.pk)


def known_since(row: AnnouncedDay, moment: datetime) -> datetime:
    """From when a change of the calendar was known; a promise that ended before it is not touched."""
    if row.withdrawn_at or row.announced is None:
        return min(row.withdrawn_at or moment, moment)
    return min(datetime.combine(row.announced, time(), BANGKOK), moment)


def after_day(row_id: int) -> int:
    """Count anew because of one day; how many cases moved. Opens its own contexts."""
    row = AnnouncedDay.objects.filter(pk=row_id).first()
    return run(known_since(row, now())) if row else 0


def run(since: datetime | None = None) -> int:
    """Count every open case anew that was not due before `since` (default: now); how many moved.

    Each case in a transaction of its own; safe to repeat. Opens its own contexts, for both modes.
    """
    moment, moved = since or now(), 0
    for mode in MODES:
        with acting(BY, PURPOSE, mode=mode):
            keys = list(changed(moment, working_calendar()))
        for key in keys:
            with acting(BY, PURPOSE, mode=mode):
                moved += _again(key, moment)
    return moved


def _running(since: datetime) -> QuerySet[Case]:
    waits = Q(answered_at=None, answer_due_at__gte=since)
    return Case.objects.filter(Q(due_at__gte=since) | waits, state_type="open")


def changed(since: datetime, calendar: WorkingCalendar) -> Iterator[UUID]:
    """Keys of the open cases whose due moments another calendar moves. Nothing is written."""
    rows = _running(since).prefetch_related("pauses").order_by("received_at", "pk")
    for case in rows.iterator(BATCH):
        was = (case.due_at, case.answer_due_at)
        pauses = [Pause(p.start, p.end, p.cause) for p in case.pauses.all()]
        if _counted(case, pauses, since, calendar) != was:
            yield case.pk


def _counted(case: Case, pauses: list[Pause], since: datetime, calendar: WorkingCalendar) -> Due:
    """Set the due moments of a case by this calendar; what was due before, and an answer that was given, stay."""
    due, answer = case.due_at, case.answer_due_at
    set_due(case, pauses, calendar)
    if due is None or due < since:
        case.due_at = due
    if case.answered_at is not None or answer is None or answer < since:
        case.answer_due_at = answer
    return case.due_at, case.answer_due_at


def _again(key: UUID, since: datetime) -> bool:
    case = locked(key)
    was = (case.due_at, case.answer_due_at)
    if case.state_type != "open" or _counted(case, pauses_of(case), since, working_calendar()) == was:
        return False
    moved = case.due_at != was[0] and case.due_at is not None
    words = f"กำหนดแล้วเสร็จเป็น {show_datetime(case.due_at)} เพราะปฏิทินวันทำการเปลี่ยน" if moved and case.due_at else ""
    append(case, "note", by=BY, note=words, is_public=moved, value={"due": _text(case.due_at), "was": _text(was[0])})
    save(case, "due_at", "answer_due_at", public=moved)
    return True


def _text(moment: datetime | None) -> str:
    return moment.isoformat() if moment else ""
