"""In which coordinates points are: declared, guessed from the numbers, or fitted against known places."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError
from pyproj.transformer import TransformerGroup
from scipy.spatial import cKDTree

from maehia.intake.reading.book import CrsGuess

Floats = npt.NDArray[np.float64]

THAILAND = (97.0, 5.0, 106.5, 21.0)  # lon, lat, lon, lat
LONLAT = "EPSG:4326"
UTM47, UTM48 = "EPSG:32647", "EPSG:32648"
INDIAN47, INDIAN48 = "EPSG:24047", "EPSG:24048"
INDIAN = {INDIAN47, INDIAN48}
LABELS = {
    LONLAT: "ละติจูด/ลองจิจูด WGS 84",
    UTM47: "เมตร UTM โซน 47 เหนือ WGS 84",
    UTM48: "เมตร UTM โซน 48 เหนือ WGS 84",
    INDIAN47: "เมตร UTM โซน 47 เหนือ Indian 1975 (แผนที่เก่า)",
    INDIAN48: "เมตร UTM โซน 48 เหนือ Indian 1975 (แผนที่เก่า)",
}
GEOJSON_DEFAULT = "OGC:CRS84"


@dataclass(frozen=True, slots=True)
class Choice:
    """One way from the file's coordinates to WGS 84. key: "EPSG:32647" or, of several ways, "EPSG:24047#2"."""

    key: str
    label: str
    operation: str
    accuracy_m: float | None


@dataclass(frozen=True, slots=True)
class Fit:
    """How well a choice lays points onto known ones.

    offset_m: median distance to the nearest; shift_m: median way to it (east, north). Metres.
    """

    choice: Choice
    offset_m: float
    within_30m: float
    shift_m: tuple[float, float]


@lru_cache(maxsize=64)
def choices(code: str) -> tuple[Choice, ...]:
    """The ways PROJ knows from `code` to WGS 84, best first by PROJ's own order; more than one for Indian 1975."""
    group = TransformerGroup(CRS.from_user_input(code), CRS.from_epsg(4326), always_xy=True)
    label = LABELS.get(code, code)
    if code not in INDIAN:
        return (Choice(code, label, group.transformers[0].description, _metres(group.transformers[0].accuracy)),)
    return tuple(
        Choice(
            f"{code}#{index}",
            f"{label} วิธีแปลง {_helmert(way.definition)} (คลาดได้ {way.accuracy:.0f} ม.)",
            way.description,
            _metres(way.accuracy),
        )
        for index, way in enumerate(group.transformers, start=1)
    )


def _metres(accuracy: float | None) -> float | None:
    return accuracy if accuracy is not None and accuracy >= 0 else None


def _helmert(definition: str) -> str:
    if " rx=" in definition:
        return "7 ค่า"
    return "3 ค่า" if "helmert" in definition else "ตรง"


@lru_cache(maxsize=64)
def transformer(key: str) -> Transformer:
    """From the coordinates of a choice key to WGS 84 longitude, latitude. Raises ValueError for an unknown key."""
    code, _, number = key.partition("#")
    try:
        group = TransformerGroup(CRS.from_user_input(code), CRS.from_epsg(4326), always_xy=True)
        return group.transformers[int(number or 1) - 1]
    except (CRSError, IndexError) as error:
        raise ValueError(f"unknown coordinates: {key}") from error


def to_lonlat(key: str, x: Floats, y: Floats) -> tuple[Floats, Floats]:
    if key == LONLAT:
        return x, y
    lon, lat = transformer(key).transform(x, y)
    return np.asarray(lon, float), np.asarray(lat, float)


def candidates_for(x: Floats, y: Floats) -> list[str]:
    """Codes whose coordinates could look like these numbers, likeliest first."""
    good = np.isfinite(x) & np.isfinite(y)
    if not good.any():
        return []
    # Exchanged coordinates count as degrees too: the check of rows says which rows are exchanged.
    if (_in_thailand(x[good], y[good]) | _in_thailand(y[good], x[good])).mean() >= 0.5:
        return [LONLAT]
    mx, my = float(np.median(x[good])), float(np.median(y[good]))
    if 100_000 <= mx <= 900_000 and 500_000 <= my <= 2_400_000:
        return [UTM47, INDIAN47, UTM48, INDIAN48]
    return []


