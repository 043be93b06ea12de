"""Fold names 1:1 to single bytes, so that DuckDB, which compares text by bytes, compares letters.

A Thai letter is three bytes in UTF-8 and two different letters share two of them: without the fold
jaro_winkler('ก', 'ข') is 0.82 in DuckDB instead of 0 (duckdb#25113).
"""

from __future__ import annotations

import unicodedata

# Letters of foreign names, digits and the separators keep their place; everything else is free for Thai.
_KEPT = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 -.'/&"
_FREE = [chr(code) for code in range(1, 128) if chr(code) not in _KEPT]
_THAI = [chr(code) for code in (*range(0x0E01, 0x0E3B), *range(0x0E40, 0x0E4F))]
UNKNOWN = _FREE[len(_THAI)]
_BACK = {ord(byte): letter for letter, byte in zip(_THAI, _FREE, strict=False)}


class _Table(dict[int, str]):
    """Thai and kept letters by table; a letter seen first is worked out once."""

    def __missing__(self, code: int) -> str:
        plain = unicodedata.normalize("NFKD", chr(code))[0].upper()
        self[code] = plain if plain in _KEPT else UNKNOWN
        return self[code]


_TABLE = _Table({ord(letter): byte for letter, byte in zip(_THAI, _FREE, strict=False)})


def fold(text: str) -> str:
    """One byte for each character: Thai letters by a fixed table, Latin as capitals without accents."""
    return unicodedata.normalize("NFC", text).translate(_TABLE)


def unfold(text: str) -> str:
    """The Thai letters behind a folded text; what was not Thai stays as folded."""
    return text.translate(_BACK)
