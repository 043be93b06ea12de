"""What a citizen owes: by the secret link of a case, and in her own account."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from maehia.access.permissions import acting_as, purposes_of
from maehia.kit.acting import Scope, acting
from maehia.services.queries import cases
from maehia.services.queries import fees as queries
from maehia.services.views.fees import shown
from maehia.services.views.visitors import VISITOR, secret_page
from maehia.web.values import Crumb

PURPOSE = "me.services"


@require_safe
@secret_page
def by_link(request: HttpRequest, secret: str) -> HttpResponse:
    """The invoices of one case. A wrong secret is the same 404 as everywhere."""
    case_id = cases.by_secret(secret)
    if case_id is None:
        raise Http404
    with acting(VISITOR, "services.link", scope=Scope.subject(case_id)):
        rows = [shown(row) for row in queries.of_case(case_id)]
        crumbs = [Crumb(gettext("เรื่องของคุณ"), reverse("services:follow_case", args=[secret]))]
        return render(request, "services/fees/own.html", {"rows": rows, "crumbs": crumbs})


@never_cache
@require_safe
@login_required
def mine(request: HttpRequest) -> HttpResponse:
    """Own invoices, open ones first."""
    user: Any = request.user
    if user.person_key is None or PURPOSE not in purposes_of(user):
        return render(request, "services/fees/own.html", {"rows": [], "unknown": True, "crumbs": []})
    with acting_as(user, PURPOSE):
        found = sorted(queries.of_person(UUID(str(user.person_key))), key=lambda row: row.state != "open")
        return render(request, "services/fees/own.html", {"rows": [shown(row) for row in found], "crumbs": []})
