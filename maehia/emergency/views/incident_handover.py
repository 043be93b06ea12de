"""The briefing that one is offered command with, and her answer, on her own phone."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from maehia.access.permissions import require
from maehia.access.queries import account_of
from maehia.base import Problem, ProblemError
from maehia.emergency.actions import desk
from maehia.emergency.models import Footprint, Handover, Incident
from maehia.emergency.views.incident import GROUNDS
from maehia.emergency.views.incident_area import features
from maehia.emergency.views.incident_lines import kind_words, post_words
from maehia.emergency.views.incident_parts import at, basics
from maehia.emergency.views.incident_words import hazard_name, level_name, state_name
from maehia.emergency.views.parts import find_or_404
from maehia.kit.idempotency import Created, idempotent
from maehia.web.registry import in_language


def _after(request: HttpRequest, number: str) -> HttpResponseBase:
    return redirect("emergency:incident", number)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@require("emergency.see")
@idempotent("emergency.handover", show=_after)
def handover(request: HttpRequest, number: str, key: UUID) -> HttpResponse | Created:
    """The frozen briefing; the one it was offered to accepts or refuses."""
    try:
        with at(request, number):
            row = find_or_404(number)
            held = Handover.objects.filter(pk=key, incident=row).first()
            if held is None:
                raise Http404(str(key))
            if request.method != "POST":
                return draw(request, row, held)
            words = _answer(request, held)
    except ProblemError as error:
        with at(request, number):
            row = find_or_404(number)
            return draw(request, row, Handover.objects.get(pk=key), error.problem)
    messages.success(request, words)
    return Created(number)


def _answer(request: HttpRequest, held: Handover) -> str:
    accept = request.POST.get("answer") == "accept"
    note = request.POST.get("note", "").strip()
    if not accept and not note:
        raise ProblemError(Problem("no_why", "ต้องบอกเหตุผลที่ไม่รับมอบ", "note", "เขียนเหตุผลสั้น ๆ"))
    desk.answer_command(held, request.user, accept=accept, note=note)  # type: ignore[arg-type]
    return gettext("คุณเป็นผู้อำนวยการเหตุการณ์แล้ว") if accept else gettext("บันทึกว่าไม่รับมอบแล้ว")


def draw(request: HttpRequest, row: Incident, held: Handover, problem: Problem | None = None) -> HttpResponse:
    context = {
        **basics(request, row, "command"), "held": held, "giver": account_of(held.giver),
        "taker": account_of(held.taker), "mine": held.taker == request.user.pk, "problem": problem,
        "open": not (held.accepted_at or held.refused_at), "brief": words_of(held.briefing),
        "features": _map(held.briefing),
    }  # fmt: skip
    return render(request, "emergency/incident/handover.html", context, status=422 if problem else 200)


def _map(brief: dict[str, Any]) -> dict[str, Any] | None:
    """The area as it was when command was offered: that version of the footprint never changes."""
    key = brief.get("footprint", {}).get("id")
    return features(Footprint.objects.filter(pk=key).first()) if key else None


def words_of(brief: dict[str, Any]) -> dict[str, Any]:
    """A briefing's codes in the language of the page, its moments as datetimes."""
    commander = brief.get("commander", {})
    return {
        **brief, "at": moment(brief["at"]), "started_at": moment(brief["started_at"]),
        "state_words": state_name(brief["state"]), "level_words": level_name(brief["level"]),
        "hazard_words": hazard_name(brief["hazard"]),
        "ground": f"{GROUNDS.get(commander.get('ground'), '')} {commander.get('order', '')}".strip(),
        "posts": [{**one, "words": post_words(one["role"])} for one in brief["posts"]],
        "orders": [{**one, "at": moment(one["at"])} for one in brief["orders"]],
        "notices": [{**one, "sent": moment(one["sent"]), "due": moment(one["due"])} for one in brief["notices"]],
        "todo": [{**one, "due": moment(one["due"]), "post": post_words(one["role"]),
                  "text": in_language(one["text"], one["text_en"])} for one in brief["todo"]],
        "recent": [{**one, "at": moment(one["at"]), "words": kind_words(one["kind"])} for one in brief["recent"]],
    }  # fmt: skip


def moment(text: str) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
