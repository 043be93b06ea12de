"""A case moves from state to state: the one write path, by the one transition table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from maehia.kit.clock import now
from maehia.services import workflow
from maehia.services.actions.base import (
    STATE_COLUMNS,
    answered,
    append,
    locked,
    pauses_of,
    refused,
    save,
    set_due,
    set_state,
)
from maehia.services.actions.hooks import dues, missing, withdrawn
from maehia.services.actions.releasing import hide_photos
from maehia.services.actions.telling import tell
from maehia.services.models import Case, CaseEvent, ClockPause
from maehia.services.queries.current import definition_of
from maehia.services.queries.photos import after_photos as count_after_photos
from maehia.services.rules.guards import Asked, first_failed

PAUSE_CAUSES = {"waiting_citizen": "รอข้อมูลจากผู้แจ้ง", "returned": "รอเอกสารเพิ่มเติมจากผู้ยื่น", "payment": "รอชำระเงิน"}
CLOSED_CAUSE = "ช่วงที่ปิดเรื่องไว้"
TELLS = {"waiting_citizen": "case.question", "fixed": "case.closed", "cannot_fix": "case.closed",
         "not_ours": "case.closed", "forwarded": "case.closed", "cancelled": "case.closed", "issued": "case.closed",
         "refused": "case.closed", "revoked": "case.closed", "withdrawn": "case.closed"}  # fmt: skip
# Who speaks for the town; what anybody else writes is shown to nobody before an officer releases it.
TOWN = ("user:", "system:", "cli:")
SILENT = ("moderated", "erased", "draft", "unconfirmed", "duplicate", "closure_requested")


@dataclass(frozen=True, slots=True)
class Said:
    """What comes with a move. note: words for the citizen; internal: for the files."""

    note: str = ""
    internal: str = ""
    question: str = ""
    receiver: str = ""
    planned_on: date | None = None
    after_photos: Sequence[UUID] = ()
    reopen_photos: Sequence[UUID] = ()
    parent: UUID | None = None
    told_before: bool = False


@transaction.atomic
def move(
    case_id: UUID | str,
    to: str,
    *,
    by: str,
    version: int | None = None,
    note: str = "",
    internal: str = "",
    question: str = "",
    receiver: str = "",
    planned_on: date | None = None,
    after_photos: Sequence[UUID] = (),
    reopen_photos: Sequence[UUID] = (),
    parent: UUID | None = None,
    told_before: bool = False,
    event_at: datetime | None = None,
    origin: str = "",
) -> Case:
    """Move a case. version: as the one who asks has seen it; another one raises Stale.

    Raises ProblemError: no_case, stale_case, move_refused, own_step (of an application), still_merged, guard_<name>.
    """
    said = Said(note, internal, question, receiver, planned_on, after_photos, reopen_photos, parent, told_before)
    case = locked(case_id, version)
    if workflow.is_own_step(case.kind, case.state, to):
        raise refused("own_step", "ขั้นตอนนี้ของคำขอต้องมีความเห็นหรือการลงนาม", case.number, "ทำขั้นตอนนี้ในหน้าคำขอ")
    check(case, to, by, said)
    apply(case, to, by=by, said=said, event_at=event_at, origin=origin)
    if to == "withdrawn":
        withdrawn(case, by)
        case = locked(case.pk)  # what was taken back is a line of the history too
    return case


def check(case: Case, to: str, by: str, said: Said) -> None:
    """Whether the table has the move and its guards hold. Raises ProblemError."""
    step = workflow.find_move(case.kind, case.state, to, case.state_before)
    here = workflow.state(case.kind, case.state)
    if step is None or (step.by_system and not by.startswith("system:")):
        known = workflow.KINDS[case.kind].get(to)
        raise refused("move_refused", f"เรื่องที่ “{here.th}” เปลี่ยนเป็น “{known.th if known else to}” ไม่ได้",
                      where=case.number, fix="เลือกขั้นตอนที่ระบบเสนอ")  # fmt: skip
    if case.state == "duplicate" and case.parent_id is not None and not step.by_system:
        raise refused("still_merged", "เรื่องนี้รวมอยู่กับเรื่องหลัก", case.number, "แยกออกจากเรื่องหลักก่อน")
    if (found := first_failed(step.guards, asked(case, to, by, said))) is not None:
        raise refused(found.code, found.what, case.number, found.fix)


def asked(case: Case, to: str, by: str, said: Said) -> Asked:
    """What the guards look at."""
    d = definition_of(case)
    events = list(CaseEvent.objects.filter(case_id=case.pk).order_by("seq").values("kind", "state", "actor", "value"))
    moves = [e for e in events if e["kind"] == "state"]
    return Asked(
        here=case.state, to=to, now=now(), asked_by=by, note=said.note, internal=said.internal,
        after_photos=_after_photos(case), needs_after_photo=d.needs_after_photo, second_eyes=d.second_eyes,
        last_actor=moves[-1]["actor"] if moves else "", question=said.question, receiver=said.receiver,
        planned_on=said.planned_on, parent_stands=said.parent is not None, reopen_photos=len(said.reopen_photos),
        closed_at=case.closed_at, reopen_days=d.reopen_days, by_staff=by.startswith("user:") and not _own(case, by),
        told_before=said.told_before or by.startswith("system:"), signed=_signed(events, to),
        gaps_listed=sum(e["state"] == "returned" for e in moves), missing=missing(case, d), due=dues(case),
    )  # fmt: skip


def _after_photos(case: Case) -> int:
    """After-photos that stand in the files; those of work that did not hold (before a reopening) do not count."""
    last = CaseEvent.objects.filter(case_id=case.pk, kind="state", value__reopened=True).order_by("-seq").first()
    return count_after_photos(case.pk, last.recorded_at if last else None)


def _own(case: Case, by: str) -> bool:
    """Whether the account stands behind the case itself: a citizen with a log-in, not an officer."""
    from maehia.services.models import Party

    key = by.partition(":")[2]
    return by.startswith("user:") and Party.objects.filter(case_id=case.pk, account_id=key).exists()


def _signed(events: Sequence[Mapping[str, Any]], to: str) -> bool:
    """Whether the last signature since the last decision stage is for this outcome."""
    outcome, signed = {"payment": "issued"}.get(to, to), False  # a fee is asked for what was granted
    for event in events:
        if event["kind"] == "sign":
            signed = event["value"].get("outcome") == outcome
        elif event["kind"] == "state" and event["state"] == "decision":
            signed = False  # looked at anew: what was signed before holds no more
    return signed


def apply(
    case: Case, to: str, *, by: str, said: Said, event_at: datetime | None = None, origin: str = "", quiet: bool = False
) -> None:
    """Make a move that was checked: state, clocks, history, messages."""
    was = workflow.state(case.kind, case.state)
    will = workflow.state(case.kind, to)
    columns = [*STATE_COLUMNS, *answered(case, by)]
    set_state(case, to)
    columns += _run_clocks(case, was, will)
    if will.type in ("fixed", "closed"):
        case.closed_at = now()
        columns.append("closed_at")
    reopened = was.type in ("fixed", "closed") and will.type == "open"
    if reopened:
        case.closed_at = None
        case.reopened += was.code != "duplicate"  # taken out of another case: nobody said that work did not hold
        columns += ["closed_at", "reopened"]
    public = will.type != "hidden"
    if not public:
        hide_photos(case.pk)
    _, private = between(by, said.note, said.question)
    if public and said.note and not private:
        case.last_note = said.note
        columns.append("last_note")
    _write_lines(case, to, by, said, reopened=reopened and was.code != "duplicate", event_at=event_at, origin=origin)
    save(case, *columns, public=public)
    asked_before = was.type == "hidden" and will.clock == "pause"  # the question was put before the case was hidden
    if public and not quiet and to not in SILENT and not asked_before:
        event = TELLS.get(to, "case.state")
        words = {"question": private or said.note, "note": "" if private else said.note}
        name = "question" if event == "case.question" else "note"
        tell(case, event, {name: words[name]})


def between(by: str, note: str, question: str) -> tuple[str, str]:
    """(kind of line, words) of what is said with a move between the citizen and her officer alone: the question, or
    the citizen's own words. Empty for the town's words, which everybody may read where the case is public.
    """
    if question:
        return "question", question
    return ("answer", note) if note and not by.startswith(TOWN) else ("", "")


def _write_lines(
    case: Case, to: str, by: str, said: Said, *, reopened: bool, event_at: datetime | None, origin: str
) -> None:
    photos = [str(photo) for photo in (*said.after_photos, *said.reopen_photos)]
    given = {
        "from": case.state_before, "reopened": reopened, "receiver": said.receiver, "photos": photos,
        "planned_on": said.planned_on.isoformat() if said.planned_on else "",
    }  # fmt: skip
    value: dict[str, Any] = {name: part for name, part in given.items() if part}
    kind, private = between(by, said.note, said.question)
    append(case, "state", by=by, state=to, value=value, note="" if private else said.note, event_at=event_at,
           origin=origin, is_public=workflow.state(case.kind, to).type != "hidden")  # fmt: skip
    if private:
        append(case, kind, by=by, note=private, is_public=False, event_at=event_at)
    if said.internal:
        append(case, "note", by=by, note=said.internal, is_public=False)


def _run_clocks(case: Case, was: workflow.State, will: workflow.State) -> tuple[str, ...]:
    """Open or end a pause where the clock of the two states differs; hidden states leave the clock as it was."""
    ended = ("fixed", "closed")
    if was.type in ended and case.closed_at and (will.clock == "run" or will.type in ended):
        ClockPause(case_id=case.pk, start=case.closed_at, end=now(), cause=CLOSED_CAUSE).save(force_insert=True)
    elif was.clock == "pause" and will.clock in ("run", "stop"):
        ClockPause.objects.filter(case_id=case.pk, end=None).update(end=now())
    elif will.clock == "pause" and not ClockPause.objects.filter(case_id=case.pk, end=None).exists():
        ClockPause(case_id=case.pk, start=now(), cause=PAUSE_CAUSES.get(will.code, will.th)).save(force_insert=True)
    else:
        return ()
    set_due(case, pauses_of(case))
    return ("due_at", "answer_due_at")
