"""What the town offers: published services with their definitions, versions and drafts for the console, as YAML."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.db.models import Exists, F, OuterRef, QuerySet

from maehia.base import Problem, ProblemError
from maehia.services.catalogue_files import GROUPS
from maehia.services.models import Service, ServiceVersion, State
from maehia.services.queries.current import definition_of
from maehia.services.rules.definition import Definition, Text, read_definition, to_yaml

__all__ = [
    "Group", "Listed", "definition", "definition_of", "definition_of_version", "export_yaml", "listed", "published",
    "published_groups", "versions",
]  # fmt: skip
Stamp = tuple[int, datetime | None]


@dataclass(frozen=True, slots=True)
class Group:
    """Services of one kind of matter, in their order."""

    key: str
    name: Text
    services: tuple[Definition, ...]


@dataclass(frozen=True, slots=True)
class Listed:
    """A service as the console lists it. definition: of the published version, else of the draft."""

    service: Service
    definition: Definition
    has_draft: bool


@lru_cache(maxsize=512)
def _of_version(stamp: Stamp) -> Definition:
    """A published version never changes, so it is read once; the moment tells versions of two databases apart."""
    return read_definition(ServiceVersion.objects.values_list("definition", flat=True).get(pk=stamp[0]))


def definition_of_version(version: ServiceVersion) -> Definition:
    """The definition of a version. Drafts are read anew each time, since they change."""
    if version.state == State.DRAFT:
        return read_definition(version.definition)
    return _of_version((version.pk, version.published_at))


def definition(code: str) -> Definition:
    """The published definition of a code. Raises ProblemError unknown_service."""
    found = _published().filter(pk=code).first()
    if found is None:
        raise ProblemError(Problem("unknown_service", "ไม่มีบริการหรือประเภทเรื่องนี้", code, "เลือกจากรายการบริการ"))
    return _of_version((found.pk_version, found.published_at))


def published(kind: str = "") -> tuple[Definition, ...]:
    """All published definitions in the town's order; one query however many there are, once they have been read."""
    rows = _published().filter(**({"kind": kind} if kind else {}))
    return tuple(_of_version((row.pk_version, row.published_at)) for row in rows)


def _published() -> QuerySet[Any]:
    rows = Service.objects.filter(state=State.PUBLISHED, current__isnull=False)
    return rows.annotate(pk_version=F("current_id"), published_at=F("current__published_at")).order_by("order", "code")


def published_groups(kind: str) -> tuple[Group, ...]:
    """Published services by group, groups in the order of GROUPS."""
    found = published(kind)
    known = [*GROUPS, *sorted({d.group for d in found} - set(GROUPS))]
    groups = [Group(key, GROUPS.get(key, Text(key, key)), tuple(d for d in found if d.group == key)) for key in known]
    return tuple(group for group in groups if group.services)


def listed() -> list[Listed]:
    """Every service for the console, drafts and retired ones too."""
    draft = ServiceVersion.objects.filter(service=OuterRef("pk"), state=State.DRAFT)
    rows = Service.objects.select_related("current").annotate(draft=Exists(draft)).order_by("kind", "order", "code")
    return [Listed(row, _shown(row), row.draft) for row in rows]


def _shown(service: Service) -> Definition:
    version = service.current or service.versions.order_by("-number").first()
    if version is None:
        raise ProblemError(Problem("no_version", "บริการนี้ไม่มีฉบับใดเลย", service.code))
    return definition_of_version(version)


def versions(code: str) -> Sequence[ServiceVersion]:
    """The versions of a service, the newest first."""
    return list(ServiceVersion.objects.filter(service_id=code).order_by("-number"))


def export_yaml(codes: Sequence[str] = ()) -> str:
    """Published definitions as one YAML text of several documents, which the import reads back; () = all."""
    found = [d for d in published() if not codes or d.code in codes]
    return "---\n".join(to_yaml(d) for d in found)
