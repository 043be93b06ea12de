"""All cases as rows, streamed: a cursor on the server, flat memory, and as many rows out as there are in.

No contact, no words of the citizen, no exact point: what a table needs for counting.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Generator
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext

from maehia.base import BANGKOK
from maehia.kit.acting import Scope, acting
from maehia.services.models import Case
from maehia.services.queries.inbox import Filter

CHUNK = 2000
RUNS = ("=", "+", "-", "@", "\t", "\r")  # how a text begins that a spreadsheet takes for a formula
COLUMNS = (
    ("number", "เลขที่"), ("kind", "ชนิด"), ("service_id", "รหัสประเภท"), ("service__name_th", "ประเภท"),
    ("state", "สถานะ"), ("state_type", "กลุ่มสถานะ"), ("unit__name_th", "หน่วยงาน"), ("channel", "ช่องทาง"), ("moo", "หมู่"),
    ("received_at", "รับเมื่อ"), ("due_at", "กำหนดเสร็จ"), ("answered_at", "ตอบครั้งแรก"), ("closed_at", "ปิดเมื่อ"),
    ("is_urgent", "เร่งด่วน"), ("me_too", "แจ้งด้วย"), ("reopened", "เปิดซ้ำ"), ("rating", "คะแนน"), ("asset_key", "ทรัพย์สิน"),
)  # fmt: skip
MARK = "\ufeff"


def chosen(asked: Filter | None, since: datetime | None = None, until: datetime | None = None) -> QuerySet[Case]:
    """Cases for an export: of a filter, or all that are not hidden; received in a span."""
    from maehia.kit import clock

    rows = asked.apply(clock.now()) if asked else Case.objects.exclude(state_type="hidden")
    rows = rows.filter(received_at__gte=since) if since else rows
    return rows.filter(received_at__lt=until) if until else rows


def csv_lines(
    actor: str, purpose: str, scope: Scope | None, since: datetime | None = None, until: datetime | None = None
) -> Generator[str]:
    """The file in pieces of a few thousand rows. It opens its own `acting()`, which lasts until it was read or closed.

    actor, purpose, scope: of the one who asked; the rights were checked before.
    """
    with acting(actor, purpose, scope=scope):
        yield MARK + _text([[gettext(words) for _, words in COLUMNS]])
        rows = chosen(None, since, until).order_by("received_at", "id").values_list(*(name for name, _ in COLUMNS))
        batch: list[Any] = []
        for row in rows.iterator(CHUNK):
            batch.append([_cell(value) for value in row])
            if len(batch) == CHUNK:
                yield _text(batch)
                batch.clear()
        yield _text(batch)


def _cell(value: Any) -> Any:
    """Times as in Thailand, yes as 1; a text that a spreadsheet would run gets an apostrophe."""
    if isinstance(value, datetime):
        return value.astimezone(BANGKOK).strftime("%Y-%m-%d %H:%M")
    if isinstance(value, bool):
        return int(value)
    if value is None or isinstance(value, int):
        return "" if value is None else value
    text = str(value)
    return f"'{text}" if text.startswith(RUNS) else text


def _text(rows: list[Any]) -> str:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue()
