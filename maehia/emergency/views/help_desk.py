"""The desk of requests for help: who asked, how urgent, which team; and the waiting list of the duty officer."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from maehia.access.permissions import acting_as, require
from maehia.base import BANGKOK, Problem, ProblemError
from maehia.emergency.actions import help as asking
from maehia.emergency.actions import help_desk as actions
from maehia.emergency.models import HelpRequest, Incident, Team
from maehia.emergency.queries import help as queries
from maehia.emergency.queries import incidents
from maehia.emergency.rules.help import read_digits, show_code, suggested
from maehia.emergency.rules.help_data import needs, priorities, weights
from maehia.emergency.rules.help_machine import HELP, OPEN, TAGS
from maehia.emergency.views.help import moos
from maehia.emergency.views.help_forms import HelpForm, lang
from maehia.emergency.views.parts import at_incident
from maehia.kit import clock
from maehia.kit.idempotency import Created, idempotent
from maehia.web.formats import show_datetime
from maehia.web.maps import Place
from maehia.web.values import Event

PERMISSION = "emergency.help"
MOST = 300
WHY = {
    "phone": ("เบอร์โทรเดียวกัน", "same phone"), "house": ("บ้านหลังเดียวกัน", "same house"),
    "place": ("ใกล้กันไม่เกิน 50 เมตร", "within 50 m"),
}  # fmt: skip


def words(pair: tuple[str, str]) -> str:
    return pair[1] if lang() == "en" else pair[0]


def line(row: HelpRequest, moment: datetime) -> dict[str, Any]:
    """A request as one line of the list."""
    state = HELP.states[row.state]
    due = row.read_due if row.state == "new" else row.there_due
    late = row.state in OPEN and queries.is_late(row.state, row.read_due, row.there_due, moment)
    return {
        "row": row, "code": show_code(row.code), "state": state.en if lang() == "en" else state.th,
        "tag": TAGS[row.state], "late": late, "due": due, "url": url_of(row), "needs": need_words(row),
        "priority": words(priorities()[row.priority]) if row.priority else gettext("ยังไม่คัดกรอง"),
        "why": words(WHY[row.same_why]) if row.same_why else "", "place": place_words(row),
    }  # fmt: skip


def url_of(row: HelpRequest) -> str:
    if row.incident is None:
        return reverse("emergency:help_waiting_one", args=[row.code])
    return reverse("emergency:help_one", args=[row.incident.number, row.code])


def need_words(row: HelpRequest) -> str:
    return ", ".join(needs()[key].name(lang()) for key in row.needs if key in needs())


def place_words(row: HelpRequest) -> str:
    moo = gettext("หมู่ %(n)s") % {"n": row.moo} if row.moo else ""
    return " ".join(part for part in (row.address, moo) if part) or (gettext("ตามหมุด") if row.point else "")


def places(lines: list[dict[str, Any]]) -> list[Place]:
    """The map of the same requests."""
    return [
        Place(str(one["row"].pk), f"{one['priority']} · {one['code']}", *one["row"].point, text=one["needs"],
              url=one["url"])
        for one in lines if one["row"].point
    ]  # fmt: skip


@require_safe
@at_incident(PERMISSION)
def board(request: HttpRequest, incident: Incident) -> HttpResponse:
    """List and map of the requests of an incident, the most urgent first."""
    done = request.GET.get("show") == "done"
    moment = clock.now()
    rows = queries.of_incident(incident, done=done).select_related("incident", "team")[:MOST]
    lines = [line(row, moment) for row in rows]
    return render(request, "emergency/help/board.html", {
        "incident": incident, "tab": "help", "lines": lines, "places": places(lines), "done": done,
        "counts": queries.counts(incident, moment),
        "waiting": queries.waiting_count() if incident.mode == "live" else 0,
    })  # fmt: skip


@require_safe
@require(PERMISSION)
def waiting(request: HttpRequest) -> HttpResponse:
    """Requests outside of any incident: the duty officer reads them and takes them into one."""
    with acting_as(request.user, "emergency.command"):  # type: ignore[arg-type]
        done, moment = request.GET.get("show") == "done", clock.now()
        lines = [line(row, moment) for row in queries.of_incident(None, done=done)[:MOST]]
        return render(request, "emergency/help/waiting.html", {
            "lines": lines, "places": places(lines), "counts": queries.counts(None, moment), "done": done,
        })  # fmt: skip


def find(code: str, incident: Incident | None) -> HelpRequest:
    row = queries.get(code)
    if row is None or row.incident_id != (incident.pk if incident else None):
        raise Http404(code)
    return row


def draw(request: HttpRequest, row: HelpRequest, refused: Problem | None = None, status: int = 200) -> HttpResponse:
    """One request: what was told, what was done, what can be done next."""
    moment, found = clock.now(), HELP.states[row.state]
    shown = line(row, moment)
    hint = suggested(row.needs, weights())
    return render(request, "emergency/help/one.html", {
        "incident": row.incident, "tab": "help", "row": row, "line": shown, "refused": refused, "events": events(row),
        "moves": [(move.to, HELP.states[move.to], move.guards) for move in found.moves],
        "teams": Team.objects.filter(incident=row.incident, ended_at=None).order_by("name") if row.incident else [],
        "priorities": [(n, words(pair), n == (row.priority or hint)) for n, pair in priorities().items()],
        "hint": words(priorities()[hint]), "open": row.state in OPEN, "places": places([shown]),
        "twins": [line(one, moment) for one in queries.twins(row)], "now": moment.astimezone(BANGKOK),
        "incidents": incidents.open_ones() if row.incident is None else [],
    }, status=status)  # fmt: skip


def events(row: HelpRequest) -> list[Event]:
    rows = row.events.order_by("-seq")
    written = gettext("บันทึกเมื่อ %(at)s")
    return [Event(one.event_at, event_words(one), one.note or "", written % {"at": show_datetime(one.at)})
            for one in rows]  # fmt: skip


def event_words(event: Any) -> str:
    state = HELP.states[event.after]
    if event.before == event.after:
        return gettext("เพิ่มข้อมูล")
    return state.en if lang() == "en" else state.th


@require_safe
@at_incident(PERMISSION)
def one(request: HttpRequest, incident: Incident, code: str) -> HttpResponse:
    return draw(request, find(code, incident))


@require_safe
@require(PERMISSION)
def waiting_one(request: HttpRequest, code: str) -> HttpResponse:
    with acting_as(request.user, "emergency.command"):  # type: ignore[arg-type]
        return draw(request, find(code, None))


@require_POST
@at_incident(PERMISSION)
def act(request: HttpRequest, incident: Incident, code: str) -> HttpResponseBase:
    """One step at the desk, once however often the button was tapped."""
    row = find(code, incident)
    try:
        done = step(request, row)
    except ProblemError as error:
        return draw(request, find(code, incident), error.problem, 422)
    state = HELP.states[done.state]
    said = {"code": show_code(code), "state": words((state.th, state.en))}
    messages.success(request, gettext("บันทึกคำขอ %(code)s แล้ว: %(state)s") % said)
    return redirect(url_of(done))


def step(request: HttpRequest, row: HelpRequest) -> HelpRequest:
    """Do what the form of the page asks. Raises ProblemError."""
    told, note = request.POST, request.POST.get("note", "")
    version = int(read_digits(told.get("version", "")) or row.version)
    to = told.get("to", "")
    if to == "apart":
        return actions.keep_apart(row.pk, version=version)
    if to == "priority" or (to == "triaged" and row.state in ("new", "triaged")):
        return actions.triage(row.pk, int(read_digits(told.get("priority", "")) or 0), version=version, note=note)
    return actions.move(
        row.pk, to, version=version, note=note, event_at=told_time(told.get("at", "")), priority=row.priority,
        team=key_of(told.get("team", "")), original=original_key(told.get("original", "")),
    )  # fmt: skip


def told_time(typed: str) -> datetime | None:
    """HH:MM of today in Bangkok (of yesterday when that lies ahead); None for nothing. Raises ProblemError bad_time."""
    digits = read_digits(typed)
    if not digits:
        return None
    hours, minutes = int(digits[:-2] or 0), int(digits[-2:])
    if len(digits) not in (3, 4) or hours > 23 or minutes > 59:
        raise ProblemError(Problem("bad_time", "อ่านเวลาไม่ได้", "at", "พิมพ์เวลาอย่าง 21:40"))
    moment = clock.now().astimezone(BANGKOK)
    found = moment.replace(hour=hours, minute=minutes, second=0, microsecond=0)
    return found if found <= moment + actions.AHEAD else found - timedelta(days=1)


def key_of(typed: str) -> UUID | None:
    try:
        return UUID(typed)
    except ValueError:
        return None


def original_key(typed: str) -> UUID | None:
    """The key of a request by its code, as somebody types it."""
    row = queries.get(typed) if read_digits(typed) else None
    return row.pk if row else None


@require_POST
@require(PERMISSION)
def take(request: HttpRequest, code: str) -> HttpResponseBase:
    """Take a waiting request into an incident, or close it where it stands."""
    with acting_as(request.user, "emergency.command"):  # type: ignore[arg-type]
        row = find(code, None)
        into = incidents.find(request.POST.get("incident", ""))
        try:
            done = actions.take_in(row.pk, into) if into else step(request, row)
        except ProblemError as error:
            return draw(request, find(code, None), error.problem, 422)
        messages.success(request, gettext("บันทึกคำขอ %(code)s แล้ว") % {"code": show_code(code)})
        return redirect(url_of(done))


@at_incident(PERMISSION)
def write(request: HttpRequest, incident: Incident) -> HttpResponseBase:
    """Write down what somebody tells by phone or radio."""

    def after(request: HttpRequest, pk: str) -> HttpResponse:
        row = queries.by_key(UUID(pk))
        said = gettext("รับคำขอ %(code)s แล้ว บอกรหัสนี้แก่ผู้แจ้ง")
        messages.success(request, said % {"code": show_code(row.code) if row else ""})
        return redirect("emergency:help_board", number=incident.number)

    @idempotent("emergency.help.write", show=after)
    def once(request: HttpRequest) -> Created | HttpResponse:
        if request.method != "POST":
            context = {"incident": incident, "tab": "help", "form": HelpForm(moos=moos())}
            return render(request, "emergency/help/write.html", context)
        told = HelpForm(request.POST, moos=moos()).told()
        return Created(asking.ask(asking.Ask(**told, channel="phone", incident=incident.pk)).pk)

    return once(request)
