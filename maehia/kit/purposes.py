"""The published list of purposes, as code and database see it.

A purpose names the classes of data that it may read and write. Rooms register theirs at start; `publish()`
writes them to the table kit_purpose, by which the policies decide. Python only refuses earlier and louder.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

CLASSES = frozenset({"open", "personal", "s26", "case", "sealed", "incident", "relief", "account", "audit", "system"})
SCOPES = ("", "area", "subject", "grant")


@dataclass(frozen=True, slots=True)
class Purpose:
    """reads, writes: classes. needs_scope: without a scope of this kind no row is seen.

    alters: may change append-only rows (rotation, redaction). max_grant: longest life of a grant under it.
    """

    key: str
    reads: frozenset[str] = frozenset()
    writes: frozenset[str] = frozenset()
    needs_scope: str = ""
    alters: bool = False
    max_grant: timedelta = timedelta(hours=2)

    def __post_init__(self) -> None:
        unknown = (self.reads | self.writes) - CLASSES
        if unknown:
            raise ValueError(f"purpose {self.key}: unknown classes {sorted(unknown)}")
        if self.needs_scope not in SCOPES:
            raise ValueError(f"purpose {self.key}: unknown scope {self.needs_scope}")


# What kit itself does by night and at upgrades. Everything else is registered by access.
_registry: dict[str, Purpose] = {
    "system.keys": Purpose("system.keys", CLASSES, CLASSES, alters=True),
}


def register(purpose: Purpose) -> None:
    """Add a purpose; the same key twice with other rights is refused."""
    if _registry.setdefault(purpose.key, purpose) != purpose:
        raise ValueError(f"purpose {purpose.key} is registered twice")


def find(key: str) -> Purpose | None:
    return _registry.get(key)


def get(key: str) -> Purpose:
    return _registry[key]


def every() -> Iterable[Purpose]:
    return tuple(_registry.values())


def publish(using: str = "owner") -> int:
    """Make table kit_purpose equal to the registry; run by the owner. Returns the number of purposes."""
    from maehia.kit.models import PublishedPurpose

    table = PublishedPurpose.objects.using(using)
    table.exclude(key__in=_registry).delete()
    rows = [
        PublishedPurpose(
            key=p.key, reads=sorted(p.reads), writes=sorted(p.writes), needs_scope=p.needs_scope,
            alters=p.alters, max_grant=p.max_grant,
        )
        for p in _registry.values()
    ]  # fmt: skip
    table.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["key"],
        update_fields=["reads", "writes", "needs_scope", "alters", "max_grant"],
    )
    return len(rows)
