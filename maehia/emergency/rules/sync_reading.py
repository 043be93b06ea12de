"""Reading what a phone sends: plain JSON into reports, each fault with its place; good reports go on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from maehia.base import Problem
from maehia.emergency.rules.sync import LONGEST_NOTE, MOST_PEOPLE, RESULTS, Report

MOST = 2000  # reports in one sending
FARTHEST_S = 40 * 365 * 86400.0


def read_reports(rows: Any) -> tuple[list[Report], dict[str, Problem]]:
    """Reports, and per number (or place in the list) what is wrong with the others."""
    if not isinstance(rows, list) or len(rows) > MOST:
        return [], {"": Problem("bad_queue", "ข้อมูลที่ส่งมาอ่านไม่ได้", "reports", f"ส่งเป็นรายการ ไม่เกิน {MOST} รายการต่อครั้ง")}
    good, bad = [], {}
    for place, row in enumerate(rows):
        read = read_report(row if isinstance(row, dict) else {}, place)
        if isinstance(read, Problem):
            bad[str(row.get("id", place)) if isinstance(row, dict) else str(place)] = read
        else:
            good.append(read)
    return good, bad


def read_report(row: Mapping[str, Any], place: int = 0) -> Report | Problem:
    """One report of a phone's JSON: id, door, result, people, note, phone_at (ms since 1970 by its clock), offset_s."""
    try:
        number, door = UUID(str(row["id"])), UUID(str(row["door"]))
        moment = datetime.fromtimestamp(float(row["phone_at"]) / 1000, UTC)
        offset, turn = float(row.get("offset_s") or 0), int(row.get("turn") or 0)
        people = None if row.get("people") in (None, "") else int(row["people"])
    except (KeyError, TypeError, ValueError, OverflowError, OSError):
        return Problem("bad_report", "รายการนี้อ่านไม่ได้", f"reports[{place}]", "เปิดรายการบ้านใหม่แล้วบันทึกอีกครั้ง")
    if problem := _refuse(str(row.get("result")), people, offset, place):
        return problem
    note = str(row.get("note") or "").replace("\x00", "").strip()[:LONGEST_NOTE]
    return Report(number, door, str(row["result"]), moment, people, note, offset, max(0, min(turn, 2**31 - 1)))


def _refuse(result: str, people: int | None, offset: float, place: int) -> Problem | None:
    where = f"reports[{place}]"
    if result not in RESULTS:
        return Problem("bad_result", "ไม่มีผลการเยี่ยมแบบนี้", where, "เลือก พบแล้ว ย้ายออกแล้ว ไม่ประสงค์ออก หรือไม่อยู่")
    if people is not None and not 0 <= people <= MOST_PEOPLE:
        return Problem("bad_people", "จำนวนคนไม่ถูกต้อง", where, f"ใส่จำนวน 0 ถึง {MOST_PEOPLE}")
    if not abs(offset) < FARTHEST_S:
        return Problem("bad_clock", "เวลาของเครื่องอ่านไม่ได้", where, "ตั้งเวลาของโทรศัพท์เป็นอัตโนมัติ")
    return None
