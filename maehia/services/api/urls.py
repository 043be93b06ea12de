"""Addresses for programs: outside the languages, included by maehia/urls.py."""

from __future__ import annotations

from django.urls import include, path, re_path

from maehia.services.api.open311 import door
from maehia.services.api.v1 import app
from maehia.services.views import traffy_hook

urlpatterns = [
    path("hooks/traffy/<str:secret>/", traffy_hook.hook, name="hook-traffy"),
    re_path(r"^open311/(?:(?P<test>test)/)?v2/(?P<path>.*)$", door.door, name="open311"),
    re_path(r"^open311(?:/(?P<path>.*))?$", door.nowhere, name="open311-nowhere"),
    path("api/v1/", include((app.patterns(), "ninja"), namespace="api-v1")),
    # /api/readings/ is the register's own.
    re_path(r"^api(?:/(?!readings/)(?P<path>.*))?$", app.nowhere, name="api-nowhere"),
]
