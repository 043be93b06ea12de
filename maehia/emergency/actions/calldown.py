"""Calling those who need help most: who is called, what came of each call, who must be visited.

People are found, and answers written, in a context of the system's own; the caller sees her people under a grant.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from django.db import connection
from django.db.models import F, Q

from maehia.access.models import Account
from maehia.access.permissions import can
from maehia.emergency.actions import grants, log
from maehia.emergency.actions.incidents import refused
from maehia.emergency.models import Alert, CallAnswer, CallDown, CallRound, Incident
from maehia.emergency.rules import calldown as rules
from maehia.emergency.workflow import LIVE_STATES
from maehia.kit.acting import acting
from maehia.kit.clock import now

COMMAND = "emergency.command"
HELD = timedelta(minutes=10)  # how long somebody has a person to call for herself
LONGEST_NOTE = 400
ADD = """
INSERT INTO emergency_calldown (id, round_id, mode, person_key, house_key, moo, priority, state, tries, changed_at)
SELECT gen_random_uuid(), %(round)s, %(mode)s, p.key, p.house_id, p.moo, max(r.priority), 'to_contact', 0, %(now)s
FROM emergency_snapshotrow r
JOIN city_person p ON p.key = ANY (r.members) AND p.died IS NULL
WHERE r.snapshot_id = (
    SELECT id FROM emergency_snapshot WHERE footprint_id = %(footprint)s ORDER BY number DESC LIMIT 1)
  AND (EXISTS (SELECT FROM city_need n WHERE n.person_id = p.key)
       OR (p.key = r.lead AND EXISTS (SELECT FROM jsonb_array_elements(r.terms) t
                                      WHERE t->>0 IN ('alone', 'age:very_old'))))
