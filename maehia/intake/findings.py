"""A finding is one line of the list that a data officer downloads: where, what is wrong, how to put it right."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import pyarrow as pa

# error: the row waits in quarantine. warning: the row goes on without the cell. column: the column is refused,
# the rest of the row goes on. note: nothing is dropped, a person should look.
Severity = Literal["error", "warning", "column", "note"]

FINDING_SCHEMA = pa.schema(
    [
        ("sheet", pa.string()),
        ("row", pa.int64()),
        ("column", pa.string()),
        ("code", pa.string()),
        ("what", pa.string()),
        ("fix", pa.string()),
        ("severity", pa.string()),
        ("value", pa.string()),
    ]
)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong with one cell, row or column. `row` is the 1-based row of the original file, None = all rows."""

    sheet: str
    row: int | None
    column: str
    code: str
    what: str
    fix: str = ""
    severity: Severity = "warning"
    value: str = ""


def findings_table(findings: Iterable[Finding]) -> pa.Table:
    """The findings as an Arrow table of `FINDING_SCHEMA`."""
    rows = list(findings)
    columns = [pa.array([getattr(row, field.name) for row in rows], field.type) for field in FINDING_SCHEMA]
    return pa.Table.from_arrays(columns, schema=FINDING_SCHEMA)


DIGIT_RUN = re.compile(r"\d{7,}")


def mask(value: str | None, personal: bool = False) -> str:
    """A value that can stand in a list of problems: long numbers lose their middle, personal text all but its start.

    >>> mask("3100600445635")
    '31xxxxxxxxx35'
    """
    if not value:
        return ""
    text = DIGIT_RUN.sub(lambda found: _middle(found.group()), value)
    if personal and text == value:
        return value[:2] + "…" if len(value) > 2 else "…"
    return text if len(text) <= 80 else text[:79] + "…"


def _middle(digits: str) -> str:
    return digits[:2] + "x" * (len(digits) - 4) + digits[-2:]
