"""The plans of the town: written in the browser, looked at as a checklist, published, brought back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from maehia.access.permissions import acting_as, require
from maehia.base import Problem, ProblemError
from maehia.emergency.actions import playbooks as acts
from maehia.emergency.actions.playbooks import PlaybookText
from maehia.emergency.models import PlaybookVersion
from maehia.emergency.queries import playbooks as plans
from maehia.emergency.rules.playbooks import Step
from maehia.emergency.views.incident_forms import post_choices
from maehia.emergency.views.incident_lines import post_words
from maehia.emergency.views.incident_words import hazard_name
from maehia.emergency.workflow import HAZARDS
from maehia.kit.idempotency import Created, idempotent
from maehia.web.registry import in_language
from maehia.web.values import Crumb

PURPOSE = "emergency.command"
BLANK = 3  # empty rows below the steps; saving gives as many again
MOST = 80


class TextForm(forms.Form):
    """Name and source of a plan; the steps stand in rows below."""

    name_th = forms.CharField(label=gettext_lazy("ชื่อแผน"), max_length=120)
    name_en = forms.CharField(label=gettext_lazy("ชื่อภาษาอังกฤษ"), max_length=120, required=False)
    source = forms.CharField(label=gettext_lazy("ที่มา"), max_length=300, required=False)
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)


class StepForm(forms.Form):
    """One step; a row without words is no step."""

    minutes = forms.IntegerField(label=gettext_lazy("ภายใน (นาที)"), required=False,
                                 widget=forms.NumberInput({"class": "short"}))  # fmt: skip
    role = forms.ChoiceField(label=gettext_lazy("ตำแหน่ง"), required=False)
    th = forms.CharField(label=gettext_lazy("ต้องทำอะไร"), required=False, max_length=400,
                         widget=forms.Textarea({"rows": 2}))  # fmt: skip
    en = forms.CharField(label=gettext_lazy("ภาษาอังกฤษ"), required=False, max_length=400,
                         widget=forms.Textarea({"rows": 2}))  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = post_choices()  # type: ignore[attr-defined]

    @property
    def step(self) -> Step | None:
        sent = self.cleaned_data
        if not (sent["th"] or sent["en"]):
            return None
        return Step(sent["role"], sent["minutes"] or 0, sent["th"], sent["en"])


Steps = forms.formset_factory(StepForm, extra=BLANK, max_num=MOST, absolute_max=MOST)


class NewForm(forms.Form):
    """A plan of one's own."""

    hazard = forms.ChoiceField(label=gettext_lazy("ภัย"))
    name_th = forms.CharField(label=gettext_lazy("ชื่อแผน"), max_length=120)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["hazard"].choices = [(key, hazard_name(key)) for key, _ in HAZARDS]  # type: ignore[attr-defined]


def here(request: HttpRequest) -> Any:
    return acting_as(request.user, PURPOSE)  # type: ignore[arg-type]


@never_cache
@require_safe
@require("emergency.prepare")
def playbooks(request: HttpRequest) -> HttpResponse:
    """Every plan, with what is published and what is being written."""
    return _list(request, NewForm(prefix="new"))


def _list(request: HttpRequest, form: NewForm, problem: Problem | None = None) -> HttpResponse:
    with here(request):
        rows = [
            {"key": one.book.key, "hazard": hazard_name(one.book.hazard), "current": one.current, "draft": one.draft,
             "name": in_language(one.shown.name_th, one.shown.name_en) if one.shown else one.book.key}
            for one in plans.listed()
        ]  # fmt: skip
    missing = len(acts.shipped().keys() - {row["key"] for row in rows})
    context = {"rows": rows, "missing": missing, "form": form, "problem": problem}
    return render(request, "emergency/incident/playbooks.html", context, status=422 if problem else 200)


def _shown(request: HttpRequest, key: str) -> HttpResponseBase:
    return redirect("emergency:playbooks") if key == "shipped" else redirect("emergency:playbook", key)


