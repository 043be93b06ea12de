"""The after-action review of an incident, and what is being done about every gap of the town."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from maehia.access.models import Account
from maehia.access.permissions import acting_as, can, require
from maehia.access.queries import holders_of
from maehia.base import ProblemError
from maehia.emergency.actions import review as actions
from maehia.emergency.models import CorrectiveAction, Finding, Incident, Review
from maehia.emergency.models.recovery import ACTION
from maehia.emergency.queries.review import unfinished
from maehia.emergency.views.parts import at_incident
from maehia.kit.clock import today
from maehia.web import fields
from maehia.web.registry import in_language


class FindingForm(forms.Form):
    """What only people saw."""

    kind = forms.ChoiceField(label=gettext_lazy("เป็น"), choices=Finding.Kind.choices)
    text = forms.CharField(label=gettext_lazy("สิ่งที่พบ"), widget=forms.Textarea(attrs={"rows": 2}), max_length=2000)


class CorrectForm(forms.Form):
    """What is done about a gap."""

    text = forms.CharField(label=gettext_lazy("จะทำอะไร"), max_length=400)
    owner = forms.ChoiceField(label=gettext_lazy("ผู้รับผิดชอบ"))
    due = fields.ThaiDateField(label=gettext_lazy("ภายในวันที่"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].choices = [(str(a.pk), f"{a.display_name} {a.unit}") for a in holders_of("emergency.see")]  # type: ignore[attr-defined]


@never_cache
@require_http_methods(["GET", "POST"])
@at_incident("emergency.see")
def review(request: HttpRequest, incident: Incident) -> HttpResponse:
    may_edit = can(request.user, "emergency.review")
    held = Review.objects.filter(incident=incident).first()
    if request.method == "POST" and may_edit:
        try:
            VERBS.get(request.POST.get("verb", ""), _unknown)(request, incident, held)
            return redirect("emergency:review", incident.number)
        except ProblemError as error:
            messages.error(request, f"{error.problem.what} {error.problem.fix}".strip())
    context = {
        "incident": incident, "tab": "review", "review": held, "may_edit": may_edit and not (held and held.agreed_at),
        "strengths": _findings(held, "strength"), "gaps": _findings(held, "gap"),
        "finding_form": FindingForm(), "correct_form": CorrectForm(), "states": ACTION.states,
    }  # fmt: skip
    return render(request, "emergency/recovery/review.html", context)


def _findings(held: Review | None, kind: str) -> list[dict[str, Any]]:
    if held is None:
        return []
    rows = held.findings.filter(kind=kind).prefetch_related("actions").order_by("code", "text")
    return [
        {"row": row, "text": in_language(row.text, row.text_en), "measured": _units(row.measured),
         "target": _units(row.target), "actions": _actions(list(row.actions.all()))}
        for row in rows
    ]  # fmt: skip


def _units(text: str) -> str:
    """What was measured ("<= 30 min") in the words of the page; numbers and percent read alike everywhere."""
    words = {"<=": gettext("ไม่เกิน"), "min": gettext("นาที"), "h": gettext("ชั่วโมง")}
    return " ".join(words.get(part, part) for part in text.split(" "))


def _actions(rows: list[CorrectiveAction]) -> list[dict[str, Any]]:
    names = {a.pk: a.display_name for a in Account.objects.filter(pk__in=[row.owner for row in rows])}
    return [
        {
            "row": row,
            "owner": names.get(row.owner, "-"),
            "late": row.due < today() and row.state != "verified",
            "state": _state(row.state),
            "moves": [(move.to, _state(move.to)) for move in ACTION.states[row.state].moves],
        }
        for row in rows
    ]


def _state(code: str) -> str:
    return in_language(ACTION.states[code].th, ACTION.states[code].en)


def _open(_request: HttpRequest, incident: Incident, _held: Review | None) -> None:
    actions.open_review(incident.pk)


def _find(request: HttpRequest, _incident: Incident, held: Review | None) -> None:
    actions.add_finding(_must(held), request.POST.get("kind", ""), request.POST.get("text", ""))


def _cause(request: HttpRequest, _incident: Incident, held: Review | None) -> None:
    actions.set_root_cause(_finding(request, held), request.POST.get("cause", ""))


def _correct(request: HttpRequest, _incident: Incident, held: Review | None) -> None:
    form = CorrectForm(request.POST)
    if not form.is_valid():
        raise actions.refused("form", " ".join(str(text) for texts in form.errors.values() for text in texts))
    owner = Account.objects.filter(pk=form.cleaned_data["owner"]).first()
    if owner is None:
        raise actions.refused("no_owner", gettext("ไม่พบผู้รับผิดชอบ"))
    actions.correct(_finding(request, held), form.cleaned_data["text"], owner=owner, due=form.cleaned_data["due"])


def _agree(request: HttpRequest, _incident: Incident, held: Review | None) -> None:
    actions.agree(_must(held), request.POST.get("summary", ""))


def _unknown(_request: HttpRequest, _incident: Incident, _held: Review | None) -> None:
    raise actions.refused("unknown_verb", gettext("ไม่รู้จักคำสั่งนี้"))


Verb = Callable[[HttpRequest, Incident, Review | None], None]
VERBS: dict[str, Verb] = {"open": _open, "find": _find, "cause": _cause, "correct": _correct, "agree": _agree}


def _must(held: Review | None) -> Review:
    if held is None:
        raise Http404
    return held


def _finding(request: HttpRequest, held: Review | None) -> Finding:
    found = _must(held).findings.filter(pk=request.POST.get("finding") or UUID(int=0)).first()
    if found is None:
        raise Http404
    return found


@never_cache
@require_POST
@at_incident("emergency.review")
def action(request: HttpRequest, incident: Incident, action: UUID) -> HttpResponse:
    """Move a corrective action."""
    try:
        actions.move_action(action, request.POST.get("to", ""), evidence=request.POST.get("evidence", ""))
        messages.success(request, gettext("บันทึกแล้ว"))
    except ProblemError as error:
        messages.error(request, f"{error.problem.what} {error.problem.fix}".strip())
    return redirect("emergency:review", incident.number)


@never_cache
@require_safe
@require("emergency.see")
def corrections(request: HttpRequest) -> HttpResponse:
    """Everything that is still to be done after incidents and exercises, what is late first."""
    rows = []
    for mode in ("live", "exercise"):
        with acting_as(request.user, "emergency.command", mode=mode):  # type: ignore[arg-type]
            found = unfinished()
            for row, drawn in zip(found, _actions(found), strict=True):
                rows.append({**drawn, "incident": row.finding.review.incident, "gap": row.finding.text, "mode": mode})
    rows.sort(key=lambda row: (not row["late"], row["row"].due))
    return render(request, "emergency/recovery/corrections.html", {"rows": rows})
