"""The list of incidents: what is on now, what was."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from maehia.access.permissions import acting_as, require
from maehia.emergency.queries.incidents import open_ones


@require("emergency.see")
def incidents(request: HttpRequest) -> HttpResponse:
    with acting_as(request.user, "emergency.command"):  # type: ignore[arg-type]
        return render(request, "emergency/incidents.html", {"incidents": open_ones()})
