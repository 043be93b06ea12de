"""What each role may do: changed with a preview, kept with its history, undone with one button."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from maehia.access import actions, forms, permissions, purposes
from maehia.access.models import Role
from maehia.access.permissions import acting_as, require
from maehia.access.queries import accounts_by_actor, events_of, holders_of_role
from maehia.web.registry import in_language

MANAGE = "access.manage"


@require_safe
@require("access.roles")
def index(request: HttpRequest) -> HttpResponse:
    with acting_as(request.user, MANAGE):
        rows = [{"role": role, "count": len(holders_of_role(role.key))} for role in Role.objects.all()]
    return render(request, "access/roles.html", {"rows": rows})


@require_http_methods(["GET", "POST"])
@require("access.roles")
def show(request: HttpRequest, key: str) -> HttpResponse:
    """GET the form, POST a preview, POST again with `save` to keep it."""
    role = get_object_or_404(Role, key=key)
    start = {"permissions": role.permissions, "purposes": role.purposes}
    form = forms.RoleForm(request.POST or None, initial=start)
    with acting_as(request.user, MANAGE):
        context = {"role": role, "form": form, "history": _history(role), "holders": holders_of_role(key)}
        if request.method != "POST" or not form.is_valid():
            return render(request, "access/role.html", context)
        if "save" not in request.POST:
            return render(request, "access/role_preview.html", context | {"difference": _difference(role, form)})
        kept = [p for p in role.purposes if p.startswith("system.")]
        actions.save_role(
            role,
            chosen_permissions=form.cleaned_data["permissions"],
            chosen_purposes=[*form.cleaned_data["purposes"], *kept],
        )
    messages.success(request, gettext("บันทึกบทบาท %(name)s แล้ว มีผลทันที") % {"name": role.name_th})
    return redirect("access-role", key)


@require_POST
@require("access.roles")
def undo(request: HttpRequest, key: str) -> HttpResponse:
    role = get_object_or_404(Role, key=key)
    if events_of(role).count() < 2:
        messages.warning(request, gettext("บทบาทนี้ยังไม่เคยถูกแก้ไข"))
        return redirect("access-role", key)
    with acting_as(request.user, MANAGE):
        actions.undo(role)
    messages.success(request, gettext("ย้อนกลับการเปลี่ยนแปลงล่าสุดแล้ว"))
    return redirect("access-role", key)


def _difference(role: Role, form: Any) -> dict[str, list[str]]:
    """Words of what is added and what is taken away."""
    asked = {*form.cleaned_data["permissions"], *form.cleaned_data["purposes"]}
    had = {p for p in [*role.permissions, *role.purposes] if not p.startswith("system.")}
    return {"added": _words(asked - had), "removed": _words(had - asked)}


def _words(keys: set[str]) -> list[str]:
    catalogue, listed = permissions.catalogue(), purposes.published()
    found = []
    for key in sorted(keys):
        if key in catalogue:
            found.append(in_language(catalogue[key]["th"], catalogue[key]["en"]))
        elif key in listed:
            found.append(in_language(listed[key].th, listed[key].en))
        else:
            found.append(key)
    return found


def _history(role: Role) -> list[dict[str, Any]]:
    events = list(events_of(role).select_related("pgh_context")[:20])
    by = accounts_by_actor([(e.pgh_context.metadata if e.pgh_context else {}).get("actor", "") for e in events])
    return [
        {"event": e, "by": by.get((e.pgh_context.metadata if e.pgh_context else {}).get("actor", ""))} for e in events
    ]
