"""People come to a shelter, go out for a while, leave, move to another one. The database holds capacity and one open
stay per person; here it is said in sentences.

Each runs inside a purpose that writes `relief` and `incident` (emergency.shelter), in the incident's mode.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from maehia.emergency.actions import log, stays_guest
from maehia.emergency.actions.incidents import refused
from maehia.emergency.actions.shelters import load_of, locked
from maehia.emergency.actions.stays_events import Telling, take
from maehia.emergency.actions.stays_guest import Guest, columns_of
from maehia.emergency.models import Shelter, Stay, StayEvent
from maehia.emergency.rules.shelters import HOWS, OPEN_STAYS, OTHER_SHELTER, STAY
from maehia.kit.acting import required
from maehia.kit.clock import now

AHEAD = timedelta(minutes=5)
INSTANT = timedelta(milliseconds=1)
COPIED = ("person_key", "id_index", "name", "phone", "phone_index", "sex", "age", "moo", "band", "overnight", "pets",
          "household_key")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Taken:
    """How many came and went by one act, for the log."""

    came: int = 0
    left: int = 0
    away: int = 0
    back: int = 0
    how: str = ""


def check_in(shelter_key: UUID, guest: Guest, *, at: datetime | None = None, instance: UUID | None = None) -> Stay:
    """One person comes in. The same `instance` again gives the same stay.

    Raises ProblemError: no_shelter, shelter_shut, over_capacity, open_elsewhere, band_taken, other_content, ahead and
    those of `stays_guest.columns_of`.
    """
    return check_in_together(shelter_key, [guest], at=at, instances=[instance or uuid4()])[0]


def check_in_together(
    shelter_key: UUID, guests: Sequence[Guest], *, at: datetime | None = None, instances: Sequence[UUID] = ()
) -> list[Stay]:
    """People who belong together come in, all or none: a family is not split because one place is missing.

    Raises ProblemError as `check_in`; nobody.
    """
    if not guests:
        raise refused("nobody", "ยังไม่ได้เลือกผู้พักพิง", "guests", "เลือกอย่างน้อยหนึ่งคน")
    shelter, moment = locked(shelter_key), _moment(at)
    party = uuid4() if len(guests) > 1 else None
    keys, found, came = list(instances) or [uuid4() for _ in guests], [], 0
    for guest, instance in zip(guests, keys, strict=True):
        event, new = take(shelter, Telling(instance, guest.id or instance, "in", moment, guest=guest))
        stay = Stay.objects.get(pk=event.stay_key)
        if new and party:
            stay.party = party
            stay.save(update_fields=["party"])
        came += new
        found.append(stay)
    if came:
        tell(shelter, Taken(came=came), moment)
    return found


def expect(shelter_key: UUID, guest: Guest) -> Stay:
    """Somebody is expected; she is counted only when she comes. Raises ProblemError as `check_in`."""
    shelter = locked(shelter_key)
    stay = Stay.objects.create(
        pk=guest.id or uuid4(), shelter=shelter, mode=shelter.mode, planned_at=now(), recorded_at=now(),
        made_by=required().actor, **columns_of(guest, shelter),
    )  # fmt: skip
    stays_guest.keep_needs(stay, guest.needs)
    return stay


def arrive(stay_key: UUID, *, at: datetime | None = None, instance: UUID | None = None) -> Stay:
    """Who was expected has come."""
    return _change(stay_key, "in", at, instance or uuid4(), "planned")


def cancel(stay_key: UUID) -> Stay:
    """Who was expected does not come. Raises ProblemError move_refused."""
    stay = stay_of(stay_key)
    if STAY.find(stay.state, "cancelled") is None:
        raise _refused_move(stay)
    stay.state, stay.version = "cancelled", stay.version + 1
    stay.save(update_fields=["state", "version"])
    return stay


def step_out(stay_key: UUID, *, at: datetime | None = None, instance: UUID | None = None) -> Stay:
    """Out for a while (work, hospital visit, looking after the house); the place is kept."""
    return _change(stay_key, "away", at, instance or uuid4(), "checked_in")


def come_back(stay_key: UUID, *, at: datetime | None = None, instance: UUID | None = None) -> Stay:
    return _change(stay_key, "back", at, instance or uuid4(), "temporarily_out")


def check_out(stay_key: UUID, how: str, *, at: datetime | None = None, instance: UUID | None = None) -> Stay:
    """Leave for good: home, relative, hospital, deceased (another shelter: `transfer`).

    Raises ProblemError: no_stay, move_refused, bad_how, ahead.
    """
    if how not in HOWS or how == OTHER_SHELTER:
        raise refused("bad_how", "ต้องระบุว่าออกไปไหน", "how", "เลือกจากรายการ")
    return _change(stay_key, "out", at, instance or uuid4(), *OPEN_STAYS, how=how)


def _change(stay_key: UUID, kind: str, at: datetime | None, instance: UUID, *states: str, how: str = "") -> Stay:
    shelter, moment = locked(stay_of(stay_key).shelter_id), _moment(at)
    stay = stay_of(stay_key)
    if StayEvent.objects.filter(stay_key=stay_key, instance=instance).exists():
        return stay
    if stay.state not in states:
        raise _refused_move(stay)
    take(shelter, Telling(instance, stay_key, kind, _after(stay_key, moment), how=how))
    numbers = {"in": Taken(came=1), "away": Taken(away=1), "back": Taken(back=1), "out": Taken(left=1, how=how)}
    tell(shelter, numbers[kind], moment)
    return stay_of(stay_key)


def transfer(stay_keys: Sequence[UUID], to_shelter: UUID, *, at: datetime | None = None) -> list[Stay]:
    """Out of one shelter and into another in one transaction, all of them or none. Returns the new stays.

    Raises ProblemError: no_stay, same_shelter, move_refused, over_capacity, shelter_shut.
    """
    moment = _moment(at)
    old = [stay_of(key) for key in stay_keys]
    if not old:
        raise refused("no_stay", "ยังไม่ได้เลือกผู้พักพิง")
    homes = {stay.shelter_id for stay in old}
    if to_shelter in homes:
        raise refused("same_shelter", "อยู่ในศูนย์นี้อยู่แล้ว", "to", "เลือกศูนย์อื่น")
    locked(to_shelter, *homes)
    target, party = locked(to_shelter), uuid4() if len(old) > 1 else None
    made = [_moved(stay, target, moment, party) for stay in old]
    for home in sorted(homes):
        left = sum(stay.shelter_id == home for stay in old)
        tell(locked(home), Taken(left=left, how=OTHER_SHELTER), moment, to=str(target.pk))
    tell(target, Taken(came=len(made)), moment, moved=len(made))
    return made


def _moved(old: Stay, target: Shelter, moment: datetime, party: UUID | None) -> Stay:
    now_there = stay_of(old.pk)
    if now_there.state not in OPEN_STAYS:
        raise _refused_move(now_there)
    take(now_there.shelter, Telling(uuid4(), old.pk, "out", moment, how=OTHER_SHELTER))
    key = uuid4()
    take(target, Telling(key, key, "in", moment, copied={name: getattr(now_there, name) for name in COPIED}))
    made = stay_of(key)
    made.came_from, made.party = old, party
    made.save(update_fields=["came_from", "party"])
    stays_guest.keep_needs(made, [row.need for row in now_there.needs.all()])
    return made


def _after(stay_key: UUID, moment: datetime) -> datetime:
    """The moment, or right after what was written in the same instant: two acts keep their order."""
    near = StayEvent.objects.filter(stay_key=stay_key, at__gte=moment, at__lt=moment + INSTANT).order_by("-at").first()
    return near.at + timedelta(microseconds=1) if near else moment


def tell(shelter: Shelter, taken: Taken, at: datetime | None = None, **more: Any) -> None:
    """One line of the incident's log: numbers and keys, no names."""
    load = load_of(shelter)
    moves = {"in": taken.came, "out": taken.left, "away": taken.away, "back": taken.back}
    value = {
        "shelter": str(shelter.pk),
        "inside": load.heads,
        "beds": load.beds,
        **{k: n for k, n in moves.items() if n},
    }
    log.append(shelter.incident_id, "stay", "", value={**value, **({"how": taken.how} if taken.how else {}), **more},
               event_at=at)  # fmt: skip


def _moment(at: datetime | None) -> datetime:
    moment = at or now()
    if moment > now() + AHEAD:
        raise refused("ahead", "เวลาอยู่ในอนาคต", "at", "ตรวจวันและเวลา")
    return moment


def stay_of(key: UUID) -> Stay:
    found = Stay.objects.select_related("shelter").filter(pk=key).first()
    if found is None:
        raise refused("no_stay", "ไม่พบผู้พักพิงรายนี้ หรือคุณไม่มีสิทธิ์เปิด")
    return found


def _refused_move(stay: Stay) -> Exception:
    return refused("move_refused", f"ผู้พักพิงรายนี้มีสถานะ “{STAY.states[stay.state].th}” แล้ว ทำรายการนี้ไม่ได้",
                   stay.band, "เปิดรายการล่าสุดแล้วตรวจอีกครั้ง")  # fmt: skip
