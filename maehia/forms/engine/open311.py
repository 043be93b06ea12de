"""The questions of a form as attributes of Open311 GeoReport v2, and its answers back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from maehia.forms.engine.conditions import say
from maehia.forms.engine.definition import Field, Form

DATATYPES = {
    "text": "string", "longtext": "text", "number": "number", "date": "datetime", "choice": "singlevaluelist",
    "choices": "multivaluelist", "yes_no": "singlevaluelist", "phone": "string", "address": "text", "house": "string",
    "parcel": "string",
}  # fmt: skip
# Place and photos have parameters of their own (lat, long, media_url); a national ID is never asked over this door.
LEFT_OUT = ("point", "photo", "file", "person_id")
YES_NO = (("yes", ("ใช่", "Yes")), ("no", ("ไม่ใช่", "No")))


def to_open311(form: Form, lang: str = "th") -> list[dict[str, Any]]:
    """Attributes in order, as the standard names them. A question that depends on another one is never `required`
    there, since the standard knows no conditions; the condition stands in its datatype_description."""
    fields = [field for field in form.fields if field.type not in LEFT_OUT]
    return [_attribute(form, field, order, lang) for order, field in enumerate(fields, start=1)]


def _attribute(form: Form, field: Field, order: int, lang: str) -> dict[str, Any]:
    found: dict[str, Any] = {
        "variable": True,
        "code": field.id,
        "datatype": DATATYPES[field.type],
        "required": field.required and field.show_if is None,
        "datatype_description": _description(form, field, lang),
        "order": order,
        "description": field.label.in_(lang),
    }
    if found["datatype"].endswith("list"):
        found["values"] = _values(field, lang)
    return found


def _description(form: Form, field: Field, lang: str) -> str | None:
    parts = [field.hint.in_(lang)] if field.hint else []
    if field.show_if:
        parts.append(f"({'only if' if lang.startswith('en') else 'ตอบเมื่อ'} {say(form, field.show_if, lang)})")
    return " ".join(parts) or None


def _values(field: Field, lang: str) -> list[dict[str, str]]:
    if field.type == "yes_no":
        return [{"key": key, "name": words[lang.startswith("en")]} for key, words in YES_NO]
    return [{"key": option.value, "name": option.label.in_(lang)} for option in field.options]


def from_open311(form: Form, sent: Mapping[str, str | Sequence[str]]) -> dict[str, Any]:
    """Raw answers for `check` from what a client sent by code (text, or list of texts); unknown codes go along, so
    that a strict check names them."""
    found: dict[str, Any] = {}
    for code, given in sent.items():
        values = [given] if isinstance(given, str) else [str(value) for value in given]
        field = form.field(code)
        if field is not None and field.type in LEFT_OUT:
            continue
        if field is not None and field.type == "date":
            values = [value.partition("T")[0] for value in values]
        single = len(values) == 1 and (field is None or field.type != "choices")
        found[code] = values[0] if single else values
    return found
