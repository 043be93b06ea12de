"""One event of a stay is taken: once by its id, in any order, and the stay becomes what its events add up to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from maehia.base import ProblemError
from maehia.emergency.actions.incidents import refused
from maehia.emergency.actions.shelters import SERIES
from maehia.emergency.actions.shelters_said import said
from maehia.emergency.actions.stays_guest import Guest, columns_of, fingerprint, keep_needs
from maehia.emergency.models import Shelter, ShelterDesk, Stay, StayEvent
from maehia.emergency.rules.shelters import HOWS, KINDS
from maehia.emergency.rules.shelters_bands import write_band
from maehia.emergency.rules.stays_merge import Event, Told, corrected, told
from maehia.kit.acting import required
from maehia.kit.clock import now
from maehia.kit.series import next_number

FULL = ("over_capacity", "ศูนย์พักพิงนี้เต็มแล้ว", "shelter")
ELSEWHERE = ("open_elsewhere", "บุคคลนี้ยังพักอยู่ในศูนย์พักพิง (ยังไม่ได้บันทึกออก)", "person")
RULES = {
    "emergency_load_within_capacity": FULL,
    "emergency_stay_one_open": ELSEWHERE,
    "emergency_stay_one_id": ELSEWHERE,
    "emergency_stay_band": ("band_taken", "สายรัดข้อมือหมายเลขนี้มีผู้ใช้อยู่", "band"),
    "emergency_stay_shelter_open": ("shelter_shut", "ศูนย์พักพิงนี้ไม่ได้เปิดรับ", "shelter"),
}
FIXES = "รับที่ศูนย์อื่น ขอผู้มีอำนาจอนุญาตให้รับเกินความจุ หรือตรวจว่าบันทึกไว้แล้ว"
COUNTED = ("applied", "early")


@dataclass(frozen=True, slots=True)
class Telling:
    """What is told. said: the moment by the teller's clock; off: how far that clock is behind ours.

    guest: with an `in`, unless `copied` has the columns already (a transfer). desk: the device that wrote it down.
    """

    instance: UUID
    stay: UUID
    kind: str
    said: datetime
    how: str = ""
    guest: Guest | None = None
    copied: Mapping[str, Any] | None = None
    desk: ShelterDesk | None = None
    off: timedelta = timedelta(0)

    def hash(self, shelter: Shelter) -> bytes:
        """Of everything that was told. Not the skew of the clock: it is measured anew at every sending."""
        content = self.guest.as_json() if self.guest else ""
        moment = self.said.isoformat() if self.desk else ""  # at the counter a retry comes a moment later
        return fingerprint(str(shelter.pk), str(self.stay), self.kind, self.how, moment, content)


def take(shelter: Shelter, telling: Telling, *, queue: bool = False) -> tuple[StayEvent, bool]:
    """Take one event in a shelter that the caller has locked. Returns the event and whether it is new.

    queue: what cannot be applied waits for a person instead of being refused (a desk's people are already there).
    Raises ProblemError (without queue): other_content, no_stay, bad_kind, wrong_shelter, those of RULES and of a guest.
    """
    mark = telling.hash(shelter)
    earlier = list(StayEvent.objects.filter(instance=telling.instance))
    if same := next((e for e in earlier if bytes(e.hash) == mark), None):
        return same, False
    event = _event(shelter, telling, mark)
    try:
        if earlier:
            raise refused("other_content", "รายการหมายเลขนี้บันทึกไว้แล้ว แต่ข้อมูลไม่ตรงกัน", str(telling.instance),
                          "ให้ผู้ดูแลศูนย์เลือกว่าจะใช้รายการใด")  # fmt: skip
        with transaction.atomic():
            apply(shelter, event, telling)
    except ProblemError as error:
        if not queue:
            raise
        event.state, event.problem = StayEvent.WAITS, error.problem.code[:20]
        event.body = telling.guest.as_json() if telling.guest else None
        event.save()
    return event, True


def _event(shelter: Shelter, telling: Telling, mark: bytes) -> StayEvent:
    moment = now()
    at = corrected(telling.said, telling.off, moment) if telling.desk else telling.said
    return StayEvent(
        instance=telling.instance, stay_key=telling.stay, shelter=shelter, mode=shelter.mode, kind=telling.kind,
        how=telling.how, at=at, said_at=telling.said,
        off_s=telling.off.total_seconds(), recorded_at=moment, actor=required().actor, desk=telling.desk, hash=mark,
    )  # fmt: skip


def apply(shelter: Shelter, event: StayEvent, telling: Telling) -> None:
    """Save the event and bring its stay up. Raises ProblemError as `take`."""
    if event.kind not in KINDS or (event.kind == "out") != (event.how in HOWS):
        raise refused("bad_kind", "รายการนี้อ่านไม่ได้", event.kind)
    stay = Stay.objects.select_for_update(no_key=True, of=("self",)).filter(pk=event.stay_key).first()
    if stay is not None and stay.shelter_id != shelter.pk:
        raise refused("wrong_shelter", "ผู้พักพิงรายนี้อยู่ในศูนย์อื่น", str(stay.shelter_id), "บันทึกที่ศูนย์นั้น")
    rows = [*StayEvent.objects.filter(stay_key=event.stay_key, state__in=COUNTED), event]
    result = told(Event(str(r.instance), str(r.stay_key), r.kind, r.at, r.how) for r in rows)
    if result is None and telling.desk is None:
        raise refused("no_stay", "ไม่พบผู้พักพิงรายนี้")
    event.state = "early" if result is None else "applied"
    if result is not None:
        with said(RULES, FIXES):
            _bring_up(stay, shelter, event, telling, result)
    event.save()
    StayEvent.objects.filter(stay_key=event.stay_key, state="early").exclude(pk=event.pk).update(state=event.state)


def _bring_up(stay: Stay | None, shelter: Shelter, event: StayEvent, telling: Telling, result: Told) -> None:
    standing = {"state": result.state, "in_at": result.in_at, "out_at": result.out_at, "how": result.how}
    if event.kind == "in":
        standing |= {"said_in_at": event.said_at, "off_s": event.off_s}
    if stay is None:
        _begin(shelter, event, telling, standing)
        return
    stay.version += 1
    for name, value in standing.items():
        setattr(stay, name, value)
    stay.save(update_fields=[*standing, "version"])


def _begin(shelter: Shelter, event: StayEvent, telling: Telling, standing: Mapping[str, Any]) -> None:
    guest = _banded(telling.guest or Guest(), shelter)
    columns = telling.copied or columns_of(guest, shelter)
    made = Stay.objects.create(
        pk=event.stay_key, shelter=shelter, mode=shelter.mode, recorded_at=event.recorded_at, made_by=event.actor,
        **columns, **standing,
    )  # fmt: skip
    if guest.needs:
        keep_needs(made, guest.needs)


def _banded(guest: Guest, shelter: Shelter) -> Guest:
    """Who gave no name and has no band gets the next one of the series."""
    if guest.name.strip() or guest.band.strip() or guest.person_key or guest.national_id.strip():
        return guest
    return replace(guest, band=write_band(next_number(f"{SERIES}.{shelter.mode}"), shelter.mode))
