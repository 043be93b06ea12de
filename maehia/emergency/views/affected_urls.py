"""Addresses of the people inside a footprint."""

from __future__ import annotations

from django.urls import URLPattern, path

from maehia.emergency.views import affected

urlpatterns: list[URLPattern] = [
    path("staff/emergency/<str:number>/affected/", affected.people, name="affected"),
    path("staff/emergency/<str:number>/affected/again/", affected.again, name="affected_again"),
    path("staff/emergency/<str:number>/affected/affected.csv", affected.csv_file, name="affected_csv"),
]
