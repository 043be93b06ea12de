"""From origins to what the page shows beside a value: the list, its day, file and row, or who corrected it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext

from maehia.access.permissions import can
from maehia.access.queries import accounts_by_actor
from maehia.city.queries.origins import Origin, origins
from maehia.kit.acting import current
from maehia.web import registry as web
from maehia.web.values import Source


class Chips:
    """Source chips of one page: origins are asked for once, all together, and named in the language of the page."""

    def __init__(self, request: HttpRequest, texts: Iterable[str]) -> None:
        self.opens_deliveries = can(request.user, "intake.view")
        self.found = origins(texts)
        self.names = people_words(o.by for o in self.found.values() if o.by)

    def of(self, text: str) -> list[Source]:
        """The chip of a value; nothing for a value that was worked out from others."""
        origin = self.found.get(text)
        return [self.chip(origin)] if origin else []

    def chip(self, origin: Origin) -> Source:
        if origin.kind == "correction":
            by = gettext("โดย %(who)s") % {"who": self.names.get(origin.by, origin.by)}
            return Source(gettext("แก้ไขโดยเจ้าหน้าที่"), origin.as_of, by, note=origin.why)
        if origin.kind == "hidden":
            return Source(gettext("บัญชีที่วัตถุประสงค์นี้ไม่เปิดให้ดู"))
        return Source(
            list_name(origin.name_th, origin.name_en), origin.as_of, place_words(origin), self.delivery_url(origin)
        )  # fmt: skip

    def delivery_url(self, origin: Origin) -> str:
        return f"/staff/intake/deliveries/{origin.delivery}/" if self.opens_deliveries and origin.delivery else ""


def list_name(th: str, en: str) -> str:
    return web.in_language(th, en)


def place_words(origin: Origin) -> str:
    """civil.xlsx แผ่น1 แถว 12."""
    row = gettext("แถว %(n)s") % {"n": origin.row_no} if origin.row_no else ""
    return " ".join(part for part in (origin.filename, origin.sheet, row) if part)


def people_words(actors: Iterable[str]) -> dict[str, str]:
    """Actor -> the name of the account; programs by what they are. Needs a purpose that reads accounts."""
    wanted = list(actors)
    accounts = accounts_by_actor(wanted) if wanted and current() else {}
    return {actor: _who(actor, accounts.get(actor)) for actor in wanted}


def _who(actor: str, account: Any) -> str:
    if account is not None:
        return f"{account.display_name} ({account.unit})" if account.unit else account.display_name
    return gettext("ระบบ") if actor.startswith("system:") else gettext("เจ้าหน้าที่")
