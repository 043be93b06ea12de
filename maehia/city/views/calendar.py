"""The year's working days: what is calculated, what was announced, and announcing one more with its effect first."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from maehia.access.permissions import require
from maehia.base import ProblemError
from maehia.city import actions
from maehia.city.forms import DayForm, WhyForm
from maehia.city.models import AnnouncedDay
from maehia.city.queries.calendar import Effect, days_of_year, effect_of, withdrawn_days
from maehia.kit import clock
from maehia.kit.idempotency import Created, idempotent
from maehia.web.fields import BE_OFFSET
from maehia.web.formats import english
from maehia.web.values import Crumb

YEARS = 2  # before and after this one


def page_of(year: int) -> str:
    return f"{reverse('city:calendar')}?year={year + BE_OFFSET}"


def saved(request: HttpRequest, row_id: str) -> HttpResponse:
    row = AnnouncedDay.objects.get(pk=row_id)
    messages.success(request, gettext("เพิ่ม %(name)s ในปฏิทินแล้ว") % {"name": row.name})
    return redirect(page_of(row.day.year))


@never_cache
@require_http_methods(["GET", "POST"])
@require("town.settings")
@idempotent("city.announced_day", show=saved)
def calendar(request: HttpRequest) -> HttpResponse | Created:
    """The list of a year (?year=2569) and the form; the first POST shows the effect, the second stores the day."""
    form, effect = DayForm(request.POST or None), None
    if request.method == "POST" and form.is_valid():
        effect = effect_of(form.cleaned_data["day"], working=form.cleaned_data["kind"] == "working")
        if request.POST.get("step") == "save":
            try:
                return Created(_announce(request, form.cleaned_data).pk)
            except ProblemError as error:
                form.add_error(None, str(error))
    year = _year(request)
    context = {"form": form, "effect": effect, "words": _words(effect), "year": year, "years": _years(year),
               "days": days_of_year(year), "withdrawn": withdrawn_days(year)}  # fmt: skip
    return render(request, "city/calendar.html", context)


def _announce(request: HttpRequest, values: dict[str, Any]) -> AnnouncedDay:
    return actions.announce_day(
        values["day"], values["name"], working=values["kind"] == "working", announced=values["announced"],
        source=values["source"], verified=values["verified"], by=request.user.actor,  # type: ignore[union-attr]
    )  # fmt: skip


def _words(effect: Effect | None) -> str:
    """One sentence on what would change."""
    if effect is None:
        return ""
    if not effect.changes:
        return gettext("วันนี้เป็นอย่างที่ประกาศอยู่แล้ว ไม่มีอะไรเปลี่ยน")
    counts = {"before": effect.month_before, "after": effect.month_after}
    return gettext("วันทำการของเดือนนั้นเปลี่ยนจาก %(before)s วัน เป็น %(after)s วัน") % counts


def _year(request: HttpRequest) -> int:
    """The ค.ศ. year asked for, within reach; else this one."""
    this, typed = clock.today().year, request.GET.get("year", "")
    asked = int(typed) - BE_OFFSET if typed.isascii() and typed.isdigit() and len(typed) == 4 else this
    return asked if abs(asked - this) <= YEARS else this


def _years(shown: int) -> list[dict[str, Any]]:
    this = clock.today().year
    offset = 0 if english() else BE_OFFSET
    return [{"label": str(y + offset), "url": page_of(y), "current": y == shown}
            for y in range(this - YEARS, this + YEARS + 1)]  # fmt: skip


@never_cache
@require_http_methods(["GET", "POST"])
@require("town.settings")
def withdraw(request: HttpRequest, number: int) -> HttpResponse:
    """Take an announcement back, with a reason."""
    row = AnnouncedDay.objects.filter(pk=number).first()
    if row is None:
        return redirect("city:calendar")
    form = WhyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.withdraw_day(number, why=form.cleaned_data["why"], by=request.user.actor)  # type: ignore[union-attr]
            messages.success(request, gettext("ถอน %(name)s ออกจากปฏิทินแล้ว") % {"name": row.name})
            return redirect(page_of(row.day.year))
        except ProblemError as error:
            form.add_error(None, str(error))
    crumbs = [Crumb(gettext("ปฏิทินวันทำการ"), page_of(row.day.year)), Crumb(row.name)]
    return render(request, "city/withdraw_day.html", {"row": row, "form": form, "crumbs": crumbs,
                                                      "back": page_of(row.day.year)})  # fmt: skip
