"""Pure rules of evidence: how a record is named and recognised. No Django, no clock."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows of one kind: dicts of the kind's canonical fields plus `ref`, `row_no` and `sheet`."""

    kind: str
    rows: Sequence[Mapping[str, Any]]


def source_ref(source: str, ext_id: str, kind: str = "") -> str:
    """The name of a source entity, the same in every delivery: "vhv:12345"."""
    prefix = f"{source}.{kind}" if kind else source
    return f"{prefix}:{ext_id}"[:120]


def address_ref(house_code: str, house_no: str, moo: int | None, village: str) -> str:
    """The name of an address as written; equal addresses of different lists share it. "" when it says nothing."""
    if not house_code and not house_no:
        return ""
    return f"addr:{house_code}|{house_no}|{'' if moo is None else moo}|{village}"[:160]


def _plain(value: Any) -> Any:
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    wkt = getattr(value, "wkb", None)
    return bytes(wkt).hex() if wkt is not None else value


def digest(values: Mapping[str, Any], secret: bytes = b"") -> bytes:
    """16 bytes that change when anything that the list said changes; empty and missing are the same.

    secret: needed for people. Without it, whoever has a copy of the table finds an encrypted phone by trying them all.
    """
    said = {name: _plain(value) for name, value in values.items() if value not in (None, "")}
    text = json.dumps(said, ensure_ascii=False, sort_keys=True)
    return hashlib.blake2b(text.encode(), digest_size=16, key=secret).digest()


def compare(
    old: Mapping[str, bytes], new: Mapping[str, bytes], *, snapshot: bool
) -> tuple[list[str], list[str], list[str], int]:
    """(new, changed, gone, count of the same) refs between two states of one source.

    gone is empty unless the delivery is a snapshot: only a full list can say that something ended.
    """
    added = [ref for ref in new if ref not in old]
    changed = [ref for ref, value in new.items() if ref in old and old[ref] != value]
    gone = [ref for ref in old if ref not in new] if snapshot else []
    return added, changed, gone, len(new) - len(added) - len(changed)


def ordered_pair(ref_a: str, ref_b: str) -> tuple[str, str]:
    """Two refs in the one order in which a verdict holds them."""
    return (ref_a, ref_b) if ref_a < ref_b else (ref_b, ref_a)


def repeated(refs: Iterable[str]) -> set[str]:
    """Refs that occur more than once."""
    seen: set[str] = set()
    twice: set[str] = set()
    for ref in refs:
        (twice if ref in seen else seen).add(ref)
    return twice
