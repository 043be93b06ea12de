"""Sites that the town keeps ready to become shelters: what they hold. Looking at them is a page of readiness."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from maehia.access.permissions import acting_as, require
from maehia.base import Problem, ProblemError
from maehia.city.models import Place
from maehia.emergency.actions import shelters as actions
from maehia.emergency.models import ShelterSite
from maehia.emergency.queries.readiness import SHELTER_DAYS, ShelterNow, shelters
from maehia.emergency.views.shelters import limit_lines
from maehia.emergency.views.shelters_forms import FactsForm
from maehia.kit.clock import now
from maehia.kit.idempotency import Created, idempotent

PREPARE, PURPOSE = "emergency.prepare", "emergency.command"


@require_safe
@require(PREPARE)
def sites(request: HttpRequest) -> HttpResponse:
    """Every place that may become a shelter: what is known of it, and when somebody looked."""
    with acting_as(request.user, PURPOSE):  # type: ignore[arg-type]
        known, since = ShelterSite.objects.in_bulk(), now() - timedelta(days=SHELTER_DAYS)
        rows = [{"place": one, "site": known.get(one.key), "state": _state(one, one.key in known, since)}
                for one in shelters()]  # fmt: skip
        return render(request, "emergency/shelters/sites.html", {"rows": rows})


def _state(one: ShelterNow, known: bool, since: datetime) -> tuple[str, str]:
    if not known and not one.capacity:
        return "wait", gettext("ยังไม่มีข้อมูล")
    if one.check is None:
        return "late", gettext("ยังไม่เคยตรวจ")
    if one.check.at < since:
        return "late", gettext("เกินกำหนดตรวจ")
    return ("done", gettext("พร้อม")) if one.check.fit else ("work", gettext("ต้องแก้ไข"))


def to_site(request: HttpRequest, _pk: str) -> HttpResponseBase:
    return redirect("emergency:shelter_site", request.resolver_match.kwargs["place"])  # type: ignore[union-attr]


@require_http_methods(["GET", "HEAD", "POST"])
@require(PREPARE)
@idempotent("emergency.shelter_site", show=to_site)
def site(request: HttpRequest, place: UUID) -> HttpResponse | Created:
    """What one site holds."""
    with acting_as(request.user, PURPOSE):  # type: ignore[arg-type]
        if request.method != "POST":
            return draw(request, place)
        form = FactsForm(request.POST)
        if not form.is_valid():
            return draw(request, place, form)
        try:
            with transaction.atomic():
                actions.prepare_site(place, form.facts())
        except ProblemError as error:
            return draw(request, place, form, error.problem)
    messages.success(request, gettext("บันทึกข้อมูลสถานที่แล้ว"))
    return Created(place)


def draw(request: HttpRequest, key: UUID, form: Any = None, refused: Problem | None = None) -> HttpResponse:
    place = Place.objects.filter(pk=key).first()
    if place is None:
        raise Http404(str(key))
    row = ShelterSite.objects.filter(pk=key).first()
    return render(request, "emergency/shelters/site.html", {
        "place": place, "site": row, "form": form or FactsForm(row=row), "refused": refused,
        "limits": limit_lines(row) if row else [],
    }, status=422 if form or refused else 200)  # fmt: skip
