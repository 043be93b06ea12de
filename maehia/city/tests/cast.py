"""A street of invented people: มาลี and her son บุญมา at 12/3 moo 5, ใจดี at 45 moo 2."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from django.contrib.gis.geos import Point

from maehia.city.actions import refresh
from maehia.evidence.actions import LinkChange, save_links
from maehia.evidence.queries import address_ref
from maehia.evidence.tests.cast import BOONMA, JAIDEE, MALEE, deliver, make_source, row

MAY = date(2026, 5, 1)
P_MALEE, P_BOONMA, P_JAIDEE = (uuid.UUID(int=n) for n in (1, 2, 3))
H_12_3, H_45 = uuid.UUID(int=11), uuid.UUID(int=12)
PLACE = Point(98.951, 18.744, srid=4326)

PEOPLE = {"civil:1": P_MALEE, "civil:2": P_BOONMA, "vhv:1": P_MALEE, "vhv:2": P_JAIDEE}
ADDRESSES = {address_ref("", "12/3", 5, ""): H_12_3, address_ref("", "45", 2, ""): H_45, "gis:1": H_12_3}


def build_street(**changes: Any) -> None:
    """Deliver two lists of people and one of houses, link them and bring the register up."""
    civil = make_source("civil", rank=10, household_kind="registered")
    vhv = make_source("vhv", rank=20, household_kind="actual")
    gis = make_source("gis", kind="house", data_class="open")
    deliver(civil, MAY, [row("civil:1", {**MALEE, "phone": None}), row("civil:2", BOONMA)])
    deliver(vhv, MAY, [row("vhv:1", {**MALEE, "first_name": "มะลิ", **changes}), row("vhv:2", JAIDEE)])
    house = {"house_no": "12/3", "moo": 5, "house_code": "50010123456", "geom": PLACE}
    deliver(gis, MAY, [row("gis:1", house)], kind="house")
    link()
    refresh()


def link(people: dict[str, uuid.UUID] | None = None) -> None:
    save_links(LinkChange("person", people or PEOPLE, {}))
    save_links(LinkChange("house", ADDRESSES, {}))
