"""Where an incident reaches: drawn on the map or taken from a file; every version stays."""

from __future__ import annotations

import json
import tempfile
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from maehia.access.permissions import can, require
from maehia.base import Problem, ProblemError
from maehia.city.queries.places import box_around
from maehia.emergency.actions import footprints
from maehia.emergency.models import Footprint, Incident, LogLine
from maehia.emergency.queries import desk
from maehia.emergency.views.incident_forms import WhenForm
from maehia.emergency.views.incident_parts import at, basics
from maehia.emergency.views.parts import find_or_404
from maehia.kit.idempotency import Created, idempotent
from maehia.web.fields import PickFileField

NOT_WHOLE = Problem("incomplete", "ยังกรอกไม่ครบ", fix="ดูช่องที่ทำเครื่องหมายไว้")
NOTHING = Problem("no_shape", "ยังไม่ได้วาดพื้นที่", fix="วาดบนแผนที่อย่างน้อย 3 มุม หรือเลือกไฟล์ GeoJSON")
ACCEPT = ".geojson,.json,.tif,.tiff,application/geo+json,image/tiff"
RASTERS = (".tif", ".tiff")
LAYERS = "city.areas,city.waterways,city.roads,city.houses"


class AreaForm(WhenForm):
    """A drawing as GeoJSON text, or a file of it; when it is so; a word on where it comes from."""

    shape = forms.CharField(label=gettext_lazy("รูปพื้นที่ (GeoJSON)"), required=False, max_length=5_000_000,
                            widget=forms.Textarea({"rows": 3}))  # fmt: skip
    file = PickFileField(label=gettext_lazy("ไฟล์ GeoJSON หรือความลึกน้ำเป็น GeoTIFF (เมตร)"), required=False, accept=ACCEPT)
    note = forms.CharField(label=gettext_lazy("ที่มาของพื้นที่"), required=False, max_length=400,
                           help_text=gettext_lazy("เช่น วิทยุจากชุด 1 ภาพถ่ายโดรน"))  # fmt: skip
    field_order = ["shape", "file", "note", "day", "clock"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["clock"].label, self.fields["day"].label = gettext("เวลาที่เป็นเช่นนี้"), gettext("วันที่เป็นเช่นนี้")


def _after(request: HttpRequest, number: str) -> HttpResponseBase:
    return redirect("emergency:area", number)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@require("emergency.see")
@idempotent("emergency.area", show=_after)
def area(request: HttpRequest, number: str) -> HttpResponse | Created:
    """The area with its versions, and the tool to draw the next one.

    A shape is set outside of the page's context: it opens contexts of its own to count who is inside.
    """
    if request.method != "POST":
        with at(request, number):
            return draw(request, find_or_404(number), AreaForm())
    form = AreaForm(request.POST, request.FILES)
    try:
        made = _set(request, number, form)
    except ProblemError as error:
        with at(request, number):
            return draw(request, find_or_404(number), form, error.problem)
    words = gettext("บันทึกพื้นที่ฉบับที่ %(n)s แล้ว") % {"n": made.number}
    messages.success(request, words)
    return Created(number)


def _set(request: HttpRequest, number: str, form: AreaForm) -> Footprint:
    if not form.is_valid():
        raise ProblemError(NOT_WHOLE)
    sent, row = form.cleaned_data, _found(request, number)
    drawn = sent["shape"].strip()
    if not (sent["file"] or drawn):
        raise ProblemError(NOTHING)
    shape = _shape(sent["file"], drawn, form, sent["note"])
    return footprints.set_footprint(request.user, row.pk, shape, mode=row.mode)  # type: ignore[arg-type]


def _shape(file: Any, drawn: str, form: AreaForm, note: str) -> footprints.Shape:
    """A raster keeps its depths; everything else is an outline."""
    if file and file.name.lower().endswith(RASTERS):
        with tempfile.NamedTemporaryFile(suffix=".tif", dir=settings.FILE_UPLOAD_TEMP_DIR) as held:
            for chunk in file.chunks():
                held.write(chunk)
            held.flush()
            return footprints.from_raster(held.name, valid_at=form.moment, note=note)
    data, origin = (file.read(), "geojson") if file else (drawn, "drawn")
    return footprints.from_geojson(data, valid_at=form.moment, origin=origin, note=note)


def _found(request: HttpRequest, number: str) -> Incident:
    with at(request, number):
        return find_or_404(number)


def draw(request: HttpRequest, row: Incident, form: AreaForm, problem: Problem | None = None) -> HttpResponse:
    versions = list(Footprint.objects.filter(incident=row).defer("depth").order_by("-number"))
    shown = _shown(request, versions)
    context = {
        **basics(request, row, "area"), "form": form, "problem": problem, "versions": versions, "shown": shown,
        "counts": desk.inside_counts(shown), "features": features(shown), "bounds": bounds(row, shown),
        "layers": LAYERS, "may_draw": can(request.user, "emergency.command"),
    }  # fmt: skip
    return render(request, "emergency/incident/area.html", context, status=422 if problem else 200)


def _shown(request: HttpRequest, versions: list[Footprint]) -> Footprint | None:
    """The version that the address asks for, else the newest."""
    asked = request.GET.get("version", "")
    chosen = next((one for one in versions if str(one.number) == asked), None)
    return chosen or (versions[0] if versions else None)


def features(shown: Footprint | None) -> dict[str, Any] | None:
    """The footprint as a map draws it."""
    if shown is None:
        return None
    properties = {"id": f"footprint-{shown.number}", "title": gettext("พื้นที่ฉบับที่ %(n)s") % {"n": shown.number},
                  "style": "m-c3"}  # fmt: skip
    geometry = json.loads(shown.geom.json)
    return {"type": "FeatureCollection", "features": [
        {"type": "Feature", "properties": properties, "geometry": geometry}]}  # fmt: skip


def bounds(row: Incident, shown: Footprint | None) -> tuple[float, float, float, float] | None:
    """Around the footprint, else around the point that was told first."""
    if shown is not None:
        return box_around(shown.geom)
    line = LogLine.objects.filter(incident=row, value__has_key="point").order_by("seq").first()
    if line is None:
        return None
    lon, lat = line.value["point"]
    return lon - 0.01, lat - 0.01, lon + 0.01, lat + 0.01
