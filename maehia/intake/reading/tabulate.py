"""From rows of cells to a sheet: header found, junk left out with a note, columns of text built in chunks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice

import pyarrow as pa
import pyarrow.compute as pc

from maehia.intake.findings import Finding
from maehia.intake.reading.book import ROW_NO, Limits, Sheet
from maehia.intake.reading.header import Header, Span, column_letters, find_header, is_label

Row = tuple[int, Sequence[str]]  # (row number of the file, cells)

TOTAL = re.compile(r"^(รวม|รวมทั้งสิ้น|รวมทั้งหมด|ยอดรวม|ผลรวม|total|grand total)\s*:?$", re.IGNORECASE)
FOOT = re.compile(
    r"^\(?\s*(รวม|ยอดรวม|ผลรวม|total|หมายเหตุ|ลงชื่อ|ผู้จัดทำ|ผู้รายงาน|ผู้ตรวจ|ที่มา|ข้อมูล ?ณ|จำนวนทั้งสิ้น|ตำแหน่ง|source|note)",
    re.IGNORECASE,
)
TAIL_ROWS = 12


@dataclass(slots=True)
class Tabulator:
    """Collects the rows of one sheet. `ragged`: rows of a text file must have as many cells as the header."""

    name: str
    limits: Limits
    ragged: bool = False
    header: Header = field(default_factory=Header)
    findings: list[Finding] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    _counts: dict[str, int] = field(default_factory=dict)

    def find(self, finding: Finding) -> None:
        """Keep a finding; beyond the limit of its kind only count it."""
        seen = self._counts.get(finding.code, 0) + 1
        self._counts[finding.code] = seen
        if seen <= self.limits.max_findings:
            self.findings.append(finding)

    def close_findings(self) -> list[Finding]:
        """The findings, with one line per kind that had more than the limit."""
        more = [
            Finding(self.name, None, "", code, f"มีแถวที่มีปัญหาแบบเดียวกันอีก {count - self.limits.max_findings:,} แถว",
                    "แก้ที่ต้นทางของไฟล์ แล้วส่งไฟล์ใหม่", "note")
            for code, count in self._counts.items()
            if count > self.limits.max_findings
        ]  # fmt: skip
        return self.findings + more


def tabulate(
    name: str,
    rows: Iterable[Row],
    limits: Limits,
    *,
    merges: Sequence[Span] = (),
    ragged: bool = False,
    hidden: bool = False,
) -> Sheet:
    """Build a sheet from numbered rows. Reads the rows once; memory = the finished columns plus one chunk."""
    source = iter(rows)
    head = list(islice(source, limits.header_rows))
    work = Tabulator(name, limits, ragged, header=find_header(head, merges))
    table = _columns(work, chain(head, source))
    table = _without_totals(work, table)
    table, names = _without_empty(work, table)
    first = table.column(ROW_NO)[0].as_py() if table.num_rows else work.header.last_row + 1
    return Sheet(name, names, table, first, work.header.titles, work.notes, work.close_findings(), hidden)


def _columns(work: Tabulator, rows: Iterator[Row]) -> pa.Table:
    names = list(work.header.names)
    chunks: list[pa.RecordBatch] = []
    numbers: list[int] = []
    cells: list[Sequence[str]] = []
    for count, (number, row) in enumerate(_data_rows(work, rows), start=1):
        numbers.append(number)
        cells.append(row)
        if len(numbers) >= work.limits.chunk_rows:
            chunks.append(_batch(names, numbers, cells))
            numbers, cells = [], []
        if count >= work.limits.max_rows:
            work.notes.append(f"อ่านเพียง {count:,} แถวแรก เพราะไฟล์ยาวกว่าที่ระบบรับ ให้แบ่งไฟล์แล้วส่งส่วนที่เหลือ")
            break
    chunks.append(_batch(names, numbers, cells))
    width = max(len(chunk.schema) for chunk in chunks)
    schema = max((chunk.schema for chunk in chunks), key=len)
    return pa.Table.from_batches([_widened(chunk, schema) if len(chunk.schema) < width else chunk for chunk in chunks])


def _data_rows(work: Tabulator, rows: Iterator[Row]) -> Iterator[Row]:
    header = work.header
    width = len(header.names)
    repeated = 0
    sections: list[Row] = []
    for number, row in rows:
        if number <= header.last_row or not any(row):
            continue
        if header.is_repeat(row):
            repeated += 1
            continue
        if is_section(row, width):
            sections.append((number, row))
            continue
        if len(row) != width and work.ragged:
            fitted = _fitted(work, number, row, width)
            if fitted is not None:
                yield number, fitted
            continue
        yield number, row
    if repeated:
        work.notes.append(f"ข้ามหัวตารางหรือเลขลำดับคอลัมน์ที่พิมพ์ซ้ำกลางตาราง {repeated:,} แถว")
    work.notes += [f"แถว {number} เป็นหัวข้อคั่นกลุ่ม ไม่นำเข้า: {' '.join(row).strip()[:80]}" for number, row in sections[:20]]
    if len(sections) > 20:
        work.notes.append(f"ข้ามหัวข้อคั่นกลุ่มอีก {len(sections) - 20:,} แถว")


def is_section(row: Sequence[str], width: int) -> bool:
    """A line like "กลุ่มที่ 1" between the rows of a wide table: words in one of the first cells and nothing else."""
    if width < 4 or any(row[2:]):
        return False
    filled = [cell for cell in row if cell.strip()]
    return len(filled) == 1 and is_label(filled[0]) and not FOOT.match(filled[0])


def _fitted(work: Tabulator, number: int, row: Sequence[str], width: int) -> Sequence[str] | None:
    """A row of a text file with too few or too many cells; None = it cannot be trusted."""
    if len(row) > width:
        if not any(cell.strip() for cell in row[width:]):
            return row[:width]
        work.find(Finding(
            work.name, number, "", "row_too_long", f"แถวนี้มี {len(row)} ช่อง แต่หัวตารางมี {width} ช่อง จึงไม่รู้ว่าค่าใดอยู่คอลัมน์ใด",
            "ตรวจเครื่องหมายคั่นหรือเครื่องหมายคำพูดในแถวนี้ แล้วส่งแถวนี้ใหม่", "error"))  # fmt: skip
        return None
    if len([cell for cell in row if cell.strip()]) == 1 and FOOT.match(next(c for c in row if c.strip())):
        return row
    work.find(Finding(
        work.name, number, "", "row_too_short", f"แถวนี้มี {len(row)} ช่อง แต่หัวตารางมี {width} ช่อง ช่องท้ายที่ขาดถือว่าว่าง",
        "ตรวจว่าแถวนี้ถูกตัดหรือไม่", "note"))  # fmt: skip
    return row


def _batch(names: list[str], numbers: list[int], rows: list[Sequence[str]]) -> pa.RecordBatch:
    width = max([len(names), *map(len, rows)]) if rows else len(names)
    labels = _full_names(names, width)
    short = any(len(row) != width for row in rows)
    full = [tuple(row) + ("",) * (width - len(row)) for row in rows] if short else rows
    columns = list(zip(*full, strict=True)) if rows else [()] * width
    arrays = [pa.array(numbers, pa.int64())] + [_text(pa.array(column, pa.string())) for column in columns]
    return pa.RecordBatch.from_arrays(arrays, names=[ROW_NO, *labels])


def _text(array: pa.Array) -> pa.Array:
    """Outer white space off; an empty cell is null."""
    trimmed = pc.utf8_trim_whitespace(array)
    return pc.if_else(pc.equal(trimmed, ""), pa.scalar(None, pa.string()), trimmed)


def _full_names(names: list[str], width: int) -> list[str]:
    return names + [column_letters(index) for index in range(len(names), width)]


def _widened(batch: pa.RecordBatch, schema: pa.Schema) -> pa.RecordBatch:
    missing = len(schema) - len(batch.schema)
    empty = [pa.nulls(batch.num_rows, pa.string())] * missing
    return pa.RecordBatch.from_arrays([*batch.columns, *empty], schema=schema)


def _without_totals(work: Tabulator, table: pa.Table) -> pa.Table:
    """Leave out the totals and the signatures that stand below a printed table."""
    tail = table.slice(max(0, table.num_rows - TAIL_ROWS)).to_pylist()
    usual = _usual_fill(table)
    foot: list[tuple[int, str]] = []
    for row in tail:
        filled = [value for name, value in row.items() if name != ROW_NO and value]
        sparse = len(filled) <= max(1, usual * 0.6)
        starts = bool(filled) and bool(TOTAL.match(filled[0]) or (sparse and any(map(FOOT.match, filled[:2]))))
        if starts or (foot and sparse):
            foot.append((row[ROW_NO], " ".join(filled)[:80]))
        else:
            foot = []  # a full row below a "total": it was a subtotal of the print, or data
    for number, words in foot:
        work.notes.append(f"แถว {number} เป็นแถวรวมหรือหมายเหตุท้ายตาราง ไม่นำเข้า: {words}")
    drop = pa.array([number for number, _ in foot], pa.int64())
    return table.filter(pc.invert(pc.is_in(table.column(ROW_NO), drop))) if foot else table


def _usual_fill(table: pa.Table) -> float:
    sample = table.slice(0, 200)
    if not sample.num_rows:
        return 0.0
    cells = sum(sample.num_rows - sample.column(name).null_count for name in sample.column_names if name != ROW_NO)
    return float(cells) / float(sample.num_rows)


def _without_empty(work: Tabulator, table: pa.Table) -> tuple[pa.Table, list[str]]:
    """Drop columns that have neither a heading nor a value."""
    named = set(work.header.given)
    keep = [
        name
        for name in table.column_names
        if name == ROW_NO or name in named or table.column(name).null_count < table.num_rows
    ]
    unnamed = [name for name in keep if name != ROW_NO and name not in named]
    if unnamed and work.header.found:
        work.notes.append("มีคอลัมน์ที่ไม่มีหัว: " + ", ".join(unnamed))
    return table.select(keep), [name for name in keep if name != ROW_NO]
