"""A desk that worked without a signal hands over what it wrote down: once each, in any order, nothing lost.

What the database does not allow (no place left, still open elsewhere, the same id with other content) waits for a
person: whoever came is there, so nothing is refused and nothing is forgotten.
"""

from __future__ import annotations

import json
import secrets
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from maehia.access.models import Account
from maehia.base import Problem, ProblemError
from maehia.emergency.actions.incidents import refused
from maehia.emergency.actions.shelters import SERIES, locked
from maehia.emergency.actions.stays import Taken, tell
from maehia.emergency.actions.stays_events import Telling, apply, take
from maehia.emergency.actions.stays_guest import guest_of
from maehia.emergency.actions.stays_identify import end_elsewhere
from maehia.emergency.models import Shelter, ShelterDesk, Stay, StayEvent
from maehia.emergency.queries.stays import open_of
from maehia.emergency.rules.shelters import KINDS
from maehia.emergency.rules.stays_merge import ORDER, skew
from maehia.evidence.queries import index_of
from maehia.kit.clock import now
from maehia.kit.series import next_numbers

LIFE = timedelta(hours=36)  # a day without a signal, and the way back
BANDS = 200
MOST = 500
KEY_BYTES = 32


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of one event: applied, early (its stay has not begun here yet), waits (with the problem), refused."""

    id: str
    state: str
    problem: Problem | None = None


def prepare_desk(shelter_key: UUID, account: Account, name: str) -> ShelterDesk:
    """A device that shall work without a signal: its key and a run of wristbands. Raises ProblemError no_shelter."""
    shelter = locked(shelter_key)
    numbers = next_numbers(f"{SERIES}.{shelter.mode}", BANDS)
    return ShelterDesk.objects.create(
        shelter=shelter, mode=shelter.mode, account=account.pk, name=name.strip()[:80] or account.display_name[:80],
        key=secrets.token_hex(KEY_BYTES), band_from=numbers[0], band_to=numbers[-1], made_at=now(),
        expires_at=now() + LIFE,
    )  # fmt: skip


def sync(desk_key: UUID, desk_now: datetime, events: Sequence[Mapping[str, Any]]) -> list[Answer]:
    """Take what a desk wrote down. desk_now: its clock at the moment of sending. Each event: {id, stay, kind, how, at,
    guest}. Sent again, in another order or in other parts, it comes to the same.

    Raises ProblemError: no_desk, too_many.
    """
    desk = ShelterDesk.objects.select_for_update().filter(pk=desk_key).first()
    if desk is None:
        raise refused("no_desk", "ไม่พบโต๊ะออฟไลน์นี้", "", "เตรียมเครื่องใหม่ที่หน้าศูนย์พักพิง")
    if len(events) > MOST:
        raise refused("too_many", f"ส่งได้ครั้งละไม่เกิน {MOST} รายการ", str(len(events)), "แบ่งส่งเป็นชุด")
    shelter, off, counts = locked(desk.shelter_id), skew(desk_now, now()), Counter[str]()
    desk.synced_at, desk.off_s = now(), off.total_seconds()
    desk.save(update_fields=["synced_at", "off_s"])
    answers = {}
    for told in sorted(events, key=_in_order):
        answers[str(told.get("id"))] = _one(shelter, desk, off, told, counts)
    if counts:
        tell(shelter, Taken(counts["in"], counts["out"], counts["away"], counts["back"]), desk=str(desk.pk))
    return [answers[str(told.get("id"))] for told in events]


def _in_order(told: Mapping[str, Any]) -> tuple[int, str, str]:
    return ORDER.get(str(told.get("kind")), 9), str(told.get("at")), str(told.get("id"))


def _one(
    shelter: Shelter, desk: ShelterDesk, off: timedelta, told: Mapping[str, Any], counts: Counter[str]
) -> Answer:  # fmt: skip
    try:
        telling = _telling(told, desk, off)
    except ProblemError as error:
        return Answer(str(told.get("id")), "refused", error.problem)
    event, new = take(shelter, telling, queue=True)
    if new and event.state == "applied":
        counts[event.kind] += 1
    return Answer(str(event.instance), event.state, Problem(event.problem, event.problem) if event.problem else None)


def _telling(told: Mapping[str, Any], desk: ShelterDesk, off: timedelta) -> Telling:
    """An event as the desk sent it. Raises ProblemError bad_event, bad_guest."""
    try:
        kind, moment = str(told["kind"]), datetime.fromisoformat(str(told["at"]))
        if kind not in KINDS or moment.tzinfo is None:
            raise ValueError(kind)
        guest = guest_of(told["guest"]) if kind == "in" else None
        return Telling(UUID(str(told["id"])), UUID(str(told["stay"])), kind, moment, str(told.get("how") or ""), guest,
                       desk=desk, off=off)  # fmt: skip
    except (KeyError, TypeError, ValueError) as error:
        raise refused("bad_event", "รายการนี้อ่านไม่ได้", str(told.get("id")), "บันทึกรายการนี้ใหม่ด้วยมือ") from error


def waiting(shelter_key: UUID) -> list[StayEvent]:
    """Events of a shelter that wait for a person, the oldest first."""
    return list(StayEvent.objects.filter(shelter=shelter_key, state=StayEvent.WAITS).order_by("at", "id"))


def solve(event_id: int, account: Account, how: str, note: str = "") -> StayEvent:
    """Decide about an event that waits. how: again (there is room now), move (end what is open elsewhere), band (the
    wristband was read wrongly: without it), drop (with a note).

    Raises ProblemError: solved, no_note, bad_how and those of `stays_events.take`.
    """
    found = StayEvent.objects.filter(pk=event_id).first()
    others = _elsewhere(found) if found and how == "move" else []
    shelter = locked(found.shelter_id, *(row.shelter_id for row in others)) if found else None
    event = StayEvent.objects.select_for_update(of=("self",)).filter(pk=event_id, state=StayEvent.WAITS).first()
    if event is None or shelter is None:
        raise refused("solved", "รายการนี้ตัดสินไปแล้ว หรือไม่พบรายการ")
    if how == "drop" and not note.strip():
        raise refused("no_note", "การไม่ใช้รายการต้องมีเหตุผล", "note", "เขียนสั้น ๆ ว่าเพราะอะไร")
    if how not in {"again", "move", "band", "drop"} or (how != "drop" and event.problem == "other_content"):
        raise refused("bad_how", "เลือกวิธีตัดสินจากรายการ", "how")
    event.solved_by, event.solved_at, event.solved_how = account.actor, now(), f"{how} {note.strip()}"[:300].strip()
    if how == "drop":
        event.state, event.body = "dropped", None
        event.save()
        return event
    _apply_again(shelter, event, how)
    return event


def _apply_again(shelter: Shelter, event: StayEvent, how: str) -> None:
    telling = _kept(event)
    if how == "band" and telling.guest:
        telling = replace(telling, guest=replace(telling.guest, band=""))
    ended = _end(event) if how == "move" else []
    event.problem, event.body = "", None
    apply(shelter, event, telling)
    if ended:
        Stay.objects.filter(pk=event.stay_key, came_from=None).update(came_from=ended[0])
    if event.state == "applied":
        numbers = {"in": Taken(came=1), "out": Taken(left=1), "away": Taken(away=1), "back": Taken(back=1)}
        tell(shelter, numbers[event.kind], event.at)


def _kept(event: StayEvent) -> Telling:
    """The event as it was told, from what was kept of it."""
    guest = guest_of(json_of(event)) if event.body else None
    return Telling(event.instance, event.stay_key, event.kind, event.said_at, event.how, guest, desk=event.desk,
                   off=timedelta(seconds=event.off_s))  # fmt: skip


def json_of(event: StayEvent) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(event.body) if event.body else {}
    return found


def _elsewhere(event: StayEvent) -> Iterable[Stay]:
    guest = guest_of(json_of(event))
    digits = "".join(c for c in guest.national_id if c.isdigit())
    return open_of(person_key=guest.person_key, id_index=index_of("id", digits or None))


def _end(event: StayEvent) -> list[Stay]:
    guest = guest_of(json_of(event))
    digits = "".join(c for c in guest.national_id if c.isdigit())
    coming = Stay(pk=event.stay_key, in_at=event.at)
    return end_elsewhere(coming, guest.person_key, index_of("id", digits or None))
