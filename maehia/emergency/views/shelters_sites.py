"""Sites that the town keeps ready to become shelters: what they hold, and when somebody looked at them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from maehia.access.permissions import acting_as, require
from maehia.base import Problem, ProblemError
from maehia.city.models import Place
from maehia.emergency.actions import shelters as actions
from maehia.emergency.models import ShelterSite
from maehia.emergency.queries.shelters import CHECK_EVERY, checks
from maehia.emergency.views.shelters import limit_lines
from maehia.emergency.views.shelters_forms import FactsForm
from maehia.kit.clock import now
from maehia.kit.idempotency import Created, idempotent

PREPARE, PURPOSE = "emergency.prepare", "emergency.command"


@require_safe
@require(PREPARE)
def sites(request: HttpRequest) -> HttpResponse:
    """Every place that may become a shelter, those not looked at for longest first."""
    with acting_as(request.user, PURPOSE):  # type: ignore[arg-type]
        known = ShelterSite.objects.in_bulk()
        places = Place.objects.filter(is_shelter=True).order_by("name")
        since = now() - CHECK_EVERY
        rows = [{"place": place, "site": (site := known.get(place.key)), "state": _state(site, since)}
                for place in places]  # fmt: skip
        return render(request, "emergency/shelters/sites.html", {"rows": rows, "checks": checks()})


def _state(site: ShelterSite | None, since: Any) -> tuple[str, str]:
    if site is None:
        return "wait", gettext("ยังไม่มีข้อมูล")
    if site.checked_at is None:
        return "late", gettext("ยังไม่เคยตรวจ")
    if site.checked_at < since:
        return "late", gettext("เกินกำหนดตรวจ")
    return ("done", gettext("พร้อม")) if site.check_ok else ("work", gettext("ต้องแก้ไข"))


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


@require_POST
@require(PREPARE)
@idempotent("emergency.shelter_check", show=to_site)
def check(request: HttpRequest, place: UUID) -> HttpResponse | Created:
    """Somebody stood there and looked."""
    with acting_as(request.user, PURPOSE):  # type: ignore[arg-type]
        try:
            with transaction.atomic():
                actions.check_site(place, by=request.user.display_name, ok=request.POST.get("ok") == "1",  # type: ignore[union-attr]
                                   note=request.POST.get("note", ""))  # fmt: skip
        except ProblemError as error:
            return draw(request, place, refused=error.problem)
    messages.success(request, gettext("บันทึกการตรวจแล้ว"))
    return Created(place)
