"""Questions that the citizen does not answer: she is reminded once, and later the case is cancelled."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from maehia.base import BANGKOK
from maehia.kit.clock import now
from maehia.services.actions.base import append, locked, save
from maehia.services.actions.moving import move
from maehia.services.actions.telling import tell
from maehia.services.models import Case, CaseEvent, ClockPause
from maehia.services.queries.current import definition_of
from maehia.web.formats import show_date

BY = "system:clock"
REMIND_BEFORE = timedelta(days=3)
ENDS = {"waiting_citizen": "cancelled", "returned": "withdrawn"}
UNANSWERED = "ไม่ได้รับคำตอบภายในเวลาที่แจ้งไว้"


def look(at: datetime | None = None) -> tuple[int, int]:
    """(reminded, ended) of the cases that wait for their citizen. Run by the worker under services.clock."""
    moment = at or now()
    reminded = ended = 0
    open_pauses = ClockPause.objects.filter(end=None, case__state__in=tuple(ENDS)).values_list("case_id", "start")
    for case_id, start in list(open_pauses):
        case = locked(case_id)
        if not _still_waits(case, start):
            continue
        last = start + timedelta(days=definition_of(case).answer_days)
        told = _told_until(case, start)
        if told is not None and moment >= last and _day(moment) > _day(told):
            move(case_id, ENDS[case.state], by=BY, note=UNANSWERED, told_before=True)
            ended += 1
        elif moment >= last - REMIND_BEFORE and told is None:
            until = max(last, moment + REMIND_BEFORE)
            append(case, "note", by=BY, is_public=False, value={"reminded": True, "until": until.isoformat()})
            save(case)
            tell(case, "case.reminder", {"until": show_date(until)})
            reminded += 1
    return reminded, ended


def _still_waits(case: Case, start: datetime) -> bool:
    """She may have answered between the listing and the lock."""
    return case.state in ENDS and ClockPause.objects.filter(case_id=case.pk, start=start, end=None).exists()


def _told_until(case: Case, start: datetime) -> datetime | None:
    """The last day that the reminder named; None when she was not reminded of this question."""
    lines = CaseEvent.objects.filter(case_id=case.pk, value__reminded=True, recorded_at__gte=start).order_by("-seq")
    line = lines.first()
    return datetime.fromisoformat(line.value["until"]) if line else None


def _day(moment: datetime) -> date:
    return moment.astimezone(BANGKOK).date()
