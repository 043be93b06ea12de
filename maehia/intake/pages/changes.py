"""Before and after of the first rows that a delivery would change."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from maehia.evidence.models import Delivery
from maehia.intake.models import ChangeSample
from maehia.intake.pages import labels
from maehia.intake.pages.common import field_label
from maehia.web.formats import show_date, show_national_id, show_phone
from maehia.web.table import Column, Table

MASKED = {"national_id", "mother_id", "owner_id"}
# Columns that follow from others: the officer sees the one that she knows.
FOLLOWS = {"birth_precision"}


@dataclass(frozen=True, slots=True)
class ChangeGroup:
    """The sample of one kind. added, gone: names of rows in the source; table: field by field."""

    label: str
    table: Table
    added: list[str]
    gone: list[str]
    refs: list[str]


def change_groups(delivery: Delivery) -> list[ChangeGroup]:
    """What was kept of the differences at the preview. Call it inside a purpose: the values are personal."""
    samples = ChangeSample.objects.filter(delivery=delivery).order_by("pk")
    return [_group(sample.kind, json.loads(sample.body)) for sample in samples]


def _group(kind: str, body: dict[str, Any]) -> ChangeGroup:
    columns = (
        Column("row", _("รายการ")), Column("field", _("ช่อง")), Column("before", _("ค่าเดิม")),
        Column("after", _("ค่าใหม่ในไฟล์")),
    )  # fmt: skip
    rows = [row for change in body["changed"] for row in _rows(change)]
    label = labels.kind_label(kind)
    table = Table(
        _("ค่าที่จะเปลี่ยนของ%(kind)s") % {"kind": label}, columns, rows, id=f"changes-{kind}", found=len(body["changed"]),
        empty_title=_("ไม่มีค่าที่เปลี่ยน"), empty_text=_("รายการที่มีอยู่แล้วเหมือนเดิมทุกค่า"),
    )  # fmt: skip
    refs = [change["ref"] for change in body["changed"]]
    return ChangeGroup(label, table, body["added"], body["gone"], refs)


def _rows(change: dict[str, Any]) -> list[dict[str, str]]:
    """One line per field; the name of the row stands in the first only."""
    fields = [(name, pair) for name, pair in change["fields"].items() if name not in FOLLOWS]
    head = _("แถว %(row)s (%(ref)s)") % {"row": change["row"], "ref": short_ref(change["ref"])}
    return [
        {"row": head, "field": field_label(name), "before": shown(name, before), "after": shown(name, after)}
        for name, (before, after) in fields
    ]


def short_ref(ref: str) -> str:
    """The source's own name of a row, without the source; long digests are cut."""
    name = ref.partition(":")[2] or ref
    return name if len(name) <= 24 else f"{name[:12]}…"


def shown(name: str, text: str) -> str:
    """A value as staff read it; numbers that identify a person keep only their end."""
    if not text:
        return _("(ว่าง)")
    if name in MASKED:
        return show_national_id(text)
    if name == "phone":
        return show_phone(text, "masked")
    try:
        return show_date(date.fromisoformat(text))
    except ValueError:
        return text
