"""Opening a secret, putting a value right, taking a decision back."""

import uuid

from maehia.access.models import Read
from maehia.city.actions import check_projection, correct, refresh, refresh_one, undo_correct
from maehia.city.models import House, Person, PersonName
from maehia.city.tests.cast import H_12_3, P_BOONMA, P_JAIDEE, P_MALEE, PageCase, text_of, url
from maehia.city.tests.test_thing_pages import KEYS, build_things
from maehia.evidence.actions import rule_pair
from maehia.evidence.models import Correction, Verdict
from maehia.kit.idempotency import new_key
from maehia.kit.models import Job

GOOD = "3101234567894"
WHY = "ตรวจกับบัตรประชาชนแล้ว"


class RevealTests(PageCase):
    PATH = url("person", P_MALEE, "reveal/")

    def test_an_id_opens_by_post_and_is_logged(self):
        self.enter(self.counter)
        answer = self.client.post(self.PATH, {"field": "national_id"}, headers={"HX-Request": "true"})
        assert "3-1006-00445-63-5" in answer.content.decode()
        assert "<html" not in answer.content.decode()
        assert "no-store" in answer.headers["Cache-Control"]
        assert self.reads_of(P_MALEE) == [(self.counter.actor, "counter.service", "reveal:national_id")]

    def test_without_javascript_the_whole_page_comes_with_the_phone_open(self):
        self.enter(self.counter)
        shown = text_of(self.client.post(self.PATH, {"field": "phone"}).content.decode())
        assert "081-234-5678" in shown
        assert "บันทึกการเปิดดูแล้ว" in shown
        assert "3-1006" not in shown

    def test_opening_is_a_right_of_its_own(self):
        self.enter(self.clerk)
        assert "เปิดดู" not in text_of(self.page(url("person", P_MALEE))).replace("เปิดดูเพื่อ", "").replace("ทุกการเปิดดู", "")
        assert self.client.post(self.PATH, {"field": "phone"}).status_code == 403

    def test_it_never_opens_by_get_nor_another_field(self):
        self.enter(self.counter)
        assert self.client.get(self.PATH).status_code == 405
        for field in ("birth", "mother_id", ""):
            assert self.client.post(self.PATH, {"field": field}).status_code == 404

    def test_a_person_who_is_not_there_is_404(self):
        self.enter(self.counter)
        assert self.client.post(url("person", uuid.UUID(int=9), "reveal/"), {"field": "phone"}).status_code == 404

    def test_opening_many_in_an_hour_is_stopped_politely(self):
        self.enter(self.counter)
        for _ in range(60):
            assert self.client.post(self.PATH, {"field": "phone"}).status_code == 200
        answer = self.client.post(self.PATH, {"field": "phone"})
        assert answer.status_code == 429
        assert answer.headers["Retry-After"] == "600"


