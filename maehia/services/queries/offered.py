"""Which reports the town takes from programs: published, public, not confidential; with words and questions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db.models import Max

from maehia.forms.engine import Form, read_form
from maehia.services.models import Service, ServiceVersion, State, TokenService

NEVER = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Offered:
    """A category of reports. data: its definition as plain data. by_token: its POST answers with a token."""

    code: str
    name_th: str
    name_en: str
    group: str
    data: Mapping[str, Any]
    by_token: bool = False

    def name(self, lang: str) -> str:
        return (self.name_en if lang == "en" else self.name_th) or self.name_th

    def description(self, lang: str) -> str:
        words: Mapping[str, str] = self.data.get("description") or {}
        return words.get(lang) or words.get("th", "")

    @property
    def keywords(self) -> tuple[str, ...]:
        return tuple(self.data.get("keywords") or ())

    @property
    def has_questions(self) -> bool:
        return bool((self.data.get("form") or {}).get("fields"))

    @property
    def form(self) -> Form:
        return read_form(self.data.get("form") or {"fields": []})


def offered(code: str = "") -> list[Offered]:
    """All categories, in order, or the one with that code (an empty list when there is none)."""
    found = Service.objects.filter(kind="report", state=State.PUBLISHED, is_public=True, current__isnull=False)
    if code:
        found = found.filter(pk=code)
    by_token = set(TokenService.objects.values_list("service_id", flat=True))
    rows = found.values_list("code", "name_th", "name_en", "group", "current__definition")
    return [Offered(*row, by_token=row[0] in by_token) for row in rows if not row[4].get("confidential")]


def changed_at() -> datetime:
    """When something was published last."""
    found = ServiceVersion.objects.aggregate(at=Max("published_at"))["at"]
    return found or NEVER
