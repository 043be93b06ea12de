"""Addresses of every room. Thai pages have no prefix; English ones stand under /en/."""

import importlib.util

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path


def room(prefix: str, module: str) -> list:
    ready = ".".join(module.split(".")[:2]) in settings.ROOMS and importlib.util.find_spec(module)
    return [path(prefix, include(module))] if ready else []


urlpatterns = [
    path("accounts/", include("allauth.urls")),
    *i18n_patterns(
        path("", include("maehia.cli.install_page")),
        *room("", "maehia.web.urls"),
        *room("", "maehia.access.urls"),
        *room("", "maehia.evidence.urls"),
        *room("", "maehia.city.urls"),
        *room("", "maehia.intake.urls"),
        prefix_default_language=False,
    ),
]

handler400 = "maehia.web.errors.bad_request"
handler403 = "maehia.web.errors.forbidden"
handler404 = "maehia.web.errors.not_found"
handler500 = "maehia.web.errors.server_error"
