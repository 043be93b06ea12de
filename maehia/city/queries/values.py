"""Corrections keep their value as text: here it becomes what the column of the record holds."""

from __future__ import annotations

from typing import Any

from maehia.evidence.models import RECORDS


def column_value(kind: str, field: str, text: str | None) -> Any:
    """The value of a correction in the type of its column: a day, a number, yes or no, a text."""
    column: Any = RECORDS[kind]._meta.get_field(field)
    return column.to_python(text)
