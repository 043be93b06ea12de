"""Addresses for programs: outside the languages, included by maehia/urls.py."""

from __future__ import annotations

from django.urls import re_path

from maehia.services.api.open311 import door

app_name = "services_api"
urlpatterns = [
    re_path(r"^open311/(?:(?P<test>test)/)?v2/(?P<path>.*)$", door.door, name="open311"),
    re_path(r"^open311(?:/(?P<path>.*))?$", door.nowhere, name="open311-nowhere"),
]
