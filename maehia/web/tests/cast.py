"""An invented town and what its rooms would register, in place of the real registries."""

from __future__ import annotations

from typing import Any
from unittest.mock import patch

from django.test import override_settings

from maehia.web import registry
from maehia.web.layers import LayerRegistry
from maehia.web.registry import DemoRole, HomeTile, MenuEntry, Phone, Registry, Slot, Story, TownProfile

TOWN = TownProfile(
    "เทศบาลเมืองตัวอย่าง",
    "Sample Town",
    "เมืองสมมติ",
    "An invented town",
    address_th="1 หมู่ 1 ตำบลตัวอย่าง",
    address_en="1 Moo 1, Sample",
    hours_th="จันทร์–ศุกร์ 08:30–16:30 น.",
    hours_en="Mon–Fri 08:30–16:30",
    phones=[Phone("ศูนย์บริการ", "Service centre", "053-000-000")],
    bounds=(98.90, 18.69, 98.99, 18.77),
    demo=True,
)


def lists() -> dict[str, Any]:
    """Registries with one or two entries each."""
    menu: Registry[MenuEntry] = Registry("menu")
    menu.add(MenuEntry("home", "หน้าแรก", "Home", "home", area="public", icon="home"))
    menu.add(MenuEntry("report", "แจ้งเรื่อง", "Report", "/report/", area="public", icon="pin"))
    menu.add(MenuEntry("work", "งานของฉัน", "My work", "staff-home", icon="home", thumb=True))
    for key, th, en, icon in (
        ("map", "แผนที่เมือง", "City map", "map"),
        ("review", "ตรวจคู่รายชื่อ", "Review", "merge"),
        ("people", "บุคคลและครัวเรือน", "People", "people"),
    ):
        group = {"group_th": "ฐานข้อมูลอัจฉริยะ", "group_en": "Smart database"}
        menu.add(MenuEntry(key, th, en, f"/staff/{key}/", icon=icon, thumb=True, badge=lambda request: 42, **group))
    home_tiles: Registry[HomeTile] = Registry("home_tiles")
    home_tiles.add(HomeTile("report", "แจ้งเรื่อง", "Report", "ไฟดับ ถนนชำรุด", "A light is out", "/report/", "pin"))
    roles: Registry[DemoRole] = Registry("demo_roles")
    roles.add(DemoRole("mayor", "นายกเทศมนตรี", "Mayor", "ภาพรวม", "Overview", "/enter/"))
    stories: Registry[Story] = Registry("stories")
    steps = [("เลือกไฟล์", "Choose"), ("ดู", "Look"), ("ยืนยัน", "Confirm")]
    stories.add(Story("excel", "วางไฟล์", "Drop a file", steps, "/staff/"))
    return {"menu": menu, "home_tiles": home_tiles, "demo_roles": roles, "stories": stories}


class OnlyWeb:
    """Mixed into test cases: the shells with the invented town and no other room."""

    town: TownProfile = TOWN

    def setUp(self) -> None:
        super().setUp()  # type: ignore[misc]
        slots = {
            "town_profile": Slot("town_profile", lambda: self.town),
            "may": Slot("may", lambda request, permission: permission == "see.map"),
            "banners": Slot("banners", lambda request: []),
            "unread": Slot("unread", lambda request: 0),
        }
        for name, value in (lists() | slots | {"layers": LayerRegistry(), "tasks": Registry("tasks")}).items():
            self.stands_in(patch.object(registry, name, value))
        self.stands_in(override_settings(ROOT_URLCONF="maehia.web.tests.urls"))

    def stands_in(self, change: Any) -> None:
        """A patch or setting until the end of the test."""
        change.__enter__()
        self.addCleanup(change.__exit__, None, None, None)  # type: ignore[attr-defined]
