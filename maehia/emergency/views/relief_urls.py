"""Addresses of relief goods, under an incident."""

from __future__ import annotations

from django.urls import URLPattern, path

from maehia.emergency.views import relief as views

AT = "staff/emergency/<str:number>/relief/"

urlpatterns: list[URLPattern] = [
    path(AT, views.stock, name="relief"),
    path(f"{AT}receive/", views.receive, name="relief_receive"),
    path(f"{AT}dispatch/", views.dispatch, name="relief_dispatch"),
    path(f"{AT}loads/<uuid:key>/", views.load, name="relief_load"),
    path(f"{AT}ask/", views.ask, name="relief_ask"),
    path(f"{AT}requests/<uuid:key>/", views.request_one, name="relief_request"),
    path(f"{AT}requests/<uuid:key>/act/", views.request_act, name="relief_request_act"),
    path(f"{AT}give/", views.give, name="relief_give"),
    path(f"{AT}kinds/", views.kind, name="relief_kind"),
    path(f"{AT}count/<uuid:key>/", views.count, name="relief_count"),
    path(f"{AT}donations/", views.donations, name="relief_donations"),
]
