"""The desk without a signal: what it takes with it, what it hands over, and what waits for a person afterwards."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from maehia.base import Problem, ProblemError
from maehia.emergency.actions import stays_sync as actions
from maehia.emergency.models import Incident, Shelter, ShelterDesk, StayEvent
from maehia.emergency.queries import stays as queries
from maehia.emergency.queries.shelters import room
from maehia.emergency.queries.shelters_sheets import word
from maehia.emergency.queries.shelters_words import need_words
from maehia.emergency.rules.shelters import HOWS, KINDS
from maehia.emergency.rules.shelters_bands import write_band
from maehia.emergency.views.parts import at_incident
from maehia.emergency.views.shelters import WORK, draw, shelter_or_404
from maehia.emergency.views.shelters_forms import SEXES, how_choices
from maehia.kit.clock import now
from maehia.kit.idempotency import Created, idempotent

MOST_BYTES = 2_000_000


@require_safe
def shell(request: HttpRequest) -> HttpResponse:
    """The page of the desk itself: no data in it, kept by the service worker for everybody alike."""
    return render(request, "emergency/shelters/desk.html", {
        "sexes": SEXES, "hows": how_choices(), "needs": [(key, word(pair)) for key, pair in need_words().items()],
    })  # fmt: skip


def to_desk(request: HttpRequest, pk: str) -> HttpResponseBase:
    """The desk's page, told after # which desk it is: the part of an address that no server sees."""
    kwargs = request.resolver_match.kwargs  # type: ignore[union-attr]
    base = reverse("emergency:shelter_desk_list", args=[kwargs["number"], kwargs["shelter"], pk])
    return redirect(f"{reverse('emergency:shelter_desk')}#{base}")


@require_POST
@at_incident(WORK, WORK)
@idempotent("emergency.shelter_desk", show=to_desk)
def prepare(request: HttpRequest, incident: Incident, shelter: UUID) -> HttpResponse | Created:
    """Make this device a desk of the shelter."""
    row = shelter_or_404(incident, shelter)
    try:
        with transaction.atomic():
            made = actions.prepare_desk(row.pk, request.user, request.POST.get("name", ""))  # type: ignore[arg-type]
    except ProblemError as error:
        return draw(request, row, error.problem)
    return Created(made.pk)


@require_safe
@never_cache
@at_incident(WORK, WORK)
def take_along(request: HttpRequest, incident: Incident, shelter: UUID, desk: UUID) -> HttpResponse:
    """What a desk takes with it: key, list of who is inside, bands of its own. For who may open the shelter, online."""
    row = shelter_or_404(incident, shelter)
    found = desk_or_404(row, desk)
    people = [{"stay": str(stay.pk), "name": stay.name or "", "band": stay.band, "state": stay.state, "sex": stay.sex,
               "age": stay.age} for stay in queries.inside(row.pk)]  # fmt: skip
    return JsonResponse({
        "desk": str(found.pk), "name": found.name, "key": found.key, "mode": row.mode, "shelter": row.name,
        "incident": f"{incident.number} {incident.name}", "expires": found.expires_at.isoformat(),
        "free": room(row.load), "capacity": row.load.capacity_night + row.load.extra, "people": people,
        "bands": [write_band(n, row.mode) for n in range(found.band_from, found.band_to + 1)],
        "sync": reverse("emergency:shelter_desk_sync", args=[incident.number, row.pk, found.pk]),
        "list": request.path, "page": reverse("emergency:shelter", args=[incident.number, row.pk]),
        "csrf": get_token(request), "now": now().isoformat(),
    })  # fmt: skip


def desk_or_404(row: Shelter, key: UUID) -> ShelterDesk:
    found = ShelterDesk.objects.filter(shelter=row, pk=key).first()
    if found is None:
        raise Http404(str(key))
    return found


@require_POST
@at_incident(WORK, WORK)
def sync(request: HttpRequest, incident: Incident, shelter: UUID, desk: UUID) -> HttpResponse:
    """What a desk wrote down: {"clock": its moment, "events": [...]}. Answers each event; sending again is safe."""
    found = desk_or_404(shelter_or_404(incident, shelter), desk)
    try:
        clock, events = _read(request)
        with transaction.atomic():
            answers = actions.sync(found.pk, clock, events)
    except ProblemError as error:
        return JsonResponse({"problem": error.problem.as_dict()}, status=422)
    return JsonResponse({"answers": [
        {"id": answer.id, "state": answer.state, "why": why_words(answer.problem)} for answer in answers
    ]})  # fmt: skip


