"""Slips of the hand and the eye in Thai text: one slip per call, the text unchanged if none fits."""

import random
from collections.abc import Callable

from bench.second.words import words

_PLAIN = ("ๅ/-ภถุึคตจขช", "ๆไำพะัีรนยบลฃ", "ฟหกดเ้่าสวง", "ผปแอิืทมใฝ")
_SHIFT = ("+๑๒๓๔ู฿๕๖๗๘๙", '๐"ฎฑธํ๊ณฯญฐ,ฅ', "ฤฆฏโฌ็๋ษศซ.", "()ฉฮฺ์?ฒฬฦ")
_TONES = "่้๊๋"
_ABOVE_BELOW = "ิีึืุูั็"
_LEADING = "เแโใไ"
_CONSONANTS = "".join(chr(c) for c in range(0x0E01, 0x0E2F))
_SAME_SOUND = words("ศษส นณ รล ทธฑฒ พภ ฐถ ญย ฏต ฎด ขคฆ ชฌ ผพ ฬล")  # letters that are read alike
_VOWEL_PAIRS = ("ิี", "ึื", "ุู", "ะา", "ใไ", "ัา", "แเ")
_LOOK_ALIKE = words("คด ดต ถภ ภก ผฝ พฟ ผพ ชซ ขช บป มน ฎฏ รธ อฮ ลส วา งว นบ ้ั ิี ืึ ัิ")


def _groups(groups: list[str] | tuple[str, ...]) -> dict[str, str]:
    table: dict[str, str] = {}
    for group in groups:
        for letter in group:
            table[letter] = table.get(letter, "") + group.replace(letter, "")
    return table


def _is_thai_letter(sign: str) -> bool:
    return "ก" <= sign <= "๎" and sign not in "ฯฺ฿ๆ"


def _neighbours() -> dict[str, str]:
    """Keys beside, above and below on the Kedmanee layout, and the same key with shift."""
    table: dict[str, str] = {}
    for rows, other in ((_PLAIN, _SHIFT), (_SHIFT, _PLAIN)):
        for y, row in enumerate(rows):
            for x, sign in enumerate(row):
                near = {row[i] for i in (x - 1, x + 1) if 0 <= i < len(row)}
                near |= {rows[j][x] for j in (y - 1, y + 1) if 0 <= j < 4 and x < len(rows[j])}
                near |= {other[y][x]} if x < len(other[y]) else set()
                table[sign] = "".join(sorted(s for s in near if _is_thai_letter(s)))
    return {s: n for s, n in table.items() if n and _is_thai_letter(s)}


KEDMANEE = _neighbours()
_SOUNDS, _VOWELS, _LOOKS = _groups(_SAME_SOUND), _groups(_VOWEL_PAIRS), _groups(_LOOK_ALIKE)


def _swap_one(text: str, table: dict[str, str], dice: random.Random) -> str:
    places = [i for i, sign in enumerate(text) if sign in table]
    if not places:
        return text
    i = dice.choice(places)
    return text[:i] + dice.choice(table[text[i]]) + text[i + 1 :]


def wrong_key(text: str, dice: random.Random) -> str:
    """A neighbouring key, or the right key with the wrong shift."""
    return _swap_one(text, KEDMANEE, dice)


def tone(text: str, dice: random.Random) -> str:
    """A tone mark lost, exchanged, doubled, or typed before the upper vowel."""
    places = [i for i, sign in enumerate(text) if sign in _TONES]
    if not places:
        return text
    i, luck = dice.choice(places), dice.random()
    if luck < 0.5:
        return text[:i] + text[i + 1 :]
    if luck < 0.8:
        return text[:i] + dice.choice([t for t in _TONES if t != text[i]]) + text[i + 1 :]
    if i and text[i - 1] in _ABOVE_BELOW:
        return text[: i - 1] + text[i] + text[i - 1] + text[i + 1 :]
    return text[:i] + text[i] + text[i:]


def sound(text: str, dice: random.Random) -> str:
    """Another letter of the same sound (ศ/ษ/ส, ณ/น, ร/ล ...), รร for ั or ทร for ซ."""
    if "รร" in text and dice.random() < 0.6:
        return text.replace("รร", "ั" if dice.random() < 0.7 else "ร", 1)
    if "ทร" in text and dice.random() < 0.3:
        return text.replace("ทร", "ซ", 1)
    return _swap_one(text, _SOUNDS, dice)


def silent(text: str, dice: random.Random) -> str:
    """The silenced letter (การันต์) left out, or only its mark."""
    i = text.find("์")
    if i < 0:
        return text
    if dice.random() < 0.3:
        return text[:i] + text[i + 1 :]
    start = i - 2 if i >= 2 and text[i - 1] in "ิุ" else i - 1
    return text[: max(start, 0)] + text[i + 1 :]


def vowel(text: str, dice: random.Random) -> str:
    """Short for long, ใ for ไ, เ for แ, a lost ็ or ะ."""
    for mark in "็ะ":
        if mark in text and dice.random() < 0.4:
            return text.replace(mark, "", 1)
    if "ำ" in text and dice.random() < 0.3:
        return text.replace("ำ", "ัม", 1)
    return _swap_one(text, _VOWELS, dice)


def look(text: str, dice: random.Random) -> str:
    """A letter misread by a scanner, or a mark above that it did not see."""
    marks = [i for i, sign in enumerate(text) if sign in _TONES + _ABOVE_BELOW]
    if marks and dice.random() < 0.3:
        i = dice.choice(marks)
        return text[:i] + text[i + 1 :]
    return _swap_one(text, _LOOKS, dice)


def turn(text: str, dice: random.Random) -> str:
    """Two signs typed in the wrong order."""
    places = [i for i in range(len(text) - 1) if text[i] != text[i + 1]]
    if not places:
        return text
    i = dice.choice(places)
    return text[:i] + text[i + 1] + text[i] + text[i + 2 :]


def lose_or_double(text: str, dice: random.Random) -> str:
    """A letter lost or typed twice."""
    if len(text) < 3:
        return text
    i = dice.randrange(len(text))
    return text[:i] + text[i + 1 :] if dice.random() < 0.65 else text[:i] + text[i] + text[i:]


SLIPS: dict[str, tuple[Callable[[str, random.Random], str], float]] = {
    "wrong_key": (wrong_key, 0.20),
    "tone": (tone, 0.16),
    "sound": (sound, 0.22),
    "silent": (silent, 0.14),
    "vowel": (vowel, 0.12),
    "look": (look, 0.06),
    "turn": (turn, 0.04),
    "lose_or_double": (lose_or_double, 0.06),
}
"""Slip and its share among name slips."""


def digit_slip(digits: str, dice: random.Random) -> str:
    """A digit mistyped, two exchanged, one lost or one too many."""
    places = [i for i, sign in enumerate(digits) if sign.isdigit()]
    if not places:
        return digits
    i, luck = dice.choice(places), dice.random()
    if luck < 0.6:
        wrong = dice.choice([d for d in "0123456789" if d != digits[i]])
        return digits[:i] + wrong + digits[i + 1 :]
    if luck < 0.85 and i + 1 < len(digits) and digits[i + 1].isdigit():
        return digits[:i] + digits[i + 1] + digits[i] + digits[i + 2 :]
    return digits[:i] + digits[i + 1 :] if luck < 0.95 else digits[:i] + digits[i] + digits[i:]
