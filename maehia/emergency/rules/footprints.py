"""Shapes on the map as they come from outside: read, checked against the town, and refused with what to do.

Pure: geometry is shapely in EPSG:4326 (longitude, latitude), areas are measured in EPSG:32647.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

import numpy as np
import shapely
from pyproj import Transformer
from shapely.geometry import MultiPolygon, Polygon
from shapely.validation import explain_validity

from maehia.base import Problem, ProblemError
from maehia.emergency.rules.depths import Depths

METRES = "EPSG:32647"
DEGREES = "EPSG:4326"
AROUND_KM = 30.0  # how far beyond the town's outline a footprint may reach
LEAST_M2 = 1.0
MOST_POINTS = 100_000
MOST_BYTES = 20_000_000
THAILAND = (97.3, 5.6, 105.7, 20.5)  # where a town must be whose outline is not known yet
Bounds = tuple[float, float, float, float]


@dataclass(frozen=True, eq=False)
class Shape:
    """Where it reaches at one moment. geom: polygon or multipolygon in EPSG:4326, shapely's or GEOS' of Django.

    origin: drawn, flood, geojson, raster or script. valid_at: aware, the moment it shows. depth: metres of water.
    """

    geom: Any
    origin: str
    valid_at: datetime
    depth: Depths | None = None
    note: str = ""

    @property
    def polygons(self) -> MultiPolygon:
        """The geometry as shapely's multipolygon, without heights."""
        geom = self.geom
        if not isinstance(geom, shapely.Geometry):
            geom = shapely.from_wkb(bytes(geom.wkb))
        return multi(geom)


def multi(geom: Any) -> MultiPolygon:
    """Polygons of a geometry as one multipolygon in two dimensions. Raises ProblemError not_polygon."""
    flat = shapely.force_2d(geom)
    if isinstance(flat, Polygon):
        return MultiPolygon([flat])
    if isinstance(flat, MultiPolygon):
        return flat
    raise refused("not_polygon", f"รูปนี้เป็น {geom.geom_type} ไม่ใช่พื้นที่", "วาดหรือส่งออกเป็น Polygon")


def read_geojson(data: bytes | str) -> MultiPolygon:
    """The polygons of a GeoJSON text (RFC 7946), joined. Heights are dropped.

    Raises ProblemError: file_too_large, not_json, not_geojson, other_crs, not_polygon, too_many_points, bad_number,
    unclosed_ring, short_ring, self_crossing.
    """
    if len(data) > MOST_BYTES:
        raise refused("file_too_large", f"ไฟล์ใหญ่กว่า {MOST_BYTES // 1_000_000} MB", "ลดรายละเอียดของรูป แล้วส่งใหม่")
    try:
        document = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise refused("not_json", "ไฟล์นี้ไม่ใช่ JSON", "ส่งออกจากโปรแกรมแผนที่เป็น GeoJSON") from error
    if not isinstance(document, dict):
        raise refused("not_geojson", "ไฟล์นี้ไม่ใช่ GeoJSON", "ส่งออกจากโปรแกรมแผนที่เป็น GeoJSON")
    _check_crs(document)
    rings = [part for geometry in _geometries(document, 0) for part in _polygons(geometry)]
    if not rings:
        raise refused("not_polygon", "ไฟล์นี้ไม่มีพื้นที่ (Polygon)", "วาดพื้นที่ แล้วส่งออกใหม่")
    if sum(len(ring) for polygon in rings for ring in polygon) > MOST_POINTS:
        raise refused("too_many_points", f"รูปมีจุดเกิน {MOST_POINTS:,} จุด", "ลดรายละเอียดของรูป (simplify) แล้วส่งใหม่")
    return multi(shapely.union_all([_polygon(polygon) for polygon in rings]))


def _check_crs(document: dict[str, Any]) -> None:
    """RFC 7946 knows longitude and latitude only; an old file may name them, or something else."""
    crs = document.get("crs")
    if not crs:
        return
    name = str((crs.get("properties") or {}).get("name", "")) if isinstance(crs, dict) else str(crs)
    if not name.upper().endswith(("CRS84", "EPSG::4326", "EPSG:4326")):
        raise refused("other_crs", f"ไฟล์ใช้ระบบพิกัด {name or '?'}", "แปลงเป็นลองจิจูด ละติจูด (EPSG:4326) แล้วส่งใหม่")


