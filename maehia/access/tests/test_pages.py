"""The pages: who may open them, and that each form does what its button says."""

from datetime import date, timedelta
from uuid import uuid4

from django.urls import reverse

from maehia.access import actions, queries, registry
from maehia.access.actions import log_read
from maehia.access.middleware import MFA_SESSION
from maehia.access.models import Account, Assignment, BreakGlass, LegalHolder, Role
from maehia.access.permissions import acting_as
from maehia.access.registry import MinimalPerson
from maehia.access.tests.cast import KAMON, KASEM, CastCase
from maehia.kit import clock, notices
from maehia.kit.idempotency import new_key
from maehia.kit.testing import NOW

REASON = "ผู้ป่วยติดเตียงติดอยู่ในบ้านน้ำท่วม"
FIRST = {"starts_on_day": "1", "starts_on_month": "12", "starts_on_year": "2569"}


class PageCase(CastCase):
    def enter(self, account):
        """Log in with the second factor behind it."""
        with self.acting("system.demo"):
            self.client.force_login(account)
        session = self.client.session
        session[MFA_SESSION] = str(account.pk)
        session.save()

    def get(self, name, *args, status=200):
        answer = self.client.get(reverse(name, args=args))
        assert answer.status_code == status, answer.content.decode()[:400]
        return answer.content.decode()

    def post(self, name, *args, **fields):
        return self.client.post(reverse(name, args=args), {"idempotency_key": new_key(), **fields})


class Doors(PageCase):
    PAGES = {
        "access-accounts": "arthit", "access-account-new": "arthit", "access-roles": "arthit",
        "access-signing": "arthit", "access-glass": "nok", "access-glass-review": "prasit", "access-reads": "dao",
        "access-alerts": "dao", "access-purposes": "wichai", "notices": "kamon", "me": "kamon", "me-looks": "kamon",
    }  # fmt: skip

    def test_every_page_opens_for_whom_it_is(self):
        for page, name in self.PAGES.items():
            self.enter(getattr(self, name))
            assert "<h1" in self.get(page), page

    def test_every_page_of_staff_is_closed_to_a_citizen(self):
        self.enter(self.kamon)
        for page in self.PAGES:
            if not page.startswith(("me", "notices")):
                self.get(page, status=403)

    def test_a_visitor_is_sent_to_log_in(self):
        for page in self.PAGES:
            assert reverse("account_login") in self.client.get(reverse(page)).url

    def test_an_administrator_reads_no_log_and_a_dpo_gives_no_roles(self):
        self.enter(self.arthit)
        self.get("access-reads", status=403)
        self.enter(self.dao)
        self.get("access-accounts", status=403)


class Accounts(PageCase):
    def setUp(self):
        super().setUp()
        self.enter(self.arthit)

    def test_an_account_is_made_once_however_often_the_button_is_pressed(self):
        fields = {
            "login": "new",
            "display_name": "คนใหม่",
            "unit": "กองช่าง",
            "password": "ต้นไม้ริมคลอง-2569",
            "idempotency_key": new_key(),
        }
        answers = [self.client.post(reverse("access-account-new"), fields) for _ in range(2)]
        assert answers[0].url == answers[1].url
        with self.acting():
            assert Account.objects.filter(login="new").count() == 1

    def test_a_name_in_use_is_said_on_the_form(self):
        answer = self.post("access-account-new", login="malee", display_name="x", password="ต้นไม้ริมคลอง-2569")
        assert "มีผู้ใช้แล้ว" in answer.content.decode()

    def test_a_role_is_given_by_buddhist_dates_and_for_some_moo(self):
        answer = self.post("access-assign", self.malee.pk, role="planner", moos="๕, 6", **FIRST)
        assert answer.status_code == 302
        with self.acting():
            row = Assignment.objects.get(account=self.malee, role_id="planner")
        assert (row.starts_on, row.moos) == (date(2026, 12, 1), ["5", "6"])
        assert "1 ธ.ค. 2569" in self.get("access-account", self.malee.pk)

    def test_a_moo_that_is_a_word_is_refused(self):
        answer = self.post("access-assign", self.malee.pk, role="planner", moos="ทุกหมู่", **FIRST)
        assert answer.status_code == 422
        assert "หมู่ที่ต้องเป็นตัวเลข" in answer.content.decode()

    def test_a_role_is_ended_and_the_ending_undone(self):
        with self.acting():
            row = self.malee.assignments.get()
        self.post("access-assignment-end", row.pk)
        with self.acting():
            row.refresh_from_db()
            assert row.ends_on == NOW.date()
        self.post("access-assignment-undo", row.pk)
        with self.acting():
            row.refresh_from_db()
            assert row.ends_on is None
        assert "อาทิตย์ ดูแล" in self.get("access-account", self.malee.pk)

    def test_an_account_is_closed_after_its_consequences_were_shown(self):
        assert "เข้าระบบไม่ได้อีก" in self.get("access-account-close", self.malee.pk)
        self.post("access-account-close", self.malee.pk)
        with self.acting():
            assert not Account.objects.get(pk=self.malee.pk).is_active

    def test_name_unit_and_supervisor_are_changed(self):
        self.post(
            "access-account", self.malee.pk, display_name="มาลี ใหม่", unit="ทะเบียน", supervisor=str(self.prasit.pk)
        )
        with self.acting():
            account = Account.objects.get(pk=self.malee.pk)
        assert (account.display_name, account.unit, account.supervisor_id) == ("มาลี ใหม่", "ทะเบียน", self.prasit.pk)

    def test_an_account_that_is_not_there_is_404(self):
        self.get("access-account", uuid4(), status=404)


