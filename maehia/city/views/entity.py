"""One address per entity: now, its history, and as it was. A merged key leads to the one that stands."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime, time
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from maehia.access.permissions import can
from maehia.base import BANGKOK
from maehia.city import words
from maehia.city.forms import ThenForm
from maehia.city.queries.entities import KINDS, standing_key
from maehia.city.queries.history import Said, as_it_was, timeline
from maehia.city.queries.labels import ref_of
from maehia.city.queries.people import person_view
from maehia.city.views.chips import Chips
from maehia.city.views.history import Told, then_rows, told
from maehia.city.views.pages import PERSONAL, Page, url_of
from maehia.city.views.people import household_page, person_page
from maehia.city.views.purpose import Choice, may_any, reading
from maehia.city.views.things import thing_page
from maehia.kit import clock
from maehia.web.values import Crumb

View = Callable[..., HttpResponseBase]


def opens_kind(view: View) -> View:
    """People need `city.people`; things are there for whoever sees the map or searches."""

    @wraps(view)
    def checked(request: HttpRequest, kind: str, key: uuid.UUID) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        if kind not in words.KIND:
            raise Http404
        needed = ("city.people",) if kind in PERSONAL else ("city.search", "city.map")
        if not may_any(request, *needed):
            raise PermissionDenied(needed[0])
        return view(request, kind, key)

    return checked


@never_cache
@require_safe
@opens_kind
def entity(request: HttpRequest, kind: str, key: uuid.UUID) -> HttpResponse:
    choice = Choice(request)
    with reading(request, choice) as acting:
        page = make_page(request, kind, key, acting=acting)
    if page is None:
        raise Http404
    if page.key != key:
        return redirect(page.url, permanent=False)
    return render(request, "city/entity.html", {**frame(page, choice, "now"), "reveal": None})


def make_page(request: HttpRequest, kind: str, key: uuid.UUID, *, acting: bool) -> Page | None:
    """The page, or None when there is nothing to see under the purpose: the same for "not there" and "not yours"."""
    if kind in PERSONAL:
        if not acting:
            return None
        return person_page(request, key) if kind == "person" else household_page(request, key)
    return thing_page(request, kind, key, people=acting and can(request.user, "city.people"))


def frame(page: Page, choice: Choice, tab: str) -> dict[str, Any]:
    """What every page of an entity carries: crumbs, purpose, tabs."""
    crumbs = [Crumb(gettext("ค้นหาในทะเบียน"), reverse("city:search")), Crumb(page.kind_word)]
    return {"page": page, "choice": choice, "crumbs": crumbs, "tabs": tabs(page.kind, page.key, tab)}


def tabs(kind: str, key: uuid.UUID, current: str) -> list[dict[str, Any]]:
    if kind == "household":
        return []
    named = (
        ("now", gettext("ข้อมูลปัจจุบัน"), url_of(kind, key)),
        ("history", gettext("ประวัติ"), reverse("city:history", args=[kind, key])),
        ("then", gettext("ย้อนดูตามวันที่"), reverse("city:then", args=[kind, key])),
    )
    return [{"label": label, "url": url, "current": name == current} for name, label, url in named]


@never_cache
@require_safe
@opens_kind
def history(request: HttpRequest, kind: str, key: uuid.UUID) -> HttpResponse:
    """What each list said and when we learned it, and what people decided."""
    choice = Choice(request)
    with reading(request, choice) as acting:
        page, _row = head(kind, key, acting=acting)
        items: list[Told] = told(request, kind, page.key, timeline(kind, page.key))
    return render(request, "city/history.html", {**frame(page, choice, "history"), "items": items})


@never_cache
@require_safe
@opens_kind
def then(request: HttpRequest, kind: str, key: uuid.UUID) -> HttpResponse:
    """As it was on day V, as known on day S."""
    choice, asked = Choice(request), bool(request.GET)
    form = ThenForm(request.GET if asked else None, initial={"valid": clock.today(), "known": clock.today()})
    rows = []
    with reading(request, choice) as acting:
        page, row = head(kind, key, acting=acting)
        if asked and form.is_valid():
            said = said_then(kind, page.key, form.cleaned_data)
            rows = then_rows(kind, said, row, Chips(request, [value.origin for value in said]))
    context = {**frame(page, choice, "then"), "form": form, "rows": rows, "asked": asked and form.is_valid()}
    return render(request, "city/then.html", context)


def said_then(kind: str, key: uuid.UUID, days: dict[str, Any]) -> list[Said]:
    """Known on a day means known when that day ended in Thailand."""
    known = datetime.combine(days["known"], time.max, tzinfo=BANGKOK)
    return as_it_was(kind, key, days["valid"], known)


def head(kind: str, key: uuid.UUID, *, acting: bool) -> tuple[Page, Any]:
    """Name and row of an entity for its other tabs; 404 as on its own page. The read is logged."""
    if kind == "household" or (kind == "person" and not acting):
        raise Http404
    if kind == "person":
        view = person_view(key, via="history")
        if view is None:
            raise Http404
        return Page(kind, view.key, view.name or gettext("ไม่ทราบชื่อ")), view.person
    row = KINDS[kind]._base_manager.filter(pk=standing_key(kind, key)).first()
    if row is None:
        raise Http404
    ref = ref_of(kind, row)
    return Page(kind, ref.key, ref.label, ref.detail), row
