"""Who is on call and where nobody is: words of skills and kinds, and the holes of a roster. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise

from maehia.base import BANGKOK

KINDS = {
    "staff": ("เจ้าหน้าที่เทศบาล", "Town staff"),
    "civil_defence": ("อปพร.", "Civil defence volunteer"),
    "vhv": ("อสม.", "Village health volunteer"),
    "leader": ("ผู้นำชุมชน", "Community leader"),
    "other": ("อื่น ๆ", "Other"),
}
SKILLS = {
    "duty": ("เวรศูนย์สั่งการ", "Duty officer"),
    "rescue": ("กู้ภัย", "Rescue"),
    "boat": ("ขับเรือ", "Boat"),
    "driver": ("ขับรถ", "Driver"),
    "pump": ("เครื่องสูบน้ำ", "Pumps"),
    "fire": ("ดับเพลิง", "Fire fighting"),
    "first_aid": ("ปฐมพยาบาล", "First aid"),
    "electric": ("ไฟฟ้า", "Electricity"),
    "chainsaw": ("เลื่อยตัดต้นไม้", "Chainsaw"),
    "radio": ("วิทยุและเสียงตามสาย", "Radio and loudspeakers"),
    "shelter": ("ดูแลศูนย์พักพิง", "Shelters"),
    "sign": ("ภาษามือ", "Sign language"),
    "language": ("ภาษาต่างประเทศ", "Foreign languages"),
}
RESOURCE_KINDS = {
    "vehicle": ("รถ", "Vehicle"),
    "boat": ("เรือ", "Boat"),
    "pump": ("เครื่องสูบน้ำ", "Pump"),
    "sandbag": ("กระสอบทราย", "Sandbags"),
    "generator": ("เครื่องปั่นไฟ", "Generator"),
    "radio": ("วิทยุสื่อสาร", "Radios"),
    "saw": ("เลื่อยยนต์", "Chainsaw"),
    "other": ("อื่น ๆ", "Other"),
}
RESOURCE_STATES = {
    "ready": ("พร้อมใช้", "Ready"),
    "in_use": ("กำลังใช้งาน", "In use"),
    "repair": ("ซ่อมหรือชำรุด", "Under repair"),
    "lost": ("สูญหาย", "Lost"),
}


@dataclass(frozen=True, slots=True)
class Need:
    """So many people with a skill (in a moo; None = anywhere) between Thai hours; from = to means the whole day."""

    key: str
    name: str
    skill: str = ""
    moo: int | None = None
    from_hour: int = 0
    to_hour: int = 0
    least: int = 1
    valid_from: date = date.min
    valid_to: date | None = None


@dataclass(frozen=True, slots=True)
class Shift:
    """One person on call. who: any key that is equal for the same person. moos: empty = the whole town."""

    who: str
    starts_at: datetime
    ends_at: datetime
    skills: frozenset[str] = frozenset()
    moos: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Hole:
    """From a moment to a moment a need has `have` people instead of its least."""

    need: Need
    starts_at: datetime
    ends_at: datetime
    have: int


def serves(skills: Iterable[str], moos: Iterable[int], skill: str = "", moo: int | None = None) -> bool:
    """Whether somebody with these skills and zones answers a call for a skill in a moo."""
    zone = set(moos)
    return (not skill or skill in set(skills)) and (moo is None or not zone or moo in zone)


def spans(need: Need, start: datetime, end: datetime) -> list[tuple[datetime, datetime]]:
    """When a need holds between two moments, cut to them, in order."""
    found = []
    day = start.astimezone(BANGKOK).date() - timedelta(days=1)
    while day <= end.astimezone(BANGKOK).date():
        if need.valid_from <= day and (need.valid_to is None or day <= need.valid_to):
            first = datetime.combine(day, time(need.from_hour), BANGKOK)
            hours = (need.to_hour - need.from_hour) % 24 or 24
            low, high = max(first, start), min(first + timedelta(hours=hours), end)
            if low < high:
                found.append((low, high))
        day += timedelta(days=1)
    return found


def holes(needs: Sequence[Need], shifts: Sequence[Shift], start: datetime, end: datetime) -> list[Hole]:
    """Where fewer people are on call than needed, joined where they touch, by time and need."""
    found: list[Hole] = []
    for need in needs:
        able = [s for s in shifts if serves(s.skills, s.moos, need.skill, need.moo)]
        own: list[Hole] = []
        for low, high in spans(need, start, end):
            own += _holes_of(need, able, low, high)
        found += _joined(own)
    return sorted(found, key=lambda h: (h.starts_at, h.need.name, h.need.key))


def _holes_of(need: Need, able: Sequence[Shift], low: datetime, high: datetime) -> list[Hole]:
    edges = {low, high}
    for shift in able:
        edges |= {at for at in (shift.starts_at, shift.ends_at) if low < at < high}
    cuts = sorted(edges)
    found = []
    for begin, stop in pairwise(cuts):
        have = len({s.who for s in able if s.starts_at <= begin and s.ends_at >= stop})
        if have < need.least:
            found.append(Hole(need, begin, stop, have))
    return found


def _joined(parts: Sequence[Hole]) -> list[Hole]:
    found: list[Hole] = []
    for part in parts:
        last = found[-1] if found else None
        if last and last.ends_at == part.starts_at and last.have == part.have:
            found[-1] = Hole(last.need, last.starts_at, part.ends_at, last.have)
        else:
            found.append(part)
    return found
