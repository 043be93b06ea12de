"""Addresses of forms and documents. Included inside i18n_patterns."""

from __future__ import annotations

from django.urls import path

from maehia.forms.views import files

app_name = "forms"
urlpatterns = [
    path("files/<uuid:id>/", files.show, name="file"),
    path("files/<uuid:id>/small/", files.show_small, name="file-small"),
    path("staff/files/<uuid:id>/release/", files.release, name="file-release"),
]
