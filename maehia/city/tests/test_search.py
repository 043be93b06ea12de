"""The search box: what it understands, whom it shows, what it leaves behind."""

from maehia.city.queries.search import parse_term
from maehia.city.tests.cast import P_BOONMA, P_JAIDEE, P_MALEE, PageCase, text_of, url
from maehia.evidence.tests.cast import MALEE_ID
from maehia.kit.recorders import assert_queries


def test_an_id_a_phone_a_house_and_a_name_are_told_apart():
    assert parse_term("3-1006-00445-63-5").national_id == MALEE_ID
    assert parse_term("๐๘๑-๒๓๔-๕๖๗๘").phone == "0812345678"
    assert (parse_term("12/3 ม.5").house_no, parse_term("12/3 ม.5").moo) == ("12/3", 5)
    assert parse_term("50010-123456").house_code == "50010123456"
    assert (parse_term("มาลี 5635").name, parse_term("มาลี 5635").last4) == ("มาลี", "5635")
    assert parse_term("สุขใจ").name == "สุขใจ"


class SearchPageTests(PageCase):
    def setUp(self):
        super().setUp()
        self.enter(self.counter)

    def test_an_empty_box_teaches(self):
        assert "ค้นอย่างไรได้บ้าง" in self.page("/staff/register/")

    def test_a_part_of_a_surname_finds_the_family(self):
        shown = text_of(self.search("ขใจ"))
        assert "นางมาลี สุขใจดี" in shown
        assert "นายบุญมา สุขใจดี" in shown
        assert "พบ 2 รายการ" in shown

    def test_a_tone_mark_slip_is_forgiven(self):
        assert "สุขใจดี" in text_of(self.search("สุขใจ่ดี้"))

    def test_a_name_of_another_list_is_found_and_said(self):
        assert "บัญชีอื่นเขียนว่า มะลิ สุขใจดี" in text_of(self.search("มะลิ"))

    def test_birth_and_address_tell_people_of_one_name_apart(self):
        assert "บ้านเลขที่ 12/3 หมู่ 5 · เกิด 13 เม.ย. 2492" in text_of(self.search("มาลี"))

    def test_a_whole_id_finds_one_person(self):
        shown = text_of(self.search("3 1006 00445 63 5"))
        assert "พบ 1 รายการ" in shown
        assert "มาลี" in shown

    def test_a_phone_finds_its_owner(self):
        assert "นางมาลี" in text_of(self.search("081-234-5678"))

    def test_the_end_of_an_id_needs_a_name_beside_it(self):
        assert "นางมาลี" in text_of(self.search("มาลี 5635"))
        assert "ไม่พบสิ่งที่ค้นหา" in text_of(self.search("มาลี 9999"))

    def test_a_house_number_with_moo_finds_the_house(self):
        shown = self.search("12/3 หมู่ 5")
        assert "บ้านเลขที่ 12/3 หมู่ 5" in text_of(shown)
        assert "ไม่พบ" not in text_of(shown)

    def test_one_letter_is_too_little(self):
        assert "คำค้นสั้นเกินไป" in text_of(self.search("ม"))

    def test_what_was_typed_stands_in_no_address_and_not_in_clear_in_the_session(self):
        answer = self.client.post("/staff/register/", {"q": MALEE_ID})
        assert answer.url == "/staff/register/"
        assert MALEE_ID not in str(dict(self.client.session))

    def test_the_list_is_there_again_when_one_comes_back(self):
        self.search("มาลี")
        self.page(url("person", P_MALEE))
        assert "นางมาลี" in text_of(self.page("/staff/register/"))

    def test_every_person_shown_is_logged_with_the_purpose(self):
        self.search("สุขใจดี")
        for person in (P_MALEE, P_BOONMA):
            assert (self.counter.actor, "counter.service", "search") in self.reads_of(person)
        assert self.reads_of(P_JAIDEE) == []

    def test_the_chosen_purpose_holds_for_the_session(self):
        self.client.post("/staff/register/purpose/", {"purpose": "register.read", "next": "/staff/register/"})
        self.search("มาลี")
        assert self.reads_of(P_MALEE)[-1][1] == "register.read"

    def test_a_purpose_that_is_not_ones_own_is_not_taken(self):
        self.client.post("/staff/register/purpose/", {"purpose": "welfare.care", "next": "/staff/register/"})
        self.search("มาลี")
        assert self.reads_of(P_MALEE)[-1][1] == "counter.service"

    def test_the_purpose_form_leads_nowhere_else(self):
        answer = self.client.post("/staff/register/purpose/", {"purpose": "x", "next": "https://example.org/"})
        assert answer.url == "/staff/register/"

    def test_searching_faster_than_a_person_is_refused_politely(self):
        for _ in range(60):
            self.client.get("/staff/register/")  # nothing typed: not counted
        self.client.post("/staff/register/", {"q": "มาลี"})
        for _ in range(60):
            assert self.client.get("/staff/register/").status_code == 200
        answer = self.client.get("/staff/register/")
        assert answer.status_code == 429
        assert "รอสักครู่แล้วลองใหม่" in text_of(answer.content.decode())

    def test_in_english_the_page_is_english(self):
        self.search("มาลี")
        shown = text_of(self.page("/en/staff/register/"))
        assert "1 found" in shown
        assert "born 13 Apr 1949" in shown

    def test_a_search_asks_the_database_little(self):
        self.search("สุขใจดี")
        with assert_queries(43):  # twelve of them for the badges of the menu
            self.page("/staff/register/")


class SearchRightsTests(PageCase):
    def test_a_visitor_is_sent_to_log_in(self):
        assert self.client.get("/staff/register/").url.startswith("/accounts/login/")

    def test_a_role_without_the_permission_gets_403(self):
        for account in (self.planner, self.admin, self.citizen):
            self.enter(account)
            self.page("/staff/register/", status=403)

    def test_a_volunteer_finds_her_moo_only(self):
        self.enter(self.volunteer)
        assert "นางมาลี" in text_of(self.search("มาลี"))
        shown = text_of(self.search("ใจดี"))
        assert "มั่งมี" not in shown
        assert self.reads_of(P_JAIDEE) == []
        assert "พบ 2 รายการ" in shown  # the two whose surname holds the word
