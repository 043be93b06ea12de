"""Reads of evidence, and the names of its entities, for other rooms."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from maehia.evidence.models import RECORDS, Delivery, Record, Source
from maehia.evidence.rules import Batch, address_ref, compare, digest, ordered_pair, source_ref
from maehia.kit.crypto import blind_index

__all__ = [
    "Changed",
    "Freshness",
    "KindDifference",
    "address_ref",
    "difference",
    "freshness",
    "index_of",
    "latest_as_of",
    "ordered_pair",
    "source_ref",
]


@dataclass(frozen=True, slots=True)
class Freshness:
    """How a source stands against its promise. `late_days` counts days past the promise, 0 when in time."""

    source: Source
    newest: Delivery | None
    late_days: int

    @property
    def state(self) -> str:
        if self.newest is None:
            return "never"
        return "late" if self.late_days else "fresh"


def freshness(today: date) -> list[Freshness]:
    """Every source that is not built in, with its newest committed delivery."""
    newest: dict[str, Delivery] = {}
    for delivery in Delivery.objects.filter(state="committed").order_by("as_of", "committed_at"):
        newest[delivery.source_id] = delivery
    found = []
    for source in Source.objects.filter(built_in=False):
        last = newest.get(source.key)
        due = last.as_of + timedelta(days=source.fresh_days) if last else today
        found.append(Freshness(source, last, max(0, (today - due).days)))
    return found


def latest_as_of() -> dict[str, date]:
    """As-of day of the newest committed delivery per source, as the linkage needs it."""
    rows = Delivery.objects.filter(state="committed").order_by("as_of").values_list("source_id", "as_of")
    return dict(rows)


def index_of(kind: str, value: str | None) -> bytes | None:
    """Blind index of a value, None for nothing or for a value too short to be looked for."""
    if not value or (kind in {"id4", "phone4"} and len(value) < 4):
        return None
    return blind_index(kind, value)


@dataclass(frozen=True, slots=True)
class Changed:
    """One source entity whose row changed: field -> (before, after), as texts."""

    ref: str
    row_no: int
    fields: dict[str, tuple[str, str]]


@dataclass(frozen=True, slots=True)
class KindDifference:
    """What applying a batch would do. added, gone: refs. changed: the first ones with before and after."""

    kind: str
    added: list[str]
    changed: list[Changed]
    changed_count: int
    gone: list[str]
    same: int


SAMPLE = 200
PEOPLE = frozenset({"person", "need"})


def difference(source: Source, batch: Batch, mode: str = "live") -> KindDifference:
    """Compare rows with what the source says now. Reads only; the commit compares again by the same rule."""
    model = RECORDS[batch.kind]
    old = {
        ref: (pk, bytes(value))
        for ref, pk, value in model.objects.current()
        .filter(source=source, mode=mode)
        .values_list("ref", "pk", "digest")
    }
    rows = {row["ref"]: row for row in batch.rows}
    new = digests(model, batch.rows)
    snapshot = source.coverage == "snapshot"
    added, changed, gone, same = compare({r: v for r, (_, v) in old.items()}, new, snapshot=snapshot)
    shown = changed[:SAMPLE]
    held = model.objects.in_bulk([old[ref][0] for ref in shown])
    samples = [_changed(model, held[old[ref][0]], rows[ref]) for ref in shown]
    return KindDifference(batch.kind, added, samples, len(changed), gone, same)


def digests(model: type[Record], rows: Iterable[Mapping[str, Any]]) -> dict[str, bytes]:
    """ref -> digest of what each row says. Rows about people are digested under a key that is not in the database."""
    secret = blind_index("subject", "evidence.digest") if model.KIND in PEOPLE else b""
    return {row["ref"]: digest({name: row.get(name) for name in model.VALUES}, secret) for row in rows}


def _changed(model: type[Record], before: Record, row: Mapping[str, Any]) -> Changed:
    fields: dict[str, tuple[str, str]] = {}
    for name in model.VALUES:
        was, now = getattr(before, name), row.get(name)
        if digest({"v": was}) != digest({"v": now}):
            fields[name] = (_text(was), _text(now))
    return Changed(row["ref"], row.get("row_no") or 0, fields)


def _text(value: Any) -> str:
    if value is None or value == "":
        return ""
    return f"({value.geom_type})" if hasattr(value, "geom_type") else str(value)
