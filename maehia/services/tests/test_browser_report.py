"""In a real browser, on a phone first: a dark lamp from the first tap to "really fixed"."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

import pytest

from maehia.kit import clock
from maehia.kit.testing import EXTRA_KEPT, NOW, in_threads
from maehia.services import actions
from maehia.services.models import Case, CaseDetail
from maehia.services.tests.case_cast import AT_LAMP_A, LAMP_A
from maehia.services.tests.citizen_cast import CitizenTown, jpeg
from maehia.web.testing import DESK, PHONE, BrowserCase

EXTRA_KEPT |= {"access_role", "access_roleevent"}
pytestmark = pytest.mark.browser
SHOTS = os.environ.get("KEEP_PICTURES_IN", "")  # a folder: keep what the pages look like, to be looked at


PLACE = {"latitude": AT_LAMP_A[1] + 0.00004, "longitude": AT_LAMP_A[0]}


def aside(work):
    """Do something in the database while the browser is open: its loop has this thread."""
    done = in_threads(1, lambda _: work())[0]
    if isinstance(done, Exception):
        raise done
    return done


class CitizenInBrowser(CitizenTown, BrowserCase):
    def keep(self, page, name):
        if SHOTS:
            page.screenshot(path=Path(SHOTS) / f"{name}.png", full_page=True)

    def change(self, model, case, **columns):
        with self.acting():
            model.objects.filter(pk=case.pk).update(**columns)

    @pytest.mark.slow
    def test_pages_are_readable_and_accessible_on_phone_and_desk_in_both_languages(self):
        case = self.file()
        done = self.file(contact=actions.Contact())
        self.fix(done)
        for n in range(4):
            self.file(service="road", asset_key=None, point=(98.951 + n / 900, 18.744 + n / 700), description="หลุม")
        secret, fixed = actions.secret_of(case.pk), actions.secret_of(done.pk)
        paths = {
            "start": "/report/", "found": "/report/?q=ไฟทางดับหน้าวัด", "fire": "/report/?q=ไฟไหม้บ้าน", "write": "/report/light/tell/",
            "sealed": "/report/corruption/tell/", "sent": f"/follow/{secret}/sent/", "follow": f"/follow/{secret}/",
            "fixed": f"/follow/{fixed}/", "fixed-yes": f"/follow/{fixed}/?fixed=yes", "fixed-no": f"/follow/{fixed}/?fixed=no",
            "find": "/follow/", "list": "/cases/", "map": "/cases/map/", "public": f"/cases/{case.number}/",
        }  # fmt: skip
        with self.browser() as open_page:
            for lang in ("", "/en"):
                for name, path in paths.items():
                    for width in (PHONE, DESK):
                        page = open_page(lang + path, width=width)
                        page.wait_for_timeout(1500 if name in ("map", "write") and width == DESK else 200)
                        self.keep(page, f"{name}{lang.replace('/', '-')}-{width}")
                        self.assert_accessible(page, skip=(".map-frame",))
                        self.assert_no_sideways(page)
                        page.context.close()

    def test_a_lamp_from_the_first_tap_to_really_fixed(self):
        with self.browser() as open_page:
            page = open_page("/", width=PHONE, geolocation=PLACE, permissions=["geolocation"])
            page.click("main a[href='/report/']")
            page.wait_for_load_state()
            page.fill("#q", "ไฟทางดับหน้าวัด")
            page.click("#found a[href^='/report/light/']")
            page.wait_for_load_state()
            page.set_input_files("input[type=file]", {"name": "lamp.jpg", "mimeType": "image/jpeg", "buffer": jpeg()})
            page.wait_for_selector(".file-list img")
            page.click("[data-locate]")
            page.wait_for_selector("#around >> text=L-001")
            assert "4 เมตร" in page.inner_text("#around")
            self.keep(page, "journey-form")
            page.fill("[name=phone]", "081 000 0001")
            page.click("text=ไฟกะพริบ")
            page.click(".send button")
            page.wait_for_selector(".number-big")
            case = aside(self.only)
            assert page.inner_text(".number-big") == case.number == "2569-000001"
            assert (case.asset_key, case.detail.description) == (LAMP_A, "ไฟทางดับหน้าวัด")
            assert "23 พ.ย. 2569" in page.inner_text("main")
            self.assert_obeys_policy(page)
            page.click("text=เปิดหน้าติดตามเรื่อง")
            assert "รอรับเรื่อง" in page.inner_text(".standing")

            aside(lambda: self.fix(case))
            page.reload()
            assert "เสร็จสิ้น" in page.inner_text(".standing")
            page.wait_for_selector(".slider img")
            self.keep(page, "journey-fixed")
            page.click("#fixed >> text=ยังไม่แก้")
            page.fill("#again_text", "ยังดับอยู่")
            page.click("#fixed button.primary")
            page.wait_for_selector("text=เปิดเรื่องอีกครั้งแล้ว")
            assert "กำลังดำเนินการ" in page.inner_text(".standing")
            assert "ขอให้แก้ไขอีกครั้งแล้ว 1 ครั้ง" in page.inner_text(".standing")

            with clock.at(NOW + timedelta(hours=2)):
                aside(lambda: self.fix(case))
            page.reload()
            page.click("#fixed >> text=แก้เรียบร้อยแล้ว")
            page.click(".stars label >> nth=4")
            page.click("#fixed button.primary")
            page.wait_for_selector("text=คุณให้คะแนน 5 จาก 5")
            self.keep(page, "journey-rated")
            self.assert_obeys_policy(page)
        assert self.fresh(case).rating == 5

    def test_each_figure_changes_with_its_row(self):
        case = self.file()
        link, public = f"/follow/{actions.secret_of(case.pk)}/", f"/cases/{case.number}/"
        changes = {
            "มีผู้พบเหตุเดียวกันอีก 7 คน": {"me_too": 7}, "ขอให้แก้ไขอีกครั้งแล้ว 3 ครั้ง": {"reopened": 3},
            "ภายใน 1 ธ.ค. 2569 16:30 น.": {"due_at": case.due_at + timedelta(days=8)}, "2569-000777": {"number": "2569-000777"},
        }  # fmt: skip
        with self.browser() as open_page:
            page = open_page(link, width=PHONE)
            for words, change in changes.items():
                assert words not in page.inner_text("main")
                aside(lambda change=change: self.change(Case, case, **change))
                page.reload()
                assert words in page.inner_text("main"), words
            aside(lambda: self.change(CaseDetail, case, description="คำใหม่"))
            page.reload()
            assert "คำใหม่" in page.inner_text("main")
            page = open_page("/cases/", width=PHONE)
            assert "พบ 1 เรื่อง" in page.inner_text("main")
            aside(lambda: self.file(service="road", asset_key=None))
            page.reload()
            assert "พบ 2 เรื่อง" in page.inner_text("main")
            assert page.request.get(f"{self.live_server_url}{public}").status == 404

    def test_everything_can_be_done_without_a_script(self):
        with self.browser() as open_page:
            page = open_page("/report/", width=PHONE, javascript=False)
            page.fill("#q", "ไฟทาง")
            page.click("[role=search] button")
            page.click("#found a[href^='/report/light/']")
            self.keep(page, "plain-form")
            page.fill("[name=note]", "หน้าวัดตัวอย่าง")
            page.fill("[name=asset_code]", "L-001")
            page.set_input_files("input[type=file]", {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": jpeg()})
            page.click(".send button")
            assert aside(self.only).asset_key == LAMP_A
            page.click("text=เปิดหน้าติดตามเรื่อง")
            aside(lambda: self.fix(self.only()))
            page.reload()
            assert page.locator(".shots img").count() == 2
            page.click("#fixed >> text=แก้เรียบร้อยแล้ว")
            page.check(".stars input >> nth=3", force=True)
            page.click("#fixed button.primary")
            assert "คุณให้คะแนน 4 จาก 5" in page.inner_text("main")

    def test_an_emergency_shows_its_number_while_it_is_typed(self):
        with self.browser() as open_page:
            page = open_page("/report/light/tell/", width=PHONE)
            assert not page.is_visible("a[href='tel:199']")
            page.type("[name=description]", "เสาไฟ ไฟไหม้")
            assert page.is_visible("a[href='tel:199']")
            page.fill("[name=description]", "ไฟดับ")
            assert not page.is_visible("a[href='tel:199']")

    def test_a_pin_outside_the_town_is_told_at_once(self):
        away = {"latitude": 18.74, "longitude": 99.5}
        with self.browser() as open_page:
            page = open_page("/report/light/tell/", width=PHONE, geolocation=away, permissions=["geolocation"])
            page.click("[data-locate]")
            page.wait_for_selector("#around >> text=อบต.ข้างเคียง")

    @pytest.mark.slow
    def test_text_at_two_hundred_percent_still_fits_a_phone(self):
        case = self.file()
        paths = (
            "/report/",
            "/report/light/tell/",
            f"/follow/{actions.secret_of(case.pk)}/",
            "/cases/",
            f"/cases/{case.number}/",
        )
        with self.browser() as open_page:
            for path in paths:
                page = open_page(path, width=PHONE)
                page.evaluate("document.documentElement.style.fontSize = '200%'")
                page.wait_for_timeout(200)
                self.keep(page, f"large-{path.strip('/').replace('/', '-')[:20]}")
                self.assert_no_sideways(page)
