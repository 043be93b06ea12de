"""The one door of /open311/: finds what is asked for, and sees to it that every answer speaks the standard.

Whatever goes wrong inside, the caller gets an error body in the format that was asked for, never a page.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial
from typing import TypeVar

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.csrf import csrf_exempt

from maehia.base import ProblemError
from maehia.kit import rates
from maehia.services.api import callers
from maehia.services.api.open311 import posting, reading
from maehia.services.api.open311.asked import read_lang
from maehia.services.api.open311.faults import Fault, no_format, no_page, our_fault, too_often, wrong_method
from maehia.services.api.open311.shapes import BULK
from maehia.services.api.open311.wire import TYPES, write
from maehia.services.api.stream import stream
from maehia.services.peers.traffy.columns import line

logger = logging.getLogger(__name__)
WINDOW_SECONDS = 60
R = TypeVar("R", bound=HttpResponseBase)


@csrf_exempt
def door(request: HttpRequest, path: str, test: str = "") -> HttpResponseBase:
    """path: what stands behind v2/. test: not empty in the sandbox."""
    name, _, suffix = path.rpartition(".")
    try:
        if path in FILES and request.method in ("GET", "HEAD"):
            callers.count_read(request)
            return FILES[path](request, mode_of(test))
        if suffix not in TYPES:
            raise no_format()
        if "\x00" in path:
            raise no_page()
        return body_of(answer(request, name, bool(test)), suffix)
    except Fault as fault:
        return refused(fault, suffix)
    except rates.TooOften:
        return refused(too_often(WINDOW_SECONDS), suffix)
    except ProblemError as error:
        return refused(posting.fault_of(error), suffix)
    except Exception:  # the standard wants its own error body even for our fault; the log has the rest
        logger.exception("open311")
        return refused(our_fault(), suffix)


@csrf_exempt
def nowhere(request: HttpRequest, path: str = "") -> HttpResponse:
    """Any other address under /open311/."""
    return refused(no_page(), path.rpartition(".")[2])


def mode_of(test: str) -> str:
    return "exercise" if test else "live"


def answer(request: HttpRequest, name: str, sandbox: bool) -> reading.Answer:
    """Raises Fault."""
    kind, _, rest = name.partition("/")
    posts = name == "requests" and request.method == "POST"
    if posts:
        return posting.post(request, sandbox)
    if "/" in rest or (rest and kind not in SINGLE) or (not rest and kind not in LISTS):
        raise no_page()
    if request.method not in ("GET", "HEAD"):
        raise wrong_method("GET, POST" if name == "requests" else "GET")
    callers.count_read(request)
    mode = mode_of("test" if sandbox else "")
    return SINGLE[kind](request, rest, mode) if rest else LISTS[kind](request, mode)


LISTS: dict[str, Callable[[HttpRequest, str], reading.Answer]] = {
    "discovery": lambda request, mode: reading.discovery(request),
    "services": lambda request, mode: reading.services(request),
    "requests": reading.requests,
    "servicerequestupdates": reading.updates,
}
SINGLE: dict[str, Callable[[HttpRequest, str, str], reading.Answer]] = {
    "services": lambda request, code, mode: reading.definition(request, code),
    "requests": reading.one,
    "tokens": reading.token,
}


def bulk(request: HttpRequest, mode: str) -> HttpResponseBase:
    lang = read_lang(request.GET.dict())
    return open_to_all(stream(request, "service-requests.csv", line(BULK), partial(reading.bulk_piece, mode, lang)))


def package(request: HttpRequest, mode: str) -> HttpResponseBase:
    return body_of(("package", reading.package(request), {}), "json")


FILES: dict[str, Callable[[HttpRequest, str], HttpResponseBase]] = {"bulk.csv": bulk, "datapackage.json": package}


def body_of(found: reading.Answer, suffix: str) -> HttpResponse:
    root, value, headers = found
    response = HttpResponse(write(root, value, suffix), content_type=TYPES[suffix], headers=headers)
    return open_to_all(response)


def refused(fault: Fault, suffix: str) -> HttpResponse:
    """The error body; XML where no known format was asked for."""
    suffix = suffix if suffix in TYPES else "xml"
    response = HttpResponse(write("errors", fault.body(), suffix), content_type=TYPES[suffix], status=fault.status)
    if fault.retry_after:
        response["Retry-After"] = str(fault.retry_after)
    return open_to_all(response)


def open_to_all(response: R) -> R:
    """Pages of other sites may read what is public; nobody keeps it."""
    response["Access-Control-Allow-Origin"] = "*"
    response["Access-Control-Expose-Headers"] = "X-Total-Count, Retry-After"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.headers.setdefault("Cache-Control", "no-cache")
    return response
