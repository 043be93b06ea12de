"""In a real browser: the pages of the keys and of the link to Traffy, on a phone and at a desk, in both languages."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from django.test import override_settings

from maehia.kit.testing import EXTRA_KEPT
from maehia.services.actions.api_keys import make_api_key, revoke_api_key
from maehia.services.models import Peer
from maehia.services.peers.traffy import link
from maehia.services.tests.desk_cast import TownHall
from maehia.services.tests.open311_cast import publish
from maehia.services.tests.traffy_cast import KEYS, SECRET
from maehia.web.testing import DESK, PHONE, BrowserCase

EXTRA_KEPT |= {"access_role", "access_roleevent"}
pytestmark = pytest.mark.browser
SHOTS = os.environ.get("KEEP_PICTURES_IN", "")  # a folder: keep what the pages look like, to be looked at
PAGES = {"keys": "/staff/services/keys/", "traffy": "/staff/services/traffy/"}


@override_settings(TRAFFY=KEYS)
class DoorsInBrowser(TownHall, BrowserCase):
    def setUp(self) -> None:
        super().setUp()
        with self.acting():
            publish("light", "ไฟถนนดับ")
            publish("road", "ถนนชำรุด")
        make_api_key("แอปชุมชน (สมมติ)", "app@example.org", by="system:test")
        old = make_api_key("แอปเก่า (สมมติ)", "old@example.org", by="system:test", mode="exercise")
        revoke_api_key(old.row.pk, by="system:test")
        link.peer()
        Peer.objects.update(credit=420, error="network: ReadTimeout", error_at=self.now, ok_at=self.now)
        self.enter(self.clerk)

    @pytest.mark.slow
    def test_pages_are_readable_on_phone_and_desk_in_both_languages(self) -> None:
        cookies = self.cookies_of(self.client)
        with self.browser() as open_page:
            for lang in ("", "/en"):
                for name, path in PAGES.items():
                    for width in (PHONE, DESK):
                        page = open_page(lang + path, width=width, cookies=cookies)
                        if SHOTS:
                            page.screenshot(
                                path=Path(SHOTS) / f"{name}{lang.replace('/', '-')}-{width}.png", full_page=True
                            )
                        self.assert_accessible(page)
                        self.assert_no_sideways(page)
                        self.assert_obeys_policy(page)
                        assert SECRET not in page.content()

    def test_a_key_is_made_and_shown_once(self) -> None:
        cookies = self.cookies_of(self.client)
        with self.browser() as open_page:
            page = open_page(PAGES["keys"], width=PHONE, cookies=cookies)
            page.get_by_label("ชื่อแอปหรือหน่วยงาน").fill("แอปใหม่")
            page.get_by_label("ผู้ติดต่อ").fill("new@example.org")
            page.get_by_role("button", name="ออกกุญแจ", exact=True).click()
            page.wait_for_selector("input.secret")
            assert page.locator("input.secret").input_value().startswith("mhk_")
            if SHOTS:
                page.screenshot(path=Path(SHOTS) / "key-made.png", full_page=True)
            self.assert_no_sideways(page)
