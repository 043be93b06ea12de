"""Addresses of the messages. Included inside i18n_patterns."""

from __future__ import annotations

from django.urls import URLPattern

app_name = "message"
urlpatterns: list[URLPattern] = []
