"""What the register offers to the pages of other rooms: the town's name, map layers, menu entries."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.http import HttpRequest

from maehia.access import registry as access
from maehia.city.layers import LAYERS
from maehia.city.words import field_word, kind_word
from maehia.kit.clock import now
from maehia.web import registry as web

__all__ = ["field_word", "kind_word", "register", "town_profile"]


def register() -> None:
    from maehia.city.queries import slots

    web.town_profile.provide(town_profile)
    access.area_keys.provide(slots.area_keys)
    access.kin.provide(slots.kin)
    access.minimal.provide(slots.minimal)
    access.own_data.provide(slots.own_data)
    for tile in TILES:
        web.home_tiles.add(tile)
    web.tasks.add(UNWELL)
    for layer in LAYERS:
        web.layers.add(layer)
    for entry in MENU:
        web.menu.add(entry)


def _unwell(_request: HttpRequest) -> int:
    from maehia.city.queries.readings import unwell

    return unwell(now())


GROUP = {"group_th": "ทะเบียนเมือง", "group_en": "Register"}
MENU = (
    web.MenuEntry("register", "ค้นหาในทะเบียน", "Search the register", "city:search", permission="city.search",
                  icon="search", order=20, thumb=True, **GROUP),
    web.MenuEntry("map", "แผนที่เมือง", "City map", "city:map", permission="city.map", icon="map", order=21, thumb=True,
                  **GROUP),
    web.MenuEntry("readings", "ค่าตรวจวัด", "Readings", "city:readings", permission="intake.readings", icon="sensor",
                  order=22, **GROUP),
    web.MenuEntry("quality", "คุณภาพข้อมูล", "Data quality", "city:quality", permission="city.statistics", icon="check",
                  order=23, **GROUP),
    web.MenuEntry("town", "ข้อมูลติดต่อเมือง", "The town's contacts", "city:town", permission="town.settings",
                  icon="settings", order=25, **GROUP),
    web.MenuEntry("calendar", "ปฏิทินวันทำการ", "Working days", "city:calendar", permission="town.settings",
                  icon="calendar", order=24, **GROUP),
    web.MenuEntry("public-map", "แผนที่เมือง", "City map", "city:public_map", area="public", icon="map", order=30),
    web.MenuEntry("public-readings", "ค่าตรวจวัด", "Readings", "city:public_readings", area="public", icon="sensor",
                  order=31),
)  # fmt: skip
TILES = (
    web.HomeTile("map", "แผนที่เมือง", "City map", "สถานที่ ถนน ทางน้ำ และเขตหมู่บ้าน", "Places, roads, water and villages",
                 "city:public_map", icon="map", order=30),
    web.HomeTile("readings", "อากาศ ฝน และระดับน้ำ", "Air, rain and water level", "ค่าล่าสุดจากสถานีตรวจวัดของเทศบาล",
                 "The newest values of the town's stations", "city:public_readings", icon="sensor", order=31),
)  # fmt: skip
UNWELL = web.TaskSource(
    "city.unwell", "ค่าตรวจวัดที่ใช้ไม่ได้ในขณะนี้", "Readings that cannot be relied on now", "city:readings", _unwell,
    permission="town.settings", order=60,
)  # fmt: skip


def town_profile() -> web.TownProfile:
    """The profile for every page; kept for the life of the process once the town has a name."""
    from maehia.city.queries.town import read_town

    town = read_town()
    return web.NO_TOWN if town is None else _profile(*_facts(town))


def _facts(town: Any) -> tuple[Any, ...]:
    from maehia.city.queries.town import phone_parts

    phones = tuple(phone_parts(p) for p in town.phones)
    bounds = town.outline.extent if town.outline else None
    return (town.name_th, town.name_en, town.slogan, town.extra.get("slogan_en", ""), town.address, town.hours, phones,
            bounds, town.logo)  # fmt: skip


@cache
def _profile(  # noqa: PLR0917 (hashable parts, so that the profile is made once)
    name_th: str, name_en: str, slogan: str, slogan_en: str, address: str, hours: str, phones: tuple[Any, ...],
    bounds: tuple[float, float, float, float] | None, logo: str,
) -> web.TownProfile:  # fmt: skip
    from maehia.kit.demo import is_demo

    return web.TownProfile(
        name_th, name_en, slogan, slogan_en, logo_url=logo, address_th=address, hours_th=hours,
        phones=[web.Phone(*phone) for phone in phones], bounds=bounds, demo=is_demo(),
    )  # fmt: skip
