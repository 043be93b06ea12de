"""Quotas, prices, hours and limits: defaults of the data file, and what the town has set since, by date.

Kept in the process for a few seconds: every message asks for some of them.
"""

from __future__ import annotations

import time as monotonic
from datetime import date, time
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from maehia.kit import clock
from maehia.message.models import TemplateText, Term

FILE = Path(__file__).resolve().parent / "data" / "terms.yaml"
KEPT_SECONDS = 10.0
_kept: dict[str, tuple[float, Any]] = {}


@cache
def defaults() -> dict[str, dict[str, Any]]:
    """Key -> entry of the data file."""
    return {entry["key"]: entry for entry in yaml.safe_load(FILE.read_text(encoding="utf-8"))}


def value(key: str, day: date | None = None) -> Any:
    """The value in force on a day (default today). Raises KeyError for an unknown key."""
    default = defaults()[key]
    day = day or clock.today()
    rows = _stored()
    found = next((row for row in rows if row.key == key and row.since <= day), None)
    return default["value"] if found is None else found.value


def number(key: str) -> int:
    return int(value(key))


def hour(key: str) -> time:
    return time.fromisoformat(value(key))


def quiet_hours() -> tuple[time, time]:
    return hour("quiet.from"), hour("quiet.until")


def wording(key: str) -> TemplateText | None:
    """The newest wording that the town gave a template; None = that of the code."""
    texts: dict[str, TemplateText] = _keep("texts", _newest_texts)
    return texts.get(key)


def forget() -> None:
    """Read again: somebody has just changed something in this process."""
    _kept.clear()


def _stored() -> list[Term]:
    rows: list[Term] = _keep("terms", lambda: list(Term.objects.all()))
    return rows


def _newest_texts() -> dict[str, TemplateText]:
    return {row.key: row for row in TemplateText.objects.order_by("key", "version")}


def _keep(name: str, read: Any) -> Any:
    moment = monotonic.monotonic()
    found = _kept.get(name)
    if found is None or moment - found[0] > KEPT_SECONDS:
        found = _kept[name] = (moment, read())
    return found[1]


def verified(key: str) -> bool:
    """Whether the value in force was confirmed at a primary source."""
    row = next((r for r in _stored() if r.key == key and r.since <= clock.today()), None)
    return bool(defaults()[key]["verified"]) if row is None else row.verified