@never_cache
@require_POST
@require("emergency.prepare")
@idempotent("emergency.playbook-new", show=_shown)
def new(request: HttpRequest) -> HttpResponse | Created:
    """Load the shipped plans, or begin an empty one."""
    if request.POST.get("what") == "shipped":
        with here(request):
            count = acts.load_shipped()
        messages.success(request, gettext("เพิ่มแผนตั้งต้น %(n)s แผนแล้ว") % {"n": count})
        return Created("shipped")
    form = NewForm(request.POST, prefix="new")
    if not form.is_valid():
        return _list(request, form, Problem("incomplete", "ยังกรอกไม่ครบ", fix="ดูช่องที่ทำเครื่องหมายไว้"))
    with here(request):
        made = acts.new_playbook(form.cleaned_data["hazard"], form.cleaned_data["name_th"])
    return Created(made.key)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@require("emergency.prepare")
@idempotent("emergency.playbook", show=_shown)
def playbook(request: HttpRequest, key: str) -> HttpResponse | Created:
    """One plan: a draft that nobody uses before it is published."""
    if request.method != "POST":
        with here(request):
            return draw(request, key)
    text, steps = TextForm(request.POST), Steps(request.POST, prefix="steps")
    if not (text.is_valid() and steps.is_valid()):
        with here(request):
            return draw(request, key, text, steps)
    try:
        with here(request):
            acts.save_draft(key, _text(text, steps), seen=text.cleaned_data["seen"])
    except ProblemError as error:
        with here(request):
            return draw(request, key, text, steps, [error.problem])
    messages.success(request, gettext("บันทึกฉบับร่างแล้ว ยังไม่มีใครใช้จนกว่าจะเผยแพร่"))
    return Created(key)


def _text(text: TextForm, steps: Any) -> PlaybookText:
    sent = text.cleaned_data
    found = [form.step for form in steps if form.cleaned_data and form.step]
    return PlaybookText(sent["name_th"], sent["name_en"], sent["source"], found)


def draw(
    request: HttpRequest, key: str, text: TextForm | None = None, steps: Any = None, problems: Sequence[Problem] = ()
) -> HttpResponse:
    found = plans.find(key)
    if found is None or found.shown is None:
        raise Http404(key)
    shown, versions = found.shown, plans.versions(key)
    initial = {"name_th": shown.name_th, "name_en": shown.name_en, "source": shown.source, "seen": versions[0].number}
    bad = bool(problems) or bool(text and text.errors) or bool(steps is not None and steps.total_error_count())
    context = {
        "found": found, "shown": shown, "versions": versions, "problems": problems, "preview": preview(shown),
        "hazard": hazard_name(found.book.hazard), "text": text or TextForm(initial=initial),
        "steps": steps if steps is not None else Steps(prefix="steps", initial=shown.steps),
        "crumbs": [Crumb(gettext("แผนเผชิญเหตุ"), reverse("emergency:playbooks")),
                   Crumb(in_language(shown.name_th, shown.name_en))],
    }  # fmt: skip
    return render(request, "emergency/incident/playbook.html", context, status=422 if bad else 200)


def preview(version: PlaybookVersion) -> list[dict[str, Any]]:
    """The steps as the checklist will show them."""
    return [
        {"text": in_language(step.th, step.en), "post": post_words(step.role), "minutes": step.minutes}
        for step in acts.steps_of(version)
    ]  # fmt: skip


@never_cache
@require_POST
@require("emergency.prepare")
@idempotent("emergency.playbook-act", show=_shown)
def act(request: HttpRequest, key: str, verb: str) -> HttpResponse | Created:
    """Publish, throw the draft away, or bring an earlier version back as a draft."""
    try:
        with here(request):
            words, left = _do(request, key, verb)
    except ProblemError as error:
        with here(request):
            return draw(request, key, problems=getattr(error, "problems", [error.problem]))
    messages.success(request, words)
    return Created(key if left else "shipped")


def _do(request: HttpRequest, key: str, verb: str) -> tuple[str, bool]:
    """(What was done in words, whether the plan still exists)."""
    if verb == "publish":
        return gettext("เผยแพร่ฉบับที่ %(n)s แล้ว เหตุที่เริ่มแผนไว้แล้วใช้ฉบับเดิม") % {"n": acts.publish(key).number}, True
    if verb == "discard":
        acts.discard_draft(key)
        return gettext("ทิ้งฉบับร่างแล้ว"), plans.find(key) is not None
    sent = request.POST.get("number", "")
    if verb != "restore" or not (sent.isascii() and sent.isdigit()):
        raise Http404(verb)
    acts.restore(key, int(sent))
    return gettext("นำฉบับที่ %(n)s กลับมาเป็นร่างแล้ว ตรวจแล้วเผยแพร่") % {"n": sent}, True
