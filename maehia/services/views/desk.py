"""The desk of an officer: who is called, who is here, who waits. Every button is one verb of the queue."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from maehia.access.permissions import acting_as, require
from maehia.base import ProblemError
from maehia.kit import clock
from maehia.services.actions import booking as booking_actions
from maehia.services.actions import queue as actions
from maehia.services.models import Booking, Case, Desk, QueueGroup, Ticket
from maehia.services.queries import booking as bookings
from maehia.services.queries import queue as queries
from maehia.services.queries.queue_numbers import figures
from maehia.services.rules.queue import in_order
from maehia.services.views.queue import state_words
from maehia.web.formats import show_datetime, show_number
from maehia.web.table import Column, Table
from maehia.web.values import Chip

PURPOSE = "services.desk"
WEEKS = (1, 4, 12)


@never_cache
@require_safe
@require("services.queue")
def desk(request: HttpRequest) -> HttpResponse:
    """My desk today. Whoever sits at none chooses one first."""
    with acting_as(request.user, PURPOSE):  # type: ignore[arg-type]
        return render(request, "services/queue_desk.html", _desk_context(request))


def _desk_context(request: HttpRequest) -> dict[str, Any]:
    now, day = clock.now(), queries.local_today()
    mine = Desk.objects.filter(opened_by=request.user.pk, active=True).first()
    rows = {t.pk: t for t in Ticket.objects.filter(day=day).select_related("group", "desk", "about__case")}
    order = in_order([queries.as_waiting(t) for t in rows.values() if t.state == "waiting"],
                     queries.fair_rule(queries.rules_now()), now)  # fmt: skip
    here = next((t for t in rows.values() if mine and t.desk_id == mine.pk and t.state in ("invited", "serving")), None)
    return {
        "desk": mine, "desks": list(Desk.objects.filter(active=True)), "me": request.user.pk, "as_of": now,
        "here": shown(here) if here else None, "groups": queries.groups_now(),
        "waiting": [shown(rows[one.id]) for one in order],
        "aside": [shown(t) for t in rows.values() if t.state in ("hold", "no_show")],
        "served": sum(t.state == "done" for t in rows.values()), "coming": bookings.coming(day),
        "stranded": bookings.stranded(now), "mine_groups": _served_words(mine),
    }  # fmt: skip


def _served_words(desk: Desk | None) -> str:
    return ", ".join(str(group) for group in desk.groups.filter(active=True)) if desk else ""


def shown(ticket: Ticket) -> dict[str, Any]:
    """A ticket as the desk's lists show it."""
    about = getattr(ticket, "about", None)
    return {
        "id": ticket.pk, "words": queries.words_of(ticket), "group": str(ticket.group), "state": ticket.state,
        "state_words": state_words(ticket.state), "since": ticket.ranked_at, "credit": ticket.credit,
        "booked_for": ticket.booked_for, "calls": ticket.calls, "called_at": ticket.called_at,
        "case": about.case if about else None,
    }  # fmt: skip


def _call_next(request: HttpRequest, mine: Desk) -> str:
    found = actions.call_next(mine)
    words = gettext("เรียก %(ticket)s ที่ช่อง %(desk)s แล้ว")
    return (
        words % {"ticket": queries.words_of(found), "desk": mine.number} if found else gettext("ไม่มีใครรอบริการของช่องนี้")
    )


def _bind(request: HttpRequest, mine: Desk) -> str:
    number = request.POST.get("number", "").strip()
    case = Case.objects.filter(number=number).first()
    if case is None:
        raise actions.refused("no_case", "ไม่พบเรื่องเลขที่นี้ หรือคุณไม่มีสิทธิ์เปิด", number, "ตรวจเลขที่เรื่องอีกครั้ง")
    actions.bind_case(_id(request), case.pk)
    return gettext("ผูกบัตรคิวกับเรื่อง %(number)s แล้ว") % {"number": case.number}


def _id(request: HttpRequest) -> UUID:
    try:
        return UUID(request.POST.get("ticket", ""))
    except ValueError as error:
        raise actions.refused("no_ticket", "ไม่พบบัตรคิวนี้") from error


def _plain(verb: Callable[[UUID], Ticket]) -> Callable[[HttpRequest, Desk], str]:
    def act(request: HttpRequest, mine: Desk) -> str:
        done = verb(_id(request))
        return gettext("%(ticket)s: %(state)s") % {"ticket": queries.words_of(done), "state": state_words(done.state)}

    return act


def _passed_on(key: UUID, request: HttpRequest) -> Ticket:
    return actions.transfer(key, request.POST.get("group", ""))


VERBS: dict[str, Callable[[HttpRequest, Desk], str]] = {
    "next": _call_next,
    "bind": _bind,
    "recall": _plain(actions.recall),
    "start": _plain(actions.start),
    "no_show": _plain(actions.no_show),
    "hold": _plain(actions.hold),
    "finish": _plain(actions.finish),
    "back": _plain(actions.put_back),
    "leave": _plain(actions.leave),
    "resume": lambda request, mine: _plain(lambda key: actions.resume(key, mine))(request, mine),
    "transfer": lambda request, mine: _plain(lambda key: _passed_on(key, request))(request, mine),
}


@require_POST
@require("services.queue")
def act(request: HttpRequest, verb: str) -> HttpResponse:
    """One verb of the desk. What is refused is said on the desk's page, which shows how things stand now."""
    with acting_as(request.user, PURPOSE):  # type: ignore[arg-type]
        try:
            messages.success(request, _done(request, verb))
        except ProblemError as error:
            messages.error(request, " ".join(p for p in (error.problem.what, error.problem.fix) if p))
    return redirect("services:queue_desk")


