"""Whether what somebody types is an emergency: then a number to call stands before everything else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from maehia.services.rules.finding import fold

# Said of something that is no emergency now: a lamp by the hospital, a drill, the season of forest fires.
NOT_NOW = ("ซ้อมดับเพลิง", "ถังดับเพลิง", "ไฟไหม้หญ้าเก่า", "ประปาหัวแดง", "หมดอายุ")


@dataclass(frozen=True, slots=True)
class Call:
    """A number that helps at once, with its name in Thai and English."""

    number: str
    th: str
    en: str
    words: tuple[str, ...]


def read_calls(data: Mapping[str, Any]) -> tuple[Call, ...]:
    """The numbers of plain data. Raises KeyError where one is incomplete."""
    return tuple(
        Call(row["number"], row["name"]["th"], row["name"]["en"], tuple(fold(word) for word in row["words"]))
        for row in data["calls"]
    )


@cache
def shipped() -> tuple[Call, ...]:
    """The numbers of this version (services/data/emergency_words.yaml)."""
    return read_calls(yaml.safe_load((files("maehia.services") / "data" / "emergency_words.yaml").read_text("utf-8")))


def calls_for(text: str, calls: tuple[Call, ...] | None = None) -> list[Call]:
    """The numbers that the words of a text ask for, in the order of the list; none when it sounds like no emergency."""
    said = fold(text)
    for words in NOT_NOW:
        said = said.replace(fold(words), "")
    return [call for call in calls or shipped() if any(word in said for word in call.words)]
