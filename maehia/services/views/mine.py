"""A citizen's own cases: what she told and what she applied for, under her own key."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from maehia.access.permissions import acting_as, purposes_of
from maehia.kit.clock import now
from maehia.services import actions
from maehia.services.models import Case
from maehia.services.views import follow_page as shown
from maehia.web.registry import in_language

PURPOSE = "me.services"
MOST = 200


@never_cache
@require_safe
@login_required
def listing(request: HttpRequest) -> HttpResponse:
    """Own reports and applications, open ones first. Whoever is not tied to a person is told how to be."""
    context: dict[str, Any] = {"known": _known(request)}
    if context["known"]:
        rows = own_cases(request.user)
        context["open"] = [row for row in rows if row["open"]]
        context["closed"] = [row for row in rows if not row["open"]]
    return render(request, "services/mine/list.html", context)


def _known(request: HttpRequest) -> bool:
    user: Any = request.user
    return user.person_key is not None and PURPOSE in purposes_of(user)


def own_cases(account: Any) -> list[dict[str, Any]]:
    """Cases that bear the key of the person behind an account, the newest first."""
    with acting_as(account, PURPOSE):
        found = Case.objects.filter(person_key=account.person_key).exclude(state="erased").select_related("service")
        return [_row(case) for case in found.order_by("-received_at")[:MOST]]


def _row(case: Case) -> dict[str, Any]:
    late = case.state_type == "open" and case.due_at is not None and case.due_at < now()
    return {
        "case": case, "name": in_language(case.service.name_th, case.service.name_en),
        "open": case.state_type == "open", "state": shown.state_words(case.kind, case.state),
        "tag": "late" if late else shown.tag_of(case.state),
        "url": reverse("services:follow_case", args=[actions.secret_of(case.pk)]), "late": late,
        "asks": case.state in ("waiting_citizen", "returned"),
    }  # fmt: skip
