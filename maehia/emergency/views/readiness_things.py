"""Vehicles, boats, pumps, sandbags: where each is and how it is, and where it was."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from maehia.access.permissions import can
from maehia.access.queries import accounts_by_actor
from maehia.emergency.actions import readiness as actions
from maehia.emergency.actions.readiness import NewResource
from maehia.emergency.models import Resource
from maehia.emergency.queries import readiness as queries
from maehia.emergency.queries.readiness import ResourceNow
from maehia.emergency.views.readiness_forms import MoveForm, ResourceForm
from maehia.emergency.views.readiness_parts import (
    CHANGE,
    SEE,
    STATE_TAGS,
    attempt,
    crumbs,
    desk,
    edit_page,
    resource_words,
    state_words,
    to_page,
)
from maehia.kit.idempotency import Created, idempotent, new_key

FORM = require_http_methods(["GET", "HEAD", "POST"])


def shown(one: ResourceNow, names: dict[UUID, str]) -> dict[str, Any]:
    """A resource as lists show it."""
    row = one.resource
    return {
        "row": row, "kind": resource_words(row.kind), "state": STATE_TAGS.get(one.state, "wait"),
        "state_words": state_words(one.state), "count": one.count, "place": one.place, "checked_at": one.checked_at,
        "short": one.count < row.least, "keeper": queries.name_of(row.keeper, names) if row.keeper else "",
    }  # fmt: skip


@desk(SEE, before=require_safe)
def resources(request: HttpRequest) -> HttpResponse:
    held = queries.resources()
    names = queries.account_names([one.resource.keeper for one in held if one.resource.keeper])
    context = {
        "rows": [shown(one, names) for one in held], "may_change": can(request.user, CHANGE),
        "crumbs": crumbs((gettext("รถ เรือ เครื่องมือ"), "")),
    }  # fmt: skip
    return render(request, "emergency/readiness/things.html", context)


MOVED = to_page("emergency:resource", gettext_lazy("บันทึกสภาพและที่อยู่แล้ว"), with_id=True)


@desk(SEE, before=lambda view: FORM(idempotent("emergency.move", show=MOVED)(view)))
def resource(request: HttpRequest, key: UUID) -> HttpResponse | Created:
    """One resource: how it is now, a form to say where it goes, and where it was."""
    now_row = next((one for one in queries.resources(everything=True) if one.resource.pk == key), None)
    if now_row is None:
        raise Http404
    form = MoveForm(request.POST or None, initial={"state": now_row.state, "place": now_row.place})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        if attempt(form, lambda: actions.move_resource(key, **given)):
            return Created(key)
    history = queries.history_of(now_row.resource)
    by = accounts_by_actor([one.by for one in history])
    names = queries.account_names([now_row.resource.keeper] if now_row.resource.keeper else [])
    context = {
        "one": shown(now_row, names), "form": form, "key": new_key(), "may_change": can(request.user, CHANGE),
        "history": [{"at": one.at, "title": state_words(one.state), "text": f"{one.place} {one.note}".strip(),
                     "by": by[one.by].display_name if one.by in by else ""} for one in history],
        "crumbs": crumbs((gettext("รถ เรือ เครื่องมือ"), reverse("emergency:resources")), (now_row.resource.name, "")),
    }  # fmt: skip
    return render(request, "emergency/readiness/thing.html", context, status=422 if form.errors else 200)


@desk(CHANGE, before=lambda view: FORM(idempotent(
    "emergency.resource", show=to_page("emergency:resources", gettext_lazy("บันทึกแล้ว")))(view)))  # fmt: skip
def resource_edit(request: HttpRequest, key: UUID | None = None) -> HttpResponse | Created:
    row = Resource.objects.filter(pk=key).first() if key else None
    if key and row is None:
        raise Http404
    form = ResourceForm(request.POST or None, initial=_start(row))
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        lon, lat = given.pop("lon"), given.pop("lat")
        given["keeper_id"] = UUID(given["keeper_id"]) if given["keeper_id"] else None
        point = (lon, lat) if lon is not None and lat is not None else None
        made = attempt(form, lambda: actions.save_resource(
            key, NewResource(**given, point=point, active="off" not in request.POST)))  # fmt: skip
        if made:
            return Created(made.pk)
    title = row.name if row else gettext("เพิ่มรถ เรือ หรือเครื่องมือ")
    trail = crumbs((gettext("รถ เรือ เครื่องมือ"), reverse("emergency:resources")), (title, ""))
    return edit_page(request, form, title, trail, off=gettext("บันทึกและเลิกใช้") if row and row.active else "")


def _start(row: Resource | None) -> dict[str, Any]:
    if row is None:
        return {}
    start = {name: getattr(row, name) for name in ResourceForm.base_fields if name not in ("lon", "lat")}
    point = {"lon": row.point.x, "lat": row.point.y} if row.point else {}
    return {**start, "keeper_id": str(row.keeper_id or ""), **point}
