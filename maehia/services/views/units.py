"""Units of the town hall and who works in them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from maehia.access.models import Account
from maehia.access.permissions import acting_as, require
from maehia.access.queries import holders_of
from maehia.base import ProblemError
from maehia.services.actions import units as actions
from maehia.services.models import Case, Unit, UnitMember
from maehia.services.views.staff_parts import plain_crumbs
from maehia.web import registry as web

PURPOSE = "services.manage"


class Tick(forms.BooleanField):
    """A box to tick, with its words beside it."""

    part = "services/case/tick.html"


class UnitForm(forms.Form):
    """A unit as citizens see it."""

    key = forms.SlugField(
        label=gettext_lazy("รหัส"), max_length=30, help_text=gettext_lazy("อังกฤษตัวเล็ก ใช้ตลอดไป เช่น works")
    )
    name_th = forms.CharField(label=gettext_lazy("ชื่อหน่วยงาน"), max_length=120)
    name_en = forms.CharField(label=gettext_lazy("ชื่อภาษาอังกฤษ"), max_length=120, required=False)
    phone = forms.CharField(label=gettext_lazy("โทรศัพท์ที่ประชาชนโทรได้"), max_length=60, required=False)
    order = forms.IntegerField(label=gettext_lazy("ลำดับ"), min_value=0, max_value=999, initial=100)
    active = Tick(label=gettext_lazy("ใช้งานอยู่"), required=False, initial=True)


class MemberForm(forms.Form):
    """An account that works on cases."""

    account = forms.ChoiceField(label=gettext_lazy("เจ้าหน้าที่"))
    is_head = forms.BooleanField(label=gettext_lazy("เป็นหัวหน้าหน่วย ได้รับการเตือนเมื่อเกินกำหนด"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = holders_of("services.inbox")
        self.fields["account"].choices = [  # type: ignore[attr-defined]
            (str(a.pk), f"{a.display_name} ({a.unit})" if a.unit else a.display_name) for a in people
        ]


def problem_words(error: ProblemError) -> str:
    return " ".join(part for part in (error.problem.what, error.problem.fix) if part)


@never_cache
@require_http_methods(["GET", "POST"])
@require("services.manage")
def units(request: HttpRequest) -> HttpResponse:
    """All units with their people and their open cases; a form for a new one."""
    form = UnitForm(request.POST or None)
    with acting_as(request.user, PURPOSE):  # type: ignore[arg-type]
        if request.method == "POST" and form.is_valid():
            try:
                row = actions.save_unit(form.cleaned_data.pop("key"), **form.cleaned_data)
                messages.success(request, gettext("บันทึกหน่วยงาน %(name)s แล้ว") % {"name": row.name_th})
                return redirect("services:unit", row.pk)
            except ProblemError as error:
                form.add_error(None, problem_words(error))
        waiting = dict(Case.objects.filter(state_type="open").values_list("unit").annotate(n=Count("id")))
        rows = [
            {"unit": u, "name": web.in_language(u.name_th, u.name_en), "members": u.n, "heads": u.heads,
             "waiting": waiting.get(u.pk, 0)}
            for u in Unit.objects.annotate(n=Count("members"), heads=Count("members", filter=Q(members__is_head=True)))
        ]  # fmt: skip
        context = {"rows": rows, "form": form, "crumbs": plain_crumbs((gettext("หน่วยงานและสมาชิก"), ""))}
        return render(request, "services/units.html", context, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "POST"])
@require("services.manage")
def unit(request: HttpRequest, key: str) -> HttpResponse:
    """One unit: its words, and its people."""
    with acting_as(request.user, PURPOSE):  # type: ignore[arg-type]
        row = get_object_or_404(Unit, pk=key)
        start = {name: getattr(row, name) for name in UnitForm.base_fields}
        form = UnitForm({**request.POST.dict(), "key": key} if request.method == "POST" else None, initial=start)
        if request.method == "POST" and form.is_valid():
            try:
                actions.save_unit(form.cleaned_data.pop("key"), **form.cleaned_data)
                messages.success(request, gettext("บันทึกหน่วยงาน %(name)s แล้ว") % {"name": row.name_th})
                return redirect("services:unit", key)
            except ProblemError as error:
                form.add_error(None, problem_words(error))
        form.fields["key"].widget = forms.HiddenInput()
        members = list(UnitMember.objects.filter(unit_id=key))
        names = dict(Account.objects.filter(pk__in=[m.account_id for m in members]).values_list("pk", "display_name"))
        context = {
            "row": row, "form": form, "member_form": MemberForm(),
            "members": [{"row": m, "name": names.get(m.account_id, "–")} for m in members],
            "crumbs": plain_crumbs((gettext("หน่วยงานและสมาชิก"), "/staff/cases/units/"), (row.name_th, "")),
        }  # fmt: skip
        return render(request, "services/unit.html", context, status=422 if form.errors else 200)


@never_cache
@require_POST
@require("services.manage")
def member(request: HttpRequest, key: str) -> HttpResponse:
    """Add an officer, make her head, or take her out."""
    with acting_as(request.user, PURPOSE):  # type: ignore[arg-type]
        form = MemberForm(request.POST)
        if request.POST.get("do") == "remove":
            left = actions.remove_member(key, _account(request))
            words = gettext("เอาออกจากหน่วยแล้ว มีเรื่องที่เคยรับผิดชอบ %(n)s เรื่อง") if left else gettext("เอาออกจากหน่วยแล้ว")
            messages.success(request, words % {"n": left} if left else words)
        elif form.is_valid():
            try:
                actions.add_member(key, UUID(form.cleaned_data["account"]), is_head=form.cleaned_data["is_head"])
                messages.success(request, gettext("บันทึกสมาชิกแล้ว"))
            except ProblemError as error:
                messages.error(request, problem_words(error))
        else:
            messages.error(request, gettext("เลือกเจ้าหน้าที่จากรายการ"))
    return redirect("services:unit", key)


def _account(request: HttpRequest) -> UUID:
    try:
        return UUID(request.POST.get("account", ""))
    except ValueError:
        return UUID(int=0)
