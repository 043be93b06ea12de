"""Addresses of the services. Included inside i18n_patterns."""

from __future__ import annotations

from django.urls import URLPattern

from maehia.services.views import api_urls, catalogue_urls, citizen_urls, counter_urls, fees_urls, staff_urls

app_name = "services"
urlpatterns: list[URLPattern] = [
    *api_urls.urlpatterns,
    *staff_urls.urlpatterns,
    *counter_urls.urlpatterns,
    *catalogue_urls.urlpatterns,
    *fees_urls.urlpatterns,
    *citizen_urls.urlpatterns,
]
