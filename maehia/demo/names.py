"""Thai names put together from common parts. No list of real persons stands behind them."""

from __future__ import annotations

import json
from itertools import product
from pathlib import Path

from .dice import Dice, fading

_DATA: dict[str, str] = json.loads((Path(__file__).parent / "data" / "names.json").read_text(encoding="utf-8"))


def _words(key: str) -> list[str]:
    return _DATA[key].split(" ")


# Given names by generation: parts that are in everyday use, joined by chance.
_OLD_MEN = _words("old_men")
_OLD_WOMEN = _words("old_women")
_MALE_HEADS = _words("male_heads")
_MALE_TAILS = _words("male_tails")
_FEMALE_HEADS = _words("female_heads")
_FEMALE_TAILS = _words("female_tails")
_MIDDLE_MEN = _words("middle_men")
_MIDDLE_WOMEN = _words("middle_women")
_NEW_MEN = _words("new_men")
_NEW_WOMEN = _words("new_women")

# Surnames: head + heart + tail, 57,000 of them; the order of the parts is the rank in use.
_LAST_HEADS = _words("last_heads")
_LAST_HEARTS = _words("last_hearts")
_LAST_TAILS = _words("last_tails")

_SHAN_FIRST = {sex: _words(f"shan_{sex}") for sex in "MF"}
_WESTERN_FIRST = {sex: _words(f"western_{sex}") for sex in "MF"}
_WESTERN_LAST = _words("western_last")
CLERIC_NAMES = _words("cleric_names")


def _joined(heads: list[str], tails: list[str]) -> list[str]:
    return [h + t for h, t in product(heads, tails) if h != t and not (h.endswith("์") and len(h + t) > 11)]


_FIRST = {
    ("M", "old"): fading(_OLD_MEN),
    ("F", "old"): fading(_OLD_WOMEN),
    ("M", "middle"): fading(_MIDDLE_MEN + _OLD_MEN[20:50]),
    ("F", "middle"): fading(_MIDDLE_WOMEN + _OLD_WOMEN[30:60]),
    ("M", "young"): fading(_joined(_MALE_HEADS, _MALE_TAILS), 0.45),
    ("F", "young"): fading(_joined(_FEMALE_HEADS, _FEMALE_TAILS), 0.45),
    ("M", "new"): fading(_NEW_MEN + _joined(_MALE_TAILS, _MALE_HEADS)[:250], 0.45),
    ("F", "new"): fading(_NEW_WOMEN + _joined(_FEMALE_HEADS[::-1], _FEMALE_TAILS)[:400], 0.45),
}


def generation(birth_year: int) -> str:
    if birth_year < 1955:
        return "old"
    if birth_year < 1985:
        return "middle"
    return "young" if birth_year < 2012 else "new"


def first_name(dice: Dice, sex: str, birth_year: int) -> str:
    age_group = generation(birth_year)
    if age_group == "middle" and dice.chance(0.2):
        age_group = "young"
    return str(_FIRST[sex, age_group].pick(dice))


def alike_name(dice: Dice, sex: str, birth_year: int, model: str) -> str:
    """A name that begins like a brother's or sister's: Thai parents like that, linkers do not."""
    best = first_name(dice, sex, birth_year)
    for _ in range(6):
        if best != model and best[:2] == model[:2]:
            return best
        best = first_name(dice, sex, birth_year)
    return best


def last_name(dice: Dice) -> str:
    r = dice.random
    head = _LAST_HEADS[int(r() ** 1.3 * len(_LAST_HEADS))]
    heart = _LAST_HEARTS[int(r() * len(_LAST_HEARTS))]
    tail = _LAST_TAILS[int(r() * len(_LAST_TAILS))]
    if heart == head or (not tail and len(head + heart) < 5):
        return last_name(dice)
    return head + heart + ("" if tail == heart else tail)


def shan_name(dice: Dice, sex: str) -> tuple[str, str]:
    """Names of people from across the border: mostly one word, sometimes with a second one."""
    first = dice.pick(_SHAN_FIRST[sex])
    if dice.chance(0.35):
        first += dice.pick(_words("shan_second"))
    return first, dice.pick(_words("shan_last")) if dice.chance(0.12) else ""


def western_name(dice: Dice, sex: str) -> tuple[str, str]:
    return dice.pick(_WESTERN_FIRST[sex]), dice.pick(_WESTERN_LAST)
