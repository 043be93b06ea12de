"""The states of a damaged home from the first word to the certificate, and of a claim for money after it."""

from __future__ import annotations

from maehia.base.machine import Move, State, machine, to

REASON = ("reason",)

SURVEY = machine(
    "damage_survey", "reported",
    State("reported", "แจ้งความเสียหายแล้ว", "Reported", (*to("scheduled", "surveyed"), Move("rejected", REASON)), "new"),
    State("scheduled", "นัดสำรวจแล้ว", "Survey arranged", (*to("surveyed"), Move("rejected", REASON)), "new"),
    State("surveyed", "สำรวจแล้ว", "Surveyed", (Move("reviewed", ("graded",)), Move("rejected", REASON)), "work"),
    State("reviewed", "กองช่างตรวจแล้ว", "Reviewed by the engineers",
          (Move("certified", ("papers",)), Move("surveyed", REASON), Move("rejected", REASON)), "work"),
    State("certified", "ออกหนังสือรับรองแล้ว", "Certified", (), "done"),
    State("rejected", "ไม่รับรอง", "Not certified", (Move("appealed", REASON),), "closed"),
    State("appealed", "อุทธรณ์", "Appealed", (*to("scheduled", "surveyed"), Move("rejected", REASON)), "new"),
)  # fmt: skip
CLAIM = machine(
    "damage_claim", "draft",
    State("draft", "ร่างคำขอ", "Draft", (Move("submitted", ("committee", "documents")), *to("cancelled")), "new"),
    State("submitted", "เสนอคณะกรรมการ", "Before the committee", (*to("approved"), Move("rejected", REASON)), "work"),
    State("approved", "อนุมัติแล้ว รอจ่าย", "Approved, to be paid", (*to("paid"), Move("rejected", REASON)), "work"),
    State("paid", "จ่ายแล้ว", "Paid", (), "done"),
    State("rejected", "ไม่อนุมัติ", "Rejected", (Move("appealed", REASON),), "closed"),
    State("appealed", "อุทธรณ์", "Appealed", (Move("submitted", ("committee", "documents")), *to("cancelled")), "work"),
    State("cancelled", "ยกเลิก", "Cancelled", (), "closed"),
)  # fmt: skip
STANDING = ("draft", "submitted", "approved", "appealed", "paid")  # a claim that holds its lines
GRADES = {
    "none": ("ไม่เสียหาย", "None"), "minor": ("เสียหายเล็กน้อย", "Minor"), "major": ("เสียหายมาก", "Major"),
    "total": ("เสียหายทั้งหลัง", "Total"),
}  # fmt: skip
OCCUPANCIES = {
    "owner": ("เจ้าของอยู่เอง", "Owner living there"), "tenant": ("ผู้เช่า", "Tenant"),
    "landlord": ("เจ้าของให้เช่า", "Landlord"), "relative": ("ผู้อาศัย", "Living with the owner"),
}  # fmt: skip
SOURCES = {
    "town_budget": ("งบประมาณเทศบาล", "Town budget"), "advance": ("เงินทดรองราชการ", "Advance money"),
    "donation": ("เงินบริจาค", "Donated money"),
}  # fmt: skip


def choices(words: dict[str, tuple[str, str]]) -> list[tuple[str, str]]:
    return [(key, th) for key, (th, _) in words.items()]
