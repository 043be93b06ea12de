"""The dated data of requests for help, read once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from maehia.emergency.rules.help import Clock

FILE = Path(__file__).resolve().parent.parent / "data" / "help_clocks.yaml"


@dataclass(frozen=True, slots=True)
class NeedKind:
    """A thing that can be asked for, and the priority it speaks for."""

    key: str
    priority: int
    icon: str
    th: str
    en: str

    def name(self, lang: str) -> str:
        return self.en if lang == "en" else self.th


@cache
def _file() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(FILE.read_text("utf-8"))
    return found


@cache
def needs() -> dict[str, NeedKind]:
    return {row["key"]: NeedKind(**row) for row in _file()["needs"]}


@cache
def clocks() -> tuple[Clock, ...]:
    return tuple(Clock(**row) for row in _file()["clocks"])


@cache
def priorities() -> dict[int, tuple[str, str]]:
    """Priority -> (Thai, English) words."""
    return {int(number): (row["th"], row["en"]) for number, row in _file()["priorities"].items()}


def weights() -> dict[str, int]:
    return {key: kind.priority for key, kind in needs().items()}
