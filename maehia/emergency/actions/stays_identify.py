"""Who came without a name gets one later; what was told wrongly is corrected."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID, uuid4

from maehia.emergency.actions import log, stays_guest
from maehia.emergency.actions.incidents import refused
from maehia.emergency.actions.shelters import locked
from maehia.emergency.actions.shelters_said import said
from maehia.emergency.actions.stays import Taken, stay_of, tell
from maehia.emergency.actions.stays_events import FIXES, RULES, Telling, take
from maehia.emergency.actions.stays_guest import Guest, columns_of
from maehia.emergency.models import Shelter, Stay
from maehia.emergency.queries.stays import open_of
from maehia.emergency.rules.shelters import OTHER_SHELTER
from maehia.evidence.queries import index_of


def identify(stay_key: UUID, person_key: UUID, *, move_here: bool = False) -> Stay:
    """Who came without a name is this person of the register. What was told stays, what was missing is filled.

    move_here: an open stay that she still has elsewhere ends as moved to here.
    Raises ProblemError: no_stay, no_person, identified (as another person), open_elsewhere.
    """
    shelter = _locked_with_other(stay_of(stay_key), person_key)
    stay = stay_of(stay_key)
    if stay.person_key not in (None, person_key):
        raise refused("identified", "ผู้พักพิงนี้ระบุตัวแล้วว่าเป็นคนอื่น", stay.band, "แก้ไขที่รายการเดิมก่อน")
    if move_here:
        end_elsewhere(stay, person_key)
    _set_person(stay, person_key)
    log.append(shelter.incident_id, "stay", "", value={"shelter": str(shelter.pk), "identified": 1})
    return stay


def _locked_with_other(stay: Stay, person_key: UUID) -> Shelter:
    """The shelter of the stay, locked together with the one where she is still written down."""
    others = open_of(person_key=person_key)
    return locked(stay.shelter_id, *(row.shelter_id for row in others))


def end_elsewhere(stay: Stay, person_key: UUID | None = None, id_index: bytes | None = None) -> list[Stay]:
    """End what is open of this person but for `stay`, as moved to it. The caller has locked the shelters."""
    ended = [row for row in open_of(person_key=person_key, id_index=id_index) if row.pk != stay.pk]
    for row in ended:
        moment = max(moment for moment in (row.in_at, stay.in_at) if moment)
        take(row.shelter, Telling(uuid4(), row.pk, "out", moment, how=OTHER_SHELTER))
        tell(row.shelter, Taken(left=1, how=OTHER_SHELTER), moment)
    if ended and stay.came_from_id is None and not stay._state.adding:
        stay.came_from = ended[0]
        stay.save(update_fields=["came_from"])
    return ended


def _set_person(stay: Stay, person_key: UUID) -> None:
    known = stays_guest.from_register(
        Guest(stay.name or "", person_key, phone=stay.phone or "", sex=stay.sex, age=stay.age, moo=stay.moo)
    )
    stay.person_key, stay.name, stay.phone = person_key, known.name, known.phone or None
    stay.sex, stay.age, stay.moo, stay.version = known.sex, known.age, known.moo, stay.version + 1
    stay.id_index, stay.phone_index = index_of("id", known.national_id or None), index_of("phone", stay.phone)
    with said(RULES, FIXES):
        stay.save(update_fields=["person_key", "name", "phone", "sex", "age", "moo", "version", "id_index",
                                 "phone_index"])  # fmt: skip


def amend(stay_key: UUID, guest: Guest, version: int) -> Stay:
    """Correct what was told of a guest. Raises ProblemError: no_stay, stale_stay and those of `columns_of`."""
    shelter = locked(stay_of(stay_key).shelter_id)
    stay = stay_of(stay_key)
    if stay.version != version:
        raise refused("stale_stay", "มีผู้อื่นแก้ไขรายการนี้ไปแล้ว", "", "อ่านข้อมูลล่าสุดแล้วทำอีกครั้ง")
    columns = columns_of(replace(guest, person_key=stay.person_key), shelter)
    if columns["id_index"] is None:
        columns.pop("id_index")  # the number itself is not kept: an empty box is not a deletion
    stay.version += 1
    for name, value in columns.items():
        setattr(stay, name, value)
    with said(RULES, FIXES):
        stay.save(update_fields=[*columns, "version"])
    stays_guest.keep_needs(stay, guest.needs)
    return stay
