"""Limits: how each stands now, setting one with a look at what it would have done, and answering what was reached."""

from __future__ import annotations

import re
from dataclasses import fields as columns
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from maehia.access.permissions import can
from maehia.access.queries import accounts_by_actor
from maehia.emergency.actions import thresholds as actions
from maehia.emergency.actions.thresholds import NewThreshold
from maehia.emergency.models import Threshold, ThresholdCrossing
from maehia.emergency.queries import thresholds as queries
from maehia.emergency.rules.thresholds import MEASURES, NORMAL, OVER, STAGES, STATES, UNITS, UNKNOWN
from maehia.emergency.views.readiness_forms import ThresholdForm
from maehia.emergency.views.readiness_parts import CHANGE, SEE, attempt, crumbs, desk, told
from maehia.kit.clock import now, today
from maehia.kit.idempotency import Created, idempotent, new_key
from maehia.web.formats import show_number
from maehia.web.registry import in_language
from maehia.web.values import Action

TAGS = {NORMAL: "done", OVER: "late", UNKNOWN: "wait"}
FORM = require_http_methods(["GET", "HEAD", "POST"])
WORD = re.compile(r"[^a-z0-9]+")


def value_words(measure: str, value: float | None) -> str:
    """3.72 m; above 200 the air index has no number."""
    if value is None:
        return "–"
    unit = in_language(*UNITS[MEASURES[measure].unit])
    if measure == "aqi_24h" and value >= queries.BEYOND_SCALE:
        return f">200 {unit}"
    return f"{show_number(round(value, 2))} {unit}"


def limit_words(row: Threshold) -> dict[str, Any]:
    """A limit as pages show it."""
    one = MEASURES[row.measure]
    unit = in_language(*UNITS[one.unit])
    return {
        "row": row, "name": in_language(row.name_th, row.name_en), "measure": in_language(one.th, one.en),
        "over": f"{show_number(row.over.normalize())} {unit}", "stage": in_language(*STAGES[row.stage]),
        "back": f"{show_number((row.over - row.hysteresis).normalize())} {unit}",
        "advice": in_language(row.advice_th, row.advice_en),
    }  # fmt: skip


@desk(SEE, before=require_safe)
def thresholds(request: HttpRequest) -> HttpResponse:
    """How every limit stands at each station, and the versions of each."""
    rows = [{**limit_words(one.threshold), "one": one, "tag": TAGS[one.state], "state": in_language(*STATES[one.state]),
             "value": value_words(one.threshold.measure, one.value)} for one in queries.standings(now())]  # fmt: skip
    held = {row.pk for row in queries.holding(today())}
    versions = [{**limit_words(row), "holds": row.pk in held, "later": row.valid_from > today()}
                for row in queries.versions()]  # fmt: skip
    change = can(request.user, CHANGE)
    new = [Action(gettext("เพิ่มเกณฑ์"), reverse("emergency:threshold"), "primary", "plus")]
    context = {
        "rows": rows, "versions": versions, "waiting": len(queries.crossings()), "may_change": change,
        "actions": new if change else [], "crumbs": crumbs((gettext("เกณฑ์เตือน"), "")), "at": now(),
    }  # fmt: skip
    return render(request, "emergency/readiness/thresholds.html", context)


def _saved(request: HttpRequest, _made: str) -> HttpResponseBase:
    messages.success(request, gettext("บันทึกเกณฑ์แล้ว ฉบับเดิมยังอยู่และเรียกคืนได้"))
    return redirect("emergency:thresholds")


