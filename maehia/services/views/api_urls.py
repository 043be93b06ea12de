"""Console pages of the doors for programs."""

from __future__ import annotations

from django.urls import path

from maehia.services.views import api_keys, traffy

urlpatterns = [
    path("staff/services/keys/", api_keys.keys, name="api_keys"),
    path("staff/services/keys/<int:number>/revoke/", api_keys.revoke, name="api_key_revoke"),
    path("staff/services/keys/tokens/", api_keys.tokens, name="api_tokens"),
    path("staff/services/traffy/", traffy.page, name="traffy"),
    path("staff/services/traffy/again/", traffy.again, name="traffy_again"),
    path("staff/services/traffy/take/", traffy.take_file, name="traffy_take"),
    path("staff/services/traffy/<slug:layout>.csv", traffy.file, name="traffy_file"),
]
