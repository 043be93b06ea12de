"""Saying how lifelines stand, and what was meant for them before. Levels are lines of the log, nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from maehia.emergency.actions import log
from maehia.emergency.actions.incidents import refused
from maehia.emergency.models import LifelineTarget, LogLine
from maehia.emergency.queries.recovery import targets
from maehia.emergency.rules.recovery import KIND
from maehia.kit import clock
from maehia.kit.acting import required


def report_level(
    incident: UUID, lifeline: str, percent: float, *, event_at: datetime | None = None, note: str = ""
) -> LogLine:
    """A lifeline works at so many percent from a moment on.

    Raises ProblemError unknown_lifeline, bad_percent, log_ahead.
    """
    if lifeline not in {target.key for target in targets()}:
        raise refused("unknown_lifeline", "ไม่มีระบบสาธารณูปโภคนี้", "lifeline", "เลือกจากรายการ")
    if not 0 <= percent <= 100:
        raise refused("bad_percent", "ระดับการใช้งานต้องอยู่ระหว่าง 0 ถึง 100", "level", "ใส่ร้อยละที่ใช้งานได้")
    value = {"lifeline": lifeline, "level": percent}
    return log.append(incident, KIND, note, after=f"{percent:g}", value=value, event_at=event_at)


def set_target(
    key: str,
    name_th: str,
    hours: Sequence[float],
    *,
    name_en: str = "",
    weight: float = 10,
    valid_from: date | None = None,
    source: str = "",
) -> LifelineTarget:
    """What is meant for a lifeline from a day on; older ones stay as they were, so that a past event keeps its target.

    Raises ProblemError bad_hours (three rising numbers), bad_weight, target_in_the_past.
    """
    start = valid_from or clock.today()
    if len(hours) != 3 or not 0 < hours[0] <= hours[1] <= hours[2]:
        raise refused("bad_hours", "เวลาเป้าหมายต้องเป็นสามค่าที่ไม่ลดลง", "hours", "เช่น 6 24 48")
    if not weight > 0:
        raise refused("bad_weight", "น้ำหนักต้องมากกว่าศูนย์", "weight")
    if start < clock.today():
        raise refused("target_in_the_past", "ตั้งเป้าหมายย้อนหลังไม่ได้", "valid_from", "เป้าหมายมีผลตั้งแต่วันนี้เป็นต้นไป")
    row, _ = LifelineTarget.objects.update_or_create(
        key=key, valid_from=start,
        defaults={"name_th": name_th, "name_en": name_en, "hours": [float(h) for h in hours], "weight": weight,
                  "source": source, "set_by": required().actor},
    )  # fmt: skip
    return row
