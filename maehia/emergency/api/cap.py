"""Alerts for programs: `/cap/` (live) and `/cap/exercise/`, Atom and RSS, and the bytes of every message that went out.

The files of `maehia.web.prerendered` answer before these views; what they do not hold (older documents) stands here.
"""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.http import condition, require_safe

from maehia.emergency.models import Alert
from maehia.emergency.queries import alerts as queries
from maehia.emergency.rules.cap.workflow import LIVE_FEED, PRACTICE_FEED
from maehia.emergency.views.public_alerts import ACTOR, CAP, PURPOSE, answer
from maehia.kit.acting import acting
from maehia.web.prerendered import IMMUTABLE


@require_safe
def feed(request: HttpRequest) -> HttpResponse:
    return answer(request, request.path)


def found(identifier: str, practice: bool) -> Alert:
    """A message that went out on this side. Raises Http404."""
    statuses = PRACTICE_FEED if practice else LIVE_FEED
    for mode in ("live", "exercise"):
        with acting(ACTOR, PURPOSE, mode=mode):
            row = queries.by_identifier(identifier)
        if row is not None and row.state == "published" and row.status in statuses:
            return row
    raise Http404(identifier)


def tag(_request: HttpRequest, identifier: str, practice: bool = False) -> str:
    return f'"{found(identifier, practice).sha256[:32]}"'


@require_safe
@condition(etag_func=tag)
def document(request: HttpRequest, identifier: str, practice: bool = False) -> HttpResponse:
    """The bytes as they went out; they never change."""
    row = found(identifier, practice)
    return HttpResponse(bytes(row.xml or b""), content_type=CAP, headers={"Cache-Control": IMMUTABLE})


urlpatterns = [
    path("cap/", feed),
    path("cap/rss.xml", feed),
    path("cap/exercise/", feed),
    path("cap/exercise/rss.xml", feed),
    path("cap/exercise/<str:identifier>.xml", document, {"practice": True}),
    path("cap/<str:identifier>.xml", document),
]
