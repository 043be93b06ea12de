"""What the register offers to the pages of other rooms: the town's name, map layers, menu entries."""

from __future__ import annotations

from functools import cache
from typing import Any

from maehia.city.layers import LAYERS
from maehia.city.words import field_word, kind_word
from maehia.web import registry as web


__all__ = ["field_word", "kind_word", "register", "town_profile"]


def register() -> None:
    web.town_profile.provide(town_profile)
    for layer in LAYERS:
        web.layers.add(layer)
    for entry in MENU:
        web.menu.add(entry)


MENU = (
    web.MenuEntry("register", "ค้นหาในทะเบียน", "Search the register", "city:search", permission="city.search",
                  icon="search", group_th="ทะเบียนเมือง", group_en="Register", order=20, thumb=True),
    web.MenuEntry("map", "แผนที่", "Map", "city:map", permission="city.map", icon="map", group_th="ทะเบียนเมือง",
                  group_en="Register", order=21, thumb=True),
    web.MenuEntry("readings", "ค่าตรวจวัด", "Readings", "city:readings", permission="intake.readings", icon="chart",
                  group_th="ทะเบียนเมือง", group_en="Register", order=22),
)  # fmt: skip


def town_profile() -> web.TownProfile:
    """The profile for every page; kept for the life of the process once the town has a name."""
    from maehia.city.queries.town import read_town

    town = read_town()
    return web.NO_TOWN if town is None else _profile(*_facts(town))


def _facts(town: Any) -> tuple[Any, ...]:
    phones = tuple(
        (p.get("label_th") or p.get("label", ""), p.get("label_en", ""), p.get("number", "")) for p in town.phones
    )
    bounds = town.outline.extent if town.outline else None
    return (town.name_th, town.name_en, town.slogan, town.extra.get("slogan_en", ""), town.address, town.hours, phones,
            bounds, town.logo)  # fmt: skip


@cache
def _profile(
    name_th: str, name_en: str, slogan: str, slogan_en: str, address: str, hours: str, phones: tuple[Any, ...],
    bounds: tuple[float, float, float, float] | None, logo: str,
) -> web.TownProfile:  # fmt: skip
    from maehia.kit.demo import is_demo

    return web.TownProfile(
        name_th, name_en, slogan, slogan_en, logo_url=logo, address_th=address, hours_th=hours,
        phones=[web.Phone(*phone) for phone in phones], bounds=bounds, demo=is_demo(),
    )  # fmt: skip
