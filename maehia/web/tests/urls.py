"""Addresses of the shells alone: these tests know no other room."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path

from maehia.web.urls import handlers

globals().update(handlers)
urlpatterns = [
    path("accounts/", include("allauth.urls")),
    *i18n_patterns(path("", include("maehia.web.urls")), prefix_default_language=False),
]
