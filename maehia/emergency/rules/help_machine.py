"""The states of a request for help (คำขอความช่วยเหลือ): from the ask to the answer. Nothing is ever deleted."""

from __future__ import annotations

from maehia.base.machine import Move, State, machine, to

REASON = ("reason",)

HELP = machine(
    "help", "new",
    State("new", "รับเรื่องแล้ว รอคัดกรอง", "Received, waiting for triage",
          (Move("triaged", ("priority",)), Move("duplicate", ("original",)), Move("referred", REASON),
           Move("unreachable", REASON)), "new"),
    State("triaged", "คัดกรองแล้ว รอชุดช่วยเหลือ", "Triaged, waiting for a team",
          (Move("assigned", ("team",)), Move("resolved", REASON), Move("duplicate", ("original",)),
           Move("referred", REASON), Move("unreachable", REASON)), "open"),
    State("assigned", "มอบหมายชุดช่วยเหลือแล้ว", "A team is assigned",
          (*to("en_route", "on_scene"), Move("triaged", REASON), Move("resolved", REASON), Move("referred", REASON),
           Move("unreachable", REASON)), "open"),
    State("en_route", "ชุดช่วยเหลือกำลังเดินทาง", "The team is on its way",
          (*to("on_scene"), Move("triaged", REASON), Move("resolved", REASON), Move("referred", REASON),
           Move("unreachable", REASON)), "open"),
    State("on_scene", "ชุดช่วยเหลือถึงแล้ว", "The team is there",
          (*to("resolved"), Move("triaged", REASON), Move("referred", REASON), Move("unreachable", REASON)), "open"),
    State("resolved", "ช่วยเหลือแล้ว", "Helped", (Move("triaged", REASON),), "done"),
    State("unreachable", "ติดต่อไม่ได้", "Not reached", (Move("triaged", REASON),), "done"),
    State("referred", "ส่งต่อหน่วยงานอื่นแล้ว", "Passed on to others", (Move("triaged", REASON),), "done"),
    State("duplicate", "รวมกับคำขอก่อนหน้า", "Joined to an earlier request", (Move("new", REASON),), "done"),
)  # fmt: skip
OPEN = HELP.of_kind("new", "open")
TAGS = {
    "new": "open", "triaged": "open", "assigned": "work", "en_route": "work", "on_scene": "work", "resolved": "done",
    "unreachable": "late", "referred": "wait", "duplicate": "wait",
}  # fmt: skip
# What the one who asked is told: calm, true, and what comes next.
TOLD = {
    "new": ("เทศบาลได้รับแล้ว เจ้าหน้าที่กำลังดูว่าใครต้องช่วยก่อน", "We have it. Staff are deciding who goes first."),
    "triaged": ("เจ้าหน้าที่อ่านแล้ว กำลังจัดชุดช่วยเหลือ", "Staff have read it and are finding a team."),
    "assigned": ("มีชุดช่วยเหลือรับเรื่องของคุณแล้ว", "A team has taken your request."),
    "en_route": ("ชุดช่วยเหลือกำลังเดินทางไปหาคุณ", "The team is on its way to you."),
    "on_scene": ("ชุดช่วยเหลือถึงที่เกิดเหตุแล้ว", "The team has arrived."),
    "resolved": ("ช่วยเหลือแล้ว ถ้ายังต้องการความช่วยเหลือ แจ้งใหม่ได้ทันที", "Helped. If you still need help, ask again."),
    "unreachable": ("เจ้าหน้าที่ติดต่อคุณไม่ได้ กรุณาโทรหาเทศบาล หรือแจ้งใหม่", "We could not reach you. Call, or ask again."),
    "referred": ("ส่งต่อให้หน่วยงานที่ช่วยเรื่องนี้โดยตรงแล้ว", "Passed on to those who help with this directly."),
    "duplicate": ("รวมกับคำขอก่อนหน้าของคุณแล้ว", "Joined to your earlier request."),
}  # fmt: skip
