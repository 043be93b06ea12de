"""ผู้ดูแล: leave is given by the cared one alone, ends at once, reaches no further than said, and leaves its mark."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from maehia.access.actions import accounts
from maehia.access.models import Account, Read
from maehia.access.permissions import acting_as
from maehia.access.queries import who_looked
from maehia.base import ProblemError
from maehia.city.models import Person
from maehia.city.queries.people import person_view
from maehia.city.tests.cast import P_BOONMA, P_JAIDEE, P_MALEE, text_of
from maehia.kit import clock
from maehia.kit.acting import acting
from maehia.kit.rates import TooOften
from maehia.kit.testing import NOW, AppTestCase
from maehia.message.models import Message
from maehia.services.actions import Contact, NewCase, add_note, move, open_case
from maehia.services.actions import care as actions
from maehia.services.actions.care import Leave
from maehia.services.models import CareCode, Caring, Case, Party
from maehia.services.queries import care as queries
from maehia.services.tests.counter_cast import Centre, publish
from maehia.services.tests.desk_cast import TownHall
from maehia.services.tests.test_queue_actions import code_of


class CareCase(Centre, TownHall, AppTestCase):
    """มาลี is cared for by her son บุญมา; ใจดี is a neighbour."""

    def give(self, carer=None, cared=None, **leave) -> Caring:
        words, _ = actions.make_code(carer or self.boonma)
        return actions.grant(cared or self.malee, words, Leave(**leave))

    def her_case(self, code="smoke", **more) -> Case:
        with self.acting():
            new = NewCase(
                service=code, channel="web", description="ควันเข้าบ้าน", address="หมู่ 5", person_key=P_MALEE, **more
            )
            return open_case(new, by=self.malee.actor).case

    def look(self, account=None, cared=P_MALEE, *, to_file=False):
        with queries.acting_for(account or self.boonma, cared, to_file=to_file):
            return queries.cases_for()


class Giving(CareCase):
    def test_a_code_is_told_once_and_kept_as_a_hash(self):
        words, row = actions.make_code(self.boonma)
        assert words.replace("-", "") not in str(CareCode.objects.values().get())
        assert row.name.startswith("นายบุญมา")
        actions.grant(self.malee, words.lower().replace("-", " "), Leave())
        assert code_of(lambda: actions.grant(self.jaidee, words, Leave())) == "wrong_code"

    def test_codes_die_after_a_quarter_of_an_hour(self):
        words, _ = actions.make_code(self.boonma)
        with clock.at(NOW + timedelta(minutes=16)):
            assert code_of(lambda: actions.grant(self.malee, words, Leave())) == "wrong_code"

    def test_guessing_codes_is_stopped(self):
        for n in range(10):
            assert code_of(lambda n=n: actions.grant(self.malee, f"AAAA-{n:04d}", Leave())) == "wrong_code"
        with pytest.raises(TooOften):
            actions.grant(self.malee, "AAAA-AAAA", Leave())

    def test_ones_own_code_is_refused(self):
        words, _ = actions.make_code(self.malee)
        assert code_of(lambda: actions.grant(self.malee, words, Leave())) == "own_code"

    def test_a_leave_that_has_passed_is_refused_and_a_second_one_too(self):
        assert code_of(lambda: self.give(until=date(2026, 11, 1))) == "bad_until"
        self.give()
        assert code_of(self.give) == "care_stands"

    def test_after_it_ran_out_a_new_leave_can_be_given(self):
        self.give(until=NOW.date())
        with clock.at(NOW + timedelta(days=2)):
            assert self.give().until is None

    def test_both_see_the_other_by_name_and_nobody_else_does(self):
        self.give()
        for account, key in ((self.malee, P_MALEE), (self.boonma, P_BOONMA), (self.jaidee, P_JAIDEE)):
            with acting_as(account, "me.services"):
                rows = [*queries.cared_by(key), *queries.caring_for(key)]
                found = [(r.who.cared_name, r.who.carer_name) for r in rows]
            assert found == ([] if account == self.jaidee else [("นางมาลี สุขใจดี", "นายบุญมา สุขใจดี")] * len(found))
            assert len(found) == (account != self.jaidee)


class Refused(CareCase):
    """Every way in which acting for somebody must fail."""

    def code(self, account=None, cared=P_MALEE, **how) -> str:
        return code_of(lambda: self.look(account, cared, **how))

    def test_without_any_leave(self):
        assert self.code() == "not_your_care"

    def test_by_another_than_the_carer(self):
        self.give()
        assert self.code(self.jaidee) == "not_your_care"

    def test_the_other_way_round(self):
        self.give()
        assert self.code(self.malee, P_BOONMA) == "not_your_care"

    def test_for_another_than_the_cared_one(self):
        self.give()
        assert self.code(cared=P_JAIDEE) == "not_your_care"

    def test_through_somebody_in_between(self):
        self.give()
        self.give(carer=self.jaidee, cared=self.boonma)
        assert self.code(self.jaidee) == "not_your_care"

    def test_after_either_of_the_two_has_ended_it(self):
        for ender in (self.malee, self.boonma):
            row = self.give()
            assert self.look() == []
            actions.end(ender, row.pk)
            assert self.code() == "not_your_care"

    def test_after_its_last_day(self):
        self.give(until=NOW.date())
        assert self.look() == []
        with clock.at(NOW + timedelta(days=1)):
            assert self.code() == "not_your_care"

    def test_filing_with_a_leave_to_see(self):
        self.give(may="see")
        assert self.look() == []
        assert self.code(to_file=True) == "care_see_only"

    def test_by_an_account_that_is_closed_has_no_role_or_is_nobody_in_the_register(self):
        self.give()
        with self.acting():
            plain = accounts.create_account("plain", "ไม่มีบทบาท", person_key=P_BOONMA)
            nobody = accounts.create_account("nobody", "ไม่ผูกกับใคร")
            accounts.assign(nobody, "citizen", starts_on=date(2026, 1, 1))
            Account.objects.filter(pk=self.boonma.pk).update(is_active=False)
            closed = Account.objects.get(pk=self.boonma.pk)
        assert self.code(plain) == "purpose_not_yours"
        assert self.code(nobody) == "no_person"
        assert self.code(closed) == "purpose_not_yours"

    def test_inside_a_context_that_is_narrower(self):
        self.give()
        with acting_as(self.boonma, "me.services"), pytest.raises(ProblemError) as caught:
            self.look()
        assert caught.value.problem.code == "acting_widened"

    def test_by_the_purpose_alone_the_database_shows_one_person_and_nothing_of_others(self):
        self.give()
        with queries.acting_for(self.boonma, P_MALEE):
            assert list(Person.objects.values_list("key", flat=True)) == [P_MALEE]
            assert person_view(P_JAIDEE) is None
        with acting(self.boonma.actor, "me.care"):
            assert not Case.objects.exists()

    def test_somebody_else_cannot_end_it_or_switch_its_news(self):
        row = self.give()
        assert code_of(lambda: actions.end(self.jaidee, row.pk)) == "no_care"
        assert code_of(lambda: actions.set_alerts(self.jaidee, row.pk, alerts=False)) == "no_care"
        assert self.look() == []

    def test_a_sealed_complaint_of_hers_is_not_shown_to_her_carer(self):
        self.give()
        self.her_case("staff_conduct")
        plain = self.her_case()
        assert [c.pk for c in self.look()] == [plain.pk]


class Marks(CareCase):
    def test_everything_the_carer_does_stands_in_her_log(self):
        self.give()
        self.look()
        self.look(to_file=True)
        with acting_as(self.malee, "me.services"):
            done = queries.what_carers_did(P_MALEE)
        assert [(d.carer, d.filed) for d in done] == [("นายบุญมา สุขใจดี", True), ("นายบุญมา สุขใจดี", False)]
        with acting_as(self.malee, "me.data"):
            assert "ทำแทนผู้ที่อยู่ในความดูแล" in {look.purpose for look in who_looked(P_MALEE)}

    def test_a_refused_try_leaves_no_line_as_if_it_had_worked(self):
        code_of(self.look)
        with self.acting():
            assert not Read.objects.filter(purpose="me.care").exists()

    def test_news_reach_the_carer_with_a_link_that_ends_with_the_care(self):
        row = self.give()
        case = self.her_case()
        with self.acting():
            told = Message.objects.filter(about=case.pk)
            assert told.count() == 1
            move(case.pk, "accepted", by=self.works.actor)
            assert told.count() == 2
        actions.set_alerts(self.malee, row.pk, alerts=False)
        with self.acting():
            move(case.pk, "in_progress", by=self.works.actor)
            assert told.count() == 2

    def test_nobody_is_told_of_a_sealed_case(self):
        self.give()
        case = self.her_case("staff_conduct", contact=Contact())
        with self.acting():
            assert not Message.objects.filter(about=case.pk).exists()


class Pages(CareCase):
    def test_giving_seeing_and_ending_in_the_browser(self):
        self.enter(self.boonma)
        shown = text_of(self.client.post("/me/care/code/").content.decode())
        words = next(w for w in shown.split() if len(w) == 9 and w[4] == "-")
        self.enter(self.malee)
        bad = self.client.post("/me/care/", {"code": "XXXX-XXXX", "may": "see"})
        assert bad.status_code == 422
        assert "ไม่ถูกต้องหรือหมดอายุ" in bad.content.decode()
        assert (
            self.client.post(
                "/me/care/", {"code": words, "may": "file", "alerts": "on", "relation": "ลูกชาย"}
            ).status_code
            == 302
        )
        mine = text_of(self.page("/me/care/"))
        assert "บุญมา สุขใจดี" in mine
        assert "ลูกชาย" in mine
        self.enter(self.boonma)
        assert "มาลี สุขใจดี" in text_of(self.page("/me/care/"))
        case = self.her_case()
        with self.acting():
            add_note(case.pk, "ช่างจะไปพรุ่งนี้", by=self.works.actor, public=True)
            add_note(case.pk, "ลับภายใน", by=self.works.actor)
        page = text_of(self.page(f"/me/care/{P_MALEE}/"))
        assert case.number in page
        assert "ช่างจะไปพรุ่งนี้" in page
        assert "ลับภายใน" not in page
        self.enter(self.malee)
        assert "เปิดดูเรื่องของคุณ" in text_of(self.page("/me/care/"))
        with self.acting():
            row = Caring.objects.get()
        self.client.post(f"/me/care/row/{row.pk}/end/")
        self.enter(self.boonma)
        self.page(f"/me/care/{P_MALEE}/", 404)
        self.page(f"/me/care/{P_MALEE}/apply/house_permit/", 404)

    def apply(self):
        sent = {
            "account_no": "W-1",
            "change": "name",
            "new_name": "บุญมา สุขใจดี",
            "x-phone": "0810000001",
            "step": "send",
        }
        return self.send(f"/me/care/{P_MALEE}/apply/waste_account/", **sent)

    def test_filing_for_her_makes_it_her_case_and_gives_the_carer_no_standing_of_her_own(self):
        with self.acting():
            publish("waste_account")
        row = self.give()
        self.enter(self.boonma)
        assert "มาลี" in self.page(f"/me/care/{P_MALEE}/apply/waste_account/")
        answer = self.apply()
        assert answer.url == f"/me/care/{P_MALEE}/"
        with self.acting():
            case = Case.objects.get()
            parties = set(Party.objects.values_list("role", "person_key", "account_id"))
        assert case.person_key == P_MALEE
        assert parties == {("applicant", P_MALEE, None), ("carer", None, None)}
        assert case.number in self.page(answer.url)
        with acting_as(self.malee, "me.services"):
            assert queries.what_carers_did(P_MALEE)[0].filed is False
            assert any(done.filed for done in queries.what_carers_did(P_MALEE))
        actions.end(self.malee, row.pk)
        assert self.apply().status_code == 404

    def test_who_may_only_see_is_told_so_when_she_files(self):
        with self.acting():
            publish("waste_account")
        self.give(may="see")
        self.enter(self.boonma)
        assert "ยื่นแทนไม่ได้" in self.apply().content.decode()
        with self.acting():
            assert not Case.objects.exists()

    def test_the_pages_are_for_those_who_are_logged_in_and_stored_by_nobody(self):
        for path in ("/me/care/", "/me/care/code/", f"/me/care/{P_MALEE}/"):
            assert self.client.get(path).status_code == 302
        self.enter(self.malee)
        assert "no-store" in self.client.get("/me/care/").headers["Cache-Control"]
        assert self.client.get("/me/care/code/").status_code == 200
        with self.acting():
            assert not CareCode.objects.exists()
