"""Addresses of the alert desk."""

from __future__ import annotations

from django.urls import URLPattern, path

from maehia.emergency.views import alert_desk as desk
from maehia.emergency.views import alert_desk_after as after

BASE = "staff/emergency/<str:number>/alerts/"
ONE = f"{BASE}<uuid:key>/"

urlpatterns: list[URLPattern] = [
    path("staff/alerts/", desk.loose, name="alert_loose"),
    path("staff/alerts/texts/", desk.texts, name="alert_texts"),
    path("staff/alerts/texts/<str:template>/", desk.text, name="alert_text"),
    path(BASE, desk.desk, name="alert_desk"),
    path(ONE, desk.one, name="alert_one"),
    path(f"{ONE}act/", desk.act, name="alert_act"),
    path(f"{ONE}approve/", desk.approve, name="alert_approve"),
    path(f"{ONE}reach/", after.reach, name="alert_reach"),
    path(f"{ONE}broadcast/", after.broadcast, name="alert_broadcast"),
]
