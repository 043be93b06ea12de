"""Words and pictures of doors: address, result, needs, the way to the shelter; on page and phone the same."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import shapely
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from maehia.city.models import House
from maehia.city.queries.labels import house_label
from maehia.emergency.models import Door, DoorList
from maehia.emergency.views.affected_words import need_words as register_words
from maehia.emergency.workflow import LIVE_STATES
from maehia.kit.clock import now
from maehia.web.static_map import StaticLayer, static_map

RESULTS = {
    "reached": _("พบแล้ว"), "moved": _("ย้ายออกแล้ว"), "refused": _("ไม่ประสงค์ออก"), "not_there": _("ไม่อยู่"),
}  # fmt: skip
TAGS = {"reached": "done", "moved": "done", "refused": "late", "not_there": "work"}
TURNS = {
    "start": _("เริ่มที่%(road)s ไป %(metres)s ม."), "straight": _("ตรงต่อไปทาง%(road)s %(metres)s ม."),
    "left": _("เลี้ยวซ้ายเข้า%(road)s %(metres)s ม."), "right": _("เลี้ยวขวาเข้า%(road)s %(metres)s ม."),
    "back": _("กลับตัวเข้า%(road)s %(metres)s ม."),
}  # fmt: skip
WIDE, HIGH = 640, 360
MARGIN = 0.0007  # degrees, about 75 m


def result_words(result: str) -> str:
    return str(RESULTS.get(result, _("ยังไม่ได้ไป")))


def result_tag(result: str) -> str:
    return TAGS.get(result, "wait")


def door_words(door: Door) -> str:
    """The address of a door, without its people."""
    return house_label(House.objects.filter(pk=door.house_key).first()) or gettext("บ้านไม่ทราบเลขที่")


def state_of(row: DoorList) -> tuple[str, str]:
    """(tag, words) of a list."""
    if row.ended_at:
        return "wait", gettext("ปิดแล้ว")
    if row.expires_at <= now():
        return "wait", gettext("หมดเวลา")
    return "work", gettext("กำลังดำเนินการ")


def is_open(row: DoorList) -> bool:
    return row.ended_at is None and row.expires_at > now() and row.incident.state in LIVE_STATES


def need_words(needs: Sequence[tuple[str, str]]) -> list[str]:
    """Needs as words; levels beside them. Never a diagnosis: the register keeps none in these fields."""
    return [f"{register_words(kind)} ({level})" if level else register_words(kind) for kind, level in needs]


def turn_words(way: dict[str, Any]) -> list[str]:
    """The way to the shelter, one sentence a road."""
    found = []
    for turn, road, metres in way.get("turns", []):
        name = road or gettext("ทางไม่มีชื่อ")
        found.append(str(TURNS.get(turn, TURNS["straight"])) % {"road": name, "metres": f"{metres:,}"})
    return found


def way_map(door: Door, house: House, area: Any, roads: Sequence[Any]) -> str:
    """A small picture: the house, the way to its shelter, roads around, where the water reaches."""
    if house.geom is None:
        return ""
    line = door.way.get("line") or []
    points = [house.geom.coords, *line]
    west, east = min(p[0] for p in points) - MARGIN, max(p[0] for p in points) + MARGIN
    south, north = min(p[1] for p in points) - MARGIN, max(p[1] for p in points) + MARGIN
    frame = shapely.box(west, south, east, north)
    layers = [
        StaticLayer(_cut([area], frame) if area is not None else [], "m-water"),
        StaticLayer(_cut(roads, frame), "m-road"),
        StaticLayer([_feature(shapely.LineString(line))] if len(line) > 1 else [], "m-c3"),
        StaticLayer([_feature(shapely.Point(line[-1]), door.way.get("name", ""))] if line else [], "m-c1", radius=9,
                    label="title"),
        StaticLayer([_feature(shapely.Point(house.geom.coords))], "m-h5", radius=10),
    ]  # fmt: skip
    title = gettext("ทางไปศูนย์พักพิง") if line else gettext("ตำแหน่งบ้าน")
    return static_map(layers, (west, south, east, north), title=title, width=WIDE, height=HIGH)


def _cut(shapes: Sequence[Any], frame: Any) -> list[dict[str, Any]]:
    near = [shapely.intersection(shape, frame) for shape in shapes if shapely.intersects(shape, frame)]
    return [_feature(shapely.simplify(shape, 0.00002)) for shape in near if not shape.is_empty]


def _feature(shape: Any, title: str = "") -> dict[str, Any]:
    return {"type": "Feature", "properties": {"title": title}, "geometry": _rounded(shape.__geo_interface__)}


def _rounded(geometry: Any) -> dict[str, Any]:
    return {"type": geometry["type"], "coordinates": geometry["coordinates"]}
