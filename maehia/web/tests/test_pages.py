"""The shells as a person or a program meets them."""

from __future__ import annotations

import json
from unittest.mock import patch

import pytest
from django.db import DatabaseError
from django.test import Client
from lxml import html

from maehia.kit.testing import AppTestCase
from maehia.web import registry, views
from maehia.web.registry import Banner, Slot, TownProfile
from maehia.web.tests.cast import OnlyWeb


class PageTest(OnlyWeb, AppTestCase):
    def page(self, path, status=200, **options):
        answer = self.client.get(path, **options)
        assert answer.status_code == status, answer.content[:300]
        return html.fromstring(answer.content.decode())

    def test_the_home_page_is_thai_first(self):
        page = self.page("/")
        assert page.get("lang") == "th"
        assert "แจ้งเรื่อง" in page.text_content()
        assert page.xpath("//a[@class='skip']/@href") == ["#main"]
        assert page.xpath("//main[@id='main']")

    def test_english_stands_under_its_own_address(self):
        page = self.page("/en/")
        assert page.get("lang") == "en"
        assert "A light is out" in page.text_content()
        assert page.xpath("//a[@hreflang='th']/@href") == ["/"]

    def test_no_thai_words_of_the_shell_are_left_on_an_english_page(self):
        page = self.page("/en/")
        for switch in page.xpath("//*[@hreflang='th']"):
            switch.drop_tree()
        left = [line.strip() for line in page.text_content().splitlines() if any("ก" <= c <= "๛" for c in line)]
        assert left == []

    def test_the_invented_town_says_so_on_every_page(self):
        for path in ("/", "/en/", "/staff/styleguide/", "/offline/"):
            assert self.page(path).xpath("//div[contains(@class,'banner-demo')]")

    def test_a_real_town_has_no_demo_doors(self):
        self.town = TownProfile("เทศบาลจริง", "Real")
        page = self.page("/")
        assert not page.xpath("//div[contains(@class,'banner-demo')]")
        assert not page.xpath("//form[@action='/enter/']")
        assert "วางไฟล์" not in page.text_content()

    def test_a_demo_role_is_one_click_by_post(self):
        form = self.page("/").xpath("//form[@action='/enter/']")[0]
        assert form.get("method") == "post"
        assert form.xpath(".//input[@name='role']/@value") == ["mayor"]

    def test_the_footer_says_who_helps(self):
        assert self.page("/").xpath("//footer//a[@href='tel:053000000']")

    def test_banners_of_exercise_and_emergency_look_different(self):
        both = [Banner("live", "น้ำล้นตลิ่ง", "Flood", "/alert/"), Banner("exercise", "ฝึกซ้อม", "Exercise")]
        with patch.object(registry, "banners", Slot("banners", lambda request: both)):
            page = self.page("/")
        assert page.xpath("//div[contains(@class,'banner-live')][@role='alert']//a/@href") == ["/alert/"]
        assert "ฝึกซ้อม" in page.xpath("//div[contains(@class,'banner-exercise')]")[0].text_content()

    def test_no_page_carries_inline_code_or_style(self):
        for path in ("/", "/staff/styleguide/", "/staff/styleguide/wall/", "/offline/"):
            page = self.page(path)
            assert page.xpath("//@style") == []
            assert page.xpath("//style") == []
            assert [s for s in page.xpath("//script[not(@src)]") if s.get("type") != "application/json"] == []
            assert page.xpath("//@*[starts-with(name(), 'on')]") == []

    def test_nothing_is_fetched_from_another_host(self):
        page = self.page("/staff/styleguide/")
        for address in page.xpath("//link/@href | //script/@src | //img/@src | //*[local-name()='use']/@href"):
            assert address.startswith("/"), address

    def test_the_console_asks_who_you_are(self):
        answer = self.client.get("/staff/")
        assert answer.status_code == 302
        assert "login" in answer["Location"]

    def test_an_unknown_page_says_what_next(self):
        page = self.page("/no/such/page/", 404)
        assert "ไม่พบหน้านี้" in page.xpath("//h1")[0].text_content()
        assert "ทำอย่างไรต่อ" in page.text_content()
        assert page.xpath("//a[@href='/']")

    def test_every_error_page_says_what_happened_and_what_next(self):
        for status in (400, 403, 404, 409, 429, 500):
            page = self.page(f"/staff/styleguide/error-{status}/", status)
            assert str(status) in page.xpath("//p[@class='code']")[0].text_content()
            assert len(page.xpath("//h1")[0].text_content()) > 5
            assert "053-000-000" in page.text_content()

    def test_a_broken_page_gives_a_code_to_tell_on_the_phone(self):
        page = self.page("/staff/styleguide/error-500/", 500)
        assert len(page.xpath("//p[@class='code']")[0].text_content().split("·")[1].strip()) == 8

    def test_an_error_page_stands_when_the_database_is_gone(self):
        with patch.object(registry, "town_profile", Slot("town_profile", raise_database_error)):
            assert self.page("/no/such/page/", 404).xpath("//h1")

    def test_a_stale_form_is_refused_with_words(self):
        answer = Client(enforce_csrf_checks=True).post("/staff/", {"a": 1})
        assert answer.status_code in (403, 405)
        assert "โหลดใหม่" in answer.content.decode()

    def test_the_app_can_be_installed_under_the_towns_name(self):
        body = json.loads(self.client.get("/manifest.webmanifest").content)
        assert body["name"] == "เทศบาลเมืองตัวอย่าง"
        assert body["start_url"] == "/"
        assert body["icons"]

    def test_the_service_worker_keeps_looks_but_no_pages(self):
        answer = self.client.get("/sw.js")
        script = answer.content.decode()
        assert answer["Content-Type"].startswith("text/javascript")
        assert answer["Service-Worker-Allowed"] == "/"
        kept = json.loads(script.split("const KEEP = ")[1].split(";\n")[0])
        assert all(address.startswith("/static/") for address in kept)
        assert "/offline/" in script
        assert "maehia-" + views.release() in script

    def test_health_says_live_and_ready(self):
        assert self.client.get("/health/live").json() == {"status": "ok"}
        assert self.client.get("/health/ready").json() == {"status": "ok"}

    def test_without_a_database_it_is_live_but_not_ready(self):
        with patch.object(views.connection, "cursor", raise_database_error):
            assert self.client.get("/health/live").status_code == 200
            assert self.client.get("/health/ready").status_code == 503

    def test_the_console_remembers_its_language(self):
        answer = self.client.get("/language/en/?next=/staff/styleguide/")
        assert answer["Location"] == "/en/staff/styleguide/"
        assert self.page("/staff/styleguide/", follow=True).get("lang") == "en"
        back = self.client.get("/en/language/th/?next=/en/staff/styleguide/")
        assert back["Location"] == "/staff/styleguide/"
        assert self.page("/staff/styleguide/").get("lang") == "th"
        assert self.page("/").get("lang") == "th"

    def test_the_switch_of_the_console_names_the_page_it_comes_back_to(self):
        switch = self.page("/staff/styleguide/?page=2").xpath("//a[@hreflang='en']/@href")[0]
        assert self.client.get(switch)["Location"] == "/en/staff/styleguide/?page=2"

    def test_the_language_switch_leads_to_no_other_host(self):
        for bad in ("https://example.org/", "//example.org/", "javascript:alert(1)"):
            assert self.client.get("/language/th/", {"next": bad})["Location"] == "/staff/"
        assert self.client.get("/language/xx/").status_code == 404

    def test_a_wall_screen_is_dark_and_tells_its_age(self):
        page = self.page("/staff/styleguide/wall/")
        assert page.get("data-theme") == "dark"
        assert page.xpath("//main/@data-as-of")[0].startswith("2026-11-21T14:30")

    def test_pages_are_read_only(self):
        for path in ("/", "/health/live", "/sw.js", "/staff/styleguide/"):
            assert self.client.post(path).status_code == 405


def raise_database_error(*_):
    raise DatabaseError("gone")


def test_the_release_changes_with_a_kept_file(tmp_path):
    views.release.cache_clear()
    first = views.release()
    views.release.cache_clear()
    changed = tmp_path / "x.css"
    changed.write_text("a {}")
    with patch.object(views.finders, "find", lambda name: str(changed)):
        assert views.release() != first
    views.release.cache_clear()


@pytest.mark.parametrize("status", [400, 403, 404, 409, 429, 500])
def test_error_words_blame_nobody(status):
    from maehia.web.errors import words

    said = " ".join(words(status))
    assert "คุณทำผิด" not in said
    assert len(said) > 40
