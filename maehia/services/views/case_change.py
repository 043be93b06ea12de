"""Acts on a case that are looked at before they are done: another category, another place, one with another case."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_http_methods

from maehia.access.permissions import acting_as
from maehia.base import ProblemError
from maehia.city.queries.places import box_around
from maehia.services import actions
from maehia.services.actions.base import pauses_of, set_due
from maehia.services.actions.opening import NewCase, facts_of, promise_data
from maehia.services.models import Case, Unit
from maehia.services.queries.cases import CasePage
from maehia.services.queries.current import Current, current
from maehia.services.queries.near import snap
from maehia.services.queries.places import Where
from maehia.services.rules.routing import route
from maehia.services.views.case import head, likely, may_act, on_desk, purpose_of, read, url_of
from maehia.services.views.case_acts import by, version_of
from maehia.services.views.case_forms import CategoryForm
from maehia.services.views.case_words import promise_words
from maehia.web import registry as web


@dataclass(frozen=True, slots=True)
class Effect:
    """What another category would change, before anything is stored."""

    name: str
    promise: str
    due_before: datetime | None
    due_after: datetime | None
    unit_before: str
    unit_after: str
    public_before: bool
    public_after: bool


def effect_of(page: CasePage, code: str) -> Effect:
    """The new deadline (from the day of receipt, with its pauses), the new unit, and who will see it."""
    offer, row = current(code), page.case
    after = copy(row)
    after.promise = promise_data(offer)
    set_due(after, pauses_of(row))
    return Effect(
        web.in_language(offer.service.name_th, offer.service.name_en), promise_words(after.promise["resolve"]),
        row.due_at, after.due_at, _unit(row.unit_id), _unit(_routed(page, offer)), row.is_public,
        offer.definition.visibility.is_public and not offer.definition.confidential,
    )  # fmt: skip


def _routed(page: CasePage, offer: Current) -> str | None:
    row, detail = page.case, page.detail
    new = NewCase(service=offer.service.pk, channel=row.channel, description=detail.description if detail else "",
                  asset_key=row.asset_key, answers=detail.answers if detail else {}, urgent=row.is_urgent,
                  event_at=row.received_at)  # fmt: skip
    return route(offer.routing, facts_of(new, offer, Where(True, row.moo, ""))).unit or offer.definition.unit


def _unit(key: str | None) -> str:
    row = Unit.objects.filter(pk=key or "").first()
    return web.in_language(row.name_th, row.name_en) if row else gettext("ยังไม่มีหน่วยงาน")


def to_change(request: HttpRequest, key: UUID) -> CasePage:
    """The case for an officer who may act on it."""
    page = read(request, key)
    if not may_act(page):
        raise PermissionDenied("not_your_unit")
    return page


class WhyForm(forms.Form):
    """What the citizen is told about the change."""

    note = forms.CharField(
        label=gettext_lazy("ข้อความถึงผู้แจ้ง"), required=False, max_length=1000, widget=forms.Textarea({"rows": 2})
    )


@require_http_methods(["GET", "POST"])
@on_desk
def category(request: HttpRequest, key: UUID) -> HttpResponse:
    """First what will change, then the change."""
    with acting_as(request.user, purpose_of(request)):  # type: ignore[arg-type]
        page = to_change(request, key)
        asked = CategoryForm(page, request.POST if request.method == "POST" else request.GET)
        if not asked.is_valid():
            return redirect(url_of(page))
        code, form = asked.cleaned_data["code"], WhyForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            note = form.cleaned_data["note"]
            done = attempt(form, lambda: actions.recategorise(
                key, code, by=by(request), version=version_of(request), note=note))  # fmt: skip
            if done:
                messages.success(request, gettext("เปลี่ยนประเภทของเรื่อง %(number)s แล้ว") % {"number": page.case.number})
                return redirect(url_of(page))
        context = {**head(page), "code": code, "effect": effect_of(page, code), "form": form, "back": url_of(page)}
        return render(request, "services/case_category.html", context, status=422 if form.errors else 200)


def attempt(form: forms.Form, work: Any) -> bool:
    """Do it, or say on the form why not."""
    try:
        work()
    except ProblemError as error:
        form.add_error(None, " ".join(part for part in (error.problem.what, error.problem.fix) if part))
        return False
    return True


class PlaceForm(forms.Form):
    """A pin. Typed numbers do without a map."""

    lat = forms.FloatField(label=gettext_lazy("ละติจูด"), min_value=5, max_value=21)
    lon = forms.FloatField(label=gettext_lazy("ลองจิจูด"), min_value=97, max_value=106)
    tie = forms.BooleanField(label=gettext_lazy("ผูกกับทรัพย์สินในทะเบียนที่ใกล้ที่สุด"), required=False, initial=True)


@require_http_methods(["GET", "POST"])
@on_desk
def place(request: HttpRequest, key: UUID) -> HttpResponse:
    """Put the pin right; the registered thing beside it is tied to the case."""
    with acting_as(request.user, purpose_of(request)):  # type: ignore[arg-type]
        page = to_change(request, key)
        point = page.point
        start = {"lat": round(point.y, 6), "lon": round(point.x, 6)} if point else {}
        form = PlaceForm(request.POST or None, initial=start)
        if request.method == "POST" and form.is_valid():
            spot = (form.cleaned_data["lon"], form.cleaned_data["lat"])
            found = snap(*spot, page.definition.asset_kinds) if form.cleaned_data["tie"] else None
            done = attempt(form, lambda: actions.set_place(
                key, (found.lon, found.lat) if found else spot, found.key if found else None, by=by(request),
                version=version_of(request)))  # fmt: skip
            if done:
                words = gettext("ผูกกับ %(asset)s แล้ว") % {"asset": found.name or found.code} if found else gettext(
                    "บันทึกตำแหน่งแล้ว")  # fmt: skip
                messages.success(request, words)
                return redirect(url_of(page))
        context = {**head(page), "form": form, "bounds": box_around(point) if point else None, "back": url_of(page)}
        return render(request, "services/case_place.html", context, status=422 if form.errors else 200)


class MergeForm(forms.Form):
    """The case that goes on, by its number."""

    parent = forms.CharField(label=gettext_lazy("เลขที่เรื่องหลัก"), max_length=20)
    why = forms.CharField(label=gettext_lazy("เหตุผล (ผู้แจ้งอ่านได้)"), required=False, max_length=300)


@require_http_methods(["GET", "POST"])
@on_desk
def merge(request: HttpRequest, key: UUID) -> HttpResponse:
    """This case ends as a duplicate of another; its followers go on with that one. Can be undone."""
    with acting_as(request.user, purpose_of(request)):  # type: ignore[arg-type]
        page = to_change(request, key)
        form = MergeForm(request.POST or None, initial={"parent": request.GET.get("parent", "")[:20]})
        if request.method == "POST" and form.is_valid():
            parent = Case.objects.filter(number=form.cleaned_data["parent"].strip()).first()
            if parent is None:
                form.add_error("parent", gettext("ไม่พบเรื่องเลขที่นี้"))
            elif attempt(form, lambda: actions.merge(key, parent.pk, by=by(request), why=form.cleaned_data["why"],
                                                     version=version_of(request))):  # fmt: skip
                messages.success(
                    request, gettext("รวมกับเรื่อง %(number)s แล้ว ผู้ติดตามย้ายไปด้วย") % {"number": parent.number}
                )
                return redirect("services:case", parent.pk)
        context = {
            **head(page),
            "form": form,
            "likely": [] if "pick" in request.GET else likely(page),
            "back": url_of(page),
        }
        return render(request, "services/case_merge.html", context, status=422 if form.errors else 200)
