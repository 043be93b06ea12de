"""Answers as people read them: rows for the page, the officer and the PDF."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from maehia import thai
from maehia.forms.engine.checking import asked
from maehia.forms.engine.conditions import number
from maehia.forms.engine.definition import Field, Form

EN_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
MASKED = ("person_id", "phone")


@dataclass(frozen=True, slots=True)
class Row:
    """One answered question. value: as it is kept, text: as it is read."""

    id: str
    label: str
    text: str
    type: str
    value: Any


@dataclass(frozen=True, slots=True)
class Section:
    """The rows of a page; title "" when the form has no pages."""

    id: str
    title: str
    rows: tuple[Row, ...]


def summary(
    form: Form, answers: Mapping[str, Any], lang: str = "th", *, unanswered: bool = False, masked: bool = False
) -> tuple[Section, ...]:
    """Sections with at least one row, in the order of the form.

    unanswered: also asked questions without an answer, as a dash. masked: IDs and phones show their last digits only.
    """
    pages = [(page.id, page.title.in_(lang)) for page in form.pages] or [("", "")]
    sections = [Section(id_, title, _rows(form, answers, lang, id_, (unanswered, masked))) for id_, title in pages]
    return tuple(section for section in sections if section.rows)


def _rows(form: Form, answers: Mapping[str, Any], lang: str, page: str, how: tuple[bool, bool]) -> tuple[Row, ...]:
    unanswered, masked = how
    return tuple(
        Row(field.id, field.label.in_(lang), value_words(field, answers.get(field.id), lang, masked=masked), field.type,
            answers.get(field.id))
        for field in asked(form, answers, page)
        if unanswered or field.id in answers
    )  # fmt: skip


def value_words(field: Field, value: Any, lang: str = "th", *, masked: bool = False) -> str:
    """A kept value as text; "–" for none."""
    if value is None or value in ("", []):
        return "–"
    english = lang.startswith("en")
    match field.type:
        case "yes_no":
            return ("No", "Yes")[value] if english else ("ไม่ใช่", "ใช่")[value]
        case "date":
            return _day(date.fromisoformat(value), english)
        case "number":
            return f"{number(value):,f}"
        case "choice" | "choices":
            return _chosen(field, value if isinstance(value, list) else [value], lang)
        case "photo" | "file":
            return f"{len(value)} file{'s' if len(value) > 1 else ''}" if english else f"{len(value)} ไฟล์"
        case "address":
            return _address(value, english)
        case "point":
            return f"{value['lat']:.5f}, {value['lon']:.5f}"
    return _grouped(field.type, str(value), masked)


def _day(day: date, english: bool) -> str:
    return f"{day.day} {EN_MONTHS[day.month - 1]} {day.year}" if english else thai.format_date(day)


def _chosen(field: Field, values: list[str], lang: str) -> str:
    options = [(field.option(value), value) for value in values]
    return ", ".join(option.label.in_(lang) if option else value for option, value in options)


def _address(value: Mapping[str, str], english: bool) -> str:
    house, moo = ("No.", "Moo") if english else ("บ้านเลขที่", "หมู่ที่")
    parts = [f"{house} {value['house_no']}"] if value.get("house_no") else []
    parts += [f"{moo} {value['moo']}"] if value.get("moo") else []
    return " ".join([*parts, value.get("note", "")]).strip()


def _grouped(kind: str, value: str, masked: bool) -> str:
    if masked and kind in MASKED:
        return f"{'x' * max(0, len(value) - 4)}{value[-4:]}"
    if kind == "person_id":
        return thai.format_national_id(value)
    if kind == "phone":
        return thai.format_phone(value) or value
    if kind == "house":
        return thai.format_house_code(value) or value
    return value
