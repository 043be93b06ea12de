"""Is the town ready? One page that says who has to do what; outside numbers, shelters, and taking a change back."""

from __future__ import annotations

import json
from datetime import datetime
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from maehia.access.permissions import acting_as, can, require
from maehia.access.queries import accounts_by_actor
from maehia.emergency.actions import readiness as actions
from maehia.emergency.actions.readiness_changes import undo
from maehia.emergency.models import OutsideNumber
from maehia.emergency.queries import readiness as queries
from maehia.emergency.queries import readiness_checks
from maehia.emergency.views.readiness_forms import NumberForm
from maehia.emergency.views.readiness_parts import CHANGE, PURPOSE, SEE, attempt, crumbs, desk, edit_page, told
from maehia.kit.clock import now

TABLES = {
    "contact": gettext_lazy("ผู้ปฏิบัติงาน"), "need": gettext_lazy("เวรที่ต้องมี"), "number": gettext_lazy("หมายเลขภายนอก"),
    "resource": gettext_lazy("รถ เรือ เครื่องมือ"),
}  # fmt: skip
ORDER = ["late", "work", "wait", "done"]


@never_cache
@require(SEE)
@require_safe
def readiness(request: HttpRequest) -> HttpResponse:
    """Every check, what is worst first; who is on duty now at the top."""
    moment = now()
    with acting_as(request.user, PURPOSE, mode="exercise"):  # type: ignore[arg-type]
        drilled = readiness_checks.groups(moment)
    with acting_as(request.user, PURPOSE):  # type: ignore[arg-type]
        return _page(request, readiness_checks.joined([*readiness_checks.groups(moment), *drilled]), moment)


def _page(request: HttpRequest, groups: list[readiness_checks.Group], moment: datetime) -> HttpResponse:
    lines = [line for group in groups for line in group.lines]
    context = {
        "groups": sorted(groups, key=lambda group: ORDER.index(group.state)), "on_duty": queries.on_duty(moment),
        "late": sum(line.state == "late" for line in lines), "todo": len(lines), "at": moment,
        "ready": sum(not group.lines for group in groups),
    }  # fmt: skip
    return render(request, "emergency/readiness/page.html", context)


@desk(SEE, before=require_safe)
def numbers(request: HttpRequest) -> HttpResponse:
    context = {
        "rows": queries.numbers(), "may_change": can(request.user, CHANGE),
        "crumbs": crumbs((gettext("หมายเลขภายนอก"), "")),
    }  # fmt: skip
    return render(request, "emergency/readiness/numbers.html", context)


@desk(CHANGE, before=require_http_methods(["GET", "HEAD", "POST"]))
def number(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Change a number; what stood there before is kept."""
    row = OutsideNumber.objects.filter(pk=pk).first()
    if row is None:
        raise Http404
    start = {name: getattr(row, name) for name in NumberForm.base_fields}
    form = NumberForm(request.POST or None, initial=start)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        changed = given["phone"] != row.phone
        # A number that nobody has rung yet is not a checked one.
        values = {**given, **({"verified": False, "checked_on": None} if changed else {})}
        if attempt(form, lambda: actions.save_number(pk, values)):
            messages.success(request, gettext("บันทึกหมายเลขของ %(name)s แล้ว") % {"name": given["name_th"]})
            return redirect("emergency:readiness_numbers")
    trail = crumbs((gettext("หมายเลขภายนอก"), reverse("emergency:readiness_numbers")), (row.name_th, ""))
    return edit_page(request, form, row.name_th, trail)


@desk(CHANGE, before=require_POST)
def number_check(request: HttpRequest, pk: int) -> HttpResponseBase:
    answered = request.POST.get("answered") == "yes"
    told(request, lambda: actions.check_number(pk, answered=answered, note="" if answered else gettext("โทรแล้วไม่มีผู้รับ")),
         gettext("บันทึกการโทรตรวจวันนี้แล้ว"))  # fmt: skip
    return redirect("emergency:readiness_numbers")


class ShelterForm(forms.Form):
    fit = forms.ChoiceField(
        choices=[("yes", gettext_lazy("เปิดได้คืนนี้")), ("no", gettext_lazy("ยังเปิดไม่ได้"))], widget=forms.RadioSelect,
        label=gettext_lazy("ผลการตรวจ"),
    )  # fmt: skip
    lacks = forms.CharField(label=gettext_lazy("ขาดอะไร"), max_length=300, required=False)


@desk(SEE, before=require_safe)
def shelters(request: HttpRequest) -> HttpResponse:
    """Places that can shelter people, when they were looked at, and a form to write down a look."""
    rows = queries.shelters()
    names = accounts_by_actor([one.check.by for one in rows if one.check])
    context = {
        "rows": [{"row": one, "by": names[one.check.by].display_name if one.check and one.check.by in names else "",
                  "old": one.check is None or (now() - one.check.at).days > queries.SHELTER_DAYS} for one in rows],
        "may_change": can(request.user, CHANGE), "form": ShelterForm(), "crumbs": crumbs((gettext("ศูนย์พักพิง"), "")),
    }  # fmt: skip
    return render(request, "emergency/readiness/shelters.html", context)


@desk(CHANGE, before=require_POST)
def shelter_check(request: HttpRequest, key: UUID) -> HttpResponseBase:
    form = ShelterForm(request.POST)
    if not form.is_valid():
        messages.error(request, gettext("เลือกผลการตรวจ"))
    else:
        given = form.cleaned_data
        told(request, lambda: actions.check_shelter(key, fit=given["fit"] == "yes", lacks=given["lacks"]),
             gettext("บันทึกการตรวจศูนย์พักพิงแล้ว"))  # fmt: skip
    return redirect("emergency:readiness_shelters")


@desk(CHANGE, before=require_safe)
def changes(request: HttpRequest) -> HttpResponse:
    """What was changed in the browser, before and after, with a button that puts it back."""
    held = queries.changes(limit=60)
    names = accounts_by_actor([one.by for one in held])
    undone = {one.undoes_id for one in held if one.undoes_id}
    rows = [
        {"row": one, "table": TABLES.get(one.table, one.table), "undone": one.pk in undone,
         "by": names[one.by].display_name if one.by in names else gettext("ระบบ"),
         "fields": _fields(json.loads(one.before), json.loads(one.after))}
        for one in held
    ]  # fmt: skip
    context = {"rows": rows, "crumbs": crumbs((gettext("การเปลี่ยนแปลง"), ""))}
    return render(request, "emergency/readiness/changes.html", context)


def _fields(before: dict[str, object], after: dict[str, object]) -> list[tuple[str, str, str]]:
    shown = (name for name in after if name != "phone_index")
    return [(name, _shown(before.get(name)), _shown(after[name])) for name in shown if after[name] != before.get(name)]


def _shown(value: object) -> str:
    if value in (None, "", []):
        return "–"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


@desk(CHANGE, before=require_POST)
def change_undo(request: HttpRequest, pk: int) -> HttpResponseBase:
    told(request, lambda: undo(pk), gettext("คืนค่าเดิมแล้ว"))
    return redirect("emergency:readiness_changes")


@desk(CHANGE, before=require_POST)
def load(request: HttpRequest) -> HttpResponseBase:
    """Take the shipped numbers, needs and limits that are not there yet."""
    told(request, actions.load_defaults, gettext("เพิ่มรายการเริ่มต้นที่ยังไม่มีแล้ว รายการที่เทศบาลแก้ไว้ไม่เปลี่ยน"))
    return redirect("emergency:readiness")
