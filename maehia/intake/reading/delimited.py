"""Text tables: the encoding is decided and told, the delimiter found, every row numbered."""

from __future__ import annotations

import codecs
import csv
import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from maehia.base import Problem
from maehia.intake.findings import Finding
from maehia.intake.reading.book import Book, Limits, Sheet
from maehia.intake.reading.sniff import _looks_utf16
from maehia.intake.reading.tabulate import Row, tabulate

DELIMITERS = ",\t;|"
SAMPLE = 256 * 1024
BLOCK = 1 << 20
MOJIBAKE = "เธ"  # what the first two bytes of a UTF-8 Thai letter look like when read as cp874


def read_delimited(path: Path, filename: str, limits: Limits) -> Book:
    """A CSV, TSV or other delimited file as a book of one sheet."""
    encoding, errors, problems = find_encoding(path, filename)
    with path.open("rb") as file:
        sample = file.read(SAMPLE).decode(encoding, errors="replace")
    form = TextForm(encoding, errors, find_delimiter(sample))
    reader = _Rows(path, form, limits)
    name = Path(filename).stem
    sheet = tabulate(name, reader, limits, ragged=True)
    if reader.unclosed:
        problems.append(_unclosed(filename, reader.unclosed))
        reader = _Rows(path, replace(form, quotes=False), limits)
        sheet = tabulate(name, reader, limits, ragged=True)
    sheet.findings += reader.findings(sheet.name)
    problems += _garbled(sheet, filename)
    label = "tsv" if form.delimiter == "\t" else "csv"
    return Book([sheet], encoding, label, problems)


def find_encoding(path: Path, filename: str) -> tuple[str, str, list[Problem]]:
    """(encoding, error handling, problems): byte-order mark, else UTF-8 if every byte fits, else cp874 (TIS-620)."""
    with path.open("rb") as file:
        head = file.read(4096)
    if head.startswith(codecs.BOM_UTF8):
        return "utf-8-sig", "replace", []
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16", "replace", []
    if _looks_utf16(head):
        return ("utf-16-le" if head[1:2] in (b"\x00", b"\x0e") else "utf-16-be"), "replace", []
    bad = _first_bad_utf8(path)
    if bad is None:
        return "utf-8", "strict", []
    if _mostly_utf8(path):
        return "utf-8", "replace", [_damaged_utf8(filename, bad)]
    claims_utf8 = "utf" in filename.lower().replace("-", "")
    note = Problem(
        "encoding_not_as_named",
        "ชื่อไฟล์บอกว่าเป็น UTF-8 แต่ข้อมูลข้างในเป็น TIS-620 (Windows-874) ระบบอ่านแบบ TIS-620 ให้แล้ว",
        filename,
        "ไม่ต้องแก้ถ้าตัวอักษรในตัวอย่างอ่านออก",
    )
    return "cp874", "replace", [note] if claims_utf8 else []


