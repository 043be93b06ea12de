"""Small values that page parts take. Templates read attributes, so a plain dict with the same keys works too."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

State = Literal["open", "work", "done", "late", "wait"]


@dataclass(frozen=True, slots=True)
class Crumb:
    label: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Action:
    """A link that looks like a button. kind: "primary", "danger", "quiet" or ""."""

    label: str
    url: str
    kind: str = ""
    icon: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """Where a value came from. name: the list in words; as_of: its day; where: row in words; url: the record's page."""

    name: str
    as_of: date | datetime | None = None
    where: str = ""
    url: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Term:
    """One row of a definition list. sources: shown as chips at the right."""

    label: str
    value: object
    sources: Sequence[Source] = ()
    note: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    """One step of a timeline. state: "" past, "now" current, "late" overdue."""

    at: date | datetime | None
    title: str
    text: str = ""
    by: str = ""
    state: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Task:
    """One line of a task list; count None shows no number."""

    title: str
    url: str
    count: int | None = None
    hint: str = ""
    state: State | None = None
    state_label: str = ""


@dataclass(frozen=True, slots=True)
class Tile:
    """One number. value and change are words or numbers ready to read; good: True, False or None (no judgement)."""

    label: str
    value: object
    unit: str = ""
    change: str = ""
    good: bool | None = None
    source: str = ""
    as_of: date | datetime | None = None
    url: str = ""


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter that is on or off; its link turns it over."""

    label: str
    url: str
    on: bool = False
    count: int | None = None
