"""Reads of evidence, and the names of its entities, for other rooms."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from maehia.evidence.models import Delivery, Source
from maehia.evidence.rules import address_ref, ordered_pair, source_ref
from maehia.kit.crypto import blind_index

__all__ = ["Freshness", "address_ref", "freshness", "index_of", "latest_as_of", "ordered_pair", "source_ref"]


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
        delivery = newest.get(source.key)
        due = delivery.as_of + timedelta(days=source.fresh_days) if delivery else today
        found.append(Freshness(source, delivery, max(0, (today - due).days)))
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
