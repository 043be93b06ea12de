"""A confirmed mapping laid over a sheet: canonical columns, every dropped cell told, every row named."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import reduce

import pyarrow as pa
import pyarrow.compute as pc

from maehia.intake.findings import Finding, findings_table, mask
from maehia.intake.mapping.keys import row_keys
from maehia.intake.mapping.mapping import Mapping
from maehia.intake.mapping.places import Located, locate
from maehia.intake.mapping.transforms import FAST, ID_TYPES, LOOK, Fault, clean_cell, transform_for
from maehia.intake.reading.book import ROW_NO, Sheet
from maehia.intake.words import Kind, kinds
from maehia.thai import looks_like_excel_float

EXT_ID, SHEET, SHAPE, SHAPE_AS_CAME = "ext_id", "sheet", "geometry", "geometry_original"
RUINED_SHARE = 0.02
RUINED_TAIL = r"^[0-9]{1,6}0{7,}$"
MOST_FINDINGS = 200_000


@dataclass(slots=True)
class Mapped:
    """Canonical rows of one sheet.

    frame: Arrow table with row_no (int64), sheet, ext_id, the mapped canonical columns as clean text (dates ISO 8601,
    as far as known: 1996, 1996-05, 1996-05-13; numbers with a point; booleans true/false), and for layers
    `geometry` (WKB, EPSG:4326, made valid) with `geometry_original` where it had to be made valid.
    problems: Arrow table of findings (`FINDING_SCHEMA`): cells dropped, columns refused.
    """

    kind: str
    frame: pa.Table
    problems: pa.Table
    sheet: str = ""
    headings: dict[str, str] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)
    also: list[Mapped] = field(default_factory=list)
    repairs: list[str] = field(default_factory=list)

    def heading(self, name: str) -> str:
        """The heading that the keeper of the list knows a canonical column by."""
        return self.headings.get(name, name)


def apply_mapping(sheet: Sheet, mapping: Mapping, *, today: date | None = None, secret: bytes = b"") -> Mapped:
    """Lay a mapping over a sheet. `today`: day of the list, for two-digit years. `secret`: key for row keys made from
    personal columns; without it they are plain hashes and can be guessed. Never raises for bad cells.
    """
    kind = kinds()[mapping.kind]
    work = _Work(sheet, mapping, kind, today)
    columns = {name: work.column(name) for name in mapping.fields if name != EXT_ID or mapping.columns_of(name)}
    columns |= {name: pa.array([value] * len(sheet), pa.string()) for name, value in mapping.constants.items()}
    located = locate(sheet, mapping, columns)
    columns |= located.columns
    frame = _frame(sheet, mapping, columns, located, secret)
    notes = [*sheet.findings, *work.findings, *located.findings]
    problems = findings_table(notes)
    headings = {name: " + ".join(mapping.columns_of(name)) for name in mapping.fields}
    headings.setdefault(EXT_ID, " + ".join(headings.get(name, name) for name in mapping.key) or "ทั้งแถว")
    also = [apply_mapping(_bare(sheet), other, today=today, secret=secret) for other in mapping.also]
    return Mapped(
        mapping.kind, frame, problems, sheet.name, headings, work.refused + located.refused, also, list(mapping.repairs)
    )


def _bare(sheet: Sheet) -> Sheet:
    """The same rows for a further kind; what reading found is told once, by the first kind."""
    return Sheet(sheet.name, sheet.header, sheet.rows, sheet.first_data_row, crs=sheet.crs)


def _frame(sheet: Sheet, mapping: Mapping, columns: dict[str, pa.Array], located: Located, secret: bytes) -> pa.Table:
    # Where nothing is mapped yet, the file's own cells tell the rows apart.
    telling = columns or {name: sheet.rows.column(name) for name in sheet.header}
    telling = telling or {ROW_NO: sheet.rows.column(ROW_NO).cast(pa.string())}
    keys = row_keys(telling, mapping, kinds()[mapping.kind], located.shapes, secret)
    data = {ROW_NO: sheet.rows.column(ROW_NO), SHEET: pa.array([sheet.name] * len(sheet), pa.string()), EXT_ID: keys}
    data |= {name: values for name, values in columns.items() if name != EXT_ID}
    if located.shapes is not None:
        data |= {SHAPE: located.shapes, SHAPE_AS_CAME: located.as_came}
    return pa.table(data)


@dataclass(slots=True)
class _Work:
    """Cleans the columns of one sheet and keeps what was dropped."""

    sheet: Sheet
    mapping: Mapping
    kind: Kind
    today: date | None
    findings: list[Finding] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)

    def column(self, name: str) -> pa.Array:
        type_ = self.kind.fields[name]
        heading = " + ".join(self.mapping.columns_of(name))
        cells = self._cells(name, heading)
        if type_ in ID_TYPES and (spoilt := ruined(cells)):
            self.refused.append(name)
            self.findings.append(_refusal(self.sheet.name, heading, spoilt))
            return pa.nulls(len(self.sheet), pa.string())
        return self._cleaned(name, cells, heading)

    def _cells(self, name: str, heading: str) -> pa.ChunkedArray:
        have = [column for column in self.mapping.columns_of(name) if column in self.sheet.rows.column_names]
        if not have:
            self.findings.append(Finding(self.sheet.name, None, heading, "column_missing", "แผ่นนี้ไม่มีคอลัมน์ที่จับคู่ไว้",
                                         "ตรวจว่าส่งไฟล์ถูก หรือจับคู่ใหม่", "column"))  # fmt: skip
            return pa.chunked_array([pa.nulls(len(self.sheet), pa.string())])
        parts = [self.sheet.rows.column(column) for column in have]
        if len(parts) == 1:
            return parts[0]
        joined = reduce(lambda a, b: pc.binary_join_element_wise(a, b, " ", null_handling="skip"), parts)
        return pc.if_else(pc.equal(joined, ""), pa.scalar(None, pa.string()), joined)

    def _cleaned(self, name: str, cells: pa.ChunkedArray, heading: str) -> pa.Array:
        """Every different value is cleaned once; values already right are not touched."""
        type_ = self.kind.fields[name]
        extra = self.mapping.transforms.get(name)
        coded = pc.dictionary_encode(cells).combine_chunks()
        if isinstance(coded, pa.ChunkedArray):
            coded = pc.dictionary_encode(pc.cast(coded, pa.string())).combine_chunks()
        values = coded.dictionary
        clean: list[str | Fault | None] = values.to_pylist()
        transform = transform_for(type_, extra, self.today)
        for place in _to_look_at(values, type_, extra):
            clean[place] = clean_cell(clean[place] or "", transform)  # type: ignore[arg-type]
        faults = {place: value for place, value in enumerate(clean) if isinstance(value, Fault)}
        good = pa.array([None if isinstance(value, Fault) else value for value in clean], pa.string())
        if faults:
            self.findings += self._dropped(name, coded.indices, faults, values, heading)
        return good.take(coded.indices)

    def _dropped(
        self, name: str, indices: pa.Array, faults: dict[int, Fault], values: pa.Array, heading: str
    ) -> Iterator[Finding]:
        personal = name in self.kind.personal
        hit = pc.indices_nonzero(pc.is_in(indices, pa.array(list(faults), indices.type)))
        numbers = self.sheet.rows.column(ROW_NO).take(hit).to_pylist()
        places = indices.take(hit).to_pylist()
        for number, place in list(zip(numbers, places, strict=True))[:MOST_FINDINGS]:
            fault = faults[place]
            raw = values[place].as_py()
            hides = _hides(name, personal)
            what = fault.what.replace(raw[:40], mask(raw[:40], True)) if hides else fault.what
            yield Finding(
                self.sheet.name,
                number,
                heading,
                fault.code,
                what,
                fault.fix,
                "warning",
                mask(raw, hides),
            )


def _hides(name: str, personal: bool) -> bool:
    """Dates of birth are shown when they are no dates: else nobody could put them right."""
    return personal and name not in {"birth", "moved_in", "moved_out", "died", "phone", "amount_baht", "house_code"}


def _to_look_at(values: pa.Array, type_: str, extra: str | None) -> Sequence[int]:
    """Places of the values that the transform must see; the others are right as they stand."""
    if extra or type_ not in FAST:
        return range(len(values))
    slow = pc.invert(pc.match_substring_regex(values, FAST[type_]))
    if type_ in ID_TYPES:
        slow = pc.or_(slow, pc.match_substring_regex(values, LOOK))
    places: list[int] = pc.indices_nonzero(slow).to_pylist()
    return places


def ruined(cells: pa.ChunkedArray) -> str:
    """A sample of what a spreadsheet left of 13-digit numbers, "" when the column is sound.

    Either text like 3.1E+12 in at least 2 % of the cells, or 13 digits with a tail of zeros in a fifth of them.
    """
    valid = cells.drop_null()
    if not len(valid):
        return ""
    marked = valid.filter(pc.match_substring_regex(valid, "[0-9๐-๙][eE][+]?[0-9]"))
    floats = [value for value in marked.to_pylist() if looks_like_excel_float(value)]
    if len(floats) >= max(1, RUINED_SHARE * len(valid)):
        return str(floats[0])
    tails = valid.filter(pc.and_(pc.match_substring_regex(valid, RUINED_TAIL), pc.equal(pc.utf8_length(valid), 13)))
    tails = tails.filter(pc.invert(pc.match_substring_regex(tails, "^0+$")))
    return str(tails[0].as_py()) if len(tails) >= 0.2 * len(valid) else ""


def _refusal(sheet: str, heading: str, sample: str) -> Finding:
    what = (
        f"ไม่รับคอลัมน์นี้ทั้งคอลัมน์ เพราะโปรแกรมตารางเปลี่ยนเลข 13 หลักเป็นเลขทศนิยม (พบ {sample}) หลักท้ายหายไปแล้ว ซ่อมไม่ได้ "
        "คอลัมน์อื่นนำเข้าตามปกติ"
    )
    fix = "ส่งออกจากโปรแกรมต้นทางใหม่ โดยกำหนดคอลัมน์เลขบัตรเป็นข้อความ (Text) ก่อนบันทึก"
    return Finding(sheet, None, heading, "excel_float", what, fix, "column", sample)
