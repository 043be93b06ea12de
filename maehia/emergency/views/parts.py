"""What the pages of the emergency room share: the incident of the address, in its mode and under a purpose."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase

from maehia.access.permissions import acting_as, purposes_of, require
from maehia.emergency.models import Incident
from maehia.emergency.queries import incidents

View = Callable[..., HttpResponseBase]
COMMAND, FIELD = "emergency.command", "emergency.field"


def at_incident(permission: str, purpose: str = "emergency.command") -> Callable[[View], View]:
    """A view of one incident: `view(request, incident, ...)` from the address's `number`.

    It runs inside `acting_as(user, purpose)` in the mode that the number says; 403 without the permission, 404 when
    there is no such incident. Volunteers, who command nothing, read under `emergency.field` what is asked for under
    `emergency.command`. The answer is made inside the context, so that templates may read.
    """

    def decorate(view: View) -> View:
        @require(permission)
        @wraps(view)
        def page(request: HttpRequest, number: str, *args: Any, **kwargs: Any) -> HttpResponseBase:
            with acting_as(request.user, own_purpose(request, purpose), mode=incidents.mode_of(number)):  # type: ignore[arg-type]
                return view(request, find_or_404(number), *args, **kwargs)

        return page

    return decorate


def own_purpose(request: HttpRequest, purpose: str = "emergency.command") -> str:
    """The purpose, or that of field work for those who have only that one."""
    own = purposes_of(request.user)  # type: ignore[arg-type]
    return FIELD if purpose == COMMAND and COMMAND not in own and FIELD in own else purpose


def find_or_404(number: str) -> Incident:
    found = incidents.find(number)
    if found is None:
        raise Http404(number)
    return found
