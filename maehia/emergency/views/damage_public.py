"""A citizen tells of her damaged home: no log-in, also without a signal; later she asks how far it is."""

from __future__ import annotations

import hashlib
import re
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from maehia.base import Problem, ProblemError
from maehia.emergency.actions import damage as actions
from maehia.emergency.models import Incident, Survey
from maehia.emergency.queries import damage as queries
from maehia.emergency.queries import incidents
from maehia.emergency.rules.damage_states import SURVEY
from maehia.emergency.views.damage_forms import MOST_PHOTOS, TellForm, read_form
from maehia.emergency.views.relief_parts import told
from maehia.kit import rates
from maehia.kit.acting import acting
from maehia.thai import to_arabic
from maehia.web.errors import TooMany

PUBLIC, PURPOSE = "system:public", "emergency.help"
KEY = re.compile(r"[A-Za-z0-9_\-]{8,80}")
POSTS, GUESSES, WINDOW = 600, 60, 600


def open_for_damage() -> list[Incident]:
    """Live incidents of which damage can be told."""
    with acting(PUBLIC, PURPOSE):
        return [row for row in incidents.open_ones() if row.state not in ("reported", "verified")]


def limit(request: HttpRequest, what: str, most: int) -> None:
    """Count one more from this address. Raises TooMany."""
    who = hashlib.sha256(str(request.META.get("REMOTE_ADDR", "")).encode()).hexdigest()[:16]
    try:
        rates.limit(f"{what}:{who}", most, WINDOW)
    except rates.TooOften as error:
        words = Problem(error.problem.code, gettext("มีการส่งจากเครือข่ายนี้ถี่เกินไป"), fix=gettext("รอสักครู่แล้วลองใหม่"))
        raise TooMany(words, WINDOW) from error


@never_cache
@require_http_methods(["GET", "POST"])
def tell(request: HttpRequest) -> HttpResponse:
    """The form; one incident is chosen by itself, several are asked about."""
    open_ones = open_for_damage()
    form = TellForm(request.POST if request.method == "POST" else None)
    errors: list[tuple[str, str]] = []
    if request.method == "POST":
        limit(request, "damage", POSTS)
        incident = next((i for i in open_ones if i.number == request.POST.get("incident")), None)
        key = request.POST.get("idempotency_key", "")
        if incident is None or not KEY.fullmatch(key):
            errors = [("#main", gettext("เหตุการณ์นี้ไม่ได้เปิดรับแจ้ง โทรหาเทศบาล"))]
        elif form.is_valid():
            try:
                return redirect("emergency:damage_sent", _report(request, form, incident, key))
            except ProblemError as error:
                errors = told(error)
    context = {"form": form, "incidents": open_ones, "errors": errors, "most": MOST_PHOTOS, "moment": True}
    return render(request, "emergency/damage/tell.html", context, status=400 if errors or form.errors else 200)


def _report(request: HttpRequest, form: TellForm, incident: Incident, key: str) -> str:
    with actions.papers(PUBLIC, queries.key_of(key, "live"), "live"):
        return actions.report(incident, read_form(request, form, actions.NOWHERE)).code


@never_cache
def sent(request: HttpRequest, code: str) -> HttpResponse:
    """Her code and what comes next. Shows nothing of what she told."""
    if not re.fullmatch(r"[A-Z2-9]{8}", code):
        return redirect("emergency:damage_tell")
    return render(
        request, "emergency/damage/sent.html", {"code": code, "status_url": reverse("emergency:damage_status")}
    )


@never_cache
@require_http_methods(["GET", "POST"])
def status(request: HttpRequest) -> HttpResponse:
    """How far it is, by code and the last four digits of the phone."""
    found, tried = None, request.method == "POST"
    if tried:
        limit(request, "damage-status", GUESSES)
        found = _state_of(request.POST.get("code", ""), request.POST.get("last4", ""))
    context: dict[str, Any] = {"tried": tried, "found": found, "typed": request.POST.get("code", "")}
    return render(request, "emergency/damage/status.html", context, status=404 if tried and not found else 200)


def _state_of(code: str, last4: str) -> dict[str, Any] | None:
    """Number, state and day of the visit. The same nothing for a wrong code and wrong digits."""
    code, digits = code.strip().upper().replace(" ", ""), re.sub(r"\D", "", to_arabic(last4))
    if not re.fullmatch(r"[A-Z2-9]{8}", code) or len(digits) != 4:
        return None
    rates.limit(f"damage-code:{code}", 10, WINDOW)
    with acting(PUBLIC, PURPOSE):
        row = Survey.objects.filter(code=code).first()
        if row is None or not (row.phone or "").endswith(digits):
            return None
        return {"number": row.number, "state": SURVEY.states[row.state], "visit_on": row.visit_on, "reason": row.reason,
                "paper": row.document_number, "kind": SURVEY.states[row.state].kind}  # fmt: skip
