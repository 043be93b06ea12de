"""The counter: find the person, see her cases, start anything for her, finish, and nothing of her is left.

Every page stands under the key of a visit. Ending the visit makes them all go: "back" asks the server again, since no
page is stored, and the server knows that the visit is over.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID, uuid4

import segno
from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve, reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from maehia.access.permissions import acting_as, require
from maehia.base import ProblemError
from maehia.city.queries.people import PersonView, person_view
from maehia.city.registry import field_word
from maehia.kit.idempotency import Created, idempotent
from maehia.services.actions import Contact, NewCase, open_case
from maehia.services.actions import care as care_actions
from maehia.services.actions import counter as actions
from maehia.services.actions.telling import link_of
from maehia.services.models import Case, CounterVisit
from maehia.services.queries import counter as queries
from maehia.services.queries import queue
from maehia.services.queries.catalogue import published
from maehia.services.views import fast_lane
from maehia.services.views.staff_parts import state_tag, state_words
from maehia.web import registry as web
from maehia.web.fields import CardsField, PhoneField, ThaiDateField
from maehia.web.formats import NOTHING, english
from maehia.web.values import Term

PURPOSE = "counter.service"
# What a session keeps from one person to the next: who is logged in. Everything else goes.
KEPT = ("_auth_user_id", "_auth_user_backend", "_auth_user_hash", "maehia_mfa", "account_authentication_methods")
COMPARED = ("national_id", "birth", "phone", "registered")
OFF = {"autocomplete": "off"}

View = Callable[..., HttpResponse | Created]


def in_visit(view: View) -> View:
    """A page of one visit: this officer's, not ended. An ended one leads to the door, whoever it was about."""

    @never_cache
    @require("services.queue")
    @wraps(view)
    def inside(request: HttpRequest, visit: UUID, *args: Any, **kwargs: Any) -> HttpResponse | Created:
        with acting_as(request.user, PURPOSE):  # type: ignore[arg-type]
            found = queries.visit_of(visit, request.user.pk)  # type: ignore[arg-type]
        if found is None:
            messages.info(request, gettext("การบริการนั้นจบแล้ว"))
            return redirect("services:counter")
        return view(request, found, *args, **kwargs)

    return inside


@never_cache
@require_safe
@require("services.queue")
def door(request: HttpRequest) -> HttpResponse:
    """Begin with the next person, or go on with the one who is here."""
    with acting_as(request.user, PURPOSE):  # type: ignore[arg-type]
        here = queries.open_visit(request.user.pk)  # type: ignore[arg-type]
    response = render(request, "services/counter_door.html", {"visit": here, "clear": request.GET.get("clear", "")})
    if request.GET.get("clear"):
        response.headers["Clear-Site-Data"] = '"cache"'
    return response


@require_POST
@require("services.queue")
def start(request: HttpRequest) -> HttpResponse:
    """A new visit, with the ticket at the desk when there is one."""
    forget(request)
    try:
        ticket = UUID(request.POST.get("ticket", ""))
    except ValueError:
        ticket = None
    with acting_as(request.user, PURPOSE):  # type: ignore[arg-type]
        visit = actions.begin(request.user.pk, ticket)  # type: ignore[arg-type]
    return redirect("services:counter_visit", visit.pk)


def forget(request: HttpRequest) -> None:
    """Empty the session of everything but the log-in: searches, choices, what a form kept."""
    for key in [key for key in request.session.keys() if key not in KEPT]:  # noqa: SIM118 (a session is no dict)
        del request.session[key]


@in_visit
@require_safe
def visit(request: HttpRequest, visit: CounterVisit) -> HttpResponse:
    """Who is here; before that, the question who it is."""
    if visit.person_key is None:
        return _finder(request, visit)
    with acting_as(request.user, PURPOSE):  # type: ignore[arg-type]
        person = person_view(visit.person_key, via="counter")
        if person is None:
            raise Http404
        cases = [_shown(case) for case in queries.cases_of(person.key)]
    context = {
        "visit": visit, "name": person.name, "terms": _terms(person), "cases": cases, "ticket": _ticket_words(visit),
        "services": _offers("service"), "reports": _offers("report"), "dead": person.person.died,
    }  # fmt: skip
    return render(request, "services/counter_visit.html", context)


def _ticket_words(visit: CounterVisit) -> str:
    return queue.words_of(visit.ticket) if visit.ticket else ""


def _terms(person: PersonView) -> list[Term]:
    """What the desk compares with the card; ID and phone stay masked."""
    rows = [Term(field_word(v.field), _value(person, v.field, v.value)) for v in person.values if v.field in COMPARED]
    return [*rows, Term(gettext("ที่อยู่"), str(person.house) if person.house else NOTHING)]


def _value(person: PersonView, name: str, value: Any) -> str:
    if name == "birth":
        return queries.born_words(person.person)
    if name == "registered":
        return gettext("ใช่") if value else gettext("ไม่ใช่")
    return str(value or NOTHING)


