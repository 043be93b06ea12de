"""What every write on a case has in common: the lock, the version, the line of history, the clocks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from maehia.base import Problem, ProblemError
from maehia.city.queries.calendar import working_calendar
from maehia.kit.clock import now
from maehia.services import workflow
from maehia.services.models import Case, CaseEvent, ClockPause
from maehia.services.rules.chain import START, Line, line_hash
from maehia.services.rules.clock import Pause, Promise, due_at
from maehia.thai import WorkingCalendar

OPENED_AT_THE_EARLIEST = 2000  # a year; an event of before is a slip of the pen


class Stale(ProblemError):
    """Somebody else changed the case since it was read. case: as it stands now."""

    def __init__(self, case: Case) -> None:
        super().__init__(
            Problem("stale_case", "มีเจ้าหน้าที่อีกคนแก้ไขเรื่องนี้ไปแล้ว", where=case.number, fix="อ่านความคืบหน้าล่าสุดแล้วบันทึกอีกครั้ง")
        )
        self.case = case


def refused(code: str, what: str, where: str = "", fix: str = "") -> ProblemError:
    return ProblemError(Problem(code, what, where, fix))


def locked(case_id: UUID | str, version: int | None = None) -> Case:
    """The case, locked until the end of the transaction. Raises ProblemError no_case, Stale for another version."""
    case = (
        Case.objects.select_for_update(of=("self",)).select_related("definition").defer("definition__definition")
        .filter(pk=case_id).first()
    )  # fmt: skip
    if case is None or case.state == "erased":  # nobody writes about people on what was erased
        raise refused("no_case", "ไม่พบเรื่องนี้ หรือคุณไม่มีสิทธิ์เปิด", fix="ตรวจเลขที่เรื่องอีกครั้ง")
    if version is not None and version != case.version:
        raise Stale(case)
    return case


def append(case: Case, kind: str, **told: Any) -> CaseEvent:
    """Add a line to the history of a locked case (see `next_line`). The caller saves the case."""
    event = next_line(case, kind, **told)
    event.save(force_insert=True)
    return event


def next_line(
    case: Case,
    kind: str,
    *,
    by: str,
    value: Mapping[str, Any] | None = None,
    note: str = "",
    is_public: bool = True,
    state: str = "",
    event_at: datetime | None = None,
    origin: str = "",
) -> CaseEvent:
    """The next line of a case's history, not stored yet; the case gets its version and head."""
    recorded = now()
    line = Line(str(case.pk), case.version + 1, kind, state, dict(value or {}), note, is_public, by,
                event_at or recorded, recorded)  # fmt: skip
    before = bytes(case.head) or START
    own = line_hash(line, before)
    case.version, case.head = line.seq, own
    return CaseEvent(
        case_id=case.pk, seq=line.seq, kind=kind, state=state, value=line.value, note=note, is_public=is_public,
        actor=by, origin=origin, event_at=line.event_at, recorded_at=recorded, prev_hash=before, hash=own,
    )  # fmt: skip


TOUCHED = ("version", "head")


def save(case: Case, *columns: str, public: bool = False) -> None:
    """Write what changed. public: visitors see the change, so that it counts as the last update."""
    names = {*TOUCHED, *columns}
    if public:
        case.updated_at = now()
        names.add("updated_at")
    case.save(update_fields=sorted(names))


def set_state(case: Case, to: str) -> None:
    """The columns of a state; the caller has checked the move."""
    case.state_before, case.state = case.state, to
    case.state_type = workflow.state(case.kind, to).type


STATE_COLUMNS = ("state", "state_before", "state_type")


def promise_of(data: Mapping[str, Any] | None) -> Promise | None:
    """A promise as it was copied to the case."""
    return Promise(data["amount"], data["unit"], data.get("count_first_day", False)) if data else None


def pauses_of(case: Case) -> list[Pause]:
    return [Pause(row.start, row.end, row.cause) for row in ClockPause.objects.filter(case_id=case.pk)]


def set_due(case: Case, pauses: Sequence[Pause] = (), calendar: WorkingCalendar | None = None) -> None:
    """Count both clocks anew from what was promised. An open pause leaves no due moment."""
    calendar = calendar or working_calendar()
    for column, name in (("due_at", "resolve"), ("answer_due_at", "first_answer")):
        promise = promise_of(case.promise.get(name))
        setattr(case, column, due_at(case.received_at, promise, pauses, calendar) if promise else None)


def answered(case: Case, by: str) -> tuple[str, ...]:
    """The first move by staff is the first answer."""
    if case.answered_at is None and by.startswith("user:"):
        case.answered_at = now()
        return ("answered_at",)
    return ()
