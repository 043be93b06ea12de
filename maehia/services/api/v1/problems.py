"""Whatever goes wrong is said as application/problem+json, never as a page."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping, Sequence
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from maehia.base import ProblemError
from maehia.kit.rates import TooOften
from maehia.services.actions import Stale

TYPE = "application/problem+json"
WAIT_SECONDS = 60
logger = logging.getLogger(__name__)
# Problems that are not about what was sent.
STATUSES = {"unknown_service": 404, "no_case": 404, "twice": 409, "key_other_body": 409}


def problem(
    status: int,
    code: str,
    detail: str,
    errors: Sequence[dict[str, Any]] = (),
    headers: Mapping[str, str] | None = None,
) -> HttpResponse:
    body = {
        "type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail, "code": code,
        "errors": list(errors),
    }  # fmt: skip
    content = json.dumps(body, ensure_ascii=False, default=str).encode("utf-8", "replace")
    return HttpResponse(content, status=status, content_type=TYPE, headers=headers)


def of_problem(error: ProblemError) -> HttpResponse:
    if isinstance(error, TooOften):
        return problem(429, "too_often", str(error.problem), headers={"Retry-After": str(WAIT_SECONDS)})
    if isinstance(error, Stale):
        return problem(409, error.problem.code, str(error.problem))
    return problem(STATUSES.get(error.problem.code, 422), error.problem.code, str(error.problem))


def of_validation(error: ValidationError) -> HttpResponse:
    """Where and what, without what was sent: that may be somebody's phone number."""
    errors = [{"where": [str(part) for part in row.get("loc", ())], "what": row.get("msg", "")} for row in error.errors]
    return problem(422, "invalid", "ข้อมูลที่ส่งมาไม่ถูกต้อง (the request does not fit the description)", errors)


def of_fault(error: Exception) -> HttpResponse:
    """The answer for any exception. Only ours is logged."""
    if isinstance(error, ProblemError):
        return of_problem(error)
    if isinstance(error, ValidationError):
        return of_validation(error)
    if isinstance(error, HttpError):
        return problem(error.status_code, HTTPStatus(error.status_code).name.lower(), str(error))
    if isinstance(error, Http404):
        return problem(404, "not_found", "ไม่พบสิ่งที่ขอ (not found)")
    if isinstance(error, PermissionDenied):
        return problem(403, "forbidden", "ไม่มีสิทธิ์ (not allowed)")
    if isinstance(error, RequestDataTooBig | SuspiciousOperation):
        return problem(400, "unreadable", "อ่านข้อมูลที่ส่งมาไม่ได้ (the request cannot be read)")
    logger.error("api", exc_info=error)
    return problem(500, "our_fault", "ระบบขัดข้อง กรุณาลองใหม่ (our fault, please try again)")


def register(api: NinjaAPI) -> None:
    def handler(request: HttpRequest, error: Any) -> HttpResponse:
        return of_fault(error)

    for kind in (Exception, Http404, HttpError, ValidationError):
        api.add_exception_handler(kind, handler)


def guarded(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """The view, with every refusal as a problem: also those that the framework makes in its own words."""

    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            answer = view(request, *args, **kwargs)
        except Exception as error:  # noqa: BLE001 (of_fault logs what is ours)
            answer = of_fault(error)
        if answer.status_code >= 400 and answer.get("Content-Type") != TYPE:
            kept = {name: answer[name] for name in ("Allow", "WWW-Authenticate") if name in answer}
            phrase = HTTPStatus(answer.status_code).name.lower()
            answer = problem(answer.status_code, phrase, phrase.replace("_", " "), headers=kept)
        if request.method in ("GET", "HEAD"):
            answer["Access-Control-Allow-Origin"] = "*"
            answer["Cross-Origin-Resource-Policy"] = "cross-origin"
        return answer

    wrapped.csrf_exempt = True  # type: ignore[attr-defined]
    return wrapped
