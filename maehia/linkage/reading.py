"""Read a CSV of records as text: any common encoding, missing columns, ragged rows; refuse what cannot be."""

from __future__ import annotations

import codecs
import csv
import io
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv

from maehia.base import Problem, ProblemError
from maehia.linkage.clean import INPUT_COLUMNS

_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_PIECE = 1 << 22
_TEXT = pa.string()


@dataclass
class Records:
    """The table (all text, columns of the contract that were there) and what the reader should be told."""

    table: pa.Table
    notes: list[Problem] = field(default_factory=list)


def read_records(path: str | Path) -> Records:
    """Records of a CSV file. ProblemError when there is no file, no header, no rec_id, or a rec_id twice."""
    source = Path(path)
    if not source.is_file():
        raise ProblemError(Problem("no_file", f"ไม่พบไฟล์ {source} (file not found)", str(source), "ตรวจชื่อและที่อยู่ของไฟล์"))
    encoding = _encoding(source)
    header, delimiter = _header(source, encoding)
    table, notes = _parse(source, encoding, delimiter, header)
    _check(table, source)
    missing = [name for name in INPUT_COLUMNS if name not in table.column_names]
    if missing:
        what = f"ไม่มีคอลัมน์ {', '.join(missing)} ถือว่าว่างทุกแถว (missing columns count as empty)"
        notes.append(Problem("missing_columns", what, str(source)))
    return Records(table, notes)


def _encoding(source: Path) -> str:
    """By its mark, else UTF-8 when every byte agrees, else the Thai code page of old office programs."""
    with source.open("rb") as stream:
        start = stream.read(4)
        if not start.strip():
            raise ProblemError(_empty(source))
        for mark, name in _BOMS:
            if start.startswith(mark):
                return name
        stream.seek(0)
        decoder = codecs.getincrementaldecoder("utf-8")()
        try:
            while piece := stream.read(_PIECE):
                decoder.decode(piece)
            decoder.decode(b"", True)
        except UnicodeDecodeError:
            return "cp874"
    return "utf-8"


def _empty(source: Path) -> Problem:
    return Problem("empty_file", f"ไฟล์ {source.name} ว่างเปล่า (the file is empty)", str(source),
                   "ส่งออกไฟล์ใหม่ให้มีหัวคอลัมน์และข้อมูล")  # fmt: skip


def _header(source: Path, encoding: str) -> tuple[list[str], str]:
    """Column names as written in the first line, and what separates them."""
    with source.open(encoding=encoding, errors="replace", newline="") as stream:
        line = stream.readline()
    delimiter = max(",;\t|", key=line.count) if line else ","
    names = [name.strip().lower() for name in next(csv.reader([line], delimiter=delimiter), [])]
    if not any(names):
        raise ProblemError(_empty(source))
    if "rec_id" not in names:
        what = "ไม่มีคอลัมน์ rec_id จึงบอกผลรายแถวไม่ได้ (column rec_id is missing)"
        raise ProblemError(Problem("no_rec_id", what, str(source), f"ใส่หัวคอลัมน์ {','.join(INPUT_COLUMNS)}"))
    return names, delimiter


def _parse(source: Path, encoding: str, delimiter: str, header: list[str]) -> tuple[pa.Table, list[Problem]]:
    """Fast when the file is regular; a ragged one is read row by row and told."""
    try:
        table = pacsv.read_csv(
            source,
            read_options=pacsv.ReadOptions(column_names=header, skip_rows=1, encoding=encoding.replace("-sig", "")),
            parse_options=pacsv.ParseOptions(delimiter=delimiter, newlines_in_values=True),
            convert_options=pacsv.ConvertOptions(
                column_types=dict.fromkeys(header, _TEXT), strings_can_be_null=False,
                include_columns=[name for name in dict.fromkeys(header) if name in INPUT_COLUMNS],
            ),
        )  # fmt: skip
        return table, []
    except (pa.ArrowInvalid, pa.ArrowKeyError, UnicodeDecodeError):
        return _parse_slowly(source, encoding, delimiter, header)


def _parse_slowly(source: Path, encoding: str, delimiter: str, header: list[str]) -> tuple[pa.Table, list[Problem]]:
    text = source.read_text(encoding=encoding, errors="replace").replace("\x00", "")
    spots = {name: header.index(name) for name in INPUT_COLUMNS if name in header}
    columns: dict[str, list[str]] = {name: [] for name in spots}
    ragged = []
    rows = csv.reader(io.StringIO(text), delimiter=delimiter)
    next(rows, None)
    for row in rows:
        if not row:
            continue
        if len(row) != len(header):
            ragged.append(rows.line_num)
        for name, spot in spots.items():
            columns[name].append(row[spot] if spot < len(row) else "")
    notes = []
    if ragged:
        shown = ", ".join(map(str, ragged[:5]))
        what = f"{len(ragged)} แถวมีจำนวนช่องไม่เท่าหัวคอลัมน์ (rows with too few or too many cells)"
        fix = "ตรวจเครื่องหมายคั่นและเครื่องหมายคำพูดในแถวเหล่านี้"
        notes.append(Problem("ragged_rows", what, f"{source} บรรทัด {shown}", fix))
    return pa.table({name: pa.array(cells, _TEXT) for name, cells in columns.items()}), notes


def _check(table: pa.Table, source: Path) -> None:
    """Every row needs its own rec_id, or nobody could tell which result is whose."""
    ids = pc.utf8_trim_whitespace(table["rec_id"])
    blank = pc.indices_nonzero(pc.equal(pc.utf8_length(ids), 0))
    if len(blank):
        raise ProblemError(Problem("blank_rec_id", f"{len(blank)} แถวไม่มี rec_id (rows without rec_id)",
                                   f"{source} แถวที่ {blank[0].as_py() + 2}", "ใส่รหัสที่ไม่ซ้ำกันให้ทุกแถว"))  # fmt: skip
    counts = pc.value_counts(ids)
    if len(counts) < table.num_rows:
        twice = counts.filter(pc.greater(counts.field("counts"), 1)).field("values")
        what = f"rec_id ซ้ำกัน {len(twice)} ค่า เช่น {twice[0]} (rec_id occurs more than once)"
        raise ProblemError(Problem("duplicate_rec_id", what, str(source), "ให้รหัสของแต่ละแถวไม่ซ้ำกัน แล้วลองใหม่"))
