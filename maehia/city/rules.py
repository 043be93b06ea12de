"""Pure rules of the register: derived keys, folded names, which value stands. No Django, no clock."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Protocol

# Rows that follow from two keys get a key that follows from them too, so a rebuild gives the same one.
_NAMESPACE = uuid.UUID("6d616568-6961-4000-8000-000000000001")
_FOLD = re.compile(r"[\s\u0e47-\u0e4e.\-]+")


def derived_key(*parts: object) -> uuid.UUID:
    """The key of a row that is named by other keys (a residence = person + house + kind)."""
    return uuid.uuid5(_NAMESPACE, "|".join(str(part) for part in parts))


def fold_name(name: str) -> str:
    """A name as search sees it: lower case, without spaces, tone marks, การันต์ and dots."""
    return _FOLD.sub("", name).lower()


class Said(Protocol):
    """What choosing needs of a record."""

    pk: int
    source_id: str
    valid_from: date


def in_order(records: Iterable[Any], ranks: Mapping[str, int]) -> list[Any]:
    """Records by trust: rank of the source, then the newest list, then the record number (so a tie is no chance)."""
    return sorted(records, key=lambda r: (ranks.get(r.source_id, 99), -r.valid_from.toordinal(), r.pk))


def choose(
    kind: str, ordered: Sequence[Any], fields: Iterable[str], corrections: Mapping[str, tuple[Any, int]]
) -> tuple[dict[str, Any], dict[str, str]]:
    """(values, sources): per field the first record that says something; a correction stands over all."""
    values: dict[str, Any] = {}
    sources: dict[str, str] = {}
    for name in fields:
        if name in corrections:
            values[name], decision = corrections[name]
            sources[name] = f"correction:{decision}"
            continue
        for record in ordered:
            value = getattr(record, name)
            if value not in (None, ""):
                values[name], sources[name] = value, f"{kind}:{record.pk}"
                break
    return values, sources
