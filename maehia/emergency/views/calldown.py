"""The call-down: how far it is, whom to call next, what she said."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from maehia.access.models import Account
from maehia.access.permissions import can, require
from maehia.base import ProblemError
from maehia.city.models import House
from maehia.city.queries.labels import house_label
from maehia.emergency.actions import calldown as actions
from maehia.emergency.actions import grants
from maehia.emergency.models import CallDown, Incident
from maehia.emergency.queries import calldown as queries
from maehia.emergency.queries.doors_people import someone
from maehia.emergency.queries.incidents import mode_of
from maehia.emergency.rules.calldown import ANSWERS, CALL, NO_ANSWER, TO_VISIT
from maehia.emergency.views.doors_words import need_words
from maehia.emergency.views.parts import find_or_404
from maehia.kit.acting import acting
from maehia.kit.idempotency import KEY_FIELD, new_key
from maehia.web.charts import Series, figure
from maehia.web.registry import in_language

PEOPLE, COMMAND = "emergency.people", "emergency.command"
TAGS = {"waiting": "open", "visit": "late", "spoken": "done"}


def state_name(code: str) -> str:
    return in_language(CALL.states[code].th, CALL.states[code].en)


def answer_name(code: str) -> str:
    return gettext("ไม่รับสาย") if code == NO_ANSWER else state_name(code)


def _incident(request: HttpRequest, number: str) -> Incident:
    account: Account = request.user  # type: ignore[assignment]
    with acting(account.actor, "emergency.field", mode=mode_of(number)):
        return find_or_404(number)


@never_cache
@require_safe
@require(PEOPLE)
def board(request: HttpRequest, number: str) -> HttpResponseBase:
    """Numbers of the whole call-down. Without names: these are opened one by one, to call. In which houses nobody
    answered, and somebody has to go, is for the assigned only."""
    incident = _incident(request, number)
    with acting(request.user.actor, "emergency.field", mode=incident.mode):  # type: ignore[union-attr]
        assigned = grants.may_see(request.user, incident)  # type: ignore[arg-type]
    with acting(grants.ACTOR, grants.RESOLVE, mode=incident.mode):
        found = queries.board(incident.pk)
        visit = [house_label(house) for house in _houses(incident)] if assigned else []
    context: dict[str, Any] = {"incident": incident, "tab": "calldown", "board": found, "visit": visit,
                               "may_start": can(request.user, COMMAND)}  # fmt: skip
    with acting(request.user.actor, "emergency.field", mode=incident.mode):  # type: ignore[union-attr]
        if found:
            context |= {"states": [(state_name(code), TAGS[CALL.states[code].kind], n) for code, n in
                                   sorted(found.by_state.items(), key=lambda pair: list(CALL.states).index(pair[0]))],
                        "chart": _chart(found)}  # fmt: skip
        return render(request, "emergency/calldown/board.html", context)


def _houses(incident: Incident) -> list[House]:
    """Houses to which somebody has to go, because the telephone did not help."""
    keys = [row.house_key for row in queries.calls(incident.pk, *TO_VISIT) if row.house_key]
    return list(House.objects.filter(pk__in=keys).order_by("moo", "house_no"))


def _chart(found: queries.Board) -> Any:
    if len(found.curve) < 2:
        return None
    labels = [str(minute) for minute, _ in found.curve]
    return figure(
        "line", labels, [Series(gettext("ติดต่อได้แล้ว"), [round(share, 1) for _, share in found.curve])],
        finding=gettext("ติดต่อได้แล้ว %(n)s จาก %(all)s คน (%(share).0f%%)")
        % {"n": found.reached, "all": found.people, "share": found.percent},
        what=gettext("ร้อยละที่ติดต่อได้ ตามนาทีนับจากประกาศเตือน"), source=gettext("บันทึกการโทรของเหตุนี้"),
        first_header=gettext("นาที"), unit="%",
    )  # fmt: skip


@never_cache
@require_POST
@require(COMMAND)
def start(request: HttpRequest, number: str) -> HttpResponseBase:
    """Put on the list who needs help most among those inside now."""
    try:
        _, added = actions.start(request.user, _incident(request, number))  # type: ignore[arg-type]
        messages.success(request, gettext("เพิ่มรายชื่อที่ต้องโทร %(n)s คน") % {"n": added})
    except ProblemError as error:
        messages.error(request, f"{error.problem.what} {error.problem.fix}")
    return redirect("emergency:calldown", number)


@never_cache
@require_POST
@require(PEOPLE)
def take_next(request: HttpRequest, number: str) -> HttpResponseBase:
    """Hold the next person for who asks, and go to her page."""
    account: Account = request.user  # type: ignore[assignment]
    incident = _incident(request, number)
    try:
        with grants.affected(account, incident):
            row = actions.take_next(account, incident.pk)
    except ProblemError as error:
        messages.error(request, f"{error.problem.what} {error.problem.fix}")
        return redirect("emergency:calldown", number)
    if row is None:
        messages.success(request, gettext("ไม่มีผู้ที่รอการโทรแล้ว"))
        return redirect("emergency:calldown", number)
    return redirect("emergency:calldown_call", number, row.pk)


@never_cache
@require_http_methods(["GET", "POST"])
@require(PEOPLE)
def call(request: HttpRequest, number: str, key: UUID) -> HttpResponseBase:
    """One person: her number, what to ask, what she said."""
    account: Account = request.user  # type: ignore[assignment]
    incident = _incident(request, number)
    problem = None
    if request.method == "POST":
        try:
            row = actions.answer(account, incident, key, _said(request))
            messages.success(request, gettext("บันทึกแล้ว: %(state)s") % {"state": state_name(row.state)})
            return redirect("emergency:calldown", number)
        except ProblemError as error:
            if error.problem.code == "no_call":
                raise Http404(str(key)) from error
            problem = error.problem
    return _person(request, incident, key, problem)


def _said(request: HttpRequest) -> actions.Said:
    try:
        number = UUID(request.POST.get(KEY_FIELD, ""))
    except ValueError:
        number = UUID(new_key())
    return actions.Said(request.POST.get("answer", ""), number, request.POST.get("note", ""))


def _person(request: HttpRequest, incident: Incident, key: UUID, problem: Any) -> HttpResponse:
    account: Account = request.user  # type: ignore[assignment]
    try:
        with grants.affected(account, incident):
            row = CallDown.objects.filter(pk=key, round__incident=incident).first()
            found = someone(row.person_key, via="calldown") if row else None
            if row is None or found is None:
                raise Http404(str(key))
            one, house = found
            past = [(call_.at, answer_name(call_.answer)) for call_ in queries.answers(row.pk)]
            context = {
                "incident": incident, "tab": "calldown", "row": row, "one": one, "needs": need_words(one.needs),
                "address": house_label(House.objects.filter(pk=house).first()) if house else "", "problem": problem,
                "state": state_name(row.state), "tag": TAGS[CALL.states[row.state].kind], "no_answer": NO_ANSWER,
                "answers": [(code, state_name(code)) for code in ANSWERS], "past": past,
            }  # fmt: skip
            return render(request, "emergency/calldown/call.html", context, status=422 if problem else 200)
    except ProblemError as error:
        messages.error(request, f"{error.problem.what} {error.problem.fix}")
        return HttpResponse(status=302, headers={"Location": f"/staff/emergency/{incident.number}/calldown/"})