def _geometries(node: Any, depth: int) -> Iterator[dict[str, Any]]:
    if not isinstance(node, dict) or depth > 8:
        raise refused("not_geojson", "โครงสร้างของไฟล์ไม่ใช่ GeoJSON", "ส่งออกจากโปรแกรมแผนที่เป็น GeoJSON")
    kind = node.get("type")
    inner = {"FeatureCollection": "features", "GeometryCollection": "geometries"}.get(str(kind))
    if inner:
        for part in _list(node.get(inner)):
            yield from _geometries(part, depth + 1)
    elif kind == "Feature":
        yield from _geometries(node.get("geometry"), depth + 1)
    else:
        yield node


def _polygons(geometry: dict[str, Any]) -> list[list[Any]]:
    kind = geometry.get("type")
    if kind == "Polygon":
        return [_list(geometry.get("coordinates"))]
    if kind == "MultiPolygon":
        return [_list(part) for part in _list(geometry.get("coordinates"))]
    known = ("Point", "MultiPoint", "LineString", "MultiLineString")
    if kind in known:
        raise refused("not_polygon", f"ไฟล์นี้มี {kind} ซึ่งไม่ใช่พื้นที่", "ส่งเฉพาะ Polygon หรือ MultiPolygon")
    raise refused("not_geojson", f"ไม่รู้จักชนิด {str(kind)[:40]}", "ส่งออกจากโปรแกรมแผนที่เป็น GeoJSON")


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise refused("not_geojson", "โครงสร้างของไฟล์ไม่ใช่ GeoJSON", "ส่งออกจากโปรแกรมแผนที่เป็น GeoJSON")
    return value


def _polygon(rings: list[Any]) -> Polygon:
    if not rings:
        raise refused("short_ring", "มีพื้นที่ที่ไม่มีเส้นรอบรูป", "วาดพื้นที่ใหม่")
    lines = [_ring(ring) for ring in rings]
    found = Polygon(lines[0], lines[1:])
    if not found.is_valid:
        raise refused("self_crossing", f"เส้นรอบรูปตัดกันเอง ({_place(found)})", "วาดใหม่โดยไม่ให้เส้นตัดกัน")
    return found


def _ring(positions: Any) -> list[tuple[float, float]]:
    points = [_position(position) for position in _list(positions)]
    if len(points) < 4:
        raise refused("short_ring", f"เส้นรอบรูปมีเพียง {len(points)} จุด", "เส้นรอบรูปต้องมีอย่างน้อย 4 จุด โดยจุดแรกซ้ำกับจุดสุดท้าย")
    if points[0] != points[-1]:
        raise refused("unclosed_ring", "เส้นรอบรูปไม่ปิด: จุดแรกกับจุดสุดท้ายไม่ตรงกัน", "ปิดเส้นให้จุดสุดท้ายตรงกับจุดแรก")
    return points


def _position(position: Any) -> tuple[float, float]:
    pair = _list(position)[:2]
    numbers = [value for value in pair if isinstance(value, int | float) and not isinstance(value, bool)]
    if len(numbers) != 2 or not all(math.isfinite(value) for value in numbers):
        raise refused("bad_number", f"พิกัด {str(position)[:60]} ไม่ใช่ตัวเลขสองตัว", "ส่งออกพิกัดเป็น [ลองจิจูด, ละติจูด]")
    return float(numbers[0]), float(numbers[1])


