"""The list of incidents: what is on now, exercises apart, what is over; and opening one, in three taps on a phone."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.gis.geos import Point
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from maehia.access.permissions import acting_as, can, require
from maehia.base import Problem, ProblemError
from maehia.city.models import Area
from maehia.emergency.actions import desk, incidents
from maehia.emergency.actions.thresholds import SOURCE
from maehia.emergency.models import Incident, ThresholdCrossing
from maehia.emergency.queries import desk as reads
from maehia.emergency.queries.incidents import open_ones
from maehia.emergency.views.incident_forms import OpenForm
from maehia.emergency.views.parts import own_purpose
from maehia.kit.idempotency import Created, idempotent
from maehia.web.registry import in_language
from maehia.web.values import Action

OVER = ("closed", "rejected", "merged")
SHOWN = 30
POINT = re.compile(r"(-?\d{1,3}(?:\.\d+)?),(-?\d{1,2}(?:\.\d+)?)")


@never_cache
@require_safe
@require("emergency.see")
def incidents_list(request: HttpRequest) -> HttpResponse:
    """What is on now, exercises apart, what is over."""
    context = {"modes": [_mode(request, mode) for mode in ("live", "exercise")], "openers": _openers(request)}
    return render(request, "emergency/incidents.html", context)


def _openers(request: HttpRequest) -> list[Action]:
    found = []
    if can(request.user, "emergency.open"):
        found.append(Action(gettext("เปิดเหตุ"), reverse("emergency:open"), "danger", "siren"))
    if can(request.user, "emergency.exercise"):
        found.append(Action(gettext("เปิดเพื่อฝึกซ้อม"), f"{reverse('emergency:open')}?mode=exercise", "", "exercise"))
    return found


def _mode(request: HttpRequest, mode: str) -> dict[str, Any]:
    """One mode's incidents, with what waits for the one who looks; read out before the context ends."""
    with acting_as(request.user, own_purpose(request), mode=mode):  # type: ignore[arg-type]
        over = Incident.objects.filter(state__in=OVER).order_by("-started_at")
        return {
            "mode": mode, "open": open_ones(), "over": list(over[:SHOWN]),
            "waiting": reads.waiting_for(request.user), "late": reads.late_notices(),  # type: ignore[arg-type]
        }  # fmt: skip


def _opened(request: HttpRequest, number: str) -> HttpResponseBase:
    return redirect("emergency:incident", number)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@require("emergency.open")
@idempotent("emergency.open", show=_opened)
def open_one(request: HttpRequest) -> HttpResponse | Created:
    """Open an incident. `?mode=exercise` an exercise, `?crossing=` from a limit that was reached, `?point=lon,lat`."""
    mode = "exercise" if request.GET.get("mode") == "exercise" else "live"
    if mode == "exercise" and not can(request.user, "emergency.exercise"):
        raise PermissionDenied("emergency.exercise")
    if request.method != "POST":
        return _draw(request, mode, OpenForm(initial=_prefill(request, mode)))
    form = OpenForm(request.POST)
    if not form.is_valid():
        return _draw(request, mode, form)
    try:
        with acting_as(request.user, "emergency.command", mode=mode):  # type: ignore[arg-type]
            made = _open(form)
    except ProblemError as error:
        return _draw(request, mode, form, error.problem)
    messages.success(request, gettext("เปิดเหตุ %(number)s แล้ว") % {"number": made.number})
    return Created(made.number)


def _open(form: OpenForm) -> Incident:
    sent = form.cleaned_data
    made = incidents.open_incident(
        incidents.NewIncident(form.title, sent["hazard"], sent["place"], sent["source"], form.moment)
    )
    if point := read_point(sent["point"]):
        desk.note(made.pk, gettext("จุดที่ได้รับแจ้ง"), point=point)
    return made


def read_point(text: str) -> tuple[float, float] | None:
    """Longitude and latitude in Thailand; None for anything else."""
    found = POINT.fullmatch(text or "")
    if found is None:
        return None
    lon, lat = float(found[1]), float(found[2])
    return (lon, lat) if 97 <= lon <= 106 and 5 <= lat <= 21 else None


def _prefill(request: HttpRequest, mode: str) -> dict[str, Any]:
    if point := read_point(request.GET.get("point", "")):
        return {"point": f"{point[0]},{point[1]}", "place": _place_words(point)}
    return _from_crossing(request, mode)


def _place_words(point: tuple[float, float]) -> str:
    """The moo of a point and the point itself, as one says it on the radio."""
    here = Point(*point, srid=4326)
    area = Area.objects.filter(area_kind="moo", geom__contains=here).first()
    spot = f"{point[1]:.5f}, {point[0]:.5f}"
    return f"{area.name} ({spot})" if area else spot


def _from_crossing(request: HttpRequest, mode: str) -> dict[str, Any]:
    """What a limit that was reached says of the incident."""
    try:
        key = UUID(request.GET.get("crossing", ""))
    except ValueError:
        return {}
    with acting_as(request.user, "emergency.command", mode=mode):  # type: ignore[arg-type]
        found = ThresholdCrossing.objects.select_related("threshold").filter(pk=key, answer="").first()
        if found is None:
            return {}
        limit = found.threshold
    words = in_language(limit.name_th, limit.name_en)
    return {"hazard": limit.hazard, "source": f"{SOURCE}{found.pk}", "name": f"{words} ({found.station})"}


def _draw(request: HttpRequest, mode: str, form: OpenForm, problem: Problem | None = None) -> HttpResponse:
    context = {"form": form, "mode": mode, "problem": problem, "exercise": mode == "exercise"}
    return render(request, "emergency/incident/open.html", context, status=422 if form.errors or problem else 200)
