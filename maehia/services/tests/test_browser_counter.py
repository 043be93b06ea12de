"""In the browser: a ticket on the phone, called at the desk, served at the counter, rated; figures follow the rows."""

from __future__ import annotations

import pytest

from maehia.city.tests.cast import P_MALEE
from maehia.kit import clock
from maehia.kit.idempotency import new_device, new_key
from maehia.services.models import Case, Period, Ticket, VisitRating
from maehia.services.tests.counter_cast import NINE, Centre
from maehia.services.tests.desk_cast import TownHall
from maehia.web.testing import DESK, PHONE, BrowserCase

pytestmark = pytest.mark.browser


class CounterJourney(Centre, TownHall, BrowserCase):
    def cookies(self, account):
        self.enter(account)
        return self.cookies_of(self.client)

    @pytest.mark.slow
    def test_a_ticket_from_the_phone_to_the_stars(self):
        with self.acting():
            self.seen(40, took=10)
        officer = self.cookies(self.counter)
        with self.browser() as open_page:
            phone = self._takes_a_ticket(open_page)
            desk = self._calls(open_page, officer)
            phone.wait_for_selector("text=เชิญที่ช่อง 1", timeout=20_000)
            self.assert_accessible(phone)
            self._serves(desk)
            self._rates(phone)
        with self.acting():
            ticket, case = Ticket.objects.get(number=1, day=NINE.date()), Case.objects.get()
            assert (ticket.state, ticket.about.case_id, case.person_key) == ("done", case.pk, P_MALEE)
            assert VisitRating.objects.get().stars == 5

    def _takes_a_ticket(self, open_page):
        phone = open_page("/queue/", width=PHONE)
        self.assert_no_sideways(phone)
        self.assert_accessible(phone)
        phone.check("#group-general")
        phone.click("main button.primary")
        phone.wait_for_selector("text=A001")
        assert "ยังไม่มีช่องที่เปิดให้บริการนี้" in phone.inner_text("main")
        self.assert_no_sideways(phone)
        self.assert_obeys_policy(phone)
        return phone

    def _calls(self, open_page, officer):
        desk = open_page("/staff/queue/", width=DESK, cookies=officer)
        desk.click("text=เปิดช่อง 1")
        self.assert_accessible(desk)
        wall = open_page("/queue/screen/", viewport={"width": 1920, "height": 1080})
        assert "ยังไม่มีการเรียกคิว" in wall.inner_text("main")
        desk.click("text=เรียกคิวถัดไป")
        wall.wait_for_selector("[data-call]", timeout=15_000)
        assert "A001" in wall.inner_text(".calls")
        assert "มาลัย" not in wall.inner_text("body")
        assert wall.evaluate("document.documentElement.scrollHeight <= innerHeight")
        self.assert_obeys_policy(wall)
        return desk

    def _serves(self, desk):
        desk.click("text=มาแล้ว เริ่มบริการ")
        desk.click("text=เปิดหน้าบริการ")
        desk.fill("#q", "มาลี")
        desk.fill("#second", "12/3")
        desk.click("main button.primary")
        desk.click("text=เลือกคนนี้")
        self.assert_accessible(desk)
        desk.click("main a[href$='/report/']")
        desk.select_option("#id_service", "smoke")
        desk.fill("#id_text", "เผาขยะข้างบ้าน")
        desk.fill("#id_address", "หมู่ 5")
        desk.click("main button.primary")
        desk.wait_for_selector(".slip")
        slip = desk.url
        desk.click("text=กลับไปที่ผู้รับบริการ")
        desk.click("text=จบการบริการ")
        desk.wait_for_selector("text=เริ่มบริการรายใหม่")
        for _ in range(3):
            desk.go_back()
            desk.wait_for_load_state()
            assert "มาลี" not in desk.inner_text("main")
        desk.goto(slip)
        assert "เผาขยะ" not in desk.content()
        assert "การบริการนั้นจบแล้ว" in desk.inner_text("body")

    def _rates(self, phone):
        phone.wait_for_selector("text=ให้คะแนนบริการ", timeout=20_000)
        phone.click("text=ให้คะแนนบริการ")
        phone.check("#stars-5")
        self.assert_accessible(phone)
        phone.click("text=ส่งคะแนน")
        phone.wait_for_selector("text=ขอบคุณที่ให้คะแนน")

    @pytest.mark.slow
    def test_each_figure_changes_when_one_row_changes(self):
        with self.acting():
            self.seen(40, took=10)
        self.sit()
        url = self.client.post("/queue/", self.fields()).url
        self.client.post("/queue/", self.fields())
        officer = self.cookies(self.counter)
        assert self._figures(officer, url) == ("2", "40", True)
        self._change_one_row_each()
        assert self._figures(officer, url) == ("1", "41", False)

    def _figures(self, officer, url):
        """How many wait on the wall, visits of four weeks, and whether the ticket still has a place."""
        with self.browser() as open_page:
            wall = open_page("/queue/screen/")
            figures = open_page("/staff/queue/statistics/?weeks=4", cookies=officer)
            mine = open_page(url, width=PHONE)
            return (
                wall.inner_text(".hall-side li:first-child b"),
                figures.inner_text("#whole tbody td[data-label='ราย']"),
                "คุณเป็นรายถัดไป" in mine.inner_text("main"),
            )

    def fields(self):
        return {"group": "general", "idempotency_key": new_key(), "idempotency_device": new_device()}

    def _change_one_row_each(self):
        with self.acting():
            first = Ticket.objects.get(number=1, day=NINE.date())
            Ticket.objects.filter(pk=first.pk).update(state="left")
            old = Period.objects.filter(kind="serving").first()
            Period.objects.create(
                ticket=first, group=old.group, kind="serving", desk=old.desk, start=old.start, end=old.end
            )

    @pytest.mark.slow
    def test_the_appointment_pages_fit_a_phone_and_a_desk_in_both_languages(self):
        with clock.at(NINE), self.browser() as open_page:
            for path in ("/booking/", "/booking/new/general/", "/en/booking/new/general/", "/ratings/", "/en/queue/"):
                for width in (PHONE, DESK):
                    page = open_page(path, width=width)
                    self.assert_no_sideways(page)
                    self.assert_accessible(page)
                    self.assert_obeys_policy(page)
            self._book_without_javascript(open_page)

    def _book_without_javascript(self, open_page):
        page = open_page("/booking/new/general/", width=PHONE, javascript=False)
        page.click(".slots a >> nth=0")
        page.fill("#id_name", "ยายคำ")
        page.click("main button.primary")
        assert "นัดหมายของคุณ" in page.inner_text("main")
