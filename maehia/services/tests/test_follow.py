"""Behind the secret link: what a citizen reads, answers, asks for again and rates; and what strangers cannot open."""

from __future__ import annotations

import re
from datetime import timedelta
from unittest.mock import patch

from maehia.forms.models import Attachment
from maehia.kit import clock
from maehia.kit.acting import acting
from maehia.kit.idempotency import new_device, new_key
from maehia.kit.testing import NOW
from maehia.message.models import Message
from maehia.services import actions
from maehia.services.models import CaseEvent, Party
from maehia.services.tests.case_cast import OTHER_DEVICE
from maehia.services.tests.citizen_cast import CitizenCase, photo, text_of, without_addresses
from maehia.services.views import visitors


class FollowCase(CitizenCase):
    """ยายคำ holds the link of her dark lamp."""

    def setUp(self) -> None:
        super().setUp()
        self.case = self.file()
        self.link = f"/follow/{actions.secret_of(self.case.pk)}/"

    def act(self, verb: str, follow: bool = True, **fields):
        keys = {"idempotency_key": new_key(), "idempotency_device": new_device()}
        return self.client.post(f"{self.link}{verb}/", {**keys, **fields}, follow=follow)

    def shown(self, **query) -> str:
        return text_of(self.page(self.link, **query))

    def desk(self):
        return acting(self.works.actor, "services.desk")

    def move(self, to: str, **more) -> None:
        with self.desk():
            actions.move(self.case.pk, to, by=self.works.actor, **more)


class ReadingTests(FollowCase):
    def test_the_page_says_where_it_stands_the_promise_and_what_was_told(self):
        shown = self.shown()
        assert "2569-000001" in shown
        assert "รอรับเรื่อง" in shown
        assert "สัญญาว่าจะเสร็จภายใน 23 พ.ย. 2569" in shown
        assert "ไฟหน้าวัดดับมาสามคืน" in shown
        assert "แจ้งเรื่อง" in shown

    def test_neither_name_nor_phone_of_the_reporter_stands_on_it(self):
        page = self.page(self.link)
        assert "ยายคำ" not in page
        assert "081" not in text_of(page)

    def test_a_late_case_says_so_and_one_closed_in_time_too(self):
        with clock.at(NOW + timedelta(days=9)):
            assert "เกินกำหนดแล้ว ควรเสร็จภายใน 23 พ.ย. 2569" in self.shown()
        self.fix(self.case)
        assert "ปิดเรื่องภายในกำหนด" in self.shown()

    def test_a_pause_is_shown_with_its_cause_and_the_promise_stands_still(self):
        self.move("accepted")
        self.move("waiting_citizen", question="ต้นที่เท่าไรจากปากซอยคะ")
        shown = self.shown()
        assert "ต้นที่เท่าไรจากปากซอยคะ" in shown
        assert "หยุดนับเวลาไว้ เพราะรอข้อมูลจากผู้แจ้ง" in shown
        assert "ช่วงที่หยุดนับเวลา" in shown

    def test_notes_for_the_files_alone_stay_in_the_files(self):
        with self.desk():
            actions.add_note(self.case.pk, "ช่างลาป่วย", by=self.works.actor)
            actions.add_note(self.case.pk, "สั่งหลอดไฟแล้ว", by=self.works.actor, public=True)
        shown = self.shown()
        assert "สั่งหลอดไฟแล้ว" in shown
        assert "ช่างลาป่วย" not in shown

    def test_the_whole_history_is_checked_and_one_changed_line_is_told(self):
        self.move("accepted")
        assert "ตรวจประวัติทั้ง 2 รายการ" in self.shown()
        with self.acting("system.keys"):
            CaseEvent.objects.filter(case_id=self.case.pk, seq=2).update(note="แก้ทีหลัง")
        assert "ประวัติของเรื่องนี้ไม่ต่อเนื่องที่รายการ 2" in self.shown()

    def test_photos_before_and_after_stand_side_by_side(self):
        self.act("answer", text="รูปตอนดับ", photos=[photo()])
        self.fix(self.case)
        page = self.page(self.link)
        images = re.findall(r'<img src="(/files/[^"]+)"', page)
        assert len(images) == 2
        assert all(self.client.get(url.replace("&amp;", "&")).headers["Content-Type"] == "image/jpeg" for url in images)
        assert "data-slider" in page

    def test_the_page_is_kept_by_no_cache_and_found_by_no_search_engine(self):
        answer = self.client.get(self.link)
        assert "no-store" in answer.headers["Cache-Control"]
        assert "noindex" in answer.headers["X-Robots-Tag"]
        assert answer.headers["Referrer-Policy"] == "same-origin"


