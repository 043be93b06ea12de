"""Things and numbers: where a pump is and how it is, whom to ring outside, which shelter was looked at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import yaml
from django.contrib.gis.geos import Point
from django.db import transaction

from maehia.city.models import Place
from maehia.emergency.actions import log
from maehia.emergency.actions.incidents import refused
from maehia.emergency.actions.readiness_changes import save
from maehia.emergency.models import (
    DutyNeed,
    Incident,
    OutsideNumber,
    Resource,
    ResourceChange,
    ShelterCheck,
    Threshold,
)
from maehia.emergency.rules.roster import RESOURCE_KINDS, RESOURCE_STATES
from maehia.kit.acting import required
from maehia.kit.clock import now, today
from maehia.kit.modes import current_mode

DATA = Path(__file__).resolve().parents[1] / "data"


@dataclass(frozen=True, slots=True)
class NewResource:
    """A thing that stands ready. point: longitude and latitude in degrees."""

    kind: str
    name: str
    home: str
    code: str = ""
    count: int = 1
    least: int = 1
    unit: str = "คัน"
    keeper_id: UUID | None = None
    point: tuple[float, float] | None = None
    check_days: int = 30
    active: bool = True


def save_resource(key: UUID | None, new: NewResource) -> Resource:
    """Add or change a resource. Raises ProblemError: bad_kind, no_name, no_home, bad_count, bad_point, no_row,
    nothing_changed."""
    if new.kind not in RESOURCE_KINDS:
        raise refused("bad_kind", f"ไม่รู้จักประเภท {new.kind}", "kind", "เลือกจากรายการ")
    if not new.name.strip():
        raise refused("no_name", "ยังไม่มีชื่อ", "name")
    if not new.home.strip():
        raise refused("no_home", "ยังไม่ได้บอกที่เก็บ", "home", "เขียนสถานที่ที่เจ้าหน้าที่เวรหาเจอตอนกลางคืน")
    if not (0 <= new.least <= new.count <= 1_000_000 and 1 <= new.check_days <= 365):
        raise refused("bad_count", "จำนวนอย่างน้อยต้องไม่เกินจำนวนที่มี และตรวจทุก 1 ถึง 365 วัน", "least")
    values: dict[str, Any] = {name: getattr(new, name) for name in NewResource.__slots__ if name != "point"}
    row = save("resource", key, {**values, "point": place_of(new.point)})
    assert isinstance(row, Resource)  # noqa: S101 (the table says so)
    return row


def place_of(pair: tuple[float, float] | None) -> Point | None:
    """Raises ProblemError bad_point, also for longitude and latitude the wrong way round."""
    if pair is None:
        return None
    lon, lat = pair
    if not (97 <= lon <= 106 and 5 <= lat <= 21):
        raise refused("bad_point", "พิกัดนี้ไม่อยู่ในประเทศไทย", "point", "ลองจิจูดมาก่อนละติจูด เช่น 98.95, 18.74")
    return Point(lon, lat, srid=4326)


@transaction.atomic
def move_resource(
    key: UUID, state: str, *, place: str = "", count: int | None = None, checked: bool = False, note: str = "",
    incident: Incident | None = None, point: tuple[float, float] | None = None,
) -> ResourceChange:  # fmt: skip
    """Write down where a resource is and how it is from now on; with an incident it stands in its log.

    place: empty = its home. count: fit for use, by default all. Raises ProblemError: no_resource, bad_state, bad_count.
    """
    row = Resource.objects.select_for_update().filter(pk=key).first()
    if row is None:
        raise refused("no_resource", "ไม่พบทรัพยากรนี้")
    if state not in RESOURCE_STATES:
        raise refused("bad_state", f"ไม่รู้จักสภาพ {state}", "state")
    fit = count if count is not None else 0 if state in ("repair", "lost") else row.count
    if not 0 <= fit <= row.count:
        raise refused("bad_count", f"จำนวนที่ใช้ได้ต้องไม่เกิน {row.count:,} {row.unit}", "count")
    made = ResourceChange.objects.create(
        resource=row, mode=current_mode(), state=state, count=fit, place=(place.strip() or row.home)[:200],
        point=place_of(point), incident=incident, checked=checked, note=note.strip()[:200], by=required().actor,
        at=now(),
    )  # fmt: skip
    if incident is not None:
        value = {"resource": str(row.pk), "kind": row.kind, "count": fit, "place": made.place}
        log.append(incident, "resource", f"{row.name} {row.code}".strip(), after=state, value=value)
    return made


def save_number(key: int | None, values: dict[str, Any]) -> OutsideNumber:
    """Add or change an outside number. Raises ProblemError: no_name, no_source, bad_phone, no_row, nothing_changed."""
    if not str(values.get("name_th", "")).strip():
        raise refused("no_name", "ยังไม่มีชื่อหน่วยงาน", "name_th")
    if not str(values.get("source", "")).strip():
        raise refused("no_source", "ยังไม่ได้ระบุที่มาของหมายเลข", "source", "เช่น เว็บไซต์ของหน่วยงาน และวันที่อ่าน")
    digits = "".join(c for c in str(values.get("phone", "")) if c.isdigit())
    if values.get("phone") and not 3 <= len(digits) <= 15:
        raise refused("bad_phone", "หมายเลขต้องมี 3 ถึง 15 หลัก", "phone")
    row = save("number", key, values)
    assert isinstance(row, OutsideNumber)  # noqa: S101 (the table says so)
    return row


def check_number(key: int, *, answered: bool, note: str = "") -> OutsideNumber:
    """Somebody rang the number today: it answered, or it did not. Raises ProblemError: no_row, no_phone."""
    row = OutsideNumber.objects.filter(pk=key).first()
    if row is not None and not row.phone:
        raise refused("no_phone", "หน่วยงานนี้ยังไม่มีหมายเลข", row.name_th, "ใส่หมายเลขก่อน")
    values = {"checked_on": today() if answered else None, "verified": answered, "note": note.strip()[:200]}
    if row is not None and all(getattr(row, name) == value for name, value in values.items()):
        return row
    return save_number(key, {**values, "name_th": row.name_th if row else "-", "source": row.source if row else "-"})


def check_shelter(place_key: UUID, *, fit: bool, lacks: str = "") -> ShelterCheck:
    """Somebody looked at a shelter today. Raises ProblemError: no_place, no_lack (unfit without saying why)."""
    if not Place.objects.filter(key=place_key, is_shelter=True).exists():
        raise refused("no_place", "สถานที่นี้ไม่ได้เป็นศูนย์พักพิง")
    if not fit and not lacks.strip():
        raise refused("no_lack", "บอกว่าขาดอะไร จึงยังเปิดไม่ได้", "lacks")
    return ShelterCheck.objects.create(
        place_key=place_key, fit=fit, lacks=lacks.strip()[:300], by=required().actor, at=now()
    )


@transaction.atomic
def load_defaults() -> dict[str, int]:
    """Add the shipped numbers, needs and limits that are not there yet; what a town changed stays. How many each."""
    return {"numbers": _load_numbers(), "needs": _load_needs(), "thresholds": _load_thresholds()}


def _read(name: str) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((DATA / name).read_text(encoding="utf-8"))
    return found


def _load_numbers() -> int:
    listed, held = _read("readiness_numbers.yaml"), set(OutsideNumber.objects.values_list("key", flat=True))
    new = [one for one in listed["numbers"] if one["key"] not in held]
    for one in new:
        save_number(None, {**one, "valid_from": listed["valid_from"]})
    return len(new)


def _load_needs() -> int:
    if DutyNeed.objects.exists():
        return 0
    listed = _read("roster_needs.yaml")
    for one in listed["needs"]:
        save("need", None, {**one, "valid_from": listed["valid_from"], "source": listed["source"]})
    return len(listed["needs"])


def _load_thresholds() -> int:
    listed, held = _read("thresholds.yaml"), set(Threshold.objects.values_list("key", flat=True))
    new = [one for one in listed["thresholds"] if one["key"] not in held]
    start: date = listed["valid_from"]
    for one in new:
        Threshold.objects.create(**one, valid_from=start, made_by=required().actor, made_at=now())
    return len(new)
