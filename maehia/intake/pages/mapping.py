"""The confirm page: what each column would become, how sure the proposal is, what only a person can say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.forms import BoundField
from django.utils.translation import gettext as _

from maehia.evidence.models import Delivery
from maehia.intake.reading import choices
from maehia.intake.words import kinds

if TYPE_CHECKING:
    from maehia.intake.forms import MappingForm

SURE, LIKELY = 0.85, 0.6
METRES = ("EPSG:32647", "EPSG:32648", "EPSG:24047", "EPSG:24048")
GRAVE = {"excel_float", "need_missing"}  # what the file cannot give, whatever the officer answers


@dataclass(frozen=True, slots=True)
class MappingRow:
    """One canonical field: its select, how sure the proposal is, a few masked values of the proposed column."""

    field: BoundField
    tag: str
    sure: str
    samples: list[str]
    needed: bool

    @property
    def held(self) -> bool:
        return bool(self.field.value())


def mapping_rows(form: MappingForm, delivery: Delivery) -> list[MappingRow]:
    """What was proposed first, in the order of the file; then what the file does not say."""
    shown = {row["name"]: row["samples"] for row in delivery.counts.get("columns", ())}
    place = {name: at for at, name in enumerate(shown)}
    sure = delivery.counts.get("proposal", {}).get("field_confidence", {})
    kind = kinds()[form.mapping.kind]
    needed = {name for group in kind.needs if len(group) == 1 for name in group}
    rows = [_row(form, name, shown, sure, name in needed) for name in kind.fields]
    return sorted(rows, key=lambda row: (not row.held, place.get(str(row.field.value()).split(" + ")[0], 999)))


def _row(form: MappingForm, name: str, shown: dict[str, list[str]], sure: dict[str, float], needed: bool) -> MappingRow:
    columns = form.mapping.columns_of(name)
    samples = [" ".join(parts) for parts in zip(*(shown.get(c, []) for c in columns), strict=False)] if columns else []
    tag, words = _sureness(sure.get(name)) if columns else ("", "")
    return MappingRow(form[name], tag, words, samples[:3], needed)


def _sureness(score: float | None) -> tuple[str, str]:
    """How sure a proposal is, in words; nothing where a person chose before."""
    if score is None:
        return "done", _("จับคู่ไว้แล้ว")
    if score >= SURE:
        return "done", _("มั่นใจ")
    return ("work", _("น่าจะใช่ โปรดดู")) if score >= LIKELY else ("late", _("ไม่แน่ใจ โปรดตรวจ"))


def asked(delivery: Delivery) -> list[dict[str, Any]]:
    """Questions that need an answer of their own: the reference system of coordinates."""
    questions = [q for q in delivery.counts.get("proposal", {}).get("questions", ()) if q["code"] == "crs_unknown"]
    if not questions:
        return []
    options = [tuple(option) for option in questions[0]["options"]]
    options = options or [(way.key, way.label) for code in METRES for way in choices(code)]
    text = _("พิกัดในไฟล์นี้ใช้ระบบอะไร")
    return [{"name": "crs", "text": text, "why": questions[0]["text"], "options": options, "required": True}]


def layout_words(delivery: Delivery) -> list[dict[str, str]]:
    """What differs from the confirmed layout, and what else the proposal wants somebody to know."""
    questions = delivery.counts.get("proposal", {}).get("questions", ())
    words = {
        "column_renamed": _("ชื่อคอลัมน์เปลี่ยน"), "column_missing": _("คอลัมน์หายไป"), "new_column": _("คอลัมน์ใหม่"),
        "other_layout": _("ไฟล์นี้ไม่เหมือนรอบก่อน"), "excel_float": _("คอลัมน์เสียหาย"), "need_missing": _("ขาดคอลัมน์ที่จำเป็น"),
    }  # fmt: skip
    return [
        {
            "title": words[q["code"]],
            "text": q["text"],
            "kind": "late" if q["code"] in GRAVE else "work",
        }
        for q in questions
        if q["code"] in words
    ]
