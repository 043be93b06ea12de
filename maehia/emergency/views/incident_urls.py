"""Addresses of the incident desk, all under /staff/emergency/."""

from __future__ import annotations

from django.urls import URLPattern, path

from maehia.emergency.views import incidents

urlpatterns: list[URLPattern] = [path("staff/emergency/", incidents.incidents, name="incidents")]
