"""Steps of a playbook as data: what is wrong with them, and when each is due."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from maehia.base import Problem

LONGEST_TEXT = 300
LONGEST_MINUTES = 14 * 24 * 60


@dataclass(frozen=True, slots=True)
class Step:
    """role: the post that owns it; minutes: from the start until it is due; th, en: what to do."""

    role: str
    minutes: int
    th: str
    en: str = ""

    def due(self, started: datetime) -> datetime:
        return started + timedelta(minutes=self.minutes)

    def as_dict(self) -> dict[str, Any]:
        return {"role": self.role, "minutes": self.minutes, "th": self.th, "en": self.en}


def read_step(row: Mapping[str, Any]) -> Step:
    """A step out of stored or shipped data. Raises KeyError, ValueError for what is none."""
    return Step(str(row.get("role") or row["post"]), int(row["minutes"]), str(row["th"]).strip(),
                str(row.get("en") or "").strip())  # fmt: skip


def in_order(steps: Sequence[Step]) -> list[Step]:
    """The first due first; those due together stay as they were written."""
    return sorted(steps, key=lambda step: step.minutes)


def faults(steps: Sequence[Step], roles: frozenset[str]) -> list[Problem]:
    """Everything that keeps a playbook from being published, with the number of the step."""
    if not steps:
        return [Problem("no_steps", "แผนยังไม่มีขั้นตอน", fix="เขียนอย่างน้อย 1 ขั้นตอน")]
    found = [problem for number, step in enumerate(steps, 1) for problem in _faults_of(step, f"{number}", roles)]
    texts = [step.th for step in steps]
    twice = sorted({text for text in texts if text and texts.count(text) > 1})
    return found + [Problem("step_twice", f"ขั้นตอนนี้เขียนไว้สองครั้ง: {text}", fix="ลบให้เหลือครั้งเดียว") for text in twice]


def _faults_of(step: Step, where: str, roles: frozenset[str]) -> list[Problem]:
    found = []
    if not step.th:
        found.append(Problem("step_empty", f"ขั้นตอนที่ {where} ไม่มีข้อความ", where, "เขียนสิ่งที่ต้องทำ"))
    if len(step.th) > LONGEST_TEXT or len(step.en) > LONGEST_TEXT:
        found.append(Problem("step_long", f"ขั้นตอนที่ {where} ยาวเกินไป", where, "แบ่งเป็นสองขั้นตอน"))
    if step.role not in roles:
        found.append(Problem("step_owner", f"ขั้นตอนที่ {where} ไม่มีตำแหน่งผู้รับผิดชอบ", where, "เลือกตำแหน่ง"))
    if not 0 <= step.minutes <= LONGEST_MINUTES:
        found.append(Problem("step_minutes", f"ขั้นตอนที่ {where} มีเวลาที่เป็นไปไม่ได้", where, "ใส่นาทีตั้งแต่ 0 ถึง 20160"))
    return found
