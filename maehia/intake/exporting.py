"""Lists for people: problems and tables as CSV or a workbook, and the report in frictionless form. No cell can run."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, TextIO

import openpyxl
import pyarrow as pa
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from maehia.intake.checking import Checked
from maehia.intake.disk import whole_file

STARTS_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%", "＝", "＋", "－", "＠")
PLAIN_NUMBER = re.compile(r"^[+-]?\d+([.,]\d+)*$")
PROBLEM_COLUMNS = {
    "sheet": "แผ่น", "row": "แถว", "column": "คอลัมน์", "code": "รหัสปัญหา", "what": "ปัญหา", "fix": "วิธีแก้", "severity": "ผล",
    "value": "ค่า (ปิดบังบางส่วน)",
}  # fmt: skip
SEVERITIES = {"error": "พักแถวนี้ไว้", "warning": "รับแถว ไม่รับค่านี้", "column": "ไม่รับทั้งคอลัมน์", "note": "รับแล้ว ควรตรวจ"}
BATCH = 10_000


def safe_cell(value: object) -> object:
    """A cell that no spreadsheet will run: text that could begin a formula gets an apostrophe in front.

    >>> safe_cell("=HYPERLINK(1)"), safe_cell("-12.5"), safe_cell("สมชาย")
    ("'=HYPERLINK(1)", '-12.5', 'สมชาย')
    """
    if not isinstance(value, str) or not value:
        return value
    if value.lstrip(" \u00a0\u200b\ufeff").startswith(STARTS_FORMULA) and not PLAIN_NUMBER.match(value):
        return "'" + value
    return value


def write_csv(table: pa.Table, path: Path, headings: dict[str, str] | None = None) -> None:
    """A table as CSV that Excel opens as Thai (UTF-8 with a mark). A full disk raises `ProblemError`."""
    with whole_file(path) as part, part.open("w", encoding="utf-8-sig", newline="") as file:
        write_csv_to(table, file, headings)


def write_csv_to(table: pa.Table, file: TextIO, headings: dict[str, str] | None = None) -> None:
    """The same into an open text stream (a download)."""
    writer = csv.writer(file)
    writer.writerow([safe_cell((headings or {}).get(name, name)) for name in table.column_names])
    writer.writerows(_rows(table))


def write_xlsx(table: pa.Table, path: Path, headings: dict[str, str] | None = None, title: str = "รายการ") -> None:
    """A table as a workbook of one sheet, its heading row frozen and bold."""
    with whole_file(path) as part:  # rows pass through a temporary file, so the disk can fill before the end too
        book = openpyxl.Workbook(write_only=True)
        sheet = book.create_sheet(re.sub(r"[\[\]:*?/\\]", " ", title)[:31])
        sheet.freeze_panes = "A2"
        sheet.append([_bold(sheet, (headings or {}).get(name, name)) for name in table.column_names])
        for row in _rows(table):
            sheet.append(row)
        sheet.close()
        book.save(part)


def _bold(sheet: Any, text: str) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, value=safe_cell(text))
    cell.font = Font(bold=True)
    return cell


def _rows(table: pa.Table) -> Iterator[list[object]]:
    for batch in table.to_batches(max_chunksize=BATCH):
        columns = [column.to_pylist() for column in batch.columns]
        for row in zip(*columns, strict=True):
            yield [_cell(value) for value in row]


def _cell(value: object) -> object:
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, int | float | date | datetime) or value is None:
        return value
    return safe_cell(_xml_safe(str(value)))


def _xml_safe(text: str) -> str:
    """Control characters have no place in a workbook."""
    return re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", "", text)


def write_problems(problems: pa.Table, path: Path) -> None:
    """The list of problems as .csv or .xlsx (by the ending of `path`), in Thai, with what became of each row."""
    severities = [SEVERITIES.get(value, value) for value in problems["severity"].to_pylist()]
    told = problems.set_column(problems.column_names.index("severity"), "severity", pa.array(severities, pa.string()))
    write = write_xlsx if path.suffix.lower() == ".xlsx" else write_csv
    write(told.select(list(PROBLEM_COLUMNS)), path, PROBLEM_COLUMNS)


def frictionless_report(checked: Checked, place: str, headings: Sequence[str] = (), most: int = 1000) -> dict[str, Any]:
    """The report form that data tools read: {valid, stats, tasks: [{errors: [{rowNumber, fieldNumber, type, ...}]}]}.

    place: name of the file. headings: those of the file, for field numbers. most: errors listed one by one.
    """
    rows = [row for row in checked.problems.to_pylist() if row["severity"] != "note"]
    numbers = {name: number for number, name in enumerate(headings, start=1)}
    errors = [
        {
            "type": row["code"],
            "message": row["what"],
            "note": row["fix"],
            "rowNumber": row["row"],
            "fieldNumber": numbers.get(row["column"]),
            "fieldName": row["column"],
            "cell": row["value"],
            "tags": ["#row" if row["severity"] == "error" else "#cell"],
        }
        for row in rows[:most]
    ]
    read = len(checked.good) + len(checked.quarantined)
    task = {
        "name": Path(place).stem.lower() or "table",
        "type": "table",
        "valid": not rows,
        "place": place,
        "labels": list(headings),
        "stats": {
            "errors": len(rows),
            "warnings": checked.problems.num_rows - len(rows),
            "rows": read,
            "fields": len(headings),
        },
        "byType": dict(Counter(row["code"] for row in rows)),
        "warnings": [f"{len(rows) - most} more errors are in the full list"] if len(rows) > most else [],
        "errors": errors,
    }
    return {
        "valid": not rows,
        "stats": {"tasks": 1, "errors": len(rows), "warnings": task["stats"]["warnings"]},  # type: ignore[index]
        "warnings": [],
        "errors": [],
        "tasks": [task],
    }
