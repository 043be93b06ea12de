"""How the queue of this town works, changed in the browser: slots, shares, priorities, groups and desks."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from maehia.access.permissions import require
from maehia.base import ProblemError
from maehia.services.actions import queue_settings as actions
from maehia.services.models import Desk, QueueGroup, QueueRules
from maehia.services.queries import queue


class RulesForm(forms.ModelForm):  # type: ignore[type-arg]
    """One line per priority: minutes, then its words in Thai, then in English after a bar."""

    lines = forms.CharField(label=gettext_lazy("ได้รับบริการก่อน"), required=False, widget=forms.Textarea({"rows": 5}),
                            help_text=gettext_lazy("บรรทัดละหนึ่งกลุ่ม: นาทีที่นับให้ ชื่อไทย | ชื่ออังกฤษ"))  # fmt: skip

    class Meta:
        model = QueueRules
        fields = ("slot_minutes", "booked_percent", "booked_early", "booked_grace", "days_ahead")
        labels = {
            "slot_minutes": gettext_lazy("ความยาวช่วงนัด (นาที)"),
            "booked_percent": gettext_lazy("สัดส่วนช่องบริการที่ให้นัดได้ (ร้อยละ)"),
            "booked_early": gettext_lazy("เรียกผู้นัดก่อนเวลาได้ (นาที)"),
            "booked_grace": gettext_lazy("ผู้นัดมาสายได้ (นาที)"),
            "days_ahead": gettext_lazy("เปิดให้นัดล่วงหน้า (วัน)"),
        }


class GroupForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = QueueGroup
        fields = ("key", "letter", "name_th", "name_en", "minutes", "bookable", "active")
        labels = {
            "key": gettext_lazy("รหัสกลุ่ม"), "letter": gettext_lazy("อักษรหน้าหมายเลข"),
            "name_th": gettext_lazy("ชื่อกลุ่มบริการ"), "name_en": gettext_lazy("ชื่อภาษาอังกฤษ"),
            "minutes": gettext_lazy("เวลาที่วางแผนต่อราย (นาที)"), "bookable": gettext_lazy("จองเวลาได้"),
            "active": gettext_lazy("เปิดใช้"),
        }  # fmt: skip


class DeskForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Desk
        fields = ("number", "groups", "active")
        labels = {"number": gettext_lazy("ช่องที่"), "groups": gettext_lazy("กลุ่มบริการ"), "active": gettext_lazy("เปิดใช้")}
        widgets = {"groups": forms.CheckboxSelectMultiple}


FORMS: dict[str, Any] = {"rules": RulesForm, "group": GroupForm, "desk": DeskForm}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@require("services.manage")
def index(request: HttpRequest) -> HttpResponse:
    """Everything on one page; a change of the rules is a new row from now on, the old ones stay to be read."""
    what = request.POST.get("what", "")
    bound = _bound(request, what) if what in FORMS else None
    if bound is not None and bound.is_valid() and _saved(request, what, bound):
        return redirect("services:queue_settings")
    rules = queue.rules_now()
    context = {
        "rules": rules, "before": list(QueueRules.objects.all()[1:6]),
        "groups": list(QueueGroup.objects.all()), "desks": list(Desk.objects.prefetch_related("groups")),
        "rules_form": bound if what == "rules" else RulesForm(instance=rules, initial={"lines": lines_of(rules)}),
        "group_form": bound if what == "group" else GroupForm(prefix="group"),
        "desk_form": bound if what == "desk" else DeskForm(prefix="desk"),
    }  # fmt: skip
    return render(request, "services/queue_settings.html", context, status=422 if bound is not None else 200)


def _bound(request: HttpRequest, what: str) -> Any:
    """A form on the row that is meant: a group by its key, a desk by its number, so that saving again changes it."""
    if what == "rules":
        return RulesForm(request.POST)
    if what == "group":
        row = QueueGroup.objects.filter(pk=request.POST.get("group-key", "")).first()
        return GroupForm(request.POST, prefix="group", instance=row)
    number = request.POST.get("desk-number", "")
    row = Desk.objects.filter(number=number).first() if number.isdigit() else None
    return DeskForm(request.POST, prefix="desk", instance=row)


def _saved(request: HttpRequest, what: str, form: Any) -> bool:
    try:
        if what == "rules":
            actions.set_rules(form.save(commit=False), form.cleaned_data["lines"], by=request.user.actor)  # type: ignore[union-attr]
        else:
            actions.save_part(form)
    except ProblemError as error:
        form.add_error(None, f"{error.problem.what} {error.problem.fix}".strip())
        return False
    messages.success(request, gettext("บันทึกการตั้งค่าคิวแล้ว มีผลตั้งแต่ตอนนี้"))
    return True


def lines_of(rules: QueueRules) -> str:
    return "\n".join(f"{row['minutes']} {row['th']} | {row['en']}" for row in rules.priorities)
