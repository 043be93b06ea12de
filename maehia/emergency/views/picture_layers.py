"""Layers of the common picture: each part of the room adds its own, as GeoJSON of an incident at a moment.

layers.add(Layer("shelters", "ศูนย์พักพิง", "Shelters", "point", shelters, permission="emergency.see"))
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.gis.db.models.functions import AsGeoJSON, Intersection
from django.http import HttpRequest
from django.urls import reverse

from maehia.access.permissions import acting_as, may
from maehia.city.models import House, Road
from maehia.city.queries.readings import latest
from maehia.emergency.actions import grants
from maehia.emergency.models import Footprint, HelpRequest, Incident, Shelter, SnapshotRow, Team
from maehia.emergency.queries.affected import last_snapshot
from maehia.emergency.queries.shelters import load
from maehia.emergency.rules.help_machine import OPEN
from maehia.emergency.views.parts import own_purpose
from maehia.kit.clock import now
from maehia.web.layers import LegendStep, MapLayer
from maehia.web.registry import Registry, in_language

Features = list[dict[str, Any]]
MOST = 5000
SOURCE = ("ศูนย์ปฏิบัติการฉุกเฉิน", "ใช้ภายในหน่วยงาน", "ตามบันทึกเหตุการณ์")


@dataclass(frozen=True, slots=True)
class Layer:
    """features: of an incident at a moment. people: it shows who lives where, so only the granted see it."""

    key: str
    th: str
    en: str
    geometry: str
    features: Callable[[Incident, datetime], Features]
    permission: str = "emergency.see"
    legend: Sequence[LegendStep] = ()
    classed_by: str = ""
    label: str = ""
    card: Sequence[tuple[str, str, str]] = ()
    on: bool = True
    people: bool = False
    order: int = 100


layers: Registry[Layer] = Registry("picture layers")


def visible(request: HttpRequest, incident: Incident) -> list[Layer]:
    """The layers that the one who asks may switch on."""
    found = [layer for layer in layers if may(request, layer.permission)]
    return [layer for layer in found if not layer.people or grants.may_see(request.user, incident)]  # type: ignore[arg-type]


def as_map_layer(layer: Layer, incident: Incident) -> MapLayer:
    """How the map's own parts know it."""
    return MapLayer(
        layer.key, layer.th, layer.en, layer.geometry, *SOURCE, role="overlay", legend=layer.legend,
        geojson_url=reverse("emergency:picture-layer", args=[incident.number, layer.key]),
        classed_by=layer.classed_by, label=layer.label, card=layer.card, order=layer.order,
    )  # fmt: skip


def reading(request: HttpRequest, layer: Layer, incident: Incident) -> AbstractContextManager[Any]:
    """The context in which a layer is read: that of the grant for people, else that of the command or of field work."""
    if layer.people:
        return grants.affected(request.user, incident)  # type: ignore[arg-type]
    return acting_as(request.user, own_purpose(request), mode=incident.mode)  # type: ignore[arg-type]


def feature(geometry: Any, **properties: Any) -> dict[str, Any]:
    shape = json.loads(geometry) if isinstance(geometry, str) else geometry
    return {"type": "Feature", "geometry": shape, "properties": properties}


def point(lon: float, lat: float) -> dict[str, Any]:
    return {"type": "Point", "coordinates": [round(lon, 6), round(lat, 6)]}


def footprint_at(incident: Incident, moment: datetime) -> Footprint | None:
    """The version that was known at a moment."""
    rows = Footprint.objects.filter(incident=incident, made_at__lte=moment).defer("depth")
    return rows.order_by("-number").first()


def footprint(incident: Incident, moment: datetime) -> Features:
    found = footprint_at(incident, moment)
    if found is None:
        return []
    return [feature(found.geom.geojson, id=found.number, title=f"v{found.number}", note=found.note)]


def closures(incident: Incident, moment: datetime) -> Features:
    """Roads as far as they lie inside the footprint."""
    found = footprint_at(incident, moment)
    if found is None:
        return []
    inside = Road.objects.filter(geom__intersects=found.geom).annotate(
        part=AsGeoJSON(Intersection("geom", found.geom), precision=6)
    )
    return [feature(row.part, id=str(row.key), title=row.name or "-") for row in inside[:MOST] if row.part]


def doors(incident: Incident, _moment: datetime) -> Features:
    """Houses inside, by how urgently help is needed; names are on their own page."""
    snapshot = last_snapshot(incident.footprint_id) if incident.footprint_id else None
    if snapshot is None:
        return []
    rows = SnapshotRow.objects.filter(snapshot=snapshot).order_by("rank")[:MOST]
    found = {row.house_key: row for row in reversed(rows)}
    houses = House.objects.filter(key__in=found).exclude(geom=None)
    return [
        feature(house.geom.geojson, id=str(house.key), title=str(house), band=band(found[house.key].priority),
                priority=found[house.key].priority, people=found[house.key].people)
        for house in houses if house.geom is not None
    ]  # fmt: skip