class Roles(PageCase):
    def setUp(self):
        super().setUp()
        self.enter(self.arthit)

    def test_a_change_is_shown_before_it_counts(self):
        before = Role.objects.get(key="mayor").permissions
        answer = self.post("access-role", "mayor", permissions=["city.search"], purposes=["access.oversee"])
        words = answer.content.decode()
        assert "ค้นทะเบียนเมือง" in words
        assert "มีผลทันทีกับ 1 คน" in words
        assert Role.objects.get(key="mayor").permissions == before

    def test_then_it_is_saved_and_can_be_taken_back(self):
        before = Role.objects.get(key="mayor").permissions
        self.post("access-role", "mayor", permissions=["city.search"], purposes=["access.oversee"], save="1")
        assert Role.objects.get(key="mayor").permissions == ["city.search"]
        self.post("access-role-undo", "mayor")
        assert Role.objects.get(key="mayor").permissions == before

    def test_a_role_as_it_was_set_up_has_nothing_to_take_back(self):
        answer = self.client.post(reverse("access-role-undo", args=["counter"]), follow=True)
        assert answer.status_code == 200
        assert Role.objects.filter(key="counter").exists()

    def test_a_right_that_does_not_exist_cannot_be_chosen(self):
        self.post("access-role", "mayor", permissions=["city.fly"], purposes=[], save="1")
        assert "city.fly" not in Role.objects.get(key="mayor").permissions


class Signing(PageCase):
    def test_a_holder_and_a_deputy_are_written_down_and_ended(self):
        self.enter(self.arthit)
        order = "คำสั่งที่ 12/2569 (สมมติ)"
        start = {"starts_on_day": "1", "starts_on_month": "1", "starts_on_year": "2569"}
        self.post(
            "access-signing", what="holder", position="mayor", account=str(self.somchai.pk), order_no=order, **start
        )
        with self.acting():
            holder = LegalHolder.objects.get()
        self.post(
            "access-signing",
            what="delegate",
            holder=holder.pk,
            deputy=str(self.prasit.pk),
            powers=["sign.permit"],
            order_no=order,
            **start,
        )
        assert "ประสิทธิ์ ปลัดดี" in self.get("access-signing")
        self.post("access-signing-end", "holder", holder.pk)
        with self.acting():
            assert queries.signers("sign.permit", NOW.date() + timedelta(days=1)) == []

    def test_a_citizen_cannot_be_chosen_as_a_signer(self):
        self.enter(self.arthit)
        page = self.get("access-signing")
        assert "มาลี ศรีสุข" in page
        assert "กมล ใจดี" not in page

    def test_a_second_mayor_is_refused_on_the_form(self):
        with self.acting("system.demo"):
            actions.appoint("mayor", self.somchai, starts_on=date(2026, 1, 1), order_no="1")
        self.enter(self.arthit)
        answer = self.post(
            "access-signing", what="holder", position="mayor", account=str(self.prasit.pk), order_no="2", **FIRST
        )
        assert "มีผู้ดำรงตำแหน่งนี้อยู่แล้ว" in answer.content.decode()


