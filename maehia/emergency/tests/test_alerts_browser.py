"""The public pages of alerts on a phone, in both languages, and the strip above every page."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from maehia.emergency.tests.alert_cast import Warned
from maehia.emergency.views import public_alerts
from maehia.web.testing import DESK, PHONE, BrowserCase


@pytest.mark.browser
class TestPublicAlerts(Warned, BrowserCase):
    def shot(self, page, name: str) -> None:
        if folder := os.environ.get("ALERT_SHOTS"):
            page.screenshot(path=str(Path(folder) / f"{name}.png"), full_page=True)

    @pytest.mark.slow
    def test_people_read_what_to_do_on_a_phone_and_on_every_page(self):
        with self.command("exercise"):
            drill = self.flood("exercise")
        self.out("exercise", drill)
        row = self.out()
        self.out(severity="Minor", urgency="Future", event="storm")
        public_alerts.write_all()
        looks = (("/alerts/", "list"), (f"/alerts/{row.identifier}/", "one"), ("/en/alerts/", "english"),
                 ("/alerts/exercise/", "exercise"), ("/", "home"))  # fmt: skip
        with self.browser() as open_page:
            for path, name in looks:
                page = open_page(path, width=DESK if name == "home" else PHONE)
                assert page.locator(".banner-live").count() == 1, path
                self.assert_no_sideways(page)
                self.assert_obeys_policy(page)
                self.shot(page, name)
                if name in ("list", "exercise"):
                    self.assert_accessible(page)
            page = open_page(f"/alerts/{row.identifier}/", width=PHONE, javascript=False)
            assert page.locator(".alert-do li").all_inner_texts() == ["ไปศูนย์พักพิง", "ปิดไฟฟ้าก่อนออกจากบ้าน", "ห้ามลุยน้ำไหล"]
