"""Telling the district and the province: the clock starts when an incident is opened and ends when somebody told them.

The rules are dated data (data/notices.yaml). Nothing here sends anything: a person calls or writes, with ready words.
"""

from __future__ import annotations

from datetime import datetime
from functools import cache
from pathlib import Path
from uuid import UUID

import yaml

from maehia.access.queries import account_of
from maehia.base import BANGKOK
from maehia.city.queries.town import read_town
from maehia.emergency.actions import log
from maehia.emergency.actions.incidents import locked, refused
from maehia.emergency.models import AuthorityNotice, Incident
from maehia.emergency.models.desk import HOWS
from maehia.emergency.rules.notices import NoticeRule, fill, on_day, read_rules
from maehia.emergency.workflow import HAZARDS, LEVELS
from maehia.kit import clock
from maehia.kit.acting import required
from maehia.kit.clock import now
from maehia.thai import format_datetime

FILE = Path(__file__).resolve().parent.parent / "data" / "notices.yaml"


@cache
def shipped() -> tuple[NoticeRule, ...]:
    return tuple(read_rules(yaml.safe_load(FILE.read_text(encoding="utf-8"))["notices"]))


def start_clocks(incident: Incident) -> None:
    """A row for each authority that must be told, due from the moment at which we wrote the incident down."""
    for rule in on_day(shipped(), clock.today()):
        AuthorityNotice.objects.create(
            incident=incident, mode=incident.mode, rule=rule.rule, to_th=rule.to_th, to_en=rule.to_en,
            text=words_for(incident, rule), basis=rule.basis, verified=rule.verified,
            due_at=rule.due(incident.recorded_at),
        )  # fmt: skip


def words_for(incident: Incident, rule: NoticeRule) -> str:
    """The text as the incident stands now; an exercise says so first, so that nobody is frightened."""
    town = read_town()
    commander = account_of(incident.commander) if incident.commander else None
    words = {
        "town": town.name_th if town else "เทศบาล", "number": incident.number, "name": incident.name,
        "hazard": dict(HAZARDS).get(incident.hazard, ""), "place": incident.place or "อยู่ระหว่างตรวจสอบ",
        "started": format_datetime(incident.started_at.astimezone(BANGKOK)),
        "level": LEVELS[incident.level][0] if incident.level else "อยู่ระหว่างประเมิน",
        "commander": commander.display_name if commander else "อยู่ระหว่างแต่งตั้ง",
    }  # fmt: skip
    text = fill(rule.text, words)
    return f"[การฝึกซ้อม ไม่ใช่เหตุจริง]\n{text}" if incident.mode == "exercise" else text


def text_now(notice: AuthorityNotice) -> str:
    """What to say now; after it was sent, what was said then."""
    rule = next((one for one in on_day(shipped(), clock.today()) if one.rule == notice.rule), None)
    return notice.text if notice.sent_at or rule is None else words_for(notice.incident, rule)


def mark_sent(
    incident: UUID, notice: UUID, how: str, receiver: str, *, sent_at: datetime | None = None
) -> AuthorityNotice:
    """Write down that an authority was told: how, who took it, when.

    Raises ProblemError: no_incident, no_notice, notice_sent, no_receiver, bad_how, sent_ahead.
    """
    row, moment = locked(incident), sent_at or now()
    held = AuthorityNotice.objects.select_for_update(of=("self",)).filter(pk=notice, incident=row).first()
    if held is None:
        raise refused("no_notice", "ไม่มีรายการแจ้งนี้ในเหตุการณ์นี้", row.number)
    if held.sent_at:
        raise refused("notice_sent", "บันทึกไว้แล้วว่าแจ้งหน่วยงานนี้แล้ว", held.to_th)
    if how not in dict(HOWS):
        raise refused("bad_how", "ยังไม่ได้เลือกวิธีแจ้ง", "how", "เลือกวิธีที่ใช้แจ้ง")
    if not receiver.strip():
        raise refused("no_receiver", "ยังไม่ได้ระบุผู้รับแจ้ง", "receiver", "ใส่ชื่อหรือตำแหน่งของผู้รับเรื่อง")
    if moment > now():
        raise refused("sent_ahead", "เวลาที่แจ้งอยู่ในอนาคต", "sent_at", "ตรวจวันและเวลา")
    held.incident = row
    held.text = text_now(held)
    held.sent_at, held.sent_by = moment, required().actor
    held.how, held.receiver = how, receiver.strip()[:200]
    held.save()
    late = max(0, round((moment - held.due_at).total_seconds() / 60))
    log.append(row, "notice", f"{held.to_th}: {held.receiver}", event_at=moment,
               value={"rule": held.rule, "how": how, "late_minutes": late})  # fmt: skip
    return held
