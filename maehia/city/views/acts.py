"""Acts on an entity: open a secret in full, put a value right, take a decision back."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from maehia.access.permissions import acting_as, can, require
from maehia.base import ProblemError
from maehia.city import actions, words
from maehia.city.actions.correct import PURPOSE
from maehia.city.forms import PersonPickForm, WhyForm, correct_form
from maehia.city.queries.decisions import correctable
from maehia.city.queries.people import reveal as open_secret
from maehia.city.views.chips import Chips
from maehia.city.views.entity import frame, head, make_page
from maehia.city.views.pages import url_of
from maehia.city.views.purpose import Choice, reading
from maehia.evidence.models import Correction, Link, Verdict
from maehia.kit import rates
from maehia.kit.idempotency import Created, idempotent
from maehia.web.errors import TooMany

REVEALS_PER_HOUR = 60


@never_cache
@require_POST
@require("city.reveal")
def reveal(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """One ID or phone number in full: a part of the page for HTMX, the whole page without JavaScript. Logged."""
    form, choice = PersonPickForm(request.POST), Choice(request)
    if not form.is_valid() or not choice.key or not can(request.user, "city.people"):
        raise Http404
    field = form.cleaned_data["field"]
    with reading(request, choice):
        try:
            rates.limit(f"reveal:{request.user.pk}", REVEALS_PER_HOUR, 3600)
            shown = open_secret(key, field)
        except rates.TooOften as error:
            raise TooMany(error.problem, 600) from error
        except ProblemError as error:
            if error.problem.code == "not_found":
                raise Http404 from error
            raise
        if request.headers.get("HX-Request"):
            return render(request, "city/parts/revealed.html", {"field": field, "shown": shown})
        page = make_page(request, "person", key, acting=True)
    if page is None:
        raise Http404
    return render(
        request, "city/entity.html", {**frame(page, choice, "now"), "reveal": {"field": field, "shown": shown}}
    )


def corrected(request: HttpRequest, _correction: str) -> HttpResponse:
    """The answer to a correction, also to one that was sent twice."""
    asked = request.resolver_match.kwargs  # type: ignore[union-attr]
    return redirect(url_of(asked["kind"], asked["key"]))


@never_cache
@require_http_methods(["GET", "POST"])
@require("city.correct")
@idempotent("city.correct", show=corrected)
def correct(request: HttpRequest, kind: str, key: uuid.UUID, field: str) -> HttpResponse | Created:
    """The right value and the reason. What the lists said stays; the correction stands over them until undone."""
    if field not in correctable(kind):
        raise Http404
    with acting_as(request.user, PURPOSE):  # type: ignore[arg-type]
        page, row = head(kind, key, acting=True)
        form = correct_form(kind, field, request.POST or None, value=first_value(field, row))
        sources = Chips(request, row.sources.values()).of(row.sources.get(field, ""))
    if request.method == "POST" and form.is_valid():
        text = as_text(form.cleaned_data["value"])
        done = actions.correct(request.user, kind, page.key, field, text, why=form.cleaned_data["why"])  # type: ignore[arg-type]
        messages.success(request, saved_words(field, done.at_once))
        return Created(done.correction.pk)
    secret = field in words.SECRET
    now = words.masked(getattr(row, field) or "") if secret else words.show(field, getattr(row, field), kind=kind)
    context = {
        **frame(page, Choice(request), ""), "form": form, "label": words.field_word(field), "now": now or words.NOTHING,
        "sources": sources,
    }  # fmt: skip
    return render(request, "city/correct.html", context)


def first_value(field: str, row: Any) -> Any:
    """The value to start from; a secret is typed anew, never shown in a box."""
    return None if field in words.SECRET else getattr(row, field, None)


def as_text(value: Any) -> str | None:
    if value in (None, ""):
        return None
    return value.isoformat() if isinstance(value, date) else str(value)


def saved_words(field: str, at_once: bool) -> str:
    said = gettext("บันทึกการแก้ %(field)s แล้ว") % {"field": words.field_word(field)}
    return said if at_once else f"{said} {gettext('ทะเบียนจะแสดงค่าใหม่ภายในไม่กี่นาที')}"


@never_cache
@require_http_methods(["GET", "POST"])
@require("staff.enter")
def undo(request: HttpRequest, what: str, number: int) -> HttpResponse:
    """Take a correction or a ruling back, with a reason; first the question, then the act."""
    permission, purpose = {"correction": ("city.correct", PURPOSE), "ruling": ("intake.review", "intake.review")}[what]
    if not can(request.user, permission):
        raise Http404
    form = WhyForm(request.POST or None)
    with acting_as(request.user, purpose):  # type: ignore[arg-type]
        back, about = where(what, number)
    if request.method == "POST" and form.is_valid():
        why = form.cleaned_data["why"]
        act = actions.undo_correct if what == "correction" else actions.undo_ruling
        act(request.user, number, why=why)  # type: ignore[arg-type]
        messages.success(request, UNDONE[what]())
        return redirect(back)
    return render(request, "city/undo.html", {"form": form, "what": what, "about": about, "cancel_url": back})


UNDONE = {
    "correction": lambda: gettext("ยกเลิกการแก้ไขแล้ว ค่าจากบัญชีกลับมาแสดง"),
    "ruling": lambda: gettext("ยกเลิกคำวินิจฉัยแล้ว ระบบจะถามคู่นี้ใหม่หลังเชื่อมโยงรอบถัดไป"),
}


def where(what: str, number: int) -> tuple[str, str]:
    """The page to go back to, and the decision in words."""
    if what == "correction":
        held = Correction.objects.filter(pk=number, undone_at=None).defer("value").first()
        if held is None:
            raise Http404
        return url_of(held.kind, held.key), words.field_word(held.field)
    verdict = Verdict.objects.filter(pk=number, undone_at=None).first()
    if verdict is None:
        raise Http404
    link = Link.objects.filter(kind=verdict.kind, ref=verdict.ref_a, ended_run=None).first()
    same = gettext("เป็นรายเดียวกัน") if verdict.same else gettext("ไม่ใช่รายเดียวกัน")
    return (url_of(verdict.kind, link.key) if link else "/staff/register/"), same
