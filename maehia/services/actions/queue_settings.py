"""Changing how the queue works: a new row of rules from now on, groups and desks by their key and number."""

from __future__ import annotations

import re
from typing import Any

from django.db import transaction

from maehia.kit import clock
from maehia.services.actions.queue import refused
from maehia.services.models import QueueRules
from maehia.services.queries import queue as queries
from maehia.services.rules.capacity import MOST_GROUPS

_LINE = re.compile(r"(\d{1,3})\s+([^|]{1,80})\|?\s*([^|]{0,80})")
MOST_MINUTES = 120  # a larger credit would let one person stand before everybody of the morning


def set_rules(rules: QueueRules, lines: str, *, by: str) -> QueueRules:
    """Store rules that hold from now on. lines: a priority each. Raises ProblemError bad_priority, bad_share."""
    if not 0 <= rules.booked_percent <= 100 or not 5 <= rules.slot_minutes <= 120:
        raise refused("bad_share", "สัดส่วนต้องเป็น 0 ถึง 100 และช่วงนัดต้องยาว 5 ถึง 120 นาที")
    rules.pk = None
    rules.priorities = [
        _priority(line, place) for place, line in enumerate(filter(None, map(str.strip, lines.splitlines())))
    ]
    rules.since, rules.made_by = clock.now(), by
    rules.save(force_insert=True)
    return rules


def _priority(line: str, place: int) -> dict[str, Any]:
    found = _LINE.fullmatch(line)
    if not found or int(found[1]) > MOST_MINUTES:
        raise refused(
            "bad_priority", f"อ่านบรรทัดนี้ไม่ได้: {line[:60]}", fix=f"เขียนเช่น 20 ผู้สูงอายุ | Elderly (ไม่เกิน {MOST_MINUTES} นาที)"
        )
    thai = found[2].strip()
    return {"key": f"p{place + 1}", "th": thai, "en": found[3].strip() or thai, "minutes": int(found[1])}


@transaction.atomic
def save_part(form: Any) -> None:
    """A group or a desk from its checked form. Raises ProblemError too_many_groups."""
    form.save()
    if len(queries.groups_now()) > MOST_GROUPS:
        raise refused("too_many_groups", f"เปิดใช้ได้ไม่เกิน {MOST_GROUPS} กลุ่มพร้อมกัน", fix="ปิดกลุ่มที่ไม่ใช้ก่อน")
