"""The roster of a week, those on call, what must be covered, and the CSV file both ways."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from maehia.access.permissions import can
from maehia.base import BANGKOK
from maehia.emergency.actions import roster as actions
from maehia.emergency.actions import roster_import
from maehia.emergency.actions.roster import NewContact, NewNeed
from maehia.emergency.models import Contact, DutyNeed, DutyShift
from maehia.emergency.queries import readiness as queries
from maehia.emergency.rules.roster import Hole
from maehia.emergency.rules.roster_csv import decode
from maehia.emergency.views.readiness_forms import ContactForm, FileForm, NeedForm, ShiftForm
from maehia.emergency.views.readiness_parts import (
    CHANGE,
    SEE,
    attempt,
    crumbs,
    desk,
    edit_page,
    kind_words,
    skill_words,
    to_page,
    told,
)
from maehia.kit.clock import now, today
from maehia.kit.idempotency import Created, idempotent, new_key
from maehia.web.values import Action

DAY = timedelta(days=1)
MOST_BYTES = 2_000_000
FORM = require_http_methods(["GET", "HEAD", "POST"])


@desk(SEE, before=require_safe)
def roster(request: HttpRequest) -> HttpResponse:
    """Seven days from the asked one: who is on call, and where nobody is."""
    first = _first_day(request)
    start = datetime.combine(first, time(), BANGKOK)
    end = start + 7 * DAY
    shifts = queries.shifts(start, end)
    names = queries.account_names([row.contact for row in shifts])
    holes = [hole for hole in queries.open_holes(max(start, now()), end)] if end > now() else []
    days = [_day(start + n * DAY, shifts, holes, names) for n in range(7)]
    context = {
        "days": days, "may_change": can(request.user, CHANGE), "before": first - 7 * DAY, "after": first + 7 * DAY,
        "first": first, "cancelled": _key(request),
        "crumbs": crumbs((gettext("เวร"), "")), "holes": len(holes), "actions": _actions(request),
    }  # fmt: skip
    return render(request, "emergency/readiness/roster.html", context)


def _first_day(request: HttpRequest) -> date:
    try:
        return date.fromisoformat(request.GET.get("from", ""))
    except ValueError:
        return today()


def _key(request: HttpRequest) -> UUID | None:
    """The shift that was cancelled a moment ago, to be put back with one button."""
    try:
        return UUID(request.GET.get("cancelled", ""))
    except ValueError:
        return None


def _actions(request: HttpRequest) -> list[Action]:
    if not can(request.user, CHANGE):
        return []
    return [
        Action(gettext("ใส่คนเข้าเวร"), reverse("emergency:roster_shift"), "primary", "plus"),
        Action(gettext("ไฟล์ CSV"), reverse("emergency:roster_file"), "quiet", "table"),
    ]


def _day(start: datetime, shifts: list[DutyShift], holes: list[Hole], names: dict[UUID, str]) -> dict[str, Any]:
    """One day: its shifts and holes, cut to the day in words."""
    end = start + DAY
    return {
        "day": start.date(),
        "shifts": [_shift(row, names, start, end) for row in shifts if row.starts_at < end and row.ends_at > start],
        "holes": [{"words": f"{_hour(h.starts_at, start, end)}–{_hour(h.ends_at, start, end)}", "hole": h}
                  for h in holes if h.starts_at < end and h.ends_at > start],
    }  # fmt: skip


def _shift(row: DutyShift, names: dict[UUID, str], start: datetime, end: datetime) -> dict[str, Any]:
    who = row.contact
    return {
        "pk": row.pk, "hours": f"{_hour(row.starts_at, start, end)}–{_hour(row.ends_at, start, end)}",
        "name": queries.name_of(who, names), "phone": who.phone, "kind": kind_words(who.kind), "rank": row.rank,
        "skills": skill_words(who.skills), "moos": ", ".join(map(str, who.moos)), "begins": row.starts_at >= start,
    }  # fmt: skip


def _hour(at: datetime, start: datetime, end: datetime) -> str:
    return "00:00" if at <= start else "24:00" if at >= end else f"{at.astimezone(BANGKOK):%H:%M}"


@desk(CHANGE, before=lambda view: FORM(idempotent(
    "emergency.shift", show=to_page("emergency:roster", gettext_lazy("ใส่คนเข้าเวรแล้ว")))(view)))  # fmt: skip
def shift(request: HttpRequest) -> HttpResponse | Created:
    """Put somebody on call."""
    form = ShiftForm(request.POST or None, initial={"day": _first_day(request), "start": 8, "hours": 24})
    if request.method == "POST" and form.is_valid():
        starts, ends = form.span()
        made = attempt(form, lambda: actions.add_shift(
            UUID(form.cleaned_data["contact"]), starts, ends, rank=form.cleaned_data["rank"]))  # fmt: skip
        if made:
            return Created(made.pk)
    trail = crumbs((gettext("เวร"), reverse("emergency:roster")), (gettext("ใส่คนเข้าเวร"), ""))
    return edit_page(request, form, gettext("ใส่คนเข้าเวร"), trail)


@desk(CHANGE, before=require_POST)
def shift_cancel(request: HttpRequest, key: UUID) -> HttpResponseBase:
    """Take a shift back; the same button on the note that follows puts it there again."""
    row = told(request, lambda: actions.cancel_shift(key), gettext("ยกเลิกเวรแล้ว เวรที่ยกเลิกยังอยู่ในประวัติ"))
    first = row.starts_at.astimezone(BANGKOK).date() if row else today()
    return redirect(f"{reverse('emergency:roster')}?from={max(first - 3 * DAY, today())}&cancelled={key}")


@desk(CHANGE, before=require_POST)
def shift_restore(request: HttpRequest, key: UUID) -> HttpResponseBase:
    told(request, lambda: actions.restore_shift(key), gettext("ใส่เวรกลับแล้ว"))
    return redirect("emergency:roster")


@desk(SEE, before=require_safe)
def people(request: HttpRequest) -> HttpResponse:
    """Everybody who can be called out."""
    rows = queries.contacts(everybody="all" in request.GET)
    names = queries.account_names(rows)
    context = {
        "rows": [{"row": row, "name": queries.name_of(row, names), "kind": kind_words(row.kind),
                  "skills": skill_words(row.skills), "moos": ", ".join(map(str, row.moos))} for row in rows],
        "may_change": can(request.user, CHANGE), "everybody": "all" in request.GET,
        "crumbs": crumbs((gettext("เวร"), reverse("emergency:roster")), (gettext("ผู้ปฏิบัติงาน"), "")),
    }  # fmt: skip
    return render(request, "emergency/readiness/people.html", context)


@desk(CHANGE, before=lambda view: FORM(idempotent(
    "emergency.contact", show=to_page("emergency:roster_people", gettext_lazy("บันทึกผู้ปฏิบัติงานแล้ว")))(view)))  # fmt: skip
def person(request: HttpRequest, key: UUID | None = None) -> HttpResponse | Created:
    """Add or change somebody on call."""
    row = Contact.objects.filter(pk=key).first() if key else None
    if key and row is None:
        raise Http404
    form = ContactForm(request.POST or None, initial=_start(row))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        new = NewContact(**{**given, "account": UUID(given["account"]) if given["account"] else None,
                            "active": "off" not in request.POST})  # fmt: skip
        made = attempt(form, lambda: actions.save_contact(key, new))
        if made:
            return Created(made.pk)
    title = gettext("แก้ไขผู้ปฏิบัติงาน") if row else gettext("เพิ่มผู้ปฏิบัติงาน")
    trail = crumbs((gettext("ผู้ปฏิบัติงาน"), reverse("emergency:roster_people")), (title, ""))
    off = gettext("บันทึกและหยุดเรียกผู้นี้") if row and row.active else ""
    return edit_page(request, form, title, trail, off=off)


def _start(row: Contact | None) -> dict[str, Any]:
    if row is None:
        return {}
    return {"name": row.name, "phone": row.phone or "", "account": str(row.account or ""), "kind": row.kind,
            "skills": row.skills, "moos": ", ".join(map(str, row.moos)), "note": row.note}  # fmt: skip


@desk(SEE, before=require_safe)
def needs(request: HttpRequest) -> HttpResponse:
    """What a roster must cover."""
    rows = [{"row": row, "skill": skill_words([row.skill]), "hours": _hours(row)} for row in queries.needs(today())]
    context = {
        "rows": rows, "may_change": can(request.user, CHANGE),
        "crumbs": crumbs((gettext("เวร"), reverse("emergency:roster")), (gettext("เวรที่ต้องมี"), "")),
    }  # fmt: skip
    return render(request, "emergency/readiness/needs.html", context)


def _hours(row: DutyNeed) -> str:
    if row.from_hour == row.to_hour:
        return gettext("ตลอด 24 ชั่วโมง")
    return f"{row.from_hour:02d}:00–{row.to_hour:02d}:00"


@desk(CHANGE, before=lambda view: FORM(idempotent(
    "emergency.need", show=to_page("emergency:roster_needs", gettext_lazy("บันทึกเวรที่ต้องมีแล้ว")))(view)))  # fmt: skip
def need(request: HttpRequest, pk: int | None = None) -> HttpResponse | Created:
    row = DutyNeed.objects.filter(pk=pk).first() if pk else None
    if pk and row is None:
        raise Http404
    start = {name: getattr(row, name) for name in NeedForm.base_fields} if row else {"valid_from": today()}
    form = NeedForm(request.POST or None, initial=start)
    if request.method == "POST" and form.is_valid():
        made = attempt(form, lambda: actions.save_need(pk, NewNeed(**form.cleaned_data)))
        if made:
            return Created(made.pk)
    title = gettext("แก้ไขเวรที่ต้องมี") if row else gettext("เพิ่มเวรที่ต้องมี")
    trail = crumbs((gettext("เวรที่ต้องมี"), reverse("emergency:roster_needs")), (title, ""))
    return edit_page(request, form, title, trail)


@desk(CHANGE, before=FORM)
def file(request: HttpRequest) -> HttpResponse:
    """A CSV file: what it would change, then a second button that does it."""
    form = FileForm(request.POST or None, request.FILES or None)
    text, found, done = "", None, False
    if request.method == "POST" and "text" in request.POST:
        text, done = request.POST["text"], True
        found, form = roster_import.apply(text), FileForm()
        kept = {"people": len(found.new) + len(found.changed), "shifts": len(found.shifts)}
        messages.success(request, gettext("ทำตามไฟล์แล้ว: ผู้ปฏิบัติงาน %(people)d คน เวร %(shifts)d ช่วง") % kept)
    elif request.method == "POST" and form.is_valid():
        given = form.cleaned_data["file"]
        if given.size > MOST_BYTES:
            form.add_error("file", gettext("ไฟล์ใหญ่เกิน 2 MB กรุณาแบ่งเป็นหลายไฟล์"))
        else:
            text = decode(given.read())
            found = roster_import.plan(text)
    context = {
        "form": form, "found": found, "text": text, "done": done, "key": new_key(),
        "crumbs": crumbs((gettext("เวร"), reverse("emergency:roster")), (gettext("ไฟล์ CSV"), "")),
    }  # fmt: skip
    return render(request, "emergency/readiness/file.html", context, status=422 if form.errors else 200)


@desk(CHANGE, before=require_safe)
def download(request: HttpRequest) -> HttpResponse:
    """The roster of the next 30 days with everybody who can be called, as CSV."""
    start = datetime.combine(today(), time(), BANGKOK)
    answer = HttpResponse(roster_import.export(start, start + 30 * DAY), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="roster-{today():%Y%m%d}.csv"'
    answer["Cache-Control"] = "private, no-store"
    return answer
