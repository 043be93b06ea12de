"""Geometry of a sheet brought to EPSG:4326 and made valid; points in lon/lat columns brought there too."""

from __future__ import annotations

from collections.abc import Mapping as Dict
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import shapely

from maehia.intake.findings import Finding
from maehia.intake.mapping.mapping import Mapping
from maehia.intake.reading.book import ROW_NO, Sheet
from maehia.intake.reading.crs import LABELS, LONLAT, guess_crs, to_lonlat, transformer

Objects = npt.NDArray[np.object_]
PLACES = 7  # decimals of a degree: about a centimetre


@dataclass(slots=True)
class Located:
    """columns: lon and lat in degrees where they came in metres. shapes: WKB, EPSG:4326; as_came: before a repair."""

    columns: dict[str, pa.Array] = field(default_factory=dict)
    shapes: pa.Array | None = None
    as_came: pa.Array | None = None
    findings: list[Finding] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)


def locate(sheet: Sheet, mapping: Mapping, columns: Dict[str, pa.Array]) -> Located:
    """The places of a sheet in degrees. Coordinates nobody is sure of are refused as a column; the rest goes on."""
    if sheet.geometry is not None:
        return _layer(sheet, mapping)
    if "lon" in columns and "lat" in columns:
        return _points(sheet, mapping, columns)
    return Located()


def _layer(sheet: Sheet, mapping: Mapping) -> Located:
    assert sheet.geometry is not None  # noqa: S101 - the caller asked
    key = mapping.crs or (sheet.crs.candidates[0] if sheet.crs and sheet.crs.certain and sheet.crs.candidates else None)
    count = len(sheet)
    if key is None:
        reason = sheet.crs.reason if sheet.crs else "ไม่รู้ระบบพิกัด"
        finding = _unknown_crs(sheet, "geometry", reason)
        return Located({}, pa.nulls(count, pa.binary()), pa.nulls(count, pa.binary()), [finding], ["geometry"])
    raw = sheet.geometry.to_pylist()
    shapes: Objects = shapely.force_2d(shapely.from_wkb(raw, on_invalid="ignore"))
    if key != LONLAT:
        way = transformer(key)
        shapes = shapely.transform(shapes, lambda xy: np.column_stack(way.transform(xy[:, 0], xy[:, 1])))
    return _repaired(sheet, shapes)


def _repaired(sheet: Sheet, shapes: Objects) -> Located:
    """Self-crossing and other invalid shapes made valid, their original kept and told."""
    bad = ~shapely.is_valid(shapes) & ~shapely.is_missing(shapes) & ~shapely.is_empty(shapes)
    valid = shapes.copy()
    valid[bad] = _same_dimension(shapely.make_valid(shapes[bad]), shapes[bad])
    came = np.full(len(shapes), None, dtype=object)
    came[bad] = shapely.to_wkb(shapes[bad])
    numbers = np.asarray(sheet.rows.column(ROW_NO))
    reasons = shapely.is_valid_reason(shapes[bad])
    findings = [
        Finding(sheet.name, int(number), "geometry", "geometry_invalid",
                f"รูปทรงนี้ผิด ({_reason(reason)}) ระบบซ่อมให้และเก็บรูปเดิมไว้",
                "ตรวจรูปที่ซ่อมแล้วบนแผนที่", "note")
        for number, reason in zip(numbers[bad], reasons, strict=True)
    ]  # fmt: skip
    wkb = np.where(shapely.is_empty(valid) | shapely.is_missing(valid), None, shapely.to_wkb(valid))
    return Located(
        {}, pa.array(wkb, pa.binary(), from_pandas=True), pa.array(came, pa.binary(), from_pandas=True), findings
    )


def _same_dimension(repaired: Objects, before: Objects) -> Objects:
    """Making valid can leave lines beside polygons; a parcel keeps its polygons only."""
    result = repaired.copy()
    for index, (after, old) in enumerate(zip(repaired, before, strict=True)):
        wanted = shapely.get_dimensions(old)
        parts = [part for part in shapely.get_parts(after) if shapely.get_dimensions(part) == wanted]
        if shapely.get_type_id(after) == shapely.GeometryType.GEOMETRYCOLLECTION and parts:
            result[index] = shapely.union_all(parts)
    return result


def _reason(reason: str) -> str:
    word = reason.split("[", maxsplit=1)[0]
    names = {"Self-intersection": "เส้นขอบตัดกันเอง", "Ring Self-intersection": "วงขอบตัดกันเอง",
             "Hole lies outside shell": "รูอยู่นอกรูป",
             "Too few points in geometry component": "จุดน้อยเกินไป", "Nested shells": "รูปซ้อนกัน",
             "Interior is disconnected": "เนื้อรูปขาดจากกัน"}  # fmt: skip
    return names.get(word, word)


def _points(sheet: Sheet, mapping: Mapping, columns: Dict[str, pa.Array]) -> Located:
    x, y = (_floats(columns[name]) for name in ("lon", "lat"))
    crs = guess_crs(None, x, y)
    key = mapping.crs or (crs.candidates[0] if crs.certain else None)
    if key == LONLAT or not np.isfinite(x).any():
        return Located()
    if key is None and _degrees(x, y):
        return Located()  # the check of rows says what is wrong with each
    if key is None:
        empty = pa.nulls(len(sheet), pa.string())
        finding = _unknown_crs(sheet, "lon/lat", crs.reason)
        return Located({"lon": empty, "lat": empty}, findings=[finding], refused=["lon", "lat"])
    lon, lat = to_lonlat(key, x, y)
    return Located({"lon": _texts(lon), "lat": _texts(lat)})


def _degrees(x: npt.NDArray[np.float64], y: npt.NDArray[np.float64]) -> bool:
    good = np.isfinite(x) & np.isfinite(y)
    return bool((np.abs(x[good]) <= 360).mean() > 0.5) if good.any() else True


def _floats(column: pa.Array) -> npt.NDArray[np.float64]:
    return np.array([float(text) if text else np.nan for text in column.to_pylist()], dtype=float)


def _texts(values: npt.NDArray[np.float64]) -> pa.Array:
    return pa.array([f"{value:.{PLACES}f}" if np.isfinite(value) else None for value in values], pa.string())


def _unknown_crs(sheet: Sheet, column: str, reason: str) -> Finding:
    codes = dict.fromkeys(key.partition("#")[0] for key in (sheet.crs.candidates if sheet.crs else []))
    listed = " / ".join(LABELS.get(code, code) for code in codes)
    what = f"ยังไม่รับตำแหน่งของแผ่นนี้: {reason}" + (f" ตัวเลือก: {listed}" if listed else "")
    return Finding(sheet.name, None, column, "crs_unknown", what, "เลือกระบบพิกัดในหน้าตรวจ แล้วตรวจไฟล์เดิมอีกครั้ง", "column")
