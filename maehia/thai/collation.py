"""Thai dictionary order in Python, for lists that are sorted outside the database (there: COLLATE "th-x-icu")."""

from __future__ import annotations

import re
from functools import lru_cache

from maehia.thai.text import clean_text

# A leading vowel is written before its consonant and sorted after it.
_LEADING = re.compile("([เ-ไ])([ก-ฮ])")
# These marks decide only between words that are otherwise equal, in this order.
_LIGHT_ORDER = "๎์็่้๊๋"
_LIGHT = re.compile(f"[{_LIGHT_ORDER}]")
_HEAVY = re.compile(f"[^{_LIGHT_ORDER}]")
_LIGHT_RANK = {ord(mark): chr(rank) for rank, mark in enumerate(_LIGHT_ORDER, start=1)}
_IGNORED = re.compile(r"[\sฯๆ.\-'\"()/,]+")
# Put before a letter that is not Thai, so that it comes after all Thai letters.
_AFTER_THAI = "\u0e7f"


@lru_cache(maxsize=1 << 16)
def collation_key(text: str | None) -> tuple[str, str, str]:
    """A sort key: digits, Thai, then other letters; marks count only between words equal without them."""
    cleaned = clean_text(text)
    ordered = _LEADING.sub(r"\2\1", _IGNORED.sub("", cleaned).casefold())
    primary = "".join(_weight(character) for character in _LIGHT.sub("", ordered))
    marks = _HEAVY.sub("\0", ordered).translate(_LIGHT_RANK)
    return primary, marks, cleaned.swapcase()


def _weight(character: str) -> str:
    if character == "ํ":
        return "ฯ"  # between the consonants and ะ
    return _AFTER_THAI + character if character.isalpha() and not "ก" <= character <= "๛" else character
