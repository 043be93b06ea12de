"""Shelters of an incident: the list with their load, one shelter, and what is done with it. Counts only, no people."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from maehia.access.permissions import can
from maehia.base import Problem, ProblemError
from maehia.city.models import Place
from maehia.emergency.actions import shelters as actions
from maehia.emergency.actions.shelters_night import take_night
from maehia.emergency.models import Incident, Shelter, ShelterOverride, ShelterSite
from maehia.emergency.queries import shelters as queries
from maehia.emergency.queries.shelters_sheets import titles, word
from maehia.emergency.queries.shelters_words import facility_words, ratios
from maehia.emergency.rules.shelters import FULL, PETS, SHELTER
from maehia.emergency.views.parts import at_incident
from maehia.emergency.views.shelters_forms import FactsForm, key_of
from maehia.kit.idempotency import Created, idempotent
from maehia.web.formats import NOTHING, english, show_number
from maehia.web.values import Term

SEE, WORK, MORE = "emergency.see", "emergency.shelter", "emergency.overfill"
TAGS = {"before": "wait", "open": "open", "closing": "work", "closed": "done"}
Refusal = Problem | None


def shelter_or_404(incident: Incident, key: UUID) -> Shelter:
    found = queries.get(incident, key)
    if found is None:
        raise Http404(str(key))
    return found


def state_of(one: queries.Load) -> tuple[str, str]:
    """(tag, word) of a shelter; full is derived from its load."""
    if one.full:
        return "late", word(FULL)
    state = SHELTER.states[one.shelter.state]
    return TAGS[state.kind], state.en if english() else state.th


def line(one: queries.Load) -> dict[str, Any]:
    """A shelter as one line of the list."""
    tag, words = state_of(one)
    return {"row": one.shelter, "load": one, "tag": tag, "state": words, "beds": one.shelter.load.beds}


@require_safe
@at_incident(SEE)
def board(request: HttpRequest, incident: Incident) -> HttpResponse:
    """Every shelter of the incident with its load, and the places that could become one."""
    return draw_board(request, incident)


def draw_board(request: HttpRequest, incident: Incident, refused: Refusal = None, form: Any = None, place: Any = None
               ) -> HttpResponse:  # fmt: skip
    loads = [queries.load_row(row) for row in queries.of_incident(incident.pk)]
    going = [one for one in loads if one.shelter.state != "closed"]
    used = {one.shelter.place_key for one in going}
    return render(request, "emergency/shelters/board.html", {
        "incident": incident, "tab": "shelters", "lines": [line(one) for one in loads], "refused": refused,
        "inside": sum(one.inside for one in going), "capacity": sum(one.capacity for one in going),
        "free": sum(one.free for one in going if one.shelter.state == "open"), "may_work": can(request.user, WORK),
        "open_count": sum(one.shelter.state == "open" for one in going), "form": form or FactsForm(),
        "waiting": queries.waiting_count(incident.pk) if can(request.user, WORK) else 0,
        "places": [row for row in Place.objects.filter(is_shelter=True).order_by("name") if row.key not in used],
        "sites": set(ShelterSite.objects.values_list("place_key", flat=True)), "chosen": place,
    }, status=422 if refused or form else 200)  # fmt: skip


def to_board(request: HttpRequest, _pk: str) -> HttpResponseBase:
    return redirect("emergency:shelters", request.resolver_match.kwargs["number"])  # type: ignore[union-attr]


@require_POST
@at_incident(WORK, WORK)
@idempotent("emergency.shelter_plan", show=to_board)
def plan(request: HttpRequest, incident: Incident) -> HttpResponse | Created:
    """A new shelter, as its site was prepared or with the numbers of the form."""
    form, place = FactsForm(request.POST), request.POST.get("place", "")
    typed = bool(request.POST.get("capacity_night", "").strip())
    if typed and not form.is_valid():
        return draw_board(request, incident, form=form, place=place)
    try:
        with transaction.atomic():
            row = actions.plan_shelter(incident, key_of(place) or UUID(int=0), form.facts() if typed else None)
            if request.POST.get("open"):
                actions.open_shelter(row.pk)
    except ProblemError as error:
        return draw_board(request, incident, error.problem, form if typed else None, place)
    messages.success(request, gettext("เพิ่มศูนย์พักพิง %(name)s แล้ว") % {"name": row.name})
    return Created(row.pk)


@require_safe
@at_incident(SEE)
def one(request: HttpRequest, incident: Incident, shelter: UUID) -> HttpResponse:
    """One shelter: how full, what it has, what can be done."""
    return draw(request, shelter_or_404(incident, shelter))


def draw(request: HttpRequest, row: Shelter, refused: Refusal = None, form: Any = None) -> HttpResponse:
    load = queries.load_row(row)
    moves = [(move.to, _verb(row.state, move.to)) for move in SHELTER.states[row.state].moves]
    return render(request, "emergency/shelters/one.html", {
        "incident": row.incident, "tab": "shelters", "row": row, "line": line(load), "load": load, "refused": refused,
        "terms": terms(row), "moves": moves, "may_work": can(request.user, WORK), "may_more": can(request.user, MORE),
        "overrides": ShelterOverride.objects.filter(shelter=row).order_by("-at"), "nights": queries.nights(row.pk, 14),
        "form": form or FactsForm(row=row), "limits": limit_lines(row), "sheets": titles().items(),
        "bands": row.bands.order_by("-id")[:5] if can(request.user, WORK) else [], "open_form": bool(form),
    }, status=422 if refused or form else 200)  # fmt: skip


def _verb(here: str, to: str) -> str:
    return {
        "standby": gettext("เตรียมพร้อม"), "open": gettext("เปิดรับต่อ") if here == "closing" else gettext("เปิดรับผู้พักพิง"),
        "closing": gettext("หยุดรับ เตรียมปิด"), "closed": gettext("ปิดศูนย์"),
    }[to]  # fmt: skip


def limit_lines(row: Shelter | ShelterSite) -> list[dict[str, Any]]:
    """What the planning ratios allow, each with its source; those that are not verified say so."""
    found = []
    for limit in queries.limits_of(row):
        ratio = ratios()[limit.ratio]
        found.append({
            "people": limit.people, "over": row.capacity_night > limit.people, "title": word((ratio.th, ratio.en)),
            "ratio": f"{show_number(ratio.value)} {word((ratio.unit, ratio.unit_en))}", "source": ratio.source,
            "verified": ratio.verified,
        })  # fmt: skip
    return found


def terms(row: Shelter) -> list[Term]:
    has = facility_words()
    metres = gettext("พื้นแห้งเมื่อน้ำรอบอาคารไม่เกิน %(n)s ม.")
    return [
        Term(gettext("ความจุ"), gettext("กลางคืน %(night)s คน กลางวัน %(day)s คน")
             % {"night": show_number(row.capacity_night), "day": show_number(row.capacity_day)}),
        Term(gettext("สิ่งอำนวยความสะดวก"), ", ".join(word(has[k]) for k in row.facilities if k in has) or NOTHING),
        Term(gettext("สัตว์เลี้ยง"), word(PETS[row.pets])),
        Term(gettext("ทางเข้าถึง"), row.access or NOTHING),
        Term(gettext("ระดับน้ำที่ปลอดภัย"), metres % {"n": show_number(row.flood_safe_m)}
             if row.flood_safe_m is not None else gettext("ไม่ทราบ")),
        Term(gettext("ผู้ติดต่อ"), row.contact or NOTHING),
    ]  # fmt: skip


Act = Callable[[HttpRequest, Shelter], str]


def _move(to: str) -> Act:
    def act(request: HttpRequest, row: Shelter) -> str:
        actions.move_shelter(row.pk, to, request.POST.get("reason", ""))
        return gettext("บันทึกสถานะศูนย์ %(name)s แล้ว") % {"name": row.name}

    return act


def _night(_request: HttpRequest, row: Shelter) -> str:
    found = take_night(row.pk)
    return gettext("นับยอดแล้ว กลางวัน %(day)s คน กลางคืน %(night)s คน") % {
        "day": found.day_total, "night": found.night_total,
    }  # fmt: skip


def _bands(request: HttpRequest, row: Shelter) -> str:
    made = actions.issue_bands(row.pk, _number(request, "count"))
    return gettext("ออกหมายเลขสายรัดแล้ว %(n)s เส้น") % {"n": made.last - made.first + 1}


def _more(request: HttpRequest, row: Shelter) -> str:
    made = actions.allow_more(row.pk, request.user, _number(request, "places"), request.POST.get("reason", ""))  # type: ignore[arg-type]
    return gettext("อนุญาตให้รับเพิ่ม %(n)s คน ในชื่อ %(name)s") % {"n": made.places, "name": made.by_name}


def _end(request: HttpRequest, _row: Shelter) -> str:
    made = actions.end_override(_number(request, "override"))
    return gettext("สิ้นสุดการอนุญาตรับเกิน %(n)s คน") % {"n": made.places}


def _number(request: HttpRequest, name: str) -> int:
    try:
        return int(forms.IntegerField(min_value=0, max_value=2**31 - 1).clean(request.POST.get(name, "")))
    except forms.ValidationError:
        return 0


ACTS: dict[str, Act] = {
    "standby": _move("standby"), "open": _move("open"), "closing": _move("closing"), "closed": _move("closed"),
    "night": _night, "bands": _bands,
}  # fmt: skip
MORE_ACTS: dict[str, Act] = {"more": _more, "end-more": _end}


def to_shelter(request: HttpRequest, _pk: str) -> HttpResponseBase:
    kwargs = request.resolver_match.kwargs  # type: ignore[union-attr]
    return redirect("emergency:shelter", kwargs["number"], kwargs["shelter"])


@require_POST
@at_incident(WORK, WORK)
@idempotent("emergency.shelter_do", show=to_shelter)
def act(request: HttpRequest, incident: Incident, shelter: UUID, verb: str) -> HttpResponse | Created:
    """Open, close, count, print bands."""
    return _do(request, shelter_or_404(incident, shelter), ACTS, verb)


@require_POST
@at_incident(MORE)
@idempotent("emergency.shelter_more", show=to_shelter)
def more(request: HttpRequest, incident: Incident, shelter: UUID, verb: str) -> HttpResponse | Created:
    """Let it take more than it holds, in one's own name; or take that back."""
    return _do(request, shelter_or_404(incident, shelter), MORE_ACTS, verb)


def _do(request: HttpRequest, row: Shelter, table: dict[str, Act], verb: str) -> HttpResponse | Created:
    if verb not in table:
        raise PermissionDenied(verb)
    try:
        with transaction.atomic():
            words = table[verb](request, row)
    except ProblemError as error:
        return draw(request, shelter_or_404(row.incident, row.pk), error.problem)
    messages.success(request, words)
    return Created(row.pk)


@require_POST
@at_incident(WORK, WORK)
@idempotent("emergency.shelter_facts", show=to_shelter)
def facts(request: HttpRequest, incident: Incident, shelter: UUID) -> HttpResponse | Created:
    """Change what the shelter holds."""
    row, form = shelter_or_404(incident, shelter), FactsForm(request.POST)
    if not form.is_valid():
        return draw(request, row, form=form)
    try:
        with transaction.atomic():
            actions.change_facts(row.pk, form.facts(), _number(request, "version"))
    except ProblemError as error:
        return draw(request, shelter_or_404(incident, shelter), error.problem, form)
    messages.success(request, gettext("บันทึกข้อมูลศูนย์ %(name)s แล้ว") % {"name": row.name})
    return Created(row.pk)