def _shown(case: Case) -> dict[str, Any]:
    return {
        "id": case.pk, "number": case.number, "service": web.in_language(case.service.name_th, case.service.name_en),
        "state": state_words(case.kind, case.state), "tag": state_tag(case.state, case.state_type), "due": case.due_at,
        "open": case.state_type == "open", "received": case.received_at, "kind": case.kind,
    }  # fmt: skip


def _offers(kind: str) -> list[tuple[str, str]]:
    """What is begun at the counter. Not what is sealed: that goes past the counter's list of her cases."""
    lang = "en" if english() else "th"
    return [(d.code, d.name.in_(lang)) for d in published(kind) if not d.confidential]


def _finder(request: HttpRequest, visit: CounterVisit, **more: Any) -> HttpResponse:
    context = {"visit": visit, "ticket": _ticket_words(visit), "asked": False, **more}
    return render(request, "services/counter_find.html", context, status=more.pop("status", 200))


@in_visit
@require_POST
def find(request: HttpRequest, visit: CounterVisit) -> HttpResponse:
    """The people who may be meant. What was typed stands in this answer only, in no address and no session."""
    typed, second = request.POST.get("q", "").strip()[:120], request.POST.get("second", "").strip()[:60]
    try:
        with acting_as(request.user, PURPOSE):  # type: ignore[arg-type]
            found = queries.find_people(typed, second)
    except ProblemError as error:
        return _finder(request, visit, typed=typed, second=second, problem=error.problem)
    return _finder(request, visit, typed=typed, second=second, found=found, asked=True)


@in_visit
@require_POST
def choose(request: HttpRequest, visit: CounterVisit, person: UUID) -> HttpResponse:
    with acting_as(request.user, PURPOSE):  # type: ignore[arg-type]
        actions.choose_person(visit, person)
    return redirect("services:counter_visit", visit.pk)


@in_visit
@require_POST
def helper(request: HttpRequest, visit: CounterVisit) -> HttpResponse:
    """Somebody else came for her: name and paper."""
    try:
        with acting_as(request.user, PURPOSE):  # type: ignore[arg-type]
            actions.set_helper(visit, request.POST.get("name", ""), request.POST.get("paper", ""))
        messages.success(request, gettext("บันทึกผู้มาแทนและเอกสารแล้ว"))
    except ProblemError as error:
        messages.error(request, f"{error.problem.what} {error.problem.fix}")
    return redirect("services:counter_visit", visit.pk)


def needs_person(visit: CounterVisit) -> UUID:
    if visit.person_key is None:
        raise Http404
    return visit.person_key


@require_http_methods(["GET", "HEAD", "POST"])
@in_visit
def apply(request: HttpRequest, visit: CounterVisit, code: str) -> HttpResponse:
    """Any application for her, in the page that citizens use; the case is tied to the ticket."""
    response: HttpResponse = fast_lane.apply_for_somebody(request, code, needs_person(visit))  # type: ignore[assignment]
    case_id = _case_in(response)
    if case_id is None:
        return response
    with acting_as(request.user, PURPOSE):  # type: ignore[arg-type]
        case = Case.objects.get(pk=case_id)
        actions.note_case(visit, case, by=request.user.actor)  # type: ignore[union-attr]
    return redirect("services:counter_slip", visit.pk, case_id)


def _case_in(response: HttpResponse) -> UUID | None:
    """The case to which the application's page leads when it is sent."""
    if not isinstance(response, HttpResponseRedirect):
        return None
    try:
        found = resolve(response.url).kwargs.get("key")
    except Resolver404:
        return None
    return found if isinstance(found, UUID) else None


class ReportForm(forms.Form):
    """A report for somebody who stands here. Nothing is filled in by the browser."""

    service = forms.ChoiceField(label=gettext_lazy("ประเภท"))
    text = forms.CharField(label=gettext_lazy("เรื่องที่แจ้ง"), max_length=4000, widget=forms.Textarea({"rows": 4, **OFF}))
    address = forms.CharField(
        label=gettext_lazy("สถานที่หรือจุดสังเกต"), max_length=300, required=False, widget=forms.TextInput(OFF)
    )
    phone = PhoneField(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["service"].choices = [("", gettext("เลือกประเภท")), *_offers("report")]  # type: ignore[attr-defined]
        self.fields["phone"].widget.attrs["autocomplete"] = "off"


def show_slip(request: HttpRequest, key: str) -> HttpResponse:
    return redirect("services:counter_slip", request.resolver_match.kwargs["visit"], key)  # type: ignore[union-attr]


@in_visit
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, visit: CounterVisit) -> HttpResponse | Created:
    return _report(request, visit)  # type: ignore[return-value]


