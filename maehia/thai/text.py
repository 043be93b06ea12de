"""Thai text as it should have been typed: digits, order of marks, invisible characters."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

CONSONANTS = "ก-ฮ"
LEADING_VOWELS = "เ-ไ"

_ARABIC = "0123456789"
_THAI = "๐๑๒๓๔๕๖๗๘๙"
_TO_ARABIC = str.maketrans(_THAI + "０１２３４５６７８９", _ARABIC * 2)
_TO_THAI = str.maketrans(_ARABIC, _THAI)

# Zero-width and direction marks, soft hyphen, byte-order mark and control characters carry nothing.
_INVISIBLE = [0xAD, 0xFEFF, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2065)]
_CONTROL = [c for c in (*range(0x20), *range(0x7F, 0xA0)) if not chr(c).isspace()]
_CLEAN: dict[int, str | None] = {**_TO_ARABIC, **dict.fromkeys(_INVISIBLE + _CONTROL)}  # type: ignore[dict-item]

# Marks in the order in which they are stored after their consonant: below, above, tone, silencer.
_MARKS = "ฺุูัิีึื็่้๊๋์ํ๎"
_RANK = {mark: rank for rank, mark in enumerate(_MARKS + "ำ")}
_SPLIT_AM = re.compile(f"ํ([{_MARKS}]*)า")
_RUN = re.compile(f"[{_MARKS}ำ]{{2,}}")
_DIRTY = re.compile("[" + re.escape("".join(map(chr, _CLEAN))) + "]")


def to_arabic(text: str) -> str:
    """Thai (and full-width) digits as 0-9; every other character stays."""
    return text if text.isascii() else text.translate(_TO_ARABIC)


def to_thai(text: str) -> str:
    """0-9 as ๐-๙, for official letters only."""
    return text.translate(_TO_THAI)


@lru_cache(maxsize=4096)
def _order_marks(run: str) -> str:
    marks = set(run)
    if "ำ" in marks:
        marks.discard("ํ")
    return "".join(sorted(marks, key=_RANK.__getitem__))


def _ordered(match: re.Match[str]) -> str:
    return _order_marks(match.group())


@lru_cache(maxsize=1 << 16)
def clean_text(text: str | None) -> str:
    """The text in one canonical form; cleaning twice changes nothing.

    NFC; invisible characters dropped; ๐-๙ -> 0-9; ํ + า -> ำ; เเ -> แ; marks of one consonant in storage
    order and not repeated (tone before upper vowel is swapped); white space collapsed. None gives "".
    """
    if not text:
        return ""
    if not text.isascii() or not text.isprintable():
        if _DIRTY.search(text):
            text = text.translate(_CLEAN)
        text = unicodedata.normalize("NFC", text).replace("เเ", "แ")
        if "ํ" in text:
            text = _SPLIT_AM.sub(r"\1ำ", text)
        text = _RUN.sub(_ordered, text)
    return " ".join(text.split())
