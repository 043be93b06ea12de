"""The common picture of an incident: map and list, live, with a slider through its time; for desk, phone and wall."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from maehia.access.permissions import acting_as, can, require
from maehia.base import ProblemError
from maehia.emergency.models import Footprint, HelpRequest, Incident, LogLine, Team
from maehia.emergency.queries import incidents
from maehia.emergency.queries.shelters import load
from maehia.emergency.queries.situation import figures, shown
from maehia.emergency.rules.help_machine import OPEN
from maehia.emergency.views import picture_layers
from maehia.emergency.views.incident_lines import told
from maehia.emergency.views.parts import at_incident, find_or_404, own_purpose
from maehia.kit.clock import now
from maehia.web import maps, registry
from maehia.web.formats import show_datetime
from maehia.web.maps import Place
from maehia.web.static_map import StaticLayer, static_map

STEPS = 48
LINES = 30
BIG = 14  # lines of the log on a wall
Frame = tuple[float, float, float, float]  # west, south, east, north


@never_cache
@require_safe
@at_incident("emergency.see")
def picture(request: HttpRequest, incident: Incident) -> HttpResponse:
    """`?at=` an ISO moment shows it as it was; `?wall=1` for a wall screen; `?part=1` only what moves."""
    moment, wall = _moment(request, incident), "wall" in request.GET
    context = {
        "incident": incident, "tab": "picture", "wall": wall, "moment": moment or now(), "past": moment is not None,
        **_parts(request, incident, moment or now(), BIG if wall else LINES), "as_of": now(),
    }  # fmt: skip
    if "part" not in request.GET:
        context |= _whole(request, incident, moment, wall)
    name = "parts" if "part" in request.GET else "wall" if wall else "picture"
    return render(request, f"emergency/picture/{name}.html", context)


def _moment(request: HttpRequest, incident: Incident) -> datetime | None:
    """The moment that the slider stands at, None for now. Nonsense is now."""
    found = parse_datetime(request.GET.get("at", ""))
    if found is None or found.tzinfo is None or found >= now():
        return None
    return max(found, incident.started_at)


def _parts(request: HttpRequest, incident: Incident, moment: datetime, lines: int) -> dict[str, Any]:
    rows = LogLine.objects.filter(incident=incident, at__lte=moment).order_by("-seq")[:lines]
    found = figures(incident, moment)
    return {
        "figures": shown(found), "lines": told(list(rows)), "shelters": load(incident),
        "teams": Team.objects.filter(incident=incident, ended_at=None).order_by("name"),
        "requests": _requests(request, incident),
    }  # fmt: skip


def _requests(request: HttpRequest, incident: Incident) -> list[HelpRequest]:
    """The most urgent open ones, for who handles them."""
    if not can(request.user, "emergency.help"):
        return []
    rows = HelpRequest.objects.filter(incident=incident, state__in=OPEN)
    return list(rows.order_by("priority", "asked_at")[:12])


def _whole(request: HttpRequest, incident: Incident, moment: datetime | None, wall: bool) -> dict[str, Any]:
    found = picture_layers.visible(request, incident)
    return {
        "map": maps.map_figure(
            request, layers="services-cases",
            own_layers=[picture_layers.as_map_layer(layer, incident) for layer in found],
            on=[layer.key for layer in found if layer.on], title=gettext("ภาพรวมสถานการณ์"),
            places=[] if wall else _places(incident), size="tall",
            picture=_still(incident, moment or now(), _frame(incident)),
            bounds=_frame(incident),
        ),
        "ticks": _ticks(incident), "step": _step(incident, moment),
        "part_url": request.path + "?part=1" + ("&wall=1" if wall else ""), "topic": f"incident:{incident.pk}",
    }  # fmt: skip


def _places(incident: Incident) -> list[Place]:
    """The list twin: shelters and teams that stand somewhere."""
    found = [
        Place(f"shelter-{one.shelter.pk}", one.shelter.name, one.shelter.point.x, one.shelter.point.y,
              gettext("ศูนย์พักพิง %(inside)d จาก %(capacity)d คน") % {"inside": one.inside, "capacity": one.capacity})
        for one in load(incident) if one.shelter.point
    ]  # fmt: skip
    rows = Team.objects.filter(incident=incident, ended_at=None).exclude(point=None)
    return found + [
        Place(f"team-{row.pk}", row.name, row.point.x, row.point.y, gettext("ชุดปฏิบัติการ")) for row in rows if row.point
    ]


def _still(incident: Incident, moment: datetime, frame: Frame | None) -> str:
    """What the map shows without JavaScript, and on a phone before it is asked for."""
    bounds = frame or registry.town().bounds or maps.THAILAND
    drawn = [
        StaticLayer(picture_layers.footprint(incident, moment), style="m-h2"),
        StaticLayer(picture_layers.shelters(incident, moment), style="m-h1"),
        StaticLayer(picture_layers.teams(incident, moment), style="m-c1"),
    ]
    return static_map(drawn, bounds, title=gettext("ภาพรวมสถานการณ์"))


def _frame(incident: Incident) -> Frame | None:
    if incident.footprint_id is None:
        return None
    geom = Footprint.objects.only("geom").get(pk=incident.footprint_id).geom
    west, south, east, north = geom.extent
    margin_x, margin_y = (east - west) * 0.3 + 0.002, (north - south) * 0.3 + 0.002
    return west - margin_x, south - margin_y, east + margin_x, north + margin_y


def _ticks(incident: Incident) -> list[dict[str, str]]:
    """Equal steps from the beginning to now (or the end), for the slider."""
    start, end = incident.started_at, incident.closed_at or now()
    gap = max((end - start) / STEPS, timedelta(minutes=1))
    count = min(STEPS, max(1, int((end - start) / gap)))
    return [{"at": (start + gap * i).isoformat(), "words": show_datetime(start + gap * i)} for i in range(1, count + 1)]


def _step(incident: Incident, moment: datetime | None) -> int:
    ticks = _ticks(incident)
    if moment is None:
        return len(ticks)
    return next((i for i, tick in enumerate(ticks, 1) if datetime.fromisoformat(tick["at"]) >= moment), len(ticks))


@never_cache
@require_safe
@require("emergency.see")
def layer(request: HttpRequest, number: str, key: str) -> HttpResponse:
    """One layer as GeoJSON, under the rights of the one who asks."""
    with acting_as(request.user, own_purpose(request), mode=incidents.mode_of(number)):  # type: ignore[arg-type]
        incident = find_or_404(number)
        moment = _moment(request, incident) or now()
        found = next((one for one in picture_layers.visible(request, incident) if one.key == key), None)
    if found is None:
        raise Http404(key)
    try:
        with picture_layers.reading(request, found, incident):
            features = found.features(incident, moment)
    except ProblemError as error:
        return JsonResponse({"type": "FeatureCollection", "features": [], "problem": error.problem.what})
    return JsonResponse({"type": "FeatureCollection", "features": features}, content_type="application/geo+json")


def may_watch(request: HttpRequest, key: str) -> bool:
    """Who may see an incident may watch it move."""
    return bool(request.user.is_authenticated and can(request.user, "emergency.see") and key)
