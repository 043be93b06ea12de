"""Rates of fees: what holds today, what begins later, the town's own ordinances, and taking one back."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from maehia.access.permissions import require
from maehia.base import ProblemError
from maehia.kit.clock import today
from maehia.services.actions.tariffs import set_rate, withdraw_rate
from maehia.services.queries.tariffs import own_rates, tariffs
from maehia.services.rules.tariff import Line, shipped_tariffs
from maehia.services.views.catalogue import UNIT_OF
from maehia.services.views.catalogue_editor import crumbs
from maehia.services.views.fast_lane_words import lang
from maehia.thai import format_baht, format_date


class RateForm(forms.Form):
    what = forms.ChoiceField(label=gettext_lazy("รายการ"))
    amount = forms.DecimalField(label=gettext_lazy("บาท"), min_value=0, max_digits=9, decimal_places=2)
    start = forms.DateField(label=gettext_lazy("ใช้ตั้งแต่วันที่"), widget=forms.DateInput(attrs={"type": "date"}))
    source = forms.CharField(label=gettext_lazy("เทศบัญญัติหรือประกาศ"), max_length=300)
    verified = forms.BooleanField(label=gettext_lazy("ตรวจสอบกับตัวบทแล้ว"), required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["what"].choices = [  # type: ignore[attr-defined]
            (f"{key}.{line.code}", f"{tariff.name.in_(lang())}: {line.name.in_(lang())}")
            for key, tariff in shipped_tariffs().items() for line in tariff.lines
        ]  # fmt: skip


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@require("services.manage")
def rates(request: HttpRequest) -> HttpResponse:
    """What holds, and a form for a new rate."""
    form = RateForm(request.POST or None, initial={"start": today()})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        tariff, _, line = given.pop("what").partition(".")
        try:
            set_rate(tariff, line, by=request.user.actor, **given)  # type: ignore[union-attr]
            messages.success(request, gettext("บันทึกอัตราแล้ว ใบแจ้งเดิมไม่เปลี่ยน"))
            return redirect("services:tariffs")
        except ProblemError as error:
            form.add_error(None, str(error.problem))
    rows = [_row(tariff.name.in_(lang()), line) for tariff in tariffs().values() for line in tariff.lines]
    own = [{"pk": r.pk, "what": f"{r.tariff}.{r.line}", "amount": format_baht(r.amount), "start": format_date(r.start),
            "source": r.source, "withdrawn": r.withdrawn_at} for r in own_rates()]  # fmt: skip
    context = {"form": form, "rows": rows, "own": own, "crumbs": crumbs(gettext("อัตราค่าธรรมเนียม"))}
    return render(request, "services/catalogue/tariffs.html", context, status=422 if form.errors else 200)


def _row(name: str, line: Line) -> dict[str, Any]:
    held = line.rate_on(today())
    later = sorted((rate for rate in line.rates if rate.start > today()), key=lambda rate: rate.start)
    per = UNIT_OF.get(line.per, (line.per, line.per))[lang() == "en"]
    return {
        "name": name, "line": line.name.in_(lang()), "per": per, "amount": format_baht(held.amount) if held else "",
        "source": held.source if held else "", "verified": bool(held and held.verified),
        "later": [f"{format_baht(rate.amount)} ({format_date(rate.start)})" for rate in later],
    }  # fmt: skip


@never_cache
@require_POST
@require("services.manage")
def withdraw(request: HttpRequest, number: int) -> HttpResponse:
    try:
        withdraw_rate(number, by=request.user.actor)  # type: ignore[union-attr]
        messages.success(request, gettext("ยกเลิกอัตรานี้แล้ว อัตราก่อนหน้ามีผลอีกครั้ง"))
    except ProblemError as error:
        messages.error(request, str(error.problem))
    return redirect("services:tariffs")
