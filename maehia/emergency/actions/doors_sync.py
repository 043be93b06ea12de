"""What was found at the doors, taken once, in whatever order and however often a phone sends it.

The list may have ended meanwhile: what was done is done, and is written down.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from maehia.access.models import Account
from maehia.base import Problem
from maehia.emergency.actions import calldown, grants, log
from maehia.emergency.actions.doors import COMMAND, was_given
from maehia.emergency.actions.incidents import refused
from maehia.emergency.models import Door, DoorConflict, DoorList, DoorNote, DoorVisit
from maehia.emergency.rules.sync import Report, Settled, Timed, Window, settle, timed
from maehia.kit.acting import acting
from maehia.kit.clock import now


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of a report: taken (now or before, which is the same), conflict or refused."""

    id: UUID
    state: str
    event_at: datetime | None = None
    clamped: str = ""
    doubtful: bool = False
    problem: Problem | None = None

    def as_dict(self) -> dict[str, Any]:
        told = {"id": str(self.id), "state": self.state, "clamped": self.clamped, "doubtful": self.doubtful}
        if self.event_at:
            told["event_at"] = self.event_at.isoformat()
        return {**told, "problem": self.problem.as_dict()} if self.problem else told


def take(
    account: Account, key: UUID, reports: Sequence[Report], *, mode: str, sent_at: datetime | None = None
) -> list[Answer]:
    """Take reports of an account's list. sent_at: the phone's clock while it sends. Outside of `acting()`.

    Raises ProblemError no_list. Every report gets its answer; the same report always gets the same.
    """
    received = now()
    skew = (received - sent_at).total_seconds() if sent_at else 0.0
    with acting(grants.ACTOR, grants.RESOLVE, mode=mode):
        row = DoorList.objects.select_for_update(of=("self",)).select_related("incident").filter(pk=key).first()
        if row is None or not was_given(account, row):
            raise refused("no_list", "ไม่พบรายการบ้านนี้ หรือไม่ได้มอบให้คุณ", "", "ติดต่อผู้สั่งการของคุณ")
        doors = {door.pk: door for door in row.doors.all()}
        known = _known(row, reports)
        settled = settle({number: bytes(visit.digest) for number, visit in known.items()},
                         [one for one in reports if one.door in doors])  # fmt: skip
        made = _add(account, row, (doors, settled.new, received, skew))
        known.update({visit.instance: visit for visit in made})
        new_conflicts = _hold(account, row, settled, known)
        if made or new_conflicts:
            _tell(account, row, made, new_conflicts)
    return _answers(reports, doors, known, {one.id for one in settled.conflicts})


def _known(row: DoorList, reports: Iterable[Report]) -> dict[UUID, DoorVisit]:
    found = DoorVisit.objects.filter(list=row, instance__in={one.id for one in reports})
    return {visit.instance: visit for visit in found}


def _add(
    account: Account, row: DoorList, what: tuple[dict[UUID, Door], Sequence[Report], datetime, float]
) -> list[DoorVisit]:
    doors, new, received, skew = what
    window = Window(row.made_at, row.expires_at)
    visits = [
        _visit(account, doors[one.door], one, (timed(one, window, received, skew), received, skew)) for one in new
    ]
    made = DoorVisit.objects.bulk_create(visits)
    DoorNote.objects.bulk_create(
        DoorNote(visit=visit, mode=row.mode, text=one.note)
        for visit, one in zip(made, new, strict=True) if one.note
    )  # fmt: skip
    for visit in made:
        calldown.visited(row.incident, visit.house_key, visit.result, account, at=visit.event_at)
    return made


def _visit(account: Account, door: Door, one: Report, at: tuple[Timed, datetime, float]) -> DoorVisit:
    time, received, skew = at
    return DoorVisit(
        list_id=door.list_id, door=door, mode=door.mode, instance=one.id, digest=one.digest, house_key=door.house_key,
        moo=door.moo, account=account.pk, result=one.result, people=one.people, turn=one.turn, phone_at=one.phone_at,
        offset_s=one.offset_s, skew_s=skew, event_at=time.event_at, rank_at=time.rank_at, clamped=time.clamped,
        doubtful=time.doubtful, received_at=received,
    )  # fmt: skip


