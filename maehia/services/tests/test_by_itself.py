"""What runs by night: the ladder, reminders, erasing by age."""

from __future__ import annotations

from datetime import timedelta

from maehia.kit import clock
from maehia.kit.acting import Scope, acting
from maehia.kit.models import Notice
from maehia.kit.testing import NOW
from maehia.message.models import Message
from maehia.services import actions
from maehia.services.actions import escalation, retention, waiting
from maehia.services.models import Case, CaseDetail, CaseEvent, EscalationRung, Party, RungFired, Tombstone, UnitMember
from maehia.services.queries import cases
from maehia.services.tests.case_cast import DEVICE, StreetCase
from maehia.services.tests.photo_cast import attach_photo
from maehia.services.tests.test_moving import DAENG


class NightCase(StreetCase):
    def by_itself(self):
        return acting("system:clock", "services.clock")

    def move(self, case: Case, to: str, **said) -> Case:
        with acting(DAENG, "services.desk"):
            return actions.move(case.pk, to, by=DAENG, **said)


class LadderTests(NightCase):
    def setUp(self):
        super().setUp()
        with self.acting():
            EscalationRung.objects.create(name_th="ครบกำหนด", after_percent=100, roles=["head"])
            EscalationRung.objects.create(name_th="เกินสองเท่า", after_percent=200, roles=["clerk"])
            UnitMember.objects.filter(unit_id="works", account_id=self.works.pk).update(is_head=True)

    def climb(self, **later) -> int:
        with clock.at(NOW + timedelta(**later)), self.by_itself():
            return escalation.climb()

    def told(self, account) -> list[dict]:
        return list(
            Notice.objects.filter(account_key=account.actor, text_key="services.late").values_list("params", flat=True)
        )

    def test_nothing_is_told_in_time_and_each_rung_once_when_it_is_late(self):
        self.file()
        assert self.climb(days=4) == 0
        assert self.climb(days=6) == 1
        assert self.climb(days=6, minutes=15) == 0
        assert self.told(self.works) == [{"count": 1, "rung": "ครบกำหนด"}]
        assert self.told(self.clerk) == []
        assert self.climb(days=12) == 1
        assert self.told(self.clerk) == [{"count": 1, "rung": "เกินสองเท่า"}]

    def test_of_a_late_complaint_about_staff_only_those_hear_who_may_open_it(self):
        self.file(service="staff_conduct", description="พูดจาไม่ดี", asset_key=None)
        assert self.climb(days=12) == 2
        assert self.told(self.works) == []
        assert [params["rung"] for params in self.told(self.clerk)] == ["เกินสองเท่า", "ครบกำหนด"]
        assert set(Notice.objects.filter(account_key=self.clerk.actor).values_list("link", flat=True)) == {
            "/staff/cases/confidential/"
        }

    def test_many_late_cases_are_one_notice_with_their_number(self):
        self.file()
        self.file(by="device:22222222-2222-4222-8222-222222222222")
        assert self.climb(days=6) == 2
        assert self.told(self.works) == [{"count": 2, "rung": "ครบกำหนด"}]

    def test_a_closed_or_waiting_case_climbs_no_ladder(self):
        self.move(self.file(), "not_ours", note="เป็นของแขวงทางหลวง")
        self.move(self.file(by="device:22222222-2222-4222-8222-222222222222"), "waiting_citizen", question="ต้นไหน")
        assert self.climb(days=20) == 0

    def test_a_drill_tells_nobody_and_shows_what_a_week_would_have_told(self):
        case = self.file()
        with self.by_itself():
            rungs = list(EscalationRung.objects.all())
            found = escalation.reached(NOW + timedelta(days=7), rungs, since=NOW + timedelta(days=4))
            none = escalation.reached(NOW + timedelta(days=8), rungs, since=NOW + timedelta(days=7))
            assert not RungFired.objects.exists()
        assert [(r.number, r.name, r.roles) for r in found] == [(case.number, "ครบกำหนด", ("head",))]
        assert none == []


class WaitingTests(NightCase):
    def look(self, **later) -> tuple[int, int]:
        with clock.at(NOW + timedelta(**later)), self.by_itself():
            return waiting.look()

    def test_the_citizen_is_reminded_once_before_her_case_ends(self):
        case = self.move(self.file(), "waiting_citizen", question="ต้นไหน")
        assert self.look(days=5) == (0, 0)
        assert self.look(days=12) == (1, 0)
        assert self.look(days=13) == (0, 0)
        with self.acting():
            assert Message.objects.filter(about=case.pk, template="case.reminder").count() == 1
        assert self.look(days=16) == (0, 1)
        with self.acting():
            ended = Case.objects.get(pk=case.pk)
        assert (ended.state, ended.last_note) == ("cancelled", waiting.UNANSWERED)

    def test_who_answers_is_neither_reminded_nor_ended(self):
        case = self.move(self.file(), "waiting_citizen", question="ต้นไหน")
        with acting(DEVICE, "services.link", scope=Scope.subject(case.pk)):
            actions.answer(case.pk, "ต้นที่สอง", by=DEVICE)
        assert self.look(days=30) == (0, 0)

    def test_nobody_is_ended_without_having_been_told_before(self):
        self.move(self.file(), "waiting_citizen", question="ต้นไหน")
        assert self.look(days=60) == (1, 0)


class RetentionTests(NightCase):
    YEARS = 5 * 366

    def ended(self) -> Case:
        case = self.file()
        with acting(DAENG, "services.desk"):
            attach_photo(case.pk, "photo")
        return self.move(case, "not_ours", note="เป็นของแขวงทางหลวง")

    def erase(self, **later) -> int:
        with clock.at(NOW + timedelta(**later)):
            return retention.run()

    def test_the_preview_names_what_tonight_erases_and_by_which_rule(self):
        case = self.ended()
        with self.by_itself():
            assert retention.due_tonight(NOW + timedelta(days=365)) == []
            (due,) = retention.due_tonight(NOW + timedelta(days=self.YEARS))
        assert (due.number, due.rule, due.service) == (case.number, "anonymise.5y", "street_light")

    def test_after_its_years_nothing_of_the_people_is_left_and_the_count_still_stands(self):
        case = self.ended()
        secret = actions.secret_of(case.pk)
        assert self.erase(days=self.YEARS) == 1
        assert self.erase(days=self.YEARS) == 0
        with self.acting():
            left = Case.objects.get(pk=case.pk)
            detail = CaseDetail.objects.get(pk=case.pk)
            assert (left.state, left.last_note, left.person_key) == ("erased", "", None)
            assert (detail.description, detail.point, detail.address) == ("", None, "")
            assert not Party.objects.filter(case_id=case.pk).exists()
            assert list(CaseEvent.objects.filter(case_id=case.pk).values_list("kind", flat=True)) == ["erased"]
            assert cases.check_chain(case.pk) is None
            stone = Tombstone.objects.get()
        assert (stone.number, stone.state, stone.rule) == (case.number, "not_ours", "anonymise.5y")
        assert cases.by_secret(secret) is None

    def test_an_old_draft_goes_and_an_open_case_stays_whatever_its_age(self):
        draft, opened = self.file(draft=True), self.file(by="device:22222222-2222-4222-8222-222222222222")
        assert self.erase(days=31) == 1
        assert self.erase(days=10 * 366) == 0
        assert self.fresh(draft).state == "erased"
        assert self.fresh(opened).state == "submitted"
