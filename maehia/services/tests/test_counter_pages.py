"""The counter: the person is found with care, everything is started for her, and nothing is left for the next."""

from __future__ import annotations

from urllib.parse import quote

from maehia.access.models import Read
from maehia.city.tests.cast import P_BOONMA, P_MALEE, text_of
from maehia.evidence.tests.cast import BOONMA, MALEE
from maehia.kit.idempotency import new_key
from maehia.kit.testing import AppTestCase
from maehia.services.models import Caring, Case, CaseEvent, CounterVisit, Party, Ticket, TicketFor
from maehia.services.tests.counter_cast import Centre, publish
from maehia.services.tests.desk_cast import TownHall
from maehia.thai.text import to_thai


class CounterCase(Centre, TownHall, AppTestCase):
    def setUp(self):
        super().setUp()
        self.sit()
        self.url = self.begin()

    def find(self, typed: str, second: str = "", status: int = 200) -> str:
        answer = self.client.post(f"{self.url}find/", {"q": typed, "second": second})
        assert answer.status_code == status, answer.content.decode()[:400]
        return text_of(answer.content.decode())

    def choose(self, person=P_MALEE):
        return self.client.post(f"{self.url}person/{person}/")

    def report(self, **more):
        sent = {"service": "smoke", "text": "เผาขยะข้างบ้าน", "address": "หมู่ 5", "idempotency_key": new_key(), **more}
        return self.client.post(f"{self.url}report/", sent)

    def visit(self) -> CounterVisit:
        with self.acting():
            return CounterVisit.objects.latest("started_at")


class Finding(CounterCase):
    def test_a_card_number_is_read_with_thai_digits_spaces_and_dashes(self):
        number = MALEE["national_id"]
        spaced = f"{number[0]} {number[1:5]} {number[5:10]}-{number[10:12]} {number[12]}"
        for typed in (number, spaced, to_thai(spaced)):
            assert "มาลี" in self.find(typed), typed

    def test_a_phone_finds_its_holder(self):
        assert "พบ 1 คน" in self.find(to_thai(MALEE["phone"]))

    def test_a_name_alone_is_not_enough(self):
        assert "ชื่ออย่างเดียวยังไม่พอ" in self.find("มาลี")

    def test_a_name_with_house_year_or_last_four_finds_her_and_a_wrong_second_term_nobody(self):
        for second in ("12/3", str(MALEE["birth"].year + 543), MALEE["national_id"][-4:], MALEE["phone"][-4:]):
            assert "พบ 1 คน" in self.find("มาลี", second), second
        assert "พบ 0 คน" in self.find("มาลี", "99/9")

    def test_trying_last_fours_one_after_another_is_stopped(self):
        shown = [self.find("มาลี", f"{n:04d}") for n in range(1000, 1022)]
        assert "ครบ 20 ครั้ง" in shown[-1]

    def test_every_look_is_in_the_log_under_the_purpose_of_the_counter(self):
        self.find("มาลี", "12/3")
        self.choose()
        self.page(self.url)
        with self.acting():
            looks = set(Read.objects.filter(key=P_MALEE).values_list("actor", "purpose", "via"))
        actor = self.counter.actor
        assert {(actor, "counter.service", "search"), (actor, "counter.service", "counter")} <= looks

    def test_what_was_typed_stands_in_no_address_and_no_session(self):
        self.find("มาลี", "12/3")
        assert "มาลี" not in str(dict(self.client.session.items()))
        assert quote("มาลี") not in self.url

    def test_id_and_phone_are_masked(self):
        self.choose()
        page = self.page(self.url)
        assert MALEE["national_id"] not in page.replace("-", "")
        assert MALEE["phone"] not in page.replace("-", "")

    def test_others_than_counter_staff_do_not_get_in(self):
        self.enter(self.clerk)
        self.page("/staff/counter/", 403)
        assert self.client.post("/staff/counter/start/").status_code == 403


