"""Addresses of reports, recovery, reviews and exercises."""

from __future__ import annotations

from django.urls import URLPattern, path

from maehia.emergency.views import exercises, picture, recovery, review, sitreps

HERE = "staff/emergency/<str:number>/"
urlpatterns: list[URLPattern] = [
    path("staff/emergency/exercises/", exercises.exercises, name="exercises"),
    path("staff/emergency/corrections/", review.corrections, name="corrections"),
    path("staff/emergency/lifelines/", recovery.targets, name="lifelines"),
    path(f"{HERE}picture/", picture.picture, name="picture"),
    path(f"{HERE}picture/<slug:key>.json", picture.layer, name="picture-layer"),
    path(f"{HERE}recovery/", recovery.recovery, name="recovery"),
    path(f"{HERE}reports/", sitreps.sitreps, name="sitreps"),
    path(f"{HERE}reports/<int:report>/", sitreps.sitrep, name="sitrep"),
    path(f"{HERE}reports/<int:report>/report.pdf", sitreps.pdf, name="sitrep-pdf"),
    path(f"{HERE}review/", review.review, name="review"),
    path(f"{HERE}review/actions/<uuid:action>/", review.action, name="correction"),
    path(f"{HERE}exercise/", exercises.exercise, name="exercise"),
    path("situation/", sitreps.public, name="situation"),
    path("situation/<str:number>/<int:report>/", sitreps.public_report, name="situation-report"),
]
