"""Shelters of an incident: planned on a place of the city, opened, closed when empty; more places only by name.

Each runs inside a purpose that writes `incident` (emergency.shelter or emergency.command), in the incident's mode.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from django.contrib.gis.geos import GEOSGeometry, Point

from maehia.access.models import Account
from maehia.access.permissions import can
from maehia.base import Problem
from maehia.city.models import Place
from maehia.emergency.actions import guards, log
from maehia.emergency.actions.incidents import refused
from maehia.emergency.actions.shelters_said import said
from maehia.emergency.models import Incident, Shelter, ShelterBands, ShelterLoad, ShelterOverride, ShelterSite, Stay
from maehia.emergency.models.shelters import OPEN
from maehia.emergency.queries.shelters_words import facility_words
from maehia.emergency.rules.shelters import PETS, SHELTER
from maehia.emergency.workflow import OPEN_STATES
from maehia.kit.acting import required
from maehia.kit.clock import now
from maehia.kit.series import next_numbers

FACTS = ("capacity_day", "capacity_night", "area_m2", "toilets", "water_l_day", "facilities", "pets", "access",
         "flood_safe_m", "contact")  # fmt: skip
SERIES = "emergency.band"
MOST_BANDS = 500


@dataclass(frozen=True, slots=True)
class Facts:
    """What a site holds (see models.shelters.Holds). capacity_day 0: as many as at night."""

    capacity_night: int
    capacity_day: int = 0
    area_m2: float | None = None
    toilets: int | None = None
    water_l_day: float | None = None
    facilities: Sequence[str] = ()
    pets: str = "no"
    access: str = ""
    flood_safe_m: float | None = None
    contact: str = ""

    def columns(self) -> dict[str, Any]:
        """Checked and ready for a row. Raises ProblemError: bad_capacity, bad_facts."""
        night, day = self.capacity_night, self.capacity_day or self.capacity_night
        if not 0 < night <= day <= 100_000:
            raise refused("bad_capacity", "ความจุกลางคืนต้องมากกว่า 0 และไม่เกินความจุกลางวัน", "capacity_night",
                          "ตรวจตัวเลขความจุ")  # fmt: skip
        sizes = (self.area_m2, self.toilets, self.water_l_day, self.flood_safe_m)
        unknown = set(self.facilities) - set(facility_words())
        if self.pets not in PETS or unknown or any(size is not None and size < 0 for size in sizes):
            raise refused("bad_facts", "ข้อมูลศูนย์ไม่ถูกต้อง", "facilities", "เลือกจากรายการและใช้ตัวเลขที่ไม่ติดลบ")
        return {
            **asdict(self), "capacity_day": day, "facilities": sorted(self.facilities), "access": self.access[:300],
            "contact": self.contact[:120],
        }  # fmt: skip


def place_of(key: UUID) -> Place:
    """The place of the city. Raises ProblemError no_place."""
    found = Place.objects.filter(pk=key).first()
    if found is None:
        raise refused("no_place", "ไม่พบสถานที่นี้ในทะเบียน", "place", "เลือกสถานที่จากทะเบียนของเมือง")
    return found


def prepare_site(place_key: UUID, facts: Facts) -> ShelterSite:
    """Keep what a place would hold, before anything happens."""
    place_of(place_key)
    row, _ = ShelterSite.objects.update_or_create(place_key=place_key, defaults=facts.columns())
    return row


def plan_shelter(incident: Incident, place_key: UUID, facts: Facts | None = None) -> Shelter:
    """A shelter of an incident; without facts as the site was prepared.

    Raises ProblemError: no_place, not_open, no_capacity, shelter_exists, bad_capacity, bad_facts.
    """
    if incident.state not in OPEN_STATES:
        raise refused("not_open", "เหตุการณ์นี้ปิดแล้ว", incident.number)
    place = place_of(place_key)
    columns = facts.columns() if facts else _prepared(place)
    with said({"emergency_shelter_once": ("shelter_exists", "สถานที่นี้เป็นศูนย์พักพิงของเหตุนี้อยู่แล้ว", place.name)}):
        row = Shelter.objects.create(
            incident=incident, mode=incident.mode, place_key=place.key, name=place.name, point=_point(place.geom),
            planned_at=now(), **columns,
        )  # fmt: skip
    _log(row, row.name, after=row.state)
    return row


def _prepared(place: Place) -> dict[str, Any]:
    site = ShelterSite.objects.filter(pk=place.key).first()
    if site is not None:
        return {name: getattr(site, name) for name in FACTS}
    if not place.capacity:
        raise refused("no_capacity", "ยังไม่รู้ความจุของสถานที่นี้", "capacity_night", "กรอกจำนวนคนที่นอนได้")
    return Facts(place.capacity, contact=place.phone).columns()


def _point(place: GEOSGeometry | None) -> Point | None:
    return None if place is None else place if isinstance(place, Point) else place.point_on_surface


def change_facts(key: UUID, facts: Facts, version: int) -> Shelter:
    """New capacity or facilities. Raises ProblemError: no_shelter, stale_shelter, below_load (more are inside)."""
    row = locked(key)
    if row.version != version:
        raise refused("stale_shelter", "มีผู้อื่นแก้ไขศูนย์นี้ไปแล้ว", row.name, "อ่านข้อมูลล่าสุดแล้วทำอีกครั้ง")
    before = {"capacity_day": row.capacity_day, "capacity_night": row.capacity_night}
    for name, value in facts.columns().items():
        setattr(row, name, value)
    row.version += 1
    with said({"emergency_load_within_capacity": ("below_load", "ลดความจุต่ำกว่าจำนวนผู้พักพิงไม่ได้", row.name)}):
        row.save(update_fields=[*FACTS, "version"])
    _log(row, row.name, value={"before": before})
    return row


def move_shelter(key: UUID, to: str, reason: str = "") -> Shelter:
    """Move a shelter by its table. Raises ProblemError: no_shelter, move_refused, still_inside."""
    row = locked(key)
    if SHELTER.find(row.state, to) is None:
        raise refused("move_refused", f"จากสถานะ “{SHELTER.states[row.state].th}” ไปสถานะนี้ไม่ได้", to,
                      "เลือกสถานะที่มีให้เลือก")  # fmt: skip
    before, row.state = row.state, to
    row.version += 1
    if to == "open" and row.opened_at is None:
        row.opened_at = now()
    row.closed_at = now() if to == "closed" else None
    words = {"emergency_shelter_closed_empty": ("still_inside", "ยังมีผู้พักพิงอยู่ ปิดศูนย์ไม่ได้", row.name)}
    with said(words, "ให้ทุกคนออกหรือย้ายศูนย์ก่อน"):
        row.save(update_fields=["state", "version", "opened_at", "closed_at"])
    _log(row, reason or row.name, before=before, after=to)
    return row


def open_shelter(key: UUID) -> Shelter:
    """Let people in from now."""
    return move_shelter(key, "open")


def close(key: UUID, reason: str = "") -> Shelter:
    """No more people; closed for good when nobody is inside. Raises ProblemError still_inside."""
    row = locked(key)
    if row.state == "open":
        move_shelter(key, "closing", reason)
    return move_shelter(key, "closed", reason)


def allow_more(key: UUID, account: Account, places: int, reason: str) -> ShelterOverride:
    """Let a shelter take more than it holds, in one's own name. Raises ProblemError: no_shelter, may_not_overfill,
    no_reason, bad_places."""
    if not can(account, "emergency.overfill"):
        raise refused("may_not_overfill", "คุณไม่มีสิทธิ์อนุญาตให้รับเกินความจุ", account.display_name,
                      "ขอให้ผู้อำนวยการเหตุการณ์หรือปลัดเทศบาลอนุญาต")  # fmt: skip
    if not reason.strip():
        raise refused("no_reason", "การรับเกินความจุต้องมีเหตุผล", "reason", "เขียนเหตุผลสั้น ๆ")
    if not 0 < places <= 1000:
        raise refused("bad_places", "จำนวนที่อนุญาตเพิ่มต้องเป็น 1 ถึง 1,000", "places", "กรอกจำนวนคน")
    row = locked(key)
    made = ShelterOverride.objects.create(
        shelter=row, mode=row.mode, places=places, reason=reason.strip()[:400], account=account.pk,
        by_name=account.display_name, at=now(),
    )  # fmt: skip
    _log(row, made.reason, kind="overfill", value={"places": places, "account": str(account.pk)})
    return made


def end_override(override_id: int) -> ShelterOverride:
    """Take the extra places back. Raises ProblemError: no_override, still_needed."""
    found = ShelterOverride.objects.filter(pk=override_id, ended_at=None).first()
    if found is None:
        raise refused("no_override", "ไม่พบการอนุญาตนี้ หรือสิ้นสุดแล้ว")
    row = locked(found.shelter_id)
    found.ended_at = now()
    words = {"emergency_load_within_capacity": ("still_needed", "ยังมีผู้พักพิงเกินความจุอยู่", row.name)}
    with said(words, "ย้ายผู้พักพิงก่อน"):
        found.save(update_fields=["ended_at"])
    _log(row, found.reason, kind="overfill", value={"places": -found.places})
    return found


def issue_bands(key: UUID, count: int) -> ShelterBands:
    """The next numbers of the series for wristbands of a shelter. Raises ProblemError: no_shelter, bad_count."""
    if not 0 < count <= MOST_BANDS:
        raise refused("bad_count", f"พิมพ์ได้ครั้งละ 1 ถึง {MOST_BANDS} เส้น", "count", "กรอกจำนวนใหม่")
    row = locked(key)
    numbers = next_numbers(f"{SERIES}.{row.mode}", count)
    return ShelterBands.objects.create(
        shelter=row, mode=row.mode, first=numbers[0], last=numbers[-1], made_at=now(), made_by=required().actor
    )


def locked(*keys: UUID) -> Shelter:
    """The first of some shelters; all are locked, in one order, so that two transfers never wait for each other."""
    rows = {row.pk: row for row in Shelter.objects.select_for_update(no_key=True).filter(pk__in=keys).order_by("id")}
    if len(rows) < len(set(keys)):
        raise refused("no_shelter", "ไม่พบศูนย์พักพิงนี้ หรือคุณไม่มีสิทธิ์เปิด")
    return rows[keys[0]]


def load_of(shelter: Shelter) -> ShelterLoad:
    return ShelterLoad.objects.get(pk=shelter.pk)


def _log(
    row: Shelter, text: str, *, kind: str = "shelter", value: Mapping[str, Any] | None = None, before: str = "",
    after: str = "",
) -> None:  # fmt: skip
    load = load_of(row)
    numbers = {"shelter": str(row.pk), "place": str(row.place_key), "inside": load.heads,
               "capacity_day": load.capacity_day, "capacity_night": load.capacity_night,
               "extra": load.extra}  # fmt: skip
    log.append(row.incident_id, kind, text, value={**numbers, **(value or {})}, before=before, after=after)


def _no_open_stay(incident: Incident, _told: Mapping[str, Any]) -> Problem | None:
    inside = Stay.objects.filter(OPEN, shelter__incident=incident).count()
    if not inside:
        return None
    return Problem("guard_no_open_stay", f"ยังมีผู้พักพิงอยู่ในศูนย์ {inside} คน", fix="ให้ผู้พักพิงทุกคนออกหรือย้ายก่อนปิดเหตุ")


guards.provide("no_open_stay", _no_open_stay)