def _first_bad_utf8(path: Path) -> int | None:
    """Offset near the first byte that is not UTF-8, or None."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    offset = 0
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            try:
                decoder.decode(block)
            except UnicodeDecodeError as error:
                return offset + error.start
            offset += len(block)
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return offset
    return None


def _mostly_utf8(path: Path) -> bool:
    """True for UTF-8 with a damaged byte or two: read as cp874 all its Thai would be rubbish."""
    with path.open("rb") as file:
        block = file.read(BLOCK)
    text = block.decode("utf-8", errors="replace")
    thai = sum("ก" <= char <= "๛" for char in text)
    return thai > 20 * max(1, text.count("\ufffd"))


def _damaged_utf8(filename: str, offset: int) -> Problem:
    return Problem(
        "damaged_characters",
        f"ไฟล์เป็น UTF-8 แต่มีตัวอักษรเสียใกล้ไบต์ที่ {offset:,} ตัวที่เสียแสดงเป็น �",
        filename,
        "ตรวจแถวที่มี � แล้วแก้ที่ต้นทาง หรือบันทึกไฟล์ใหม่เป็น CSV UTF-8",
    )


def find_delimiter(sample: str) -> str:
    """The delimiter that cuts most rows into the same number of cells, the more cells the better."""
    first = sample.splitlines()[0].strip() if sample.strip() else ""
    if first.lower().startswith("sep=") and len(first) == 5:
        return first[4]
    best, best_score = ",", 0.0
    for delimiter in DELIMITERS:
        score = _evenness(sample, delimiter)
        if score > best_score:
            best, best_score = delimiter, score
    return best


def _evenness(sample: str, delimiter: str) -> float:
    cut = sample.rfind("\n", 0, len(sample))
    text = sample[: cut + 1] if cut > 0 and len(sample) >= SAMPLE // 4 else sample
    try:
        widths = [len(row) for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter) if row][:400]
    except csv.Error:
        return 0.0
    if not widths:
        return 0.0
    width, count = Counter(widths).most_common(1)[0]
    return 0.0 if width < 2 else count / len(widths) + min(width, 50) / 1000


@dataclass(frozen=True, slots=True)
class TextForm:
    """How the text of a table is written. quotes: a quotation mark wraps a cell."""

    encoding: str
    errors: str
    delimiter: str
    quotes: bool = True


class _Rows:
    """Numbered rows of a text file; cells that are too long are emptied and kept as findings."""

    def __init__(self, path: Path, text: TextForm, limits: Limits) -> None:
        self.path, self.text, self.limits = path, text, limits
        self.unclosed = 0  # row where a quotation mark opens and swallows rows
        self._long: list[tuple[int, int, int]] = []

    def __iter__(self) -> Iterator[Row]:
        limit = self.limits.max_cell_chars
        # The parser's own limit would stop the whole file at one cell; ours empties the cell and goes on.
        csv.field_size_limit(2**31 - 1)
        form = self.text
        quoting: Literal[0, 3] = csv.QUOTE_MINIMAL if form.quotes else csv.QUOTE_NONE
        with self.path.open(encoding=form.encoding, errors=form.errors, newline="") as file:
            reader = csv.reader(_no_nul(file), delimiter=form.delimiter, quoting=quoting)
            for number, cells in enumerate(reader, start=1):
                if number == 1 and len(cells) <= 2 and cells and cells[0].lower().startswith("sep="):
                    continue
                row = cells[: self.limits.max_columns]
                if sum(map(len, row)) > limit:
                    row = [self._fit(number, column, cell) for column, cell in enumerate(row)]
                yield number, row

    def _fit(self, number: int, column: int, cell: str) -> str:
        if len(cell) <= self.limits.max_cell_chars:
            return cell
        if cell.count("\n") > 20 and cell.count(self.text.delimiter) > 20:
            self.unclosed = self.unclosed or number
        self._long.append((number, column, len(cell)))
        return ""

    def findings(self, sheet: str) -> list[Finding]:
        return [
            Finding(sheet, number, f"ช่องที่ {column + 1}", "cell_too_long",
                    f"ช่องนี้ยาว {length:,} ตัวอักษร ระบบไม่รับค่าของช่องนี้",
                    "ตัดข้อความให้สั้นลง หรือแนบเป็นเอกสารแทน", "warning")
            for number, column, length in self._long
        ]  # fmt: skip


def _no_nul(lines: Iterator[str] | io.TextIOBase) -> Iterator[str]:
    for line in lines:
        yield line.replace("\x00", "") if "\x00" in line else line


def _unclosed(filename: str, row: int) -> Problem:
    return Problem(
        "unclosed_quote",
        "มีเครื่องหมายคำพูดที่เปิดแล้วไม่ปิด ทำให้หลายแถวติดกันเป็นช่องเดียว ระบบอ่านใหม่โดยถือว่าเครื่องหมายคำพูดเป็นตัวอักษรธรรมดา",
        f"{filename} แถว {row}",
        'ลบหรือปิดเครื่องหมาย " ในแถวนั้น แล้วส่งใหม่ถ้าข้อมูลเลื่อนคอลัมน์',
    )


def _garbled(sheet: Sheet, filename: str) -> list[Problem]:
    """Text that was broken before it came to us: UTF-8 once read as cp874 and saved again, or question marks."""
    cells = [str(cell) for row in sheet.rows.slice(0, 200).to_pylist() for cell in row.values()] + sheet.header
    text = "".join(cells)
    if text.count(MOJIBAKE) * 2 > sum("ก" <= char <= "๛" for char in text) * 0.5 and text.count(MOJIBAKE) > 5:
        return [
            Problem(
                "garbled_text",
                "ตัวอักษรไทยในไฟล์นี้เพี้ยนมาก่อนแล้ว (เช่น เธชเธกเธŠ) เพราะเคยถูกเปิดผิดรหัสภาษาแล้วบันทึกทับ",
                filename,
                "ส่งออกใหม่จากโปรแกรมต้นทางเป็น CSV UTF-8 ไม่ควรนำเข้าไฟล์นี้",
            )
        ]
    return []
