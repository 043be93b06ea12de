"""The style guide: every part once, with invented values. Read by people, and by the browser tests."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from maehia.base import Problem
from maehia.web import errors, sample_maps, samples

PROBLEM = Problem("sample", "รายการนี้เพิ่งถูกแก้ไขโดยเจ้าหน้าที่อีกคน", fix="เปิดรายการใหม่แล้วบันทึกอีกครั้ง")


@require_safe
def show(request: HttpRequest) -> HttpResponse:
    for level, words in (
        (messages.SUCCESS, "บันทึกเรื่องเลขที่ ร-2570-00042 แล้ว"),
        (messages.WARNING, "ไฟล์นี้ปิดแผ่นงานไว้ 1 แผ่น ระบบไม่ได้อ่านแผ่นนั้น"),
    ):
        messages.add_message(request, level, words)
    page = Paginator(range(240), 50).get_page(request.GET.get("page"))
    context = samples.context(request, reverse("web-styleguide")) | {"pages": page}
    return render(request, "web/styleguide.html", context)


@require_safe
def progress(request: HttpRequest) -> HttpResponse:
    """What the progress part asks for; the sample ends at once."""
    return render(request, "web/parts/progress.html", {"job": samples.ended()[0]})


@require_safe
def confirm(request: HttpRequest) -> HttpResponse:
    """The dialog's question as a page."""
    return render(request, "web/confirm.html", samples.context(request, reverse("web-styleguide")))


@require_safe
def sample(request: HttpRequest, name: str) -> HttpResponse:
    """Sample GeoJSON, the error pages, the wall."""
    if found := sample_maps.geojson(name):
        return JsonResponse(found)
    if name == "wall":
        return render(
            request,
            "web/styleguide_wall.html",
            samples.context(request, reverse("web-styleguide")) | {"as_of": samples.NOON},
        )
    if name.startswith("error-") and name.removeprefix("error-") in {"400", "403", "404", "409", "429", "500"}:
        status = int(name.removeprefix("error-"))
        return errors.answer(request, status, PROBLEM if status == 409 else None)
    raise Http404
