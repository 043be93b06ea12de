"""The states of an incident (เหตุการณ์) and the moves between them, with their guards by name.

Guards are answered by `actions.guards`: each part of the room provides those that it knows about.
"""

from __future__ import annotations

from maehia.base.machine import Move, State, machine, to

READY = ("commander", "level", "area")  # who commands, how grave, where
CLOSING = ("no_open_alert", "no_open_stay", "requests_done", "stock_reconciled", "review_opened")

INCIDENT = machine(
    "incident", "reported",
    State("reported", "ได้รับแจ้ง", "Reported",
          (*to("verified"), Move("rejected", ("reason",)), Move("merged", ("into",))), "new"),
    State("verified", "ยืนยันเหตุแล้ว", "Verified",
          (Move("active", READY), Move("rejected", ("reason",)), Move("merged", ("into",))), "new"),
    State("active", "กำลังเผชิญเหตุ", "Active",
          (Move("escalated", ("higher_authority", "handover")), *to("contained")), "active"),
    State("escalated", "ยกระดับ", "Escalated", to("active", "contained"), "active"),
    State("contained", "ควบคุมสถานการณ์ได้", "Contained", to("active", "escalated", "recovery"), "active"),
    State("recovery", "ฟื้นฟู", "Recovery", (*to("active"), Move("closed", CLOSING)), "recovery"),
    State("closed", "ปิดเหตุ", "Closed", (Move("reopened", ("reason",)),), "closed"),
    State("reopened", "เปิดเหตุอีกครั้ง", "Reopened", (Move("active", READY), *to("recovery")), "new"),
    State("rejected", "ไม่ใช่เหตุ", "Rejected", (), "closed"),
    State("merged", "รวมกับเหตุอื่น", "Merged", (), "closed"),
)  # fmt: skip
LIVE_STATES = INCIDENT.of_kind("active")
OPEN_STATES = INCIDENT.of_kind("new", "active", "recovery")
LEVELS = {
    1: ("ระดับ 1 ขนาดเล็ก", "Level 1, small"),
    2: ("ระดับ 2 ขนาดกลาง", "Level 2, medium"),
    3: ("ระดับ 3 ขนาดใหญ่", "Level 3, large"),
    4: ("ระดับ 4 ร้ายแรงอย่างยิ่ง", "Level 4, gravest"),
}
OWN_LEVEL = 1  # the only level that a local director sets; higher ones are recorded with who declared them
HAZARDS = [
    ("flood", "อุทกภัย"), ("flash_flood", "น้ำป่าไหลหลาก"), ("storm", "วาตภัย"), ("landslide", "ดินโคลนถล่ม"),
    ("haze", "ไฟป่าและหมอกควัน"), ("fire", "อัคคีภัย"), ("earthquake", "แผ่นดินไหว"), ("chemical", "สารเคมี"),
    ("epidemic", "โรคระบาด"), ("drought", "ภัยแล้ง"), ("accident", "อุบัติภัย"), ("other", "ภัยอื่น"),
]  # fmt: skip
HAZARDS_EN = {
    "flood": "Flood", "flash_flood": "Flash flood", "storm": "Storm", "landslide": "Landslide",
    "haze": "Forest fire and haze",
    "fire": "Fire", "earthquake": "Earthquake", "chemical": "Chemicals", "epidemic": "Epidemic", "drought": "Drought",
    "accident": "Accident", "other": "Other",
}  # fmt: skip
