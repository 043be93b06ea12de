"""Addresses of the emergency room. Included inside i18n_patterns; each part lists its own."""

from __future__ import annotations

from django.urls import URLPattern

from maehia.emergency.views import affected_urls, doors_urls, help_urls, incident_urls, recovery_urls

app_name = "emergency"
urlpatterns: list[URLPattern] = [
    *affected_urls.urlpatterns,
    *doors_urls.urlpatterns,
    *recovery_urls.urlpatterns,
    *help_urls.urlpatterns,
    *incident_urls.urlpatterns,
]
