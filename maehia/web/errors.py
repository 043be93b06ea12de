"""Answers that say what happened and what next. As HTML for people, as JSON for programs that ask for it."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext

from maehia.base import Problem, ProblemError


class Conflict(ProblemError):
    """Somebody else was first, or the same key came with another body: answered 409."""


class TooMany(ProblemError):
    """Asked too often: answered 429. retry_after: seconds."""

    def __init__(self, problem: Problem, retry_after: int = 60) -> None:
        super().__init__(problem)
        self.retry_after = retry_after


def words(status: int) -> tuple[str, str, str]:
    """Title, what happened, what next."""
    return {
        400: (
            gettext("ระบบอ่านคำขอนี้ไม่ได้"),
            gettext("ข้อมูลที่ส่งมาไม่ครบหรือไม่อยู่ในรูปแบบที่ระบบรับได้"),
            gettext("กรุณากลับไปหน้าก่อนหน้าแล้วส่งใหม่อีกครั้ง"),
        ),
        403: (
            gettext("บัญชีของคุณไม่มีสิทธิ์เปิดหน้านี้"),
            gettext("หน้านี้เปิดได้เฉพาะผู้ที่ได้รับมอบหมาย หรือคุณอาจยังไม่ได้เข้าสู่ระบบ"),
            gettext("ถ้าเป็นงานในหน้าที่ของคุณ กรุณาแจ้งหัวหน้างานหรือผู้ดูแลระบบให้เพิ่มสิทธิ์"),
        ),
        404: (
            gettext("ไม่พบหน้านี้"),
            gettext("ที่อยู่นี้อาจพิมพ์ผิด หรือหน้านี้ถูกย้ายหรือลบไปแล้ว"),
            gettext("ตรวจที่อยู่อีกครั้ง หรือเริ่มใหม่จากหน้าแรก"),
        ),
        409: (
            gettext("ข้อมูลเพิ่งถูกแก้ไขโดยผู้อื่น"),
            gettext("รายการนี้เปลี่ยนไปหลังจากที่คุณเปิดหน้า ระบบจึงยังไม่ได้บันทึกของคุณ เพื่อไม่ให้ทับงานกัน"),
            gettext("เปิดรายการนี้ใหม่ ดูค่าล่าสุด แล้วบันทึกอีกครั้ง"),
        ),
        429: (
            gettext("มีการขอถี่เกินไป"),
            gettext("ระบบพักคำขอจากเครื่องหรือบัญชีนี้ไว้ชั่วครู่ เพื่อให้ทุกคนใช้งานได้"),
            gettext("กรุณารอสักครู่แล้วลองใหม่"),
        ),
        500: (
            gettext("ระบบขัดข้อง"),
            gettext("เกิดข้อผิดพลาดในระบบของเรา ไม่ใช่ความผิดของคุณ รายการที่กำลังบันทึกยังไม่ถูกบันทึก"),
            gettext("กรุณาลองใหม่ใน 2–3 นาที ถ้ายังไม่ได้ โทรหาเทศบาลและแจ้งรหัสด้านล่าง"),
        ),
    }[status]


def wants_json(request: HttpRequest) -> bool:
    return request.accepts("application/json") and not request.accepts("text/html")


def answer(request: HttpRequest, status: int, problem: Problem | None = None, **headers: str) -> HttpResponse:
    """The page (or JSON) for a status; a `Problem` replaces the general words with what is known."""
    title, what, then = words(status)
    if problem:
        what, then = problem.what, problem.fix or then
    if wants_json(request):
        body = {"status": status, "title": title, "what": what, "next": then}
        return JsonResponse(body | ({"code": problem.code} if problem else {}), status=status, headers=headers)
    context: dict[str, Any] = {"status": status, "title": title, "what": what, "then": then, "problem": problem}
    if status == 500:
        context["reference"] = uuid.uuid4().hex[:8].upper()
    response = render(request, "web/error.html", context, status=status)
    for name, value in headers.items():
        response.headers[name] = value
    return response


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return answer(request, 400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return answer(request, 403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return answer(request, 404)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """For settings.CSRF_FAILURE_VIEW."""
    return answer(
        request,
        403,
        Problem(
            "csrf",
            gettext("หน้านี้เปิดทิ้งไว้นานหรือเปิดจากที่อื่น ระบบจึงยังไม่รับข้อมูลที่ส่งมา"),
            fix=gettext("กลับไปหน้าก่อนหน้า โหลดใหม่ แล้วส่งอีกครั้ง"),
        ),
    )


def server_error(request: HttpRequest) -> HttpResponse:
    return answer(request, 500)


def for_exception(request: HttpRequest, exception: Exception) -> HttpResponse | None:
    """409, 429 and 400 for the exceptions that carry a `Problem`; None for all others."""
    if isinstance(exception, Conflict):
        return answer(request, 409, exception.problem)
    if isinstance(exception, TooMany):
        return answer(request, 429, exception.problem, **{"Retry-After": str(exception.retry_after)})
    if isinstance(exception, ProblemError):
        return answer(request, 400, exception.problem)
    return None
