"""In a real browser, on a phone and on a desk: from the search box to the row of the list, and nothing that axe minds."""

from __future__ import annotations

import os
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.cache import cache

from maehia.city.actions import load_quantities, set_town
from maehia.city.tests.cast import H_12_3, P_MALEE, Pages, url
from maehia.city.tests.test_readings_pages import TOP_OF_HOUR, fill
from maehia.city.tests.test_thing_pages import KEYS, build_things
from maehia.kit.testing import EXTRA_KEPT
from maehia.web.testing import DESK, PHONE, BrowserCase

EXTRA_KEPT |= {"access_role", "access_roleevent"}
pytestmark = pytest.mark.browser
OUTLINE = (
    '{"type":"Polygon","coordinates":[[[98.94,18.735],[98.965,18.735],[98.965,18.76],[98.94,18.76],[98.94,18.735]]]}'
)
SHOTS = os.environ.get("KEEP_PICTURES_IN", "")  # a folder: keep what the pages look like, to be looked at


class RegisterInBrowser(Pages, BrowserCase):
    def setUp(self):
        super().setUp()
        cache.clear()
        with self.acting():
            build_things()
            set_town({"name_th": "เมืองตัวอย่าง (ข้อมูลสมมติ)", "lao_type": "เทศบาลเมือง", "district_code": "5001",
                      "province_code": "50", "outline": OUTLINE})  # fmt: skip
            load_quantities()
            fill("AQ1", "pm25", hours=200, value=lambda n: 22 + (n * 7) % 31)
            fill("AQ1", "rain", hours=200, value=lambda n: 0.0 if n % 9 else 2.5)
            fill("AQ1", "temperature", hours=8, end=TOP_OF_HOUR - timedelta(hours=20), value=lambda n: 24.0 + n / 3)

    def keep(self, page, name):
        if SHOTS:
            page.screenshot(path=Path(SHOTS) / f"{name}.png", full_page=True)

    @contextmanager
    def entered(self, account=None):
        """The browser, logged in as the data officer or somebody else."""
        self.enter(account or self.data)
        cookies = self.cookies_of(self.client)
        with self.browser() as open_page:
            yield lambda path, **options: open_page(path, cookies=cookies, **options)

    def test_from_a_name_to_the_row_that_said_it(self):
        with self.entered() as open_page:
            for width in (PHONE, DESK):
                page = open_page("/staff/register/", width=width)
                page.fill("#q", "สุขใจดี")
                page.focus("#q")
                page.keyboard.press("Enter")
                page.wait_for_selector(".hit-list")
                self.keep(page, f"search-{width}")
                self.assert_accessible(page)
                self.assert_no_sideways(page)
                page.click(".hit-list a >> text=นางมาลี")
                page.wait_for_selector(".values")
                self.keep(page, f"person-{width}")
                page.click(".values .source summary >> nth=0")
                assert page.locator(".values .source-body").first.is_visible()
                assert "civil-2026-05-01.xlsx" in page.locator(".values .source-body").first.inner_text()
                page.click("text=ประวัติ")
                page.wait_for_selector(".timeline")
                assert "แจ้งครั้งแรก" in page.inner_text(".timeline")
                self.keep(page, f"history-{width}")
                self.assert_obeys_policy(page)

    def test_a_secret_opens_in_its_place(self):
        with self.entered() as open_page:
            page = open_page(url("person", P_MALEE))
            page.click("#value-national_id button")
            page.wait_for_selector(".secret")
            assert page.inner_text(".secret") == "3-1006-00445-63-5"
            assert "บันทึกการเปิดดูแล้ว" in page.inner_text("#value-national_id")
            assert page.url.endswith(f"/{P_MALEE}/")
            self.keep(page, "revealed")
            self.assert_obeys_policy(page)

    @pytest.mark.slow
    def test_axe_finds_nothing_and_nothing_is_too_wide(self):
        paths = {
            "person": url("person", P_MALEE), "house": url("house", H_12_3), "parcel": url("parcel", KEYS["parcel"]),
            "then": url("person", P_MALEE, "then/?valid_day=1&valid_month=6&valid_year=2569&known_day=1&known_month=1&known_year=2570"),
            "correct": url("person", P_MALEE, "correct/birth/"), "quality": "/staff/register/quality/",
            "readings": "/staff/readings/", "station": "/staff/readings/AQ1/?quantity=pm25&span=7d",
            "empty": "/staff/register/",
        }  # fmt: skip
        with self.entered() as open_page:
            for name, path in paths.items():
                for width in (PHONE, DESK):
                    page = open_page(path, width=width)
                    page.wait_for_timeout(300)
                    self.keep(page, f"{name}-{width}")
                    self.assert_accessible(page, skip=(".map-frame",))
                    self.assert_no_sideways(page)

    @pytest.mark.slow
    def test_public_pages_are_readable_and_accessible(self):
        with self.browser() as open_page:
            for name, path in {
                "public-readings": "/readings/",
                "public-station": "/readings/AQ1/",
                "public-map": "/map/",
            }.items():
                for width in (PHONE, DESK):
                    page = open_page(path, width=width)
                    page.wait_for_timeout(1500 if name == "public-map" else 300)
                    self.keep(page, f"{name}-{width}")
                    self.assert_accessible(page, skip=(".map-frame",))
                    self.assert_no_sideways(page)

    @pytest.mark.slow
    def test_town_settings_are_readable_and_a_holiday_is_added_by_looking_first(self):
        with self.entered(self.admin) as open_page:
            for width, name in ((PHONE, "calendar"), (DESK, "calendar"), (PHONE, ""), (DESK, "")):
                page = open_page(f"/staff/town/{name and name + '/'}", width=width)
                self.keep(page, f"{name or 'town'}-{width}")
                self.assert_accessible(page)
                self.assert_no_sideways(page)
            page = open_page("/staff/town/calendar/")
            page.fill("[name=day_day]", "20")
            page.select_option("[name=day_month]", "11")
            page.fill("[name=day_year]", "2569")
            page.fill("[name=name]", "วันหยุดพิเศษ (สมมติ)")
            page.fill("[name=source]", "มติ ครม. (สมมติ)")
            page.click("text=ดูผลก่อนเพิ่ม")
            page.wait_for_selector("#effect")
            self.keep(page, "calendar-effect")
            page.click("text=เพิ่มในปฏิทิน")
            page.wait_for_selector("text=เพิ่ม วันหยุดพิเศษ (สมมติ) ในปฏิทินแล้ว")
            self.assert_obeys_policy(page)

    def test_the_list_follows_the_map(self):
        with self.entered(self.planner) as open_page:
            page = open_page("/staff/map/?layer=parcels")
            page.wait_for_selector("[data-map][data-live]", timeout=20_000)
            assert "2 รายการ" in page.inner_text("#map-list")
            self.keep(page, f"map-{DESK}")
            page.locator(".maplibregl-canvas").focus()
            for _ in range(6):
                page.keyboard.press("ArrowUp")
                page.wait_for_timeout(150)
            page.wait_for_selector("#map-list >> text=เฉพาะที่เห็นบนแผนที่", timeout=20_000)
            self.assert_obeys_policy(page)
            self.keep(open_page("/staff/map/", width=PHONE), f"map-{PHONE}")

    def test_without_javascript_everything_can_still_be_done(self):
        with self.entered() as open_page:
            page = open_page("/staff/register/", javascript=False)
            page.fill("#q", "มาลี")
            page.click(".search button")
            page.click(".hit-list a >> nth=0")
            page.click("#value-phone button")
            assert "081-234-5678" in page.inner_text(".secret")
