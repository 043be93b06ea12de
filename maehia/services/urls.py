"""Addresses of the services. Included inside i18n_patterns."""

from __future__ import annotations

from django.urls import URLPattern

from maehia.services.views import staff_urls

app_name = "services"
urlpatterns: list[URLPattern] = [
    *staff_urls.urlpatterns,
]
