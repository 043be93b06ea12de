"""Addresses of every room. Thai pages have no prefix; English ones stand under /en/."""

import importlib.util

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.http import HttpRequest, JsonResponse
from django.urls import include, path


def live(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"status": "ok"})


def room(prefix: str, module: str) -> list:
    ready = ".".join(module.split(".")[:2]) in settings.ROOMS and importlib.util.find_spec(module)
    return [path(prefix, include(module))] if ready else []


urlpatterns = [
    path("health/live", live, name="health-live"),
    path("accounts/", include("allauth.urls")),
    *i18n_patterns(
        *room("", "maehia.web.urls"),
        *room("", "maehia.access.urls"),
        *room("", "maehia.evidence.urls"),
        *room("", "maehia.city.urls"),
        *room("", "maehia.intake.urls"),
        prefix_default_language=False,
    ),
]
