"""My waste account: what it costs, what is owed, an invoice to pay, and how to change it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from maehia.access.permissions import acting_as, require
from maehia.base import ProblemError
from maehia.kit.clock import today
from maehia.kit.idempotency import Created, idempotent
from maehia.services.actions.waste import MOST_MONTHS, bill_months
from maehia.services.queries import waste
from maehia.thai import format_baht, format_date


def billed(request: HttpRequest, _invoice: str) -> HttpResponse:
    """Back to the accounts, also for the second tap."""
    return redirect("services:waste")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@require("services.mine")
@idempotent("services.waste", show=billed)
def accounts(request: HttpRequest) -> HttpResponse | Created:
    user: Any = request.user
    if user.person_key is None:
        return render(request, "services/fast_lane/who.html", {"missing": "identity"})
    problem = None
    with acting_as(user, "me.services"):
        if request.method == "POST":
            try:
                invoice = bill_months(
                    request.POST.get("account", "")[:60], _months(request), person_key=user.person_key,
                    payer=user.display_name, by=user.actor,
                )  # fmt: skip
                messages.success(request, gettext("ออกใบแจ้งเลขที่ %(number)s แล้ว") % {"number": invoice.number})
                return Created(invoice.pk)
            except ProblemError as error:
                problem = error.problem
        rows = [_row(found) for found in waste.accounts(user.person_key, today())]
    context = {"rows": rows, "problem": problem, "months": range(1, MOST_MONTHS + 1)}
    return render(request, "services/fast_lane/waste.html", context, status=422 if problem else 200)


def _months(request: HttpRequest) -> int:
    given = request.POST.get("months", "")
    return int(given) if given.isdecimal() and len(given) < 4 else 0


def _row(found: waste.WasteAccount) -> dict[str, Any]:
    charge = found.monthly
    return {
        "number": found.number, "monthly": format_baht(charge.rate), "verified": charge.verified, "bin": charge.name,
        "until": format_date(found.paid_until)[2:].strip() if found.paid_until else "", "owed": format_baht(found.owed),
        "open": [{"number": i.number, "about": i.about, "amount": format_baht(i.amount), "pk": i.pk,
                  "due": format_date(i.due_on) if i.due_on else ""} for i in found.open], "ended": found.ended,
    }  # fmt: skip