@desk(CHANGE, before=lambda view: FORM(idempotent("emergency.threshold", show=_saved)(view)))
def threshold(request: HttpRequest, key: str = "") -> HttpResponse | Created:
    """A new version of a limit (key) or a new limit: first what it would have done in 30 days, then the saving."""
    old = Threshold.objects.filter(key=key, withdrawn_at=None).order_by("-valid_from").first() if key else None
    stations = queries.station_names()
    form = ThresholdForm(request.POST or None, stations=stations, initial=_start(old))
    trials = None
    if request.method == "POST" and form.is_valid():
        new = NewThreshold(key=key or key_of(form.cleaned_data), **form.cleaned_data)
        if "save" in request.POST:
            made = attempt(form, lambda: actions.set_threshold(new))
            if made:
                return Created(made.pk)
        else:
            attempt(form, lambda: actions.check(new))
            trials = queries.try_out(new, now()) if not form.errors else None
    title = old.name_th if old else gettext("เพิ่มเกณฑ์")
    context = {
        "form": form, "title": title, "key": new_key(), "days": queries.PREVIEW_DAYS, "previewed": trials is not None,
        "trials": [{"one": t, "tag": TAGS[t.state], "state": in_language(*STATES[t.state]), "last": t.reached[-5:],
                    "value": value_words(form.cleaned_data["measure"], t.value)} for t in trials or []],
        "crumbs": crumbs((gettext("เกณฑ์เตือน"), reverse("emergency:thresholds")), (title, "")),
    }  # fmt: skip
    return render(request, "emergency/readiness/threshold.html", context, status=422 if form.errors else 200)


def key_of(given: dict[str, Any]) -> str:
    """A name for ever of a new limit: what it measures, where, at how much."""
    parts = (given["measure"], given["station"].lower() or "all", str(given["over"].normalize()))
    return "_".join(WORD.sub("-", part).strip("-") for part in parts)[:40]


def _start(old: Threshold | None) -> dict[str, Any]:
    if old is None:
        return {"valid_from": today(), "readings": 2, "hysteresis": "0.10", "stale_minutes": 30, "active": True}
    names = [one.name for one in columns(NewThreshold) if one.name != "key"]
    return {**{name: getattr(old, name) for name in names}, "valid_from": today(), "verified": False}


@desk(CHANGE, before=require_POST)
def threshold_withdraw(request: HttpRequest, key: UUID) -> HttpResponseBase:
    told(request, lambda: actions.withdraw(key), gettext("เพิกถอนฉบับนี้แล้ว ฉบับก่อนหน้ามีผลอีกครั้ง"))
    return redirect("emergency:thresholds")


class DismissForm(forms.Form):
    reason = forms.CharField(max_length=300)


@desk(SEE, before=require_safe)
def crossings(request: HttpRequest) -> HttpResponse:
    """What was reached: open ones first, each with the way to an incident or a reason not to."""
    names = queries.station_names()
    waiting, all_rows = queries.crossings(), queries.crossings(only_open=False)
    before = [row for row in all_rows if row.answer]
    people = accounts_by_actor([row.answered_by for row in before])
    context = {
        "waiting": [_crossing(row, names) for row in waiting],
        "before": [{**_crossing(row, names), "by": people[row.answered_by].display_name
                    if row.answered_by in people else ""} for row in before],
        "crumbs": crumbs((gettext("เกณฑ์เตือน"), reverse("emergency:thresholds")), (gettext("ค่าที่ถึงเกณฑ์"), "")),
    }  # fmt: skip
    return render(request, "emergency/readiness/crossings.html", context)


def _crossing(row: ThresholdCrossing, names: dict[str, str]) -> dict[str, Any]:
    return {
        **limit_words(row.threshold), "crossing": row, "station": names.get(row.station) or row.station,
        "value": value_words(row.threshold.measure, row.value),
        "open_url": f"{reverse('emergency:open')}?crossing={row.pk}",
    }  # fmt: skip


@desk(SEE, before=require_POST)
def crossing_dismiss(request: HttpRequest, key: UUID) -> HttpResponseBase:
    told(request, lambda: actions.dismiss(key, request.POST.get("reason", "")), gettext("บันทึกเหตุผลแล้ว"))
    return redirect("emergency:crossings")