class Glass(PageCase):
    def setUp(self):
        super().setUp()
        self.before = registry.minimal.function
        registry.minimal.function = lambda fields: [
            MinimalPerson(KAMON, "กมล ใจดี", "081-234-5678", "123/4 หมู่ 5", ["ออกซิเจน"])
        ]
        self.enter(self.nok)

    def tearDown(self):
        registry.minimal.function = self.before

    def ask(self, **changes):
        fields = {"ground": "s24-2", "reason": REASON, "hours": "1", "person": str(KAMON)} | changes
        return self.post("access-glass", **fields)

    def test_a_person_is_opened_seen_logged_closed_and_reviewed(self):
        page = self.client.get(self.ask().url).content.decode()
        assert "คุณกำลังดูข้อมูลฉุกเฉิน" in page
        assert "ออกซิเจน" in page
        with self.acting():
            glass = BreakGlass.objects.get()
            assert queries.reads(key=KAMON).get().grant == glass.grant
        self.post("access-glass-end", glass.pk)
        assert "ฐานข้อมูลไม่ให้อ่านต่อ" in self.get("access-glass-show", glass.pk)
        self.enter(self.prasit)
        assert "นก ใจเย็น" in self.get("access-glass-review")
        assert REASON in self.get("access-glass-review-one", glass.pk)
        self.post("access-glass-review-one", glass.pk, verdict="justified", note="เหมาะสมตามสถานการณ์")
        assert "ไม่มีรายการรอตรวจทาน" in self.get("access-glass-review")

    def test_what_is_missing_is_said_on_the_form(self):
        for changes, words in (
            ({"reason": "ด่วน"}, "10 ตัวอักษร"),
            ({"person": ""}, "เลือกบุคคล"),
            ({"person": "", "area": "not json"}, "วาดใหม่"),
            ({"person": "", "area": '{"type": "Nothing"}'}, "วาดใหม่"),
            ({"ground": ""}, ""),
            ({"hours": "9"}, ""),
        ):
            answer = self.ask(**changes)
            assert answer.status_code == 200
            assert words in answer.content.decode()
        with self.acting():
            assert not BreakGlass.objects.exists()

    def test_a_drawn_area_is_read(self):
        registry_before, registry.area_keys.function = registry.area_keys.function, lambda area: [KAMON, KASEM]
        square = '{"type":"Polygon","coordinates":[[[98.9,18.7],[99,18.7],[99,18.8],[98.9,18.8],[98.9,18.7]]]}'
        try:
            assert self.ask(person="", area=square).status_code == 302
        finally:
            registry.area_keys.function = registry_before
        with self.acting():
            assert BreakGlass.objects.get().area.area > 0

    def test_anothers_glass_is_not_there(self):
        self.ask()
        with self.acting():
            glass = BreakGlass.objects.get()
        self.enter(self.malee)
        self.get("access-glass-show", glass.pk, status=404)

    def test_who_is_blocked_is_shut_out(self):
        self.ask()
        with self.acting():
            opened = BreakGlass.objects.get().opened_at
        with clock.at(opened + timedelta(days=8)):
            self.get("access-glass", status=403)


class Log(PageCase):
    def setUp(self):
        super().setUp()
        with acting_as(self.malee, "counter.service"):
            log_read("person", [KAMON, KASEM])

    def test_the_dpo_filters_the_log_and_checks_the_seals(self):
        self.enter(self.dao)
        page = self.get("access-reads")
        assert "มาลี ศรีสุข" in page
        assert "หน้าข้อมูล" in page
        page = self.client.get(reverse("access-reads"), {"key": str(KAMON), "verify": "1"}).content.decode()
        assert page.count("ให้บริการประชาชนที่เคาน์เตอร์</td>") == 1
        assert "ตรงกับที่ปิดไว้ทั้งหมด" in page

    def test_a_filter_that_is_no_key_is_no_error(self):
        self.enter(self.dao)
        assert self.client.get(reverse("access-reads"), {"key": "x", "page": "99"}).status_code == 200

    def test_an_alert_is_closed_on_its_page(self):
        with acting_as(self.malee, "counter.service"):
            log_read("person", [uuid4() for _ in range(60)])
        self.enter(self.dao)
        with self.acting():
            alert = queries.open_alerts().get()
        assert "มาลี" in self.get("access-alerts")
        assert "10 ตัวอักษร" in self.post("access-alert-close", alert.pk, note="ok").content.decode()
        self.post("access-alert-close", alert.pk, note="งานสำรวจประจำปีตามแผน")
        assert "ไม่มีการอ่านที่ผิดสังเกต" in self.get("access-alerts")

    def test_a_citizen_sees_the_unit_and_not_the_name(self):
        self.enter(self.kamon)
        page = self.get("me-looks")
        assert "ศูนย์บริการ" in page
        assert "มาลี" not in page

    def test_a_citizen_nobody_knows_is_told_what_to_do(self):
        with self.acting("system.demo"):
            Account.objects.filter(pk=self.kamon.pk).update(person_key=None)
        self.enter(self.kamon)
        assert "ยังไม่ได้ยืนยันตัวตน" in self.get("me")


class Notices(PageCase):
    def test_a_notice_is_opened_and_read(self):
        with self.acting():
            notice = notices.notify(self.nok.actor, "access.glass_justified", "/staff/break-glass/")
        self.enter(self.nok)
        assert "มีเหตุสมควร" in self.get("notices")
        assert self.post("access-notice-read", notice.pk).url == "/staff/break-glass/"
        assert notices.unread_count(self.nok.actor) == 0

    def test_anothers_notice_is_not_there(self):
        notice = notices.notify(self.nok.actor, "access.glass_justified")
        self.enter(self.malee)
        assert self.post("access-notice-read", notice.pk).status_code == 404

    def test_all_are_read_with_one_button(self):
        for _ in range(3):
            notices.notify(self.nok.actor, "access.glass_justified", "https://elsewhere.example/")
        self.enter(self.nok)
        notice = notices.of(self.nok.actor)[0]
        assert self.post("access-notice-read", notice.pk).url == reverse("notices")  # never off the site
        self.post("access-notices-read")
        assert notices.unread_count(self.nok.actor) == 0
