"""A cheap phone without a script, and a phone without a signal, reach the desk."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from maehia.emergency.models import HelpRequest
from maehia.emergency.tests.cast import Desk
from maehia.emergency.tests.test_help import HERE, Case
from maehia.kit.testing import EXTRA_KEPT
from maehia.web.testing import DESK, PHONE, BrowserCase

EXTRA_KEPT |= {"access_role", "access_roleevent"}
pytestmark = [pytest.mark.browser, pytest.mark.slow]
SHOTS = os.environ.get("KEEP_PICTURES_IN", "")  # a folder: keep what the pages look like, to be looked at


def shoot(page, name: str) -> None:
    if SHOTS:
        page.screenshot(path=str(Path(SHOTS) / f"{name}.png"), full_page=True)


class TestHelpInTheBrowser(Desk, BrowserCase):
    asking, live_flood, team = Case.asking, Case.live_flood, Case.team

    def test_three_taps_on_a_phone_and_the_desk_answers(self):
        flood = self.live_flood()
        self.enter(self.duty)
        with self.browser() as open_page:
            plain = open_page("/help/", width=PHONE, javascript=False)
            shoot(plain, "help-start")
            plain.click("text=ต้องการความช่วยเหลือ")
            plain.check("input[value=trapped]")
            shoot(plain, "help-need")
            plain.click("button:has-text('ส่งคำขอ')")
            code = plain.inner_text(".sos-code")
            assert len(code) == 9
            shoot(plain, "help-sent")

            smart = open_page("/help/need/", width=PHONE, permissions=["geolocation"],
                              geolocation={"longitude": HERE[0], "latitude": HERE[1]})  # fmt: skip
            smart.click("[data-here]")
            smart.wait_for_selector("[data-here].got")
            smart.check("input[value=medicine]")
            smart.fill("input[name=phone]", "081-234-5678")
            smart.click("button:has-text('ส่งคำขอ')")
            smart.wait_for_selector(".sos-code")
            self.assert_no_sideways(smart)
            self.assert_accessible(smart)

            desk = open_page(f"/staff/emergency/{flood.number}/help/", width=DESK, cookies=self.cookies_of(self.client))
            assert desk.locator(".sos-line").count() == 2
            shoot(desk, "help-board")
            desk.click("a:has-text('ขาดยา')")
            shoot(desk, "help-one")
            desk.click("button:has-text('บันทึกลำดับ')")
            assert "P2" in desk.inner_text("h2 .sos-p")
            self.assert_obeys_policy(desk)
            small = open_page(f"/staff/emergency/{flood.number}/help/", width=PHONE,
                              cookies=self.cookies_of(self.client))  # fmt: skip
            self.assert_no_sideways(small)
            shoot(small, "help-board-phone")
        with self.acting():
            row = HelpRequest.objects.get(phone__isnull=False)
        assert (row.point, row.incident_id) == (HERE, flood.pk)

    def test_without_a_signal_it_waits_and_is_sent_once(self):
        with self.browser() as open_page:
            page = open_page("/help/need/", width=PHONE)
            page.check("input[value=food]")
            page.context.set_offline(True)
            page.click("button:has-text('ส่งคำขอ')")
            page.wait_for_selector("[data-outbox-panel]")
            shoot(page, "help-offline")
            page.context.set_offline(False)
            page.click("[data-outbox-panel] button:has-text('ส่งเดี๋ยวนี้')")
            page.wait_for_selector("[data-outbox-panel] [data-state=sent]")
        with self.acting():
            assert HelpRequest.objects.count() == 1
