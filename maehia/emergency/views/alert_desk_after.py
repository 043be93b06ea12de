"""After a warning went out: who is reached, who is not and by which other way, and the request for a cell broadcast."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from maehia.access.permissions import may, require
from maehia.base import Problem, ProblemError
from maehia.emergency.actions import broadcast_request, fanout, release
from maehia.emergency.models import Alert, Incident
from maehia.emergency.queries import incidents
from maehia.emergency.queries import release as queries
from maehia.emergency.rules.help import read_digits
from maehia.emergency.rules.release import WAYS
from maehia.emergency.views.alert_desk import APPROVE, DRAFT, SEE, found
from maehia.emergency.views.help_desk import told_time
from maehia.emergency.views.help_forms import lang
from maehia.emergency.views.parts import find_or_404
from maehia.forms.queries import document_url, documents
from maehia.kit.acting import acting

View = Callable[..., HttpResponseBase]


def warning(permission: str) -> Callable[[View], View]:
    """A view of one alert of an incident inside `emergency.warn`, in the officer's own name: it reads letters and
    counts people, which commanding alone does not."""

    def decorate(view: View) -> View:
        @require(permission)
        @wraps(view)
        def page(request: HttpRequest, number: str, key: UUID) -> HttpResponseBase:
            actor = request.user.actor  # type: ignore[union-attr]
            with acting(actor, fanout.PURPOSE, mode=incidents.mode_of(number)):
                incident = find_or_404(number)
                return view(request, incident, found(key, incident))

        return page

    return decorate


@warning(SEE)
def reach(request: HttpRequest, incident: Incident, alert: Alert) -> HttpResponseBase:
    """Numbers of a published alert; resend, and what was told by other ways."""
    if request.method != "POST":
        return draw(request, incident, alert)
    if not may(request, DRAFT):
        return draw(request, incident, alert, Problem("may_not", gettext("คุณไม่มีสิทธิ์บันทึกหน้านี้")))
    try:
        said = _resend(alert) if request.POST.get("to") == "resend" else _told(request, alert)
    except ProblemError as error:
        return draw(request, incident, alert, error.problem)
    messages.success(request, said)
    return redirect("emergency:alert_reach", number=incident.number, key=alert.pk)


def _resend(alert: Alert) -> str:
    return gettext("ส่งใหม่ %(n)s ข้อความ") % {"n": fanout.resend(alert)}


def _told(request: HttpRequest, alert: Alert) -> str:
    told = request.POST
    people = int(read_digits(told.get("people", ""))[:6] or 0)
    when = told_time(told.get("at", ""))
    row = release.tell_other_way(alert, told.get("way", ""), people, told.get("note", ""), when)
    return gettext("บันทึกแล้ว: %(way)s") % {"way": WAYS[row.way][lang() == "en"]}


def draw(request: HttpRequest, incident: Incident, alert: Alert, refused: Problem | None = None) -> HttpResponse:
    english = lang() == "en"
    shown: dict[str, Any] = queries.summary(alert)
    addresses = {paper.pk: document_url(paper) for paper in documents(alert.pk)}
    shown |= {
        "incident": incident, "tab": "alerts", "alert": alert, "refused": refused, "may_draft": may(request, DRAFT),
        "group_lines": [(one.en if english else one.th, one.people, [WAYS[way][english] for way in one.ways])
                        for one in shown["groups"]],
        "way_choices": [(key, pair[english]) for key, pair in WAYS.items()],
        "told_lines": [(row, WAYS[row.way][english]) for row in shown["ways"]],
        "papers": [(row, addresses.get(row.document, "")) for row in shown["requests"]],
        "leaves": fanout.may_leave(alert), "may_ask": may(request, APPROVE),
    }  # fmt: skip
    return render(request, "emergency/release/reach.html", shown, status=422 if refused else 200)


@require_POST
@warning(APPROVE)
def broadcast(request: HttpRequest, incident: Incident, alert: Alert) -> HttpResponseBase:
    """Ask the province, or write down its answer."""
    told = request.POST
    try:
        if told.get("request"):
            row = broadcast_request.answer_broadcast(
                UUID(told["request"]), state=told.get("state", ""), who=told.get("who", ""),
                text=told.get("answer", ""), answered_at=told_time(told.get("at", "")),
            )  # fmt: skip
        else:
            row = broadcast_request.request_broadcast(alert.pk, request.user)  # type: ignore[arg-type]
    except ProblemError as error:
        return draw(request, incident, alert, error.problem)
    said = {"no": row.number, "state": row.get_state_display()}
    messages.success(request, gettext("บันทึกหนังสือ %(no)s แล้ว: %(state)s") % said)
    return redirect("emergency:alert_reach", number=incident.number, key=alert.pk)
