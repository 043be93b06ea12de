"""The list of people inside in words: why a household comes where it does, what it needs, whether one can get there."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext, gettext_lazy

from maehia.emergency.queries.affected import AffectedRow, Member, Told
from maehia.emergency.rules.priority import Term
from maehia.thai import format_phone

NEED = {
    "bedridden": gettext_lazy("ติดเตียง"), "homebound": gettext_lazy("ติดบ้าน"), "oxygen": gettext_lazy("ต้องใช้ออกซิเจน"),
    "dialysis": gettext_lazy("ต้องฟอกไต"), "wheelchair": gettext_lazy("เคลื่อนไหวลำบาก"),
    "blind": gettext_lazy("มองเห็นลำบาก"), "deaf": gettext_lazy("ได้ยินหรือสื่อสารลำบาก"),
    "mental": gettext_lazy("ต้องการการดูแลด้านจิตใจ"), "intellectual": gettext_lazy("ต้องการความช่วยเหลือด้านสติปัญญา"),
    "learning": gettext_lazy("ต้องการความช่วยเหลือด้านการเรียนรู้"), "autism": gettext_lazy("ออทิสติก"),
    "dementia": gettext_lazy("หลงลืม"), "pregnant": gettext_lazy("ตั้งครรภ์"), "infant": gettext_lazy("มีทารกหรือเด็กเล็ก"),
    "alone": gettext_lazy("อยู่คนเดียว"), "chronic": gettext_lazy("ต้องกินยาต่อเนื่อง"), "disability": gettext_lazy("พิการ"),
    "other": gettext_lazy("ต้องการความช่วยเหลืออื่น"),
}  # fmt: skip
LEVEL = {"full": gettext_lazy("ต้องพึ่งผู้อื่นทั้งหมด"), "helper": gettext_lazy("ต้องมีผู้ช่วย")}
AGE = {
    "infant": gettext_lazy("เด็ก 0-5 ปี"), "old": gettext_lazy("อายุ 60-79 ปี"), "very_old": gettext_lazy("อายุ 80 ปีขึ้นไป"),
}  # fmt: skip
STOREYS = {"one": gettext_lazy("บ้านชั้นเดียว"), "unknown": gettext_lazy("ไม่ทราบจำนวนชั้น")}
ACCESS = {"cut": gettext_lazy("ทางออกถูกตัด"), "unknown": gettext_lazy("ยังไม่ทราบทางออก"), "open": gettext_lazy("ออกได้")}
ACCESS_TAG = {"cut": "late", "unknown": "wait", "open": "done"}
_WORDS: dict[str, dict[str, Any]] = {"need": NEED, "level": LEVEL, "age": AGE, "storeys": STOREYS, "access": ACCESS}


def need_words(kind: str) -> str:
    return str(NEED.get(kind, NEED["other"]))


def term_words(term: Term) -> str:
    """ติดเตียง +40, น้ำ 0.8 ม. +24, เด็ก 0-5 ปี 2 คน +16."""
    group, _, code = term.code.partition(":")
    if group == "depth":
        words = gettext("น้ำ %(m)s ม.") % {"m": f"{term.number / 100:g}"}
    elif group == "alone":
        words = gettext("อยู่ลำพัง")
    else:
        words = str(_WORDS[group].get(code, code))
        if term.number > 1:
            words = gettext("%(what)s %(n)s คน") % {"what": words, "n": term.number}
    return f"{words} +{term.points}"


def why(row: AffectedRow) -> str:
    """Every reason of a household; water is told from where it counts, the floor or the ground."""
    ground = None if row.depth_m is None else round(row.depth_m * 100)
    return ", ".join(
        _above_floor(term) if term.code == "depth" and term.number != ground else term_words(term) for term in row.terms
    )


def _above_floor(term: Term) -> str:
    return gettext("น้ำเหนือพื้นบ้าน %(m)s ม.") % {"m": f"{term.number / 100:g}"} + f" +{term.points}"


def told_words(need: Told) -> str:
    """A need with its level and what a responder must know."""
    more = " · ".join(part for part in (need.level, need.note) if part)
    return f"{need_words(need.kind)} ({more})" if more else need_words(need.kind)


def row_words(row: AffectedRow) -> dict[str, Any]:
    """A household as the page shows it; plain texts, so that 500 of them are quickly on the screen."""
    return {
        "rank": row.rank, "priority": row.priority, "place": row.place or gettext("บ้านไม่มีเลขที่"), "village": row.village,
        "people": row.people, "members": [_member(who) for who in row.members], "why": why(row),
        "depth": f"{row.depth_m:g}" if row.depth_m else "", "access": str(ACCESS[row.access]),
        "access_tag": ACCESS_TAG[row.access], "fresh": row.fresh, "shelter": row.shelter,
        "minutes": "" if row.minutes is None else f"{row.minutes:.0f}",
    }  # fmt: skip


def _member(who: Member) -> dict[str, Any]:
    return {"name": who.name, "phone": format_phone(who.phone) if who.phone else "", "tel": who.phone,
            "needs": [told_words(need) for need in who.needs]}  # fmt: skip
