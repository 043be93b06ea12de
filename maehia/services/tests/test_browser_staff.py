"""The officer's half of a report, on a phone: from the inbox to the photo that everybody sees; and every page of the desk."""

from __future__ import annotations

import os
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.contrib.gis.geos import Point
from django.core.cache import cache

from maehia.city.actions import set_town
from maehia.city.models import Asset
from maehia.forms import actions as files
from maehia.kit.acting import Scope, acting
from maehia.kit.testing import EXTRA_KEPT, NOW, in_threads
from maehia.services import actions
from maehia.services.actions import Contact, NewCase, Stale
from maehia.services.actions.routing import publish_routing, save_draft
from maehia.services.models import Case, CaseDetail, CaseEvent, EscalationRung
from maehia.services.tests.desk_cast import TownHall, lay, photo_file
from maehia.web.testing import DESK, PHONE, BrowserCase

EXTRA_KEPT |= {"access_role", "access_roleevent"}
pytestmark = pytest.mark.browser
OUTLINE = (
    '{"type":"Polygon","coordinates":[[[98.94,18.735],[98.965,18.735],[98.965,18.76],[98.94,18.76],[98.94,18.735]]]}'
)
SHOTS = os.environ.get("KEEP_PICTURES_IN", "")  # a folder: keep what the pages look like, to be looked at
LAMP = uuid4()
PAGES = (
    "", "new/", "confidential/", "repeated/", "routing/", "routing/try/", "escalation/", "escalation/new/",
    "escalation/drill/", "units/", "units/works/", "suggestions/", "retention/", "export/",
)  # fmt: skip