def _read(request: HttpRequest) -> tuple[datetime, list[dict[str, Any]]]:
    unreadable = ProblemError(Problem("unreadable", "ระบบอ่านข้อมูลจากโต๊ะออฟไลน์ไม่ได้", fix="เปิดหน้าโต๊ะใหม่แล้วส่งอีกครั้ง"))
    if len(request.body) > MOST_BYTES:
        raise unreadable
    try:
        told = json.loads(request.body)
        clock, events = datetime.fromisoformat(told["clock"]), told["events"]
        if clock.tzinfo is None or not isinstance(events, list) or not all(isinstance(e, dict) for e in events):
            raise ValueError
    except (ValueError, TypeError, KeyError) as error:
        raise unreadable from error
    return clock, events


def why_words(problem: Problem | None) -> str:
    """Why an event waits, in words."""
    if problem is None:
        return ""
    words = {
        "over_capacity": gettext("ศูนย์เต็ม รอผู้มีอำนาจอนุญาต"), "open_elsewhere": gettext("ยังมีรายการพักค้างอยู่ ตรวจว่าย้ายมาจริง"),
        "band_taken": gettext("สายรัดหมายเลขนี้มีผู้ใช้อยู่"), "shelter_shut": gettext("ศูนย์ไม่ได้เปิดรับแล้ว"),
        "other_content": gettext("หมายเลขรายการเดิมแต่ข้อมูลไม่ตรงกัน"), "bad_id": gettext("เลขประจำตัวประชาชนไม่ถูกต้อง"),
        "wrong_shelter": gettext("ผู้พักพิงรายนี้อยู่ในศูนย์อื่น"),
    }  # fmt: skip
    return words.get(problem.code, problem.what if problem.what != problem.code else gettext("ข้อมูลไม่ครบหรือไม่ถูกต้อง"))


@require_safe
@never_cache
@at_incident(WORK, WORK)
def queue(request: HttpRequest, incident: Incident, shelter: UUID) -> HttpResponse:
    """What desks told that waits for a decision."""
    return draw_queue(request, shelter_or_404(incident, shelter))


def draw_queue(request: HttpRequest, row: Shelter, refused: Problem | None = None) -> HttpResponse:
    return render(request, "emergency/shelters/queue.html", {
        "incident": row.incident, "tab": "shelters", "row": row, "refused": refused,
        "events": [event_line(event) for event in actions.waiting(row.pk)],
        "desks": ShelterDesk.objects.filter(shelter=row).order_by("-made_at")[:20], "now": now(),
    }, status=422 if refused else 200)  # fmt: skip


def event_line(event: StayEvent) -> dict[str, Any]:
    told = actions.json_of(event)
    first = queries.get(event.stay_key) if event.problem == "other_content" else None
    return {
        "row": event, "kind": word(KINDS[event.kind]) if event.kind in KINDS else event.kind, "name": told.get("name"),
        "band": told.get("band"), "why": why_words(Problem(event.problem, event.problem)),
        "how": word(HOWS[event.how]) if event.how in HOWS else "", "first": first, "ways": ways(event.problem),
    }  # fmt: skip


def ways(problem: str) -> list[tuple[str, str]]:
    """How an event of this kind may be decided."""
    found = {
        "over_capacity": [("again", gettext("ลองรับอีกครั้ง"))], "shelter_shut": [("again", gettext("ลองรับอีกครั้ง"))],
        "open_elsewhere": [("move", gettext("ย้ายมาที่นี่"))], "band_taken": [("band", gettext("รับโดยไม่ใช้สายรัดนี้"))],
    }.get(problem, [])  # fmt: skip
    return [*found, ("drop", gettext("ไม่ใช้รายการนี้"))]


def to_queue(request: HttpRequest, _pk: str) -> HttpResponseBase:
    kwargs = request.resolver_match.kwargs  # type: ignore[union-attr]
    return redirect("emergency:shelter_queue", kwargs["number"], kwargs["shelter"])


@require_POST
@at_incident(WORK, WORK)
@idempotent("emergency.stay_solve", show=to_queue)
def decide(request: HttpRequest, incident: Incident, shelter: UUID, event: int) -> HttpResponse | Created:
    """Decide about one event that waits."""
    row = shelter_or_404(incident, shelter)
    if not StayEvent.objects.filter(pk=event, shelter=row).exists():
        raise Http404(str(event))
    try:
        with transaction.atomic():
            how, note = request.POST.get("how", ""), request.POST.get("note", "")
            found = actions.solve(event, request.user, how, note)  # type: ignore[arg-type]
    except ProblemError as error:
        return draw_queue(request, row, error.problem)
    messages.success(request, gettext("ตัดสินแล้ว: %(state)s") % {"state": found.get_state_display()})
    return Created(found.pk)
