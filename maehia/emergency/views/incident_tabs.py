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

# What belongs together: the first row of an incident's pages. A tab that stands in no group belongs to the first one.
GROUPS = (
    ("command", "สั่งการ", "Command", ("picture", "command", "plans", "teams", "shifts", "log")),
    ("people", "ผู้คนและพื้นที่", "People and area", ("area", "people", "doors", "calldown", "help")),
    ("warn", "เตือนภัย", "Warn", ("alerts",)),
    ("care", "ช่วยเหลือ", "Care", ("shelters", "relief", "damage", "claims", "claims-pay")),
    ("after", "ฟื้นฟูและทบทวน", "Afterwards", ("recovery", "sitreps", "review", "exercise")),
)


@dataclass(frozen=True, slots=True)
class Tab:
    """One part of an incident. count: a number to show beside it (runs inside the page's context), or None.

    mode: live or exercise, when only those have it.
    """

    key: str
    th: str
    en: str
    url_name: str
    permission: str
    order: int = 100
    count: Callable[[Incident], int | None] | None = None
    mode: str = ""

    @property
    def label(self) -> str:
        return in_language(self.th, self.en)


tabs: Registry[Tab] = Registry("incident tabs")


def group_of(key: str) -> str:
    return next((group for group, _, _, keys in GROUPS if key in keys), GROUPS[0][0])


def groups_of(request: HttpRequest, incident: Incident, current: str) -> list[dict[str, Any]]:
    """The first row: groups in which the one who asks may open something, each leading to its first part."""
    allowed = _allowed(request, incident)
    found = []
    for key, th, en, _ in GROUPS:
        first = next((tab for tab in allowed if group_of(tab.key) == key), None)
        if first is not None:
            url = reverse(first.url_name, args=[incident.number])
            found.append({"label": in_language(th, en), "url": url, "current": group_of(current) == key, "count": None})
    return found


def tabs_of(request: HttpRequest, incident: Incident, current: str) -> list[dict[str, Any]]:
    """The second row: the parts of the open group that the one who asks may open, for web/parts/tabs.html."""
    group = group_of(current)
    return [
        {"label": tab.label, "url": reverse(tab.url_name, args=[incident.number]), "current": tab.key == current,
         "count": tab.count(incident) if tab.count else None}
        for tab in _allowed(request, incident) if group_of(tab.key) == group
    ]  # fmt: skip


def _allowed(request: HttpRequest, incident: Incident) -> list[Tab]:
    """In the order of the groups, and in it of their registration."""
    order = {key: (row, column) for row, (_, _, _, keys) in enumerate(GROUPS) for column, key in enumerate(keys)}
    found = [tab for tab in tabs if may(request, tab.permission) and tab.mode in ("", incident.mode)]
    return sorted(found, key=lambda tab: order.get(tab.key, (0, tab.order + 100)))