class DeskInBrowser(TownHall, BrowserCase):
    def setUp(self):
        super().setUp()
        cache.clear()
        with self.acting():
            set_town({"name_th": "เมืองตัวอย่าง (ข้อมูลสมมติ)", "lao_type": "เทศบาลเมือง", "district_code": "5001",
                      "province_code": "50", "outline": OUTLINE})  # fmt: skip
            Asset.objects.create(key=LAMP, code="L-17", asset_kind="ไฟถนน", name="ไฟหน้าวัดต้นเปา",
                                 geom=Point(98.9512, 18.7441, srid=4326))  # fmt: skip

    def report(self, text="ไฟถนนหน้าวัดดับมาสามคืนแล้ว เดินกลับบ้านมืดมาก", **more):
        """A citizen's report with a photo of the dark lamp."""
        key, device = uuid4(), f"device:{uuid4()}"
        contact = Contact(name="มาลี สุขใจดี", phone="081-234-5678")
        new = NewCase(service="street_light", channel="line", description=text, point=(98.9512, 18.7441),
                      asset_key=LAMP, address="ปากซอย 3", contact=contact, **more)  # fmt: skip
        with acting(device, "services.report", scope=Scope.subject(key)):
            files.attach(key, "photo", photo_file(), "lamp.jpg")
            opened = actions.open_case(new, by=device, case_id=key)
        return opened.case

    def keep(self, page, name):
        if SHOTS:
            page.screenshot(path=Path(SHOTS) / f"{name}.png", full_page=True)

    @contextmanager
    def entered(self, account):
        self.enter(account)
        cookies = self.cookies_of(self.client)
        with self.browser() as open_page:
            yield lambda path, **options: open_page(path, cookies=cookies, **options)

    def aside(self, work):
        """Do it on another thread: the browser holds this one's event loop."""
        (found,) = in_threads(1, lambda _n: work())
        if isinstance(found, Exception):
            raise found
        return found

    def state(self, case):
        def read():
            with self.acting():
                return Case.objects.get(pk=case.pk).state

        return self.aside(read)

    def change(self, case, **values):
        def write():
            with self.acting():
                Case.objects.filter(pk=case.pk).update(**values)

        self.aside(write)

    def test_from_the_inbox_to_the_photo_that_everybody_sees(self):
        case = self.report()
        with self.entered(self.works) as open_page:
            page = open_page("/staff/cases/", width=PHONE)
            assert "ไฟถนนหน้าวัดดับ" in page.inner_text(".cases")
            assert "0" in page.inner_text(".chips")
            page.click(".row-main a")
            page.click(".step-now button")
            page.wait_for_selector(".flash")
            page.click(".step-now button:has-text('เริ่มดำเนินการ')")
            page.wait_for_selector(".page-head >> text=กำลังดำเนินการ")
            page.click("summary:has-text('แก้ไขเสร็จแล้ว')")
            self.keep(page, "case-move-360")
            self.assert_no_sideways(page)
            page.set_input_files("input[name='fixed-photos']", files=[
                {"name": "after.jpg", "mimeType": "image/jpeg", "buffer": photo_file().read()}])  # fmt: skip
            page.fill("textarea[name='fixed-note']", "เปลี่ยนหลอดไฟแล้ว")
            page.click("details[open] form button.primary")
            page.wait_for_selector("text=หลังแก้ไข")
            assert self.state(case) == "fixed"
            visitor = open_page(f"/cases/{case.number}/", width=PHONE)
            assert visitor.locator("main img").count() == 0
            page.locator(".photos li", has_text="หลังแก้ไข").locator("button:has-text('เผยแพร่ภาพ')").click()
            page.wait_for_selector("text=เผยแพร่แล้ว")
            self.keep(page, "case-done-360")
            visitor.reload()
            assert visitor.locator("main img").count() >= 1
            assert "เปลี่ยนหลอดไฟแล้ว" in visitor.inner_text("main")
            self.assert_obeys_policy(page)

    def test_each_figure_of_the_inbox_changes_with_one_row(self):
        with self.acting():
            first, second = lay(due=-2), lay(due=4)
        with self.entered(self.works) as open_page:
            page = open_page("/staff/cases/")
            late = page.locator(".chip", has_text="เกินกำหนด").locator(".count")
            urgent = page.locator(".chip", has_text="เร่งด่วน").locator(".count")
            mine = page.locator(".tabs a", has_text="งานของฉัน").locator(".count")
            badge = page.locator(".staff-nav a[aria-current] .count")
            told = lambda: [box.inner_text() for box in (late, urgent, mine, badge)]  # noqa: E731
            assert told() == ["1", "0", "0", "1"]
            self.change(second, due_at=NOW - timedelta(days=1), is_urgent=True, assignee=self.works.pk)
            page.reload()
            assert told() == ["2", "1", "1", "2"]
            self.change(first, state="fixed", state_type="fixed")
            page.reload()
            assert told() == ["1", "1", "1", "1"]

    def test_keys_walk_the_list_and_a_case_is_typed_without_a_mouse(self):
        with self.acting():
            lay("เรื่องที่หนึ่ง", due=1)
            lay("เรื่องที่สอง", due=2)
        with self.entered(self.counter) as open_page:
            page = open_page("/staff/cases/?who=all")
            page.keyboard.press("j")
            page.keyboard.press("j")
            assert "เรื่องที่สอง" in page.evaluate("document.activeElement.innerText")
            page.keyboard.press("n")
            page.wait_for_selector(".entry")
            page.select_option("select[name=service]", "street_light")
            page.fill("textarea[name=text]", "ไฟดับหน้าตลาด")
            page.fill("input[name=address]", "หน้าตลาด")
            page.focus("input[name=address]")
            page.keyboard.press("Enter")
            page.wait_for_selector(".tell-number")
            number = page.inner_text(".tell-number")
            page.keyboard.press("Enter")
            page.wait_for_selector(".entry")
            assert page.input_value("textarea[name=text]") == ""
        with self.acting():
            assert Case.objects.get(number=number).channel == "phone"

    def fill_the_town(self):
        """Something on every page of the desk."""
        with self.acting():
            for n in range(4):
                lay(f"ไฟดับครั้งที่ {n + 1}", asset_key=LAMP, received_at=NOW - timedelta(days=20 * n + 1), due=n - 2)
            lay("มีคนเผาใบไม้หลังโรงเรียนทุกเย็น ควันเข้าห้องเรียน", service="smoke", due=0.2, is_urgent=True, me_too=4)
            lay("ต้นไม้พาดสายไฟ", due=None, state="waiting_citizen", moo=3)
            lay("เจ้าหน้าที่เรียกเงิน", service="staff_conduct")
            six = NOW - timedelta(days=6 * 366)
            lay("เก่ามากแล้ว", state="fixed", state_type="fixed", closed_at=six, received_at=six)
            CaseDetail.objects.update(suggested=[["street_light", 0.8]])
            EscalationRung.objects.create(name_th="เตือนหัวหน้าหน่วย", after_percent=80, roles=["head"])
            EscalationRung.objects.create(name_th="เตือนปลัด", after_percent=100, roles=["clerk"])
            publish_routing([{"key": "rest", "unit": "works", "conditions": []}], by=self.clerk.actor, note="เริ่มใช้")
            moo = {"fact": "moo", "operator": "in", "value": [3, 4]}
            lamps = {"fact": "service", "operator": "is", "value": "street_light"}
            save_draft([{"key": "moo_3", "unit": "health", "conditions": [moo, lamps]},
                        {"key": "rest", "unit": "works", "conditions": []}], by=self.clerk.actor)  # fmt: skip

    @pytest.mark.slow
    def test_every_page_of_the_desk_is_sound_on_a_phone_and_a_desk_in_both_languages(self):
        self.fill_the_town()
        case = self.report()
        self.enter(self.works)
        with self.acting():
            actions.assign_person(case.pk, self.works.pk, by=self.works.actor)
            actions.add_note(case.pk, "รอหลอดจากคลัง คาดว่าพรุ่งนี้", by=self.works.actor)
            actions.move(case.pk, "waiting_citizen", by=self.works.actor, question="เสาต้นที่อยู่ฝั่งวัดหรือฝั่งตลาด")
            actions.answer(case.pk, "ฝั่งวัด ใกล้ประตูเล็ก", by="device:x")
        pages = [*PAGES, f"{case.pk}/", f"{case.pk}/category/?code=smoke", f"{case.pk}/place/", f"{case.pk}/merge/"]
        with self.entered(self.clerk) as open_page:
            for width in (PHONE, DESK):
                for lang in ("", "/en"):
                    for path in pages:
                        page = open_page(f"{lang}/staff/cases/{path}", width=width)
                        name = path.split("?")[0].strip("/").replace(str(case.pk), "case").replace("/", "-") or "inbox"
                        self.keep(page, f"{name}-{width}{lang.replace('/', '-')}")
                        self.assert_no_sideways(page)
                        if not lang:
                            self.assert_accessible(page)
                        self.assert_obeys_policy(page)
                        page.context.close()

    def test_two_officers_at_the_same_moment_one_wins(self):
        case = self.report()

        def press(n):
            officer = (self.works, self.works2)[n]
            with acting(officer.actor, "services.desk"):
                return actions.move(case.pk, ("accepted", "in_progress")[n], by=officer.actor, version=1)

        done = in_threads(2, press)
        assert sum(isinstance(one, Stale) for one in done) == 1, done
        with self.acting():
            assert CaseEvent.objects.filter(case_id=case.pk, kind="state").count() == 1
