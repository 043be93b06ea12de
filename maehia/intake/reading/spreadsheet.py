"""Workbooks (xlsx, xlsm, xlsb, xls, ods) and the HTML tables that some offices call .xls."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import python_calamine as calamine

from maehia.base import Problem
from maehia.intake.findings import Finding
from maehia.intake.reading.book import Book, Limits, Sheet
from maehia.intake.reading.guards import check_zip, locked, refuse
from maehia.intake.reading.header import Span
from maehia.intake.reading.tabulate import Row, tabulate

EXACT_FLOAT = 2.0**53
BROKEN = (calamine.CalamineError, calamine.XmlError, calamine.ZipError, OSError, ValueError)


def cell_text(value: Any) -> str:
    """The text of a cell as its author sees it: no float noise, whole numbers whole, dates in ISO form.

    >>> cell_text(3100600445635.0), cell_text(0.30000000000000004)
    ('3100600445635', '0.3')
    """
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        if value.is_integer() and abs(value) < EXACT_FLOAT:
            return str(int(value))
        return f"{value:.15g}"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time(0) else value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return str(value)
    return "" if value is None else str(value)


def read_workbook(path: Path, filename: str, kind: str, limits: Limits) -> Book:
    """Every sheet that has rows; hidden ones are marked. Raises `ProblemError` for a file that cannot be opened."""
    if kind in {"xlsx", "ods"}:
        check_zip(path, filename, limits)
    try:
        with calamine.load_workbook(str(path)) as book:
            sheets, problems = _sheets(book, filename, limits)
    except calamine.PasswordError as error:
        raise locked(filename) from error
    except BROKEN as error:
        raise refuse("unreadable_workbook", "เปิดสมุดงานนี้ไม่ได้ ไฟล์อาจเสียหายหรือส่งมาไม่ครบ", filename) from error
    return Book(sheets, "", kind, problems)


def _sheets(book: Any, filename: str, limits: Limits) -> tuple[list[Sheet], list[Problem]]:
    sheets: list[Sheet] = []
    problems: list[Problem] = []
    for meta in book.sheets_metadata:
        if meta.typ != calamine.SheetTypeEnum.WorkSheet:
            continue
        hidden = meta.visible != calamine.SheetVisibleEnum.Visible
        source = book.get_sheet_by_name(meta.name)
        if source.start is None:
            continue
        rows = _Rows(source, limits)
        sheet = tabulate(meta.name, rows, limits, merges=_spans(source), hidden=hidden)
        sheet.findings += rows.findings(sheet)
        if hidden:
            sheet.notes.append("แผ่นงานนี้ถูกซ่อนอยู่ในไฟล์ จะนำเข้าเมื่อเลือกเท่านั้น")
        sheets.append(sheet)
    return sheets, problems


def _spans(source: Any) -> list[Span]:
    """Merged cells, with columns counted as in the rows we get (empty columns at the left are cut off)."""
    try:
        ranges: Sequence[Span] = source.merged_cell_ranges or []
    except (AttributeError, *BROKEN):
        return []
    left = source.start[1] if source.start else 0
    return [((top, first - left), (bottom, last - left)) for (top, first), (bottom, last) in ranges]


class _Rows:
    """Numbered rows of a sheet as text; cells longer than a cell can be are emptied and kept as findings."""

    def __init__(self, source: Any, limits: Limits) -> None:
        self.source, self.limits = source, limits
        self._long: list[tuple[int, int, int]] = []

    def __iter__(self) -> Iterator[Row]:
        limit = self.limits.max_cell_chars
        width = self.limits.max_columns
        for number, cells in enumerate(self.source.iter_rows(), start=1):
            row = [cell if type(cell) is str else cell_text(cell) for cell in cells[:width]]
            for column, cell in enumerate(row):
                if len(cell) > limit:
                    self._long.append((number, column, len(cell)))
                    row[column] = ""
            yield number, row

    def findings(self, sheet: Sheet) -> list[Finding]:
        return [
            Finding(sheet.name, number, f"ช่องที่ {column + 1}", "cell_too_long",
                    f"ช่องนี้ยาว {length:,} ตัวอักษร ระบบไม่รับค่าของช่องนี้",
                    "ตัดข้อความให้สั้นลง หรือแนบเป็นเอกสารแทน")
            for number, column, length in self._long
        ]  # fmt: skip


def read_html(path: Path, filename: str, limits: Limits) -> Book:
    """The tables of a web page that was saved with the name of a workbook."""
    from lxml import html
    from lxml.etree import LxmlError

    from maehia.intake.reading.delimited import find_encoding

    encoding, errors, problems = find_encoding(path, filename)
    text = path.read_text(encoding=encoding, errors=errors)
    if text.lstrip().startswith("<?xml"):
        text = text.split("?>", 1)[-1]
    parser = html.HTMLParser(no_network=True, huge_tree=False)
    try:
        tree = html.document_fromstring(text, parser=parser)
    except LxmlError as error:
        raise refuse("no_table", "ไฟล์นี้เป็นหน้าเว็บที่ไม่มีตาราง", filename, "ส่งออกเป็น Excel หรือ CSV แล้วส่งใหม่") from error
    sheets = []
    for index, table in enumerate(tree.iter("table"), start=1):
        rows = [
            (
                number,
                ["".join(map(str, cell.itertext())) for cell in row.iterchildren("td", "th")][: limits.max_columns],
            )
            for number, row in enumerate(table.iter("tr"), start=1)
        ]
        if len(rows) > 1:
            sheets.append(tabulate(f"ตาราง {index}", rows, limits))
    return Book(sheets, encoding, "html", problems)
