"""One click into a demo town. The mark in the database and the loopback address open this door, no setting."""

from __future__ import annotations

import ipaddress

from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.http.request import split_domain_port
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from maehia.access.adapters import landing
from maehia.access.models import Account
from maehia.access.permissions import role_names
from maehia.kit import demo
from maehia.kit.acting import acting

BACKEND = "maehia.access.backends.AccountBackend"
NAMES = {"localhost", "127.0.0.1", "[::1]", "testserver"}


@require_POST
def enter(request: HttpRequest) -> HttpResponse:
    """Log in as the demo account of a role. 404 in a real town and for anybody who is not on this machine."""
    role = request.POST.get("role", "")
    if not is_local(request) or not demo.is_demo() or role not in role_names():
        raise Http404
    with acting("system:login", "system.login"):
        account = Account.objects.filter(login=role, is_active=True, assignments__role_id=role).first()
        if account is None:
            raise Http404
        login(request, account, backend=BACKEND)
    request.user = account
    return redirect(landing(request))


def is_local(request: HttpRequest) -> bool:
    """Asked from this very machine, by a name of this machine, without a proxy in between."""
    if "X-Forwarded-For" in request.headers or "Forwarded" in request.headers:
        return False
    try:
        near = ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False
    return near and split_domain_port(request.get_host())[0] in NAMES
