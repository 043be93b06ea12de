"""The ladder of reminders: its rungs as data, and a drill over a real week that sends nothing."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from maehia.access.models import Role
from maehia.access.permissions import acting_as, require
from maehia.base import BANGKOK, ProblemError
from maehia.kit import clock
from maehia.services.actions import units as actions
from maehia.services.actions.escalation import HEAD, listeners
from maehia.services.models import EscalationRung, Unit
from maehia.services.queries.ladder import WEEK, Drill, drill
from maehia.services.views.staff_parts import plain_crumbs
from maehia.services.views.units import Tick, problem_words
from maehia.web import fields
from maehia.web import registry as web

PURPOSE = "services.manage"
SHOWN = 300


class RungForm(forms.Form):
    """One rung: how much of the promised time is used up, and who is told."""

    name_th = forms.CharField(label=gettext_lazy("ชื่อขั้น"), max_length=120)
    after_percent = forms.IntegerField(
        label=gettext_lazy("เมื่อใช้เวลาไปแล้วร้อยละ"),
        min_value=1,
        max_value=actions.MOST_PERCENT,
        help_text=gettext_lazy("100 คือครบกำหนดพอดี 80 คือเตือนก่อนครบกำหนด 300 คือนานเป็นสามเท่า"),
    )
    roles = fields.ManyCardsField(label=gettext_lazy("เตือนใคร"))
    active = Tick(label=gettext_lazy("ใช้งานอยู่"), required=False, initial=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["roles"].choices = role_choices()  # type: ignore[attr-defined]


def role_choices() -> list[tuple[str, str]]:
    """The head of the unit, then the roles whose work is on cases."""
    roles = Role.objects.filter(permissions__contains=["services.inbox"]).order_by("name_th")
    return [(HEAD, gettext("หัวหน้าหน่วยงานที่รับเรื่อง")), *((role.key, str(role)) for role in roles)]


@never_cache
@require_safe
@require("services.manage")
def ladder(request: HttpRequest) -> HttpResponse:
    """The rungs in order."""
    with acting_as(request.user, PURPOSE):  # type: ignore[arg-type]
        words = dict(role_choices())
        rows = [
            {"rung": rung, "who": [words.get(role, role) for role in rung.roles]}
            for rung in EscalationRung.objects.all()
        ]
        return render(
            request,
            "services/escalation.html",
            {"rows": rows, "form": DrillForm(), "crumbs": plain_crumbs((gettext("ลำดับการเตือน"), ""))},
        )


@never_cache
@require_http_methods(["GET", "POST"])
@require("services.manage")
def rung(request: HttpRequest, number: int | None = None) -> HttpResponse:
    """Add or change a rung."""
    with acting_as(request.user, PURPOSE):  # type: ignore[arg-type]
        row = EscalationRung.objects.filter(pk=number).first() if number else None
        if number and row is None:
            raise Http404
        start = {name: getattr(row, name) for name in RungForm.base_fields} if row else {}
        form = RungForm(request.POST or None, initial=start)
        if request.method == "POST" and form.is_valid():
            try:
                saved = actions.save_rung(number, **form.cleaned_data)
                messages.success(request, gettext("บันทึกขั้น %(name)s แล้ว") % {"name": saved.name_th})
                return redirect("services:escalation")
            except ProblemError as error:
                form.add_error(None, problem_words(error))
        context = {
            "form": form,
            "row": row,
            "crumbs": plain_crumbs(
                (gettext("ลำดับการเตือน"), reverse("services:escalation")), (row.name_th if row else gettext("เพิ่มขั้น"), "")
            ),
        }
        return render(request, "services/escalation_rung.html", context, status=422 if form.errors else 200)


class DrillForm(forms.Form):
    """Any day of the week to be run through; empty = the last whole week."""

    day = fields.ThaiDateField(label=gettext_lazy("สัปดาห์ของวันที่"), required=False)


@never_cache
@require_safe
@require("services.manage")
def try_week(request: HttpRequest) -> HttpResponse:
    """What the ladder would have told in a real week."""
    form = DrillForm(request.GET if "day_day" in request.GET else None)
    day = form.cleaned_data["day"] if form.is_bound and form.is_valid() else None
    start = monday(day or clock.today() - WEEK)
    with acting_as(request.user, PURPOSE):  # type: ignore[arg-type]
        found = drill(start, list(EscalationRung.objects.all()))
        context = {
            "drill": found,
            "last": found.end - timedelta(days=1),
            "form": form,
            **told(found),
            "crumbs": plain_crumbs((gettext("ลำดับการเตือน"), reverse("services:escalation")), (gettext("ซ้อม"), "")),
        }
        return render(request, "services/escalation_drill.html", context)


def monday(day: Any) -> datetime:
    """The beginning, in Thailand, of the week in which a day lies."""
    return datetime.combine(day - timedelta(days=day.weekday()), time(), BANGKOK)


def told(found: Drill) -> dict[str, Any]:
    """Rungs with how often, and the cases, with the number of people each would have told."""
    names = {u.key: web.in_language(u.name_th, u.name_en) for u in Unit.objects.all()}
    roles = dict(role_choices())
    heard: dict[tuple[str | None, tuple[str, ...]], int] = {}
    rows = []
    for one in found.fired[:SHOWN]:
        key = (one.unit, one.roles)
        if key not in heard:
            heard[key] = len(listeners(one))
        rows.append(
            {
                "one": one,
                "unit": names.get(one.unit or "", ""),
                "people": heard[key],
                "who": [roles.get(role, role) for role in one.roles],
            }
        )
    return {"rows": rows, "sums": Counter(one.name for one in found.fired).most_common()}
