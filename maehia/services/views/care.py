"""ผู้ดูแล on the citizen's own pages: give leave by a code, see what is done for one, end it; and act for another."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from maehia.access.permissions import acting_as, require
from maehia.base import ProblemError
from maehia.kit import rates
from maehia.kit.idempotency import Created, idempotent
from maehia.services.actions import care as actions
from maehia.services.models import Caring, Case, CaseEvent
from maehia.services.queries import care as queries
from maehia.services.queries.catalogue import published
from maehia.services.views import fast_lane
from maehia.services.views.staff_parts import state_tag, state_words
from maehia.web import registry as web
from maehia.web.errors import TooMany
from maehia.web.fields import CardsField, ThaiDateField
from maehia.web.formats import english

PERMISSION = "services.mine"


class GrantForm(forms.Form):
    """The carer's code, what she may, until when."""

    code = forms.CharField(
        label=gettext_lazy("รหัสของผู้ดูแล"), max_length=20,
        help_text=gettext_lazy("ให้ผู้ดูแลเปิดหน้านี้ในเครื่องของตน แล้วอ่านรหัสให้คุณ"),
        widget=forms.TextInput({"autocomplete": "off", "class": "medium"}),
    )  # fmt: skip
    relation = forms.CharField(label=gettext_lazy("ความสัมพันธ์"), required=False, max_length=40,
                               help_text=gettext_lazy("เช่น ลูกสาว"))  # fmt: skip
    may = CardsField(label=gettext_lazy("ผู้ดูแลทำอะไรได้"), initial="see")
    alerts = forms.BooleanField(label=gettext_lazy("ส่งข่าวเรื่องของฉันให้ผู้ดูแลด้วย"), required=False, initial=True)
    until = ThaiDateField(label=gettext_lazy("ถึงวันที่ (เว้นว่าง = จนกว่าจะยกเลิก)"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["may"].choices = [("see", gettext("ดูอย่างเดียว")), ("file", gettext("ดูและยื่นแทน"))]  # type: ignore[attr-defined]


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@require(PERMISSION)
def index(request: HttpRequest) -> HttpResponse:
    """Who cares for me and what they did; for whom I care. POST gives leave to the holder of a code."""
    user: Any = request.user
    if user.person_key is None:
        return render(request, "services/care_index.html", {"known": False})
    form = GrantForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _granted(request, form):
        return redirect("services:care")
    with acting_as(user, queries.OWN):
        context = {
            "known": True, "form": form, "carers": queries.cared_by(user.person_key),
            "cared": queries.caring_for(user.person_key), "done": queries.what_carers_did(user.person_key),
            "in_app": actions.IN_APP,
        }  # fmt: skip
        return render(request, "services/care_index.html", context, status=422 if form.errors else 200)


def _granted(request: HttpRequest, form: GrantForm) -> bool:
    given = form.cleaned_data
    leave = actions.Leave(given["may"], given["alerts"], given["relation"], given["until"])
    try:
        row = actions.grant(request.user, given["code"], leave)  # type: ignore[arg-type]
    except rates.TooOften as error:
        raise TooMany(error.problem, 3600) from error
    except ProblemError as error:
        form.add_error("code", f"{error.problem.what} {error.problem.fix}".strip())
        return False
    messages.success(request, gettext("ให้สิทธิ์ผู้ดูแลแล้ว (%(may)s)") % {"may": row.get_may_display()})
    return True


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@require(PERMISSION)
def code(request: HttpRequest) -> HttpResponse:
    """The carer's own code, made when she asks; shown once."""
    if request.user.person_key is None:  # type: ignore[union-attr]
        raise PermissionDenied
    if request.method != "POST":
        return render(request, "services/care_code.html", {})
    try:
        words, row = actions.make_code(request.user)  # type: ignore[arg-type]
    except rates.TooOften as error:
        raise TooMany(error.problem, 3600) from error
    return render(request, "services/care_code.html", {"code": words, "until": row.expires_at})


@require_POST
@require(PERMISSION)
def end(request: HttpRequest, pk: int) -> HttpResponse:
    actions.end(request.user, pk)  # type: ignore[arg-type]
    messages.success(request, gettext("ยกเลิกการดูแลแล้ว มีผลทันที"))
    return redirect("services:care")


@require_POST
@require(PERMISSION)
def alerts(request: HttpRequest, pk: int) -> HttpResponse:
    actions.set_alerts(request.user, pk, alerts=bool(request.POST.get("on")))  # type: ignore[arg-type]
    return redirect("services:care")


@never_cache
@require_safe
@login_required
def person(request: HttpRequest, cared: UUID) -> HttpResponse:
    """Somebody in my care: her cases, and what I may file for her. Nobody else's page answers."""
    try:
        with queries.acting_for(request.user, cared) as row:  # type: ignore[arg-type]
            cases = [_shown(case) for case in queries.cases_for()]
    except ProblemError as error:
        raise Http404 from error
    lang = "en" if english() else "th"
    may_file = row.may == Caring.May.FILE
    offers = [(d.code, d.name.in_(lang)) for d in published("service")] if may_file else []
    return render(request, "services/care_person.html", {"row": row, "cases": cases, "offers": offers})


def _shown(case: Case) -> dict[str, Any]:
    return {
        "number": case.number, "service": web.in_language(case.service.name_th, case.service.name_en),
        "state": state_words(case.kind, case.state), "tag": state_tag(case.state, case.state_type), "due": case.due_at,
        "received": case.received_at, "open": case.state_type == "open",
        "events": [(e.event_at, _event_words(case, e), e.note) for e in case.events.all() if e.is_public],
    }  # fmt: skip


def _event_words(case: Case, event: CaseEvent) -> str:
    return state_words(case.kind, event.state) if event.state else event.get_kind_display()


def show_filed(request: HttpRequest, key: str) -> HttpResponse:
    """Back to the one cared for: a secret link would outlive the care."""
    messages.success(request, gettext("ยื่นแทนแล้ว"))
    return redirect("services:care_person", request.resolver_match.kwargs["cared"])  # type: ignore[union-attr]


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@idempotent("services.apply.care", show=show_filed)
def apply(request: HttpRequest, cared: UUID, code: str) -> HttpResponse | Created:
    """Apply for somebody in my care, with what the register knows of her. Her log says that I did."""
    definition = fast_lane.offered(code)
    try:
        with queries.acting_for(request.user, cared, to_file=True) as row:  # type: ignore[arg-type]
            made = fast_lane._page(request, definition, cared, uuid4(), counter=False)
            if isinstance(made, Created):
                actions.note_carer(UUID(str(made.id)), row)
            return made
    except ProblemError as error:
        if error.problem.code in {"not_your_care", "no_person", "purpose_not_yours"}:
            raise Http404 from error
        raise
