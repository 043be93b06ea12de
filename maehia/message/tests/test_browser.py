"""The pages of the messages in a browser, on a phone and on a desk."""

from __future__ import annotations

import os
from unittest.mock import patch

import pytest

from maehia.message.actions import Recipient, queue, send_due
from maehia.message.channels.line import api
from maehia.message.fakes import line as fake
from maehia.message.tests.cast import MALEE
from maehia.message.tests.test_pages import People
from maehia.web.testing import DESK, PHONE, BrowserCase

SHOTS = os.environ.get("KEEP_PICTURES_IN", "")  # a folder: keep what the pages look like, to be looked at
NAMES = ("channels.line.api", "channels.sms", "channels.email", "views.phone")


@pytest.mark.browser
class TestPages(People, BrowserCase):
    def look(self, page, name: str) -> None:
        self.assert_no_sideways(page)
        self.assert_accessible(page)
        self.assert_obeys_policy(page)
        if SHOTS:
            page.screenshot(path=f"{SHOTS}/message-{name}.png", full_page=True)

    @pytest.mark.slow
    def test_pages_of_staff_read_well_at_both_widths(self):
        self.enter(self.clerk)
        for number, moo in enumerate(["2", "5", "5"]):
            self.follow(fake.user_id(f"f{number}"), moo=moo)
        self.follow(news=False)
        self.line.answers = [200, 400, 500]
        for word in ("หนึ่ง", "สอง", "สาม"):
            with self.acting("message.send"):
                queue("test.word", to=Recipient(line_user=MALEE), values={"word": word})
        send_due()
        cookies = self.cookies_of(self.client)
        with self.browser() as open_page:
            for width in (PHONE, DESK):
                for path in (
                    "connections/",
                    "messages/",
                    "messages/texts/",
                    "messages/texts/line.greeting/",
                    "messages/terms/",
                ):
                    page = open_page(f"/staff/{path}", width=width, cookies=cookies)
                    self.look(page, f"{path.strip('/').replace('/', '-')}-{width}")
                page = open_page("/staff/messages/send/", width=width, cookies=cookies)
                page.fill("[name=text_th]", "พรุ่งนี้น้ำประปาหยุดไหล 9.00–12.00 น.")
                page.check("[name=moos][value='5']", force=True)
                page.click("button[value=preview]")
                assert "2" in page.inner_text(".tile-value")
                self.look(page, f"send-{width}")

    def test_a_chat_on_the_demos_phone(self):
        with patch("maehia.message.channels.line.api.is_demo", return_value=True), api.through(None):
            patches = [patch(f"maehia.message.{name}.is_demo", return_value=True) for name in NAMES[1:]]
            for one in patches:
                one.start()
                self.addCleanup(one.stop)
            with self.browser() as open_page:
                for width in (PHONE, DESK):
                    page = open_page("/demo/line/", width=width)
                    if page.locator("button[value=follow]").count():
                        page.click("button[value=follow]")
                    page.fill("#say", "ไฟถนนหน้าบ้านดับสองดวง")
                    page.click(".phone-say button")
                    page.wait_for_selector(".mine")
                    assert "ไฟถนนหน้าบ้านดับสองดวง" in page.inner_text(".phone-line")
                    self.look(page, f"phone-{width}")
