"""What a shelter prints: wristbands with their codes, and the sheets; the same sheets as CSV."""

from __future__ import annotations

import csv
import io
from datetime import date
from uuid import UUID

import segno
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import mark_safe
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from maehia.access.permissions import can
from maehia.base import BANGKOK
from maehia.emergency.models import Incident
from maehia.emergency.queries import shelters_sheets as sheets
from maehia.emergency.rules.shelters_bands import write_band
from maehia.emergency.views.parts import at_incident
from maehia.emergency.views.shelters import WORK, shelter_or_404
from maehia.kit import clock
from maehia.web.formats import show_datetime

FORMULA = ("=", "+", "-", "@", "\t", "\r")


@require_safe
@at_incident(WORK, WORK)
def bands(request: HttpRequest, incident: Incident, shelter: UUID, bands: int) -> HttpResponse:
    """A run of wristbands to print: the number, its code, the shelter."""
    row = shelter_or_404(incident, shelter)
    found = row.bands.filter(pk=bands).first()
    if found is None:
        raise Http404(str(bands))
    numbers = [write_band(number, row.mode) for number in range(found.first, found.last + 1)]
    return render(request, "emergency/shelters/bands.html", {
        "incident": incident, "tab": "shelters", "row": row, "bands": [(band, code_of(band)) for band in numbers],
    })  # fmt: skip


def code_of(band: str) -> str:
    """The code of a band as a drawing: the number alone, readable without a network."""
    drawn = segno.make(band, error="m", micro=False).svg_inline(scale=3, border=2, omitsize=True)
    return mark_safe(drawn)  # noqa: S308 (segno's own drawing of our own number)


@require_safe
@never_cache
@at_incident(WORK, WORK)
def sheet(request: HttpRequest, incident: Incident, shelter: UUID, key: str) -> HttpResponse:
    """A sheet of one day (?day=2026-11-18), for the printer or (?as=csv) as a file."""
    row, moment = shelter_or_404(incident, shelter), clock.now()
    if key not in sheets.KEYS:
        raise Http404(key)
    day = _day(request) or moment.astimezone(BANGKOK).date()
    made = sheets.make(key, row, day, moment, watermark_of(request, moment))
    if request.GET.get("as") == "csv":
        return as_csv(made, row.name, day)
    return render(request, "emergency/shelters/sheet.html", {
        "incident": incident, "tab": "shelters", "row": row, "sheet": made, "day": day,
        "may_work": can(request.user, WORK),
    })  # fmt: skip


def _day(request: HttpRequest) -> date | None:
    try:
        return date.fromisoformat(request.GET.get("day", ""))
    except ValueError:
        return None


def watermark_of(request: HttpRequest, moment: object) -> str:
    """Who took the names out, and when: on every page and in every file with names."""
    name = request.user.display_name  # type: ignore[union-attr]
    return gettext("ข้อมูลส่วนบุคคล พิมพ์โดย %(name)s เมื่อ %(at)s ห้ามเผยแพร่") % {
        "name": name, "at": show_datetime(moment),  # type: ignore[arg-type]
    }  # fmt: skip


def as_csv(made: sheets.Sheet, shelter: str, day: date) -> HttpResponse:
    """The sheet as a file that a spreadsheet opens in Thai, with nothing in it that runs."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([made.title, shelter, day.isoformat(), show_datetime(made.as_of)])
    if made.watermark:
        writer.writerow([made.watermark])
    writer.writerow(made.head)
    writer.writerows([_plain(cell) for cell in row] for row in made.rows)
    answer = HttpResponse("\ufeff" + text.getvalue(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="shelter-{made.key}-{day:%Y%m%d}.csv"'
    answer["Cache-Control"] = "private, no-store"
    return answer


def _plain(cell: object) -> object:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell
