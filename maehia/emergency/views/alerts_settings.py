"""What the town decides about alerts: each value with who set it and when, a new value, and the way back."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from maehia.access.permissions import require
from maehia.base import ProblemError
from maehia.emergency.actions.alerts_settings import set_setting, undo_setting
from maehia.emergency.models import AlertSetting
from maehia.emergency.queries.alerts_settings import all_settings, entries, setting
from maehia.kit.idempotency import Created, idempotent
from maehia.web.registry import in_language
from maehia.web.values import Crumb

RIGHT = "town.settings"
YES = [("on", gettext_lazy("เปิด")), ("off", gettext_lazy("ปิด"))]


def name_of(key: str) -> str:
    return in_language(entries()[key]["th"], entries()[key]["en"])


def shown(key: str, value: Any) -> str:
    """A value as people read it."""
    if entries()[key]["kind"] == "flag":
        return gettext("เปิด") if value else gettext("ปิด")
    return str(value) if value != "" else gettext("ตามข้อมูลของเมือง")


class SettingForm(forms.Form):
    """value: by the kind of the setting. reason: why, for who reads it later."""

    value: Any = forms.CharField(label=gettext_lazy("ค่าใหม่"), max_length=200, required=False)
    reason = forms.CharField(label=gettext_lazy("เหตุผล หรือมติที่อ้างถึง"), max_length=300)

    def __init__(self, entry: dict[str, Any], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if entry["kind"] == "flag":
            self.fields["value"] = forms.ChoiceField(label=self.fields["value"].label, choices=YES,
                                                     widget=forms.RadioSelect)  # fmt: skip
        elif entry["kind"] == "number":
            self.fields["value"] = forms.IntegerField(label=self.fields["value"].label, min_value=entry["least"],
                                                      max_value=entry["most"])  # fmt: skip


@never_cache
@require_GET
@require(RIGHT)
def index(request: HttpRequest) -> HttpResponse:
    rows = [{"key": entry["key"], "name": name_of(entry["key"]), "value": shown(entry["key"], value), "row": row}
            for entry, value, row in all_settings()]  # fmt: skip
    return render(request, "emergency/alert_settings/index.html", {"rows": rows})


def saved(request: HttpRequest, pk: str) -> HttpResponse:
    row = AlertSetting.objects.get(pk=pk)
    told = {"name": name_of(row.key), "value": shown(row.key, row.value)}
    messages.success(request, gettext("“%(name)s” เป็น %(value)s แล้ว") % told)
    return redirect("emergency:alert_settings")


@never_cache
@require_http_methods(["GET", "POST"])
@require(RIGHT)
@idempotent("emergency.alert_setting", show=saved)
def edit(request: HttpRequest, key: str) -> HttpResponse | Created:
    """A new value; the ones before it stay in the list."""
    if key not in entries():
        raise Http404(key)
    value = setting(key)
    first = ("on" if value else "off") if entries()[key]["kind"] == "flag" else value
    form = SettingForm(entries()[key], request.POST or None, initial={"value": first})
    if request.method == "POST" and form.is_valid():
        try:
            made = set_setting(key, form.cleaned_data["value"], by=request.user.actor,  # type: ignore[union-attr]
                               reason=form.cleaned_data["reason"])  # fmt: skip
            return Created(made.pk)
        except ProblemError as error:
            form.add_error("value", str(error))
    earlier = [(row, shown(key, row.value)) for row in AlertSetting.objects.filter(key=key)[:20]]
    context = {"form": form, "name": name_of(key), "now": shown(key, value), "earlier": earlier, "crumbs": crumbs(key)}
    return render(request, "emergency/alert_settings/edit.html", context)


def crumbs(key: str) -> list[Crumb]:
    return [Crumb(gettext("การตั้งค่าประกาศเตือน"), reverse("emergency:alert_settings")), Crumb(name_of(key))]


@require_POST
@require(RIGHT)
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Put back what stood before a change."""
    row = get_object_or_404(AlertSetting, pk=pk)
    made = undo_setting(row, by=request.user.actor)  # type: ignore[union-attr]
    return saved(request, str(made.pk))


urlpatterns: list[URLPattern] = [
    path("staff/alerts/settings/", index, name="alert_settings"),
    path("staff/alerts/settings/undo/<int:pk>/", undo, name="alert_setting_undo"),
    path("staff/alerts/settings/<slug:key>/", edit, name="alert_setting"),
]
