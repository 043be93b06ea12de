"""What every answer carries: a strict content policy, the language of the console, problems as pages."""

from __future__ import annotations

import ipaddress
from collections.abc import Awaitable, Callable

from asgiref.sync import iscoroutinefunction, markcoroutinefunction
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.utils.decorators import sync_and_async_middleware

from maehia.web import errors

POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "font-src 'self'",
        "connect-src 'self'",
        "worker-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    ]
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), geolocation=(self), microphone=(), payment=(), usb=(), interest-cohort=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
LANGUAGE_COOKIE = "maehia_language"
CONSOLE = "/staff/"


def add_headers(response: HttpResponseBase) -> HttpResponseBase:
    """Headers that are not there yet; a view that needs another policy has set its own."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    return response


Answer = HttpResponseBase | Awaitable[HttpResponseBase]


@sync_and_async_middleware
def CspMiddleware(get_response: Callable[[HttpRequest], Answer]) -> Callable[[HttpRequest], Answer]:
    """Content policy and the other security headers."""
    if iscoroutinefunction(get_response):

        async def answer(request: HttpRequest) -> HttpResponseBase:
            return add_headers(await get_response(request))

        return answer

    def now(request: HttpRequest) -> HttpResponseBase:
        return add_headers(get_response(request))  # type: ignore[arg-type]

    return now


class ProxyAddressMiddleware:
    """The visitor's own address behind the proxy of this machine, which adds it as the last one. Only in use there.

    Without it all visitors share the proxy's address, and with it every limit that is counted by address.
    """

    sync_capable = async_capable = True

    def __init__(self, get_response: Callable[[HttpRequest], Answer]) -> None:
        self.get_response = get_response
        if iscoroutinefunction(get_response):
            markcoroutinefunction(self)

    def __call__(self, request: HttpRequest) -> Answer:
        told = request.META.get("HTTP_X_FORWARDED_FOR", "").rpartition(",")[2].strip()
        if is_address(told):
            request.META["REMOTE_ADDR"] = told
        return self.get_response(request)


def is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


class StaffLanguageMiddleware:
    """Leads an officer who chose English to the English address of a console page. Stands after LocaleMiddleware."""

    sync_capable = async_capable = True

    def __init__(self, get_response: Callable[[HttpRequest], Answer]) -> None:
        self.get_response = get_response
        self._async = iscoroutinefunction(get_response)
        if self._async:
            markcoroutinefunction(self)

    def __call__(self, request: HttpRequest) -> Answer:
        if not prefers_english(request):
            return self.get_response(request)
        answer = HttpResponseRedirect(f"/en{request.get_full_path()}", headers={"Cache-Control": "no-store"})
        return later(answer) if self._async else answer


def prefers_english(request: HttpRequest) -> bool:
    """A plain GET of a Thai console page by somebody who chose English; forms and parts stay where they are."""
    return (
        request.method == "GET"
        and request.path.startswith(CONSOLE)
        and request.COOKIES.get(LANGUAGE_COOKIE) == "en"
        and "HX-Request" not in request.headers
    )


async def later(response: HttpResponseBase) -> HttpResponseBase:
    return response


class ProblemMiddleware:
    """A `ProblemError` that a view lets through becomes a page that says what to do."""

    sync_capable = async_capable = True

    def __init__(self, get_response: Callable[[HttpRequest], Answer]) -> None:
        self.get_response = get_response
        if iscoroutinefunction(get_response):
            markcoroutinefunction(self)

    def __call__(self, request: HttpRequest) -> Answer:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return errors.for_exception(request, exception)