GROUP BY p.key, p.house_id, p.moo
ON CONFLICT (round_id, person_key) DO UPDATE SET priority = excluded.priority
WHERE emergency_calldown.priority <> excluded.priority
RETURNING (xmax = 0)
"""
HelpHook = Callable[[CallDown, Account, str], None]
_needs_help: list[HelpHook] = []


def on_needs_help(hook: HelpHook) -> None:
    """Be told of a person who was reached and needs help, with who called and her note, in the same transaction."""
    if hook not in _needs_help:
        _needs_help.append(hook)


def start(account: Account, incident: Incident, *, alerted_at: datetime | None = None) -> tuple[CallRound, int]:
    """The call-down of the footprint of now, and how many people came onto it. Outside of `acting()`.

    Called again after the footprint changed it adds those who are inside now and takes nobody off.
    Raises ProblemError: not_allowed, not_live, no_footprint, alerted_ahead.
    """
    if not can(account, "emergency.command"):
        raise refused("not_allowed", "บัญชีนี้ไม่มีสิทธิ์เริ่มการโทรติดตาม", account.display_name, "ให้ผู้อำนวยการหรือเวรทำแทน")
    moment = now()
    if alerted_at and alerted_at > moment:
        raise refused("alerted_ahead", "เวลาประกาศเตือนอยู่ในอนาคต", "alerted_at", "ตรวจวันและเวลา")
    with acting(grants.ACTOR, grants.RESOLVE, mode=incident.mode):
        row = Incident.objects.get(pk=incident.pk)
        if row.state not in LIVE_STATES:
            raise refused("not_live", "เหตุนี้ไม่ได้กำลังดำเนินอยู่", row.number)
        if row.footprint_id is None:
            raise refused("no_footprint", "ยังไม่มีพื้นที่ประสบภัยของเหตุนี้", row.number, "วาดพื้นที่หรือนำเข้าไฟล์ก่อน")
        first = {
            "mode": row.mode,
            "alerted_at": alerted_at or _alerted(row, moment),
            "made_at": moment,
            "made_by": account.actor,
        }
        made, _ = CallRound.objects.get_or_create(incident=row, defaults=first)
        asked = {"round": made.pk, "mode": row.mode, "now": moment, "footprint": row.footprint_id}
        with connection.cursor() as cursor:
            cursor.execute(ADD, asked)
            added = sum(bool(new) for (new,) in cursor.fetchall())
        if added:
            value = {"added": added, "people": made.calls.count()}
            log.append(row, "call", after="listed", value=value, by=account.actor)
    return made, added


def _alerted(incident: Incident, moment: datetime) -> datetime:
    """When people were first warned in this incident; now when nobody was."""
    sent = Alert.objects.filter(incident=incident, sent__lte=moment).order_by("sent")
    return sent.values_list("sent", flat=True).first() or moment


def take_next(account: Account, incident: UUID) -> CallDown | None:
    """The most urgent person whom nobody else is calling now, held for this caller; None when nobody waits."""
    moment = now()
    free = Q(taken_at=None) | Q(taken_at__lt=moment - HELD) | Q(taken_by=account.pk)
    waiting = CallDown.objects.filter(free, round__incident_id=incident, state=rules.CALL.start)
    row = waiting.select_for_update(of=("self",), skip_locked=True).order_by(
        "tries", "-priority", "person_key").first()  # fmt: skip
    if row is not None:
        row.taken_by, row.taken_at = account.pk, moment
        row.save(update_fields=["taken_by", "taken_at"])
    return row


@dataclass(frozen=True, slots=True)
class Said:
    """What came of a call. instance: the number of the form, so that it counts once. answer: a state or no_answer."""

    answer: str
    instance: UUID
    note: str = ""


def answer(account: Account, incident: Incident, call: UUID, said: Said) -> CallDown:
    """Write an answer down: of a person whom the caller sees. Outside of `acting()`.

    Raises ProblemError: not_assigned, no_call, bad_answer, call_moved, other_answer (same number, other words).
    """
    with grants.affected(account, incident):
        if not CallDown.objects.filter(pk=call, round__incident=incident).exists():
            raise refused("no_call", "ไม่พบรายชื่อนี้ หรือคุณไม่มีสิทธิ์เปิด")
    with acting(grants.ACTOR, grants.RESOLVE, mode=incident.mode):
        return _answer(account, call, said)


def _answer(account: Account, call: UUID, said: Said) -> CallDown:
    row = CallDown.objects.select_for_update(of=("self",)).select_related("round__incident").get(pk=call)
    before = CallAnswer.objects.filter(instance=said.instance).first()
    if before is not None:
        if (before.call_id, before.answer, before.note or "") != (row.pk, said.answer, _short(said.note)):
            raise refused("other_answer", "แบบฟอร์มนี้ส่งไปแล้วด้วยคำตอบอื่น", "", "เปิดหน้านี้ใหม่แล้วบันทึกอีกครั้ง")
        return row
    if said.answer not in (*rules.ANSWERS, rules.NO_ANSWER):
        raise refused("bad_answer", "ยังไม่ได้เลือกผลการโทร", "answer", "เลือกผลการโทร")
    return _move(row, account, said, now())


def _short(note: str) -> str:
    return note.replace("\x00", "").strip()[:LONGEST_NOTE]


def _move(row: CallDown, account: Account, said: Said, at: datetime) -> CallDown:
    tries = row.tries + 1
    to = said.answer if said.answer == "visited" else rules.after(row.state, said.answer, tries)
    if to is None:
        raise refused("call_moved", "บันทึกผลนี้กับสถานะปัจจุบันไม่ได้", rules.CALL.states[row.state].th, "เปิดหน้านี้ใหม่")
    before, row.state, row.tries, row.changed_at = row.state, to, tries, now()
    row.taken_by = row.taken_at = None
    if to in rules.REACHED and row.first_at is None:
        row.first_at = at
    row.save(update_fields=["state", "tries", "changed_at", "taken_by", "taken_at", "first_at"])
    note = _short(said.note)
    CallAnswer.objects.create(
        call=row, mode=row.mode, instance=said.instance, person_key=row.person_key, number=tries, answer=said.answer,
        note=note or None, account=account.pk, at=at,
    )  # fmt: skip
    if to == "reached_needs_help" and before != to:
        for hook in _needs_help:
            hook(row, account, note)
    minutes = round((at - row.round.alerted_at).total_seconds() / 60)
    log.append(row.round.incident, "call", before=before, after=to, event_at=at, by=account.actor,
               value={"answer": said.answer, "tries": tries, "minutes": minutes, "moo": row.moo})  # fmt: skip
    return row


def visited(incident: Incident, house: UUID, result: str, account: Account, *, at: datetime) -> int:
    """Who lives behind a door that was visited is accounted for; how many. Inside a context that writes relief."""
    answer_of = rules.from_door(result)
    if not answer_of:
        return 0
    waiting = (rules.CALL.start, *rules.TO_VISIT)
    rows = list(
        CallDown.objects.select_for_update(of=("self",)).select_related("round__incident")
        .filter(round__incident=incident, house_key=house, state__in=waiting).order_by(F("person_key"))
    )  # fmt: skip
    for row in rows:
        _move(row, account, Said(answer_of, uuid5(row.pk, f"door:{house}:{at.isoformat()}")), at)
    return len(rows)


def ask_for_help(row: CallDown, account: Account, note: str) -> None:
    """A person who was called and needs help is a request of the help desk: nothing is told twice."""
    from maehia.emergency.actions import help as help_actions

    help_actions.ask(help_actions.Ask(
        needs=("other",), note=note, channel="call", person_key=row.person_key, house_key=row.house_key, moo=row.moo,
        incident=row.round.incident_id,
    ))  # fmt: skip


def register() -> None:
    on_needs_help(ask_for_help)
