"""Tabs of an incident's pages: each part of the room adds its own, `url_name` taking the incident's number.

tabs.add(Tab("people", "ผู้ที่อยู่ในพื้นที่", "People inside", "emergency:people", "emergency.people", order=30))
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from maehia.access.permissions import may
from maehia.emergency.models import Incident
from maehia.web.registry import Registry, in_language


@dataclass(frozen=True, slots=True)
class Tab:
    """One part of an incident. count: a number to show beside it (runs inside the page's context), or None."""

    key: str
    th: str
    en: str
    url_name: str
    permission: str
    order: int = 100
    count: Callable[[Incident], int | None] | None = None

    @property
    def label(self) -> str:
        return in_language(self.th, self.en)


tabs: Registry[Tab] = Registry("incident tabs")


def tabs_of(request: HttpRequest, incident: Incident, current: str) -> list[dict[str, Any]]:
    """The tabs that the one who asks may open, for web/parts/tabs.html."""
    return [
        {"label": tab.label, "url": reverse(tab.url_name, args=[incident.number]), "current": tab.key == current,
         "count": tab.count(incident) if tab.count else None}
        for tab in tabs if may(request, tab.permission)
    ]  # fmt: skip