def band(priority: int) -> str:
    """Three classes for the eye; the list has the exact number."""
    return "high" if priority >= 60 else "middle" if priority >= 25 else "low"


def teams(incident: Incident, _moment: datetime) -> Features:
    rows = Team.objects.filter(incident=incident, ended_at=None).exclude(point=None)
    return [feature(row.point.geojson, id=str(row.pk), title=row.name) for row in rows if row.point]


def shelters(incident: Incident, _moment: datetime) -> Features:
    found = []
    for one in load(incident):
        row: Shelter = one.shelter
        if row.point is None:
            continue
        state = "full" if one.full else row.state
        found.append(feature(row.point.geojson, id=str(row.pk), title=row.name, state=state,
                             load=f"{one.inside}/{one.capacity}"))  # fmt: skip
    return found


def requests(incident: Incident, moment: datetime) -> Features:
    """Open requests for help, without who asked."""
    rows = HelpRequest.objects.filter(incident=incident, state__in=OPEN, asked_at__lte=moment)
    return [
        feature(point(row.lon, row.lat), id=row.code, title=f"P{row.priority or '?'}", people=row.people,
                look=f"p{row.priority or 4}")
        for row in rows.exclude(lon=None)[:MOST]
    ]  # fmt: skip


def readings(_incident: Incident, _moment: datetime) -> Features:
    found = []
    for one in latest(now()):
        if one.station.geom is None:
            continue
        name = in_language(one.quantity.name_th, one.quantity.name_en)
        words = f"{one.value:g} {one.quantity.unit}" if one.is_known and one.value is not None else "?"
        found.append(feature(one.station.geom.geojson, id=f"{one.station.code}:{one.quantity.key}",
                             title=one.station.name, what=name, value=words,
                             state="ok" if one.is_known else "unknown"))  # fmt: skip
    return found


OWN = (
    Layer("footprint", "พื้นที่ประสบภัย", "Footprint", "polygon", footprint, order=10,
          legend=(LegendStep("พื้นที่ประสบภัย", "Footprint", "m-h2"),), card=(("note", "หมายเหตุ", "Note"),)),
    Layer("closures", "ถนนในพื้นที่ประสบภัย", "Roads inside", "line", closures, order=20, label="",
          legend=(LegendStep("ถนนในพื้นที่", "Road inside", "m-h5"),)),
    Layer("doors", "บ้านตามลำดับความเร่งด่วน", "Doors by priority", "point", doors, permission="emergency.people",
          people=True, order=30, classed_by="band", on=False,
          legend=(LegendStep("เร่งด่วน", "Urgent", "m-h5", "high"), LegendStep("ปานกลาง", "Middle", "m-h4", "middle"),
                  LegendStep("ทั่วไป", "Others", "m-c6", "low")),
          card=(("priority", "คะแนน", "Points"), ("people", "คน", "People"))),
    Layer("requests", "คำขอความช่วยเหลือ", "Requests for help", "point", requests, permission="emergency.help", order=40,
          classed_by="look", label="title",
          legend=(LegendStep("P1 ถึงชีวิต", "P1 life", "m-h5", "p1"), LegendStep("P2", "P2", "m-h4", "p2"),
                  LegendStep("P3 และ P4", "P3 and P4", "m-h3")), card=(("people", "คน", "People"),)),
    Layer("shelters", "ศูนย์พักพิง", "Shelters", "point", shelters, order=50, classed_by="state", label="load",
          legend=(LegendStep("เปิดรับ", "Open", "m-h1", "open"), LegendStep("เต็ม", "Full", "m-h5", "full"),
                  LegendStep("เตรียมการ", "Prepared", "m-c6")), card=(("load", "อยู่/จุ", "Inside/holds"),)),
    Layer("teams", "ชุดปฏิบัติการ", "Teams", "point", teams, order=60, label="title",
          legend=(LegendStep("ชุดปฏิบัติการ", "Team", "m-c1"),)),
    Layer("readings", "ค่าตรวจวัด", "Readings", "point", readings, order=70, classed_by="state", on=False,
          legend=(LegendStep("ค่าล่าสุด", "Newest value", "m-c3", "ok"),
                  LegendStep("ไม่ทราบค่า", "Unknown", "m-c6", "unknown")),
          card=(("what", "ค่า", "What"), ("value", "ล่าสุด", "Newest"))),
)  # fmt: skip


def register() -> None:
    for layer in OWN:
        layers.add(layer)
