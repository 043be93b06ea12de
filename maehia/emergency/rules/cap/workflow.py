"""The states of an alert, and the words of CAP that our alerts use. updated, cancelled and expired are derived."""

from __future__ import annotations

from maehia.base.machine import Move, State, machine, to

ALERT = machine(
    "alert", "draft",
    State("draft", "ร่าง", "Draft", to("in_review", "dropped"), "draft"),
    State("in_review", "รอผู้อนุมัติ", "Waiting for approval", to("approved", "draft"), "waiting"),
    State("approved", "อนุมัติแล้ว", "Approved", to("published", "draft"), "waiting"),
    State("published", "เผยแพร่แล้ว", "Published",
          tuple(Move(code, by_system=True) for code in ("updated", "cancelled", "expired")), "out"),
    State("updated", "มีประกาศใหม่แทน", "Updated", (), "over"),
    State("cancelled", "ยกเลิกแล้ว", "Cancelled", (), "over"),
    State("expired", "หมดเวลาแล้ว", "Expired", (), "over"),
    State("dropped", "ทิ้งร่าง", "Dropped", (), "over"),
)  # fmt: skip
PENDING = ALERT.of_kind("waiting")
STATUSES = [
    ("Actual", "จริง"), ("Exercise", "ฝึกซ้อม"), ("System", "ระบบ"), ("Test", "ทดสอบ"), ("Draft", "ร่าง"),
]  # fmt: skip
MSG_TYPES = [("Alert", "ประกาศใหม่"), ("Update", "ปรับปรุง"), ("Cancel", "ยกเลิก")]
LEVELS = [("green", "เขียว"), ("blue", "น้ำเงิน"), ("yellow", "เหลือง"), ("orange", "ส้ม"), ("red", "แดง")]
LEVELS_EN = {"green": "Green", "blue": "Blue", "yellow": "Yellow", "orange": "Orange", "red": "Red"}
LIVE_FEED = ("Actual",)  # all that /cap/ ever carries; whatever is not listed reaches no live channel
PRACTICE_FEED = ("Exercise", "Test")
