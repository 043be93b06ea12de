"""Addresses of the desk, all under /staff/cases/."""

from __future__ import annotations

from typing import Any

from django.urls import path

from maehia.services.views import (
    case,
    case_acts,
    case_change,
    confidential,
    entry,
    escalation,
    export,
    inbox,
    repeated,
    retention,
    routing,
    suggestions,
    units,
)


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
    path("staff/cases/repeated/", repeated.repeated, name="repeated"),
    path("staff/cases/routing/", routing.routing, name="routing"),
    path("staff/cases/routing/edit/", routing.edit, name="routing-edit"),
    path("staff/cases/routing/try/", routing.attempt, name="routing-try"),
    path("staff/cases/routing/drop/", routing.drop_draft, name="routing-drop"),
    path("staff/cases/routing/<int:number>/restore/", routing.restore, name="routing-restore"),
    path("staff/cases/escalation/", escalation.ladder, name="escalation"),
    path("staff/cases/escalation/new/", escalation.rung, name="rung-new"),
    path("staff/cases/escalation/<int:number>/", escalation.rung, name="rung"),
    path("staff/cases/escalation/drill/", escalation.try_week, name="drill"),
    path("staff/cases/units/", units.units, name="units"),
    path("staff/cases/units/<slug:key>/", units.unit, name="unit"),
    path("staff/cases/units/<slug:key>/member/", units.member, name="unit-member"),
    path("staff/cases/suggestions/", suggestions.suggestions, name="suggestions"),
    path("staff/cases/retention/", retention.retention, name="retention"),
    path("staff/cases/export/", export.export, name="export"),
    path("staff/cases/export/cases.csv", export.download, name="export-csv"),
    *_case("staff/cases/confidential/", "sealed"),
    *_case("staff/cases/", "case"),
]
