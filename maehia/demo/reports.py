"""Reports as people of the invented town write them: phrasings per category, places, manners, slips of the thumb.

Nobody wrote these texts: they train the suggestion of a category and fill the demo. A row knows its phrasing, so that
a model can be tested on phrasings it has never seen. The hard sentences were written one by one, by no phrasing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from .dice import Dice
from .slips import slip

_DATA = Path(__file__).parent / "data"
_CHOICE = re.compile(r"\[([^\[\]]*)\]")
_SLOT = re.compile(r"\{(\w+)\}")
# How often a text has it: words that say nothing of the matter, a second matter, slips of the thumb.
_OPEN, _ASK, _END, _SECOND, _SLIPS = 0.3, 0.4, 0.45, 0.08, 0.6
_SECONDS = (" แล้วก็ ", " อีกเรื่อง ", " และ", " ส่วน", " แถม", " กับอีกอย่าง ")


@dataclass(frozen=True, slots=True)
class Phrasing:
    """One way to say it. pattern: [a|b] draws one of its parts, {slot} draws from the common words."""

    category: str
    number: int
    pattern: str

    @property
    def key(self) -> str:
        return f"{self.category}-{self.number}"


@dataclass(frozen=True, slots=True)
class Report:
    """An invented text, its category, and the key of the phrasing that it came from."""

    text: str
    category: str
    phrasing: str


def _read(name: str) -> dict[str, Any]:
    return dict(yaml.safe_load((_DATA / name).read_text(encoding="utf-8")))


def _lines(part: dict[str, str]) -> dict[str, tuple[str, ...]]:
    return {key: tuple(text.splitlines()) for key, text in part.items()}


@cache
def common_words() -> Mapping[str, tuple[str, ...]]:
    """Words of place, time and manner, by slot."""
    return _lines(_read("reports.yaml")["common"])


@cache
def phrasings() -> tuple[Phrasing, ...]:
    """All phrasings, in the order of the file."""
    say = _lines(_read("reports.yaml")["say"])
    return tuple(Phrasing(key, n, line) for key, lines in say.items() for n, line in enumerate(lines))


def categories() -> tuple[str, ...]:
    return tuple(dict.fromkeys(phrasing.category for phrasing in phrasings()))


def hard_sentences() -> tuple[Report, ...]:
    """Sentences written one by one; `phrasing` is "hard-" and the place in the category's list."""
    return _sentences("hard")


def fresh_sentences() -> tuple[Report, ...]:
    """Like the hard ones, but written after phrasings and words were fixed, for one measurement only."""
    return _sentences("fresh")


def _sentences(kind: str) -> tuple[Report, ...]:
    listed = {key: lines for key, lines in _read(f"reports_{kind}.yaml").items() if isinstance(lines, list)}
    return tuple(Report(str(text), key, f"{kind}-{n}") for key, lines in listed.items() for n, text in enumerate(lines))


def say(pattern: str, dice: Dice) -> str:
    """One text of a pattern, without manners and slips."""
    text = _CHOICE.sub(lambda found: dice.pick(found[1].split("|")), pattern)
    for _ in range(2):  # a common word may hold a number
        text = _SLOT.sub(lambda found: _common(found[1], dice), text)
    return " ".join(text.split())


def _common(slot: str, dice: Dice) -> str:
    if slot == "n":
        return str(dice.between(2, 12))
    if slot == "no":
        return f"{dice.between(1, 240)}/{dice.between(1, 30)}"
    # People leave out where and since when: the pin and the hour of sending say it.
    return "" if dice.chance(0.3) else dice.pick(common_words()[slot])


def with_manners(text: str, dice: Dice) -> str:
    """The text with a greeting, a plea and an ending, as chance has it."""
    words = common_words()
    parts = [
        say(dice.pick(words["open"]), dice) if dice.chance(_OPEN) else "",
        text,
        dice.pick(words["ask"]) if dice.chance(_ASK) else "",
    ]
    whole = ("" if dice.chance(0.35) else " ").join(part for part in parts if part)
    return whole + (dice.pick(words["end"]) if dice.chance(_END) else "")


def write(phrasing: Phrasing, dice: Dice) -> str:
    """One text as it arrives."""
    text = say(phrasing.pattern, dice)
    if dice.chance(_SECOND):
        text += dice.pick(_SECONDS) + say(dice.pick(phrasings()).pattern, dice)
    text = with_manners(text, dice)
    return slip(text, dice) if dice.chance(_SLIPS) else text


def hard_reports(each: int, seed: int = 2569) -> Iterator[Report]:
    """`each` texts of every hard sentence: as it stands first, then with manners and slips."""
    for report in hard_sentences():
        dice = Dice(seed, f"report-{report.category}-{report.phrasing}")
        yield report
        for _ in range(each - 1):
            yield Report(slip(with_manners(report.text, dice), dice), report.category, report.phrasing)


def make_reports(each: int, seed: int = 2569) -> Iterator[Report]:
    """`each` texts of every phrasing. The same seed gives the same texts."""
    for phrasing in phrasings():
        dice = Dice(seed, f"report-{phrasing.key}")
        for _ in range(each):
            yield Report(write(phrasing, dice), phrasing.category, phrasing.key)
