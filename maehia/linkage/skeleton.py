"""The bones of a name in any script: its consonants in nine classes, so that โนวัค meets NOVAK.

Coarse on purpose: used only where one record writes a name in Thai letters and the other in Latin ones.
"""

from __future__ import annotations

import re
import unicodedata

_CLASSES = {
    "K": "กขฃคฅฆ", "C": "จฉชฌ", "S": "ซศษส", "T": "ดตถทธฎฏฐฑฒ", "N": "นณญง", "P": "บปผพภ", "F": "ฝฟ",
    "M": "ม", "L": "รลฬฤฦ", "W": "ว",
}  # fmt: skip
_THAI = {ord(letter): code for code, letters in _CLASSES.items() for letter in letters}
_KILLED = re.compile("[ก-ฮ][ิุ]?์")
_NOT_CLASS = re.compile("[^KCSTNPFMLW]")
_LATIN_PAIRS = [("SCH", "C"), ("TCH", "C"), ("CH", "C"), ("SH", "C"), ("TH", "T"), ("PH", "P"), ("KH", "K"),
                ("CK", "K"), ("NG", "N"), ("GN", "N"), ("X", "KS")]  # fmt: skip
_SOFT_C = re.compile("C(?=[EIY])")
# An r that no vowel follows is not spoken: คูเปอร์ = COOPER.
_MUTE_R = re.compile("R(?![AEIOUYR])")
_LATIN = str.maketrans("JZDBGQVR", "CSTPKKWL")
_RUNS = re.compile(r"(.)\1+")


def skeleton(name: str) -> str:
    """Consonant classes of a Thai or Latin name, "" when nothing is left."""
    if any("ก" <= ch <= "ฮ" for ch in name):
        coded = _KILLED.sub("", name).translate(_THAI)
    else:
        coded = _latin(unicodedata.normalize("NFKD", name).upper())
    return _RUNS.sub(r"\1", _NOT_CLASS.sub("", coded))


def _latin(name: str) -> str:
    letters = "".join(ch for ch in name if "A" <= ch <= "Z")
    letters = _MUTE_R.sub("", letters)
    for pair, code in _LATIN_PAIRS:
        letters = letters.replace(pair, {"C": "J"}.get(code, code))
    return _SOFT_C.sub("S", letters).replace("C", "K").translate(_LATIN)
