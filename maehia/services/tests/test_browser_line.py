"""A broken lamp reported in the LINE chat, played on the demo's phone in a browser, through the signed webhook."""

from __future__ import annotations

import os
from unittest.mock import patch

import pytest

from maehia.kit.testing import EXTRA_KEPT
from maehia.message.channels.line import api
from maehia.message.fakes import phone
from maehia.message.tests.cast import Providers
from maehia.services.models import Case
from maehia.services.tests.case_cast import AT_LAMP_A, build_street
from maehia.services.tests.desk_cast import TownHall
from maehia.services.tests.photo_cast import jpeg
from maehia.web.testing import PHONE, BrowserCase

EXTRA_KEPT |= {"access_role", "access_roleevent"}
SHOTS = os.environ.get("KEEP_PICTURES_IN", "")  # a folder: keep what the pages look like, to be looked at


@pytest.mark.browser
class TestPhone(Providers, TownHall, BrowserCase):
    villages, handlers = False, ""

    def setUp(self) -> None:
        super().setUp()
        with self.acting():
            build_street()
        for name in (
            "message.channels.line.api",
            "message.channels.sms",
            "message.channels.email",
            "message.views.phone",
        ):
            patcher = patch(f"maehia.{name}.is_demo", return_value=True)
            patcher.start()
            self.addCleanup(patcher.stop)
        context = api.through(None)
        context.__enter__()
        self.addCleanup(context.__exit__, None, None, None)

    def test_a_lamp_is_reported_by_words_photo_pin_and_two_taps(self) -> None:
        with self.browser() as open_page:
            page = open_page("/demo/line/", width=PHONE)
            page.click("button[value=follow]")
            page.fill("#say", "ไฟถนนหน้าบ้านดับมาสามคืนแล้ว")
            page.click(".phone-say button")
            page.click("summary:has-text('ส่งภาพ')")
            page.set_input_files("#photo", {"name": "lamp.jpg", "mimeType": "image/jpeg", "buffer": jpeg().getvalue()})
            page.click("button:has-text('ส่งภาพ')")
            page.click("summary:has-text('ส่งตำแหน่ง')")
            page.fill("#lat", str(AT_LAMP_A[1]))
            page.fill("#lon", str(AT_LAMP_A[0]))
            page.click(".phone-more button:has-text('ส่งตำแหน่ง')")
            self.keep(page, "kinds")
            page.click(".quick button:has-text('ไฟถนนดับ')")
            self.keep(page, "confirm")
            page.click(".quick button:has-text('ส่งเรื่อง')")
            page.wait_for_selector(".bubble:has-text('รับเรื่อง')")
            said = page.inner_text(".phone-line")
            self.keep(page, "sent")
            self.assert_accessible(page)
            self.assert_obeys_policy(page)
        with self.acting():
            case = Case.objects.get()
        assert case.number in said
        assert (case.channel, case.service_id) == ("line", "street_light")
        assert phone.is_following(phone.user_of("malee"))

    def keep(self, page, name: str) -> None:
        self.assert_no_sideways(page)
        if SHOTS:
            page.screenshot(path=f"{SHOTS}/line-{name}.png", full_page=True)
