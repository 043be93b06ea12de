"""The shells, files and documents, and one form that keeps what it is sent: for tests of the outbox and of questions."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from django.conf.urls.i18n import i18n_patterns
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template import RequestContext, Template
from django.urls import include, path

from maehia.forms.rendering import build_form
from maehia.forms.tests.forms_cast import TREE
from maehia.kit.idempotency import Created, idempotent
from maehia.web.urls import handlers

globals().update(handlers)

PAGE = Template(
    '{% extends "web/base_public.html" %}{% load maehia_kit %}{% block main %}<h1>แจ้งไฟดับ</h1>{% if wrong %}'
    '<div role="alert">{{ wrong }}</div>{% endif %}'
    '<form method="post" enctype="multipart/form-data" data-outbox data-outbox-title="ไฟดับ" data-outbox-later="looked=1">'
    "{% csrf_token %}{% idempotency_key %}"
    '<label for="text">เรื่อง</label><input id="text" name="text"><label for="photo">ภาพ</label>'
    '<input type="file" id="photo" name="photo" multiple><button name="send" value="yes">ส่ง</button></form>{% endblock %}'
)
DONE = Template('{% extends "web/base_public.html" %}{% block main %}<h1>รับเรื่องแล้ว</h1>{% endblock %}')
ASKED = Template(
    '{% extends "web/base_public.html" %}{% block main %}<h1>คำถาม</h1><form method="post" enctype="multipart/form-data">'
    '{% csrf_token %}{% include "forms/parts/questions.html" %}<button class="primary">ส่ง</button></form>{% endblock %}'
)


@dataclass
class Desk:
    """What the server took: texts, names of files, how many requests came. fails: status to answer with."""

    took: list[tuple[str, tuple[str, ...], str]] = field(default_factory=list)
    came: Counter[str] = field(default_factory=Counter)
    fails: int = 0
    answers: dict[str, Any] = field(default_factory=dict)


desk = Desk()


def report(request: HttpRequest) -> Any:
    desk.came[request.method or ""] += 1
    if request.method == "POST" and desk.fails:
        return HttpResponse("x", status=desk.fails)
    return take(request)


@idempotent("tests.report", show=lambda _request, _pk: redirect("/done/"))
def take(request: HttpRequest) -> Any:
    if request.method != "POST":
        return HttpResponse(PAGE.render(RequestContext(request)))
    text = request.POST.get("text", "")
    if not text:
        return HttpResponse(PAGE.render(RequestContext(request, {"wrong": "กรุณาเขียนเรื่อง"})), status=422)
    names = tuple(f"{file.name} {file.size}" for file in request.FILES.getlist("photo"))
    desk.took.append((text, names, request.POST.get("looked", "")))
    return Created(len(desk.took))


def done(request: HttpRequest) -> HttpResponse:
    return HttpResponse(DONE.render(RequestContext(request)))


def ask(request: HttpRequest) -> HttpResponse:
    form = build_form(TREE, request.POST or None, request.FILES or None)
    if form.is_bound and form.is_valid():
        desk.answers = form.checked.answers
        return redirect("/done/")
    return HttpResponse(ASKED.render(RequestContext(request, {"form": form})), status=422 if form.is_bound else 200)


urlpatterns = [
    path("accounts/", include("allauth.urls")),
    *i18n_patterns(
        path("", include("maehia.web.urls")),
        path("", include("maehia.access.urls")),
        path("", include("maehia.forms.urls")),
        path("report/", report),
        path("done/", done),
        path("ask/", ask),
        prefix_default_language=False,
    ),
]
