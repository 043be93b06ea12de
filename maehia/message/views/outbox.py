"""What was sent: the list with its filters, one message with every attempt, sending again."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from maehia.access.permissions import acting_as, require
from maehia.base import ProblemError
from maehia.message.actions import resend
from maehia.message.channels import EVERY
from maehia.message.models import Message
from maehia.message.queries.quota import quota_of
from maehia.message.registry import templates
from maehia.web.formats import show_datetime, show_phone
from maehia.web.registry import in_language
from maehia.web.table import Cell, Column, Table
from maehia.web.values import Chip, Crumb, Event, Term

PAGE = 50
State = Message.State
TAGS = {
    State.QUEUED: "wait", State.SENDING: "work", State.SENT: "done", State.DELIVERED: "done", State.TEMPORARY: "work",
    State.PERMANENT: "late", State.TECHNICAL: "late", State.HELD: "wait",
}  # fmt: skip
PURPOSE = "message.manage"


def title_of(key: str) -> str:
    return templates.get(key).title if key in templates else key


def channel_word(key: str) -> str:
    channel = EVERY.get(key)
    return in_language(channel.title_th, channel.title_en) if channel else "–"


def why_word(why: str) -> str:
    return {
        "no_channel": gettext("ไม่มีช่องทางที่ส่งถึงได้"),
        "quota": gettext("โควตาเดือนนี้หมด จะส่งเดือนหน้า"),
        "exercise": gettext("ข้อความซ้อม ไม่ส่งออก"),
        "given_up": gettext("ลองครบจำนวนครั้งแล้ว"),
    }.get(why, "")


@never_cache
@require_GET
@require("message.manage")
def index(request: HttpRequest) -> HttpResponse:
    """?state= and ?channel= filter; newest first."""
    state, channel = request.GET.get("state", ""), request.GET.get("channel", "")
    with acting_as(request.user, PURPOSE):  # type: ignore[arg-type]
        rows = Message.objects.order_by("-created_at").defer("recipient", "body", "payload")
        if state in State.values:
            rows = rows.filter(state=state)
        if channel in EVERY:
            rows = rows.filter(channel=channel)
        page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
        table = _table(request, page, state, channel)
        quotas = [quota for key in EVERY if (quota := quota_of(key))]
    tiles = [(channel_word(quota.channel), quota) for quota in quotas]
    return render(request, "message/list.html", {"table": table, "tiles": tiles})


def _table(request: HttpRequest, page: Any, state: str, channel: str) -> Table:
    rows = [
        {
            "at": Cell(show_datetime(row.created_at), reverse("message:one", args=[row.pk])),
            "what": title_of(row.template),
            "channel": channel_word(row.channel) if row.channel else "–",
            "state": Cell(State(row.state).label, state=TAGS[State(row.state)]),
            "tries": row.attempted,
            "why": why_word(row.why),
        }
        for row in page
    ]
    columns = [
        Column("at", gettext("เวลา")), Column("what", gettext("ข้อความ")), Column("channel", gettext("ช่องทาง")),
        Column("state", gettext("สถานะ")), Column("tries", gettext("ส่งแล้ว (ครั้ง)"), numeric=True),
        Column("why", gettext("เหตุผล")),
    ]  # fmt: skip
    return Table(
        gettext("ข้อความที่ส่ง"), columns, rows, page=page, chips=_chips(state, channel), hide_caption=True,
        empty_title=gettext("ไม่มีข้อความ"), empty_text=gettext("ข้อความถึงประชาชนทุกฉบับจะอยู่ที่นี่ พร้อมผลการส่งทุกครั้ง"),
    )  # fmt: skip


def _chips(state: str, channel: str) -> list[Chip]:
    """Filters; the one that is on turns itself off."""
    found = [Chip(str(s.label), _address("" if s == state else s, channel), s == state) for s in State]
    return found + [
        Chip(channel_word(key), _address(state, "" if key == channel else key), key == channel) for key in EVERY
    ]


def _address(state: str, channel: str) -> str:
    return "?" + "&".join(f"{name}={value}" for name, value in (("state", state), ("channel", channel)) if value)


@never_cache
@require_GET
@require("message.manage")
def show(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One message: to whom (masked), by which text, and what each attempt brought. Its words are not shown."""
    with acting_as(request.user, PURPOSE):  # type: ignore[arg-type]
        row = Message.objects.filter(pk=pk).first()
        if row is None:
            raise Http404
        attempts = list(row.attempts.all())
    events = [
        Event(
            a.at,
            f"{channel_word(a.channel)}: {State(a.state).label}",
            " ".join(filter(None, [a.provider_code, a.error])),
        )
        for a in attempts
    ]
    terms = [
        Term(gettext("ข้อความ"), title_of(row.template), note=gettext("รุ่นที่ %(n)s") % {"n": row.version}),
        Term(gettext("ผู้รับ"), masked(row.recipient)),
        Term(gettext("สร้างเมื่อ"), show_datetime(row.created_at)),
        Term(gettext("ครั้งต่อไป"), show_datetime(row.next_at) if row.done_at is None else None),
        Term(gettext("เหตุผล"), why_word(row.why) or None),
    ]
    crumbs = [Crumb(gettext("ข้อความที่ส่ง"), reverse("message:list")), Crumb(title_of(row.template))]
    can_resend = row.state not in {State.QUEUED, State.SENDING} and row.recipient != "{}"
    context = {"row": row, "events": events, "terms": [t for t in terms if t.value], "crumbs": crumbs,
               "state": TAGS[State(row.state)], "label": State(row.state).label, "can_resend": can_resend}  # fmt: skip
    return render(request, "message/one.html", context)


def masked(recipient: str) -> str:
    """Where somebody is reached, without telling it."""
    held = json.loads(recipient)
    name, _, host = held.get("email", "").partition("@")
    found = [
        "LINE" if held.get("line_user") else "",
        show_phone(held["phone"], "masked") if held.get("phone") else "",
        f"{name[:1]}…@{host}" if host else "",
        gettext("บัญชีในระบบ") if held.get("account_key") else "",
    ]
    return " · ".join(part for part in found if part) or gettext("ลบแล้ว")


@require_POST
@require("message.manage")
def again(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Send once more, by hand."""
    try:
        with acting_as(request.user, PURPOSE):  # type: ignore[arg-type]
            resend(pk)
        messages.success(request, gettext("สั่งส่งใหม่แล้ว ระบบจะส่งภายในหนึ่งนาที"))
    except ProblemError as error:
        messages.error(request, str(error))
    return redirect("message:one", pk)