def _in_thailand(lon: Floats, lat: Floats) -> npt.NDArray[np.bool_]:
    west, south, east, north = THAILAND
    return (lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)


def normal_code(declared: str | None) -> str | None:
    """The EPSG code of a declared system; "" when it names one without a code; None when nothing is declared."""
    if not declared:
        return None
    try:
        crs = CRS.from_user_input(declared)
    except CRSError:
        return ""
    if crs.equals(CRS.from_epsg(4326), ignore_axis_order=True):
        return LONLAT
    code = crs.to_epsg(min_confidence=60)
    return f"EPSG:{code}" if code else ""


def guess_crs(declared: str | None, x: Floats, y: Floats) -> CrsGuess:
    """What a layer's coordinates are. Certain only where declaration and numbers agree and one way leads to WGS 84."""
    code = normal_code(declared)
    likely = candidates_for(x, y)
    keys = [choice.key for candidate in likely for choice in choices(candidate)]
    if not len(x):
        return CrsGuess(code or None, [code] if code else [], "ชั้นข้อมูลนี้ไม่มีรูปทรง", bool(code))
    if code in INDIAN:
        ways = [choice.key for choice in choices(code)]
        return CrsGuess(code, ways, "ไฟล์บอกว่าเป็น Indian 1975 ซึ่งมีวิธีแปลงหลายวิธี ต่างกันได้เกือบ 200 เมตร", False)
    if code and (code in likely or (code not in LABELS and not likely)):
        return CrsGuess(code, [code], f"ไฟล์บอกว่าเป็น {LABELS.get(code, code)} และตัวเลขตรงกัน", True)
    if code and code not in LABELS:
        return CrsGuess(code, [code, *keys], f"ไฟล์บอกว่าเป็น {code} แต่ตัวเลขดูเหมือนระบบอื่น", False)
    if likely == [LONLAT] and code is None:
        return CrsGuess(None, [LONLAT], "ไฟล์ไม่บอกระบบพิกัด แต่ตัวเลขเป็นลองจิจูด/ละติจูดของไทย", True)
    if code:
        return CrsGuess(code, keys or [code], f"ไฟล์บอกว่าเป็น {LABELS[code]} แต่ตัวเลขไม่ใช่", False)
    reason = "ไฟล์ไม่บอกระบบพิกัด (ไม่มี .prj) ตัวเลขเป็นเมตร แยกไม่ได้ว่าเป็น WGS 84 หรือ Indian 1975 ต้องเทียบกับข้อมูลที่รู้ตำแหน่ง"
    return CrsGuess(None, keys, reason if keys else "ไฟล์ไม่บอกระบบพิกัด และตัวเลขไม่ตรงกับระบบใดที่ใช้ในไทย", False)


def crs_fit(points: Floats, reference_points: Floats, candidates: Sequence[str]) -> list[Fit]:
    """How each candidate lays the points onto known places, the best first.

    points: (N, 2) in the file's own numbers. reference_points: (M, 2) longitude, latitude of houses, roads or parcels
    already known. candidates: choice keys ("EPSG:24047#2") or codes, which stand for all their ways. Metres.
    """
    flat = _metric(reference_points)
    origin = flat.mean(axis=0)
    tree = cKDTree(flat - origin)
    ways = [way for code in candidates for way in choices(code.partition("#")[0]) if "#" not in code or way.key == code]
    fits = [_fit(way, points, tree, flat, origin) for way in dict.fromkeys(ways)]
    return sorted(fits, key=lambda fit: fit.offset_m)


def _fit(way: Choice, points: Floats, tree: cKDTree, flat: Floats, origin: Floats) -> Fit:
    lon, lat = to_lonlat(way.key, points[:, 0], points[:, 1])
    here = _metric(np.column_stack([lon, lat]))
    here = here[np.isfinite(here).all(axis=1)]
    if not len(here):
        return Fit(way, float("inf"), 0.0, (float("inf"), float("inf")))
    distance, nearest = tree.query(here - origin)
    shift = np.median(flat[nearest] - here, axis=0)
    return Fit(way, float(np.median(distance)), float((distance <= 30).mean()), (float(shift[0]), float(shift[1])))


def _metric(lonlat: Floats) -> Floats:
    x, y = Transformer.from_crs(LONLAT, UTM47, always_xy=True).transform(lonlat[:, 0], lonlat[:, 1])
    return np.column_stack([x, y])
