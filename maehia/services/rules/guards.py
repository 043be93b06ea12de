"""What must hold before a move is made: the guards that the transition table names, one function each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from maehia.base import Problem

LEAST_LETTERS = 3


@dataclass(frozen=True, slots=True)
class Asked:
    """A move that somebody asks for, and what is known about the case.

    note: words for the citizen; internal: for the files. after_photos: how many of the finished work came along or
    stand there already. asked_by, last_actor: who asks, and who made the last move. due: whether a fee is open.
    """

    here: str
    to: str
    now: datetime
    asked_by: str
    note: str = ""
    internal: str = ""
    after_photos: int = 0
    needs_after_photo: bool = False
    second_eyes: bool = False
    last_actor: str = ""
    question: str = ""
    receiver: str = ""
    planned_on: date | None = None
    parent_stands: bool = False
    reopen_photos: int = 0
    closed_at: datetime | None = None
    reopen_days: int = 14
    by_staff: bool = True
    told_before: bool = False
    gaps_listed: int = 0
    missing: tuple[str, ...] = ()
    signed: bool = False
    due: bool = False


Guard = Callable[[Asked], Problem | None]


def _said(text: str) -> bool:
    return len(text.strip()) >= LEAST_LETTERS


def _need(holds: bool, code: str, what: str, fix: str = "") -> Problem | None:
    return None if holds else Problem(f"guard_{code}", what, fix=fix)


def _reopen_window(a: Asked) -> Problem | None:
    last = a.closed_at + timedelta(days=a.reopen_days) if a.closed_at else None
    return _need(
        a.by_staff or last is None or a.now <= last, "reopen_window",
        f"เรื่องนี้ปิดไปเกิน {a.reopen_days} วันแล้ว จึงเปิดต่อไม่ได้", "แจ้งเป็นเรื่องใหม่และอ้างถึงเลขที่เดิม",
    )  # fmt: skip


def _gaps_once(a: Asked) -> Problem | None:
    asked = "เคยแจ้งเอกสารที่ขาดไปแล้ว จึงขอเพิ่มอีกไม่ได้"
    return _need(a.gaps_listed == 0, "gaps_once", asked, "พิจารณาจากเอกสารที่มี") or _need(
        _said(a.note), "public_reason", "ยังไม่ได้ระบุรายการที่ขาด", "เขียนทุกรายการที่ขาดในครั้งเดียว"
    )


Sentence = tuple[Callable[[Asked], bool], str, str]
SENTENCES: Mapping[str, Sentence] = {
    "after_photo": (lambda a: not a.needs_after_photo or a.after_photos > 0,
                    "ยังไม่มีภาพหลังดำเนินการ", "แนบภาพถ่ายหลังแก้ไขอย่างน้อย 1 ภาพ"),
    "public_reason": (lambda a: _said(a.note), "ยังไม่มีเหตุผลที่จะแจ้งผู้แจ้งเรื่อง", "เขียนเหตุผลให้ประชาชนเข้าใจ"),
    "named_receiver": (lambda a: _said(a.receiver), "ยังไม่ได้ระบุหน่วยงานที่รับเรื่องต่อ", "ระบุชื่อหน่วยงาน"),
    "parent_stands": (lambda a: a.parent_stands, "เรื่องหลักที่เลือกใช้ไม่ได้", "เลือกเรื่องหลักที่ไม่ได้เป็นเรื่องซ้ำ"),
    "second_pair_of_eyes": (lambda a: a.second_eyes, "เรื่องประเภทนี้ไม่ต้องขอปิดเรื่อง", "ปิดเรื่องได้โดยตรง"),
    "other_person": (lambda a: not a.second_eyes or a.asked_by != a.last_actor,
                     "ผู้ขอปิดเรื่องตรวจรับงานของตนเองไม่ได้", "ให้เจ้าหน้าที่อีกคนตรวจและปิดเรื่อง"),
    "question": (lambda a: _said(a.question or a.note), "ยังไม่มีคำถามถึงผู้แจ้ง", "เขียนคำถาม"),
    "planned_date": (lambda a: a.planned_on is not None and a.planned_on >= a.now.date(),
                     "ยังไม่ได้ระบุวันที่จะดำเนินการ", "เลือกวันที่ตั้งแต่วันนี้เป็นต้นไป"),
    "internal_reason": (lambda a: _said(a.internal or a.note), "ยังไม่มีเหตุผลในบันทึกภายใน", "เขียนเหตุผล"),
    "reopen_ground": (lambda a: _said(a.note) or a.reopen_photos > 0,
                      "ยังไม่มีเหตุผลหรือภาพประกอบ", "เขียนเหตุผลหรือแนบภาพ"),
    # The retention job alone asks for it, and counts before it does.
    "kept_long_enough": (lambda a: True, "", ""),
    "told_before": (lambda a: a.told_before or not a.by_staff,
                    "ยังไม่ได้แจ้งผู้แจ้งล่วงหน้าว่าจะยกเลิก", "รอให้ครบกำหนดตอบก่อน"),
    "signed": (lambda a: a.signed, "ผู้มีอำนาจยังไม่ได้ลงนาม", "ส่งให้ผู้มีอำนาจลงนาม"),
    "nothing_due": (lambda a: not a.due, "ยังมีค่าธรรมเนียมค้างชำระ", "รับชำระเงินก่อน"),
    "appeal": (lambda a: _said(a.note), "ยังไม่มีเหตุผลของการอุทธรณ์", "บันทึกเหตุผลและเลขที่หนังสืออุทธรณ์"),
}  # fmt: skip


def _sentence(name: str) -> Guard:
    holds, what, fix = SENTENCES[name]
    return lambda a: _need(holds(a), name, what, fix)


CHECKS: Mapping[str, Guard] = {
    **{name: _sentence(name) for name in SENTENCES},
    "reopen_window": _reopen_window,
    "gaps_once": _gaps_once,
    "complete": lambda a: _need(
        not a.missing, "complete", "คำขอยังไม่ครบ: " + ", ".join(a.missing), "ขอเอกสารเพิ่มเติมจากผู้ยื่น"
    ),
}


def first_failed(guards: Iterable[str], asked: Asked) -> Problem | None:
    """What the first guard that does not hold says; None when the move may be made."""
    if asked.second_eyes and asked.to == "fixed" and asked.here != "closure_requested":
        return Problem("guard_second_eyes", "เรื่องประเภทนี้ต้องมีเจ้าหน้าที่อีกคนตรวจก่อนปิด", fix="เลือก “ขอปิดเรื่อง”")
    return next((found for name in guards if (found := CHECKS[name](asked)) is not None), None)
