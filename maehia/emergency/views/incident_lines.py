"""Lines of an incident's log in words. A part that writes a kind of its own adds it: `KINDS["alert"] = (th, en)`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext

from maehia.emergency.models import LogLine
from maehia.emergency.models.desk import POSTS, POSTS_EN
from maehia.emergency.queries.desk import names_of
from maehia.emergency.views.incident_words import level_name, state_name
from maehia.emergency.workflow import INCIDENT
from maehia.web.registry import in_language

KINDS: dict[str, tuple[str, str]] = {
    "state": ("สถานะ", "State"), "level": ("ระดับ", "Level"), "commander": ("ผู้อำนวยการ", "Commander"),
    "order": ("คำสั่ง", "Order"), "handover": ("ส่งมอบการบังคับบัญชา", "Handover"), "note": ("บันทึก", "Note"),
    "notice": ("แจ้งหน่วยเหนือ", "Authority told"), "team": ("ชุดปฏิบัติการ", "Team"), "shift": ("กะ", "Shift"),
    "post": ("ตำแหน่ง", "Post"), "objective": ("เป้าหมาย", "Objective"), "checklist": ("แผนเผชิญเหตุ", "Playbook"),
    "footprint": ("พื้นที่ประสบภัย", "Area"), "threshold": ("เกณฑ์เตือน", "Threshold"), "alert": ("ประกาศเตือน", "Alert"),
    "help": ("คำขอความช่วยเหลือ", "Request for help"), "stay": ("ผู้พักพิง", "Stay"), "shelter": ("ศูนย์พักพิง", "Shelter"),
    "stock": ("สิ่งของ", "Stock"), "door": ("เคาะประตู", "Doors"), "damage": ("ความเสียหาย", "Damage"),
    "payment": ("เงินช่วยเหลือ", "Payment"), "lifeline": ("ระบบพื้นฐาน", "Lifeline"),
    "sitrep": ("รายงานสถานการณ์", "Situation report"), "review": ("ทบทวน", "Review"),
    "call": ("โทรตามผัง", "Call tree"), "exercise": ("การฝึกซ้อม", "Exercise"),
    "inject": ("โจทย์การฝึก", "Inject"), "access": ("ทางเข้าออกพื้นที่", "Ways in and out"), "doors": ("เคาะประตู", "Doors"),
    "broadcast": ("คำขอส่งข้อความผ่านเสาสัญญาณ", "Cell broadcast request"), "callout": ("เรียกระดม", "Call-out"),
    "claim": ("คำขอเงินช่วยเหลือ", "Claim"), "committee": ("คณะกรรมการ", "Committee"),
    "correction": ("การแก้ไข", "Correction"), "export": ("ส่งออกข้อมูล", "Export"),
    "night": ("ยอดผู้พักพิงกลางคืน", "Night count"), "reading": ("ค่าตรวจวัด", "Reading"),
    "relief": ("แจกสิ่งของ", "Relief given"), "resource": ("รถ เรือ เครื่องมือ", "Resource"),
    "approval": ("อนุมัติประกาศ", "Approval"), "overfill": ("รับเกินความจุ", "Over capacity"),
    "safe": ("แจ้งว่าปลอดภัย", "Safe report"), "told": ("ผู้ได้รับแจ้ง", "People told"),
}  # fmt: skip
AFTER: dict[str, tuple[str, str]] = {
    "asked": ("เสนอส่งมอบ", "offered"), "accepted": ("รับมอบแล้ว", "accepted"), "refused": ("ไม่รับมอบ", "refused"),
    "made": ("ตั้งชุด", "made"), "joined": ("เข้าชุด", "joined"), "left": ("ออกจากชุด", "left"),
    "ended": ("สิ้นสุดภารกิจ", "ended"), "open": ("เปิด", "open"), "closed": ("ปิด", "closed"),
    "reached": ("สำเร็จ", "reached"), "dropped": ("ยกเลิก", "dropped"),
    "approved": ("อนุมัติ", "approved"), "started": ("เริ่มแผน", "started"), "done": ("ทำแล้ว", "done"),
    "unneeded": ("ไม่ต้องทำ", "not needed"),
}  # fmt: skip
POSTS_TH = dict(POSTS)


@dataclass(frozen=True, slots=True)
class Told:
    """A line as it is read. by: name of who wrote it; late: written well after it happened."""

    seq: int
    at: datetime
    written: datetime
    kind: str
    title: str
    text: str
    by: str
    post: str
    late: bool


def kind_words(kind: str) -> str:
    return in_language(*KINDS.get(kind, (kind, kind)))


def post_words(role: str) -> str:
    return in_language(POSTS_TH.get(role, role), POSTS_EN.get(role, role))


def told(rows: Sequence[LogLine]) -> list[Told]:
    """Lines in words, in the order given."""
    names = names_of(rows)
    return [_told(row, names) for row in rows]


def _told(row: LogLine, names: dict[str, str]) -> Told:
    value: dict[str, Any] = row.value if isinstance(row.value, dict) else {}
    post = str(value.get("post") or "")
    by = names.get(row.actor, _system(row.actor))
    return Told(row.seq, row.event_at, row.at, row.kind, _title(row), row.text, by,
                post_words(post) if post else "", row.late)  # fmt: skip


def _title(row: LogLine) -> str:
    if row.kind == "state":
        return f"{kind_words(row.kind)}: {_arrow(row, state_name)}" if row.after in INCIDENT.states else row.kind
    if row.kind == "level":
        return _arrow(row, lambda code: level_name(int(code)) if code.isdigit() else code)
    if row.kind == "notice":
        late = row.value.get("late_minutes", 0)
        words = kind_words(row.kind)
        return f"{words} ({gettext('เกินกำหนด %(n)s นาที') % {'n': late}})" if late else words
    if row.kind == "post":
        return f"{kind_words(row.kind)}: {post_words(row.after)}"
    if row.kind in ("commander", "order", "note", "threshold"):
        return kind_words(row.kind)
    after = in_language(*AFTER[row.after]) if row.after in AFTER else row.after
    return f"{kind_words(row.kind)}: {after}" if after else kind_words(row.kind)


def _arrow(row: LogLine, words: Any) -> str:
    """Before and after in words."""
    return f"{words(row.before)} → {words(row.after)}" if row.before else str(words(row.after))


def _system(actor: str) -> str:
    return gettext("ระบบ") if actor.startswith("system:") else actor
