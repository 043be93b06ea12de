"""The lists of the town: how fresh, under what law, locked or open."""

from datetime import date

from django.test import Client
from django.urls import reverse

from maehia.evidence.models import Source
from maehia.intake.tests.cast import AS_OF, IntakeCase

INDEX = "/staff/intake/"
LEAVE = {
    "document_no": "มท 0309.1/ว 0000 (สมมติ)", "issued_on_day": "5", "issued_on_month": "1", "issued_on_year": "2569",
    "issued_by": "กรมการปกครอง (หนังสือสมมติ)",
}  # fmt: skip
NEW = {
    "key": "market", "name_th": "ผู้ค้าตลาดสด (ข้อมูลสมมติ)", "kind": "business", "cadence": "yearly", "coverage": "snapshot",
    "fresh_days": "400", "data_class": "personal", "legal_basis": "หน้าที่ตามกฎหมาย", "legal_section": "ม.24(6)", "rank": "60",
}  # fmt: skip


class Doors(IntakeCase):
    def test_a_visitor_is_sent_to_the_log_in(self):
        self.client.logout()
        for path in (INDEX, "/staff/intake/deliver/", "/staff/intake/review/", "/staff/intake/sources/vhv/"):
            answer = self.client.get(path)
            assert (answer.status_code, answer.url.split("?")[0]) == (302, "/accounts/login/"), path

    def test_the_counter_has_no_business_here(self):
        self.log_in("malee")
        for path in (INDEX, "/staff/intake/deliver/", "/staff/intake/review/", "/staff/intake/sources/new/"):
            assert self.client.get(path).status_code == 403, path

    def test_who_may_only_look_is_offered_no_button(self):
        self.log_in("nok")
        page = self.client.get(INDEX)
        assert page.status_code == 200
        assert page.context["actions"] == []
        assert self.client.get("/staff/intake/deliver/").status_code == 403

    def test_a_post_from_elsewhere_is_refused(self):
        strict = Client(enforce_csrf_checks=True)
        strict.cookies = self.client.cookies
        answer = strict.post(reverse("intake:source-leave", args=["civil"]), LEAVE)
        assert answer.status_code == 403

    def test_the_menu_and_the_tasks_lead_here(self):
        page = self.client.get("/staff/").content.decode()
        assert 'href="/staff/intake/"' in page
        assert 'href="/staff/intake/review/"' in page

    def test_the_english_pages_are_english(self):
        page = self.client.get("/en/staff/intake/").content.decode()
        assert "Data intake" in page
        assert "Water customers (invented)" in page
        assert "บัญชีทั้งหมดของเมือง" not in page


class Freshness(IntakeCase):
    def states(self):
        rows = self.client.get(INDEX).context["sources"].rows
        return {row["name"].text: row["state"].text for row in rows}

    def test_each_list_says_how_it_stands(self):
        self.applied(self.people_file())
        states = self.states()
        assert states[self.vhv.name_th] == "เป็นปัจจุบัน"
        assert states[self.civil.name_th] == "ยังไม่มีหนังสืออนุญาต"
        assert states[self.water.name_th] == "ยังไม่เคยส่ง"

    def test_a_list_past_its_promise_says_by_how_many_days_and_comes_first(self):
        self.applied(self.people_file())
        Source.objects.filter(key="vhv").update(fresh_days=30)
        assert next(iter(self.states().items())) == (self.vhv.name_th, "เกินกำหนด 19 วัน")

    def test_an_unconfirmed_section_of_law_says_so(self):
        assert "ยังไม่ได้ตรวจกับตัวบท" in self.client.get(INDEX).content.decode()

    def test_a_source_shows_its_agreement_mapping_and_history(self):
        self.applied(self.people_file())
        page = self.client.get("/staff/intake/sources/vhv/")
        assert [row.label for row in page.context["mapping"]][:2] == ["คำนำหน้า", "ชื่อ"]
        assert len(page.context["deliveries"].rows) == 1
        assert page.context["standing"].newest.as_of == AS_OF


class Leaves(IntakeCase):
    def test_a_locked_list_says_what_to_do(self):
        page = self.client.get("/staff/intake/sources/civil/").content.decode()
        assert "ยังไม่มีหนังสืออนุญาต" in page
        assert "ผู้บันทึกได้คือปลัดเทศบาล" in page

    def test_the_data_officer_may_not_open_the_lock(self):
        assert self.client.post(reverse("intake:source-leave", args=["civil"]), LEAVE).status_code == 403
        assert Source.objects.get(key="civil").is_locked

    def test_the_clerk_and_the_dpo_may(self):
        for name in ("prasit", "dao"):
            self.log_in(name)
            self.client.post(reverse("intake:source-leave", args=["civil"]), LEAVE)
            held = Source.objects.get(key="civil").leaves.get(revoked_on=None)
            assert (held.issued_on, held.entered_by) == (date(2026, 1, 5), getattr(self, name).actor)
            self.client.post(reverse("intake:source-leave-revoke", args=["civil", held.pk]))
            assert Source.objects.get(key="civil").is_locked

    def test_a_leave_without_a_number_is_asked_again(self):
        self.log_in("prasit")
        answer = self.client.post(reverse("intake:source-leave", args=["civil"]), {**LEAVE, "document_no": ""})
        assert "document_no" in answer.context["form"].errors
        assert Source.objects.get(key="civil").is_locked


class Keeping(IntakeCase):
    def test_a_new_list_is_entered_in_the_browser(self):
        answer = self.client.post("/staff/intake/sources/new/", NEW)
        assert answer.url == "/staff/intake/sources/market/"
        assert Source.objects.get(key="market").kind == "business"

    def test_a_personal_list_without_a_section_of_law_is_refused_with_words(self):
        answer = self.client.post("/staff/intake/sources/new/", {**NEW, "legal_section": ""})
        assert "ต้องระบุฐานกฎหมายและมาตรา" in str(answer.context["form"].non_field_errors())
        assert not Source.objects.filter(key="market").exists()

    def test_a_key_is_used_once(self):
        answer = self.client.post("/staff/intake/sources/new/", {**NEW, "key": "vhv"})
        assert "key" in answer.context["form"].errors

    def test_the_dpo_may_change_a_promise(self):
        self.log_in("dao")
        values = {key: value for key, value in NEW.items() if key not in {"key", "kind"}}
        answer = self.client.post("/staff/intake/sources/vhv/edit/", {**values, "fresh_days": "30"})
        assert answer.url == "/staff/intake/sources/vhv/"
        assert Source.objects.get(key="vhv").fresh_days == 30
