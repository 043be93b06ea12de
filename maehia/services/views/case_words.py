"""A case's history, promise and route in the words of an officer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext, gettext_lazy, ngettext

from maehia.access.queries import accounts_by_actor
from maehia.services.models import CaseEvent, Service, Unit
from maehia.services.queries.cases import CasePage
from maehia.services.views.staff_parts import channel_words, state_words
from maehia.web import registry as web
from maehia.web.formats import show_date

KIND = {
    "opened": gettext_lazy("รับเรื่อง"), "note": gettext_lazy("บันทึก"), "question": gettext_lazy("ถามผู้แจ้ง"),
    "answer": gettext_lazy("ผู้แจ้งตอบ"), "place": gettext_lazy("แก้ตำแหน่ง"), "photo": gettext_lazy("แนบภาพ"),
    "release": gettext_lazy("เผยแพร่"), "me_too": gettext_lazy("มีผู้แจ้งเพิ่ม"), "rating": gettext_lazy("ผู้แจ้งให้คะแนน"),
    "check": gettext_lazy("ผลตรวจ"), "recommend": gettext_lazy("ความเห็น"), "sign": gettext_lazy("ลงนาม"),
    "document": gettext_lazy("เอกสาร"), "payment": gettext_lazy("ค่าธรรมเนียม"), "rung": gettext_lazy("เตือนเกินกำหนด"),
    "erased": gettext_lazy("ลบข้อมูล"), "merge": gettext_lazy("รวมเรื่อง"), "unmerge": gettext_lazy("แยกเรื่อง"),
}  # fmt: skip
CITIZEN = ("answer", "rating", "me_too")
FACT = {
    "service": gettext_lazy("ประเภท"), "group": gettext_lazy("กลุ่มงาน"), "kind": gettext_lazy("ชนิดเรื่อง"),
    "moo": gettext_lazy("หมู่ที่"), "channel": gettext_lazy("ช่องทาง"), "urgent": gettext_lazy("เร่งด่วน"),
    "hour": gettext_lazy("ชั่วโมงที่แจ้ง"), "confidential": gettext_lazy("เรื่องลับ"),
    "has_asset": gettext_lazy("มีทรัพย์สินในทะเบียน"),
    "text": gettext_lazy("ข้อความ"),
}  # fmt: skip
OPERATOR = {
    "is": gettext_lazy("เป็น"), "is_not": gettext_lazy("ไม่เป็น"), "in": gettext_lazy("อยู่ใน"),
    "not_in": gettext_lazy("ไม่อยู่ใน"),
    "at_least": gettext_lazy("ตั้งแต่"), "less_than": gettext_lazy("น้อยกว่า"), "has": gettext_lazy("มีคำว่า"),
    "is_empty": gettext_lazy("ว่าง"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Told:
    """One line of the history as it is shown. side: "citizen", "town" or "inside"."""

    at: datetime
    title: str
    text: str
    by: str
    side: str
    seq: int
    photos: tuple[str, ...] = ()


class Names:
    """Names that the history of one case needs, asked for once."""

    def __init__(self, page: CasePage) -> None:
        self.kind = page.case.kind
        self.own = {f"user:{party.account_id}" for party in page.parties if party.account_id}
        self.accounts = accounts_by_actor(self._actors(page.events))
        self.units = {u.key: web.in_language(u.name_th, u.name_en) for u in Unit.objects.all()}
        codes = {code for e in page.events if e.kind == "service" for code in (e.value.get("from"), e.value.get("to"))}
        self.services = {
            s.code: web.in_language(s.name_th, s.name_en) for s in Service.objects.filter(code__in=codes)
        } if codes else {}  # fmt: skip

    @staticmethod
    def _actors(events: Iterable[CaseEvent]) -> list[str]:
        assigned = [f"user:{e.value['to']}" for e in events if e.kind == "assignee" and e.value.get("to")]
        return [e.actor for e in events] + assigned

    def actor(self, event: CaseEvent) -> str:
        if event.actor in self.own or event.kind in CITIZEN or event.actor.startswith(("device:", "line:")):
            return gettext("ผู้แจ้ง")
        return self.account(event.actor)

    def account(self, actor: str) -> str:
        found = self.accounts.get(actor)
        if found is not None:
            return f"{found.display_name} ({found.unit})" if found.unit else found.display_name
        return gettext("ระบบ") if actor.startswith(("system:", "cli:")) else gettext("เจ้าหน้าที่")

    def unit(self, key: str | None) -> str:
        return self.units.get(key or "", key or gettext("ยังไม่มีหน่วยงาน"))

    def service(self, code: str | None) -> str:
        return self.services.get(code or "", code or "")


def told(page: CasePage) -> list[Told]:
    """The whole history in words, oldest first."""
    names = Names(page)
    return [_told(event, names) for event in page.events]


def _told(event: CaseEvent, names: Names) -> Told:
    by = names.actor(event)
    side = "citizen" if by == gettext("ผู้แจ้ง") else "town" if event.is_public else "inside"
    return Told(event.event_at, title_of(event, names), event.note, by, side, event.seq,
                tuple(event.value.get("photos", ())))  # fmt: skip


def title_of(event: CaseEvent, names: Names) -> str:
    make = TITLES.get(event.kind)
    return make(event.value, event, names) if make else str(KIND.get(event.kind, event.kind))


def _state(value: Mapping[str, Any], event: CaseEvent, names: Names) -> str:
    words = state_words(names.kind, event.state)
    if value.get("reopened"):
        words = gettext("เปิดเรื่องอีกครั้ง: %(state)s") % {"state": words}
    if value.get("receiver"):
        words = gettext("%(state)s ถึง %(receiver)s") % {"state": words, "receiver": value["receiver"]}
    if value.get("planned_on"):
        day = show_date(date.fromisoformat(value["planned_on"]))
        words = gettext("%(state)s วันที่ %(day)s") % {"state": words, "day": day}
    return words


def _service(value: Mapping[str, Any], _event: CaseEvent, names: Names) -> str:
    words = {"was": names.service(value.get("from")), "now": names.service(value.get("to"))}
    return gettext("เปลี่ยนประเภทจาก %(was)s เป็น %(now)s") % words


def _assignee(value: Mapping[str, Any], _event: CaseEvent, names: Names) -> str:
    if not value.get("to"):
        return gettext("ยกเลิกผู้รับผิดชอบ")
    return gettext("มอบหมายให้ %(who)s") % {"who": names.account(f"user:{value['to']}")}


TITLES: Mapping[str, Any] = {
    "opened": lambda v, e, n: gettext("รับเรื่องทาง%(channel)s") % {"channel": channel_words(v.get("channel", ""))},
    "state": _state,
    "service": _service,
    "assignee": _assignee,
    "unit": lambda v, e, n: gettext("ส่งให้ %(unit)s") % {"unit": n.unit(v.get("to"))},
    "urgent": lambda v, e, n: gettext("ตั้งเป็นเรื่องเร่งด่วน") if v.get("urgent") else gettext("ยกเลิกเร่งด่วน"),
    "merge": lambda v, e, n: gettext("รวมเรื่อง %(number)s เข้ามา") % {"number": v.get("child", "")},
    "unmerge": lambda v, e, n: gettext("แยกเรื่อง %(number)s ออกไป") % {"number": v.get("child", "")},
    "note": lambda v, e, n: gettext("แจ้งความคืบหน้า") if e.is_public else gettext("บันทึกภายใน"),
    "rating": lambda v, e, n: gettext("ผู้แจ้งให้ %(stars)s ดาว") % {"stars": v.get("stars", "")},
    "rung": lambda v, e, n: gettext("เตือนเกินกำหนด: %(rung)s") % {"rung": v.get("rung", "")},
}  # fmt: skip


def promise_words(data: Mapping[str, Any] | None) -> str:
    """3 วันทำการ; 4 ชั่วโมงทำการ."""
    if not data:
        return ""
    n, unit = data["amount"], data["unit"]
    if unit == "working_days":
        return ngettext("%(n)d วันทำการ", "%(n)d วันทำการ", n) % {"n": n}
    if unit == "calendar_days":
        return ngettext("%(n)d วัน", "%(n)d วัน", n) % {"n": n}
    if n % 60:
        return ngettext("%(n)d นาทีทำการ", "%(n)d นาทีทำการ", n) % {"n": n}
    return ngettext("%(n)d ชั่วโมงทำการ", "%(n)d ชั่วโมงทำการ", n // 60) % {"n": n // 60}


def condition_words(fact: str, operator: str, value: Any) -> str:
    """หมู่ที่ อยู่ใน 3, 4."""
    shown = ", ".join(map(value_words, value)) if isinstance(value, list | tuple) else value_words(value)
    return " ".join(part for part in (fact_words(fact), str(OPERATOR.get(operator, operator)), shown) if part)


def fact_words(fact: str) -> str:
    if fact.startswith("answer."):
        return gettext("คำตอบ “%(name)s”") % {"name": fact.removeprefix("answer.")}
    return str(FACT.get(fact, fact))


def value_words(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return gettext("ใช่") if value else gettext("ไม่ใช่")
    return str(value)


def trace_words(trace: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Why it came here: each rule that was looked at, whether it fitted, and what it saw."""
    return [{"rule": step["rule"], "fitted": step["fitted"], "why": _why(step)} for step in trace]


def _why(step: Mapping[str, Any]) -> str:
    if step["fitted"]:
        seen = [f"{fact_words(name)}: {value_words(value)}" for name, value in step["values"].items()]
        return " · ".join(seen) or gettext("กฎข้อสุดท้าย ใช้กับทุกเรื่อง")
    if not step.get("failed"):
        return ""
    fact, operator, value = step["failed"]
    words = {"wanted": condition_words(fact, operator, value), "seen": value_words(step["values"].get(fact)) or "–"}
    return gettext("ต้อง %(wanted)s แต่เรื่องนี้คือ %(seen)s") % words
