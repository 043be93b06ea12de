"""Asking the province for a cell broadcast: a numbered letter with text, area and times; the town cannot trigger one.

Runs inside `emergency.warn` in the officer's own name, for a live alert of status Actual alone.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from maehia.access.models import Account
from maehia.emergency.actions import log
from maehia.emergency.actions.alerts_compose import message_of
from maehia.emergency.actions.fanout import may_leave, not_outside
from maehia.emergency.actions.incidents import power_of, refused
from maehia.emergency.models import Alert, BroadcastRequest
from maehia.emergency.models.release import CONFIRMED, REFUSED, REQUESTED
from maehia.emergency.rules.cap.texts import texts_of
from maehia.forms.actions import Signer, issue_document
from maehia.kit.clock import now
from maehia.web.formats import show_datetime

TEMPLATE, SERIES, KIND = "emergency/release/broadcast_letter.html", "letter", "broadcast_request"
LINK = re.compile(r"(?:https?://|www\.)\S+|\b[\w-]+\.(?:go\.th|com|org|net)\b\S*", re.IGNORECASE)
TITLE = "ขอให้ส่งข้อความเตือนภัยผ่านระบบ Cell Broadcast"
TO = "หัวหน้าสำนักงานป้องกันและบรรเทาสาธารณภัยจังหวัด"


def broadcast_text(alert: Alert) -> str:
    """The text that is asked for: headline, what happens, what to do. Never a link: nobody should tap one."""
    found = texts_of(message_of(alert), "th")[1]
    return re.sub(r"\s{2,}", " ", LINK.sub("", found.broadcast if found else "")).strip()


@transaction.atomic
def request_broadcast(key: UUID, account: Account) -> BroadcastRequest:
    """Issue the letter and write down when it was asked.

    Raises ProblemError no_alert, not_outside (an exercise, a test, not published), asked_before, no_power.
    """
    alert = Alert.objects.select_for_update(of=("self",)).select_related("incident").filter(pk=key).first()
    if alert is None:
        raise refused("no_alert", "ไม่พบประกาศนี้")
    if not may_leave(alert):
        raise not_outside(alert)
    if BroadcastRequest.objects.filter(alert=alert, state=REQUESTED).exists():
        raise refused("asked_before", "ขอไปแล้ว กำลังรอคำตอบ", alert.identifier, "บันทึกคำตอบของ ปภ. จังหวัดก่อนขอใหม่")
    _, _, position = power_of(account)
    text, area = broadcast_text(alert), area_words(alert)
    made = issue_document(
        KIND, alert.pk, TEMPLATE, letter_values(alert, text, area), series=SERIES, title=TITLE, holder=TO,
        signer=Signer(account.display_name, position),
    )  # fmt: skip
    row = BroadcastRequest.objects.create(
        alert=alert, mode=alert.mode, status=alert.status, number=made.number_text, document=made.pk, text=text,
        area=area, asked_by=account.actor, asked_at=now(),
    )  # fmt: skip
    tell(row, "", REQUESTED)
    return row


def letter_values(alert: Alert, text: str, area: str) -> dict[str, Any]:
    """The letter: what is asked, for which place, and the times that show how fast it was."""
    words = alert.words("th")
    rows = [("ข้อความที่ขอให้ส่ง", text), ("พื้นที่", area), ("ภัย", words.event if words else ""),
            ("เลขประกาศ (CAP)", alert.identifier), ("เวลาในประกาศ", show_datetime(alert.sent)),
            ("เสนออนุมัติเมื่อ", show_datetime(alert.submitted_at)), ("อนุมัติเมื่อ", show_datetime(alert.approved_at)),
            ("เผยแพร่เมื่อ", show_datetime(alert.published_at)), ("ขอให้ส่งเมื่อ", show_datetime(now())),
            ("มีผลถึง", show_datetime(alert.expires)), ("ลายนิ้วมือของประกาศ (SHA-256)", alert.sha256)]  # fmt: skip
    paragraphs = [
        "เทศบาลได้ประกาศเตือนภัยตามรายละเอียดท้ายหนังสือนี้ และเห็นว่าจำเป็นต้องเตือนทุกคนที่อยู่ในพื้นที่ทันที",
        "จึงขอให้ส่งข้อความเตือนภัยผ่านระบบ Cell Broadcast ตามข้อความและพื้นที่ที่ระบุ ข้อความไม่มีลิงก์",
    ]
    return {"to": TO, "paragraphs": paragraphs, "rows": rows, "conclusion": "จึงเรียนมาเพื่อโปรดพิจารณาโดยด่วนที่สุด",
            "enclosures": [f"ประกาศรูปแบบ CAP 1.2 เลขที่ {alert.identifier}"]}  # fmt: skip


def area_words(alert: Alert) -> str:
    words = alert.words("th")
    codes = ", ".join(value for name, value in alert.geocodes if name == "TIS1099")
    return f"{words.area if words else ''} (รหัสตำบล {codes})"[:300] if codes else (words.area if words else "")


@transaction.atomic
def answer_broadcast(
    key: UUID, *, state: str, who: str, text: str = "", answered_at: datetime | None = None
) -> BroadcastRequest:
    """Write down what the province answered, who said it and when.

    Raises ProblemError no_request, answered, bad_answer, no_who, time_ahead.
    """
    rows = BroadcastRequest.objects.select_for_update(of=("self",)).select_related("alert__incident")
    row = rows.filter(pk=key).first()
    if row is None:
        raise refused("no_request", "ไม่พบคำขอนี้")
    if row.state != REQUESTED:
        raise refused("answered", "บันทึกคำตอบไปแล้ว", row.number, "ขอใหม่ถ้าต้องการส่งอีกครั้ง")
    if state not in (CONFIRMED, REFUSED):
        raise refused("bad_answer", "เลือกว่ายืนยันหรือไม่ส่ง", "state")
    if not who.strip():
        raise refused("no_who", "ต้องบอกว่าใครที่ ปภ. จังหวัดเป็นผู้ตอบ", "who", "พิมพ์ชื่อและตำแหน่ง")
    moment = answered_at or now()
    if moment > now() or moment < row.asked_at:
        raise refused("time_ahead", "เวลาตอบต้องอยู่หลังเวลาที่ขอ และไม่อยู่ในอนาคต", "at")
    row.state, row.answered_at, row.answered_by, row.answer = state, moment, who.strip()[:200], text.strip()[:400]
    row.save(update_fields=["state", "answered_at", "answered_by", "answer"])
    tell(row, REQUESTED, state)
    return row


def tell(row: BroadcastRequest, before: str, after: str) -> None:
    if row.alert.incident is None:
        return
    minutes = round((row.answered_at - row.asked_at).total_seconds() / 60, 1) if row.answered_at else None
    log.append(row.alert.incident, "broadcast", row.number, before=before, after=after, event_at=row.answered_at,
               value={"alert": str(row.alert_id), "minutes": minutes})  # fmt: skip
