"""All answers of a form against its definition: what is kept, and what is wrong in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from maehia.base import Problem
from maehia.forms.engine.conditions import holds
from maehia.forms.engine.definition import Field, Form
from maehia.forms.engine.reading import Refused, read
from maehia.forms.engine.words import words


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one answer. text: a whole sentence in the language asked for."""

    field: str
    code: str
    text: str

    def as_problem(self) -> Problem:
        return Problem(f"answer_{self.code}", self.text, self.field)


@dataclass(frozen=True, slots=True)
class Checked:
    """answers: id -> value as `reading` describes, of asked and answered questions only. dropped: ids that were sent
    and are not kept, because the form does not know them or does not ask them here."""

    answers: dict[str, Any]
    faults: tuple[Fault, ...] = ()
    dropped: tuple[str, ...] = ()

    @property
    def good(self) -> bool:
        return not self.faults


def check(
    form: Form,
    raw: Mapping[str, Any],
    *,
    today: date,
    lang: str = "th",
    page: str | None = None,
    earlier: Mapping[str, Any] | None = None,
    strict: bool = False,
) -> Checked:
    """Read raw answers (of a posted form or of JSON). Never raises for what somebody sent.

    today: the day by which short years are read. page: check the questions of this page only; `earlier` are the
    kept answers of the pages before, on which its conditions look. strict: an unknown id is a fault (for programs).
    """
    kept: dict[str, Any] = dict(earlier or {})
    found: dict[str, Any] = {}
    faults: list[Fault] = []
    for field in form.fields if page is None else form.on_page(page):
        if not holds(field.show_if, kept):
            kept.pop(field.id, None)
            continue
        value = read(field, raw.get(field.id), today)
        if isinstance(value, Refused):
            faults.append(Fault(field.id, value.code, words(value.code, lang, **value.values)))
        elif value is not None:
            kept[field.id] = found[field.id] = value
        elif field.required:
            faults.append(Fault(field.id, "required", words("required", lang)))
    return Checked(found, (*faults, *_unknown(form, raw, lang, strict)), _dropped(raw, found, faults))


def asked(form: Form, answers: Mapping[str, Any], page: str | None = None) -> tuple[Field, ...]:
    """The questions that are asked, given the kept answers."""
    kept: dict[str, Any] = {}
    found: list[Field] = []
    for field in form.fields:
        if holds(field.show_if, kept):
            found.append(field)
            if field.id in answers:
                kept[field.id] = answers[field.id]
    return tuple(field for field in found if page is None or field.page == page)


def _unknown(form: Form, raw: Mapping[str, Any], lang: str, strict: bool) -> list[Fault]:
    if not strict:
        return []
    known = {field.id for field in form.fields}
    return [Fault(str(key)[:80], "unknown_key", words("unknown_key", lang)) for key in raw if key not in known]


def _dropped(raw: Mapping[str, Any], found: Mapping[str, Any], faults: list[Fault]) -> tuple[str, ...]:
    looked_at = {*found, *(fault.field for fault in faults)}
    return tuple(str(key) for key, value in raw.items() if key not in looked_at and value not in (None, "", [], {}))
