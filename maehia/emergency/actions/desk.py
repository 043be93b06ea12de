"""What is done at the desk of an incident beyond the core: notes, and command that changes hands with a briefing.

Each runs inside `emergency.command` in the mode of the incident.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from maehia.access.models import Account
from maehia.emergency.actions import desk_shifts as shifts
from maehia.emergency.actions import incidents, log
from maehia.emergency.actions.incidents import locked, refused
from maehia.emergency.models import Handover, Incident, LogLine
from maehia.emergency.models.desk import POSTS
from maehia.emergency.queries.desk import briefing
from maehia.kit.notices import notify, register_text

LONGEST = 4000
BEFORE = timedelta(days=1)  # signs of it may be older than what was written down as its beginning
register_text(
    "emergency.handover", "{who} ขอส่งมอบการบังคับบัญชาเหตุ {number} ให้คุณ", "{who} hands command of {number} to you"
)


def note(
    incident: UUID,
    text: str,
    *,
    post: str = "",
    event_at: datetime | None = None,
    point: tuple[float, float] | None = None,
) -> LogLine:
    """Write a line into the log. post: for which post it is written; event_at: when it happened, by default now.

    point: longitude and latitude of where. Raises ProblemError: no_incident, no_text, bad_post, log_ahead,
    before_incident.
    """
    row = locked(incident)
    if not text.strip():
        raise refused("no_text", "บันทึกยังไม่มีข้อความ", "text", "เขียนสิ่งที่เกิดขึ้นหรือสิ่งที่ทำ")
    if post and post not in dict(POSTS):
        raise refused("bad_post", "ไม่มีตำแหน่งนี้", "post", "เลือกตำแหน่งจากรายการ")
    if event_at and event_at < row.started_at - BEFORE:
        raise refused("before_incident", "เวลาที่เกิดอยู่ก่อนเริ่มเหตุการณ์เกินหนึ่งวัน", "event_at", "ตรวจวันและเวลา")
    value = {**({"post": post} if post else {}), **({"point": list(point)} if point else {})}
    return log.append(row, "note", text.strip()[:LONGEST], value=value, event_at=event_at, role=post)


def offer_command(incident: UUID, giver: Account, taker: Account, *, version: int | None = None) -> Handover:
    """Freeze the briefing (ICS 201) as it stands and put it before the one who shall take command.

    Raises ProblemError: no_incident, stale_incident, no_power, handover_open, not_open, to_oneself.
    """
    row = locked(incident, version)
    if row.commander == taker.pk:
        raise refused("to_oneself", "ผู้รับมอบเป็นผู้อำนวยการเหตุการณ์อยู่แล้ว", "taker", "เลือกผู้อื่น")
    made = incidents.ask_handover(row.pk, taker, briefing(row))
    notify(taker.actor, "emergency.handover", f"/staff/emergency/{row.number}/handover/{made.pk}/",
           who=giver.display_name, number=row.number)  # fmt: skip
    return made


def answer_command(handover: Handover, account: Account, *, accept: bool, note: str = "") -> Incident:
    """Take command or refuse it; who takes it stands at the commander's post of the shift that is open.

    Raises ProblemError: not_yours, answered, no_power.
    """
    row = incidents.answer_handover(handover, account, accept=accept, note=note)
    shift = shifts.open_shift_of(row)
    if accept and shift is not None:
        shifts.man(row.pk, "commander", account)
    return row
