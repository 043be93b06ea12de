"""The page of a person: what each purpose shows, and that every look is written down."""

import uuid

from maehia.city.actions import refresh
from maehia.city.models import Household
from maehia.city.tests.cast import H_12_3, MAY, P_BOONMA, P_JAIDEE, P_MALEE, PageCase, text_of, url
from maehia.evidence.actions import LinkChange, save_links
from maehia.evidence.models import Delivery
from maehia.evidence.tests.cast import MALEE_ID, deliver, make_source, row
from maehia.kit.recorders import assert_queries

NOBODY = uuid.UUID(int=999)


class PersonPageTests(PageCase):
    def setUp(self):
        super().setUp()
        self.enter(self.counter)

    def test_values_stand_with_the_list_they_came_from(self):
        page = self.page(url("person", P_MALEE))
        shown = text_of(page)
        assert "นางมาลี สุขใจดี" in shown
        assert "13 เม.ย. 2492" in shown
        assert "มาจาก: บัญชี civil (ข้อมูลสมมติ)" in shown
        assert "civil-2026-05-01.xlsx แผ่น1 แถว 1" in shown

    def test_the_chip_leads_to_the_delivery_only_for_whoever_may_see_it(self):
        with self.acting():
            delivery = Delivery.objects.get(source_id="civil")
        link = f"/staff/intake/deliveries/{delivery.pk}/"
        assert link not in self.page(url("person", P_MALEE))
        self.enter(self.data)
        assert link in self.page(url("person", P_MALEE))

    def test_id_and_phone_are_masked(self):
        page = self.page(url("person", P_MALEE))
        assert MALEE_ID not in page
        assert "0812345678" not in page
        assert "•••••••••5635" in text_of(page)
        assert "••••••5678" in text_of(page)

    def test_where_lists_differ_it_is_said_in_words(self):
        shown = text_of(self.page(url("person", P_MALEE)))
        assert "บัญชีบอกไม่ตรงกัน" in shown
        assert "“มาลี”" in shown
        assert "“มะลิ”" in shown

    def test_the_household_shows_who_belongs_to_it_and_logs_them_too(self):
        shown = text_of(self.page(url("person", P_MALEE)))
        assert "ครัวเรือนตามทะเบียนบ้าน" in shown
        assert "นายบุญมา สุขใจดี" in shown
        assert (self.counter.actor, "counter.service", "household") in self.reads_of(P_BOONMA)

    def test_residences_of_each_kind_are_there(self):
        shown = text_of(self.page(url("person", P_MALEE)))
        assert "ที่อยู่ตามทะเบียนบ้าน" in shown
        assert "ที่อยู่จริง" in shown

    def test_the_look_is_logged_before_anything_is_shown(self):
        self.page(url("person", P_MALEE))
        assert self.reads_of(P_MALEE) == [(self.counter.actor, "counter.service", "page")]

    def test_a_key_that_is_not_there_is_404(self):
        self.page(url("person", NOBODY), status=404)

    def test_a_merged_key_leads_to_the_one_that_stands(self):
        with self.acting():
            save_links(LinkChange("person", {}, {NOBODY: P_MALEE}))
        answer = self.client.get(url("person", NOBODY))
        assert (answer.status_code, answer.url) == (302, url("person", P_MALEE))

    def test_a_merged_key_of_somebody_hidden_is_the_same_404(self):
        with self.acting():
            save_links(LinkChange("person", {}, {NOBODY: P_JAIDEE}))
        self.enter(self.volunteer)
        hidden = self.client.get(url("person", NOBODY))
        unknown = self.client.get(url("person", uuid.UUID(int=998)))
        assert hidden.status_code == unknown.status_code == 404

    def test_the_page_is_never_kept_by_a_cache(self):
        assert "no-store" in self.client.get(url("person", P_MALEE)).headers["Cache-Control"]

    def test_a_page_asks_the_database_a_bounded_number_of_times(self):
        self.page(url("person", P_MALEE))
        with assert_queries(62):
            self.page(url("person", P_MALEE))

    def test_in_english_the_page_is_english(self):
        shown = text_of(self.page("/en" + url("person", P_MALEE)))
        assert "Registered household" in shown
        assert "13 Apr 1949" in shown


