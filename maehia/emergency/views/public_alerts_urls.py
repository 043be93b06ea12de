"""Addresses of the public pages of alerts."""

from __future__ import annotations

from django.urls import URLPattern, path

from maehia.emergency.views import public_alerts

urlpatterns: list[URLPattern] = [
    path("alerts/", public_alerts.show, name="alerts"),
    path("alerts/exercise/", public_alerts.show, name="alerts_exercise"),
    path("alerts/exercise/<str:identifier>/", public_alerts.show, name="alert_exercise"),
    path("alerts/<str:identifier>/", public_alerts.show, name="alert"),
]
