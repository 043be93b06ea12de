"""The officer's inbox: what must I do now? The same list on a phone and on a desk."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from maehia.access.permissions import acting_as, can, require
from maehia.kit import clock
from maehia.services.models import CHANNELS, Service, Unit
from maehia.services.queries.inbox import After, Filter, Listed, counts, rows
from maehia.services.views.staff_parts import channel_words, desk_for, listed
from maehia.web import registry as web
from maehia.web.values import Action, Chip

WHO = {"unit": gettext_lazy("หน่วยของฉัน"), "me": gettext_lazy("งานของฉัน"), "all": gettext_lazy("ทุกหน่วย")}
WHEN = {
    "late": gettext_lazy("เกินกำหนด"), "today": gettext_lazy("ครบกำหนดวันนี้"), "new": gettext_lazy("รอรับเรื่อง"),
    "waiting": gettext_lazy("รอผู้แจ้งตอบ"), "urgent": gettext_lazy("เร่งด่วน"),
}  # fmt: skip
GROUPS = {
    "late": gettext_lazy("เกินกำหนดแล้ว"), "work": gettext_lazy("ครบกำหนดวันนี้"), "open": gettext_lazy("ยังอยู่ในกำหนด"),
    "wait": gettext_lazy("ไม่มีกำหนดหรือหยุดนาฬิกา"), "done": gettext_lazy("จบแล้ว"),
}  # fmt: skip


@never_cache
@require_safe
@require("services.inbox")
def inbox(request: HttpRequest) -> HttpResponse:
    """One page of at most a hundred cases, what is due first."""
    with acting_as(request.user, "services.desk"):  # type: ignore[arg-type]
        desk, now = desk_for(request), clock.now()
        asked = Filter.of(request.GET, desk)
        page = rows(asked, after=After.read(request.GET.get("after", "")))
        told = counts(asked)
        if desk.units and asked.but(when="") == Filter(desk, who="unit"):
            request.maehia_late = told["when_late"]  # type: ignore[attr-defined]
        shown = listed(page.rows, now, me=desk.account)
        context = {
            "groups": grouped(shown, plain=bool(asked.typed) or asked.when == "closed"), "asked": asked,
            "tabs": tabs(asked, told), "chips": chips(asked, told), "found": len(shown), **further(request, page),
            "choices": choices(asked), "narrowed": narrowed(asked), "actions": doors(request), "typed": asked.typed,
        }  # fmt: skip
        return render(request, "services/inbox.html", context)


def grouped(shown: list[dict[str, Any]], *, plain: bool) -> list[tuple[str, list[dict[str, Any]]]]:
    """Under words for what is late, due today and later; a search and ended cases in one list."""
    if plain:
        return [("", shown)] if shown else []
    parts = groupby(shown, key=lambda row: row["due_tag"])
    return [(str(GROUPS[tag]), list(part)) for tag, part in parts]


def address(asked: Filter, **changes: Any) -> str:
    """The page with these parts of the filter changed; the first page of it."""
    now = asked.but(**changes)
    parts = {"who": now.who, "when": now.when, "kind": now.kind, "service": now.service, "channel": now.channel,
             "unit": now.unit, "q": now.typed, "moo": "" if now.moo is None else now.moo}  # fmt: skip
    kept = {name: value for name, value in parts.items() if value != ""}
    return f"{reverse('services:inbox')}?{urlencode(kept)}"


def tabs(asked: Filter, told: dict[str, int]) -> list[dict[str, Any]]:
    own = WHO if asked.desk.units else {key: words for key, words in WHO.items() if key != "unit"}
    return [{"label": words, "url": address(asked, who=who, when="" if asked.when == "closed" else asked.when),
             "current": asked.who == who, "count": told[f"who_{who}"]} for who, words in own.items()]  # fmt: skip


def chips(asked: Filter, told: dict[str, int]) -> list[Chip]:
    found = [
        Chip(
            str(words),
            address(asked, when="" if asked.when == when else when),
            asked.when == when,
            told[f"when_{when}"],
        )
        for when, words in WHEN.items()
    ]
    closed = asked.when == "closed"
    return [*found, Chip(gettext("ปิดแล้ว"), address(asked, when="" if closed else "closed"), closed)]


def choices(asked: Filter) -> list[dict[str, Any]]:
    """The boxes of "more filters": name, words, [(value, words)], which one is chosen."""
    services = [(s.code, web.in_language(s.name_th, s.name_en)) for s in Service.objects.exclude(state="draft")]
    units = [(u.key, web.in_language(u.name_th, u.name_en)) for u in Unit.objects.filter(active=True)]
    return [
        {"name": "service", "label": gettext("ประเภท"), "options": services, "chosen": asked.service},
        {"name": "unit", "label": gettext("หน่วยงาน"), "options": units, "chosen": asked.unit},
        {"name": "channel", "label": gettext("ช่องทาง"), "options": [(c, channel_words(c)) for c, _ in CHANNELS],
         "chosen": asked.channel},
    ]  # fmt: skip


def narrowed(asked: Filter) -> list[Chip]:
    """What narrows the list beside the chips above, each to be taken off."""
    found: Iterator[tuple[str, dict[str, Any]]] = iter([
        (asked.typed and f"“{asked.typed}”", {"typed": ""}),
        (asked.service and name_of(Service, asked.service), {"service": ""}),
        (asked.unit and name_of(Unit, asked.unit), {"unit": ""}),
        (asked.channel and channel_words(asked.channel), {"channel": ""}),
        (gettext("หมู่ %(moo)s") % {"moo": asked.moo} if asked.moo is not None else "", {"moo": None}),
    ])  # fmt: skip
    return [Chip(words, address(asked, **off), on=True) for words, off in found if words]


def name_of(model: Any, key: str) -> str:
    row = model.objects.filter(pk=key).first()
    return web.in_language(row.name_th, row.name_en) if row else key


def further(request: HttpRequest, page: Listed) -> dict[str, str]:
    query = request.GET.copy()
    first = query.copy()
    first.pop("after", None)
    next_url = ""
    if page.after is not None:
        query["after"] = str(page.after)
        next_url = f"?{query.urlencode()}"
    return {"next_url": next_url, "first_url": f"?{first.urlencode()}" if "after" in request.GET else ""}


def doors(request: HttpRequest) -> list[Action]:
    if not can(request.user, "services.enter"):
        return []
    return [Action(gettext("บันทึกเรื่องใหม่"), reverse("services:entry"), "primary", "plus")]
