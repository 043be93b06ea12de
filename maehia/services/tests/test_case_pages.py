"""The page of a case: everything to act in one place, by the table and its guards, with two officers at once."""

import re
from datetime import timedelta
from uuid import uuid4

from maehia.access.models import Read
from maehia.city.tests.cast import text_of
from maehia.kit import clock
from maehia.kit.acting import Scope, acting
from maehia.kit.testing import NOW
from maehia.services import actions
from maehia.services.actions import Contact, NewCase
from maehia.services.models import Case, CaseEvent
from maehia.services.tests.desk_cast import HallCase, photo_file


class CaseCase(HallCase):
    def open(self, text="ไฟถนนดับหน้าวัด", service="street_light", **more):
        """A citizen reports, from her own device."""
        key = uuid4()
        device = f"device:{uuid4()}"
        contact = more.pop("contact", Contact(name="มาลี สุขใจดี", phone="081-234-5678"))
        new = NewCase(service=service, channel="web", description=text, contact=contact,
                      point=more.pop("point", (98.951, 18.744)), **more)  # fmt: skip
        with acting(device, "services.report", scope=Scope.subject(key)):
            actions.open_case(new, by=device, case_id=key)
        return key

    def state(self, key):
        with self.acting():
            return Case.objects.get(pk=key).state

    def version(self, key):
        with self.acting():
            return Case.objects.get(pk=key).version

    def do(self, key, verb, status=302, **fields):
        fields.setdefault("version", self.version(key))
        answer = self.send(f"/staff/cases/{key}/do/{verb}/", **fields)
        assert answer.status_code == status, (answer.status_code, text_of(answer.content.decode())[:1500])
        return answer.content.decode()

    def url(self, key):
        return f"/staff/cases/{key}/"


class Reading(CaseCase):
    def test_the_page_shows_what_was_told_the_promise_and_why_it_came(self):
        key = self.open()
        self.enter(self.works)
        text = text_of(self.page(self.url(key)))
        for words in ("ไฟถนนดับหน้าวัด", "กองช่าง", "3 วันทำการ", "รอรับเรื่อง", "เว็บไซต์", "ประวัติครบ"):
            assert words in text, words

    def test_the_reporter_is_masked_until_opened_and_the_opening_is_written_down(self):
        key = self.open()
        self.enter(self.works)
        page = self.page(self.url(key))
        assert "มาลี" not in page
        assert "081-234-5678" not in page
        assert "081-xxx-5678" in page
        opened = self.client.post(f"/staff/cases/{key}/contact/").content.decode()
        assert "มาลี สุขใจดี" in opened
        assert "081-234-5678" in opened
        with self.acting():
            look = Read.objects.get(entity="contact", key=key)
        assert (look.actor, look.purpose) == (self.works.actor, "services.desk")
        assert "มาลี" not in self.page(self.url(key))

    def test_another_unit_sees_the_case_without_contact_notes_and_moves(self):
        key = self.open()
        self.enter(self.works)
        self.do(key, "note", **{"note-who": "inside", "note-text": "รอหลอดจากคลัง"})
        self.enter(self.health)
        page = self.page(self.url(key))
        assert "ไฟถนนดับหน้าวัด" in page
        assert "รอหลอดจากคลัง" not in page
        assert "xxx-5678" not in page
        assert 'name="to"' not in page
        self.do(key, "move", status=422, to="accepted")
        assert self.state(key) == "submitted"

    def test_words_of_a_citizen_are_never_markup(self):
        key = self.open("<script>alert(1)</script><img src=x onerror=alert(2)>")
        self.enter(self.works)
        page = self.page(self.url(key))
        assert "<script>alert(1)" not in page
        assert "&lt;script&gt;alert(1)" in page
        assert "<img src=x" not in page
        assert "<script>alert(1)" not in self.page("/staff/cases/")

    def test_nobody_outside_the_desk_opens_a_case(self):
        key = self.open()
        self.enter(self.planner)
        assert self.client.get(self.url(key)).status_code == 403
        assert self.client.get(self.url(uuid4())).status_code == 403
        self.enter(self.works)
        assert self.client.get(self.url(uuid4())).status_code == 404

    def test_a_broken_history_is_said(self):
        key = self.open()
        with self.acting():
            Case.objects.filter(pk=key).update(head=b"\x01" * 32)
        self.enter(self.works)
        assert "ประวัติถูกแก้" in text_of(self.page(self.url(key)))


