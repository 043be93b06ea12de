"""The officer's whole way in a real browser, wide and narrow: send, look, apply, see problems, review by keyboard."""

from datetime import date

import pytest
from django.urls import reverse

from maehia.evidence.models import PersonRecord, Verdict
from maehia.intake.models import ReviewItem
from maehia.intake.review import Pair, lay_out
from maehia.intake.tests.cast import AS_OF, ConcurrentIntake
from maehia.intake.tests.makers import PEOPLE
from maehia.kit import worker
from maehia.web.testing import DESK, PHONE, BrowserCase

pytestmark = pytest.mark.browser
THAI_N = "document.body.dispatchEvent(new KeyboardEvent('keydown', {key: 'ื', code: 'KeyN', bubbles: true}))"
FAULTY = [*PEOPLE, [4, "นาย", "ดี", "เกินวัน", "", "30 ก.พ. 2540", "1", "5"]]


class Way(ConcurrentIntake, BrowserCase):
    def look(self, page):
        """What every page must be, whatever it shows."""
        self.assert_no_sideways(page)
        self.assert_accessible(page)
        self.assert_obeys_policy(page)

    def cookies(self):
        return self.cookies_of(self.client)

    @pytest.mark.slow
    def test_from_a_dirty_workbook_to_the_register(self):
        path = self.people_file(rows=FAULTY)
        for width, source in ((DESK, "vhv"), (PHONE, "utility")):
            cookies = self.cookies()
            with self.browser() as open_page:
                page = open_page("/staff/intake/", width=width, cookies=cookies)
                self.look(page)
                page.goto(f"{self.live_server_url}/staff/intake/deliver/")
                page.select_option("#id_source", source)
                with page.expect_response("**/day/"):
                    page.set_input_files("#id_file", str(path))
                page.wait_for_selector("text=อ่านจากหัวตาราง")
                assert page.input_value("#id_as_of_2") == "2569"
                self.look(page)
                page.click("text=ส่งไฟล์เพื่อตรวจ")
                page.wait_for_selector("progress")
                self.look(page)
                shown = page.url
            worker.run(until_empty=True)
            found = self.delivery()
            assert (found.state, found.as_of) == ("previewed", AS_OF)
            with self.browser() as open_page:
                page = open_page(shown.removeprefix(self.live_server_url), width=width, cookies=cookies)
                page.wait_for_selector("text=ตรวจแล้ว ยังไม่มีอะไรเปลี่ยน")
                self.look(page)
                page.click("text=ไม่มีวันนี้ในปฏิทิน")
                page.wait_for_selector("#problems")
                self.look(page)
                page.go_back()
                page.click("text=นำเข้าฐานข้อมูลเมือง")
                page.wait_for_selector("progress")
            worker.run(until_empty=True)
            assert self.delivery().state == "committed"
            with self.browser() as open_page:
                page = open_page(shown.removeprefix(self.live_server_url), width=width, cookies=cookies)
                page.wait_for_selector("text=สิ่งที่เปลี่ยนในทะเบียนเมือง")
                self.look(page)
                page.click("a:has-text('ถอนรอบส่งนี้')")
                page.wait_for_selector("#id_why")
                self.look(page)

    def pairs(self):
        """Three doubtful pairs of two lists."""
        self.send(self.people_file())
        self.send(self.people_file("water.xlsx"), "utility", date(2026, 9, 30))
        worker.run(until_empty=True)
        for pk in (1, 2):
            self.client.post(reverse("intake:apply", args=[pk]))
        worker.run(until_empty=True)
        with self.acting():
            refs = {
                (r.source_id, r.first_name): r.ref for r in PersonRecord.objects.current().order_by("source", "ref")
            }
            a, b, c = (refs["vhv", name] for name in ("สมชาย", "มาลี", "บุญมี"))
            x, y, z = (refs["utility", name] for name in ("มาลี", "บุญมี", "สมชาย"))
            lay_out("person", [Pair(a, x, 0.9, "doubt"), Pair(b, y, 0.7, "doubt"), Pair(c, z, 0.4, "doubt")])

    @pytest.mark.slow
    def test_pairs_are_ruled_by_keyboard(self):
        self.pairs()
        first, second, third = ReviewItem.objects.order_by("-p").values_list("pk", flat=True)
        cookies = self.cookies()
        with self.browser() as open_page:
            page = open_page("/staff/intake/review/", cookies=cookies)
            self.look(page)
            page.click("text=เริ่มตรวจ")
            page.wait_for_url(f"**/review/{first}/")
            self.look(page)
            page.keyboard.press("ArrowRight")
            page.wait_for_url(f"**/review/{second}/")
            page.keyboard.press("ArrowLeft")
            page.wait_for_url(f"**/review/{first}/")
            page.keyboard.press("s")
            page.wait_for_url(f"**/review/{second}/")
            page.keyboard.press("u")
            page.wait_for_url(f"**/review/{third}/")
            page.evaluate(THAI_N)
            page.wait_for_url(f"**/review/{second}/")
            page.click("summary:has-text('เพิ่มเหตุผล')")
            page.keyboard.press("Tab")
            page.keyboard.type("sn ยังไม่ตัดสิน")
            assert page.url.endswith(f"/review/{second}/"), "letters in a field rule on nothing"
            narrow = open_page(f"/staff/intake/review/{second}/", width=PHONE, cookies=cookies)
            self.look(narrow)
            self.look(open_page("/staff/intake/review/decided/", width=PHONE, cookies=cookies))
        ruled = dict(Verdict.objects.order_by("pk").values_list("pk", "same"))
        assert list(ruled.values()) == [True, False]

    def test_the_way_works_without_javascript(self):
        with self.browser() as open_page:
            page = open_page("/staff/intake/deliver/", javascript=False, cookies=self.cookies())
            page.select_option("#id_source", "vhv")
            page.set_input_files("#id_file", str(self.people_file()))
            page.click("text=ส่งไฟล์เพื่อตรวจ")
            assert "โหลดหน้านี้ใหม่เพื่อดูความคืบหน้า" in page.content()
        assert self.delivery().as_of == AS_OF
