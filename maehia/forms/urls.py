"""Addresses of forms and documents. Included inside i18n_patterns."""

from __future__ import annotations

from django.urls import URLPattern

app_name = "forms"
urlpatterns: list[URLPattern] = []
