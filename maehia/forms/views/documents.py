"""The page on which anybody checks a document, its download, and revoking."""

from __future__ import annotations

import hashlib
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from maehia.access.permissions import acting_as, require
from maehia.base import Problem, ProblemError
from maehia.forms import actions, queries
from maehia.forms.models import Document
from maehia.forms.numbering import all_series
from maehia.forms.queries.documents import file_name
from maehia.forms.views.files import DESK, SANDBOX, back_of, context_of
from maehia.kit import rates
from maehia.web.errors import TooMany

MOST_LOOKS, WINDOW = 60, 600  # looks at codes from one address in ten minutes
STATES = {"valid": "done", "revoked": "late", "expired": "wait"}


@require_safe
@never_cache
def verify(request: HttpRequest, code: str = "") -> HttpResponse:
    """Whether a document is true: by its QR or by typing its code. One answer for every code that is none."""
    typed = code or request.GET.get("code", "")
    if not typed:
        return render(request, "forms/verify.html", {})
    count_look(request)
    face = queries.verify(typed)
    status = STATES[face.state] if face else ""
    page = {"face": face, "typed": typed[:40], "status": status, "asked": True}
    return render(request, "forms/verify.html", page, status=200 if face else 404)


def count_look(request: HttpRequest) -> None:
    """429 for who tries many codes; the address is kept as a hash only."""
    place = hashlib.sha256(request.META.get("REMOTE_ADDR", "").encode()).hexdigest()[:16]
    if rates.count(f"forms.verify:{place}", WINDOW) > MOST_LOOKS:
        raise TooMany(
            Problem("too_often", gettext("ตรวจเอกสารถี่เกินไป"), fix=gettext("รอ 10 นาทีแล้วลองใหม่")), retry_after=WINDOW
        )


@require_safe
@never_cache
def download(request: HttpRequest, id: UUID) -> HttpResponse:
    """The PDF, for whoever was given an address on a page of theirs; the same 404 for everybody else."""
    with context_of(request, id):
        row = Document.objects.filter(pk=id, erased_at=None).first()
        if row is None:
            raise Http404
        headers = {
            "Content-Security-Policy": SANDBOX,
            "Content-Disposition": f'attachment; filename="{file_name(row)}"',
            "Referrer-Policy": "no-referrer",
        }
        return HttpResponse(queries.open_document(id), content_type="application/pdf", headers=headers)


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("เหตุผลที่เพิกถอน"), min_length=5, max_length=1000, widget=forms.Textarea({"rows": 3})
    )


@require_http_methods(["GET", "POST"])
@require("forms.documents")
def revoke(request: HttpRequest, id: UUID) -> HttpResponse:
    """Ask for the reason, then revoke."""
    with acting_as(request.user, DESK):  # type: ignore[arg-type]
        row = Document.objects.filter(pk=id).first()
        if row is None:
            raise Http404
        form = ReasonForm(request.POST or None)
        if form.is_valid() and revoked(row, form):
            messages.success(request, gettext("เพิกถอนเอกสาร %(number)s แล้ว") % {"number": row.number_text})
            return redirect(back_of(request))
        page = {"document": row, "form": form, "back": back_of(request)}
        return render(request, "forms/revoke.html", page, status=400 if form.errors else 200)


def revoked(row: Document, form: ReasonForm) -> bool:
    try:
        actions.revoke_document(row, form.cleaned_data["reason"])
    except ProblemError as error:
        form.add_error(None, str(error.problem))
        return False
    return True


@require_http_methods(["GET", "POST"])
@require("forms.documents")
def numbers(request: HttpRequest) -> HttpResponse:
    """How the numbers of each series look; a change counts from the next document on."""
    error = ""
    if request.method == "POST":
        try:
            with acting_as(request.user, DESK):  # type: ignore[arg-type]
                actions.set_pattern(
                    request.POST.get("key", ""),
                    request.POST.get("pattern", ""),
                    thai_digits="thai_digits" in request.POST,
                )
        except ProblemError as problem:
            error = str(problem.problem)
        else:
            messages.success(request, gettext("บันทึกรูปแบบเลขที่แล้ว ใช้กับเอกสารฉบับถัดไป"))
            return redirect("forms:numbers")
    rows = [(series, series.text(12, 2569)) for series in all_series()]
    page = {"rows": rows, "errors": [("#main", error)] if error else []}
    return render(request, "forms/numbers.html", page, status=400 if error else 200)
