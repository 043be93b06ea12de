"""Slips of the thumb: what Thai text looks like when it was typed on a phone in a hurry."""

from __future__ import annotations

import re
from collections.abc import Callable

from .dice import Dice

# Rows of the Kedmanee keyboard as phones show them: the key beside is the key that is hit.
_ROWS = ("ๅภถุึคตจขช", "ๆไำพะัีรนยบล", "ฟหกดเ้่าสวง", "ผปแอิืทมใฝ")
_BESIDE = {
    key: [row[i] for i in (place - 1, place + 1) if 0 <= i < len(row)] for row in _ROWS for place, key in enumerate(row)
}
_TONES = re.compile("[่้๊๋์]")
_LONG = re.compile(r"(มาก|นาน|เลย|ด้วย|แล้ว|ดัง|เหม็น)")
_SPELLED = (
    ("ใ", "ไ"), ("ไ", "ใ"), ("ครับ", "คับ"), ("ค่ะ", "คะ"), ("นะคะ", "น่ะค่ะ"), ("ถนน", "ถนร"), ("หน่อย", "หนอย"),
    ("เทศบาล", "เทสบาล"), ("แล้ว", "แร้ว"), ("รบกวน", "ลบกวน"), ("ร", "ล"), ("ทร", "ซ"), ("ญ", "ย"), ("ณ", "น"),
    ("เยอะ", "เยอะะ"), ("อะไร", "อาไร"), ("ทำไม", "ทามไม"), ("เขา", "เค้า"), ("ไหม", "มั้ย"), ("ไหม", "ป่าว"),
)  # fmt: skip


def _drop_tone(text: str, dice: Dice) -> str:
    marks = list(_TONES.finditer(text))
    if not marks:
        return text
    at = dice.pick(marks).start()
    return text[:at] + text[at + 1 :]


def _drop_all_tones(text: str, dice: Dice) -> str:
    return _TONES.sub("", text) if dice.chance(0.5) else _drop_tone(text, dice)


def _hit_beside(text: str, dice: Dice) -> str:
    at = dice.below(len(text))
    near = _BESIDE.get(text[at])
    return text[:at] + dice.pick(near) + text[at + 1 :] if near else text


def _drop_one(text: str, dice: Dice) -> str:
    at = dice.below(len(text))
    return text[:at] + text[at + 1 :] if len(text) > 8 else text


def _twice(text: str, dice: Dice) -> str:
    at = dice.below(len(text))
    return text[:at] + text[at] + text[at:]


def _spelled(text: str, dice: Dice) -> str:
    right, wrong = dice.pick(_SPELLED)
    return text.replace(right, wrong, 1)


def _no_spaces(text: str, dice: Dice) -> str:
    return text.replace(" ", "")


def _drawn_out(text: str, dice: Dice) -> str:
    return _LONG.sub(lambda found: found[0] + found[0][-1] * dice.between(2, 5), text, count=1)


_SLIPS: tuple[Callable[[str, Dice], str], ...] = (
    _drop_tone, _drop_tone, _drop_all_tones, _hit_beside, _hit_beside, _drop_one, _twice, _spelled, _spelled,
    _no_spaces, _no_spaces, _drawn_out,
)  # fmt: skip


def slip(text: str, dice: Dice) -> str:
    """The text with one to three slips; never empty when the text is not."""
    for _ in range(dice.between(1, 3)):
        text = dice.pick(_SLIPS)(text, dice) or text
    return text
