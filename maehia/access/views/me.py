"""What a citizen sees of herself: her data, and who looked at it."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from maehia.access import queries, registry
from maehia.access.permissions import acting_as, purposes_of
from maehia.access.purposes import fields_of
from maehia.web.registry import menu_for


@require_safe
@login_required
def index(request: HttpRequest) -> HttpResponse:
    """Own data, doors to more of it, and the last looks. Whoever is not tied to a person is told how to be."""
    context: dict[str, Any] = {"known": _known(request), "doors": menu_for(request, "me")}
    if context["known"]:
        with acting_as(request.user, "me.data"):
            if registry.own_data.function is not None:
                context["terms"] = registry.own_data.function(request.user.person_key, fields_of("me.data", "person"))
            context["looks"] = queries.who_looked(request.user.person_key)[:3]
    return render(request, "access/me.html", context)


@require_safe
@login_required
def looks(request: HttpRequest) -> HttpResponse:
    """Who looked at me in the last year."""
    found = []
    if _known(request):
        with acting_as(request.user, "me.data"):
            found = queries.who_looked(request.user.person_key)
    return render(request, "access/looks.html", {"looks": found, "known": _known(request)})


def _known(request: HttpRequest) -> bool:
    return request.user.person_key is not None and "me.data" in purposes_of(request.user)
