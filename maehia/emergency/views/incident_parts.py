"""What every page of the desk shares: a refused verb answers with its page, what is wrong and what was typed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from maehia.access.models import Account
from maehia.access.permissions import acting_as, can, require
from maehia.access.queries import account_of, holders_of
from maehia.base import Problem, ProblemError
from maehia.emergency.actions.incidents import locked
from maehia.emergency.models import Incident, LogLine
from maehia.emergency.queries.incidents import mode_of
from maehia.emergency.views.incident_lines import Told, told
from maehia.emergency.views.parts import find_or_404, own_purpose
from maehia.kit.idempotency import Created, idempotent

NOT_WHOLE = Problem("incomplete", "ยังกรอกไม่ครบ", fix="ดูช่องที่ทำเครื่องหมายไว้")
COMMAND = ("emergency.command",)
FIELD = ("emergency.command", "emergency.field")
SHOWN = ("state", "level", "commander", "order", "handover")


@dataclass
class Refused:
    """What a verb answered. form: with its errors; changed: what others did since the page was opened."""

    verb: str
    problem: Problem
    status: int = 422
    data: Any = None
    form: forms.Form | None = None
    target: str = ""
    changed: Sequence[Told] = field(default_factory=list)


class Incomplete(ProblemError):
    """A form that lacks something; the page shows it with its errors."""

    def __init__(self, form: forms.Form) -> None:
        super().__init__(NOT_WHOLE)
        self.form = form


@dataclass(frozen=True, slots=True)
class Verb:
    """run: does it and says what was done; page: draws the page again after a refusal; then: where it leads.

    may: one of these permissions is needed.
    """

    run: Callable[[HttpRequest, Incident], str]
    page: Callable[[HttpRequest, Incident, Refused | None], HttpResponse]
    then: str
    may: tuple[str, ...] = COMMAND


verbs: dict[str, Verb] = {}


def back(request: HttpRequest, then: str) -> HttpResponseBase:
    """After a verb, also one that was sent twice: the page as it is now."""
    return redirect(then, request.resolver_match.kwargs["number"])  # type: ignore[union-attr]


@require_POST
@never_cache
@require("emergency.see")
@idempotent("emergency.desk", show=back)
def act(request: HttpRequest, number: str, verb: str) -> HttpResponse | Created:
    """Do one thing at the desk. 409 when somebody changed it meanwhile, 422 for what is refused or missing."""
    found = verbs.get(verb)
    if found is None:
        raise Http404(verb)
    if not any(can(request.user, permission) for permission in found.may):
        raise PermissionDenied(verb)
    try:
        with at(request, number):
            words = found.run(request, find_or_404(number))
    except ProblemError as error:
        with at(request, number):
            row = find_or_404(number)
            return found.page(request, row, refusal(request, row, verb, error))
    messages.success(request, words)
    return Created(found.then)


def at(request: HttpRequest, number: str) -> Any:
    """The context of an incident for whoever is logged in."""
    return acting_as(request.user, own_purpose(request), mode=mode_of(number))  # type: ignore[arg-type]


def refusal(request: HttpRequest, incident: Incident, verb: str, error: ProblemError) -> Refused:
    stale = error.problem.code.startswith("stale_")
    found = Refused(verb, error.problem, 409 if stale else 422, request.POST, getattr(error, "form", None),
                    request.POST.get("target", ""))  # fmt: skip
    if stale:
        rows = LogLine.objects.filter(incident=incident, seq__gt=number_in(request, "seq") or 0, kind__in=SHOWN)
        found.changed = told(list(rows.order_by("seq")[:10]))
    return found


def number_in(request: HttpRequest, name: str) -> int | None:
    """A small number of the form; None for anything else."""
    sent = request.POST.get(name, "")
    return int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 9 else None


def fresh(request: HttpRequest, incident: Incident) -> Incident:
    """The incident, locked, as it was on the page. Raises ProblemError stale_incident."""
    return locked(incident.pk, number_in(request, "version"))


def whole(form: forms.Form) -> dict[str, Any]:
    """What was typed. Raises Incomplete."""
    if not form.is_valid():
        raise Incomplete(form)
    return form.cleaned_data


def chosen_account(key: str) -> Account:
    """The account that a form chose. Raises ProblemError no_account."""
    try:
        found = account_of(UUID(key))
    except ValueError:
        found = None
    if found is None or not found.is_active:
        raise ProblemError(Problem("no_account", "ไม่พบบัญชีผู้ใช้นี้", "who", "เลือกจากรายการ"))
    return found


def key_in(request: HttpRequest, name: str = "target") -> UUID:
    """A key of the form. Raises Http404 for what is none."""
    try:
        return UUID(request.POST.get(name, ""))
    except ValueError as error:
        raise Http404(name) from error


def staff() -> list[Account]:
    """Those who may stand at a post: everybody who sees emergencies."""
    return holders_of("emergency.see")


def basics(request: HttpRequest, incident: Incident, tab: str, refused: Refused | None = None) -> dict[str, Any]:
    """What every page of the desk gives to its template."""
    return {
        "incident": incident, "tab": tab, "refused": refused, "may_command": can(request.user, "emergency.command"),
        "may_write": any(can(request.user, permission) for permission in FIELD),
        "title": f"{incident.number} {incident.name}",
    }  # fmt: skip


def status_of(refused: Refused | None) -> int:
    return refused.status if refused else 200


def bound(refused: Refused | None, verb: str, target: str = "") -> forms.Form | None:
    """The form that was refused, when it belongs to this verb (and thing) of the page."""
    return refused.form if refused and refused.verb == verb and refused.target == target else None


def done(what: str, incident: Incident) -> str:
    """The sentence after a verb: what was done, and where."""
    return gettext("%(what)s (%(number)s)") % {"what": what, "number": incident.number}
