"""The second person, wherever she is: called with a link, the next deputy when nobody answers, released in one tap.

The bytes that are approved are those that the page showed: their hash goes with the tap. Calls are made by a job every
minute, inside `emergency.warn`; approving runs in the approver's own `emergency.command`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.urls import reverse
from django.utils.translation import override as language

from maehia.access.models import Account
from maehia.access.queries import account_of, accounts_by_actor, holders_of
from maehia.emergency.actions import log
from maehia.emergency.actions.alerts import locked, send_back
from maehia.emergency.actions.alerts_release import approve, approve_alone, publish
from maehia.emergency.actions.incidents import refused
from maehia.emergency.models import Alert, ApprovalCall, OtherWay
from maehia.emergency.queries.alerts_settings import identity, setting
from maehia.emergency.queries.readiness import on_duty
from maehia.emergency.rules.release import WAYS, Called, next_call
from maehia.kit import clock, notices
from maehia.kit.acting import acting, required
from maehia.message.actions import Recipient, queue
from maehia.message.registry import Template

ACTOR, PURPOSE = "system:emergency", "emergency.warn"
CALL, NOBODY = "emergency.approve", "emergency.nobody_approves"
KIND = "approval"


def templates() -> list[Template]:
    """The letter that calls an approver. It tells no more than that something waits, and where."""
    return [
        Template(CALL, "alert", "ด่วน: มีประกาศเตือนภัยรอคุณอนุมัติ ({number}) เปิดอ่านและอนุมัติที่ {link}",
                 "Urgent: a public warning waits for your approval ({number}). Read and approve: {link}",
                 ("number", "link"), "เมื่อมีประกาศรออนุมัติ", "When an alert waits for approval"),
    ]  # fmt: skip


def register_texts() -> None:
    notices.register_text(CALL, "ด่วน: มีประกาศเตือนภัยรอคุณอนุมัติ {number}", "Urgent: a warning waits for you: {number}")
    words = "ยังไม่มีผู้อนุมัติตอบ ประกาศ {number} กำลังตามคนถัดไป"
    notices.register_text(NOBODY, words, "Nobody answered yet: {number}. The next is called")


def link_of(alert: Alert) -> str:
    """The page where it is approved: behind log-in and second factor."""
    if alert.incident is None:
        return ""
    with language("th"):
        return reverse("emergency:alert_approve", args=[alert.incident.number, alert.pk])


def order_of(alert: Alert) -> list[Account]:
    """Who may approve, the first to be called first: who commands, who is on duty, the rest. Never the author."""
    author = author_of(alert)
    found = [one for one in holders_of("emergency.approve") if one.actor != alert.author and one.pk != author]
    duty = [one.account for one in on_duty(clock.now()) if one.account]
    first = [alert.incident.commander if alert.incident else None, *duty]
    rank = {key: n for n, key in reversed(list(enumerate(first))) if key}
    return sorted(found, key=lambda one: (rank.get(one.pk, len(first)), one.display_name))


def author_of(alert: Alert) -> UUID | None:
    try:
        return UUID(alert.author.partition(":")[2])
    except ValueError:
        return None


def calls_of(alert: Alert) -> list[ApprovalCall]:
    """Calls for the bytes as they stand; those for other bytes are history."""
    return list(ApprovalCall.objects.filter(alert=alert, sha256=alert.sha256).order_by("n"))


def call_due(mode: str = "live") -> int:
    """Call whoever is next for every alert that waits. Outside of any context; returns how many were called."""
    with acting(ACTOR, PURPOSE, mode=mode):
        waiting = Alert.objects.select_related("incident").defer("xml").filter(state="in_review", prepared=False)
        return sum(call_next(alert) for alert in waiting.order_by("submitted_at"))


def call_next(alert: Alert) -> bool:
    """Call the next approver of an alert when it is time. Inside a context that writes letters."""
    held = Alert.objects.select_for_update(of=("self",)).filter(pk=alert.pk, state="in_review").exists()
    people = {one.pk: one for one in order_of(alert)}
    calls = calls_of(alert)
    wait = timedelta(minutes=float(setting("call_minutes")))
    told = [Called(call.account, call.called_at, bool(call.answered_at)) for call in calls]
    chosen = next_call(list(people), told, clock.now(), wait) if held else None
    if chosen is None:
        return False
    ApprovalCall.objects.create(alert=alert, mode=alert.mode, sha256=alert.sha256, n=len(calls) + 1, account=chosen,
                                called_at=clock.now())  # fmt: skip
    ring(alert, people[chosen])
    if len(calls) >= len(people) and (author := author_of(alert)):
        notices.notify(str(author), NOBODY, link_of(alert), number=alert.identifier)
    if alert.incident is not None:
        log.append(alert.incident, KIND, people[chosen].display_name, after="called",
                   value={"alert": str(alert.pk), "n": len(calls) + 1, "account": str(chosen)})  # fmt: skip
    return True


def ring(alert: Alert, account: Account) -> None:
    """A notice inside the system, and a letter to phone or mail. Of an exercise the letter never leaves the house."""
    notices.notify(str(account.pk), CALL, link_of(alert), number=alert.identifier)
    values = {"number": alert.identifier, "link": f"{identity().site}{link_of(alert)}"}
    queue(CALL, to=Recipient(account_key=str(account.pk)), about=alert.pk, values=values, urgent=True)


def seen(alert: Alert, account: Account) -> None:
    """The approver has the page open."""
    ApprovalCall.objects.filter(alert=alert, sha256=alert.sha256, account=account.pk, seen_at=None).update(
        seen_at=clock.now()
    )


def release(key: UUID, account: Account, *, sha256: str) -> Alert:
    """Approve exactly these bytes and send them out, in one step. Raises ProblemError as `approve` and `publish`."""
    approve(key, account, sha256=sha256)
    answer(locked(key), account, "approved")
    return publish(key)


def release_alone(key: UUID, account: Account, reason: str, *, sha256: str) -> Alert:
    """One person alone, where the town allows it: with a reason, and a review that is opened at once."""
    approve_alone(key, account, reason, sha256=sha256)
    return publish(key)


def give_back(key: UUID, account: Account, reason: str, *, sha256: str) -> Alert:
    """Return it to its author with a reason. Raises ProblemError other_bytes and as `send_back`."""
    row = locked(key)
    if row.sha256 != sha256:
        raise refused("other_bytes", "ข้อความเปลี่ยนไปจากที่คุณเห็น", row.identifier, "อ่านข้อความล่าสุดก่อน")
    answer(row, account, "returned")
    return send_back(key, reason)


def answer(alert: Alert, account: Account, word: str) -> None:
    """Close the calls: who answered, and that the others need not."""
    moment = clock.now()
    mine = ApprovalCall.objects.filter(alert=alert, sha256=alert.sha256, answered_at=None, account=account.pk)
    if not mine.exists():
        n = ApprovalCall.objects.filter(alert=alert, sha256=alert.sha256).count() + 1
        ApprovalCall.objects.create(alert=alert, mode=alert.mode, sha256=alert.sha256, n=n, account=account.pk,
                                    called_at=moment, seen_at=moment)  # fmt: skip
    mine.update(answered_at=moment, answer=word)


def names_of(calls: Sequence[ApprovalCall]) -> dict[UUID, str]:
    """Account -> name, for the page of the desk."""
    found = {call.account: account_of(call.account) for call in calls}
    return {key: one.display_name for key, one in found.items() if one}


def author_name(alert: Alert) -> str:
    found = accounts_by_actor([alert.author]).get(alert.author)
    return found.display_name if found else alert.author


def is_author(alert: Alert) -> bool:
    return alert.author == required().actor


def tell_other_way(alert: Alert, way: str, people: int, note: str = "", event_at: datetime | None = None) -> OtherWay:
    """Write down that people were told without a phone. Raises ProblemError bad_way."""
    if way not in WAYS:
        raise refused("bad_way", "ไม่มีวิธีนี้", "way", "เลือกจากรายการ")
    moment = clock.now()
    row = OtherWay.objects.create(alert=alert, mode=alert.mode, way=way, people=max(people, 0), note=note.strip()[:300],
                                  by=required().actor, event_at=event_at or moment, at=moment)  # fmt: skip
    if alert.incident is not None:
        log.append(alert.incident, "told", WAYS[way][0], after=way, event_at=row.event_at,
                   value={"alert": str(alert.pk), "people": row.people, "way": way})  # fmt: skip
    return row
