"""Whose turn it is to approve, what of a text cannot be read aloud, and which other ways reach whom. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

# Shortened words of Thai notices that a loudspeaker cannot read.
SHORTENED = re.compile(r"(?<![ก-๙.])(?:[เ-ไ]?[ก-ฮ]{1,4}\.)+")
LATIN_SHORT = re.compile(r"\b(?:PM|AQI|SMS|km|mm|approx|e\.g|i\.e|etc)\b\.?")
WAYS: Mapping[str, tuple[str, str]] = {
    "loudspeaker": ("เสียงตามสายและหอกระจายข่าว", "Loudspeakers of the villages"),
    "radio": ("วิทยุชุมชนและวิทยุสื่อสาร", "Community radio"),
    "doors": ("เคาะประตูตามรายชื่อบ้าน", "Door to door by list"),
    "light": ("ไฟสัญญาณหรือสั่นเรียก สำหรับผู้พิการทางการได้ยิน", "Lights, for those who do not hear"),
    "voice": ("โทรพูดหรืออ่านให้ฟัง สำหรับผู้พิการทางการเห็น", "By voice, for those who do not see"),
    "carry": ("ชุดเคลื่อนย้ายผู้ป่วยติดเตียง", "A team that carries the bedridden"),
    "interpreter": ("ล่ามและข้อความภาษาอื่น", "Interpreters and other languages"),
}


@dataclass(frozen=True, slots=True)
class Called:
    """One call of an approver. answered: he has said yes or no."""

    account: UUID
    at: datetime
    answered: bool = False


def next_call(order: Sequence[UUID], calls: Sequence[Called], moment: datetime, wait: timedelta) -> UUID | None:
    """Who is called now: the first one at once, the next one when nobody answered in time; from the top when all were
    called. None: somebody answered, it is not time yet, or there is nobody."""
    if not order or any(call.answered for call in calls):
        return None
    if not calls:
        return order[0]
    if moment - max(call.at for call in calls) < wait:
        return None
    return order[len(calls) % len(order)]


def unreadable(text: str) -> tuple[str, ...]:
    """Shortened words that nobody understands when they are read aloud."""
    found = [match[0] for match in SHORTENED.finditer(text)] + [match[0] for match in LATIN_SHORT.finditer(text)]
    return tuple(dict.fromkeys(found))


def filled(text: str, area: str) -> str:
    """The words of a template with the place in them."""
    return text.replace("{area}", area)


@dataclass(frozen=True, slots=True)
class Group:
    """People whom a text on a phone does not reach or help, and the ways that do."""

    key: str
    th: str
    en: str
    people: int
    ways: tuple[str, ...]


def groups(people: Mapping[str, int]) -> tuple[Group, ...]:
    """Groups with somebody in them. people: key -> how many (no_address, failed, deaf, blind, bedridden, foreign)."""
    known = (
        ("no_address", "ไม่มีโทรศัพท์หรือ LINE ในทะเบียน", "No phone or LINE known", ("loudspeaker", "doors", "radio")),
        ("failed", "ส่งแล้วไม่ถึง", "Sent but not arrived", ("doors", "loudspeaker")),
        ("deaf", "พิการทางการได้ยิน", "Deaf or hard of hearing", ("light", "doors")),
        ("blind", "พิการทางการเห็น", "Blind", ("voice", "loudspeaker")),
        ("bedridden", "ผู้ป่วยติดเตียง", "Bedridden", ("carry", "doors")),
        ("foreign", "ผู้ใช้ภาษาอื่น", "Speakers of other languages", ("interpreter", "radio")),
    )
    return tuple(Group(key, th, en, people[key], ways) for key, th, en, ways in known if people.get(key))