def check(shape: MultiPolygon, town: Any = None) -> float:
    """Square metres of a footprint that may be used. town: outline as shapely geometry in EPSG:4326, or None.

    Raises ProblemError: bad_number, self_crossing, other_crs, swapped, too_large, elsewhere, zero_area,
    too_many_points.
    """
    points = shapely.get_coordinates(shape)
    if not points.size or not np.isfinite(points).all():
        raise refused("bad_number", "รูปพื้นที่ว่างหรือมีพิกัดที่ไม่ใช่ตัวเลข", "วาดพื้นที่ใหม่")
    if len(points) > MOST_POINTS:
        raise refused("too_many_points", f"รูปมีจุดเกิน {MOST_POINTS:,} จุด", "ลดรายละเอียดของรูป (simplify) แล้วส่งใหม่")
    _check_place(shape, town)
    if not shape.is_valid:
        raise refused("self_crossing", f"เส้นรอบรูปตัดกันเอง ({_place(shape)})", "วาดใหม่โดยไม่ให้เส้นตัดกัน")
    area = area_m2(shape)
    if area < LEAST_M2:
        raise refused("zero_area", "พื้นที่เป็นศูนย์", "วาดพื้นที่ให้มีขนาดตั้งแต่ 1 ตารางเมตร")
    return area


def _check_place(shape: MultiPolygon, town: Any) -> None:
    bounds = shape.bounds
    allowed = around(town.bounds if town is not None else THAILAND, AROUND_KM if town is not None else 0.0)
    if within(bounds, allowed):
        if town is not None and not _near(shape, town):
            raise refused("elsewhere", "พื้นที่นี้อยู่นอกเขตเมือง", "วาดพื้นที่ให้ทับหรืออยู่ติดเขตเมือง")
        return
    if max(map(abs, bounds)) > 180:
        raise refused("other_crs", "พิกัดไม่ใช่ลองจิจูด ละติจูด (ค่าเกิน 180)", "แปลงเป็น EPSG:4326 แล้วส่งใหม่")
    west, south, east, north = bounds
    if within((south, west, north, east), allowed):
        raise refused("swapped", "ละติจูดกับลองจิจูดสลับกัน", "เรียงพิกัดเป็น [ลองจิจูด, ละติจูด] แล้วส่งใหม่")
    if shapely.box(*bounds).intersects(shapely.box(*allowed)):
        raise refused("too_large", f"พื้นที่กว้างเกินเขตเมืองไปกว่า {AROUND_KM:.0f} กิโลเมตร",
                      "วาดเฉพาะส่วนที่กระทบเมือง")  # fmt: skip
    raise refused("elsewhere", "พื้นที่นี้ไม่ได้อยู่ใกล้เมือง", "ตรวจพิกัดและระบบพิกัดของไฟล์")


def _near(shape: MultiPolygon, town: Any) -> bool:
    """Whether it comes nearer than about 500 m to the town."""
    return bool(shape.dwithin(town, 0.005)) if shape.is_valid else True


def around(bounds: Bounds, km: float) -> Bounds:
    """Bounds in degrees, wider by so many kilometres each way."""
    west, south, east, north = bounds
    high = km / 110.6
    wide = km / (111.3 * math.cos(math.radians((south + north) / 2)))
    return west - wide, south - high, east + wide, north + high


def within(inner: Bounds, outer: Bounds) -> bool:
    return inner[0] >= outer[0] and inner[1] >= outer[1] and inner[2] <= outer[2] and inner[3] <= outer[3]


def area_m2(shape: Any) -> float:
    return float(to_metres(shape).area)


def to_metres(shape: Any) -> Any:
    """A geometry in EPSG:4326, in metres of EPSG:32647."""
    return moved(shape, DEGREES, METRES)


def moved(shape: Any, crs: str, to_crs: str) -> Any:
    """A geometry from one reference system in another, always x before y."""
    if crs == to_crs:
        return shape
    transformer = between(crs, to_crs)
    return shapely.transform(shape, lambda points: np.column_stack(transformer.transform(points[:, 0], points[:, 1])))


@cache
def between(crs: str, to_crs: str) -> Transformer:
    return Transformer.from_crs(crs, to_crs, always_xy=True)


def _place(shape: Any) -> str:
    return str(explain_validity(shape))[:120]


def refused(code: str, what: str, fix: str = "") -> ProblemError:
    return ProblemError(Problem(code, what, "footprint", fix))
