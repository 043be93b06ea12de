"""Breaking the glass, seeing what was opened, and the review by another."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from maehia.access import actions, forms, queries, registry
from maehia.access.models import BreakGlass
from maehia.access.permissions import acting_as, require
from maehia.access.purposes import fields_of
from maehia.base import ProblemError
from maehia.kit import clock
from maehia.kit.acting import Scope, acting
from maehia.kit.idempotency import Created, idempotent


@require_http_methods(["GET", "POST"])
@require("access.break_glass")
@idempotent("access.glass", show=lambda request, pk: redirect("access-glass-show", pk))
def index(request: HttpRequest) -> HttpResponse | Created:
    """My openings and the form for another. `?person=<key>` comes from the page of a person."""
    form = forms.GlassForm(request.POST or None, initial={"person": request.GET.get("person", ""), "hours": "1"})
    if request.method == "POST" and form.is_valid():
        try:
            return Created(actions.break_glass(request.user, _ask(form)).pk)
        except ProblemError as error:
            forms.refuse(form, error)
    with acting(request.user.actor, "access.request"):
        mine = list(queries.glass_of(request.user.actor)[:20])
    context = {"form": form, "mine": mine, "now": clock.now(), "person": form["person"].value()}
    return render(request, "access/glass.html", context)


def _ask(form: Any) -> actions.Ask:
    values = form.cleaned_data
    return actions.Ask(
        ground=values["ground"], reason=values["reason"], person=form.chosen_person(), area=values["area"],
        hours=float(values["hours"]), incident_no=values["incident_no"], cannot_consent=values["cannot_consent"],
    )  # fmt: skip


@require_safe
@require("access.break_glass")
def show(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The minimum fields of whom the glass opened; every person shown leaves a line in the log."""
    glass = _mine(request, pk)
    context: dict[str, Any] = {"glass": glass, "ground": queries.grounds()[glass.ground], "people": []}
    with acting(glass.actor, glass.purpose, scope=Scope.grant(glass.grant)):
        if registry.minimal.function is not None:
            people = list(registry.minimal.function(fields_of(glass.purpose, "person")))
            actions.log_read("person", [person.key for person in people], via="break_glass")
            context["people"] = people
    context["ended"] = bool(glass.ended_at) or clock.now() >= glass.expires_at
    return render(request, "access/glass_show.html", context)


@require_POST
@require("access.break_glass")
def end(request: HttpRequest, pk: UUID) -> HttpResponse:
    actions.end_glass(_mine(request, pk))
    messages.success(request, gettext("ปิดข้อมูลฉุกเฉินแล้ว ยังต้องรอการตรวจทาน"))
    return redirect("access-glass")


def _mine(request: HttpRequest, pk: UUID) -> BreakGlass:
    with acting(request.user.actor, "access.request"):
        return get_object_or_404(queries.glass_of(request.user.actor), pk=pk)


@require_safe
@require("access.review")
def queue(request: HttpRequest) -> HttpResponse:
    with acting_as(request.user, "access.oversee"):
        rows = list(queries.glass_to_review())
        by = queries.accounts_by_actor([row.actor for row in rows])
        lines = [{"glass": row, "by": by.get(row.actor), "ground": queries.grounds().get(row.ground)} for row in rows]
    return render(request, "access/glass_queue.html", {"rows": lines, "now": clock.now(), "me": request.user.actor})


@require_http_methods(["GET", "POST"])
@require("access.review")
def review(request: HttpRequest, pk: UUID) -> HttpResponse:
    form = forms.ReviewForm(request.POST or None)
    with acting_as(request.user, "access.oversee"):
        glass = get_object_or_404(BreakGlass, pk=pk)
        if request.method == "POST" and form.is_valid():
            try:
                actions.review_glass(glass, **form.cleaned_data)
            except ProblemError as error:
                forms.refuse(form, error)
            else:
                messages.success(request, gettext("บันทึกผลการตรวจทานและแจ้งผู้เปิดข้อมูลแล้ว"))
                return redirect("access-glass-review")
        return render(request, "access/glass_review.html", {
            "glass": glass, "form": form, "by": queries.accounts_by_actor([glass.actor]).get(glass.actor),
            "ground": queries.grounds().get(glass.ground), "seen": _seen(glass),
        })  # fmt: skip


def _seen(glass: BreakGlass) -> int:
    """How many people were really shown under this grant."""
    return queries.reads().filter(grant=glass.grant).order_by().values("key").distinct().count()
