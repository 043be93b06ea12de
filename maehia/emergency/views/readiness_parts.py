"""What the pages of readiness share: their context, problems beside their fields, words of a moment."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache

from maehia.access.permissions import acting_as, require
from maehia.base import BANGKOK, ProblemError
from maehia.emergency.rules.roster import KINDS, RESOURCE_KINDS, RESOURCE_STATES, SKILLS
from maehia.kit.idempotency import new_key
from maehia.web.registry import in_language
from maehia.web.values import Crumb

PURPOSE = "emergency.command"
SEE, CHANGE = "emergency.open", "emergency.prepare"
STATE_TAGS = {"ready": "done", "in_use": "work", "repair": "late", "lost": "late"}
View = Callable[..., Any]


def desk(permission: str, *, before: Callable[[View], View] | None = None) -> Callable[[View], View]:
    """A live page of readiness: permission, never cached, inside `emergency.command`. before: wraps the view outside
    of that context (idempotency, allowed methods)."""

    def decorate(view: View) -> View:
        @wraps(view)
        def inside(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            with acting_as(request.user, PURPOSE):  # type: ignore[arg-type]
                return view(request, *args, **kwargs)

        return never_cache(require(permission)(before(inside) if before else inside))

    return decorate


def crumbs(*last: tuple[str, str]) -> list[Crumb]:
    first = Crumb(gettext("ความพร้อม"), reverse("emergency:readiness"))
    return [first, *(Crumb(words, url) for words, url in last)]


def problem_words(error: ProblemError) -> str:
    return " ".join(part for part in (error.problem.what, error.problem.fix) if part)


def attempt(form: forms.Form, work: Callable[[], Any]) -> Any:
    """What the work gives; None when it is refused: then the form says why, beside the field where there is one."""
    try:
        return work()
    except ProblemError as error:
        form.add_error(error.problem.where if error.problem.where in form.fields else None, problem_words(error))
        return None


def told(request: HttpRequest, work: Callable[[], Any], done: str) -> Any:
    """Do what a button says, and tell what came of it."""
    try:
        made = work()
    except ProblemError as error:
        messages.error(request, problem_words(error))
        return None
    messages.success(request, done)
    return made


def edit_page(request: HttpRequest, form: forms.Form, title: str, trail: list[Crumb], **more: Any) -> HttpResponse:
    """A page with one form; more: lead, button, problems and others of emergency/readiness/form.html."""
    context = {"form": form, "title": title, "crumbs": trail, "key": new_key(), "button": gettext("บันทึก"), **more}
    return render(request, "emergency/readiness/form.html", context, status=422 if form.errors else 200)


def to_page(name: str, words: Any, *, with_id: bool = False) -> Callable[[HttpRequest, str], HttpResponseBase]:
    """What an idempotent view shows: a redirect to a page, and what was saved."""

    def show(request: HttpRequest, made: str) -> HttpResponseBase:
        messages.success(request, words)
        return redirect(name, made) if with_id else redirect(name)

    return show


def skill_words(codes: list[str]) -> list[str]:
    return [in_language(*SKILLS[code]) for code in codes if code in SKILLS]


def kind_words(code: str) -> str:
    return in_language(*KINDS.get(code, (code, "")))


def resource_words(code: str) -> str:
    return in_language(*RESOURCE_KINDS.get(code, (code, "")))


def state_words(code: str) -> str:
    return in_language(*RESOURCE_STATES.get(code, (code, "")))


def clock_words(moment: datetime) -> str:
    """20:00 น."""
    return gettext("%(time)s น.") % {"time": f"{moment.astimezone(BANGKOK):%H:%M}"}