class PurposeTests(PageCase):
    """What one purpose shows and another hides."""

    def setUp(self):
        super().setUp()
        with self.acting():
            welfare = make_source("welfare", data_class="s26", kind="need")
            base = {"person_ref": "civil:1", "level": "มาก", "note": "ใช้เครื่องผลิตออกซิเจน"}
            deliver(welfare, MAY, [row("w:1", {**base, "need_kind": "oxygen", "ground": "s26_5_c"})], kind="need")
            roll = make_source("roll", household_kind="budget")
            paid = {"role": "resident", "first_name": "มาลี", "last_name": "สุขใจดี", "benefit": "เบี้ยความพิการ",
                    "amount_baht": 800, "house_no": "12/3", "moo": 5}  # fmt: skip
            deliver(roll, MAY, [row("roll:1", paid)])
            save_links(LinkChange("person", {"roll:1": P_MALEE}, {}))
            refresh()

    def purpose(self, key):
        self.client.post("/staff/register/purpose/", {"purpose": key, "next": "/staff/register/"})

    def test_needs_are_shown_for_care_and_to_nobody_else(self):
        self.enter(self.officer)
        self.purpose("welfare.care")
        shown = text_of(self.page(url("person", P_MALEE)))
        assert "ต้องใช้ออกซิเจน" in shown
        assert "มาตรา 26(5)(ค)" in shown
        self.purpose("counter.service")
        shown = text_of(self.page(url("person", P_MALEE)))
        assert "ออกซิเจน" not in shown
        assert "มาตรา 26" not in shown

    def test_the_look_at_needs_has_a_line_of_its_own(self):
        self.enter(self.officer)
        self.purpose("welfare.care")
        self.page(url("person", P_MALEE))
        from maehia.access.models import Read

        with self.acting():
            assert Read.objects.filter(key=P_MALEE, entity="need", purpose="welfare.care").count() == 1

    def test_a_benefit_that_tells_of_disability_is_hidden_at_the_counter(self):
        self.enter(self.counter)
        shown = text_of(self.page(url("person", P_MALEE)))
        assert "เบี้ยความพิการ" not in shown
        assert "800" not in shown

    def test_the_budget_household_stands_beside_the_other_two(self):
        self.enter(self.counter)
        assert "ครัวเรือนในบัญชีสวัสดิการ" in text_of(self.page(url("person", P_MALEE)))

    def test_a_volunteer_sees_the_need_but_neither_note_nor_id(self):
        self.enter(self.volunteer)
        shown = text_of(self.page(url("person", P_MALEE)))
        assert "ต้องใช้ออกซิเจน" in shown
        assert "เครื่องผลิต" not in shown
        assert "5635" not in shown
        assert "วัตถุประสงค์นี้ไม่เปิด" in shown


class RightsTests(PageCase):
    def test_a_visitor_logs_in_first(self):
        assert self.client.get(url("person", P_MALEE)).status_code == 302

    def test_roles_without_the_permission_get_403_whether_or_not_the_person_exists(self):
        for account in (self.planner, self.admin, self.citizen):
            self.enter(account)
            self.page(url("person", P_MALEE), status=403)
            self.page(url("person", NOBODY), status=403)

    def test_a_volunteer_sees_her_moo_only_and_cannot_tell_hidden_from_missing(self):
        self.enter(self.volunteer)
        self.page(url("person", P_MALEE))
        hidden = self.client.get(url("person", P_JAIDEE))
        missing = self.client.get(url("person", NOBODY))
        assert hidden.status_code == missing.status_code == 404
        assert text_of(hidden.content.decode()) == text_of(missing.content.decode())
        assert self.reads_of(P_JAIDEE) == []

    def test_a_household_page_lists_members_and_hides_outside_the_area(self):
        with self.acting():
            near = Household.objects.get(house_id=H_12_3, kind="registered")
            far = Household.objects.exclude(house_id=H_12_3).first()
        self.enter(self.volunteer)
        assert "นายบุญมา สุขใจดี" in text_of(self.page(url("household", near.key)))
        self.page(url("household", far.key), status=404)

    def test_a_citizen_sees_herself_and_only_herself(self):
        self.enter(self.citizen)
        shown = self.page("/me/")
        assert "มาลี" in shown
        assert "บุญมา" not in shown
        assert MALEE_ID not in shown
        self.page(url("person", P_BOONMA), status=403)
