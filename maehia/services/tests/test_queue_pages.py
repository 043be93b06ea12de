"""The pages of the queue: a number on the phone, one's place, the desk, the wall, appointments and ratings."""

from __future__ import annotations

import re
from datetime import date

from maehia.city.tests.cast import text_of
from maehia.kit import clock
from maehia.kit.idempotency import new_device, new_key
from maehia.kit.testing import AppTestCase
from maehia.services.actions import file_case
from maehia.services.actions.ratings import rate_visit
from maehia.services.models import Booking, BookingFor, Ticket, TicketFor, VisitRating, VisitWords
from maehia.services.queries import ratings
from maehia.services.queries.links import token_of
from maehia.services.tests.case_cast import dark_lamp
from maehia.services.tests.counter_cast import DEVICE, NINE, Centre, at
from maehia.services.tests.desk_cast import TownHall
from maehia.services.views.booking import stamp_of
from maehia.services.views.queue import holding


class CentreCase(Centre, TownHall, AppTestCase):
    def take(self, group="general", **more):
        fields = {"group": group, "idempotency_key": new_key(), "idempotency_device": new_device(), **more}
        return self.client.post("/queue/", fields)

    def ticket(self) -> Ticket:
        with self.acting():
            return Ticket.objects.latest("ranked_at", "number")


class OnThePhone(CentreCase):
    def test_a_ticket_is_taken_in_one_post_and_leads_to_its_secret_page(self):
        page = self.page("/queue/")
        assert "งานทั่วไป" in page
        assert "รออยู่ 0 ราย" in page
        answer = self.take()
        assert answer.status_code == 302
        assert answer.url.startswith("/queue/")
        shown = text_of(self.page(answer.url))
        assert "A001" in shown
        assert "คุณเป็นรายถัดไป" in shown

    def test_a_double_tap_gives_one_ticket(self):
        fields = {"group": "general", "idempotency_key": new_key(), "idempotency_device": new_device()}
        first, second = (self.client.post("/queue/", fields).url for _ in range(2))
        assert first == second
        with self.acting():
            assert Ticket.objects.count() == 1

    def test_the_page_says_why_no_ticket_is_given(self):
        answer = self.take("tax")
        assert answer.status_code == 400
        assert "ไม่มีกลุ่มบริการนี้" in answer.content.decode()
        with clock.at(at(20)):
            assert "ปิดรับบัตรคิว" in self.page("/queue/")

    def test_a_flood_from_one_device_is_told_to_wait(self):
        device = new_device()
        answers = [self.take("tax", idempotency_device=device) for _ in range(31)]
        assert answers[-1].status_code == 429
        assert answers[-1].headers["Retry-After"]

    def test_a_guessed_or_foreign_secret_is_not_found(self):
        self.take()
        for token in ("x", "A" * 43, token_of("booking", self.ticket().pk)):
            self.page(f"/queue/{token}/", 404)

    def test_the_secret_page_is_stored_by_nobody(self):
        answer = self.client.get(self.take().url)
        assert "no-store" in answer.headers["Cache-Control"]
        assert answer.headers["Referrer-Policy"] in {"no-referrer", "same-origin"}

    def test_the_place_moves_when_one_row_changes(self):
        self.take()
        second = self.take().url
        assert "มีผู้รอก่อนคุณ 1 ราย" in text_of(self.page(second))
        with self.acting():
            first = Ticket.objects.get(number=1)
        with holding(first.pk):
            Ticket.objects.filter(pk=first.pk).update(state="left")
        assert "คุณเป็นรายถัดไป" in text_of(self.page(second))

    def test_leaving_the_queue_is_one_tap(self):
        url = self.take().url
        self.client.post(f"{url}leave/")
        assert "ออกจากคิวแล้ว" in self.page(url)

    def test_a_ticket_of_a_case_bears_its_number_for_its_holder_alone(self):
        opened = file_case(dark_lamp(asset_key=None, point=None, address="หน้าวัด"), by=DEVICE)
        url = self.take(case=opened.secret).url
        assert opened.case.number in self.page(url)
        assert opened.case.number not in self.page("/queue/screen/")
        with self.acting():
            assert TicketFor.objects.get().case_id == opened.case.pk

    def test_the_kiosk_shows_a_code_to_go_on_with_the_phone_and_comes_back(self):
        answer = self.take(kiosk="1")
        page = self.page(answer.url.partition("?")[0], kiosk="1")
        assert "<svg" in page
        assert "refresh" in page
        assert self.ticket().channel == "walk_in"

    def test_pages_speak_english(self):
        page = self.page("/en/queue/")
        assert "General" in page


