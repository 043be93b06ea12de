"""The door of reading: one file in, a book of sheets out, and every refusal is a problem in the book."""

from __future__ import annotations

from collections.abc import Callable
from os import PathLike
from pathlib import Path

import pyarrow as pa

from maehia.base import Problem, ProblemError
from maehia.intake.reading.book import Book, Limits
from maehia.intake.reading.delimited import read_delimited
from maehia.intake.reading.guards import check_size, check_zip, locked, refuse, unpacked
from maehia.intake.reading.layers import read_json_list, read_layers, read_shapefile, read_shapefile_zip
from maehia.intake.reading.sniff import Format, sniff
from maehia.intake.reading.spreadsheet import read_html, read_workbook

Reader = Callable[[Path, str, Limits], Book]

READERS: dict[Format, Reader] = {
    "xlsx": lambda path, name, limits: read_workbook(path, name, "xlsx", limits),
    "xls": lambda path, name, limits: read_workbook(path, name, "xls", limits),
    "ods": lambda path, name, limits: read_workbook(path, name, "ods", limits),
    "html": read_html,
    "text": read_delimited,
    "json": read_json_list,
    "geojson": lambda path, name, limits: read_layers(path, name, "geojson", limits),
    "gpkg": lambda path, name, limits: read_layers(path, name, "gpkg", limits),
    "kml": lambda path, name, limits: read_layers(path, name, "kml", limits),
    "shapefile": read_shapefile,
    "shapefile_zip": read_shapefile_zip,
}
ENDINGS = {
    ".xlsx": "xlsx", ".xlsm": "xlsx", ".xlsb": "xlsx", ".xls": "xls", ".ods": "ods", ".csv": "text", ".tsv": "text",
    ".txt": "text", ".json": "json", ".geojson": "geojson", ".gpkg": "gpkg", ".kml": "kml", ".shp": "shapefile",
    ".zip": "shapefile_zip",
}  # fmt: skip
TAKEN = "ระบบรับ Excel (.xlsx .xls .ods), CSV, GeoJSON, Shapefile (รวมใน zip), GeoPackage และ KML"


def read_file(path: str | PathLike[str], filename: str | None = None, limits: Limits | None = None) -> Book:
    """Read a file of any kind we take. Never raises for bad content: `book.problems` say why it is refused.

    filename: the name the sender gave, when `path` is a temporary one.
    """
    where = Path(path)
    name = filename or where.name
    rules = limits or Limits()
    kind: Format = "unknown"
    try:
        check_size(where, name, rules)
        kind = sniff(where)
        book = _reader(kind, name)(where, name, rules)
    except ProblemError as error:
        return Book([], "", kind, [error.problem])
    except (pa.ArrowInvalid, UnicodeError) as error:
        problem = refuse("unreadable_file", f"อ่านไฟล์นี้ไม่ได้: {type(error).__name__}", name).problem
        return Book([], "", kind, [problem])
    book.problems += _misnamed(kind, name)
    return _without_rows(book, name)


def read_zip(path: Path, name: str, limits: Limits) -> Book:
    """The tables inside a zip, each as a sheet of one book. A zip inside the zip is not opened."""
    check_zip(path, name, limits)
    book = Book([], "", "zip")
    with unpacked(path, name, limits) as folder:
        inner = [file for file in sorted(folder.iterdir()) if file.suffix.lower() in ENDINGS.keys() - {".zip", ".shp"}]
        for file in inner:
            part = read_file(file, f"{name}/{file.name}", limits)
            book.problems += part.problems
            for sheet in part.sheets:
                sheet.name = sheet.name if len(inner) == 1 else f"{file.stem} {sheet.name}"
                book.sheets.append(sheet)
            book.encoding = part.encoding
    if not inner:
        raise refuse("no_table", "ในไฟล์ zip นี้ไม่มีตารางหรือแผนที่ที่ระบบรู้จัก", name, TAKEN)
    return book


def _reader(kind: Format, name: str) -> Reader:
    if kind == "empty":
        raise refuse("empty_file", "ไฟล์นี้ว่างเปล่า ไม่มีข้อมูลเลย", name, "ตรวจว่าบันทึกสำเร็จแล้วส่งไฟล์ใหม่")
    if kind == "locked":
        raise locked(name)
    if kind == "truncated_zip":
        raise refuse("truncated_file", "ไฟล์เสียหายหรือส่งมาไม่ครบ เปิดอ่านไม่ได้", name)
    if kind == "zip":
        return read_zip
    if kind not in READERS:
        raise refuse("unknown_format", "ไฟล์นี้ไม่ใช่ตารางหรือแผนที่ที่ระบบรู้จัก", name, TAKEN)
    return READERS[kind]


def _misnamed(kind: Format, name: str) -> list[Problem]:
    named = ENDINGS.get(Path(name).suffix.lower())
    pairs = {("json", "geojson"), ("geojson", "json"), ("text", "html"), ("shapefile_zip", "zip")}
    if named is None or named == kind or (named, kind) in pairs:
        return []
    what = f"นามสกุลของชื่อไฟล์ ({Path(name).suffix}) ไม่ตรงกับเนื้อหา ซึ่งเป็น {kind} ระบบอ่านตามเนื้อหาให้แล้ว"
    return [Problem("wrong_extension", what, name, "ไม่ต้องแก้ ถ้าข้อมูลที่เห็นถูกต้อง")]


def _without_rows(book: Book, name: str) -> Book:
    """A sheet without rows is told and left out; without any sheet left the file is refused."""
    full = [sheet for sheet in book.sheets if len(sheet) or any(f.severity == "error" for f in sheet.findings)]
    if not full and not (book.format == "zip" and book.problems):
        seen = next((sheet for sheet in book.sheets if sheet.header), None)
        what = "ไฟล์นี้มีแต่หัวตาราง ไม่มีแถวข้อมูล" if seen is not None else "ไฟล์นี้ไม่มีตารางข้อมูล"
        book.problems.append(Problem("no_rows", what, name, "ตรวจว่าส่งไฟล์ถูกไฟล์ แล้วส่งใหม่"))
    book.sheets = full
    return book
