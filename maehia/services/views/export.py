"""Cases as CSV, however many there are."""

from __future__ import annotations

from collections.abc import AsyncIterator, Generator
from datetime import datetime, time, timedelta
from typing import Any

from asgiref.sync import sync_to_async
from django import forms
from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from maehia.access.permissions import acting_as, require, scope_for
from maehia.base import BANGKOK
from maehia.kit import clock
from maehia.services.queries.export import COLUMNS, chosen, csv_lines
from maehia.services.views.staff_parts import crumbs
from maehia.web import fields

PURPOSE = "services.export"


class SpanForm(forms.Form):
    """First and last day of receipt; both may be empty."""

    first = fields.ThaiDateField(label=gettext_lazy("รับตั้งแต่วันที่"), required=False)
    last = fields.ThaiDateField(label=gettext_lazy("ถึงวันที่"), required=False)


def span(form: SpanForm) -> dict[str, Any]:
    """The span as moments; everything when nothing readable was typed."""
    found = form.cleaned_data if form.is_bound and form.is_valid() else {}
    first, last = found.get("first"), found.get("last")
    return {
        "since": datetime.combine(first, time(), BANGKOK) if first else None,
        "until": datetime.combine(last + timedelta(days=1), time(), BANGKOK) if last else None,
    }


@never_cache
@require_safe
@require("services.export")
def export(request: HttpRequest) -> HttpResponse:
    """How many rows the file would have, before it is asked for."""
    form = SpanForm(request.GET if "first_day" in request.GET else None)
    with acting_as(request.user, PURPOSE):  # type: ignore[arg-type]
        context = {
            "form": form,
            "count": chosen(None, **span(form)).count(),
            "query": request.GET.urlencode(),
            "columns": [gettext(words) for _, words in COLUMNS],
            "crumbs": crumbs((gettext("ส่งออก CSV"), "")),
        }
        return render(request, "services/export.html", context, status=422 if form.errors else 200)


@never_cache
@require_safe
@require("services.export")
def download(request: HttpRequest) -> HttpResponseBase:
    """The file, streamed row by row from a cursor on the server."""
    form = SpanForm(request.GET if "first_day" in request.GET else None)
    user = request.user
    lines = csv_lines(user.actor, PURPOSE, scope_for(user, PURPOSE), **span(form))  # type: ignore[union-attr,arg-type]
    pieces = step_by_step(lines) if isinstance(request, ASGIRequest) else lines
    answer = StreamingHttpResponse(pieces, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="cases-{clock.today():%Y%m%d}.csv"'
    answer["Cache-Control"] = "private, no-store"
    return answer


async def step_by_step(lines: Generator[str]) -> AsyncIterator[str]:
    """The pieces one at a time in the thread of the request: given a plain iterator, the server would first read all
    of it into memory. Whoever hangs up ends the transaction."""
    step = sync_to_async(next, thread_sensitive=True)
    try:
        while (piece := await step(lines, None)) is not None:
            yield piece
    finally:
        await sync_to_async(lines.close, thread_sensitive=True)()
