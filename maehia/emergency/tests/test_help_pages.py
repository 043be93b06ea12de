"""The public door in an emergency, the chat, and the desk: each tap has its answer."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import uuid4

from maehia.access.actions import assign, create_account
from maehia.city.models import House, Person
from maehia.city.tests.cast import text_of
from maehia.emergency.actions import help as sos
from maehia.emergency.help_line import handle, templates
from maehia.emergency.models import HelpRequest, SafeReport, Team
from maehia.emergency.tests.cast import SINCE, Desk
from maehia.emergency.tests.test_help import HERE, PHONE, Case
from maehia.kit.idempotency import new_device, new_key
from maehia.kit.testing import NOW
from maehia.message.inbound import Inbound, Talk


class Door(Desk, Case):
    def post(self, path: str, key: str = "", device: str = "", **fields):
        data = {"idempotency_key": key or new_key(), "idempotency_device": device or new_device(), **fields}
        return self.client.post(path, data)

    def rows(self, mode: str = "live"):
        with self.command(mode):
            return list(HelpRequest.objects.order_by("recorded_at"))


class TestDoor(Door):
    def test_three_taps_without_a_log_in_give_a_code(self):
        start = self.page("/help/")
        assert 'href="/help/need/"' in start
        assert 'name="needs"' in self.page("/help/need/")
        answer = self.post("/help/need/", needs=["trapped"])
        shown = text_of(self.page(answer.url))
        row = self.rows()[0]
        assert f"{row.code[:4]}-{row.code[4:]}" in shown
        assert sos.pin_of(row.code) in shown

    def test_an_empty_form_is_a_request_too(self):
        answer = self.post("/help/need/")
        assert answer.status_code == 302
        assert self.rows()[0].needs == ["other"]

    def test_whatever_a_bad_phone_sends_is_written_down(self):
        answer = self.post("/help/need/", needs=["x"], people="หลายคน", phone="123", moo="77", lon="abc", lat="999",
                           written_at="yesterday")  # fmt: skip
        row = self.rows()[0]
        assert (answer.status_code, row.people, row.point, row.asked_at) == (302, 1, None, NOW)

    def test_the_same_form_sent_ten_times_is_one_row_and_one_answer(self):
        key, device = new_key(), new_device()
        answers = {self.post("/help/need/", key, device, needs=["injured"], phone=PHONE).status_code for _ in range(10)}
        assert (answers, len(self.rows())) == ({302}, 1)
        other = self.post("/help/need/", key, device, needs=["food"], phone=PHONE)
        assert (other.status_code, len(self.rows())) == (409, 1)

    def test_an_offline_phone_says_when_it_was_written(self):
        self.post("/help/need/", needs=["food"], written_at=(NOW - timedelta(hours=5)).isoformat())
        row = self.rows()[0]
        assert (row.asked_at, row.recorded_at) == (NOW - timedelta(hours=5), NOW)

    def test_status_has_one_answer_for_a_wrong_code_and_wrong_digits(self):
        self.post("/help/need/", needs=["food"], phone=PHONE)
        code = self.rows()[0].code
        right = self.client.post(f"/help/{code}/", {"last4": "5678"})
        wrong_digits = self.client.post(f"/help/{code}/", {"last4": "1111"})
        wrong_code = self.client.post("/help/11112222/", {"last4": "5678"})
        assert "รอคัดกรอง" in right.content.decode()
        assert wrong_digits.status_code == wrong_code.status_code == 404
        texts = {re.sub(r"\s+", " ", text_of(one.content.decode())) for one in (wrong_digits, wrong_code)}
        assert len(texts) == 1

    def test_guessing_is_stopped(self):
        statuses = [self.client.post("/help/12345678/", {"last4": f"{n:04d}"}).status_code for n in range(12)]
        assert statuses == [404] * 10 + [429] * 2

    def test_safe_is_one_form_and_counted(self):
        flood = self.live_flood()
        answer = self.post("/help/safe/", people="๔", phone=PHONE)
        assert "รับทราบ" in self.page(answer.url)
        with self.command():
            assert SafeReport.objects.get(incident=flood).people == 4

    def test_an_exercise_has_its_own_blue_door_only_while_one_is_open(self):
        assert self.client.get("/help/exercise/").status_code == 404
        with self.command("exercise"):
            self.flood("exercise")
        page = self.page("/help/exercise/need/")
        assert 'data-mode="exercise"' in page
        answer = self.post("/help/exercise/need/", needs=["trapped"])
        assert answer.url.startswith("/help/exercise/sent/")
        assert (len(self.rows("exercise")), len(self.rows())) == (1, 0)

    def test_a_forged_receipt_opens_nothing(self):
        assert self.client.get("/help/sent/abc:def:ghi/").status_code == 404

    def test_a_citizen_with_a_log_in_does_not_type_what_the_register_knows(self):
        with self.acting():
            home = House.objects.create(key=uuid4(), house_no="12/3", moo=5)
            mine = Person.objects.create(key=uuid4(), first_name="มาลี", phone="0812345678", moo=5, house=home)
            citizen = create_account("malee", "มาลี สุขใจดี", person_key=mine.pk)
            assign(citizen, "citizen", starts_on=SINCE)
        self.enter(citizen)
        page = self.page("/help/need/")
        assert 'value="0812345678"' in page
        assert "12/3 หมู่ 5" in page
        self.client.post("/help/need/", {"idempotency_key": new_key(), "needs": ["food"], "phone": PHONE})
        row = self.rows()[0]
        assert (row.person_key, row.house_key) == (mine.pk, home.pk)

    def test_english_is_whole_enough_to_ask(self):
        assert "Trapped" in self.page("/en/help/need/")


class TestDesk(Door):
    def setUp(self) -> None:
        super().setUp()
        self.incident = self.live_flood()
        self.row = self.ask(name="มาลี สุขใจดี", note="น้ำถึงเอว", people=3)
        with self.command():
            self.boat = Team.objects.create(incident=self.incident, name="เรือ 1")
        self.enter(self.duty)
        self.board = f"/staff/emergency/{self.incident.number}/help/"

    def test_the_board_shows_what_waits_with_its_map(self):
        page = self.page(self.board)
        assert 'data-mode="live"' in page
        assert "ติดอยู่ ออกไม่ได้" in text_of(page)
        assert 'data-place="' in page

    def test_a_request_goes_from_triage_to_its_end(self):
        one = f"{self.board}{self.row.code}/"
        assert "น้ำถึงเอว" in text_of(self.page(one))
        for fields in ({"to": "triaged", "priority": "1"}, {"to": "assigned", "team": str(self.boat.pk)},
                       {"to": "en_route"}, {"to": "on_scene", "at": "09:58"},
                       {"to": "resolved", "note": "พาขึ้นเรือ 3 คน"}):  # fmt: skip
            answer = self.send(f"{one}act/", **fields)
            assert answer.status_code == (302 if fields.get("at") != "09:58" else 422), (fields, answer.content[:300])
            if answer.status_code == 422:
                assert "อยู่ก่อนเวลาที่แจ้ง" in answer.content.decode()
                assert self.send(f"{one}act/", to="on_scene").status_code == 302
        with self.command():
            row = HelpRequest.objects.get(pk=self.row.pk)
        assert (row.state, row.priority, row.team_id) == ("resolved", 1, self.boat.pk)
        assert "ช่วยเหลือแล้ว" in text_of(self.page(one))

    def test_a_bad_time_or_a_stale_page_is_refused_with_words(self):
        one = f"{self.board}{self.row.code}/"
        self.send(f"{one}act/", to="triaged", priority="2")
        assert self.send(f"{one}act/", to="referred", note="1669", at="99:99").status_code == 422
        stale = self.send(f"{one}act/", to="referred", note="1669", version="1")
        assert (stale.status_code, "มีผู้อื่นแก้ไข" in stale.content.decode()) == (422, True)

    def test_a_call_is_written_down_and_its_code_told(self):
        answer = self.send(f"{self.board}new/", needs=["food"], phone="0899999999", address="ซอย 3")
        assert answer.status_code == 302
        assert "บอกรหัสนี้แก่ผู้แจ้ง" in self.page(answer.url)
        assert [row.channel for row in self.rows() if row.phone == "0899999999"] == ["phone"]

    def test_outside_of_an_incident_it_waits_for_the_duty_officer(self):
        far = self.ask(phone="0877777777", point=(98.99, 18.78))
        assert far.code[:4] in self.page("/staff/help/")
        self.page(f"/staff/help/{far.code}/")
        answer = self.send(f"/staff/help/{far.code}/take/", incident=self.incident.number)
        assert answer.url == f"{self.board}{far.code}/"
        assert self.client.get(f"/staff/help/{far.code}/").status_code == 404

    def test_who_has_no_part_in_it_sees_nothing(self):
        self.enter(self.volunteer)
        for path in (self.board, "/staff/help/", f"{self.board}{self.row.code}/"):
            assert self.client.get(path).status_code == 403
        self.client.logout()
        assert self.client.get(self.board).status_code == 302


class TestChat(Door):
    def turn(self, talk: Talk, **event) -> bool:
        kind = "postback" if "data" in event else "message"
        what = "location" if "lon" in event else "text"
        return handle(Inbound(id="1", kind=kind, user="U1", at=NOW, what=what, **event), talk)

    def test_one_tap_is_a_request_and_place_and_phone_may_follow(self):
        self.live_flood()
        talk = Talk("U1")
        assert self.turn(talk, text="ช่วยด้วย")
        assert len(talk.objects[-1]["quickReply"]["items"]) == 8
        assert self.turn(talk, data="sos:need:trapped")
        row = self.rows()[0]
        assert f"{row.code[:4]}-{row.code[4:]}" in talk.text
        assert self.turn(talk, lon=HERE[0], lat=HERE[1], address="บ้าน 12/3")
        assert self.turn(talk, text="081 234 5678")
        assert self.turn(talk, text="อยู่ชั้นสอง")
        row = self.rows()[0]
        assert (row.point, row.channel) == (HERE, "line")
        with self.command():
            held = HelpRequest.objects.get(pk=row.pk)
            assert (held.phone, held.note) == ("0812345678", "บ้าน 12/3 อยู่ชั้นสอง")
        assert self.turn(talk, text="จบ")
        assert "sos" not in talk.draft

    def test_two_taps_are_joined_and_the_state_is_one_tap_away(self):
        talk = Talk("U1", lang="en")
        self.turn(talk, data="sos:need:food")
        self.turn(talk, data="sos:need:food")
        assert sorted(row.state for row in self.rows()) == ["duplicate", "new"]
        talk.objects.clear()
        assert self.turn(talk, data="sos:status")
        assert "Received" in talk.text

    def test_safe_is_said_in_words_or_by_a_tap(self):
        talk = Talk("U1")
        assert self.turn(talk, text="ฉันปลอดภัย")
        with self.command():
            assert SafeReport.objects.count() == 1

    def test_all_else_is_left_to_the_others(self):
        talk = Talk("U1")
        assert not self.turn(talk, text="ไฟถนนหน้าบ้านดับ")
        assert not self.turn(talk, data="report:begin")
        assert not self.turn(talk, data="sos:need:dragons")
        assert self.rows() == []

    def test_every_text_is_registered_once_in_both_languages(self):
        assert all(one.th and one.en for one in templates())
