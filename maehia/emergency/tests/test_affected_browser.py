"""The list of people inside on a phone and on a desk: live in red, exercise in blue, nothing wider than the screen."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from django.core.cache import cache

from maehia.emergency.actions.footprints import Shape, set_footprint
from maehia.emergency.tests.cast import Desk
from maehia.emergency.tests.riverside import bank, box, build_bank, water
from maehia.emergency.tests.test_affected import Flooded
from maehia.kit.testing import EXTRA_KEPT, NOW
from maehia.web.testing import DESK, PHONE, BrowserCase

EXTRA_KEPT |= {"access_role", "access_roleevent"}
pytestmark = pytest.mark.browser
SHOTS = os.environ.get("KEEP_PICTURES_IN", "")  # a folder: keep what the pages look like, to be looked at


class PeopleOnScreens(Flooded, Desk, BrowserCase):
    def setUp(self):
        super().setUp()
        cache.clear()
        deep = Shape(box(-40, -30, 550, 40), "raster", NOW, water(0.8, 0.2, 0, 0.8, 0, 0), "น้ำขึ้น")
        set_footprint(self.commander, self.incident.pk, deep)
        with self.acting(mode="exercise"):
            build_bank("exercise", offset=500)
        self.drill = self.fought("exercise", bank(1, 3))
        with self.command():
            self.incident.refresh_from_db()

    def cookies(self, account):
        self.client = self.client_class()  # a session of her own
        self.enter(account)
        return self.cookies_of(self.client)

    def keep(self, page, name):
        if SHOTS:
            page.screenshot(path=Path(SHOTS) / f"{name}.png", full_page=True)

    @pytest.mark.slow
    def test_who_is_inside_reads_well_on_a_phone_and_on_a_desk(self):
        commander, officer = self.cookies(self.commander), self.cookies(self.officer)
        here = f"/staff/emergency/{self.incident.number}/affected/"
        drill = f"/staff/emergency/{self.drill.number}/affected/"
        with self.browser() as open_page:
            phone = open_page(here, width=PHONE, cookies=commander)
            phone.wait_for_selector("text=กาญจนา ริมน้ำ")
            self.assert_no_sideways(phone)
            self.keep(phone, "affected-360")
            assert phone.locator("a[href='tel:0811111111']").count() == 1
            phone.click("a.chip:has-text('ต้องใช้ออกซิเจน')")
            phone.wait_for_selector(".affected-row")
            assert phone.locator(".affected-row").count() == 1
            self.assert_obeys_policy(phone)

            wide = open_page(here, width=DESK, cookies=commander)
            self.assert_no_sideways(wide)
            self.assert_accessible(wide)
            self.keep(wide, "affected-1280")
            wide.click("button:has-text('อ่านทะเบียนใหม่')")
            wide.wait_for_selector("text=อ่านทะเบียนใหม่แล้ว")

            blue = open_page(drill, width=PHONE, cookies=commander)
            blue.wait_for_selector("[data-mode=exercise] >> text=การฝึกซ้อม")
            assert blue.locator("text=กาญจนา สมมติ").count() == 1
            assert blue.locator("text=กาญจนา ริมน้ำ").count() == 0
            self.keep(blue, "affected-exercise-360")

            other = open_page(here, width=PHONE, cookies=officer)
            other.wait_for_selector("text=ขอเปิดข้อมูลฉุกเฉินเป็นรายกรณี")
            self.assert_no_sideways(other)
            self.assert_accessible(other)
            self.keep(other, "affected-refused-360")
