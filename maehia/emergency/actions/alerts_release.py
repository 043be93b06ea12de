"""The second person, and the moment when a message goes out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from django.db import transaction

from maehia.access.models import Account
from maehia.access.permissions import can
from maehia.base import Problem
from maehia.emergency.actions import alerts_follow, guards
from maehia.emergency.actions.alerts import blocked, locked, refuse_errors, step, tell
from maehia.emergency.actions.incidents import refused
from maehia.emergency.models import Alert, AlertReview, Incident
from maehia.emergency.queries import alerts as queries
from maehia.emergency.queries.alerts_settings import last_change, setting
from maehia.emergency.rules import cap
from maehia.kit.acting import required
from maehia.kit.clock import now
from maehia.kit.demo import is_demo

SWITCH_RESTS = timedelta(hours=24)
Hook = Callable[[Alert], None]
_published: list[Hook] = []
_committed: list[Callable[[], None]] = []


def on_published(hook: Hook) -> None:
    """Call a part with each alert that goes out, in the same transaction (queues, counts). Test and System too."""
    if hook not in _published:
        _published.append(hook)


def after_commit(hook: Callable[[], None]) -> None:
    """Call after the transaction in which something went out (files of feeds and pages)."""
    if hook not in _committed:
        _committed.append(hook)


def approve(key: UUID, account: Account, *, sha256: str, version: int | None = None) -> Alert:
    """A second person approves exactly the bytes that he saw. sha256: of those bytes, from the page that showed them.

    Raises ProblemError no_alert, stale_alert, alert_move, other_bytes, may_not_approve, same_person, alert_blocked.
    """
    row = locked(key, version)
    before = step(row, "approved")
    refuse_stranger(row, account, sha256)
    if row.author == account.actor and row.status == "Actual":
        raise refused("same_person", "ผู้ร่างอนุมัติประกาศของตนเองไม่ได้", row.identifier, "ให้ผู้มีสิทธิ์อีกคนหนึ่งอนุมัติ")
    refuse_errors(row)
    row.state, row.approver, row.approved_at = "approved", account.actor, now()
    row.approved_sha256, row.version = row.sha256, row.version + 1
    row.save()
    tell(row, before, row.state)
    return row


def approve_alone(key: UUID, account: Account, reason: str, *, sha256: str) -> Alert:
    """One person approves what he wrote himself, because nobody else can be reached; a review is opened at once.

    Raises ProblemError solo_off (the town has not allowed it), own_switch, no_reason, and as `approve`.
    """
    row = locked(key)
    before = step(row, "approved")
    if not setting("solo_release"):
        raise refused(
            "solo_off", "เทศบาลไม่ได้เปิดให้คนเดียวปล่อยประกาศ", row.identifier, "ตามผู้อนุมัติคนถัดไป หรือให้ผู้ดูแลเปลี่ยนการตั้งค่า"
        )
    refuse_own_switch(row, account)
    if not reason.strip():
        raise refused("no_reason", "ต้องบอกเหตุผลที่ปล่อยประกาศคนเดียว", "reason", "เขียนว่าติดต่อใครไม่ได้และทำไมรอไม่ได้")
    refuse_stranger(row, account, sha256)
    refuse_errors(row)
    review = AlertReview.objects.create(mode=row.mode, reason=reason.strip(), opened_by=account.actor, opened_at=now())
    row.state, row.approver, row.approved_at = "approved", account.actor, now()
    row.approved_sha256, row.version = row.sha256, row.version + 1
    row.solo_reason, row.solo_review = reason.strip(), review
    row.save()
    tell(row, before, row.state, f"ปล่อยคนเดียว: {reason.strip()}")
    return row


def refuse_own_switch(row: Alert, account: Account) -> None:
    """Who allowed it a moment ago does not use it himself: else two persons would be one with one more tap."""
    last = last_change("solo_release")
    if last is not None and last.by == account.actor and last.at > now() - SWITCH_RESTS:
        raise refused("own_switch", "คุณเพิ่งเปิดให้คนเดียวปล่อยประกาศเอง จึงใช้สิทธินี้เองยังไม่ได้", row.identifier,
                      "ตามผู้อนุมัติคนถัดไป หรือให้ผู้อื่นเป็นผู้เปิดการตั้งค่า")  # fmt: skip


def refuse_stranger(row: Alert, account: Account, sha256: str) -> None:
    if required().actor != account.actor or not can(account, "emergency.approve"):
        raise refused("may_not_approve", "คุณไม่มีสิทธิ์อนุมัติประกาศเตือนภัย", row.identifier, "ให้ผู้มีสิทธิ์อนุมัติ")
    if sha256 != row.sha256:
        raise refused("other_bytes", "ข้อความเปลี่ยนไปจากที่คุณเห็น", row.identifier, "อ่านข้อความล่าสุดแล้วอนุมัติอีกครั้ง")


def publish(key: UUID, *, version: int | None = None) -> Alert:
    """Send an approved alert out: its bytes are proven once more, its Cancel is made beforehand, nothing changes after.

    Raises ProblemError no_alert, stale_alert, alert_move, actual_in_demo, stale_sent, other_bytes, alert_blocked,
    cancel_unready.
    """
    row = locked(key, version)
    before = step(row, "published")
    refuse_unfit(row)
    refuse_errors(row)
    row.state, row.published_at, row.published_by = "published", now(), required().actor
    row.version += 1
    row.save()
    alerts_follow.drop_prepared(row)
    if row.msg_type != "Cancel":
        alerts_follow.prepare_cancel(row)
    for hook in _published:
        hook(row)
    for done in _committed:
        transaction.on_commit(done, robust=True)
    tell(row, before, row.state)
    return row


def refuse_unfit(row: Alert) -> None:
    """What keeps approved bytes from going out here and now."""
    if row.status == "Actual" and is_demo():
        raise refused("actual_in_demo", "เมืองตัวอย่างเผยแพร่ประกาศจริงไม่ได้", row.identifier, "ใช้การฝึกซ้อมแทน")
    if row.status == "Actual" and (row.mode != "live" or required().mode != "live"):
        raise refused("actual_in_exercise", "การฝึกซ้อมเผยแพร่ประกาศจริงไม่ได้", row.identifier, "ใช้สถานะฝึกซ้อม")
    if row.approved_sha256 != row.sha256:
        raise refused("other_bytes", "ข้อความเปลี่ยนไปจากที่อนุมัติ", row.identifier, "เสนออนุมัติใหม่")
    waited = (now() - row.sent).total_seconds() / 60 if row.sent else 0
    if waited > float(setting("stale_minutes")):
        raise refused(
            "stale_sent", f"ประกาศนี้รอมา {waited:.0f} นาที เวลาในประกาศเก่าเกินไป", row.identifier, "แก้ไขแล้วเสนออนุมัติใหม่"
        )
    if row.expires <= now():
        raise blocked(cap.Finding("cap13_past", cap.ERROR, "/alert/info[1]/expires", (row.expires.isoformat(),)))


def answer_review(review: AlertReview, account: Account, answer: str) -> AlertReview:
    """Somebody else says what he found about an alert that one person released. Raises ProblemError answered, own,
    no_answer."""
    held = AlertReview.objects.select_for_update().get(pk=review.pk)
    if held.answered_at:
        raise refused("answered", "ทบทวนเรื่องนี้ไปแล้ว")
    if held.opened_by == account.actor:
        raise refused("own_review", "ผู้ปล่อยประกาศทบทวนเรื่องของตนเองไม่ได้", fix="ให้ผู้อื่นทบทวน")
    if not answer.strip():
        raise refused("no_answer", "ยังไม่ได้เขียนผลการทบทวน", "answer", "เขียนสั้น ๆ ว่าเหมาะสมหรือไม่ เพราะอะไร")
    held.answer, held.answered_by, held.answered_at = answer.strip(), account.actor, now()
    held.save(update_fields=["answer", "answered_by", "answered_at"])
    return held


def no_open_alert(incident: Incident, _told: object) -> Problem | None:
    """The guard of closing an incident."""
    found = queries.open_alerts(incident)
    if not found:
        return None
    names = ", ".join(row.identifier for row in found)
    return Problem("guard_no_open_alert", "ยังมีประกาศเตือนที่มีผลอยู่หรือรอเผยแพร่", names, "ยกเลิกประกาศ หรือรอให้หมดเวลา")


guards.provide("no_open_alert", no_open_alert)
