"""Questions, blurring and checking a document in a real browser, on a phone first."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pytest
from django.test import override_settings

from maehia.forms.actions import Signer, issue_document
from maehia.forms.models import Attachment
from maehia.forms.tests import urls
from maehia.forms.tests.files_cast import CASE, Files
from maehia.kit.testing import EXTRA_KEPT, in_threads
from maehia.web.testing import DESK, PHONE, BrowserCase
from maehia.web.tests.cast import OnlyWeb

EXTRA_KEPT |= {"access_role", "access_roleevent"}
pytestmark = pytest.mark.browser
SHOTS = os.environ.get("KEEP_PICTURES_IN", "")


class FormsInBrowser(Files, OnlyWeb, BrowserCase):
    def setUp(self):
        super().setUp()
        self.stands_in(override_settings(ROOT_URLCONF="maehia.forms.tests.urls"))
        urls.desk = urls.Desk()

    def keep(self, page, name):
        if SHOTS:
            page.screenshot(path=Path(SHOTS) / f"{name}.png", full_page=True)

    def good(self, page, name):
        self.keep(page, name)
        self.assert_accessible(page, skip=(".map-frame",))
        self.assert_no_sideways(page)

    def test_questions_appear_when_they_are_asked(self):
        with self.browser() as open_page:
            page = open_page("/ask/", width=PHONE)
            hidden = "[data-question=other_kind]"
            page.wait_for_selector(hidden, state="hidden")
            page.check("[name=kind][value=other]")
            page.wait_for_selector(hidden)
            page.check("[name=kind][value=fallen]")
            page.wait_for_selector(hidden, state="hidden")
            assert page.is_visible("[data-question=plan]")
            page.fill("[name=height]", "๑๒")
            page.wait_for_selector("[data-question=danger]")
            page.fill("[name=height]", "3")
            page.wait_for_selector("[data-question=danger]", state="hidden")
            self.good(page, "questions")
            page.click("button.primary")
            page.wait_for_selector(".error-summary a[href='#id_phone']")
            page.fill("[name=phone]", "081-234-5678")
            page.click("button.primary")
            page.wait_for_url("**/done/")
        assert urls.desk.answers == {"kind": "fallen", "height": "3", "phone": "0812345678"}

    def test_without_a_script_every_question_says_when_it_is_asked(self):
        with self.browser() as open_page:
            page = open_page("/ask/", javascript=False)
            assert "ตอบเฉพาะเมื่อ คำถาม kind คือ ข้อ other" in page.inner_text("main")
            page.check("[name=kind][value=branch]")
            page.fill("[name=phone]", "0812345678")
            page.click("button.primary")
            page.wait_for_url("**/done/")
        assert urls.desk.answers == {"kind": "branch", "phone": "0812345678"}

    def test_a_box_is_drawn_and_the_copy_released(self):
        row = self.photo()
        self.enter(self.officer)
        cookies = self.cookies_of(self.client)
        with self.browser() as open_page:
            for width in (DESK, PHONE):
                page = open_page(f"/staff/files/{row.pk}/release/", width=width, cookies=cookies)
                page.wait_for_selector(".boxes[data-live]")
                frame = page.locator(".boxes img").bounding_box()
                page.mouse.move(frame["x"] + frame["width"] * 0.2, frame["y"] + frame["height"] * 0.2)
                page.mouse.down()
                page.mouse.move(frame["x"] + frame["width"] * 0.5, frame["y"] + frame["height"] * 0.6, steps=4)
                page.mouse.up()
                page.wait_for_selector(".boxes .box")
                typed = [
                    float(page.locator(f"[name={name}]").first.input_value()) for name in ("x", "y", "width", "height")
                ]
                assert typed == pytest.approx([20, 20, 30, 40], abs=1)
                self.good(page, f"release-{width}")
            page.click("button[value=blur]")
            page.wait_for_selector("text=ปิดบัง 1 จุด")
            self.assert_obeys_policy(page)

        def copies():
            with self.desk():
                return [copy.is_released for copy in Attachment.objects.exclude(original=None)]

        assert in_threads(1, lambda _: copies())[0] == [True]

    def test_a_document_is_checked_on_the_phone(self):
        with self.desk():
            row = issue_document(
                "answer", CASE, "forms/documents/letter.html", {"paragraphs": ["ทดสอบ"]}, series="letter",
                signer=Signer("นายสมชาย ใจดีตัวอย่าง", "ปลัดเทศบาล"), title="แจ้งผลการพิจารณา", holder="นางมาลี สุขใจดี",
                valid_until=date(2027, 1, 1),
            )  # fmt: skip
        self.enter(self.clerk)
        cookies = self.cookies_of(self.client)
        with self.browser() as open_page:
            page = open_page("/verify/", width=PHONE)
            self.good(page, "verify-ask")
            page.fill("#code", "1234")
            page.click("main button.primary")
            page.wait_for_selector("text=ไม่พบเอกสารที่มีรหัสนี้")
            self.good(page, "verify-none")
            page.fill("#code", row.code.lower())
            page.click("main button.primary")
            page.wait_for_selector("text=มีผลอยู่")
            self.good(page, "verify-valid")
            self.good(open_page(f"/en/verify/{row.code}/", width=DESK), "verify-en")
            for name, path in (
                ("revoke", f"/staff/documents/{row.pk}/revoke/"),
                ("numbers", "/staff/documents/numbers/"),
            ):
                self.good(open_page(path, width=PHONE, cookies=cookies), name)
