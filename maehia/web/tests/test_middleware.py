"""Headers of every answer, the language of the console, problems as answers."""

from __future__ import annotations

import asyncio
import json

import pytest
from django.http import HttpResponse
from django.test import RequestFactory
from django.utils import translation

from maehia.base import Problem, ProblemError
from maehia.web import errors, middleware


@pytest.fixture(autouse=True)
def thai():
    with translation.override("th"):
        yield


def get(path="/", **headers):
    return RequestFactory().get(path, headers=headers)


def through(response):
    return middleware.CspMiddleware(lambda request: response)(get())


def test_every_answer_forbids_inline_code_and_foreign_hosts():
    policy = through(HttpResponse())["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "base-uri 'none'" in policy
    for loose in ("unsafe-inline", "unsafe-eval", "http:", "https:", "*"):
        assert loose not in policy


@pytest.mark.parametrize("name", middleware.HEADERS)
def test_every_security_header_is_there(name):
    assert through(HttpResponse())[name] == middleware.HEADERS[name]


def test_a_view_may_set_its_own_policy():
    response = HttpResponse(headers={"Content-Security-Policy": "default-src 'none'"})
    assert through(response)["Content-Security-Policy"] == "default-src 'none'"


def test_the_headers_are_there_on_the_async_path_too():
    async def view(request):
        return HttpResponse()

    answer = asyncio.run(middleware.CspMiddleware(view)(get()))
    assert "default-src 'none'" in answer["Content-Security-Policy"]


def led(path, cookie=None, method="get", **headers):
    request = getattr(RequestFactory(), method)(path, headers=headers)
    if cookie:
        request.COOKIES[middleware.LANGUAGE_COOKIE] = cookie
    return middleware.StaffLanguageMiddleware(lambda r: HttpResponse("stays"))(request)


def test_an_officer_who_chose_english_is_led_to_it():
    answer = led("/staff/map/?moo=4", "en")
    assert answer.status_code == 302
    assert answer["Location"] == "/en/staff/map/?moo=4"
    assert answer["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("path", "cookie", "method", "headers"),
    [
        ("/staff/map/", "th", "get", {}),
        ("/staff/map/", None, "get", {}),
        ("/staff/map/", "xx", "get", {}),
        ("/", "en", "get", {}),
        ("/en/staff/map/", "en", "get", {}),
        ("/staff/map/", "en", "post", {}),
        ("/staff/map/", "en", "get", {"HX-Request": "true"}),
    ],
)
def test_nobody_else_and_no_form_is_led_away(path, cookie, method, headers):
    assert led(path, cookie, method, **headers).content == b"stays"


def test_an_officer_is_led_on_the_async_path_too():
    async def view(request):
        return HttpResponse("stays")

    request = get("/staff/")
    request.COOKIES[middleware.LANGUAGE_COOKIE] = "en"
    assert asyncio.run(middleware.StaffLanguageMiddleware(view)(request)).status_code == 302


PROBLEM = Problem("stale", "รายการนี้เปลี่ยนไปแล้ว", "หน้าคน", "เปิดใหม่อีกครั้ง")


def answered(exception, **headers):
    made = middleware.ProblemMiddleware(lambda request: HttpResponse())
    return made.process_exception(get(**headers), exception)


@pytest.mark.parametrize(
    ("exception", "status"),
    [(errors.Conflict(PROBLEM), 409), (errors.TooMany(PROBLEM, 30), 429), (ProblemError(PROBLEM), 400)],
)
def test_a_program_gets_the_problem_as_json(exception, status):
    answer = answered(exception, Accept="application/json")
    assert answer.status_code == status
    body = json.loads(answer.content)
    assert body["code"] == "stale"
    assert body["what"] == PROBLEM.what
    assert body["next"] == PROBLEM.fix


def test_one_who_asks_too_often_is_told_when_to_come_back():
    assert answered(errors.TooMany(PROBLEM, 30), Accept="application/json")["Retry-After"] == "30"


def test_other_exceptions_are_left_to_django():
    assert answered(ValueError("x")) is None
