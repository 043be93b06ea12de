"""A form as values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

TYPES = (
    "text", "longtext", "number", "date", "choice", "choices", "yes_no", "person_id", "phone", "address", "point",
    "photo", "file", "house", "parcel",
)  # fmt: skip
OPERATORS = ("is", "is_not", "in", "at_least", "less_than", "is_empty")


@dataclass(frozen=True, slots=True)
class Text:
    """The same words in Thai and English."""

    th: str
    en: str

    def in_(self, lang: str) -> str:
        return self.en if lang.startswith("en") else self.th


@dataclass(frozen=True, slots=True)
class Condition:
    """An earlier answer compared with a value. operator: one of OPERATORS. A missing answer fits "is_empty" only."""

    field: str
    operator: str
    value: Any = None


@dataclass(frozen=True, slots=True)
class All:
    parts: tuple[Shown, ...]


@dataclass(frozen=True, slots=True)
class Any_:
    parts: tuple[Shown, ...]


Shown: TypeAlias = Condition | All | Any_


@dataclass(frozen=True, slots=True)
class Option:
    value: str
    label: Text


@dataclass(frozen=True, slots=True)
class Field:
    """One question. min, max: of a number (as text, exact), a day (ISO) or the count of choices. length: code points.

    decimals: most places after the point. most: how many photos or files. prefill: a source of the caller's.
    """

    id: str
    type: str
    label: Text
    hint: Text | None = None
    required: bool = False
    show_if: Shown | None = None
    options: tuple[Option, ...] = ()
    min: str | None = None
    max: str | None = None
    length: int | None = None
    decimals: int = 0
    most: int | None = None
    prefill: str = ""
    page: str = ""

    def option(self, value: str) -> Option | None:
        return next((option for option in self.options if option.value == value), None)


@dataclass(frozen=True, slots=True)
class Page:
    id: str
    title: Text


@dataclass(frozen=True, slots=True)
class Form:
    """Questions in order. pages: in order; empty when everything stands on one."""

    fields: tuple[Field, ...] = ()
    pages: tuple[Page, ...] = ()
    version: int = 1

    def field(self, id_: str) -> Field | None:
        return next((field for field in self.fields if field.id == id_), None)

    def on_page(self, page: str) -> tuple[Field, ...]:
        """The questions of a page, in order."""
        return tuple(field for field in self.fields if field.page == page)
