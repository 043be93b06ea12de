"""A door list on the phone: the page, what the phone keeps of it, and what it brings back.

A visitor without a session gets the same page empty: that is the copy which the service worker keeps, and into which
the phone puts the list that it holds encrypted. It says nothing that the address does not say.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import shapely
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from maehia.access.models import Account
from maehia.access.permissions import acting_as, can, require
from maehia.base import Problem, ProblemError
from maehia.city.queries.labels import house_label
from maehia.emergency.actions import doors, doors_sync, doors_ways, grants
from maehia.emergency.models import Door, DoorList, Incident
from maehia.emergency.queries import doors as queries
from maehia.emergency.queries.doors_people import AtHome, at_home
from maehia.emergency.queries.incidents import mode_of
from maehia.emergency.rules.sync import RESULTS
from maehia.emergency.rules.sync_reading import read_report, read_reports
from maehia.emergency.views import doors_words as words
from maehia.kit import clock
from maehia.kit.acting import acting
from maehia.kit.idempotency import KEY_FIELD, new_key

FIELD = "emergency.field"
TOUCHES = """
SELECT ST_AsBinary(geom) FROM city_road
WHERE geom && (SELECT ST_Expand(ST_Extent(h.geom)::geometry, 0.02) FROM city_house h WHERE h.key = ANY (%s))
"""


@never_cache
@require_safe
def page(request: HttpRequest, number: str, key: UUID) -> HttpResponseBase:
    """The list for who was given it; the empty page for a visitor; the desk's view for who commands."""
    account: Any = request.user
    shell = {"number": number, "key": key, "mode": mode_of(number)}
    if not account.is_authenticated:
        return render(request, "emergency/doors/phone.html", shell)
    if not can(account, FIELD):
        raise Http404(str(key))
    try:
        with doors.opened(account, key, mode=mode_of(number)) as row:
            context = {**shell, **_context(request, row), "can_keep": True}
            return render(request, "emergency/doors/phone.html", context)
    except ProblemError as error:
        return _not_open(request, shell, error.problem)


def _not_open(request: HttpRequest, shell: dict[str, Any], problem: Problem) -> HttpResponseBase:
    """The list does not open for who asks: a commander sees where it stands; others are told why."""
    account: Any = request.user
    if can(account, "emergency.command"):
        with acting_as(account, "emergency.command", mode=shell["mode"]):
            row = DoorList.objects.select_related("incident", "team").filter(pk=shell["key"]).first()
            if row is not None and row.incident.number == shell["number"]:
                return render(request, "emergency/doors/list.html", _standing(row))
    if problem.code == "no_list":
        raise Http404(str(shell["key"]))
    return render(request, "emergency/doors/phone.html", {**shell, "problem": problem}, status=410)


def _standing(row: DoorList) -> dict[str, Any]:
    """Doors and results without people, for the desk."""
    found = queries.latest([door.house_key for door in row.doors.all()], row.incident_id)
    tag, state = words.state_of(row)
    return {
        "incident": row.incident, "row": row, "tab": "doors", "tag": tag, "words": state, "is_open": words.is_open(row),
        "doors": [{"door": door, "words": words.door_words(door), "visit": found.get(door.house_key),
                   "result": _result(found.get(door.house_key))} for door in row.doors.all()],
    }  # fmt: skip


def _result(visit: Any) -> dict[str, str]:
    return {"words": words.result_words(visit.result), "tag": words.result_tag(visit.result)} if visit else {}


def _context(request: HttpRequest, row: DoorList) -> dict[str, Any]:
    """Everything of an open list, its people too. Inside the context of its grant."""
    rows = list(row.doors.all())
    homes = at_home([door.house_key for door in rows], via="doors")
    visits = queries.latest([door.house_key for door in rows], row.incident_id)
    area, roads = _ground(row.incident, [door.house_key for door in rows])
    return {
        "incident": row.incident, "row": row, "account": request.user, "now_ms": _milliseconds(clock.now()),
        "expires_ms": _milliseconds(row.expires_at), "unsure": doors_ways.unsure(row.incident), "results": RESULTS,
        "choices": [(result, words.result_words(result)) for result in RESULTS],
        "doors": [_door(door, homes.get(door.house_key), visits.get(door.house_key), (area, roads)) for door in rows],
    }  # fmt: skip


def _door(door: Door, home: AtHome | None, visit: Any, ground: tuple[Any, list[Any]]) -> dict[str, Any]:
    people = [{"one": one, "needs": words.need_words(one.needs)} for one in home.people] if home else []
    return {
        "door": door, "address": house_label(home.house) if home else gettext("บ้านไม่ทราบเลขที่"),
        "village": home.house.village if home else "", "people": people, "visit": visit, "result": _result(visit),
        "turns": words.turn_words(door.way), "form_key": new_key(),
        "map": words.way_map(door, home.house, *ground) if home else "",
    }  # fmt: skip