@idempotent("services.counter.report", show=show_slip)
def _report(request: HttpRequest, visit: CounterVisit) -> HttpResponse | Created:
    """A report of hers; the number goes on the slip, the news to the phone she gives."""
    key, form = needs_person(visit), ReportForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            return Created(_filed(request, visit, key, form.cleaned_data).pk)
        except ProblemError as error:
            form.add_error(None, f"{error.problem.what} {error.problem.fix}".strip())
    return render(
        request, "services/counter_report.html", {"visit": visit, "form": form}, status=422 if form.errors else 200
    )


def _filed(request: HttpRequest, visit: CounterVisit, key: UUID, sent: dict[str, Any]) -> Case:
    by = request.user.actor  # type: ignore[union-attr]
    with acting_as(request.user, PURPOSE):  # type: ignore[arg-type]
        person = person_view(key, via="counter")
        contact = Contact(name=person.name if person else "", phone=sent["phone"], person_key=key)
        new = NewCase(service=sent["service"], channel="counter", description=sent["text"], address=sent["address"],
                      contact=contact, person_key=key)  # fmt: skip
        case = open_case(new, by=by, case_id=uuid4()).case
        actions.note_case(visit, case, by=by)
    return case


@in_visit
@require_safe
def slip(request: HttpRequest, visit: CounterVisit, case: UUID) -> HttpResponse:
    """What she takes home: number, service, day, and the way to follow it. No name, no ID."""
    with acting_as(request.user, PURPOSE):  # type: ignore[arg-type]
        found = Case.objects.select_related("service").filter(pk=case).first()
        if found is None or found.person_key != visit.person_key:
            raise Http404
    link = link_of(found)
    drawn = segno.make(link, error="m").svg_inline(scale=4, border=2, omitsize=True)
    context = {
        "visit": visit, "case": found, "shown": _shown(found), "link": link, "ticket": _ticket_words(visit),
        "qr": mark_safe(drawn),  # noqa: S308 (segno's own drawing of our own address)
    }  # fmt: skip
    return render(request, "services/counter_slip.html", context)


class CareForm(forms.Form):
    """A carer for her, by a paper that is shown here."""

    carer = forms.CharField(label=gettext_lazy("เลขประจำตัวประชาชนของผู้ดูแล"),
                            widget=forms.TextInput({"inputmode": "numeric", "class": "medium", **OFF}))  # fmt: skip
    relation = forms.CharField(
        label=gettext_lazy("ความสัมพันธ์"), required=False, max_length=40, widget=forms.TextInput(OFF)
    )
    paper = forms.CharField(label=gettext_lazy("เอกสารที่แสดง"), max_length=150, widget=forms.TextInput(OFF))
    may = CardsField(label=gettext_lazy("ผู้ดูแลทำอะไรได้"), initial="file")
    until = ThaiDateField(label=gettext_lazy("ถึงวันที่ (เว้นว่าง = จนกว่าจะยกเลิก)"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["may"].choices = [("see", gettext("ดูอย่างเดียว")), ("file", gettext("ดูและยื่นแทน"))]  # type: ignore[attr-defined]


@in_visit
@require_http_methods(["GET", "HEAD", "POST"])
def care(request: HttpRequest, visit: CounterVisit) -> HttpResponse:
    """Let a relative see and file for her, by the paper shown; both see it at home and may end it."""
    key, form = needs_person(visit), CareForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            _grant(request, key, form.cleaned_data)
            messages.success(request, gettext("บันทึกผู้ดูแลแล้ว ทั้งสองฝ่ายเห็นและยกเลิกได้ในหน้าข้อมูลของฉัน"))
            return redirect("services:counter_visit", visit.pk)
        except ProblemError as error:
            form.add_error(None, f"{error.problem.what} {error.problem.fix}".strip())
    return render(
        request, "services/counter_care.html", {"visit": visit, "form": form}, status=422 if form.errors else 200
    )


def _grant(request: HttpRequest, cared: UUID, sent: dict[str, Any]) -> None:
    leave = care_actions.Leave(sent["may"], True, sent["relation"], sent["until"])
    with acting_as(request.user, PURPOSE):  # type: ignore[arg-type]
        found = queries.find_people(sent["carer"], "")
        if len(found) != 1:
            raise actions.refused("no_person", "ไม่พบผู้ดูแลจากเลขนี้ในทะเบียน", fix="ตรวจเลขบัตรอีกครั้ง")
        care_actions.grant_at_counter(cared, found[0].key, sent["paper"], leave, by=request.user.actor)  # type: ignore[union-attr]


@in_visit
@require_POST
def finish(request: HttpRequest, visit: CounterVisit) -> HttpResponse:
    """The person goes. Visit, session and the browser's store are emptied before the next one comes."""
    with acting_as(request.user, PURPOSE):  # type: ignore[arg-type]
        actions.end(visit)
    forget(request)
    messages.success(request, gettext("จบการบริการแล้ว ไม่มีข้อมูลของผู้รับบริการค้างอยู่"))
    return redirect(f"{reverse('services:counter')}?clear=1")
