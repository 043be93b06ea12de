"""Codes of houses and places. Only their shape is checked: offices and tambons change with the years."""

from __future__ import annotations

import re
from functools import lru_cache

from maehia.thai.text import to_arabic

_HOUSE_SEPARATORS = re.compile(r"[\s\-\u2010-\u2015.'_]+")
_ELEVEN = re.compile(r"[1-9][0-9]{10}")
_PLACE = re.compile(r"[1-9][0-9](?:[0-9]{2}){0,3}")
_LEVELS = {2: "province", 4: "district", 6: "tambon", 8: "moo"}


@lru_cache(maxsize=1 << 16)
def normalize_house_code(text: str | None) -> str | None:
    """เลขรหัสประจำบ้าน as eleven digits: office 4 (never 0 first), running 6, last 1; otherwise None.

    No public rule for the last digit was found, and the office may be an old one: only length and office
    are looked at. All eleven alike is a filler, not a code.
    """
    if not text:
        return None
    digits = _HOUSE_SEPARATORS.sub("", to_arabic(text).strip().removesuffix(".0"))
    return digits if _ELEVEN.fullmatch(digits) and len(set(digits)) > 1 else None


def format_house_code(text: str | None) -> str:
    """5001-012345-6; any other text comes back as it is."""
    code = normalize_house_code(text)
    return f"{code[:4]}-{code[4:10]}-{code[10]}" if code else text or ""


def house_office(text: str | None) -> str | None:
    """The four digits of the registration office that gave the code; may be an office of former years."""
    code = normalize_house_code(text)
    return code[:4] if code else None


def place_level(text: str | None) -> str | None:
    """ "province", "district", "tambon" or "moo" for 2, 4, 6 or 8 digits; None for anything else."""
    digits = to_arabic(text or "").strip()
    return _LEVELS[len(digits)] if _PLACE.fullmatch(digits) else None


def is_place_code(text: str | None) -> bool:
    """Whether it has the shape of a place code. Which codes exist, and when, is data of the register."""
    return place_level(text) is not None


def moo_code(tambon: str, moo: int) -> str:
    """Eight digits for a village: tambon code and moo 1-99. Raises ValueError for anything else."""
    if place_level(tambon) != "tambon" or not 1 <= moo <= 99:
        raise ValueError(f"not a tambon code and a moo: {tambon!r}, {moo!r}")
    return f"{to_arabic(tambon).strip()}{moo:02d}"
