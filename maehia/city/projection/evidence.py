"""The part of evidence that a projection reads, loaded once."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from maehia.evidence.models import RECORDS, Correction, Link, Record, Source
from maehia.evidence.queries import address_ref


@dataclass(slots=True)
class Evidence:
    """ranks and household kinds by source; links[kind][ref] = key; corrections[kind][key][field] = (value, id)."""

    ranks: dict[str, int]
    household_kinds: dict[str, str]
    links: dict[str, dict[str, uuid.UUID]]
    corrections: dict[str, dict[uuid.UUID, dict[str, tuple[Any, int]]]] = field(default_factory=dict)

    def key_of(self, kind: str, ref: str) -> uuid.UUID | None:
        return self.links.get(kind, {}).get(ref)

    def house_of(self, record: Any) -> uuid.UUID | None:
        """The house that the address of this record leads to."""
        ref = address_ref(
            getattr(record, "house_code", ""), record.house_no, record.moo, getattr(record, "village", "")
        )
        return self.key_of("house", ref) if ref else None

    def corrected(self, kind: str, key: uuid.UUID) -> dict[str, tuple[Any, int]]:
        return self.corrections.get(kind, {}).get(key, {})

    def grouped(self, kind: str) -> Iterator[tuple[uuid.UUID, list[Record]]]:
        """Current records of a kind by entity key, in key order; unlinked ones are left out."""
        groups: dict[uuid.UUID, list[Record]] = defaultdict(list)
        links = self.links.get(kind, {})
        for record in RECORDS[kind].objects.current().order_by("pk").iterator(chunk_size=5000):
            if key := links.get(record.ref):
                groups[key].append(record)
        yield from sorted(groups.items())


def load() -> Evidence:
    links: dict[str, dict[str, uuid.UUID]] = defaultdict(dict)
    for kind, ref, key in Link.objects.filter(ended_run=None).values_list("kind", "ref", "key").iterator(10_000):
        links[kind][ref] = key
    sources = list(Source.objects.all())
    found = Evidence(
        ranks={source.key: source.rank for source in sources},
        household_kinds={source.key: source.household_kind for source in sources},
        links=dict(links),
    )
    for decision in Correction.objects.filter(undone_at=None).order_by("pk"):
        by_key = found.corrections.setdefault(decision.kind, {}).setdefault(decision.key, {})
        column: Any = RECORDS[decision.kind]._meta.get_field(decision.field)
        by_key[decision.field] = (column.to_python(decision.value), decision.pk)
    return found
