"""Files made by the tests: invented people of an invented town."""

from __future__ import annotations

import warnings
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pyogrio
import shapely

SOMCHAI = "3100600445635"
MALEE = "1129900166199"
BOONMEE = "1509900258294"

PEOPLE_HEAD = ["ลำดับ", "คำนำหน้า", "ชื่อ", "นามสกุล", "เลขประจำตัวประชาชน", "วันเกิด", "บ้านเลขที่", "หมู่ที่"]
PEOPLE = [
    [1, "นาย", "สมชาย", "ใจดี", SOMCHAI, "13 เม.ย. 2492", "123/4", "5"],
    [2, "นาง", "มาลี", "แก้วงาม", MALEE, "1 ม.ค. 2511", "99", "2"],
    [3, "ด.ช.", "บุญมี", "คำปัน", BOONMEE, "๕ มิ.ย. ๒๕๖๐", "7/1", "10"],
]


def workbook(path: Path, rows: Sequence[Sequence[Any]], merges: Sequence[str] = (), title: str = "ทะเบียน") -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = title
    for row in rows:
        sheet.append(list(row))
    for span in merges:
        sheet.merge_cells(span)
    book.save(path)
    return path


def text_file(path: Path, rows: Sequence[Sequence[Any]], encoding: str = "utf-8", delimiter: str = ",") -> Path:
    lines = [delimiter.join(str(cell) for cell in row) for row in rows]
    path.write_bytes(("\r\n".join(lines) + "\r\n").encode(encoding))
    return path


def layer(
    path: Path,
    shapes: Sequence[Any],
    fields: dict[str, list[Any]],
    crs: str | None = "EPSG:4326",
    driver: str = "GeoJSON",
    **options: Any,
) -> Path:
    """A map file with these shapes (shapely) and columns."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a layer without crs, a point with a height: made on purpose
        _write(path, shapes, fields, crs, driver, options)
    return path


def _write(
    path: Path,
    shapes: Sequence[Any],
    fields: dict[str, list[Any]],
    crs: str | None,
    driver: str,
    options: dict[str, Any],
) -> None:
    pyogrio.raw.write(
        path,
        shapely.to_wkb(np.array(shapes, dtype=object)),
        [np.array(values, dtype=object if isinstance(values[0], str) else None) for values in fields.values()],
        list(fields),
        geometry_type=shapes[0].geom_type,
        crs=crs,
        driver=driver,
        **options,
    )


def shapefile_zip(folder: Path, name: str, without: Sequence[str] = (), **how: Any) -> Path:
    """A zipped shapefile; `without` leaves out parts such as ".prj"."""
    inner = folder / f"{name}-parts"
    inner.mkdir()
    layer(inner / f"{name}.shp", driver="ESRI Shapefile", **how)
    target = folder / f"{name}.zip"
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in sorted(inner.iterdir()):
            if part.suffix not in without:
                archive.write(part, part.name)
    return target
