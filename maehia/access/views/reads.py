"""The read log for the overseer, odd reading, and the published purposes."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from maehia.access import actions, forms, purposes, queries, registry
from maehia.access.models import Account, Alert, Read, Seal
from maehia.access.permissions import acting_as, require
from maehia.base import ProblemError

PER_PAGE = 50
OVERSEE = "access.oversee"


@require_safe
@require("access.oversee")
def index(request: HttpRequest) -> HttpResponse:
    with acting_as(request.user, OVERSEE):
        form = forms.ReadsForm(request.GET or None)
        chosen = form.cleaned_data if form.is_bound and form.is_valid() else {}
        found = queries.reads(
            actor=chosen.get("who", ""), key=chosen.get("key"), purpose=chosen.get("purpose", ""), day=chosen.get("day")
        )
        page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
        by = queries.accounts_by_actor([row.actor for row in page])
        rows = [_line(row, by.get(row.actor)) for row in page]
        context = {
            "form": form, "page": page, "rows": rows, "alerts": queries.open_alerts().count(),
            "seal": Seal.objects.order_by("-last_id").first(),
            "faults": actions.verify_reads() if "verify" in request.GET else None,
        }  # fmt: skip
        return render(request, "access/reads.html", context)


def _line(row: Read, by: Account | None) -> dict[str, Any]:
    label = registry.label.function
    return {
        "read": row,
        "by": by,
        "purpose": purposes.published().get(row.purpose),
        "what": label(row.entity, row.key) if label else row.entity,
        "via": queries.via_words(row.via),
    }


@require_safe
@require("access.oversee")
def alerts(request: HttpRequest) -> HttpResponse:
    with acting_as(request.user, OVERSEE):
        rows = list(queries.open_alerts())
        by = queries.accounts_by_actor([row.actor for row in rows])
        lines = [
            {"alert": row, "by": by.get(row.actor), "purpose": purposes.published().get(row.purpose)} for row in rows
        ]
        return render(request, "access/alerts.html", {"rows": lines, "me": request.user.actor})


@require_http_methods(["GET", "POST"])
@require("access.oversee")
def close_alert(request: HttpRequest, pk: int) -> HttpResponse:
    form = forms.CloseForm(request.POST or None)
    with acting_as(request.user, OVERSEE):
        alert = get_object_or_404(queries.open_alerts(), pk=pk)
        if request.method == "POST" and form.is_valid():
            try:
                actions.close_alert(alert, form.cleaned_data["note"])
            except ProblemError as error:
                forms.refuse(form, error)
            else:
                messages.success(request, gettext("บันทึกผลการตรวจแล้ว"))
                return redirect("access-alerts")
        return render(request, "access/alert.html", {
            "alert": alert, "form": form, "by": queries.accounts_by_actor([alert.actor]).get(alert.actor),
            "kind": Alert.Kind(alert.kind).label,
        })  # fmt: skip


@require_safe
@require("staff.enter")
def published(request: HttpRequest) -> HttpResponse:
    """The list of purposes as the town publishes it."""
    return render(request, "access/purposes.html", {"purposes": list(purposes.published().values())})
