"""The answers that a client sends, held against the form of the service. Shapes and rules are the form engine's."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from maehia.forms.engine import Form, check, from_open311, to_open311
from maehia.services.api.open311.faults import Fault, about

_FIELD = re.compile(r"attribute\[([^\[\]]{1,80})\](\[\])?")


def definition(service_code: str, form: Form, lang: str = "th") -> dict[str, Any]:
    return {"service_code": service_code, "attributes": to_open311(form, lang)}


def sent_answers(fields: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """Answers by code from `attribute[CODE]` and `attribute[CODE][]`; empty ones count as not sent."""
    found: dict[str, list[str]] = {}
    for name, values in fields.items():
        match = _FIELD.fullmatch(name)
        if match and (given := [text.strip() for text in values if text.strip()]):
            found.setdefault(match[1], []).extend(given)
    return found


def check_answers(form: Form, sent: Mapping[str, Sequence[str]], today: date) -> dict[str, Any]:
    """Answers as the form keeps them. Raises Fault 400 with all that is missing, unknown or does not fit."""
    raw = from_open311(form, sent)
    found, english = (check(form, raw, today=today, lang=lang, strict=True) for lang in ("th", "en"))
    if found.faults:
        pairs = zip(found.faults, english.faults, strict=True)
        raise Fault(400, *(about(f"attribute[{th.field}]", th.text, en.text) for th, en in pairs))
    return found.answers
