"""Log-in in its context, the second factor, and an account that is there before a view opens its own context."""

from __future__ import annotations

from collections.abc import Callable

from allauth.mfa.utils import is_mfa_enabled
from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse

from maehia.access.permissions import needs_factor
from maehia.kit import demo
from maehia.kit.acting import acting

ACCOUNTS = "/accounts/"
# Reached before the second factor is set up: log-in itself, languages, health, files.
OPEN = (ACCOUNTS, "/static/", "/health/", "/language/", "/en/language/")
MFA_SESSION = "maehia_mfa"


class AccessMiddleware:
    """Comes after allauth's AccountMiddleware.

    Pages of log-in run under the purpose `system.login`. Elsewhere the account and its rights are read once,
    at the start, and staff without a second factor are sent to set one up (not in a demo, which is marked in
    the database and bound to loopback).
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path.startswith(ACCOUNTS):
            with acting("system:login", "system.login"):
                _ = request.user.is_authenticated
                return keep_private(self.get_response(request))
        if SESSION_KEY not in request.session or not request.user.is_authenticated:
            return self.get_response(request)
        if lacks_factor(request):
            return HttpResponseRedirect(reverse("mfa_activate_totp"))
        return keep_private(self.get_response(request))


def keep_private(response: HttpResponseBase) -> HttpResponseBase:
    """What somebody sees who is logged in stays out of every cache. Open tiles and files may say otherwise."""
    said = response.get("Cache-Control", "")
    page = response.get("Content-Type", "").startswith("text/html")
    if not said or (page and "no-store" not in said):
        response.headers["Cache-Control"] = "private, no-store"
    return response


def lacks_factor(request: HttpRequest) -> bool:
    """Whether this session of an officer still has no second factor behind it."""
    if request.path.startswith(OPEN) or not needs_factor(request.user):
        return False
    if request.session.get(MFA_SESSION) == str(request.user.pk):
        return False
    with acting("system:login", "system.login"):
        fine = demo.is_demo() or is_mfa_enabled(request.user)
    if fine:
        request.session[MFA_SESSION] = str(request.user.pk)
    return not fine
