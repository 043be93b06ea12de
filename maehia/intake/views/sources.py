"""The lists of the town: how fresh each is, on what law it rests, what was delivered."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from maehia.access.permissions import acting_as, can, purposes_of, require
from maehia.base import ProblemError
from maehia.evidence.actions import enter_leave, revoke_leave, save_source
from maehia.evidence.models import Delivery, Source, SourceLeave
from maehia.evidence.queries import freshness
from maehia.intake.forms import LeaveForm, NewSourceForm, SourceForm
from maehia.intake.pages import crumbs, delivery_table, freshness_table, mapping_terms, source_name, source_terms
from maehia.kit import clock
from maehia.web.values import Action

WAITING = ("received", "parsed", "mapped", "checked", "previewed")


@require_safe
@require("intake.view")
def index(request: HttpRequest) -> HttpResponse:
    """What waits for somebody first, then every list with its promise."""
    waiting = Delivery.objects.filter(state__in=WAITING, source__built_in=False).select_related("source")[:50]
    context = {
        "actions": _index_actions(request), "waiting": delivery_table(waiting, _("ไฟล์ที่ยังค้างอยู่")),
        "sources": freshness_table(freshness(clock.today())),
    }  # fmt: skip
    return render(request, "intake/index.html", context)


def _index_actions(request: HttpRequest) -> list[Action]:
    actions = []
    if can(request.user, "intake.deliver"):
        actions.append(Action(_("ส่งไฟล์"), reverse("intake:deliver"), "primary", "upload"))
    if can(request.user, "intake.sources"):
        actions.append(Action(_("เพิ่มแหล่งข้อมูล"), reverse("intake:source-new"), "", "plus"))
    return actions


@require_safe
@require("intake.view")
def show(request: HttpRequest, key: str) -> HttpResponse:
    source = get_object_or_404(Source, key=key)
    deliveries = Delivery.objects.filter(source=source).select_related("source")[:100]
    context = {
        "source": source, "title": source_name(source), "crumbs": crumbs((source_name(source), "")),
        "actions": _actions(request, source),
        "deliveries": delivery_table(deliveries, _("รอบส่งทั้งหมด")), "terms": source_terms(source),
        "leaves": source.leaves.order_by("-issued_on"), "locked": source.is_locked, "mapping": mapping_terms(source),
        "may_leave": source.needs_leave and can(request.user, "intake.leave"), "leave_form": LeaveForm(),
        "standing": next((row for row in freshness(clock.today()) if row.source.key == key), None),
    }  # fmt: skip
    return render(request, "intake/source.html", context)


def _actions(request: HttpRequest, source: Source) -> list[Action]:
    actions = []
    if can(request.user, "intake.deliver") and not source.built_in and not source.is_locked:
        url = f"{reverse('intake:deliver')}?source={source.key}"
        actions.append(Action(_("ส่งไฟล์ของบัญชีนี้"), url, "primary", "upload"))
    if can(request.user, "intake.sources") and not source.built_in:
        actions.append(Action(_("แก้ไข"), reverse("intake:source-edit", args=[source.key]), "", "edit"))
    return actions


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
    context = {"form": form, "crumbs": crumbs((source_name(source), _page(key)), (_("แก้ไข"), "")), "source": source}
    return render(request, "intake/source_form.html", context)


def _saved(request: HttpRequest, form: SourceForm, key: str) -> bool:
    """Save through the action; a refusal becomes an error of the form."""
    values: dict[str, Any] = {name: value for name, value in form.cleaned_data.items() if name != "key"}
    try:
        with acting_as(request.user, own_purpose(request)):
            save_source(key, values)
    except ProblemError as refused:
        form.add_error(None, f"{refused.problem.what} {refused.problem.fix}")
        return False
    messages.success(request, _("บันทึกแหล่งข้อมูล %(name)s แล้ว") % {"name": form.cleaned_data["name_th"]})
    return True


@require_POST
@require("intake.leave")
def leave(request: HttpRequest, key: str) -> HttpResponse:
    source = get_object_or_404(Source, key=key)
    form = LeaveForm(request.POST)
    if not form.is_valid():
        context = {
            "form": form,
            "crumbs": crumbs((source_name(source), _page(key)), (_("หนังสืออนุญาต"), "")),
            "source": source,
        }
        return render(request, "intake/leave_form.html", context)
    with acting_as(request.user, own_purpose(request)):
        enter_leave(source, **form.cleaned_data)
    messages.success(request, _("บันทึกหนังสืออนุญาตแล้ว บัญชีนี้ส่งไฟล์ได้"))
    return redirect("intake:source", key=key)


@require_POST
@require("intake.leave")
def revoke(request: HttpRequest, key: str, pk: int) -> HttpResponse:
    found = get_object_or_404(SourceLeave, pk=pk, source_id=key, revoked_on=None)
    with acting_as(request.user, own_purpose(request)):
        revoke_leave(found, clock.today())
    messages.success(request, _("บันทึกการสิ้นสุดหนังสืออนุญาตแล้ว บัญชีนี้ถูกปิดจนกว่าจะมีหนังสือใหม่"))
    return redirect("intake:source", key=key)


def _page(key: str) -> str:
    return reverse("intake:source", args=[key])


def own_purpose(request: HttpRequest) -> str:
    """Sources are kept by the data officer, the DPO and the clerk; each acts under a purpose that the role carries."""
    held = purposes_of(request.user)
    return next((p for p in ("intake.prepare", "access.oversee", "access.manage") if p in held), "intake.prepare")
