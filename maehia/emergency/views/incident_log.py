"""The log of an incident: filtered, proven unchanged, as CSV and on paper."""

from __future__ import annotations

import csv
import io
from datetime import datetime
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from maehia.base import BANGKOK
from maehia.emergency.models import Incident
from maehia.emergency.models.desk import POSTS
from maehia.emergency.queries import desk
from maehia.emergency.queries.log import tampered_at
from maehia.emergency.views import incident_forms as typed
from maehia.emergency.views.incident_lines import kind_words, post_words, told
from maehia.emergency.views.incident_parts import basics
from maehia.emergency.views.parts import at_incident

PER_PAGE = 50
CSV_HEAD = ("seq", "event_at", "written_at", "late", "kind", "post", "text", "before", "after", "actor", "hash")
RISKY = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet would run


def wanted(request: HttpRequest) -> desk.Wanted:
    """The filter of the address."""
    kind, post = request.GET.get("kind", ""), request.GET.get("post", "")
    return desk.Wanted((kind[:30],) if kind else (), request.GET.get("q", "")[:100].strip(),
                       post if post in dict(POSTS) else "")  # fmt: skip


@never_cache
@require_safe
@at_incident("emergency.see")
def log(request: HttpRequest, row: Incident) -> HttpResponse:
    """The lines, the newest first, with the proof that nobody changed any."""
    asked = wanted(request)
    rows = desk.log_lines(row.pk, asked)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    broken = tampered_at(row)
    context = {
        **basics(request, row, "log"), "page": page, "lines": told(list(page.object_list)), "broken": broken,
        "kinds": [(kind, kind_words(kind), n) for kind, n in desk.kinds_of(row.pk)], "asked": asked,
        "kind": asked.kinds[0] if asked.kinds else "", "posts": [(key, post_words(key)) for key, _ in POSTS],
        "note_form": typed.NoteForm(prefix="note"), "query": request.GET.urlencode(),
    }  # fmt: skip
    return render(request, "emergency/incident/log.html", context)


@never_cache
@require_safe
@at_incident("emergency.see")
def log_print(request: HttpRequest, row: Incident) -> HttpResponse:
    """All lines that fit the filter, the oldest first, on paper."""
    rows = list(desk.log_lines(row.pk, wanted(request)).order_by("seq"))
    context = {**basics(request, row, "log"), "lines": told(rows), "broken": tampered_at(row),
               "paper": gettext("บันทึกเหตุการณ์")}  # fmt: skip
    return render(request, "emergency/print/log.html", context)


@never_cache
@require_safe
@at_incident("emergency.see")
def log_csv(request: HttpRequest, row: Incident) -> HttpResponse:
    """All lines that fit the filter as CSV (UTF-8 with BOM, so that Excel reads Thai)."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(CSV_HEAD)
    for line in desk.log_lines(row.pk, wanted(request)).order_by("seq").iterator(chunk_size=2000):
        value: dict[str, Any] = line.value
        cells = [line.seq, _moment(line.event_at), _moment(line.at), int(line.late), line.kind, value.get("post", ""),
                 line.text, line.before, line.after, line.actor, bytes(line.hash).hex()]  # fmt: skip
        writer.writerow([_safe(cell) for cell in cells])
    answer = HttpResponse("\ufeff" + text.getvalue(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{row.number}-log.csv"'
    return answer


def _moment(moment: datetime) -> str:
    return moment.astimezone(BANGKOK).isoformat(timespec="seconds")


def _safe(cell: Any) -> Any:
    """A cell that a spreadsheet does not run as a formula."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(RISKY) else cell