def _ground(incident: Incident, houses: list[UUID]) -> tuple[Any, list[Any]]:
    """What is drawn under every way: where the water reaches, and the roads."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(TOUCHES, [houses])
        roads = [shapely.force_2d(shapely.from_wkb(bytes(line))) for (line,) in cursor.fetchall()]
    area = shapely.from_wkb(bytes(incident.footprint.geom.wkb)) if incident.footprint else None
    return area, roads


def _milliseconds(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)


@never_cache
@require_POST
@require(FIELD)
def keep(request: HttpRequest, number: str, key: UUID) -> HttpResponseBase:
    """What the phone keeps: the doors as the page shows them, when it ends, what time it is here."""
    account: Account = request.user  # type: ignore[assignment]
    try:
        with doors.opened(account, key, mode=mode_of(number)) as row:
            context = _context(request, row)
            html = render_to_string("emergency/doors/body.html", {**context, "offline": True}, request=request)
    except ProblemError as error:
        return _refused(error)
    with acting(grants.ACTOR, grants.RESOLVE, mode=mode_of(number)):
        doors.kept(account, row)
    return JsonResponse({
        "id": str(row.pk), "account": str(account.pk), "title": row.title, "html": html,
        "expires_ms": context["expires_ms"], "now_ms": _milliseconds(clock.now()),
    })  # fmt: skip


@never_cache
@require_safe
def state(request: HttpRequest, number: str, key: UUID) -> JsonResponse:
    """Who asks, what time it is, whether the list still stands; and the token for sending. For anybody."""
    account: Any = request.user
    told: dict[str, Any] = {"account": "", "now_ms": _milliseconds(clock.now()), "open": False, "token": ""}
    if account.is_authenticated:
        with acting(account.actor, FIELD, mode=mode_of(number)):
            row = DoorList.objects.select_related("incident").filter(pk=key).first()
            told["open"] = bool(row and doors.may_open(account, row))
        told |= {"account": str(account.pk), "token": get_token(request)}
    return JsonResponse(told)


@never_cache
@require_POST
@require(FIELD)
def sync(request: HttpRequest, number: str, key: UUID) -> JsonResponse:
    """Take what the phone has written down. {"reports": [...], "sent_at": ms} -> {"answers": [...], "now_ms"}."""
    try:
        sent = json.loads(request.body)
        at = datetime.fromtimestamp(float(sent["sent_at"]) / 1000, UTC)
        reports, bad = read_reports(sent.get("reports"))
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError, OSError):
        return _refused(ProblemError(Problem("bad_queue", "ข้อมูลที่ส่งมาอ่านไม่ได้", "reports", "เปิดหน้านี้ใหม่แล้วส่งอีกครั้ง")))
    try:
        answers = doors_sync.take(request.user, key, reports, mode=mode_of(number), sent_at=at)  # type: ignore[arg-type]
    except ProblemError as error:
        return _refused(error, 404)
    told = [answer.as_dict() for answer in answers]
    told += [{"id": name, "state": "refused", "problem": problem.as_dict()} for name, problem in bad.items()]
    return JsonResponse({"answers": told, "now_ms": _milliseconds(clock.now())})


def _refused(error: ProblemError, status: int = 422) -> JsonResponse:
    return JsonResponse({"problem": error.problem.as_dict()}, status=status)


@never_cache
@require_POST
@require(FIELD)
def done(request: HttpRequest, number: str, key: UUID) -> HttpResponseBase:
    """One door from the form, where no script runs. The form's own number makes it count once."""
    fields = request.POST
    now = clock.now()
    row: dict[str, Any] = {
        "id": fields.get(KEY_FIELD, ""), "door": fields.get("door"), "result": fields.get("result"),
        "people": fields.get("people"), "note": fields.get("note"),
        "phone_at": _milliseconds(_first_asked(request, now)),
    }  # fmt: skip
    read = read_report(row)
    if isinstance(read, Problem):
        messages.error(request, f"{read.what} {read.fix}")
        return redirect("emergency:door_list", number, key)
    try:
        (answer,) = doors_sync.take(request.user, key, [read], mode=mode_of(number), sent_at=now)  # type: ignore[arg-type]
    except ProblemError as error:
        raise Http404(str(key)) from error
    if answer.state == "taken":
        messages.success(request, gettext("บันทึกแล้ว: %(result)s") % {"result": words.result_words(read.result)})
    else:
        messages.error(request, gettext("แบบฟอร์มนี้ส่งไปแล้วด้วยคำตอบอื่น ศูนย์จะเป็นผู้ตัดสิน"))
    return redirect("emergency:door_list", number, key)


def _first_asked(request: HttpRequest, now: datetime) -> datetime:
    """When the page was made, so that the same form has the same content however often it is sent."""
    sent = request.POST.get("asked_ms", "")
    moment = (
        datetime.fromtimestamp(int(sent) / 1000, UTC) if sent.isascii() and sent.isdigit() and len(sent) < 15 else now
    )
    return moment if now - timedelta(hours=12) <= moment <= now else now
