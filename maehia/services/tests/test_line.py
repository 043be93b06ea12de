"""A case told, followed, answered and rated in the LINE chat, through the signed webhook."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

from maehia.kit import clock
from maehia.kit.crypto import blind_index
from maehia.kit.testing import NOW
from maehia.message.actions import send_all, work_on_new
from maehia.message.fakes import line as fake
from maehia.message.models import Attempt, Conversation
from maehia.message.tests.cast import JAIDEE, MALEE, Providers
from maehia.services import actions
from maehia.services.line.follow import taps
from maehia.services.line.report import tells
from maehia.services.models import Case, CaseDetail, CaseEvent, Party
from maehia.services.queries.photos import photos_of
from maehia.services.tests.case_cast import AT_LAMP_A, LAMP_A, OUTSIDE, StreetCase
from maehia.services.tests.photo_cast import attach_photo, jpeg

OFFICER = f"user:{uuid.UUID(int=77)}"
TOLD = "ไฟถนนหน้าบ้านดับมาสามคืนแล้ว"


class ChatCase(Providers, StreetCase):
    villages, handlers = False, ""

    def setUp(self) -> None:
        super().setUp()
        self.follow(MALEE)
        self.follow(JAIDEE)

    def photo(self, user: str = MALEE, raw: bytes | None = None) -> list[dict[str, Any]]:
        number = str(len(self.line.photos) + 100)
        self.line.photos[number] = jpeg().getvalue() if raw is None else raw
        return self.turn(fake.event(user, "message", message={"type": "image", "id": number}))

    def pin(self, at: tuple[float, float] = AT_LAMP_A, user: str = MALEE, **more: Any) -> list[dict[str, Any]]:
        place = {"type": "location", "id": "9", "longitude": at[0], "latitude": at[1], "address": "หน้าวัด (สมมติ)"}
        return self.turn(fake.event(user, "message", message=place, **more))

    def tap(self, data: str, user: str = MALEE) -> list[dict[str, Any]]:
        return self.turn(fake.event(user, "postback", postback={"data": data}))

    def told(self, user: str = MALEE, at: tuple[float, float] = AT_LAMP_A) -> Case:
        """A whole report in the chat."""
        self.write(TOLD, user)
        self.pin(at, user)
        self.tap("report:kind:street_light", user)
        self.tap("report:send", user)
        with self.acting():
            return Case.objects.get(parties__line_index=blind_index("line", user), parties__role="reporter")

    def cases(self) -> int:
        with self.acting():
            return Case.objects.count()

    def fixed(self, case: Case) -> Case:
        with self.acting("services.desk"):
            if case.state != "in_progress":
                case = actions.move(case.pk, "in_progress", by=OFFICER)
            attach_photo(case.pk, "after")
            return actions.move(case.pk, "fixed", by=OFFICER, note="เปลี่ยนหลอดแล้ว")


def labels(said: list[dict[str, Any]]) -> list[str]:
    return [item["action"]["label"] for item in said[-1].get("quickReply", {}).get("items", [])]


class TestReport(ChatCase):
    def test_words_a_photo_a_pin_and_two_taps_are_a_case_with_its_number_at_once(self):
        assert "ที่ไหน" in self.write(TOLD)[-1]["text"]
        self.photo()
        assert "ไฟถนนดับ" in labels(self.pin())
        assert "ไฟถนนดับ" in self.tap("report:kind:street_light")[-1]["text"]
        self.line.calls.clear()
        said = self.tap("report:send")
        with self.acting():
            case = Case.objects.get()
            detail, party = CaseDetail.objects.get(pk=case.pk), Party.objects.get()
            assert (case.channel, case.service_id, case.asset_key, case.lang) == ("line", "street_light", LAMP_A, "th")
            assert (detail.description, len(photos_of(case.pk))) == (TOLD, 1)
            assert (party.line_user, party.wants) == (MALEE, ["line"])
            assert not photos_of(case.pk)[0].released_at
        assert [path.rpartition("/")[2] for path, _, _ in self.line.calls] == ["reply"]
        assert case.number in said[-1]["text"]
        assert "/follow/" in said[-1]["text"]

    def test_a_photo_first_asks_for_the_pin_and_then_for_the_kind(self):
        assert "ที่ไหน" in self.photo()[-1]["text"]
        assert "ประเภท" in self.pin()[-1]["text"]

    def test_a_place_may_be_written_instead_of_pinned(self):
        self.write(TOLD)
        self.write("หน้าวัดท่าข้าม ปากซอย 3")
        self.tap("report:kind:street_light")
        self.tap("report:send")
        with self.acting():
            assert CaseDetail.objects.get().address == "หน้าวัดท่าข้าม ปากซอย 3"

    def test_what_was_begun_is_kept_when_the_citizen_stops_and_given_up_on_his_word(self):
        self.write(TOLD)
        with clock.at(NOW + timedelta(days=2)):
            assert "ประเภท" in self.pin()[-1]["text"]
            assert "ยกเลิกแล้ว" in self.write("ยกเลิก")[-1]["text"]
        assert self.cases() == 0
        with self.acting():
            assert Conversation.objects.get().state == "{}"

    def test_a_send_that_is_delivered_twice_is_one_case(self):
        self.write(TOLD)
        self.pin()
        self.tap("report:kind:street_light")
        event = fake.event(MALEE, "postback", postback={"data": "report:send"})
        for _ in range(3):
            self.hook(event)
        self.tap("report:send")
        assert self.cases() == 1

    def test_a_pin_outside_the_town_says_who_is_responsible_and_asks_again(self):
        self.write(TOLD)
        self.pin(OUTSIDE)
        self.tap("report:kind:street_light")
        assert "อบต.ข้างเคียง" in self.tap("report:send")[-1]["text"]
        assert self.cases() == 0
        assert "ไฟถนนดับ" in self.pin(AT_LAMP_A)[-1]["text"]
        self.tap("report:send")
        assert self.cases() == 1

    def test_the_same_lamp_is_asked_about_and_one_tap_counts_instead_of_a_second_case(self):
        first = self.told()
        self.write("ไฟเสาหน้าบ้านดับมืดมาก", JAIDEE)
        self.pin(AT_LAMP_A, JAIDEE)
        said = self.tap("report:kind:street_light", JAIDEE)
        assert first.number in said[-1]["text"]
        said = self.tap(f"report:same:{first.pk}", JAIDEE)
        assert (self.cases(), self.fresh(first).me_too) == (1, 1)
        assert any(first.number in one["text"] for one in said)
        assert "แจ้งเรื่องนี้ไว้แล้ว" in self.tap(f"report:same:{first.pk}", MALEE)[-1]["text"] or self.cases() == 1
        assert self.fresh(first).me_too == 1

    def test_another_problem_nearby_can_still_be_sent(self):
        self.told()
        self.write("ไฟเสาหน้าบ้านดับมืดมาก", JAIDEE)
        self.pin(AT_LAMP_A, JAIDEE)
        self.tap("report:kind:street_light", JAIDEE)
        self.tap("report:new", JAIDEE)
        self.tap("report:send", JAIDEE)
        assert self.cases() == 2

    def test_what_is_no_photo_is_refused_in_words_and_the_talk_goes_on(self):
        for raw in (b"MZ\x90\x00", b"<svg onload='x'/>", b""):
            assert "อ่านรูปนี้ไม่ได้" in self.photo(raw=raw)[-1]["text"]
        assert "ที่ไหน" in self.photo()[-1]["text"]

    def test_a_greeting_begins_no_report(self):
        assert [tells(said) for said in ("สวัสดี", "ok", "ขอบคุณครับ", "ไฟดับ", TOLD)] == [False, False, False, True, True]
        self.write("สวัสดี")
        assert "ไม่เข้าใจ" in self.line.bubbles[-1]["text"]

    def test_an_emergency_is_sent_to_its_number_first(self):
        said = self.write("ไฟไหม้บ้านข้างๆ ช่วยด้วย")
        assert "199" in said[0]["text"]

    def test_a_confidential_kind_says_so_and_stays_so(self):
        self.write("เจ้าหน้าที่พูดจาไม่สุภาพกับประชาชน")
        self.pin()
        assert "ความลับ" in self.tap("report:kind:staff_conduct")[-1]["text"]
        self.tap("report:send")
        with self.acting():
            assert Case.objects.get().is_confidential

    def test_script_in_a_text_stays_text(self):
        self.write("<script>alert(1)</script> ไฟดับทั้งซอย")
        self.pin()
        self.tap("report:kind:street_light")
        self.tap("report:send")
        with self.acting():
            assert "<script>" in CaseDetail.objects.get().description

    def test_both_times_of_a_late_webhook_are_kept(self):
        self.write(TOLD)
        self.pin()
        self.tap("report:kind:street_light")
        event = fake.event(MALEE, "postback", postback={"data": "report:send"})
        with clock.at(NOW + timedelta(hours=2)):
            self.hook(event)
        with self.acting():
            case = Case.objects.get()
            assert (case.received_at, case.recorded_at) == (NOW, NOW + timedelta(hours=2))


class TestFollow(ChatCase):
    def setUp(self) -> None:
        super().setUp()
        self.case = self.told()

    def test_the_state_is_told_by_number_however_it_is_written(self):
        thai = self.case.number.translate(str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙"))
        for said in (f"สถานะ {self.case.number}", f"ติดตาม {thai}", self.case.number, f"status {self.case.number}"):
            assert "รอรับเรื่อง" in self.write(said)[-1]["text"]
        assert self.case.number in self.write("ติดตาม")[-1]["text"]

    def test_a_private_case_and_one_that_is_not_there_get_the_same_answer(self):
        with self.acting():
            Case.objects.filter(pk=self.case.pk).update(is_public=False)
        assert self.write(f"สถานะ {self.case.number}", JAIDEE) == self.write("สถานะ 2569-999999", JAIDEE)
        assert "รอรับเรื่อง" in self.write(f"สถานะ {self.case.number}")[-1]["text"]

    def test_when_it_is_done_the_news_come_with_stars_and_still_broken(self):
        self.fixed(self.case)
        with clock.at(NOW + timedelta(minutes=5)):
            send_all()
        assert ["กำลังดำเนินการ" in self.line.bubbles[-1]["text"], "เสร็จสิ้น" in self.line.bubbles[-1]["text"]] == [
            True,
            True,
        ]
        assert labels(self.line.bubbles) == ["5 ดาว", "4 ดาว", "3 ดาว", "2 ดาว", "1 ดาว", "ยังไม่เรียบร้อย"]
        data = self.line.bubbles[-1]["quickReply"]["items"][1]["action"]["data"]
        assert "4 ดาว" in self.tap(data)[-1]["text"]
        assert self.fresh(self.case).rating == 4

    def test_still_broken_needs_a_reason_or_a_photo_and_opens_it_again(self):
        self.fixed(self.case)
        self.tap(f"case:again:{self.case.pk}")
        said = self.write("ยังดับอยู่เหมือนเดิม")
        assert self.case.number in said[-1]["text"]
        case = self.fresh(self.case)
        assert (case.state, case.reopened) == ("in_progress", 1)
        with clock.at(NOW + timedelta(hours=1)):
            self.fixed(case)
            self.tap(f"case:again:{self.case.pk}")
            self.photo()
        assert self.fresh(self.case).reopened == 2

    def test_an_officers_question_is_answered_in_the_same_thread(self):
        with self.acting("services.desk"):
            actions.ask(self.case.pk, "เสาต้นไหน", by=OFFICER)
        send_all()
        assert "ตอบ" in labels(self.line.bubbles)
        self.tap(f"case:answer:{self.case.pk}")
        self.write("ต้นที่สองจากปากซอย")
        assert self.fresh(self.case).state == "in_progress"
        with self.acting():
            assert CaseEvent.objects.get(kind="answer").note == "ต้นที่สองจากปากซอย"

    def test_nobody_else_rates_answers_or_opens_a_case_again(self):
        self.fixed(self.case)
        for data in (
            f"case:rate:{self.case.pk}:1",
            f"case:again:{self.case.pk}",
            f"case:show:{uuid.uuid4()}",
            "case:x",
        ):
            assert "ไม่พบเรื่อง" in self.tap(data, JAIDEE)[-1]["text"]
        case = self.fresh(self.case)
        assert (case.rating, case.state) == (None, "fixed")

    def test_no_line_id_stands_on_a_public_page_or_in_the_history(self):
        with self.acting():
            held = " ".join(str(row) for row in CaseEvent.objects.values_list("actor", "value", "note"))
        page = self.client.get(f"/cases/{self.case.number}/")
        assert page.status_code == 200
        assert MALEE not in held + page.content.decode()

    def test_an_answer_costs_no_push(self):
        self.write(f"สถานะ {self.case.number}")
        with self.acting():
            assert sum(Attempt.objects.values_list("units", flat=True)) == 0
        assert work_on_new() == 0


def test_what_can_be_tapped_depends_on_the_state():
    key = uuid.uuid4()
    assert [
        len(taps(key, kind, state))
        for kind, state in (("open", "accepted"), ("open", "waiting_citizen"), ("fixed", "fixed"))
    ] == [0, 1, 6]
