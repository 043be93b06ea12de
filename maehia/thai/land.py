"""Land on paper: kinds of title documents, survey sheets (ระวาง), tax-map codes (LTAX), ไร่-งาน-ตารางวา."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, lru_cache

from maehia.thai.data import load_yaml
from maehia.thai.text import clean_text

WA_M2 = Decimal(4)
NGAN_M2 = Decimal(400)
RAI_M2 = Decimal(1600)


@dataclass(frozen=True, slots=True)
class DeedKind:
    """A kind of document: `key` for the database, `name` and `short` for people."""

    key: str
    name: str
    short: str


@dataclass(frozen=True, slots=True)
class SurveySheet:
    """ระวาง 5440IV4046: sheet 5440 IV of the 1:50,000 map, column 40, row 46."""

    sheet: str
    quadrant: str
    x: str
    y: str

    def __str__(self) -> str:
        return f"{self.sheet}{self.quadrant}{self.x}{self.y}"


_NOISE = re.compile(r"[\s.()\-/]+")
_LTAX = re.compile(r"0*([0-9]{1,2})([A-Zก-ฮ])0*([0-9]{1,3})(?:/0*([0-9]{1,3}))?")
_ROMAN = str.maketrans({"Ⅰ": "I", "Ⅱ": "II", "Ⅲ": "III", "Ⅳ": "IV"})
_SHEET = re.compile(r"([0-9]{4})\s*(IV|I{1,3})\s*([0-9]{2})\s*([0-9]{2})")
_AREA = re.compile(
    r"([0-9]+)\s*(?:ไร่|-)\s*([0-9]+)\s*(?:งาน|-)\s*([0-9]+(?:\.[0-9]+)?)\s*(?:(?:ตารางวา|ตร\.?\s?ว\.?|วา))?"
)


@cache
def _deed_kinds() -> dict[str, DeedKind]:
    rows = load_yaml("land.yaml")["deed_kinds"]
    kinds = {row["key"]: DeedKind(row["key"], row["name"], row["short"]) for row in rows}
    spelled = {_NOISE.sub("", also): kinds[row["key"]] for row in rows for also in (*row["also"], row["short"])}
    return kinds | spelled


@lru_cache(maxsize=1 << 12)
def parse_deed_kind(text: str | None) -> DeedKind | None:
    """The kind of document from any way to write it (โฉนด, น.ส.4จ, นส.3 ก., สปก.4-01) or its key."""
    return _deed_kinds().get(_NOISE.sub("", clean_text(text)))


def normalize_ltax(text: str | None, thai_blocks: Mapping[str, str] | None = None) -> str | None:
    """A lot of the tax map: zone 2 digits, block letter, lot 3 digits, split /n: 1a1 -> 01A001; else None.

    thai_blocks: the town's own map from old Thai block letters to Latin ones; without it they are refused.
    """
    cleaned = clean_text(text).upper().replace(" ", "").replace("-", "")
    found = _LTAX.fullmatch(cleaned)
    if not found:
        return None
    zone, block, lot, split = found.groups()
    block = block if block.isascii() else (thai_blocks or {}).get(block, "")
    if not block or not int(lot) or (split is not None and not int(split)):
        return None
    return f"{int(zone):02d}{block}{int(lot):03d}" + (f"/{int(split)}" if split else "")


def parse_survey_sheet(text: str | None) -> SurveySheet | None:
    """ระวาง in its parts, or None: 5440 IV 4046, ระวาง 5440IV4046."""
    cleaned = clean_text(text).upper().translate(_ROMAN).removeprefix("ระวาง").strip().replace("-", " ")
    found = _SHEET.fullmatch(cleaned)
    return SurveySheet(*found.groups()) if found else None


def land_area_m2(rai: Decimal | int, ngan: Decimal | int = 0, wa: Decimal | int = 0) -> Decimal:
    """Square metres of ไร่-งาน-ตารางวา (1 ไร่ = 4 งาน = 400 ตารางวา = 1,600 m²)."""
    return RAI_M2 * rai + NGAN_M2 * ngan + WA_M2 * wa


def parse_land_area(text: str | None) -> Decimal | None:
    """Square metres of `2-1-50` or `2 ไร่ 1 งาน 50 ตารางวา`; None when it is not all three."""
    found = _AREA.fullmatch(clean_text(text).replace(",", ""))
    return land_area_m2(int(found[1]), int(found[2]), Decimal(found[3])) if found else None


def format_land_area(square_metres: Decimal) -> str:
    """2 ไร่ 1 งาน 50 ตารางวา; ตารางวา to two decimals when there are any."""
    rai, rest = divmod(square_metres, RAI_M2)
    ngan, rest = divmod(rest, NGAN_M2)
    wa = f"{rest / WA_M2:.2f}".removesuffix(".00")
    return f"{rai:.0f} ไร่ {ngan:.0f} งาน {wa} ตารางวา"
