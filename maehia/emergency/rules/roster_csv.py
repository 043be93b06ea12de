"""A roster as a CSV file: one line a shift (or a person without one). Reading tells every fault with its line. Pure.

Columns by their Thai or English name, in any order: ชื่อ, โทรศัพท์, ประเภท, ความสามารถ, หมู่, เริ่ม, สิ้นสุด, ลำดับ. Kinds and
skills by code or Thai word, several parted by ; or |. Times as 2026-11-22 20:00 or 22/11/2569 20:00, in Thai time.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time

from maehia.base import BANGKOK, Problem
from maehia.emergency.rules.roster import KINDS, SKILLS
from maehia.thai import normalize_phone, parse_date, to_arabic

COLUMNS = {
    "name": "ชื่อ", "phone": "โทรศัพท์", "kind": "ประเภท", "skills": "ความสามารถ", "moos": "หมู่", "starts": "เริ่ม",
    "ends": "สิ้นสุด", "rank": "ลำดับ",
}  # fmt: skip
MOST_ROWS = 5000
_WHEN = re.compile(r"^(.+?)[ T]+([0-9]{1,2})[:.]([0-9]{2})(?: *น\.?)?$")
# A spreadsheet runs what begins so; a quote before it keeps it a text.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Line:
    """One good line. line: in the file, the heading is 1. starts, ends: aware, None for a person without a shift."""

    line: int
    name: str
    phone: str
    kind: str
    skills: tuple[str, ...]
    moos: tuple[int, ...]
    starts: datetime | None
    ends: datetime | None
    rank: int


def decode(raw: bytes) -> str:
    """The text of a file: UTF-8 (with or without a mark), else the Thai code page of Windows."""
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp874", errors="replace")


def read(text: str) -> tuple[list[Line], list[Problem]]:
    """Good lines and what is wrong with the others; good lines go on."""
    rows = csv.reader(io.StringIO(text))
    try:
        heads = [_column(cell) for cell in next(rows)]
    except (StopIteration, csv.Error):
        return [], [Problem("csv_empty", "ไฟล์นี้ว่าง", fix="ใช้ไฟล์ที่ดาวน์โหลดจากหน้านี้เป็นแบบ")]
    if missing := [words for key, words in COLUMNS.items() if key in ("name", "phone") and key not in heads]:
        return [], [Problem("csv_columns", f"ไม่มีคอลัมน์ {', '.join(missing)}", "1", "ใช้ไฟล์ที่ดาวน์โหลดจากหน้านี้เป็นแบบ")]
    good: list[Line] = []
    problems: list[Problem] = []
    try:
        for number, cells in enumerate(rows, start=2):
            if number > MOST_ROWS + 1:
                problems.append(Problem("csv_long", f"ไฟล์ยาวเกิน {MOST_ROWS:,} แถว", str(number), "แบ่งเป็นหลายไฟล์"))
                break
            if any(cell.strip() for cell in cells):
                _take(number, dict(zip(heads, cells, strict=False)), good, problems)
    except csv.Error:
        problems.append(Problem("csv_broken", "อ่านไฟล์ต่อจากแถวนี้ไม่ได้", str(rows.line_num), "บันทึกเป็น CSV ใหม่แล้วลองอีกครั้ง"))
    return good, problems


def _column(cell: str) -> str:
    asked = cell.strip().lower()
    return next((key for key, words in COLUMNS.items() if asked in (key, words)), asked)


def _take(number: int, cells: Mapping[str, str], good: list[Line], problems: list[Problem]) -> None:
    found: list[Problem] = []
    line = _line(number, {key: value.strip().removeprefix("'") for key, value in cells.items()}, found)
    if found or line is None:
        problems += found
    else:
        good.append(line)


def _line(number: int, cells: Mapping[str, str], found: list[Problem]) -> Line | None:
    def fault(column: str, code: str, what: str, fix: str = "") -> None:
        found.append(Problem(code, what, f"{number} {COLUMNS[column]}", fix))

    name, typed = cells.get("name", ""), cells.get("phone", "")
    phone = normalize_phone(typed) or ""
    if not name:
        fault("name", "csv_name", "ไม่มีชื่อ")
    if not phone:
        fault("phone", "csv_phone", "ไม่มีเบอร์โทรศัพท์ หรืออ่านไม่ออก", "กรอก 9 หรือ 10 หลัก")
    kind = code_of(cells.get("kind", "") or "staff", KINDS)
    if kind is None:
        fault("kind", "csv_kind", f"ไม่รู้จักประเภท {cells['kind']}", f"ใช้ {', '.join(th for th, _ in KINDS.values())}")
    skills = [code_of(part, SKILLS) for part in _parts(cells.get("skills", ""))]
    if None in skills:
        fault(
            "skills",
            "csv_skill",
            f"ไม่รู้จักความสามารถ {cells['skills']}",
            f"ใช้ {', '.join(th for th, _ in SKILLS.values())}",
        )
    moos = [to_arabic(part) for part in _parts(cells.get("moos", ""))]
    if not all(part.isdigit() and 1 <= int(part) <= 99 for part in moos):
        fault("moos", "csv_moo", f"หมู่ {cells['moos']} ไม่ใช่เลข 1 ถึง 99")
    starts, ends = _span(cells, fault)
    rank = to_arabic(cells.get("rank", "") or "1")
    if not (rank.isdigit() and 1 <= int(rank) <= 9):
        fault("rank", "csv_rank", f"ลำดับ {cells['rank']} ไม่ใช่เลข 1 ถึง 9")
    if found or kind is None:
        return None
    return Line(number, name, phone, kind, tuple(s for s in skills if s), tuple(int(m) for m in moos), starts, ends,
                int(rank))  # fmt: skip


def _span(cells: Mapping[str, str], fault: object) -> tuple[datetime | None, datetime | None]:
    assert callable(fault)  # noqa: S101 (given by `_line`)
    given = {key: cells.get(key, "") for key in ("starts", "ends")}
    read_times = {key: when(value) for key, value in given.items()}
    for key, value in given.items():
        if value and read_times[key] is None:
            fault(key, "csv_time", f"อ่านเวลา {value} ไม่ออก", "เช่น 22/11/2569 20:00")
    starts, ends = read_times["starts"], read_times["ends"]
    if bool(given["starts"]) != bool(given["ends"]):
        fault("ends", "csv_half", "มีเวลาเริ่มหรือสิ้นสุดเพียงอย่างเดียว")
    elif starts and ends and ends <= starts:
        fault("ends", "csv_backwards", "เวลาสิ้นสุดต้องหลังเวลาเริ่ม")
    return starts, ends


def when(text: str) -> datetime | None:
    """A Thai day and time as an aware moment; a day alone is its midnight."""
    plain = to_arabic(text.strip())
    found = _WHEN.match(plain)
    day = parse_date(found[1] if found else plain)
    if day is None or day.precision != "day":
        return None
    hour, minute = (int(found[2]), int(found[3])) if found else (0, 0)
    return datetime.combine(day.value, time(hour, minute), BANGKOK) if hour < 24 and minute < 60 else None


def code_of(word: str, words: Mapping[str, tuple[str, str]]) -> str | None:
    """The code of a Thai or English word, or the code itself; None for none."""
    asked = word.strip().lower()
    return next((code for code, pair in words.items() if asked in (code, pair[0].lower(), pair[1].lower())), None)


def _parts(text: str) -> list[str]:
    return [part.strip() for part in re.split(r"[;|]", text) if part.strip()]


def write(lines: Iterable[Sequence[str]]) -> str:
    """The file: a mark for spreadsheets, the Thai headings, and no cell that a spreadsheet would run."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS.values())
    for cells in lines:
        writer.writerow([f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in cells])
    return "\ufeff" + out.getvalue()
