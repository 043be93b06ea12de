"""Readiness in a browser: an officer at a desk and one on a phone, from the hole in the roster to who answered."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from django.test import Client

from maehia.city.actions import Reading, add_readings, load_quantities
from maehia.city.models import Place, Station
from maehia.emergency.actions import calltree, readiness, roster, thresholds
from maehia.emergency.actions.calltree import NewPost
from maehia.emergency.actions.readiness import NewResource
from maehia.emergency.actions.roster import NewContact
from maehia.emergency.actions.thresholds import NewThreshold
from maehia.emergency.models import CallTry, DutyShift, ThresholdCrossing
from maehia.emergency.tests.cast import Desk
from maehia.kit.testing import EXTRA_KEPT, NOW
from maehia.web.testing import DESK, PHONE, BrowserCase

EXTRA_KEPT |= {"access_role", "access_roleevent"}
HOUR = timedelta(hours=1)


@pytest.mark.browser
class ReadinessInBrowser(Desk, BrowserCase):
    def setUp(self):
        super().setUp()
        load_quantities()
        Station.objects.create(key=UUID(int=1), code="WL01", name="เสาวัดน้ำห้วยแม่เหียะ สะพานกลาง")
        Station.objects.create(key=UUID(int=2), code="PM01", name="สถานีฝุ่นสำนักงานเทศบาล")
        Place.objects.create(key=UUID(int=7), name="โรงเรียนตัวอย่าง (ข้อมูลสมมติ)", is_shelter=True, capacity=240)
        with self.command():
            readiness.load_defaults()
            self.people()
            self.things()
        rows = [Reading("WL01", "water_level", NOW - timedelta(minutes=15) * n, 3.9 - n / 10) for n in range(6)]
        rows.append(Reading("PM01", "pm25", NOW - 7 * HOUR, 21.0))
        add_readings(rows, origin="test")
        thresholds.evaluate()

    def people(self):
        self.head = roster.save_contact(
            None, NewContact("ดวงใจ เฝ้ายาม", "0811111111", account=self.duty.pk, skills=["duty"])
        )
        self.vhv = roster.save_contact(None, NewContact(
            "สมศรี ใจดี", "0822222222", "vhv", ["first_aid", "radio"], [5], self.volunteer.pk))  # fmt: skip
        self.boat = roster.save_contact(
            None, NewContact("บุญมา ทองดี", "0833333333", "civil_defence", ["boat", "rescue"])
        )
        roster.add_shift(self.head.pk, NOW - 2 * HOUR, NOW + 10 * HOUR)
        roster.add_shift(self.boat.pk, NOW - 2 * HOUR, NOW + 22 * HOUR, rank=2)
        self.tree = calltree.save_tree(None, "น้ำป่าไหลหลาก", 5)
        top = calltree.save_post(self.tree.pk, None, NewPost("หัวหน้าชุดเผชิญเหตุ", [self.vhv.pk, self.head.pk]))
        calltree.save_post(self.tree.pk, None, NewPost("เรือและกู้ภัย", [self.boat.pk], caller=top.pk))

    def things(self):
        pump = readiness.save_resource(
            None, NewResource("pump", "เครื่องสูบน้ำ 6 นิ้ว", "โรงเก็บ กองช่าง", keeper_id=self.boat.pk)
        )
        readiness.move_resource(pump.pk, "repair", note="รออะไหล่")
        readiness.save_resource(
            None, NewResource("sandbag", "กระสอบทราย", "ลานหลังเทศบาล", count=800, least=500, unit="ใบ")
        )
        thresholds.set_threshold(NewThreshold(
            "stream", "ห้วยแม่เหียะ ระดับเตือนภัย", "water_level", Decimal("3.70"), "flash_flood", "คู่มือเวรตัวอย่าง",
            date(2026, 1, 1), name_en="Mae Hia stream, warning", station="WL01", hysteresis=Decimal("0.10"), stage=2,
            advice_th="ส่งชุดตรวจลำห้วย เตรียมแจ้งหมู่ 5", advice_en="Send a team to the stream, get ready to tell moo 5",
        ))  # fmt: skip

    def cookies(self, account):
        """A log-in of its own: two people at once."""
        self.client = Client()
        self.enter(account)
        return self.cookies_of(self.client)

    def look(self, page, name=""):
        self.assert_no_sideways(page)
        self.assert_accessible(page)
        self.assert_obeys_policy(page)

    @pytest.mark.slow
    def test_a_hole_is_filled_at_a_desk_and_a_call_answered_on_a_phone(self):
        desk, phone = self.cookies(self.duty), self.cookies(self.volunteer)
        with self.browser() as open_page:
            page = open_page("/staff/readiness/", cookies=desk, width=DESK)
            self.look(page, "readiness")
            assert page.locator("text=เครื่องสูบน้ำ 6 นิ้ว: ใช้ได้ 0 จากที่ต้องมี 1").is_visible()
            page.locator("#g-roster + ul a").first.click()
            self.look(page, "roster")
            page.locator("main .page-head a.primary").click()
            page.select_option("[name=contact]", label="ดวงใจ เฝ้ายาม (เจ้าหน้าที่เทศบาล)")
            page.fill("[name=day_day]", "19")
            page.select_option("[name=start]", "8")
            page.click("main button.primary")
            page.wait_for_selector("text=ใส่คนเข้าเวรแล้ว")
            page.goto(f"{self.live_server_url}/staff/call-trees/{self.tree.pk}/")
            self.look(page, "tree")
            page.fill("[name=words]", "น้ำป่าหมู่ 5 รวมที่ศูนย์ดับเพลิง")
            page.click("main button.primary")
            page.wait_for_selector("#calls")
            self.look(page, "call-out")
            mine = open_page("/staff/call-out/", cookies=phone, width=PHONE)
            self.look(mine, "call-out-mine")
            mine.click("button[value=coming]")
            mine.wait_for_selector("text=บันทึกคำตอบแล้ว")
            page.reload()
            assert page.locator("text=มา 1 จาก 2 ตำแหน่ง").is_visible()
        with self.command():
            assert DutyShift.objects.count() == 3
            assert list(CallTry.objects.order_by("id").values_list("answer", flat=True)) == ["coming", ""]

    @pytest.mark.slow
    def test_a_limit_is_answered_on_a_phone(self):
        cookies = self.cookies(self.duty)
        with self.browser() as open_page:
            page = open_page("/staff/thresholds/crossings/", cookies=cookies, width=PHONE)
            self.look(page, "crossings")
            page.click("text=เปิดเหตุจากค่านี้")
            page.click("main form button.danger, main form button.primary")
            page.wait_for_url("**/staff/emergency/**")
            for path, name in (("thresholds/", "thresholds"), ("thresholds/stream/edit/", "threshold"), ("roster/", "roster"),
                               ("readiness/", "readiness"), ("resources/", "things"), ("roster/people/", "people")):  # fmt: skip
                page.goto(f"{self.live_server_url}/staff/{path}")
                self.look(page, name)
        with self.command():
            assert ThresholdCrossing.objects.get().answer == "incident"
