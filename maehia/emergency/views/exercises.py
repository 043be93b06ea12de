"""Exercises: prepare one from a script, run and stop its clock, tell injects, see what it tries again."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from maehia.access.permissions import acting_as, can, require
from maehia.base import ProblemError
from maehia.emergency.actions import exercises as actions
from maehia.emergency.actions import review
from maehia.emergency.models import CorrectiveAction, Exercise, Incident
from maehia.emergency.queries.review import unfinished
from maehia.emergency.views.parts import at_incident
from maehia.kit.idempotency import Created, idempotent
from maehia.web import fields


class PrepareForm(forms.Form):
    """A script, a name, a day, and which corrections it tries again."""

    script = fields.CardsField(label=gettext_lazy("บทฝึก"))
    name = forms.CharField(label=gettext_lazy("ชื่อการฝึก"), max_length=200, required=False)
    retests = fields.ManyCardsField(label=gettext_lazy("ทดสอบการแก้ไขข้อใดอีกครั้ง"), required=False)

    def __init__(self, *args: Any, gaps: list[CorrectiveAction], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["script"].choices = [(key, row["name"]) for key, row in actions.scripts().items()]  # type: ignore[attr-defined]
        self.fields["retests"].choices = [(str(row.pk), row.text) for row in gaps]  # type: ignore[attr-defined]


def _prepared(request: HttpRequest, number: str) -> HttpResponseBase:
    return redirect("emergency:exercise", number)


@never_cache
@require_http_methods(["GET", "POST"])
@require("emergency.exercise")
@idempotent("emergency.exercise", show=_prepared)
def exercises(request: HttpRequest) -> HttpResponse | Created:
    """Exercises of the past and those that wait; the form of a new one."""
    with acting_as(request.user, "emergency.command"):  # type: ignore[arg-type]
        gaps = unfinished()
    form = PrepareForm(request.POST or None, gaps=gaps)
    if request.method == "POST" and form.is_valid():
        made = _prepare(request, form, gaps)
        return Created(made.incident.number)
    with acting_as(request.user, "emergency.command", mode="exercise"):  # type: ignore[arg-type]
        rows = list(Exercise.objects.select_related("incident").order_by("-incident__recorded_at"))
        return render(request, "emergency/recovery/exercises.html", {"rows": rows, "form": form},
                      status=422 if form.errors else 200)  # fmt: skip


def _prepare(request: HttpRequest, form: PrepareForm, gaps: list[CorrectiveAction]) -> Exercise:
    chosen = [row for row in gaps if str(row.pk) in form.cleaned_data["retests"]]
    retests = [{"action": str(row.pk), "text": row.text} for row in chosen]
    with acting_as(request.user, "emergency.command", mode="exercise"):  # type: ignore[arg-type]
        made = actions.prepare(form.cleaned_data["script"], name=form.cleaned_data["name"], retests=retests)
    with acting_as(request.user, "emergency.command"):  # type: ignore[arg-type]
        for row in chosen:
            review.retest(row.pk, made.incident.number)
    return made


@never_cache
@require_http_methods(["GET", "POST"])
@at_incident("emergency.see")
def exercise(request: HttpRequest, incident: Incident) -> HttpResponse:
    """The director's page: the clock, what comes next, what was told."""
    if not Exercise.objects.filter(pk=incident.pk).exists():
        raise Http404
    may_run = can(request.user, "emergency.exercise")
    if request.method == "POST" and may_run:
        try:
            _do(request, incident)
        except ProblemError as error:
            messages.error(request, f"{error.problem.what} {error.problem.fix}".strip())
        return redirect("emergency:exercise", incident.number)
    held = Exercise.objects.get(pk=incident.pk)
    rows = list(held.injects.all())
    context = {
        "incident": incident, "tab": "exercise", "exercise": held, "may_run": may_run,
        "minutes": int(actions.elapsed(held).total_seconds() // 60), "told": [r for r in rows if r.played_at],
        "next": [r for r in rows if not r.played_at],
    }  # fmt: skip
    return render(request, "emergency/recovery/exercise.html", context)


def _do(request: HttpRequest, incident: Incident) -> None:
    verb = request.POST.get("verb", "")
    if verb == "inject":
        held = actions.held(incident.pk)
        found = held.injects.filter(pk=request.POST.get("inject") or 0).first()
        if found is None:
            raise Http404
        actions.play(held, found)
        return
    verbs = {"start": actions.start, "pause": actions.pause, "end": actions.end}
    if verb not in verbs:
        raise review.refused("unknown_verb", gettext("ไม่รู้จักคำสั่งนี้"))
    verbs[verb](incident.pk)