class AtTheDesk(CentreCase):
    def test_from_the_call_to_the_end_with_every_button(self):
        self.take()
        first = self.ticket()
        self.sit()
        assert "A001" in self.act("next")
        assert "เรียกแล้ว 1 ครั้ง" in self.act("recall").replace("2", "1")
        assert "กำลังรับบริการ" in self.act("start", first)
        assert "พักไว้" in self.act("hold", first)
        assert "กำลังรับบริการ" in self.act("resume", first)
        assert "วันนี้ให้บริการแล้ว 1 ราย" in self.act("finish", first)

    def test_what_is_refused_is_said_and_changes_nothing(self):
        self.take()
        self.sit()
        assert "จึงเปลี่ยนเป็น" in self.act("finish", self.ticket())
        assert self.ticket().state == "waiting"
        assert "ยังไม่ได้เปิดช่อง" in self.act("explode")
        answer = self.client.post("/staff/queue/do/start/", {"ticket": "no-uuid"}, follow=True)
        assert "ไม่พบบัตรคิวนี้" in answer.content.decode()

    def test_who_has_no_desk_calls_nobody(self):
        self.enter(self.counter)
        assert "ยังไม่ได้เปิดช่อง" in self.act("next")

    def test_only_those_who_serve_see_the_desk(self):
        self.enter(self.data)
        self.page("/staff/queue/", 403)
        assert self.client.post("/staff/queue/do/next/").status_code == 403
        self.client.logout()
        assert self.client.get("/staff/queue/").status_code == 302

    def test_a_visit_is_tied_to_its_case_by_number(self):
        opened = file_case(dark_lamp(asset_key=None, point=None, address="หน้าวัด"), by=DEVICE)
        self.take()
        self.sit()
        self.act("next")
        self.act("start", self.ticket())
        assert "ไม่พบเรื่องเลขที่นี้" in self.act("bind", self.ticket(), number="2569-999999")
        assert opened.case.number in self.act("bind", self.ticket(), number=opened.case.number)

    def test_the_wall_shows_the_call_and_no_name(self):
        self.take()
        self.sit()
        self.act("next")
        wall = self.page("/queue/screen/")
        assert "A001" in wall
        assert 'data-say="หมายเลข A001 เชิญที่ช่อง 1"' in wall
        assert "มาลัย" not in wall
        assert "A001" in self.page("/queue/screen/", part="1")

    def test_the_figures_are_medians_of_the_periods(self):
        self.served(waited=4, took=10)
        self.served(came=at(9, 20), waited=8, took=20)
        self.enter(self.counter)
        with clock.at(at(12)):
            shown = text_of(self.page("/staff/queue/statistics/"))
            assert re.search(r"งานทั่วไป 2 6 7\.6 15 ", shown)
        self.served(came=at(10), waited=30, took=40)
        with clock.at(at(12)):
            assert "งานทั่วไป 3 8 " in text_of(self.page("/staff/queue/statistics/"))

    def test_the_town_changes_the_rules_in_the_browser(self):
        self.enter(self.clerk)
        rules = {
            "what": "rules",
            "slot_minutes": 20,
            "booked_percent": 40,
            "booked_early": 5,
            "booked_grace": 10,
            "days_ahead": 14,
        }
        bad = self.client.post("/staff/queue/settings/", {**rules, "lines": "ผู้สูงอายุ"})
        assert bad.status_code == 422
        assert "อ่านบรรทัดนี้ไม่ได้" in bad.content.decode()
        assert self.client.post("/staff/queue/settings/", {**rules, "lines": "25 ผู้สูงอายุ | Elderly"}).status_code == 302
        page = self.page("/en/queue/")
        assert "Elderly" in page
        assert "monk" not in page
        self.enter(self.counter)
        self.page("/staff/queue/settings/", 403)


