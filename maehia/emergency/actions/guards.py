"""What must hold before an incident moves, by the names of the transition table. Parts provide what they know."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from maehia.base import Problem
from maehia.emergency.models import Incident

Guard = Callable[[Incident, Mapping[str, Any]], Problem | None]
_guards: dict[str, Guard] = {}


def provide(name: str, guard: Guard) -> None:
    """Answer a guard: None when it holds, else the problem to show. told: what the caller gave with the move."""
    if _guards.setdefault(name, guard) is not guard:
        raise ValueError(f"guard {name} is provided twice")


def provided() -> frozenset[str]:
    return frozenset(_guards)


def unmet(names: tuple[str, ...], incident: Incident, told: Mapping[str, Any]) -> list[Problem]:
    """Every guard that does not hold, in order. Raises KeyError for one that nobody provides."""
    return [problem for name in names if (problem := _guards[name](incident, told))]


def _commander(incident: Incident, _told: Mapping[str, Any]) -> Problem | None:
    if incident.commander and incident.ground:
        return None
    return Problem("guard_commander", "ยังไม่ได้ระบุผู้อำนวยการเหตุการณ์และฐานอำนาจ", fix="ระบุผู้มีอำนาจตามกฎหมายหรือคำสั่งมอบอำนาจ")


def _level(incident: Incident, _told: Mapping[str, Any]) -> Problem | None:
    if incident.level:
        return None
    return Problem("guard_level", "ยังไม่ได้ระบุระดับของสาธารณภัย", fix="ระบุระดับ 1 หรือบันทึกระดับที่ผู้มีอำนาจประกาศ")


def _area(incident: Incident, _told: Mapping[str, Any]) -> Problem | None:
    return None if incident.footprint_id else Problem("guard_area", "ยังไม่มีพื้นที่ประสบภัย", fix="วาดพื้นที่บนแผนที่ หรือนำเข้าไฟล์")


def _reason(_incident: Incident, told: Mapping[str, Any]) -> Problem | None:
    return (
        None
        if str(told.get("reason", "")).strip()
        else Problem("guard_reason", "ต้องระบุเหตุผล", "reason", "เขียนเหตุผลสั้น ๆ")
    )


def _into(incident: Incident, told: Mapping[str, Any]) -> Problem | None:
    other = told.get("into")
    if isinstance(other, Incident) and other.pk != incident.pk and other.state not in ("rejected", "merged"):
        return None
    return Problem("guard_into", "ต้องเลือกเหตุการณ์ที่จะรวมด้วย", "into", "เลือกเหตุการณ์ที่ยังเปิดอยู่")


def _higher(_incident: Incident, told: Mapping[str, Any]) -> Problem | None:
    if int(told.get("level", 0) or 0) >= 2 and str(told.get("level_by", "")).strip():
        return None
    return Problem("guard_higher_authority", "การยกระดับต้องมีผู้มีอำนาจที่สูงกว่าประกาศ", "level_by",
                   "ระบุระดับ 2 ถึง 4 ผู้ประกาศ และเลขที่คำสั่ง")  # fmt: skip


def _handover(incident: Incident, _told: Mapping[str, Any]) -> Problem | None:
    if incident.handovers.exclude(accepted_at=None).exists():
        return None
    return Problem("guard_handover", "ยังไม่มีการส่งมอบการบังคับบัญชาที่ผู้รับยืนยันแล้ว", fix="ส่งมอบการบังคับบัญชา แล้วให้ผู้รับกดยืนยัน")


for _name, _guard in {
    "commander": _commander, "level": _level, "area": _area, "reason": _reason, "into": _into,
    "higher_authority": _higher, "handover": _handover,
}.items():  # fmt: skip
    provide(_name, _guard)