def _done(request: HttpRequest, verb: str) -> str:
    if verb == "sit":
        number = request.POST.get("desk", "")
        opened = actions.open_desk(int(number) if number.isdigit() else 0, request.user.pk)  # type: ignore[arg-type]
        return gettext("คุณเปิดช่อง %(desk)s แล้ว") % {"desk": opened.number}
    if verb == "stand":
        actions.close_desk(request.user.pk)  # type: ignore[arg-type]
        return gettext("ปิดช่องของคุณแล้ว")
    if verb == "check_in":
        return _checked_in(request)
    if verb == "give":
        given = actions.take(request.POST.get("group", ""), priority=request.POST.get("priority", ""))
        return gettext("ออกบัตรคิว %(ticket)s แล้ว") % {"ticket": queries.words_of(given)}
    mine = Desk.objects.filter(opened_by=request.user.pk, active=True).first()
    if mine is None or verb not in VERBS:
        raise actions.refused("no_desk", gettext("คุณยังไม่ได้เปิดช่องบริการ"), fix=gettext("เลือกช่องก่อนเรียกคิว"))
    return VERBS[verb](request, mine)


def _checked_in(request: HttpRequest) -> str:
    ticket = booking_actions.check_in(_id(request), by=request.user.actor)  # type: ignore[union-attr]
    return gettext("ผู้นัดมาถึงแล้ว บัตรคิว %(ticket)s") % {"ticket": queries.words_of(ticket)}


@require("services.queue")
def call_off(request: HttpRequest, key: UUID) -> HttpResponse:
    """The town cancels an appointment whose day was closed: says what happens, then tells the visitor."""
    with acting_as(request.user, PURPOSE):  # type: ignore[arg-type]
        booking = Booking.objects.select_related("group").filter(pk=key).first()
        if booking is None:
            raise actions.refused("no_booking", "ไม่พบการนัดหมายนี้")
        if request.method == "POST":
            why = request.POST.get("why", "").strip() or gettext("เพราะเทศบาลปิดทำการในวันนั้น")
            booking_actions.cancel_booking(key, by=request.user.actor, note=why)  # type: ignore[union-attr]
            messages.success(request, gettext("ยกเลิกนัดและแจ้งผู้นัดแล้ว"))
            return redirect("services:queue_desk")
    happens = gettext("ยกเลิกนัด %(group)s เวลา %(when)s และส่งข้อความแจ้งผู้นัด")
    context = {
        "title": gettext("ยกเลิกนัดหมาย"), "action": request.path, "button": gettext("ยกเลิกนัดนี้"), "danger": True,
        "what_happens": happens % {"group": booking.group, "when": show_datetime(booking.slot)},
        "cancel_url": reverse("services:queue_desk"),
    }  # fmt: skip
    return render(request, "web/confirm.html", context)


@never_cache
@require_safe
@require("services.queue")
def statistics(request: HttpRequest) -> HttpResponse:
    """Median waiting and service time per hour and group of services, from the periods of the last weeks."""
    asked = request.GET.get("weeks", "")
    weeks = int(asked) if asked.isdigit() and int(asked) in WEEKS else 4
    now = clock.now()
    with acting_as(request.user, PURPOSE):  # type: ignore[arg-type]
        names = {group.key: str(group) for group in QueueGroup.objects.all()}
        whole, hours = (figures(now - timedelta(weeks=weeks), now, by_hour=by_hour) for by_hour in (False, True))
    chips = [Chip(gettext("%(n)s สัปดาห์") % {"n": n}, f"?weeks={n}", n == weeks) for n in WEEKS]
    context = {
        "chips": chips, "as_of": now, "weeks": weeks,
        "whole": _figures_table(gettext("ทั้งวัน"), whole, names, "whole"),
        "hours": _figures_table(gettext("ตามชั่วโมงที่มาถึง"), hours, names, "hours"),
    }  # fmt: skip
    return render(request, "services/queue_statistics.html", context)


def _figures_table(caption: str, rows: Any, names: dict[str, str], key: str) -> Table:
    columns = [Column("group", gettext("กลุ่มบริการ")), Column("visits", gettext("ราย"), numeric=True),
               Column("waited", gettext("รอ (มัธยฐาน นาที)"), numeric=True),
               Column("most", gettext("9 ใน 10 รอไม่เกิน (นาที)"), numeric=True),
               Column("served", gettext("รับบริการ (มัธยฐาน นาที)"), numeric=True)]  # fmt: skip
    if key == "hours":
        columns.insert(1, Column("hour", gettext("เวลา")))
    found = [{
        "group": names.get(f.group, f.group), "visits": f.visits, "waited": show_number(f.waited / 60, 1),
        "most": show_number(f.waited_most / 60, 1), "served": show_number(f.served / 60, 1),
        "hour": "" if f.hour is None else f"{f.hour:02d}:00–{f.hour + 1:02d}:00",
    } for f in rows]  # fmt: skip
    return Table(caption, columns, found, id=key, empty_title=gettext("ยังไม่มีการให้บริการในช่วงนี้"),
                 empty_text=gettext("ตัวเลขมาจากช่วงเวลาของบัตรคิวที่ให้บริการเสร็จแล้ว"))  # fmt: skip
