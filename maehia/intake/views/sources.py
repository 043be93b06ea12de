"""The lists of the town: how fresh each is, on what law it rests, what was delivered."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from maehia.access.permissions import acting_as, can, require
from maehia.base import ProblemError
from maehia.evidence.actions import enter_leave, revoke_leave, save_source
from maehia.evidence.models import Delivery, Source, SourceLeave
from maehia.evidence.queries import freshness
from maehia.intake.forms import LeaveForm, NewSourceForm, SourceForm
from maehia.intake.pages import crumbs, delivery_table, freshness_table
from maehia.intake.sources import ground_label, need_ground
from maehia.kit import clock
from maehia.web.values import Action

WAITING = ("received", "parsed", "mapped", "checked", "previewed")


@require_safe
@require("intake.view")
def index(request: HttpRequest) -> HttpResponse:
    waiting = Delivery.objects.filter(state__in=WAITING).select_related("source")[:50]
    actions = [Action(_("ส่งไฟล์"), "deliver/", "primary", "upload")] if can(request.user, "intake.deliver") else []
    context = {
        "actions": actions,
        "waiting": delivery_table(waiting, _("ไฟล์ที่ยังรอคุณ")),
        "sources": freshness_table(freshness(clock.today())),
        "may_add": can(request.user, "intake.sources"),
    }
    return render(request, "intake/index.html", context)


@require_safe
@require("intake.view")
def show(request: HttpRequest, key: str) -> HttpResponse:
    source = get_object_or_404(Source, key=key)
    deliveries = Delivery.objects.filter(source=source).select_related("source")[:100]
    context = {
        "source": source, "crumbs": crumbs((source.name_th, "")), "deliveries": delivery_table(deliveries, _("รอบส่งทั้งหมด")),
        "leaves": source.leaves.order_by("-issued_on"), "need_ground": ground_label(need_ground(source)),
        "may_leave": can(request.user, "intake.leave"), "may_edit": can(request.user, "intake.sources"),
        "mapping": sorted(source.mapping.get("fields", {}).items()), "leave_form": LeaveForm(),
    }  # fmt: skip
    return render(request, "intake/source.html", context)


@require("intake.sources")
def create(request: HttpRequest) -> HttpResponse:
    form = NewSourceForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _saved(request, form, form.cleaned_data["key"]):
        return redirect("intake:source", key=form.cleaned_data["key"])
    return render(request, "intake/source_form.html", {"form": form, "crumbs": crumbs((_("แหล่งข้อมูลใหม่"), ""))})


@require("intake.sources")
def edit(request: HttpRequest, key: str) -> HttpResponse:
    source = get_object_or_404(Source, key=key)
    form = SourceForm(request.POST or None, instance=source)
    if request.method == "POST" and form.is_valid() and _saved(request, form, key):
        return redirect("intake:source", key=key)
    context = {"form": form, "crumbs": crumbs((source.name_th, "")), "source": source}
    return render(request, "intake/source_form.html", context)


def _saved(request: HttpRequest, form: SourceForm, key: str) -> bool:
    """Save through the action; a refusal becomes an error of the form."""
    values: dict[str, Any] = {name: value for name, value in form.cleaned_data.items() if name != "key"}
    try:
        with acting_as(request.user, "intake.prepare"):
            save_source(key, values)
    except ProblemError as refused:
        form.add_error(None, f"{refused.problem.what} {refused.problem.fix}")
        return False
    return True


@require_POST
@require("intake.leave")
def leave(request: HttpRequest, key: str) -> HttpResponse:
    source = get_object_or_404(Source, key=key)
    form = LeaveForm(request.POST)
    if not form.is_valid():
        context = {"form": form, "crumbs": crumbs((source.name_th, "")), "source": source}
        return render(request, "intake/leave_form.html", context)
    with acting_as(request.user, leave_purpose(request)):
        enter_leave(source, **form.cleaned_data)
    return redirect("intake:source", key=key)


@require_POST
@require("intake.leave")
def revoke(request: HttpRequest, key: str, pk: int) -> HttpResponse:
    found = get_object_or_404(SourceLeave, pk=pk, source_id=key, revoked_on=None)
    with acting_as(request.user, leave_purpose(request)):
        revoke_leave(found, clock.today())
    return redirect("intake:source", key=key)


def leave_purpose(request: HttpRequest) -> str:
    """Who enters a leave is the DPO or the clerk; each acts under the purpose that the role carries."""
    from maehia.access.permissions import purposes_of

    own = purposes_of(request.user)
    return next((p for p in ("access.oversee", "access.manage", "intake.prepare") if p in own), "intake.prepare")
