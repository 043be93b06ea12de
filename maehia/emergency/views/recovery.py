"""How the town comes back: a curve for each lifeline, what was meant before, and the form by which levels are told."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from maehia.access.permissions import acting_as, can, require
from maehia.base import BANGKOK, ProblemError
from maehia.emergency.actions import recovery as actions
from maehia.emergency.models import Incident
from maehia.emergency.queries import recovery as queries
from maehia.emergency.queries.backlog import backlogs
from maehia.emergency.rules.recovery import Course
from maehia.emergency.views.parts import at_incident
from maehia.kit.clock import now
from maehia.web import charts
from maehia.web.charts import Figure, Series
from maehia.web.formats import show_datetime
from maehia.web.registry import in_language

POINTS = 60
SHARES = (50, 80, 95)


class LevelForm(forms.Form):
    """A lifeline works at so many percent since a moment."""

    lifeline = forms.ChoiceField(label=gettext_lazy("ระบบ"))
    level = forms.IntegerField(label=gettext_lazy("ใช้งานได้ร้อยละ"), min_value=0, max_value=100)
    minutes = forms.IntegerField(label=gettext_lazy("ตั้งแต่กี่นาทีที่แล้ว"), min_value=0, max_value=60 * 24 * 30, initial=0)
    note = forms.CharField(label=gettext_lazy("หมายเหตุ"), max_length=200, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["lifeline"].choices = [(t.key, in_language(t.th, t.en)) for t in queries.targets()]  # type: ignore[attr-defined]


@never_cache
@require_http_methods(["GET", "POST"])
@at_incident("emergency.see")
def recovery(request: HttpRequest, incident: Incident) -> HttpResponse:
    may_tell = can(request.user, "emergency.command") and incident.closed_at is None
    form = LevelForm(request.POST or None)
    if request.method == "POST" and may_tell and form.is_valid():
        said = form.cleaned_data
        moment = now() - timedelta(minutes=said["minutes"])
        try:
            actions.report_level(incident.pk, said["lifeline"], said["level"], event_at=moment, note=said["note"])
            messages.success(request, gettext("บันทึกแล้ว"))
            return redirect("emergency:recovery", incident.number)
        except ProblemError as error:
            form.add_error(None, error.problem.what)
    found = queries.recovery(incident)
    touched = [course for course in found.courses if course.touched]
    context = {
        "incident": incident, "tab": "recovery", "form": form if may_tell else None, "chart": _chart(incident, found),
        "rows": [_row(course) for course in touched], "quiet": [c for c in found.courses if not c.touched],
        "backlogs": backlogs(incident),
    }  # fmt: skip
    return render(request, "emergency/recovery/recovery.html", context, status=422 if form.errors else 200)


def _row(course: Course) -> dict[str, Any]:
    target, measures = course.target, course.measures
    times = [
        {"share": share, "hours": time.lasting, "target": hours, "met": met}
        for share, time, hours, met in zip(SHARES, measures.times, target.hours, course.met, strict=True)
    ]
    return {
        "name": in_language(target.th, target.en), "now": round(course.now * 100), "times": times,
        "lowest": round(measures.robustness * 100), "loss": measures.loss_percent_days,
    }  # fmt: skip


def _chart(incident: Incident, found: queries.Recovery) -> Figure | None:
    """The curves on equal steps of time; the town's own in front."""
    touched = [course for course in found.courses if course.touched]
    if not touched:
        return None
    span = max((found.end - found.start).total_seconds() / 3600, 1 / 60)
    hours = [span * step / POINTS for step in range(POINTS + 1)]
    labels = [_clock(found.start + timedelta(hours=hour)) for hour in hours]
    town = Series(gettext("ทั้งเมือง"), [round(float(found.town.at(hour)) * 100, 1) for hour in hours])
    lines = [
        Series(in_language(course.target.th, course.target.en),
               [round(float(course.series.at(hour)) * 100, 1) for hour in hours])
        for course in sorted(touched, key=lambda course: course.measures.robustness)[: charts.MAX_SERIES - 1]
    ]  # fmt: skip
    return charts.figure(
        "line", labels, [town, *lines], finding=_finding(touched), what=gettext("การกลับมาใช้งานของระบบต่าง ๆ"),
        source=gettext("บันทึกเหตุการณ์ %(number)s") % {"number": incident.number}, first_header=gettext("เวลา"),
        as_of=found.end, unit="%", stepped=True,
    )  # fmt: skip


def _finding(touched: list[Course]) -> str:
    back = sum(course.now >= 0.95 for course in touched)
    return gettext("กลับมาใช้งานแล้ว %(back)d จาก %(all)d ระบบ") % {"back": back, "all": len(touched)}


def _clock(moment: datetime) -> str:
    return show_datetime(moment.astimezone(BANGKOK))


class TargetForm(forms.Form):
    """What is meant for a lifeline from today on."""

    lifeline = forms.ChoiceField(label=gettext_lazy("ระบบ"))
    h50 = forms.FloatField(label=gettext_lazy("ร้อยละ 50 ภายใน (ชั่วโมง)"), min_value=0.1)
    h80 = forms.FloatField(label=gettext_lazy("ร้อยละ 80 ภายใน (ชั่วโมง)"), min_value=0.1)
    h95 = forms.FloatField(label=gettext_lazy("ร้อยละ 95 ภายใน (ชั่วโมง)"), min_value=0.1)
    weight = forms.FloatField(label=gettext_lazy("น้ำหนักในเส้นของทั้งเมือง"), min_value=0.1)
    source = forms.CharField(label=gettext_lazy("ที่มา เช่น มติที่ประชุม"), max_length=300)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["lifeline"].choices = [(t.key, in_language(t.th, t.en)) for t in queries.targets()]  # type: ignore[attr-defined]


@never_cache
@require_http_methods(["GET", "POST"])
@require("emergency.prepare")
def targets(request: HttpRequest) -> HttpResponse:
    """The bars that are set before anything happens."""
    with acting_as(request.user, "emergency.command"):  # type: ignore[arg-type]
        form = TargetForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            said = form.cleaned_data
            held = next(t for t in queries.targets() if t.key == said["lifeline"])
            try:
                actions.set_target(held.key, held.th, [said["h50"], said["h80"], said["h95"]], name_en=held.en,
                                   weight=said["weight"], source=said["source"])  # fmt: skip
                messages.success(request, gettext("บันทึกเป้าหมายแล้ว มีผลตั้งแต่วันนี้"))
                return redirect("emergency:lifelines")
            except ProblemError as error:
                form.add_error(None, error.problem.what)
        rows = [{"name": in_language(t.th, t.en), "hours": t.hours, "weight": t.weight} for t in queries.targets()]
        context = {"rows": rows, "form": form, "shipped": queries.shipped()}
        return render(request, "emergency/recovery/targets.html", context, status=422 if form.errors else 200)
