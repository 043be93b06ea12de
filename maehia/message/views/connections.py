"""Every link to another system: whether it is live, when it last worked, a test, and how to get a key."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from maehia.access.permissions import acting_as, require
from maehia.message.actions.settle import note_error, note_success
from maehia.message.actions.webhook import retry_quarantined
from maehia.message.channels.line import api
from maehia.message.channels.line import menu as line_menu
from maehia.message.models import ConnectionState, LineEvent
from maehia.message.registry import Connection, connections

TAGS = {"live": "done", "fake": "work", "off": "wait"}
SHOWN = 20


def word(state: str) -> str:
    return {
        "live": gettext("ใช้งานจริง"),
        "fake": gettext("ตัวจำลองในเมืองตัวอย่าง"),
        "off": gettext("ยังไม่เชื่อมต่อ"),
    }[state]


@never_cache
@require_GET
@require("message.manage")
def index(request: HttpRequest) -> HttpResponse:
    states = {row.key: row for row in ConnectionState.objects.all()}
    rows = [_row(link, states.get(link.key)) for link in connections]
    with acting_as(request.user, "message.manage"):  # type: ignore[arg-type]
        aside = list(
            LineEvent.objects.filter(state="quarantined").defer("payload", "source_user").order_by("-event_at")[:SHOWN]
        )
        last = LineEvent.objects.order_by("-received_at").values_list("received_at", flat=True).first()
    hook = request.build_absolute_uri("/hooks/line/")
    context = {"rows": rows, "aside": aside, "last_event": last, "hook": hook, "line_on": api.state() != "off"}
    return render(request, "message/connections.html", context)


def _row(link: Connection, state: ConnectionState | None) -> dict[str, Any]:
    now = link.state()
    failing = state is not None and state.error_at is not None and (state.ok_at is None or state.error_at > state.ok_at)
    testable = link.test is not None and now != "off"  # a template would call it
    return {"link": link, "tag": TAGS[now], "word": word(now), "state": state, "failing": failing, "testable": testable}


@require_POST
@require("message.manage")
def test(request: HttpRequest, key: str) -> HttpResponse:
    """Ask the other side whether it answers; nobody gets a message."""
    link = connections.get(key)
    if link is None or link.test is None:
        raise Http404
    wrong = link.test()
    if wrong:
        note_error(key, wrong)
        messages.error(request, gettext("%(name)s ไม่ตอบ: %(code)s") % {"name": link.title, "code": wrong})
    else:
        note_success(key)
        messages.success(request, gettext("%(name)s ตอบแล้ว ใช้งานได้") % {"name": link.title})
    return redirect("message:connections")


@require_POST
@require("message.manage")
def menu(request: HttpRequest) -> HttpResponse:
    """Give the checked-in menu to LINE."""
    wrong = line_menu.upload("main", request.build_absolute_uri("/").rstrip("/"))
    if wrong:
        messages.error(request, gettext("LINE ไม่รับเมนู: %(code)s") % {"code": wrong})
    else:
        messages.success(request, gettext("ตั้งเมนูใต้แชท LINE แล้ว"))
    return redirect("message:connections")


@require_POST
@require("message.manage")
def retry(request: HttpRequest, pk: int) -> HttpResponse:
    """Work on a put-aside event once more."""
    with acting_as(request.user, "message.manage"):  # type: ignore[arg-type]
        retry_quarantined(pk)
    messages.success(request, gettext("สั่งให้ประมวลผลเหตุการณ์นี้ใหม่แล้ว"))
    return redirect("message:connections")
