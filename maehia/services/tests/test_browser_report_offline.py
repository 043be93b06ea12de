"""The real report form without a signal: two reports wait on the phone and become two cases, once each."""

from __future__ import annotations

from pathlib import Path

import pytest

from maehia.kit.testing import EXTRA_KEPT
from maehia.services.models import Case
from maehia.services.queries.photos import photos_of
from maehia.services.tests.citizen_cast import CitizenTown, jpeg
from maehia.services.tests.test_browser_report import SHOTS, aside
from maehia.web.testing import PHONE, BrowserCase

EXTRA_KEPT |= {"access_role", "access_roleevent"}
pytestmark = pytest.mark.browser
PANEL = "[data-outbox-panel]"


class ReportWithoutSignal(CitizenTown, BrowserCase):
    def write(self, page, text):
        if not page.is_visible("[name=note]"):
            page.click(".by-words summary")
        page.fill("[name=note]", "หน้าวัด")
        page.fill("[name=description]", text)
        page.click(".send button")

    def filed(self):
        with self.acting():
            cases = Case.objects.select_related("detail").order_by("number")
            return [(case.detail.description, len(photos_of(case.pk))) for case in cases]

    def test_reports_written_offline_are_filed_once_when_the_signal_is_back(self):
        with self.browser() as open_page:
            page = open_page("/report/light/tell/", width=PHONE, service_workers="allow")
            page.evaluate("navigator.serviceWorker.ready")
            page.context.set_offline(True)
            photo = {"name": "lamp.jpg", "mimeType": "image/jpeg", "buffer": jpeg()}
            page.set_input_files("input[type=file]", photo)
            page.wait_for_selector(".file-list img")
            self.write(page, "ไฟดับหน้าวัด")
            page.wait_for_selector(f"{PANEL}:has-text('รอส่ง 1 เรื่อง')")
            assert "ส่งเรื่อง" in page.inner_text(".send button")
            self.write(page, "ไฟกะพริบอีกต้น")
            page.wait_for_selector(f"{PANEL}:has-text('รอส่ง 2 เรื่อง')")
            self.assert_no_sideways(page)
            if SHOTS:
                page.screenshot(path=Path(SHOTS) / "waiting.png", full_page=True)
            assert aside(self.filed) == []
            page.context.set_offline(False)
            page.wait_for_selector(f"{PANEL} li[data-state=sent] >> nth=1")
            page.reload()
            page.wait_for_selector(f"{PANEL} li[data-state=sent] >> nth=1")
            assert aside(self.filed) == [("ไฟดับหน้าวัด", 1), ("ไฟกะพริบอีกต้น", 0)]
            page.click(f"{PANEL} li[data-state=sent] a.button")
            page.wait_for_selector(".number-big")
