"""Addresses of forms and documents. Included inside i18n_patterns."""

from __future__ import annotations

from django.urls import path

from maehia.forms.views import documents, files

app_name = "forms"
urlpatterns = [
    path("files/<uuid:id>/", files.show, name="file"),
    path("files/<uuid:id>/small/", files.show_small, name="file-small"),
    path("staff/files/<uuid:id>/release/", files.release, name="file-release"),
    path("verify/", documents.verify, name="verify"),
    path("verify/<str:code>/", documents.verify, name="verify-code"),
    path("documents/<uuid:id>/", documents.download, name="document"),
    path("staff/documents/<uuid:id>/revoke/", documents.revoke, name="document-revoke"),
    path("staff/documents/numbers/", documents.numbers, name="numbers"),
]
