"""What every page needs around its content. As a context processor, and by a tag of the base templates."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse, translate_url
from django.utils.translation import get_language

from maehia.web import registry
from maehia.web.middleware import CONSOLE


def other_language(request: HttpRequest) -> dict[str, str]:
    """This page in the other language: another address on the public site, a remembered choice in the console."""
    other = "th" if (get_language() or "th").startswith("en") else "en"
    here = request.get_full_path()
    url = translate_url(here, other)
    if translate_url(request.path, "th").startswith(CONSOLE):
        url = f"{reverse('web-language', args=[other])}?{urlencode({'next': here})}"
    return {"code": other, "name": "ไทย" if other == "th" else "English", "url": url}


def badge_of(entry: registry.MenuEntry, request: HttpRequest) -> int | None:
    ask = entry.badge
    return registry.calm(lambda: ask(request), None) if ask else None


def mark_current(request: HttpRequest, entries: list[registry.MenuEntry]) -> list[dict[str, Any]]:
    """Entries with address, badge and which one is current: the longest address that the path starts with."""
    path = request.path
    rows: list[dict[str, Any]] = [{"entry": e, "href": e.href, "badge": badge_of(e, request)} for e in entries]
    inside = [
        row["href"] for row in rows if path == row["href"] or (len(row["href"]) > 1 and path.startswith(row["href"]))
    ]
    current = max(inside, key=len, default=None)
    return [{**row, "current": row["href"] == current} for row in rows]


def grouped(rows: list[dict[str, Any]]) -> list[tuple[str, list[dict[str, Any]]]]:
    """Menu rows under their group words, groups in order of their first entry."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        groups.setdefault(row["entry"].group, []).append(row)
    return list(groups.items())


class Shell:
    """Made lazily: a page without a menu asks nobody for a badge."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self._rows: dict[str, list[dict[str, Any]]] = {}

    def _menu(self, area: str) -> list[dict[str, Any]]:
        if area not in self._rows:
            self._rows[area] = registry.calm(
                lambda: mark_current(self.request, registry.menu_for(self.request, area)), []
            )
        return self._rows[area]

    @property
    def public_menu(self) -> list[dict[str, Any]]:
        return self._menu("public")

    @property
    def staff_menu(self) -> list[tuple[str, list[dict[str, Any]]]]:
        return grouped(self._menu("staff"))

    @property
    def thumb_menu(self) -> list[dict[str, Any]]:
        return [row for row in self._menu("staff") if row["entry"].thumb][:4]

    @property
    def foot_menu(self) -> list[dict[str, Any]]:
        return self._menu("foot")

    @property
    def banners(self) -> list[registry.Banner]:
        return registry.calm(lambda: list(registry.banners.call(self.request)), [])

    @property
    def unread(self) -> int:
        return registry.calm(lambda: registry.unread.call(self.request), 0)

    @property
    def other_language(self) -> dict[str, str]:
        return other_language(self.request)


def page_parts(request: HttpRequest | None) -> dict[str, Any]:
    parts: dict[str, Any] = {"town": registry.town()}
    if request is not None:
        parts["shell"] = Shell(request)
    return parts


def page(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `town` and `shell`."""
    return page_parts(request)
