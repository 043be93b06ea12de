"""Reads of playbooks and of their checklists at work."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from maehia.emergency.models import Checklist, ChecklistItem, Incident, Playbook, PlaybookVersion
from maehia.kit.clock import now


@dataclass(frozen=True, slots=True)
class Listed:
    """A plan with what is published and what is being written."""

    book: Playbook
    current: PlaybookVersion | None
    draft: PlaybookVersion | None

    @property
    def shown(self) -> PlaybookVersion | None:
        return self.draft or self.current


def listed() -> list[Listed]:
    books = list(Playbook.objects.select_related("current"))
    drafts = {row.playbook_id: row for row in PlaybookVersion.objects.filter(published_at=None)}
    return [Listed(book, book.current, drafts.get(book.key)) for book in books]


def find(key: str) -> Listed | None:
    return next((row for row in listed() if row.book.key == key), None)


def versions(key: str) -> list[PlaybookVersion]:
    """Every version of a plan, the newest first."""
    return list(PlaybookVersion.objects.filter(playbook=key).order_by("-number"))


def to_start(incident: Incident) -> list[Playbook]:
    """Published plans that this incident has not begun, those of its hazard first."""
    begun = incident.checklists.values_list("playbook", flat=True)
    rows = Playbook.objects.select_related("current").exclude(current=None).exclude(key__in=begun)
    return sorted(rows, key=lambda book: (book.hazard != incident.hazard, book.key))


def checklists(incident: Incident) -> list[dict[str, Any]]:
    """Running checklists with their items and how many are open and late."""
    rows = Checklist.objects.filter(incident=incident).prefetch_related("items")
    return [{"list": row, "items": list(row.items.all()), **counts(row.items.all())} for row in rows]


def counts(items: Sequence[ChecklistItem] | Any) -> Mapping[str, int]:
    """total, done (or not needed), late (open past its time)."""
    moment = now()
    return {
        "total": len(items), "done": sum(item.state != "open" for item in items),
        "late": sum(item.state == "open" and item.due_at < moment for item in items),
    }  # fmt: skip
