"""What rooms register: refused when wrong, in order, only for those who may."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.db import DatabaseError
from django.test import RequestFactory
from django.utils.translation import override

from maehia.web import context, registry, views
from maehia.web.registry import HomeTile, MenuEntry, Registry, Slot, TaskCount, TaskSource, TownProfile

SPRITE = Path(registry.__file__).parent / "static/web/img/icons.svg"


def entry(key: str = "sample", **more: object) -> MenuEntry:
    return MenuEntry(key, "ตัวอย่าง", "Sample", "/staff/sample/", **more)  # type: ignore[arg-type]


def test_a_key_cannot_be_registered_twice():
    menu: Registry[MenuEntry] = Registry("menu")
    menu.add(entry())
    with pytest.raises(ValueError, match="registered twice"):
        menu.add(entry())


@pytest.mark.parametrize("key", ["", "Upper", "ไทย", "a b", "x" * 61])
def test_a_bad_key_is_refused(key):
    with pytest.raises(ValueError, match="bad key"):
        Registry("menu").add(entry(key))


def test_entries_come_in_their_order_then_as_they_came():
    menu: Registry[MenuEntry] = Registry("menu")
    for key, order in (("c", 30), ("a", 10), ("b", 10)):
        menu.add(entry(key, order=order))
    assert [e.key for e in menu] == ["a", "b", "c"]
    menu.remove("a")
    assert menu.get("a") is None
    assert len(menu) == 2


def test_a_slot_takes_one_provider_only():
    slot: Slot = Slot("town", lambda: "nobody")
    assert slot.call() == "nobody"
    mine = slot.provide(lambda: "us")
    slot.provide(mine)
    assert slot.call() == "us"
    with pytest.raises(ValueError, match="provided twice"):
        slot.provide(lambda: "them")
    slot.clear()
    assert slot.call() == "nobody"


def test_words_follow_the_language_and_fall_back_to_thai():
    tile = HomeTile("report", "แจ้งเรื่อง", "Report", "ไฟดับ", "", "/report/")
    with override("th"):
        assert tile.title == "แจ้งเรื่อง"
    with override("en"):
        assert tile.title == "Report"
        assert tile.text == "ไฟดับ"


def test_a_menu_shows_only_what_the_person_may(monkeypatch):
    menu: Registry[MenuEntry] = Registry("menu")
    menu.add(entry("open"))
    menu.add(entry("secret", permission="see.secrets"))
    menu.add(entry("public", area="public"))
    monkeypatch.setattr(registry, "menu", menu)
    may: Slot = Slot("may", lambda request, permission: False)
    monkeypatch.setattr(registry, "may", may)
    request = RequestFactory().get("/staff/")
    assert [e.key for e in registry.menu_for(request, "staff")] == ["open"]
    may.provide(lambda request, permission: permission == "see.secrets")
    assert [e.key for e in registry.menu_for(request, "staff")] == ["open", "secret"]


def test_the_longest_address_is_the_current_one():
    rows = context.mark_current(
        RequestFactory().get("/staff/people/17/"),
        [
            MenuEntry("a", "ก", "A", "/staff/"),
            MenuEntry("b", "ข", "B", "/staff/people/"),
            MenuEntry("c", "ค", "C", "/staff/peop/"),
            MenuEntry("d", "ง", "D", "/"),
        ],
    )
    assert [row["entry"].key for row in rows if row["current"]] == ["b"]


def test_menu_groups_keep_the_order_of_their_first_entry():
    rows = context.mark_current(
        RequestFactory().get("/x/"),
        [entry("a", group_th="หนึ่ง"), entry("b", group_th="สอง"), entry("c", group_th="หนึ่ง")],
    )
    assert [(words, [r["entry"].key for r in inside]) for words, inside in context.grouped(rows)] == [
        ("หนึ่ง", ["a", "c"]),
        ("สอง", ["b"]),
    ]


def failing(*_: object) -> int:
    raise DatabaseError("gone")


def test_a_page_stands_when_the_database_is_gone(monkeypatch):
    profile: Slot = Slot("town_profile", failing)
    monkeypatch.setattr(registry, "town_profile", profile)
    monkeypatch.setattr(registry, "unread", Slot("unread", failing))
    monkeypatch.setattr(registry, "banners", Slot("banners", failing))
    request = RequestFactory().get("/")
    parts = context.page_parts(request)
    assert parts["town"] == registry.NO_TOWN
    assert parts["shell"].unread == 0
    assert parts["shell"].banners == []
    assert context.badge_of(entry(badge=failing), request) is None


def test_other_errors_of_a_provider_are_not_hidden():
    with pytest.raises(ZeroDivisionError):
        registry.calm(lambda: 1 // 0, 0)


class TestTasks:
    """ "What must I do now?" of Anong, a data officer."""

    @pytest.fixture(autouse=True)
    def lists(self, monkeypatch):
        self.tasks: Registry[TaskSource] = Registry("tasks")
        monkeypatch.setattr(registry, "tasks", self.tasks)
        monkeypatch.setattr(registry, "may", Slot("may", lambda request, permission: permission == "data.review"))

    def add(self, key, answer, permission="", order=100):
        self.tasks.add(TaskSource(key, key, key, f"/{key}/", lambda request: answer, permission, order))

    def titles(self):
        return [task.title for task in views.tasks_for(RequestFactory().get("/staff/"))]

    def test_late_work_comes_first(self):
        self.add("calm", 4, order=1)
        self.add("late", TaskCount(2, late=1, hint="เก่าที่สุด 3 วัน"), order=2)
        assert self.titles() == ["late", "calm"]
        late = views.tasks_for(RequestFactory().get("/staff/"))[0]
        assert (late.count, late.state, late.hint) == (2, "late", "เก่าที่สุด 3 วัน")
        assert "1" in late.state_label

    def test_what_has_nothing_waiting_is_left_out(self):
        self.add("empty", 0)
        assert self.titles() == []

    def test_what_she_may_not_do_is_not_counted(self):
        self.tasks.add(TaskSource("secret", "x", "x", "/x/", failing, "payroll"))
        self.add("review", 3, permission="data.review")
        assert self.titles() == ["review"]


def test_every_registered_icon_is_in_the_sprite():
    there = set(re.findall(r'symbol id="([a-z]+)"', SPRITE.read_text("utf-8")))
    used = {e.icon for lst in (registry.menu, registry.home_tiles, registry.demo_roles) for e in lst}
    assert used <= there


def test_a_town_speaks_both_languages():
    town = TownProfile("เทศบาลตัวอย่าง", "Sample Town", slogan_th="เมืองสมมติ")
    with override("en"):
        assert (town.name, town.slogan) == ("Sample Town", "เมืองสมมติ")
