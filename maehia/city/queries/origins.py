"""Where values came from: the list, its day, the file and the row, for source chips. Many at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from maehia.evidence.models import RECORDS, Correction
from maehia.kit.acting import current

PROTECTED = {"person", "need", "correction"}


@dataclass(frozen=True, slots=True)
class Origin:
    """kind "record": name of the list, its day, file, sheet, row. kind "correction": who, when, why.

    kind "hidden": there is one, and the purpose (or the area) at hand does not show it.
    """

    text: str
    kind: str
    name_th: str = ""
    name_en: str = ""
    as_of: date | datetime | None = None
    filename: str = ""
    sheet: str = ""
    row_no: int = 0
    delivery: int | None = None
    by: str = ""
    why: str = ""


def origins(texts: Iterable[str]) -> dict[str, Origin]:
    """Origins by their text ("person:12", "correction:3"): one question per kind."""
    numbers: dict[str, set[int]] = defaultdict(set)
    wanted = {text for text in texts if text}
    for text in wanted:
        kind, _, number = text.partition(":")
        if number.isdigit() and (current() is not None or kind not in PROTECTED):
            numbers[kind].add(int(number))
    found: dict[str, Origin] = {}
    for kind, ids in numbers.items():
        found.update(_corrections(ids) if kind == "correction" else _records(kind, ids))
    return {text: found.get(text, Origin(text, "hidden")) for text in wanted}


def of_record(kind: str, record: Any) -> Origin:
    """The origin that a record is (its source and delivery are at hand)."""
    return Origin(
        f"{kind}:{record.pk}", "record", record.source.name_th, record.source.name_en, record.delivery.as_of,
        record.delivery.filename, record.sheet, record.row_no, record.delivery_id,
    )  # fmt: skip


def _records(kind: str, ids: set[int]) -> dict[str, Origin]:
    model = RECORDS.get(kind)
    if model is None:
        return {}
    rows = model.objects.filter(pk__in=ids).select_related("source", "delivery")
    # What the rows say stays shut: only their place in the file is asked for.
    rows = rows.only(
        "sheet", "row_no", "source__name_th", "source__name_en", "delivery__filename", "delivery__as_of"
    )  # fmt: skip
    return {origin.text: origin for origin in (of_record(kind, row) for row in rows)}


def _corrections(ids: set[int]) -> dict[str, Origin]:
    return {
        f"correction:{row.pk}": Origin(f"correction:{row.pk}", "correction", as_of=row.at, by=row.by, why=row.why)
        for row in Correction.objects.filter(pk__in=ids).defer("value")
    }
