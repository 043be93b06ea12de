"""The shipped list of sources, and what this room knows of each: its people's role, its ground for needs."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml

from maehia.evidence.actions import load_sources
from maehia.evidence.models import Source

FILE = Path(__file__).resolve().parent / "data" / "sources.yaml"


@cache
def shipped() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return found


def fill_sources() -> list[Source]:
    """Add the shipped sources that this town does not have yet."""
    return load_sources(shipped()["sources"])


def role_of(source: str) -> str:
    """What a person of this list is to the town when the list does not say: resident, owner, customer ..."""
    return str(shipped()["roles"].get(source, "resident"))


def need_ground(source: Source) -> str:
    """The legal ground under which this source may bring needs; "" keeps them out."""
    if source.data_class != "s26":
        return ""
    return str(shipped()["need_grounds"].get(source.key, ""))


def ground_label(ground: str) -> str:
    return str(shipped()["need_ground_labels"].get(ground, ground))
