"""How a name sounds: udom83 for Thai (W. Udompanich, Chulalongkorn University, 1983), Soundex for Latin.

Names that sound alike share a key; so do สมชาย and สมชัย: a sound match is evidence, never proof.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from maehia.thai.text import clean_text

_LENGTH = 7
_C = "ก-รลว-ฮ"
_RO_HAN_A = re.compile(f"รร(?=[{_C}][{_C}เ-ไ])")  # ธรรมดา: the pair is only a vowel
_AI_YO = re.compile(f"ไ(?=[{_C}]ย)")  # ไทย: the ย is written already
_AI = re.compile(f"[ไใ]([{_C}])")
_AM_MO = re.compile("ำม(?![ะ-ู])")
_SILENT = re.compile(f"(?:จน|มณ|ณฑ|ทร|ตร|[{_C}][ะ-ู]?)์")
_MARKS = re.compile("[ะ-์]+")
_NOT_THAI = re.compile("[^ก-์]+")


def _table(groups: dict[str, str]) -> dict[int, str]:
    return {ord(letter): code for code, letters in groups.items() for letter in letters}


_FIRST = _table(
    {"ข": "ฃคฅฆ", "ช": "ฉฌ", "ส": "ซศษ", "ด": "ฎ", "ต": "ฏ", "ท": "ฐฑฒถธ", "น": "ณ", "พ": "ผภ", "ฟ": "ฝ"}
    | {"ย": "ญ", "ร": "ลฬฤฦ", "ฮ": "ห"}
)
# ฬ is coded with ล; the published table leaves it out.
_REST = _table(
    {"0": "มว", "1": "กขฃคฅฆ", "2": "งย", "3": "ญณน", "4": "ฎฏดตศษส", "5": "บปพภ", "6": "ผฝฟหอฮ"}
    | {"7": "จฉชซฌ", "8": "ฐฑฒถทธ", "9": "รฤลฦฬ"}
)
_SOUNDEX = _table({"1": "BFPV", "2": "CGJKQSXZ", "3": "DT", "4": "L", "5": "MN", "6": "R", "0": "AEIOUY"})
_RUNS = re.compile(r"(.)\1+")


@lru_cache(maxsize=1 << 17)
def sound_key(text: str | None) -> str:
    """Seven characters for a Thai or Latin name, "" when there is no letter in it.

    The Thai letters decide when there are any; spaces, digits and signs do not count.
    """
    cleaned = clean_text(text)
    if cleaned.isascii():
        return _latin_key(cleaned)
    return _thai_key(_NOT_THAI.sub("", cleaned)) or _latin_key(cleaned)


def _thai_key(text: str) -> str:
    if "รร" in text:
        text = _RO_HAN_A.sub("", text).replace("รร", "ัน")
    if "ไ" in text or "ใ" in text:
        text = _AI.sub(r"\1ย", _AI_YO.sub("", text))
    if "ำ" in text:
        text = _AM_MO.sub("ม", text).replace("ำ", "ม")
    if "์" in text:
        text = _SILENT.sub("", text)
    letters = _MARKS.sub("", text)
    if not letters:
        return ""
    return (letters[0].translate(_FIRST) + letters[1:].translate(_REST))[:_LENGTH].ljust(_LENGTH, "0")


def _latin_key(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).upper()
    letters = "".join(c for c in plain if "A" <= c <= "Z")
    if not letters:
        return ""
    codes = _RUNS.sub(r"\1", letters.replace("H", "").replace("W", "").translate(_SOUNDEX))
    first = letters[0]
    rest = codes if first in "HW" else codes[1:]
    return (first + rest.replace("0", ""))[:_LENGTH].ljust(_LENGTH, "0")
