"""Houses: from house lists, and from every address by which a list names one."""

from __future__ import annotations

import uuid
from collections import defaultdict
from typing import Any

from django.db.models import Model

from maehia.city.models import House
from maehia.city.projection.evidence import Evidence
from maehia.city.rules import choose, in_order
from maehia.evidence.models import RECORDS
from maehia.evidence.queries import address_ref

FIELDS = ("house_code", "house_no", "moo", "village", "house_kind", "geom")
ADDRESSED = ("person", "building", "business", "pet")


def project(found: Evidence) -> dict[type[Model], list[Model]]:
    witnesses: dict[uuid.UUID, list[tuple[str, Any]]] = defaultdict(list)
    for key, records in found.grouped("house"):
        witnesses[key] += [("house", record) for record in records]
    for kind, record in _address_witnesses(found):
        witnesses[found.key_of("house", _ref(record))].append((kind, record))  # type: ignore[index]
    return {House: [_house(key, said, found) for key, said in sorted(witnesses.items())]}


def _ref(record: Any) -> str:
    return address_ref(getattr(record, "house_code", ""), record.house_no, record.moo, getattr(record, "village", ""))


def _address_witnesses(found: Evidence) -> list[tuple[str, Any]]:
    """For each address the best record that wrote it: one witness is enough, and keeps this small."""
    best: dict[str, tuple[tuple[int, int], str, Any]] = {}
    for kind in ADDRESSED:
        model = RECORDS[kind]
        names = [n for n in ("pk", "source_id", "valid_from", "house_code", "house_no", "moo", "village")
                 if n in ("pk", "source_id", "valid_from") or n in model.VALUES]  # fmt: skip
        for record in model.objects.current().exclude(house_no="").only(*names).order_by("pk").iterator(5000):
            ref = _ref(record)
            trust = (found.ranks.get(record.source_id, 99), -record.valid_from.toordinal())
            if found.key_of("house", ref) and (ref not in best or trust < best[ref][0]):
                best[ref] = (trust, kind, record)
    return [(kind, record) for _, (_, kind, record) in sorted(best.items())]


def _house(key: uuid.UUID, said: list[tuple[str, Any]], found: Evidence) -> House:
    """House lists first: an address in another list only fills what they leave open."""
    values: dict[str, Any] = {}
    sources: dict[str, str] = {}
    corrections = found.corrected("house", key)
    for kind in ("house", *ADDRESSED):
        ordered = in_order((record for k, record in said if k == kind), found.ranks)
        fields = [n for n in FIELDS if n not in values and (n in RECORDS[kind].VALUES or n in corrections)]
        if kind == "person":
            fields = [n for n in fields if n != "geom"]
        got, origin = choose(kind, ordered, fields, corrections)
        values |= got
        sources |= origin
    return House(key=key, sources=sources, **values)
