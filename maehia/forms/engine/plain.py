"""Forms as plain data of YAML or JSON: read, and written back to the same."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import yaml

from maehia.base import ProblemError
from maehia.forms.engine.definition import OPERATORS, All, Any_, Condition, Field, Form, Option, Page, Shown, Text
from maehia.forms.engine.faults import faults


def read_form(data: Mapping[str, Any]) -> Form:
    """The form of plain data. Raises ProblemError with the first fault (`faults` lists all)."""
    if found := faults(data):
        raise ProblemError(found[0])
    fields = tuple(_field(part) for part in data["fields"])
    pages = tuple(Page(part["id"], _text(part["title"])) for part in data.get("pages", ()))
    return Form(fields, pages, data.get("version", 1))


def as_data(form: Form) -> dict[str, Any]:
    """Plain data that reads back to an equal form; what is not said is left out."""
    found: dict[str, Any] = {"version": form.version}
    if form.pages:
        found["pages"] = [{"id": page.id, "title": _pair(page.title)} for page in form.pages]
    return {**found, "fields": [_field_data(field) for field in form.fields]}


def to_yaml(form: Form) -> str:
    return yaml.safe_dump(as_data(form), allow_unicode=True, sort_keys=False, width=110)


def read_shown(data: Mapping[str, Any]) -> Shown:
    """A condition of plain data that `faults` found good."""
    if "all" in data:
        return All(tuple(read_shown(part) for part in data["all"]))
    if "any" in data:
        return Any_(tuple(read_shown(part) for part in data["any"]))
    operator = next(name for name in OPERATORS if name in data)
    value = data[operator]
    return Condition(data["field"], operator, tuple(map(_plain, value)) if isinstance(value, list) else _plain(value))


def _plain(value: Any) -> Any:
    """Days of YAML as ISO text, as answers hold them."""
    return value.isoformat() if isinstance(value, date) else value


def shown_data(shown: Shown) -> dict[str, Any]:
    """A condition as plain data; also what the script of the page reads."""
    if isinstance(shown, All | Any_):
        return {"all" if isinstance(shown, All) else "any": [shown_data(part) for part in shown.parts]}
    value = list(shown.value) if isinstance(shown.value, tuple) else shown.value
    return {"field": shown.field, shown.operator: value}


def _text(data: Mapping[str, str]) -> Text:
    return Text(data["th"], data["en"])


def _pair(text: Text) -> dict[str, str]:
    return {"th": text.th, "en": text.en}


def _limit(value: Any) -> str | None:
    return None if value is None else str(value)


def _field(data: Mapping[str, Any]) -> Field:
    return Field(
        id=data["id"],
        type=data["type"],
        label=_text(data["label"]),
        hint=_text(data["hint"]) if "hint" in data else None,
        required=data.get("required", False),
        show_if=read_shown(data["show_if"]) if "show_if" in data else None,
        options=tuple(Option(part["value"], _text(part["label"])) for part in data.get("options", ())),
        min=_limit(data.get("min")),
        max=_limit(data.get("max")),
        length=data.get("length"),
        decimals=data.get("decimals", 0),
        most=data.get("most"),
        prefill=data.get("prefill", ""),
        page=data.get("page", ""),
    )


def _field_data(field: Field) -> dict[str, Any]:
    found: dict[str, Any] = {"id": field.id, "type": field.type, "label": _pair(field.label)}
    if field.hint:
        found["hint"] = _pair(field.hint)
    if field.show_if:
        found["show_if"] = shown_data(field.show_if)
    if field.options:
        found["options"] = [{"value": option.value, "label": _pair(option.label)} for option in field.options]
    plain = {
        "required": field.required, "min": field.min, "max": field.max, "length": field.length,
        "decimals": field.decimals, "most": field.most, "prefill": field.prefill, "page": field.page,
    }  # fmt: skip
    return {**found, **{name: value for name, value in plain.items() if value}}