class Moving(CaseCase):
    def test_one_tap_accepts(self):
        key = self.open()
        self.enter(self.works)
        page = self.page(self.url(key))
        assert re.search(r'name="to" value="accepted"', page)
        self.do(key, "move", to="accepted")
        assert self.state(key) == "accepted"
        assert "รับเรื่องแล้ว" in text_of(self.page(self.url(key)))

    def test_a_jump_not_in_the_table_is_refused(self):
        key = self.open()
        self.enter(self.works)
        said = self.do(key, "move", status=422, to="fixed")
        assert "เปลี่ยนเป็น" in text_of(said)
        self.do(key, "move", status=422, to="erased")
        self.do(key, "move", status=422, to="nonsense")
        assert self.state(key) == "submitted"

    def test_each_move_asks_what_its_guards_ask(self):
        key = self.open()
        self.enter(self.works)
        self.do(key, "move", to="accepted")
        page = self.page(self.url(key))
        for name in ("fixed-photos", "cannot_fix-note", "forwarded-receiver", "planned-planned_on_day", "moderated-internal",
                     "waiting_citizen-note"):  # fmt: skip
            assert f'name="{name}"' in page, name
        assert 'value="closure_requested"' not in page  # this service asks for no second pair of eyes

    def test_fixed_needs_the_after_photo(self):
        key = self.open()
        self.enter(self.works)
        self.do(key, "move", to="accepted")
        self.do(key, "move", status=422, to="fixed", **{"fixed-note": "เปลี่ยนหลอดแล้ว"})
        assert self.state(key) == "accepted"
        self.do(key, "move", to="fixed", **{"fixed-note": "เปลี่ยนหลอดแล้ว", "fixed-photos": photo_file()})
        assert self.state(key) == "fixed"
        page = self.page(self.url(key))
        assert "หลังแก้ไข" in page
        assert "ยังไม่เผยแพร่" in page

    def test_a_file_that_is_no_photo_is_refused_and_nothing_changes(self):
        key = self.open()
        self.enter(self.works)
        self.do(key, "move", to="accepted")
        said = self.do(key, "move", status=422, to="fixed", **{"fixed-photos": photo_file(b"MZ\x90 not a photo")})
        assert "ไม่ใช่ภาพ" in text_of(said)
        assert self.state(key) == "accepted"

    def test_a_reason_is_asked_for_and_kept_when_it_is_missing_something(self):
        key = self.open()
        self.enter(self.works)
        self.do(key, "move", to="accepted")
        said = self.do(key, "move", status=422, to="forwarded", **{"forwarded-note": "เป็นถนนของกรมทางหลวง"})
        assert "เป็นถนนของกรมทางหลวง" in said
        self.do(key, "move", to="forwarded",
                **{"forwarded-note": "เป็นถนนของกรมทางหลวง", "forwarded-receiver": "แขวงทางหลวง"})  # fmt: skip
        assert self.state(key) == "forwarded"
        assert "ส่งต่อ ถึง แขวงทางหลวง" in text_of(self.page(self.url(key)))

    def test_a_question_stops_the_clock_and_only_waiting_long_enough_allows_to_cancel(self):
        key = self.open()
        self.enter(self.works)
        self.do(key, "move", to="waiting_citizen", **{"waiting_citizen-note": "เสาต้นไหน"})
        text = text_of(self.page(self.url(key)))
        assert "หยุดนาฬิกา" in text
        assert "ยกเลิกได้เมื่อครบ" in text
        self.do(key, "move", status=422, to="cancelled")
        with clock.at(NOW + timedelta(days=20)):
            self.enter(self.works)
            self.do(key, "move", to="cancelled")
        assert self.state(key) == "cancelled"

    def test_sent_twice_is_done_once(self):
        key = self.open()
        self.enter(self.works)
        fields = {"to": "accepted", "version": self.version(key), "idempotency_key": uuid4().hex}
        first, second = (self.client.post(f"/staff/cases/{key}/do/move/", fields) for _ in range(2))
        assert first.status_code == second.status_code == 302
        with self.acting():
            assert CaseEvent.objects.filter(case=key, kind="state").count() == 1

    def test_the_second_officer_sees_what_changed_and_keeps_her_words(self):
        key = self.open()
        seen = self.version(key)
        self.enter(self.works)
        self.do(key, "move", to="accepted", version=seen)
        self.enter(self.works2)
        said = self.do(key, "move", status=409, to="not_ours", version=seen, **{"not_ours-note": "เสานี้เป็นของการไฟฟ้า"})
        text = text_of(said)
        assert "มีเจ้าหน้าที่อีกคนแก้ไขเรื่องนี้ไปแล้ว" in text
        assert "รับเรื่องแล้ว" in text
        assert "ช่างแดง มั่นคง" in text
        assert "เสานี้เป็นของการไฟฟ้า" in said
        assert f'name="version" value="{self.version(key)}"' in said
        assert self.state(key) == "accepted"


