"""Map layers (GeoJSON, Shapefile, GeoPackage, KML) and JSON lists, as sheets with a WKB column."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyogrio
import shapely
from pyogrio.errors import DataLayerError, DataSourceError

from maehia.base import Problem
from maehia.intake.reading.book import GEOMETRY, ROW_NO, Book, Limits, Sheet
from maehia.intake.reading.crs import LABELS, guess_crs
from maehia.intake.reading.delimited import find_encoding
from maehia.intake.reading.guards import check_xml_start, check_zip, refuse, unpacked, work_folder
from maehia.intake.reading.spreadsheet import EXACT_FLOAT
from maehia.intake.reading.tabulate import tabulate

UNREADABLE = (DataSourceError, DataLayerError, OSError, ValueError, RuntimeError, pa.ArrowInvalid)


def read_layers(path: Path, filename: str, kind: str, limits: Limits) -> Book:
    """Every layer of a map file. Raises `ProblemError` for a file that cannot be opened."""
    if kind == "kml":
        with path.open("rb") as file:
            check_xml_start(file.read(1 << 20), filename)
    encoding = _dbf_encoding(path) if kind == "shapefile" else None
    try:
        with _named(path, kind, limits) as source:
            names = [str(name) for name, _ in pyogrio.list_layers(source)]
            sheets = [_layer(source, name, encoding, kind) for name in names]
    except UNREADABLE as error:
        raise refuse("unreadable_layer", "เปิดไฟล์แผนที่นี้ไม่ได้ ไฟล์อาจเสียหายหรือส่งมาไม่ครบ", filename) from error
    problems = [_ask(sheet, filename) for sheet in sheets if sheet.crs and not sheet.crs.certain and len(sheet)]
    return Book(sheets, encoding or "utf-8", kind, problems)


@contextmanager
def _named(path: Path, kind: str, limits: Limits) -> Iterator[Path]:
    """The file under a name that ends as its content asks: GDAL chooses its driver by the name too."""
    if kind == "shapefile":
        yield path
        return
    with work_folder(limits) as folder:
        link = folder / f"layer.{kind}"
        link.symlink_to(path.resolve())
        yield link


def read_shapefile_zip(path: Path, filename: str, limits: Limits) -> Book:
    """All shapefiles of a zip; each needs its .shp, .shx and .dbf."""
    check_zip(path, filename, limits)
    book = Book([], "", "shapefile")
    with unpacked(path, filename, limits) as folder:
        for shape in sorted(file for file in folder.iterdir() if file.suffix.lower() == ".shp"):
            part = read_shapefile(shape, f"{filename}/{shape.name}", limits)
            book.sheets += part.sheets
            book.problems += part.problems
            book.encoding = part.encoding
    return book


def read_shapefile(path: Path, filename: str, limits: Limits) -> Book:
    """One shapefile on disk with its parts beside it. A missing .dbf is told and the shapes are still read."""
    parts = {file.suffix.lower() for file in path.parent.iterdir() if file.stem == path.stem}
    if ".shx" not in parts:
        raise refuse(
            "shapefile_incomplete",
            "Shapefile ไม่ครบ: ไม่มีไฟล์ .shx",
            filename,
            "ส่งไฟล์ .shp .shx .dbf .prj ที่ชื่อเดียวกันรวมใน zip ไฟล์เดียว",
        )
    book = read_layers(path, filename, "shapefile", limits)
    if ".dbf" not in parts:
        book.problems.append(Problem("shapefile_without_table", "Shapefile นี้ไม่มี .dbf จึงมีแต่รูป ไม่มีข้อมูลของรูป", filename,
                                     "ส่งใหม่พร้อมไฟล์ .dbf"))  # fmt: skip
    return book


def _dbf_encoding(path: Path) -> str | None:
    """UTF-8 or cp874 by the bytes of the table: the .cpg of Thai shapefiles is often missing or wrong."""
    table = next(
        (file for file in path.parent.iterdir() if file.stem == path.stem and file.suffix.lower() == ".dbf"), None
    )
    if table is None:
        return None
    with table.open("rb") as file:
        head = file.read(32)
        if len(head) < 32:
            return None
        file.seek(int.from_bytes(head[8:10], "little"))
        body = file.read(1 << 20)
    # A fixed-width text field may cut a letter in two, so a few bad bytes are still UTF-8.
    bad = body.decode("utf-8", errors="replace").count("\ufffd")
    high = sum(byte >= 0x80 for byte in body)
    return "UTF-8" if bad * 20 <= high else "cp874"


def _layer(path: Path, name: str, encoding: str | None, kind: str) -> Sheet:
    meta, table = pyogrio.read_arrow(path, layer=name, encoding=encoding)
    shape_name = meta.get("geometry_name") or "wkb_geometry"
    fields = [column for column in table.column_names if column != shape_name]
    columns: list[pa.ChunkedArray | pa.Array] = [pa.array(np.arange(1, table.num_rows + 1))]
    columns += [as_text(table.column(column)) for column in fields]
    names = [ROW_NO, *fields]
    sheet = Sheet(name, fields, pa.table(columns, names=names))
    if shape_name in table.column_names and meta.get("geometry_type"):
        shapes = table.column(shape_name).cast(pa.binary())
        sheet.rows = sheet.rows.append_column(GEOMETRY, shapes)
        # A GeoJSON is WGS 84 by definition, so its "declaration" says nothing about what the author did.
        x, y = _sample_points(shapes)
        sheet.crs = guess_crs(None if kind in {"geojson", "kml"} and _default_crs(meta) else meta.get("crs"), x, y)
    return sheet


def _default_crs(meta: dict[str, Any]) -> bool:
    return str(meta.get("crs")) in {"EPSG:4326", "OGC:CRS84"}


def _sample_points(shapes: pa.ChunkedArray, most: int = 2000) -> tuple[np.ndarray, np.ndarray]:
    """Coordinates of up to `most` geometries spread over the layer."""
    step = max(1, len(shapes) // most)
    some = shapely.from_wkb(
        [value for value in shapes.take(pa.array(range(0, len(shapes), step))).to_pylist()], on_invalid="ignore"
    )
    points = shapely.get_coordinates(some)
    return points[:, 0], points[:, 1]


def as_text(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """A typed column as text cells: whole floats whole, dates ISO, lists as JSON, empty text as null."""
    kind = column.type
    if pa.types.is_floating(kind):
        return _float_text(column)
    if pa.types.is_timestamp(kind):
        return pc.strftime(column, format="%Y-%m-%dT%H:%M:%S") if len(column) else column.cast(pa.string())
    if pa.types.is_nested(kind) or pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        return pa.chunked_array([pa.array([_json_text(value) for value in column.to_pylist()], pa.string())])
    text = column.cast(pa.string())
    trimmed = pc.utf8_trim_whitespace(text)
    return pc.if_else(pc.equal(trimmed, ""), pa.scalar(None, pa.string()), trimmed)


def _float_text(column: pa.ChunkedArray) -> pa.ChunkedArray:
    whole = pc.and_(pc.equal(column, pc.floor(column)), pc.less(pc.abs(column), EXACT_FLOAT))
    if pc.all(whole).as_py() is not False:
        return pc.cast(column, pa.int64()).cast(pa.string())
    texts = [
        None if v is None else str(int(v)) if v.is_integer() and abs(v) < EXACT_FLOAT else f"{v:.15g}"
        for v in column.to_pylist()
    ]
    return pa.chunked_array([pa.array(texts, pa.string())])


def _json_text(value: Any) -> str | None:
    if value is None or isinstance(value, bytes):
        return None
    return json.dumps(value, ensure_ascii=False)


def _ask(sheet: Sheet, filename: str) -> Problem:
    assert sheet.crs is not None  # noqa: S101 - the caller picked it so
    names = [LABELS.get(key.partition("#")[0], key) for key in sheet.crs.candidates]
    listed = " / ".join(dict.fromkeys(names)) or "ไม่มีตัวเลือกที่ตรง"
    return Problem(
        "crs_unknown", f"{sheet.crs.reason} ตัวเลือก: {listed}", f"{filename} ชั้น {sheet.name}",
        "เลือกระบบพิกัดในหน้าตรวจ โดยดูระยะเคลื่อนจากบ้านหรือแปลงที่ระบบรู้ตำแหน่งแล้ว",
    )  # fmt: skip


def read_json_list(path: Path, filename: str, limits: Limits) -> Book:
    """A JSON list of flat objects (open data), or an object with one such list in it."""
    encoding, errors, problems = find_encoding(path, filename)
    try:
        data = json.loads(path.read_text(encoding=encoding, errors=errors))
    except (ValueError, RecursionError) as error:
        raise refuse("unreadable_json", "ไฟล์ JSON นี้ไม่ครบหรือเขียนผิดรูป", filename, "ส่งออกไฟล์ใหม่จากต้นทาง") from error
    records = _records(data)
    if not records:
        raise refuse("no_table", "ไฟล์ JSON นี้ไม่มีรายการข้อมูลแบบตาราง", filename, "ส่งไฟล์ที่เป็นรายการ [ {…}, {…} ]")
    names = list(dict.fromkeys(key for record in records for key in record))
    rows = [(1, names)] + [
        (number, [_cell(record.get(name)) for name in names]) for number, record in enumerate(records, 2)
    ]
    sheet = tabulate(Path(filename).stem, rows, limits)
    numbers = pc.subtract(sheet.rows.column(ROW_NO), 1)
    sheet.rows = sheet.rows.set_column(sheet.rows.column_names.index(ROW_NO), ROW_NO, numbers)
    return Book([sheet], encoding, "json", problems)


def _records(data: Any) -> Sequence[dict[str, Any]]:
    if isinstance(data, dict):
        lists = [value for value in data.values() if isinstance(value, list) and value]
        data = lists[0] if len(lists) == 1 else []
    return [item for item in data if isinstance(item, dict)] if isinstance(data, list) else []


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False)
