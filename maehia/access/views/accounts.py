"""Accounts and their roles, changed in the browser, dated, undoable."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from maehia.access import actions, forms
from maehia.access.models import Account, Assignment
from maehia.access.permissions import acting_as, require
from maehia.access.queries import accounts_by_actor, events_of
from maehia.base import ProblemError
from maehia.kit import clock
from maehia.kit.idempotency import Created, idempotent

MANAGE = "access.manage"


@require_safe
@require("access.accounts")
def index(request: HttpRequest) -> HttpResponse:
    with acting_as(request.user, MANAGE):
        accounts = list(Account.objects.prefetch_related("assignments__role").order_by("-is_active", "display_name"))
    rows = [{"account": account, "roles": current_roles(account)} for account in accounts]
    return render(request, "access/accounts.html", {"rows": rows})


def current_roles(account: Account) -> list[Assignment]:
    today = clock.today()
    return [
        row for row in account.assignments.all()
        if row.starts_on <= today and (row.ends_on is None or row.ends_on >= today)
    ]  # fmt: skip


def _show(request: HttpRequest, pk: str) -> HttpResponse:
    return redirect("access-account", pk)


@require_http_methods(["GET", "POST"])
@require("access.accounts")
@idempotent("access.account", show=_show)
def create(request: HttpRequest) -> HttpResponse | Created:
    form = forms.AccountForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            with acting_as(request.user, MANAGE):
                made = actions.create_account(**form.cleaned_data)
        except ProblemError as error:
            forms.refuse(form, error)
        else:
            messages.success(request, gettext("สร้างบัญชี %(name)s แล้ว ยังไม่มีบทบาท") % {"name": made.display_name})
            return Created(made.pk)
    return render(request, "access/account_new.html", {"form": form})


@require_http_methods(["GET", "POST"])
@require("access.accounts")
def show(request: HttpRequest, pk: UUID) -> HttpResponse:
    with acting_as(request.user, MANAGE):
        account = get_object_or_404(Account, pk=pk)
        form = forms.PersonForm(request.POST or None, account=account, initial=_initial(account))
        if request.method == "POST" and form.is_valid():
            _save(account, form.cleaned_data)
            messages.success(request, gettext("บันทึกข้อมูลบัญชีแล้ว"))
            return redirect("access-account", pk)
        return render(request, "access/account.html", _context(account, form, forms.AssignForm()))


def _initial(account: Account) -> dict[str, Any]:
    return {"display_name": account.display_name, "unit": account.unit, "supervisor": account.supervisor_id or ""}


def _save(account: Account, values: dict[str, Any]) -> None:
    actions.describe(
        account, display_name=values["display_name"], unit=values["unit"], supervisor=values["supervisor"] or None
    )


def _context(account: Account, form: Any, assign_form: Any) -> dict[str, Any]:
    rows = list(account.assignments.select_related("role"))
    history = [event for row in rows for event in events_of(row).select_related("pgh_context")[:20]]
    history.sort(key=lambda event: event.pgh_id, reverse=True)
    by = accounts_by_actor([e.pgh_context.metadata.get("actor", "") for e in history if e.pgh_context])
    lines = [
        {"event": e, "by": by.get((e.pgh_context.metadata if e.pgh_context else {}).get("actor", ""))} for e in history
    ]
    return {
        "account": account, "form": form, "assign_form": assign_form, "rows": rows, "history": lines,
        "today": clock.today(),
    }  # fmt: skip


@require_POST
@require("access.accounts")
@idempotent("access.assign", show=lambda request, pk: redirect("access-account", _owner_of(request, pk)))
def assign(request: HttpRequest, pk: UUID) -> HttpResponse | Created:
    with acting_as(request.user, MANAGE):
        account = get_object_or_404(Account, pk=pk)
        form = forms.AssignForm(request.POST)
        if form.is_valid():
            values = dict(form.cleaned_data)
            try:
                return Created(actions.assign(account, values.pop("role"), **values).pk)
            except ProblemError as error:
                forms.refuse(form, error)
        blank = forms.PersonForm(account=account, initial=_initial(account))
        return render(request, "access/account.html", _context(account, blank, form), status=422)


def _owner_of(request: HttpRequest, pk: str) -> UUID:
    with acting_as(request.user, MANAGE):
        return Assignment.objects.values_list("account_id", flat=True).get(pk=pk)


@require_POST
@require("access.accounts")
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """End a role today."""
    with acting_as(request.user, MANAGE):
        row = get_object_or_404(Assignment, pk=pk)
        actions.end_assignment(row, clock.today())
    messages.success(request, gettext("สิ้นสุดบทบาทวันนี้แล้ว ย้อนกลับได้จากประวัติ"))
    return redirect("access-account", row.account_id)


@require_POST
@require("access.accounts")
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back the last change of an assignment."""
    with acting_as(request.user, MANAGE):
        row = get_object_or_404(Assignment, pk=pk)
        actions.undo(row)
    messages.success(request, gettext("ย้อนกลับการเปลี่ยนแปลงล่าสุดแล้ว"))
    return redirect("access-account", row.account_id)


@require_http_methods(["GET", "POST"])
@require("access.accounts")
def close(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Close an account, after saying what will happen."""
    with acting_as(request.user, MANAGE):
        account = get_object_or_404(Account, pk=pk)
        if request.method == "POST":
            actions.deactivate(account)
            messages.success(request, gettext("ปิดบัญชี %(name)s แล้ว") % {"name": account.display_name})
            return redirect("access-accounts")
        return render(request, "access/account_close.html", {"account": account})


@require_POST
@require("access.accounts")
def reset(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A lost phone: the second factor goes, and the next log-in must set up a new one."""
    with acting_as(request.user, MANAGE):
        actions.reset_factors(get_object_or_404(Account, pk=pk))
    messages.success(request, gettext("ลบการยืนยันสองชั้นแล้ว ผู้ใช้ต้องตั้งใหม่เมื่อเข้าระบบครั้งต่อไป"))
    return redirect("access-account", pk)