class Sorting(CaseCase):
    def test_another_category_says_first_what_will_happen(self):
        key = self.open()
        self.enter(self.works)
        look = text_of(self.page(f"/staff/cases/{key}/category/", code="smoke"))
        for words in ("กองสาธารณสุขฯ", "ควันและการเผา", "ผู้แจ้งจะได้รับข้อความ"):
            assert words in look, words
        assert self.state(key) == "submitted"
        answer = self.send(f"/staff/cases/{key}/category/", code="smoke", version=self.version(key), note="เป็นควัน")
        assert answer.status_code == 302
        with self.acting():
            case = Case.objects.get(pk=key)
        assert (case.service_id, case.unit_id) == ("smoke", "health")

    def test_a_sealed_category_is_not_offered(self):
        key = self.open()
        self.enter(self.works)
        assert 'value="staff_conduct"' not in self.page(self.url(key))
        self.send(f"/staff/cases/{key}/category/", code="staff_conduct", version=1)
        with self.acting():
            assert Case.objects.get(pk=key).service_id == "street_light"

    def test_unit_person_and_urgency(self):
        key = self.open()
        self.enter(self.works)
        self.do(key, "take")
        self.do(key, "urgent")
        with self.acting():
            case = Case.objects.get(pk=key)
            assert (case.assignee, case.is_urgent) == (self.works.pk, True)
        self.do(key, "person", **{"person-person": str(self.works2.pk)})
        self.do(key, "unit", **{"unit-unit": "health", "unit-why": "เป็นงานสาธารณสุข"})
        with self.acting():
            case = Case.objects.get(pk=key)
        assert (case.unit_id, case.assignee) == ("health", None)
        self.do(key, "move", status=422, to="accepted")  # it is theirs now

    def test_a_case_is_merged_and_parted_again(self):
        first, second = self.open(), self.open("ไฟดับเหมือนกัน")
        self.enter(self.works)
        with self.acting():
            number = Case.objects.get(pk=first).number
        assert number in self.page(self.url(second))
        answer = self.send(
            f"/staff/cases/{second}/merge/", parent=number, version=self.version(second), why="เสาเดียวกัน"
        )
        assert answer.status_code == 302
        assert self.state(second) == "duplicate"
        page = self.page(self.url(first))
        link = re.search(r'name="link" value="(\d+)"', page)[1]
        self.do(first, "unmerge", link=link)
        assert self.state(second) == "submitted"
        assert self.client.post(f"/staff/cases/{first}/do/unmerge/", {"link": link, "idempotency_key": uuid4().hex},
                                ).status_code in {404, 422}  # fmt: skip

    def test_merging_with_itself_or_nothing_is_refused_on_the_form(self):
        key = self.open()
        self.enter(self.works)
        with self.acting():
            number = Case.objects.get(pk=key).number
        for parent in (number, "2569-999999"):
            answer = self.send(f"/staff/cases/{key}/merge/", parent=parent, version=self.version(key))
            assert answer.status_code == 422, parent
        assert self.state(key) == "submitted"

    def test_the_pin_is_put_right(self):
        key = self.open()
        self.enter(self.works)
        self.page(f"/staff/cases/{key}/place/")
        answer = self.send(f"/staff/cases/{key}/place/", lat="18.75", lon="98.95", version=self.version(key))
        assert answer.status_code == 302
        with self.acting():
            assert round(Case.objects.get(pk=key).public_point.y, 3) == 18.75
        assert self.send(f"/staff/cases/{key}/place/", lat="18.75", lon="", version=2).status_code == 422

    def test_text_is_public_only_after_an_officer_releases_it(self):
        key = self.open()
        self.enter(self.works)
        self.do(key, "text", **{"text-text": "ไฟถนนดับ"})
        with self.acting():
            assert Case.objects.get(pk=key).public_text == "ไฟถนนดับ"


class Sealed(CaseCase):
    def setUp(self):
        super().setUp()
        self.key = self.open("เจ้าหน้าที่เรียกเงิน", service="staff_conduct", point=None, address="ที่ว่าการ")

    def test_the_unit_concerned_finds_nothing(self):
        for officer in (self.works, self.counter):
            self.enter(officer)
            assert self.client.get(self.url(self.key)).status_code == 404
            assert self.client.get(f"/staff/cases/confidential/{self.key}/").status_code == 404
            assert self.client.get("/staff/cases/confidential/").status_code == 403

    def test_the_confidential_desk_opens_it_and_each_opening_is_written_down(self):
        self.enter(self.clerk)
        assert self.client.get(self.url(self.key)).status_code == 404  # not on the open desk
        listed = self.page("/staff/cases/confidential/")
        assert "เจ้าหน้าที่เรียกเงิน" not in listed
        assert "เจ้าหน้าที่เรียกเงิน" in self.page(f"/staff/cases/confidential/{self.key}/")
        with self.acting():
            look = Read.objects.get(entity="sealed_case")
        assert (look.actor, look.purpose, look.key) == (self.clerk.actor, "services.confidential", self.key)
        assert "ประสิทธิ์ ปลัดดี" in self.page("/staff/cases/confidential/")

    def test_it_moves_on_its_own_desk(self):
        self.enter(self.clerk)
        answer = self.send(
            f"/staff/cases/confidential/{self.key}/do/move/", to="accepted", version=self.version(self.key)
        )
        assert answer.status_code == 302, text_of(answer.content.decode())[:600]
        assert answer["Location"].endswith(f"/staff/cases/confidential/{self.key}/")
        assert self.state(self.key) == "accepted"
