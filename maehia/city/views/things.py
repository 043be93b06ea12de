"""The page of a thing: house, building, parcel, business, place, asset, pet, area, road, waterway, station."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext

from maehia.city import words
from maehia.city.models import House
from maehia.city.queries.access import may_show
from maehia.city.queries.entities import EntityView, entity_view
from maehia.city.queries.history import contradictions_of
from maehia.city.queries.labels import ref_of
from maehia.city.queries.people import households_at, people_at
from maehia.city.queries.related import Tied, inside, length_m, people_of, things_around, things_at, things_on
from maehia.city.views.chips import Chips
from maehia.city.views.pages import Group, Item, Page, Row, decided, differing, linked, rows_of, url_of

LEFT_OUT = {"house_id"}


def thing_page(request: HttpRequest, kind: str, key: uuid.UUID, *, people: bool) -> Page | None:
    """people: whether the reader may open people; then the purpose at hand decides what of them is shown."""
    view = entity_view(kind, key)
    if view is None:
        return None
    ref = ref_of(kind, view.row)
    chips = Chips(request, view.row.sources.values())
    page = Page(kind, view.key, ref.label, ref.detail, geom=getattr(view.row, "geom", None))
    values = [v for v in view.values if v.field not in LEFT_OUT and v.value not in (None, "")]
    page.rows = rows_of(request, kind, values, chips, view.row)
    if page.geom is not None:
        page.rows.append(place_row(view, chips))
    page.groups = GROUPS.get(kind, around)(view, people)
    page.differing = differing(kind, contradictions_of(kind, view.key), chips)
    page.decided = decided(request, kind, view.key)
    return page


def place_row(view: EntityView, chips: Chips) -> Row:
    """Latitude and longitude of a point on the thing, and who said where it is."""
    point = view.row.geom.point_on_surface
    shown = f"{point.y:.5f}, {point.x:.5f}"
    return Row("geom", words.field_word("geom"), shown, chips.of(view.row.sources.get("geom", "")))


def house_groups(view: EntityView, people: bool) -> list[Group]:
    house: House = view.row
    beside = things_at(house)
    return [
        *(living(house) if people else []),
        linked(gettext("อาคาร"), "building", beside["building"], gettext("ยังไม่มีรูปอาคารของบ้านหลังนี้")),
        linked(gettext("แปลงที่ดินใต้บ้าน"), "parcel", beside["parcel"], gettext("ไม่มีแปลงที่ดินที่คลุมจุดของบ้านนี้")),
        linked(gettext("สถานประกอบการ"), "business", beside["business"]),
        linked(gettext("สัตว์เลี้ยง"), "pet", beside["pet"]),
        *around(view, False)[1:],
        *(tied(house.pk, gettext("ผู้ใช้บริการและผู้เกี่ยวข้อง")) if people else []),
    ]  # fmt: skip


def living(house: House) -> list[Group]:
    """Who lives here under the purpose, and the households of the house in their three senses."""
    if not may_show("person", "first_name", "last_name", "house"):
        return []
    residents = [person_item(person) for person in people_at(house.pk)]
    held = [
        Item(words.choice(words.HOUSEHOLD, row.kind), url_of("household", row.pk), row.number)
        for row in households_at(house.pk)
    ]
    return [
        Group(gettext("คนในบ้าน"), "people", residents, gettext("ไม่มีผู้ที่รู้ว่าอยู่บ้านนี้ในเขตที่คุณดูได้"), main=True),
        Group(gettext("ครัวเรือนของบ้านนี้"), "house", held, main=True),
    ]


def person_item(person: Any) -> Item:
    born = words.show_day(person.birth, person.birth_precision) if person.birth and may_show("person", "birth") else ""
    detail = gettext("เกิด %(day)s") % {"day": born} if born else ""
    return Item(person.full_name, url_of("person", person.pk), detail)


def tied(key: uuid.UUID, title: str, empty: str = "") -> list[Group]:
    found = people_of(key, via="page")
    return [Group(title, "person", [tie_item(tie) for tie in found], empty, main=True)]


def tie_item(found: Tied) -> Item:
    role = words.choice(words.ROLE, found.tie.role)
    return Item(found.name, url_of("person", found.person), " · ".join(p for p in (role, found.tie.account_no) if p))


def parcel_groups(view: EntityView, people: bool) -> list[Group]:
    standing = things_on(view.row)
    return [
        *(tied(view.key, gettext("เจ้าของ"), gettext("ไม่มีบัญชีใดบอกเจ้าของแปลงนี้")) if people else []),
        linked(gettext("บ้านบนแปลงนี้"), "house", standing["house"]),
        linked(gettext("อาคารบนแปลงนี้"), "building", standing["building"]),
        *around(view, False)[1:],
    ]


def owned_groups(view: EntityView, people: bool) -> list[Group]:
    """A business or a pet: who it belongs to, and where it is."""
    return [*(tied(view.key, gettext("ผู้เกี่ยวข้อง")) if people else []), *around(view, False)]


def around(view: EntityView, _people: bool) -> list[Group]:
    """House, parcel and areas of a thing."""
    beside = things_around(view.row)
    groups = [linked(gettext("บ้าน"), "house", beside["house"])]
    if beside["parcel"]:
        groups.append(linked(gettext("แปลงที่ดินใต้อาคาร"), "parcel", beside["parcel"]))
    groups.append(linked(gettext("อยู่ในเขต"), "area", [r for r in beside["area"] if r.key != view.key]))
    return groups


def area_groups(view: EntityView, _people: bool) -> list[Group]:
    counted = [Item(words.kind_word(kind), detail=words.show_number(n)) for kind, n in inside(view.row).items() if n]
    return [Group(gettext("ในเขตนี้มี"), "flag", counted)]


def line_groups(view: EntityView, _people: bool) -> list[Group]:
    metres = length_m(view.row)
    if metres is None:
        return []
    shown = (
        gettext("%(km)s กม.") % {"km": f"{metres / 1000:,.2f}"}
        if metres >= 1000
        else gettext("%(m)s ม.") % {"m": f"{metres:,.0f}"}
    )
    return [Group(gettext("ความยาว"), words.ICON[view.kind], [Item(shown)])]


def station_groups(view: EntityView, people: bool) -> list[Group]:
    url = reverse("city:station", args=[view.row.code])
    return [Group(gettext("ค่าตรวจวัด"), "chart", [Item(gettext("ดูค่าล่าสุดและกราฟ"), url)]), *around(view, people)[1:]]


Groups = Callable[[EntityView, bool], list[Group]]
GROUPS: dict[str, Groups] = {
    "house": house_groups, "parcel": parcel_groups, "business": owned_groups, "pet": owned_groups,
    "area": area_groups, "road": line_groups, "waterway": line_groups,
    "station": station_groups,
}  # fmt: skip
