"""How findings of the fast lane are shown: words, tags, numbers with their tolerance, and the plan as a picture."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext, gettext_lazy

from maehia.city.models import Parcel
from maehia.forms.queries import document_url, documents
from maehia.services.queries import permit
from maehia.services.queries.permit import Seen
from maehia.web.static_map import StaticLayer, static_map

TAGS = {"pass": "done", "fail": "late", "doubt": "work"}
WORDS = {"pass": gettext_lazy("ผ่าน"), "fail": gettext_lazy("ไม่ผ่าน"), "doubt": gettext_lazy("ไม่แน่ใจ ต้องดูสถานที่")}
UNITS = {"m": gettext_lazy("ม."), "m2": gettext_lazy("ตร.ม."), "storeys": gettext_lazy("ชั้น"), "share": ""}


@dataclass(frozen=True, slots=True)
class Row:
    """One finding, ready to read."""

    code: str
    name: str
    tag: str
    words: str
    reason: str
    numbers: str
    source: str
    rule: str
    verified: bool
    doubt: bool
    by_visit: bool


def lang() -> str:
    return "en" if (get_language() or "th").startswith("en") else "th"


def rows(findings: Iterable[Seen]) -> list[Row]:
    """Fails first, then doubts, then what holds."""
    order = {"fail": 0, "doubt": 1, "pass": 2}
    return [_row(f) for f in sorted(findings, key=lambda f: order[f.stands])]


def _row(f: Seen) -> Row:
    reason = gettext("ตรวจสถานที่แล้ว") if f.by_visit else f.reason.in_(lang())
    return Row(f.code, f.name.in_(lang()), TAGS[f.stands], str(WORDS[f.stands]), reason, _numbers(f), f.source, f.rule,
               f.verified, f.stands == "doubt", bool(f.by_visit))  # fmt: skip


def _numbers(f: Seen) -> str:
    """9.5 ม. (เกณฑ์ 2 ม. คลาดเคลื่อนได้ ±1 ม.)."""
    if f.value is None or f.limit is None:
        return ""
    unit = str(UNITS.get(f.unit, ""))
    limit = gettext("เกณฑ์ %(limit)s %(unit)s") % {"limit": _number(f.limit, f.unit), "unit": unit}
    off = gettext(" คลาดเคลื่อนได้ ±%(off)s %(unit)s") % {"off": _number(f.tolerance, f.unit), "unit": unit}
    return f"{_number(f.value, f.unit)} {unit} ({limit.strip()}{off.rstrip() if f.tolerance else ''})"


def _number(value: float, unit: str) -> str:
    return f"{value:.0%}" if unit == "share" else f"{value:,.2f}".rstrip("0").rstrip(".")


def counts(findings: Iterable[Seen]) -> Mapping[str, int]:
    """How many pass, fail and are in doubt now."""
    stands = [f.stands for f in findings]
    return {verdict: stands.count(verdict) for verdict in TAGS}


def picture(answers: Mapping[str, Any]) -> SafeString | str:
    """Parcel, roads and planned house as SVG; "" while nothing is placed."""
    try:
        plan = permit.plan_of(answers)
    except (KeyError, ValueError, TypeError, permit.ProblemError):
        return ""
    parcel = permit.parcel_of(answers)
    land = permit.land_of(parcel, plan.footprint, None)
    house = permit.degrees(plan.footprint)
    around = permit.degrees(
        plan.footprint.buffer(25) if land.parcel is None else land.parcel.buffer(8).union(plan.footprint)
    )
    layers = [
        StaticLayer([_feature(permit.degrees(r.geometry), r.name) for r in land.roads], style="m-road", label="title"),
        StaticLayer([_feature(parcel.geom, gettext("แปลงที่ดิน"))] if parcel and parcel.geom else [], style="m-c1"),
        StaticLayer([_feature(house, gettext("บ้านที่จะสร้าง"))], style="m-c3", label="title"),
    ]
    drawn = static_map(layers, around.extent, title=gettext("ผังบ้านบนแปลงที่ดิน"), width=640, height=420)
    return mark_safe(drawn)  # noqa: S308 (made by the server; texts in it are escaped there)


def _feature(geometry: Any, title: str) -> dict[str, Any]:
    return {"type": "Feature", "geometry": json.loads(geometry.json), "properties": {"title": title}}


def parcel_words(answers: Mapping[str, Any]) -> str:
    """The parcel of the answers as people name it."""
    given = str(answers.get("parcel") or "")
    try:
        row = Parcel.objects.filter(pk=UUID(given)).first()
    except ValueError:
        return given
    return permit.own_parcel(row).label if row else given


def readable(answers: Mapping[str, Any]) -> dict[str, Any]:
    """Answers with the parcel as people name it."""
    return {**answers, "parcel": parcel_words(answers)} if "parcel" in answers else dict(answers)


def papers(case_id: UUID) -> list[dict[str, Any]]:
    """Documents that were issued about a case, with addresses that open them in the context at hand."""
    return [
        {"title": f"{row.title} {row.number_text}", "url": document_url(row), "verify": row.code,
         "tag": "done" if row.state == "issued" else "late", "words": row.get_state_display()}
        for row in documents(case_id)
    ]  # fmt: skip
