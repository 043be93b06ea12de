"""The words and ratios of shelters, from the dated data file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml

FILE = Path(__file__).resolve().parents[1] / "data" / "shelters.yaml"
Words = dict[str, tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Ratio:
    """A planning ratio as it stands in the file; unverified ones are shown as such."""

    key: str
    value: float
    th: str
    en: str
    unit: str
    unit_en: str
    source: str
    valid_from: date
    verified: bool


@cache
def _file() -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return found


@cache
def ratios() -> dict[str, Ratio]:
    return {entry["key"]: Ratio(**entry) for entry in _file()["ratios"]}


@cache
def facility_words() -> Words:
    return {entry["key"]: (entry["th"], entry["en"]) for entry in _file()["facilities"]}


@cache
def need_words() -> Words:
    return {entry["key"]: (entry["th"], entry["en"]) for entry in _file()["needs"]}
