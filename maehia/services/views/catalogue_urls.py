"""Addresses of the catalogue and of applications: public, at the counter, on the desk, and the editor."""

from __future__ import annotations

from django.urls import URLPattern, path

from maehia.services.views import catalogue, catalogue_editor, fast_lane, fast_lane_desk, tariffs, waste

urlpatterns: list[URLPattern] = [
    path("services/", catalogue.services, name="catalogue"),
    path("services/<slug:code>/", catalogue.service, name="catalogue_page"),
    path("services/<slug:code>/apply/", fast_lane.apply, name="apply"),
    path("staff/services/<slug:code>/for/<uuid:person>/apply/", fast_lane.apply_for_somebody, name="apply_for"),
    path("me/waste/", waste.accounts, name="waste"),
    path("staff/services/", catalogue_editor.editor, name="editor"),
    path("staff/services/export.yaml", catalogue_editor.export, name="catalogue_export"),
    path("staff/services/tariffs/", tariffs.rates, name="tariffs"),
    path("staff/services/tariffs/<int:number>/withdraw/", tariffs.withdraw, name="tariff_withdraw"),
    path("staff/services/import/", catalogue_editor.take_in, name="catalogue_import"),
    path("staff/services/edit/<slug:code>/", catalogue_editor.edit, name="edit"),
    path("staff/services/edit/<slug:code>/preview/", catalogue_editor.preview, name="edit_preview"),
    path("staff/services/edit/<slug:code>/do/<slug:verb>/", catalogue_editor.act, name="edit_act"),
    path("staff/applications/", fast_lane_desk.applications, name="applications"),
    path("staff/applications/<uuid:key>/", fast_lane_desk.application, name="application"),
    path("staff/applications/<uuid:key>/<slug:step>/", fast_lane_desk.act, name="application_step"),
]