class SecretTests(FollowCase):
    def test_a_wrong_secret_and_an_unknown_address_get_the_same_404(self):
        wrong, none = (self.client.get(path) for path in (self.link[:-2] + "x/", "/follow/" + "A" * 22 + "/"))
        assert wrong.status_code == none.status_code == 404
        assert len({without_addresses(a.content.decode()) for a in (wrong, none)}) == 1

    def test_acts_behind_a_wrong_secret_are_404_too(self):
        self.link = "/follow/" + "A" * 22 + "/"
        for verb in ("answer", "again", "rate", "stop"):
            assert self.act(verb, follow=False, text="x", stars="5").status_code == 404

    def test_number_and_last_four_of_the_phone_open_the_case(self):
        answer = self.client.post("/follow/", {"number": "๒๕๖๙/1", "last4": "0001"})
        assert answer.headers["Location"] == self.link

    def test_a_wrong_pair_and_an_unknown_number_read_the_same(self):
        wrong = [self.client.post("/follow/", {"number": n, "last4": d}) for n, d in
                 (("2569-000001", "9999"), ("2569-999999", "0001"), ("ไม่ใช่เลข", "0001"))]  # fmt: skip
        texts = {re.sub(r"value=\S+|csrf\S+", "", text_of(a.content.decode())) for a in wrong}
        assert {a.status_code for a in wrong} == {422}
        assert len(texts) == 1
        assert "ไม่พบเรื่องที่ตรงกับเลขที่และโทรศัพท์นี้" in texts.pop()

    def test_guessing_the_four_digits_ends_soon(self):
        with (
            patch.object(visitors, "GUESSES_PER_NUMBER", 2),
            patch("maehia.services.views.follow.GUESSES_PER_NUMBER", 2),
        ):
            tries = [self.client.post("/follow/", {"number": "2569-000001", "last4": f"{n + 5:04}"}) for n in range(3)]
        assert [a.status_code for a in tries] == [422, 422, 429]
        assert tries[2].headers["Retry-After"]

    def test_a_case_without_a_phone_cannot_be_opened_by_number(self):
        self.file(contact=actions.Contact())
        assert self.client.post("/follow/", {"number": "2569-000002", "last4": "0001"}).status_code == 422


class ActingTests(FollowCase):
    def test_an_answer_with_a_photo_lets_the_clock_run_again(self):
        self.move("accepted")
        self.move("waiting_citizen", question="ต้นไหนคะ")
        shown = text_of(self.act("answer", text="ต้นที่สามจากปากซอย", photos=[photo()]).content.decode())
        assert "ส่งคำตอบให้เจ้าหน้าที่แล้ว" in shown
        assert "ต้นที่สามจากปากซอย" in shown
        assert self.fresh(self.case).state == "in_progress"
        with self.acting():
            assert Attachment.objects.get(about=self.case.pk).role == "photo"

    def test_is_it_fixed_no_opens_the_case_again_with_a_reason(self):
        self.fix(self.case)
        assert "แก้แล้วจริงหรือยัง" in self.shown()
        assert "ขอให้แก้ไขอีกครั้ง" in self.shown(fixed="no")
        shown = text_of(self.act("again", text="ยังดับอยู่ทุกคืน").content.decode())
        assert "เปิดเรื่องอีกครั้งแล้ว" in shown
        case = self.fresh(self.case)
        assert (case.state, case.reopened) == ("in_progress", 1)
        assert "ขอให้แก้ไขอีกครั้งแล้ว 1 ครั้ง" in self.shown()

    def test_asking_again_without_a_word_or_a_photo_is_told_why(self):
        self.fix(self.case)
        assert "บอกเหตุผลสั้น ๆ หรือแนบรูป" in text_of(self.act("again", text=" ").content.decode())
        assert self.fresh(self.case).state == "fixed"

    def test_a_photo_alone_is_ground_enough(self):
        self.fix(self.case)
        self.act("again", photos=[photo()])
        assert self.fresh(self.case).state == "in_progress"

    def test_after_the_window_nothing_is_offered_and_nothing_is_taken(self):
        self.fix(self.case)
        with clock.at(NOW + timedelta(days=40)):
            assert "แก้แล้วจริงหรือยัง" not in self.shown()
            shown = text_of(self.act("again", text="ดับอีกแล้ว").content.decode())
            assert "แจ้งเป็นเรื่องใหม่" in shown
        assert self.fresh(self.case).state == "fixed"

    def test_is_it_fixed_yes_leads_to_stars_and_the_stars_are_kept_once(self):
        self.fix(self.case)
        assert 'type="radio"' in self.page(self.link, fixed="yes")
        key = new_key()
        for _ in range(2):
            shown = text_of(
                self.act(
                    "rate", stars="5", comment="เร็วมาก", idempotency_key=key, idempotency_device=self.device()
                ).content.decode()
            )
        assert self.fresh(self.case).rating == 5
        assert "คุณให้คะแนน 5 จาก 5" in shown
        with self.acting():
            assert CaseEvent.objects.filter(kind="rating").count() == 1

    def device(self) -> str:
        self.one_device = getattr(self, "one_device", None) or new_device()
        return self.one_device

    def test_six_stars_and_stars_before_the_end_are_refused(self):
        self.act("rate", stars="6")
        self.act("rate", stars="5")
        assert self.fresh(self.case).rating is None

    def test_who_stops_the_news_gets_none_and_the_others_still_do(self):
        actions.follow_case(self.case.pk, actions.Contact(email="fah@example.org"), by=OTHER_DEVICE)
        assert "ไม่พบเบอร์หรืออีเมลนี้" in text_of(self.act("stop", contact="9999").content.decode())
        assert "หยุดส่งข่าวของเรื่องนี้ให้คุณแล้ว" in text_of(self.act("stop", contact="0001").content.decode())
        with self.acting():
            assert {p.role: bool(p.wants) for p in Party.objects.all()} == {"reporter": False, "follower": True}
            before = Message.objects.count()
        self.move("accepted")
        with self.acting():
            assert Message.objects.count() == before + 1

    def test_without_a_key_nothing_is_done(self):
        self.fix(self.case)
        assert self.client.post(f"{self.link}rate/", {"stars": "5"}).status_code == 400
        assert self.fresh(self.case).rating is None