class Appointments(CentreCase):
    def book(self, slot=None, **more):
        fields = {"idempotency_key": new_key(), "idempotency_device": new_device(), **more}
        return self.client.post(f"/booking/new/general/{stamp_of(slot or at(10, day=19))}/", fields)

    def test_from_the_service_to_a_booked_slot(self):
        assert "งานทั่วไป" in self.page("/booking/")
        page = self.page("/booking/new/general/", day="2026-11-19")
        assert f"/booking/new/general/{stamp_of(at(10, day=19))}/" in page
        answer = self.book(name="ยายคำ", phone="๐๘๑ ๐๐๐ ๐๐๐๑")
        assert answer.status_code == 302
        shown = text_of(self.page(answer.url))
        assert "19 พ.ย. 2569 10:00 น." in shown
        assert "081-xxx-0001" in shown
        with self.acting():
            assert BookingFor.objects.get().phone == "0810000001"

    def test_a_full_slot_disappears_and_a_late_post_is_told(self):
        self.book(), self.book()
        assert str(stamp_of(at(10, day=19))) not in self.page("/booking/new/general/", day="2026-11-19")
        answer = self.book()
        assert answer.status_code == 400
        assert "เต็มหรือปิดแล้ว" in answer.content.decode()

    def test_bad_days_phones_groups_and_moments_are_answered_calmly(self):
        assert self.client.get("/booking/new/general/?day=31-02").status_code == 200
        assert "อ่านเบอร์โทรศัพท์นี้ไม่ออก" in self.book(phone="12").content.decode()
        assert self.client.get("/booking/new/nothing/").status_code == 404
        assert self.client.get(f"/booking/new/general/{10**15}/").status_code == 404

    def test_moving_and_cancelling_by_the_link_alone(self):
        url = self.book().url
        self.client.post(f"{url}move/", {"slot": stamp_of(at(11, day=20))})
        assert "20 พ.ย. 2569 11:00 น." in self.page(url)
        assert self.client.post(f"{url}move/", {"slot": "x"}).status_code == 400
        assert "ยกเลิกนัดนี้" in self.page(f"{url}cancel/")
        self.client.post(f"{url}cancel/")
        assert "ยกเลิก" in text_of(self.page(url))
        self.page("/booking/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA/", 404)

    def test_checking_in_leads_to_the_ticket(self):
        url = self.book(at(10, 30, day=18)).url
        answer = self.client.post(f"{url}here/")
        assert "นัดไว้เวลา" in self.page(answer.url)
        with self.acting():
            assert Booking.objects.get().state == "checked_in"


class Rated(CentreCase):
    def rate(self, count, stars=4, when=NINE):
        for n in range(count):
            ticket = self.served(came=when.replace(minute=n), waited=0, took=1)
            with clock.at(when), holding(ticket.pk):
                rate_visit(ticket.pk, stars, "ดีค่ะ" if n == 0 else "")

    def test_a_visit_is_rated_once_and_only_when_it_is_over(self):
        ticket = self.served()
        url = f"/queue/{token_of('ticket', ticket.pk)}/rate/"
        assert self.client.post(url, {"stars": "6"}).status_code == 400
        assert self.client.post(url, {"stars": "5", "words": "<script>alert(1)</script>"}).status_code == 302
        again = self.client.post(url, {"stars": "1"})
        assert again.status_code == 400
        assert "ให้คะแนนไปแล้ว" in again.content.decode()
        waiting = self.visitor()
        assert self.client.post(f"/queue/{token_of('ticket', waiting.pk)}/rate/", {"stars": "1"}).status_code == 400
        self.enter(self.counter)
        assert "<script>alert" not in self.page("/ratings/")

    def test_a_rating_leads_back_to_no_ticket_desk_hour_or_officer(self):
        self.rate(1)
        with self.acting():
            kept = VisitRating.objects.values().get()
            assert VisitWords.objects.values().get().keys() == {"id", "month", "group", "words"}
        assert kept.keys() == {"id", "month", "group", "service", "stars"}
        assert kept["month"] == date(2026, 11, 1)

    def test_fewer_than_five_people_show_no_figure_and_the_fifth_does(self):
        self.rate(4, stars=5)
        shown = text_of(self.page("/ratings/"))
        assert "น้อยเกินไป" in shown
        assert "5.0" not in shown
        assert "น้อยกว่า 5" in shown
        ticket = self.served(came=at(9, 30), waited=0, took=1)
        with holding(ticket.pk):
            rate_visit(ticket.pk, 1)
        assert re.search(r"งานทั่วไป.*4\.2", text_of(self.page("/ratings/")))

    def test_words_are_for_those_who_work_on_cases(self):
        self.rate(1)
        assert "ดีค่ะ" not in self.page("/ratings/")
        self.enter(self.counter)
        assert "ดีค่ะ" in self.page("/ratings/")

    def test_results_of_cases_stand_beside_those_of_visits(self):
        assert ratings.results(date(2026, 1, 1)) == []
        self.rate(5)
        found = ratings.results(date(2026, 1, 1))
        assert [(r.service, r.people, r.mean, r.counter) for r in found] == [("งานทั่วไป", 5, 4.0, True)]
