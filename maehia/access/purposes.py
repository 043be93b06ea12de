"""The published list of purposes (data/purposes.yaml): who may open which fields, on what legal basis."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from maehia.kit import purposes as kit_purposes
from maehia.web.registry import in_language

FILE = Path(__file__).resolve().parent / "data" / "purposes.yaml"


@dataclass(frozen=True, slots=True)
class PurposeInfo:
    """One entry of the list. fields: entity kind -> names of fields it may show. verified: is the basis checked."""

    key: str
    th: str
    en: str
    basis: str
    verified: bool
    reads: frozenset[str]
    writes: frozenset[str]
    scope: str
    bulk: bool
    alters: bool
    fields: dict[str, frozenset[str]]
    roles: tuple[str, ...]
    hours: float = 2  # longest life of a grant under it

    @property
    def title(self) -> str:
        return in_language(self.th, self.en)

    @property
    def personal(self) -> bool:
        """Whether it opens data about people at all."""
        return bool({"personal", "s26"} & (self.reads | self.writes))


@cache
def published() -> dict[str, PurposeInfo]:
    """Key -> purpose, in the order of the file."""
    data = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    sets = {name: frozenset(fields) for name, fields in data["field_sets"].items()}
    found = [_read(entry, sets) for entry in data["purposes"]]
    if len({p.key for p in found}) != len(found):
        raise ValueError("a purpose stands twice in purposes.yaml")
    return {p.key: p for p in found}


def get(key: str) -> PurposeInfo:
    """One purpose. Raises KeyError."""
    return published()[key]


def fields_of(purpose: str, entity: str) -> frozenset[str]:
    """The fields of an entity kind that a purpose may show; empty when it shows none of that kind."""
    info = published().get(purpose)
    return info.fields.get(entity, frozenset()) if info else frozenset()


def register_all() -> None:
    """Tell kit what the policies decide by. Called at start."""
    for info in published().values():
        kit_purposes.register(
            kit_purposes.Purpose(
                info.key,
                info.reads,
                info.writes,
                needs_scope=info.scope,
                alters=info.alters,
                max_grant=timedelta(hours=info.hours),
            )
        )


def _read(entry: dict[str, Any], sets: dict[str, frozenset[str]]) -> PurposeInfo:
    fields = {
        kind: sets[names] if isinstance(names, str) else frozenset(names)
        for kind, names in (entry.get("fields") or {}).items()
    }
    return PurposeInfo(
        key=entry["key"],
        th=entry["th"],
        en=entry["en"],
        basis=entry["basis"],
        verified=bool(entry.get("verified", False)),
        reads=frozenset(entry.get("reads") or ()),
        writes=frozenset(entry.get("writes") or ()),
        scope=entry.get("scope", ""),
        bulk=bool(entry.get("bulk", False)),
        alters=bool(entry.get("alters", False)),
        fields=fields,
        roles=tuple(entry.get("roles") or ()),
        hours=float(entry.get("hours", 2)),
    )
