"""The count of the evening: who was there on that day, who sleeps there. Frozen when it is taken."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from uuid import UUID

from maehia.base import BANGKOK
from maehia.emergency.actions import log
from maehia.emergency.actions.shelters import locked
from maehia.emergency.models import Shelter, ShelterNight, Stay
from maehia.emergency.queries.shelters import open_shelters
from maehia.emergency.queries.stays import during
from maehia.emergency.rules.shelters import OPEN_STAYS, age_band
from maehia.kit.acting import acting, required
from maehia.kit.clock import now

ACTOR, PURPOSE = "system:emergency", "emergency.shelter"


def day_start(day: date) -> datetime:
    return datetime.combine(day, time(), BANGKOK)


def take_night(shelter_key: UUID, *, by_hand: bool = True) -> ShelterNight:
    """Count a shelter now. The evening's own count is taken once a day and given back when it stands already.

    Raises ProblemError no_shelter.
    """
    shelter, moment = locked(shelter_key), now()
    day = moment.astimezone(BANGKOK).date()
    standing = None if by_hand else ShelterNight.objects.filter(shelter=shelter, day=day, by_hand=False).first()
    if standing is not None:
        return standing
    there = during(shelter.pk, day_start(day), moment + timedelta(microseconds=1))
    row = _counted(shelter, there, day, moment, by_hand)
    value = {"shelter": str(shelter.pk), "inside": row.present, "day": row.day_total, "night": row.night_total}
    log.append(shelter.incident_id, "night", "", value=value)
    return row


def _counted(shelter: Shelter, there: list[Stay], day: date, moment: datetime, by_hand: bool) -> ShelterNight:
    inside = [stay for stay in there if stay.state in OPEN_STAYS]
    sleeping = [stay for stay in inside if stay.overnight]
    start = day_start(day)
    return ShelterNight.objects.create(
        shelter=shelter, mode=shelter.mode, day=day, by_hand=by_hand, taken_at=moment, taken_by=required().actor,
        day_total=len(there), night_total=len(sleeping), present=sum(stay.state == "checked_in" for stay in inside),
        came=sum(bool(stay.in_at and stay.in_at >= start) for stay in there),
        left=sum(bool(stay.out_at and stay.out_at >= start) for stay in there),
        capacity_night=shelter.capacity_night, sexes=_tally(stay.sex for stay in sleeping),
        ages=_tally(age_band(stay.age) for stay in sleeping),
        needs=_tally(row.need for stay in sleeping for row in stay.needs.all()),
    )  # fmt: skip


def _tally(codes: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(codes).items()))


def take_all() -> int:
    """The evening's count of every shelter with people, live and exercise; what stands already is left. Returns how
    many were taken. Opens contexts of its own."""
    taken = 0
    for mode in ("live", "exercise"):
        with acting(ACTOR, PURPOSE, mode=mode):
            keys = [row.pk for row in open_shelters()]
        for key in keys:
            with acting(ACTOR, PURPOSE, mode=mode):
                taken += take_night(key, by_hand=False).taken_at == now()
    return taken