def _hold(account: Account, row: DoorList, settled: Settled, known: dict[UUID, DoorVisit]) -> int:
    """Put what contradicts a known report before a person, once; how many are new."""
    added = 0
    for one in settled.conflicts:
        _, created = DoorConflict.objects.get_or_create(
            visit=known[one.id], digest=one.digest,
            defaults={"list": row, "mode": row.mode, "account": account.pk, "door_id": one.door, "result": one.result,
                      "people": one.people, "note": one.note or None, "phone_at": one.phone_at, "received_at": now()},
        )  # fmt: skip
        added += created
    return added


def _tell(account: Account, row: DoorList, made: Sequence[DoorVisit], conflicts: int) -> None:
    results = Counter(visit.result for visit in made)
    value = {
        "list": row.number, "visits": len(made), **results, "people": sum(visit.people or 0 for visit in made),
        "moo": dict(Counter(str(visit.moo or "") for visit in made)), "conflicts": conflicts,
    }  # fmt: skip
    latest = max((visit.event_at for visit in made), default=None)
    log.append(row.incident, "doors", row.title, after="visited" if made else "conflict", value=value, event_at=latest,
               by=account.actor)  # fmt: skip


def _answers(
    reports: Sequence[Report], doors: dict[UUID, Door], known: dict[UUID, DoorVisit], conflicts: set[UUID]
) -> list[Answer]:
    found = []
    for one in reports:
        visit = known.get(one.id)
        if one.door not in doors:
            problem = Problem("unknown_door", "บ้านหลังนี้ไม่ได้อยู่ในรายการนี้", str(one.door), "ดึงรายการล่าสุดแล้วบันทึกอีกครั้ง")
            found.append(Answer(one.id, "refused", problem=problem))
        elif visit is None or (one.id in conflicts and bytes(visit.digest) != one.digest):
            found.append(Answer(one.id, "conflict"))
        else:
            found.append(Answer(one.id, "taken", visit.event_at, visit.clamped, visit.doubtful))
    return found


def settle_conflict(account: Account, key: UUID, choice: str, *, mode: str) -> DoorConflict:
    """Decide between the report that came first and the other one with its number. Outside of `acting()`.

    Taking the other one adds a visit; the first one stays. Raises ProblemError: no_conflict, bad_choice, settled.
    """
    if choice not in ("first", "other"):
        raise refused("bad_choice", "ยังไม่ได้เลือก", "choice", "เลือกฉบับที่ถูกต้อง")
    with acting(account.actor, COMMAND, mode=mode):
        found = DoorConflict.objects.select_related("visit", "list__incident").select_for_update(of=("self",))
        row = found.filter(pk=key).first()
        if row is None:
            raise refused("no_conflict", "ไม่พบรายการที่ขัดกันนี้")
        if row.choice:
            raise refused("settled", "มีผู้ตัดสินรายการนี้ไปแล้ว", "", "เปิดหน้านี้ใหม่")
        row.choice, row.settled_at, row.settled_by = choice, now(), account.actor
        row.save(update_fields=["choice", "settled_at", "settled_by"])
        if choice == "other":
            _take_other(row)
        log.append(row.list.incident, "doors", row.list.title, before="conflict", after=choice,
                   value={"list": row.list.number, "result": row.result})  # fmt: skip
    return row


def _take_other(row: DoorConflict) -> DoorVisit:
    """The other report as a visit right after the first one, under a number made from both."""
    first = row.visit
    made = DoorVisit.objects.create(
        list=row.list, door_id=row.door_id, mode=row.mode, instance=uuid5(first.instance, bytes(row.digest).hex()),
        digest=row.digest, house_key=row.door.house_key, moo=row.door.moo, account=row.account, result=row.result,
        people=row.people, turn=first.turn + 1, phone_at=row.phone_at, offset_s=first.offset_s, skew_s=first.skew_s,
        event_at=first.event_at, rank_at=first.rank_at, clamped=first.clamped, doubtful=True, received_at=now(),
    )  # fmt: skip
    if row.note:
        DoorNote.objects.create(visit=made, mode=row.mode, text=row.note)
    return made