class CorrectTests(PageCase):
    def setUp(self):
        super().setUp()
        self.enter(self.data)

    def path(self, field, kind="person", key=P_MALEE):
        return url(kind, key, f"correct/{field}/")

    def test_a_corrected_name_stands_at_once_with_who_and_why(self):
        answer = self.send(self.path("first_name"), value="มาลัย", why=WHY)
        assert (answer.status_code, answer.url) == (302, url("person", P_MALEE))
        shown = text_of(self.page(url("person", P_MALEE)))
        assert "บันทึกการแก้ ชื่อ แล้ว" in shown
        assert "นางมาลัย สุขใจดี" in shown
        assert "แก้ ชื่อ เป็น “มาลัย”" in shown
        assert f"ดารา ข้อมูล (กองยุทธศาสตร์) · {WHY}" in shown

    def test_the_register_is_as_a_full_replay_would_leave_it(self):
        self.send(self.path("first_name"), value="มาลัย", why=WHY)
        self.send(self.path("died"), value_day="1", value_month="6", value_year="2569", why=WHY)
        with self.acting():
            assert Person.objects.get(pk=P_MALEE).died is not None
            assert PersonName.objects.filter(person_id=P_MALEE, name="มาลัย สุขใจดี", current=True).exists()
            assert check_projection().is_clean
            assert refresh().total == 0

    def test_undoing_brings_back_what_the_lists_say(self):
        self.send(self.path("first_name"), value="มาลัย", why=WHY)
        with self.acting():
            number = Correction.objects.get().pk
        assert "ยกเลิกการตัดสินใจ" in text_of(self.page(f"/staff/register/undo/correction/{number}/"))
        answer = self.client.post(f"/staff/register/undo/correction/{number}/", {"why": "กรอกผิดคน"})
        assert answer.url == url("person", P_MALEE)
        shown = text_of(self.page(url("person", P_MALEE)))
        assert "นางมาลี สุขใจดี" in shown
        assert "ยกเลิกแล้ว: กรอกผิดคน" in shown
        with self.acting():
            assert check_projection().is_clean
        self.page(f"/staff/register/undo/correction/{number}/", status=404)

    def test_a_wrong_id_is_refused_with_the_rule_it_breaks(self):
        shown = self.send(self.path("national_id"), value="1234567890123", why=WHY).content.decode()
        assert "ตัวเลขหลักที่ 13 ไม่ตรง" in text_of(shown)
        with self.acting():
            assert not Correction.objects.exists()

    def test_a_right_id_is_taken_and_stays_masked(self):
        self.send(self.path("national_id"), value="1-2345-67890-12-1", why=WHY)
        page = self.page(url("person", P_MALEE))
        assert "1234567890121" not in page
        assert "•••••••••0121" in text_of(page)
        with self.acting():
            assert Person.objects.get(pk=P_MALEE).national_id == "1234567890121"

    def test_a_correction_needs_a_reason(self):
        shown = self.send(self.path("first_name"), value="มาลัย", why=" ").content.decode()
        assert "มีข้อมูลที่ต้องแก้ไข" in text_of(shown)

    def test_the_thirtieth_of_february_is_not_a_day(self):
        shown = self.send(self.path("birth"), value_day="30", value_month="2", value_year="2510", why=WHY)
        assert "ไม่มีในปฏิทิน" in text_of(shown.content.decode())

    def test_sent_twice_it_is_one_correction(self):
        key = new_key()
        for _ in range(2):
            answer = self.client.post(self.path("first_name"), {"value": "มาลัย", "why": WHY, "idempotency_key": key})
            assert answer.status_code == 302
        with self.acting():
            assert Correction.objects.count() == 1

    def test_a_house_is_brought_up_by_a_job(self):
        self.send(self.path("village", "house", H_12_3), value="บ้านตัวอย่าง", why=WHY)
        assert "ภายในไม่กี่นาที" in text_of(self.page(url("house", H_12_3)))
        assert Job.objects.get().name == "city.refresh"
        with self.acting():
            refresh()
            assert House.objects.get(pk=H_12_3).village == "บ้านตัวอย่าง"

    def test_a_thing_is_corrected_at_once(self):
        with self.acting():
            build_things()
        self.send(self.path("capacity", "place", KEYS["place"]), value="150", why=WHY)
        assert "150" in text_of(self.page(url("place", KEYS["place"])))
        with self.acting():
            assert check_projection().is_clean

    def test_what_follows_from_others_cannot_be_corrected(self):
        for field in ("moo", "house", "registered", "dragon", "key"):
            self.page(self.path(field), status=404)

    def test_only_who_may_correct_sees_the_way_and_may_go_it(self):
        assert "correct/first_name/" in self.page(url("person", P_MALEE))
        self.enter(self.counter)
        assert "correct/" not in self.page(url("person", P_MALEE))
        self.page(self.path("first_name"), status=403)

    def test_a_key_that_is_not_there_is_404(self):
        self.page(self.path("first_name", key=uuid.UUID(int=9)), status=404)


class OneTests(PageCase):
    def test_one_person_replayed_alone_changes_nothing_when_nothing_changed(self):
        with self.acting():
            for key in (P_MALEE, P_BOONMA, P_JAIDEE):
                assert refresh_one("person", key) == 0

    def test_a_row_changed_by_hand_is_put_back(self):
        with self.acting():
            Person.objects.filter(pk=P_MALEE).update(first_name="ปลอม")
            assert refresh_one("person", P_MALEE) == 1
            assert check_projection().is_clean

    def test_the_verbs_leave_who_did_it(self):
        done = correct(self.data, "person", P_MALEE, "nationality", "ไทย", why=WHY)
        assert done.at_once
        assert undo_correct(self.data, done.correction.pk, why="ผิด").correction.undone_by == self.data.actor


class RulingTests(PageCase):
    def setUp(self):
        super().setUp()
        with self.acting():
            self.verdict = rule_pair("person", "civil:1", "vhv:1", same=True, why="เจ้าตัวยืนยัน")

    def test_a_ruling_is_shown_with_its_lists_and_can_be_taken_back(self):
        self.enter(self.data)
        shown = text_of(self.page(url("person", P_MALEE)))
        assert "ตัดสินว่าแถวของ บัญชี civil (ข้อมูลสมมติ) และ บัญชี vhv (ข้อมูลสมมติ) เป็นรายเดียวกัน" in shown
        answer = self.client.post(f"/staff/register/undo/ruling/{self.verdict.pk}/", {"why": "คนละคนกัน"})
        assert answer.url == url("person", P_MALEE)
        assert Verdict.objects.get().undone_why == "คนละคนกัน"

    def test_who_may_not_review_may_not_undo(self):
        self.enter(self.counter)
        page = self.page(url("person", P_MALEE))
        assert "undo/ruling" not in page
        self.page(f"/staff/register/undo/ruling/{self.verdict.pk}/", status=404)

    def test_the_masked_reads_of_the_pages_are_counted(self):
        self.enter(self.data)
        self.page(url("person", P_MALEE))
        with self.acting():
            assert Read.objects.filter(actor=self.data.actor, key=P_MALEE).exists()
