"""Addresses of the desk, all under /staff/cases/."""

from __future__ import annotations

from typing import Any

from django.urls import path

from maehia.services.views import case, case_acts, case_change, confidential, entry, inbox


def _case(prefix: str, name: str) -> list[Any]:
    """The pages of one case; the confidential desk has the same ones under its own address."""
    return [
        path(f"{prefix}<uuid:key>/", case.case, name=name),
        path(f"{prefix}<uuid:key>/do/<slug:verb>/", case_acts.act, name=f"{name}-do"),
        path(f"{prefix}<uuid:key>/contact/", case_acts.contact, name=f"{name}-contact"),
        path(f"{prefix}<uuid:key>/category/", case_change.category, name=f"{name}-category"),
        path(f"{prefix}<uuid:key>/place/", case_change.place, name=f"{name}-place"),
        path(f"{prefix}<uuid:key>/merge/", case_change.merge, name=f"{name}-merge"),
    ]


urlpatterns = [
    path("staff/cases/", inbox.inbox, name="inbox"),
    path("staff/cases/new/", entry.entry, name="entry"),
    path("staff/cases/new/<uuid:key>/", entry.entered, name="entered"),
    path("staff/cases/confidential/", confidential.desk, name="confidential"),
    *_case("staff/cases/confidential/", "sealed"),
    *_case("staff/cases/", "case"),
]
