"""Addresses of the emergency room. Included inside i18n_patterns; each part lists its own."""

from __future__ import annotations

from django.urls import URLPattern

from maehia.emergency.views import (
    affected_urls,
    alert_desk_urls,
    alerts_settings,
    damage_urls,
    doors_urls,
    help_urls,
    incident_urls,
    public_alerts_urls,
    readiness_urls,
    recovery_urls,
    relief_urls,
    shelters_urls,
)

app_name = "emergency"
urlpatterns: list[URLPattern] = [
    *alerts_settings.urlpatterns,
    *shelters_urls.urlpatterns,
    *readiness_urls.urlpatterns,
    *alert_desk_urls.urlpatterns,
    *public_alerts_urls.urlpatterns,
    *affected_urls.urlpatterns,
    *doors_urls.urlpatterns,
    *recovery_urls.urlpatterns,
    *relief_urls.urlpatterns,
    *damage_urls.urlpatterns,
    *help_urls.urlpatterns,
    *incident_urls.urlpatterns,
]