class Starting(CounterCase):
    def setUp(self):
        super().setUp()
        self.choose()

    def test_a_report_is_hers_bears_the_channel_and_gives_a_slip_without_her_name(self):
        answer = self.report(phone="0810000001")
        slip = self.page(answer.url)
        with self.acting():
            case = Case.objects.get()
        assert (case.channel, case.person_key) == ("counter", P_MALEE)
        assert case.number in slip
        assert "<svg" in slip
        assert "/follow/" in slip
        assert "มาลี" not in slip.partition("<main")[2].partition("</main>")[0]
        assert case.number in self.page(self.url)

    def test_a_double_click_files_once(self):
        key = new_key()
        assert self.report(idempotency_key=key).url == self.report(idempotency_key=key).url
        with self.acting():
            assert Case.objects.count() == 1

    def test_a_report_that_lacks_something_says_what(self):
        answer = self.report(service="", text="")
        assert answer.status_code == 422
        assert "มีข้อมูลที่ต้องแก้ไข" in answer.content.decode()
        assert self.report(service="nothing").status_code == 422

    def test_somebody_who_came_in_her_stead_is_noted_with_the_paper_and_not_shown_in_public(self):
        refused = self.client.post(f"{self.url}helper/", {"name": "บุญมา", "paper": ""}, follow=True)
        assert "ต้องบอกชื่อผู้มาแทนและเอกสารที่แสดง" in refused.content.decode()
        self.client.post(f"{self.url}helper/", {"name": "บุญมา สุขใจดี", "paper": "หนังสือมอบอำนาจ 17 พ.ย. 2569"})
        self.report()
        with self.acting():
            assert Party.objects.get(role="carer").name == "บุญมา สุขใจดี"
            note = CaseEvent.objects.get(kind="note")
        assert "หนังสือมอบอำนาจ" in note.note
        assert not note.is_public

    def test_a_visit_is_for_one_person(self):
        answer = self.choose(P_BOONMA)
        assert answer.status_code == 400
        assert "เป็นของอีกคนหนึ่ง" in answer.content.decode()

    def test_a_slip_of_somebody_elses_case_is_not_found(self):
        answer = self.report()
        case = answer.url.rstrip("/").rpartition("/")[2]
        self.client.post(f"{self.url}finish/")
        self.url = self.begin()
        self.choose(P_BOONMA)
        assert self.client.get(f"{self.url}slip/{case}/").status_code == 404

    def test_an_application_for_her_is_hers_and_tied_to_her_ticket(self):
        with self.acting():
            publish("waste_account")
        ticket = self.visitor()
        self.act("next")
        self.act("start", ticket)
        self.url = self.begin(ticket)
        self.choose()
        assert "waste_account" in self.page(self.url)
        self.client.post(f"{self.url}helper/", {"name": "บุญมา สุขใจดี", "paper": "หนังสือมอบอำนาจ"})
        assert "มาลี" in self.page(f"{self.url}apply/waste_account/")
        sent = {
            "account_no": "W-1",
            "change": "name",
            "new_name": "บุญมา สุขใจดี",
            "x-phone": "0810000001",
            "step": "send",
        }
        answer = self.send(f"{self.url}apply/waste_account/", **sent)
        assert "/slip/" in answer.url
        with self.acting():
            case = Case.objects.get()
            assert (case.person_key, case.channel) == (P_MALEE, "counter")
            assert TicketFor.objects.get().case_id == case.pk
            assert Party.objects.filter(role="carer").count() == 1
        assert self.client.get(f"{self.url}apply/nothing/").status_code == 404

    def test_a_carer_is_set_up_by_her_paper_and_seen_by_both(self):
        sent = {"carer": BOONMA["national_id"], "may": "file", "paper": "หนังสือมอบอำนาจ", "relation": "ลูกชาย"}
        nobody = self.client.post(f"{self.url}care/", {**sent, "carer": "3-5001-00000-99-9"})
        assert nobody.status_code == 422
        assert self.client.post(f"{self.url}care/", sent).status_code == 302
        with self.acting():
            row = Caring.objects.select_related("who").get()
        assert (row.cared_key, row.carer_key, row.may) == (P_MALEE, P_BOONMA, "file")
        assert "หนังสือมอบอำนาจ" in row.how
        assert row.who.carer_name
        again = self.client.post(f"{self.url}care/", sent)
        assert again.status_code == 422
        assert "เป็นผู้ดูแลอยู่แล้ว" in again.content.decode()


class Finishing(CounterCase):
    def test_nothing_of_one_person_shows_with_the_next(self):
        self.choose()
        self.report()
        self.client.post("/staff/register/", {"q": "มาลี สุขใจดี"})
        before = self.url
        answer = self.client.post(f"{before}finish/")
        assert "clear=1" in answer.url
        kept = set(self.client.session.keys())
        assert not {"city.search", "city.purpose"} & kept
        door = self.client.get(answer.url)
        assert door.headers["Clear-Site-Data"] == '"cache"'
        self.url = self.begin()
        page = self.page(self.url)
        for word in ("มาลี", "สุขใจดี", "เผาขยะ", "12/3"):
            assert word not in text_of(page), word

    def test_every_page_of_an_ended_visit_is_gone_also_by_the_back_button(self):
        self.choose()
        slip = self.report().url
        pages = ["", "report/", "care/", "apply/house_permit/"]
        for part in pages:
            answer = self.client.get(f"{self.url}{part}")
            assert "no-store" in answer.headers["Cache-Control"], part
        self.client.post(f"{self.url}finish/")
        for address in (*(f"{self.url}{part}" for part in pages), slip):
            answer = self.client.get(address)
            assert (answer.status_code, answer.headers.get("Location")) == (302, "/staff/counter/"), address

    def test_a_form_sent_late_from_the_person_before_is_not_filed(self):
        self.choose()
        self.client.post(f"{self.url}finish/")
        assert self.report().status_code == 302
        with self.acting():
            assert not Case.objects.exists()

    def test_a_new_visit_ends_the_one_before(self):
        self.choose()
        old = self.url
        self.begin()
        assert self.client.get(old).status_code == 302

    def test_a_colleague_does_not_enter_a_visit(self):
        self.choose()
        self.enter(self.works)
        assert self.client.get(self.url).headers["Location"] == "/staff/counter/"

    def test_finishing_serves_the_ticket_and_ties_it_to_the_case(self):
        ticket = self.visitor()
        self.act("next")
        self.act("start", ticket)
        self.url = self.begin(ticket)
        assert "A001" in self.page(self.url)
        self.choose()
        self.report()
        self.client.post(f"{self.url}finish/")
        with self.acting():
            assert Ticket.objects.get().state == "done"
            assert TicketFor.objects.get().case_id == Case.objects.get().pk
