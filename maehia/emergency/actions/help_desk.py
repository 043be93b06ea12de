"""What the desk does with a request for help: triage, a team, its times, the end. By the table of moves alone."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from maehia.base import Problem
from maehia.emergency.actions.guards import provide
from maehia.emergency.actions.help import held, note_event, tell_log
from maehia.emergency.actions.incidents import refused
from maehia.emergency.models import HelpRequest, Incident, Team
from maehia.emergency.queries.help import open_count
from maehia.emergency.rules import help as rules
from maehia.emergency.rules.help_data import clocks
from maehia.emergency.rules.help_machine import HELP, OPEN
from maehia.kit import clock
from maehia.thai import clean_text

AHEAD = timedelta(minutes=5)


def triage(key: UUID, priority: int, *, version: int | None = None, note: str = "") -> HelpRequest:
    """Say how urgent it is, P1 to P4; on one that is open already, say it anew.

    Raises ProblemError: no_request, stale_request, bad_priority, move_refused.
    """
    if priority not in (1, 2, 3, 4):
        raise refused("bad_priority", "ลำดับความเร่งด่วนต้องเป็น P1 ถึง P4", "priority", "เลือกลำดับ")
    row = held(key, version)
    if row.state == "new":
        return move(key, "triaged", priority=priority, note=note)
    if row.state not in OPEN:
        raise refused("move_refused", "คำขอนี้ปิดแล้ว", rules.show_code(row.code), "เปิดคำขออีกครั้งก่อน")
    before, row.priority = row.priority, priority
    set_there_due(row)
    save(row)
    note_event(row, row.state, note, priority=priority, priority_before=before)
    tell_log(row, row.state, priority_before=before)
    return row


def assign(key: UUID, team: UUID, *, version: int | None = None, event_at: datetime | None = None) -> HelpRequest:
    """Give it to a team of the same incident. Raises ProblemError: no_team and those of `move`."""
    return move(key, "assigned", version=version, team=team, event_at=event_at)


def resolve(key: UUID, note: str, *, version: int | None = None, event_at: datetime | None = None) -> HelpRequest:
    """Helped. note: what was done. Raises ProblemError as `move`."""
    return move(key, "resolved", version=version, note=note, event_at=event_at)


def move(
    key: UUID,
    to: str,
    *,
    version: int | None = None,
    event_at: datetime | None = None,
    note: str = "",
    priority: int | None = None,
    team: UUID | None = None,
    original: UUID | None = None,
) -> HelpRequest:
    """Move a request by the table. event_at: when it happened, for times that the radio brings late.

    Raises ProblemError: no_request, stale_request, move_refused, needs_reason, needs_priority, no_team, no_original,
    time_ahead, before_asked.
    """
    row = held(key, version)
    found = HELP.find(row.state, to)
    if found is None:
        raise refused("move_refused", f"จากสถานะ “{HELP.states[row.state].th}” ไปสถานะนี้ไม่ได้", to, "เลือกสถานะที่มีให้เลือก")
    if "reason" in found.guards and not clean_text(note):
        raise refused("needs_reason", "ต้องบอกเหตุผล", "note", "เขียนสั้น ๆ ว่าเพราะอะไร")
    when = checked_time(row, event_at)
    before = row.state
    fill(row, to, priority=priority, team=team, original=original)
    row.state = to
    set_times(row, to, when)
    save(row)
    note_event(row, before, clean_text(note), event_at=when, team=str(row.team_id) if row.team_id else None)
    tell_log(row, before, event_at=when, team=str(row.team_id) if row.team_id else None,
             minutes=round((when - row.asked_at).total_seconds() / 60, 1))  # fmt: skip
    return row


def checked_time(row: HelpRequest, event_at: datetime | None) -> datetime:
    moment = clock.now()
    if event_at and event_at > moment + AHEAD:
        raise refused("time_ahead", "เวลาที่เกิดอยู่ในอนาคต", "event_at", "ตรวจวันและเวลา")
    if event_at and event_at < row.asked_at:
        raise refused("before_asked", "เวลานี้อยู่ก่อนเวลาที่แจ้ง", "event_at", "ตรวจวันและเวลา")
    return event_at or moment


def fill(row: HelpRequest, to: str, *, priority: int | None, team: UUID | None, original: UUID | None) -> None:
    """What the state asks for stands on the row, or it is refused."""
    if to == "triaged":
        row.priority, row.team = priority or row.priority, None
        if row.priority is None:
            raise refused("needs_priority", "ต้องเลือกลำดับความเร่งด่วน", "priority", "เลือก P1 ถึง P4")
        set_there_due(row)
    elif to == "assigned":
        row.team = team_of(row, team)
    elif to == "duplicate":
        row.same_as = original_of(row, original)
    elif to == "new":
        row.same_as, row.same_why = None, ""


def team_of(row: HelpRequest, team: UUID | None) -> Team:
    held = Team.objects.filter(ended_at=None)
    found = held.filter(pk=team, incident_id=row.incident_id).first() if team and row.incident_id else None
    if found is None:
        raise refused("no_team", "ไม่มีชุดปฏิบัติการนี้ในเหตุการณ์", "team", "เลือกชุดที่ยังปฏิบัติงานอยู่")
    return found


def original_of(row: HelpRequest, original: UUID | None) -> HelpRequest:
    """The earlier request; a chain is followed to its head, so that no two point at each other."""
    key = original or row.same_as_id
    found = HelpRequest.objects.filter(pk=key).first() if key else None
    while found is not None and found.state == "duplicate" and found.same_as is not None and found.pk != row.pk:
        found = found.same_as
    if found is None or found.pk == row.pk:
        raise refused("no_original", "ต้องเลือกคำขอที่แจ้งมาก่อน", "original", "เลือกคำขออื่นที่เป็นเรื่องเดียวกัน")
    return found


def set_there_due(row: HelpRequest) -> None:
    _, row.there_due = rules.due(rules.clock_of(clocks(), clock.today()), row.asked_at, row.priority)


def set_times(row: HelpRequest, to: str, when: datetime) -> None:
    if row.triaged_at is None:
        row.triaged_at = when
    if to == "on_scene":
        row.there_at = when
    row.ended_at = when if HELP.states[to].kind == "done" else None


def save(row: HelpRequest) -> None:
    row.version += 1
    row.save()


def keep_apart(key: UUID, *, version: int | None = None) -> HelpRequest:
    """The desk has looked: it is not the same as the one it was linked to. A joined one becomes a request again."""
    row = held(key, version)
    if row.state == "duplicate":
        return move(key, "new", note="ไม่ใช่คำขอเดียวกัน")
    row.same_as, row.same_why = None, ""
    save(row)
    note_event(row, row.state, kept_apart=True)
    return row


def take_in(key: UUID, incident: Incident, *, version: int | None = None) -> HelpRequest:
    """The duty officer takes a request that waited outside of any incident into one. Raises ProblemError taken_in."""
    row = held(key, version)
    if row.incident_id is not None:
        raise refused("taken_in", "คำขอนี้อยู่ในเหตุการณ์แล้ว", rules.show_code(row.code))
    row.incident = incident
    save(row)
    note_event(row, row.state, taken_in=str(incident.pk))
    tell_log(row, row.state, event_at=row.asked_at, taken_in=True)
    return row


def _requests_done(incident: Incident, _told: Any) -> Problem | None:
    count = open_count(incident)
    if not count:
        return None
    words = f"ยังมีคำขอความช่วยเหลือที่ไม่จบ {count} รายการ"
    return Problem("guard_requests_done", words, incident.number, "ปิดหรือส่งต่อทุกคำขอก่อน")


provide("requests_done", _requests_done)
