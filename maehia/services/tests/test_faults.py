"""What a reviewer broke once: hidden states, merged cases, late reminders, ladders, half-erased cases."""

from __future__ import annotations

from datetime import timedelta
from unittest import mock
from uuid import uuid4

import pytest

from maehia.base import ProblemError
from maehia.kit import clock
from maehia.kit.acting import Scope, acting
from maehia.kit.testing import NOW
from maehia.message.actions import Recipient, queue
from maehia.message.models import Message
from maehia.services import actions, workflow
from maehia.services.actions import escalation, retention, waiting
from maehia.services.actions import permit as acts
from maehia.services.models import (
    Booking,
    BookingFor,
    Case,
    CaseDetail,
    CaseLink,
    ClockPause,
    EscalationRung,
    Invoice,
    Party,
    QueueGroup,
)
from maehia.services.queries import cases
from maehia.services.rules.clock import Promise, Rung
from maehia.services.tests.case_cast import DEVICE, FAH, OTHER_DEVICE
from maehia.services.tests.permit_cast import Filing
from maehia.services.tests.test_moving import DAENG, DeskCase

REASON = "ขอให้เปิดอีกครั้ง"


class FaultCase(DeskCase):
    def by_itself(self):
        return acting("system:clock", "services.clock")

    def reopen(self, case: Case) -> Case:
        with acting(DEVICE, "services.link", scope=Scope.subject(case.pk)):
            return actions.reopen(case.pk, by=DEVICE, reason=REASON)

    def merged(self) -> tuple[Case, Case, CaseLink]:
        parent, child = self.file(), self.file(by=OTHER_DEVICE, contact=FAH)
        with self.desk():
            return parent, child, actions.merge(child.pk, parent.pk, by=DAENG)


class HiddenTests(FaultCase):
    def test_a_case_that_was_hidden_while_it_waited_comes_back_and_waits_on(self):
        case = self.file()
        self.move(case, "waiting_citizen", question="ต้นไหน")
        self.move(case, "moderated", internal="ตรวจถ้อยคำ")
        back = self.move(case, "waiting_citizen", internal="ไม่มีปัญหา")
        assert (back.state, back.due_at) == ("waiting_citizen", None)
        with self.acting():
            assert ClockPause.objects.filter(case_id=case.pk, end=None).count() == 1

    def test_the_reporter_does_not_bring_back_what_an_officer_hid(self):
        case = self.file()
        self.move(case, "moderated", internal="ถ้อยคำหยาบคาย")
        self.refused("not_closed", self.reopen, case)
        assert self.fresh(case).state == "moderated"


class MergedTests(FaultCase):
    def test_a_merged_case_opens_by_being_taken_out_alone(self):
        parent, child, link = self.merged()
        self.refused("still_merged", self.reopen, child)
        self.refused("still_merged", self.move, child, "submitted")
        with self.desk():
            actions.unmerge(link.pk, by=DAENG)
        child, parent = self.fresh(child), self.fresh(parent)
        assert (child.state, child.parent_id, parent.me_too) == ("submitted", None, 0)

    def test_taking_a_case_out_is_not_counted_as_work_that_did_not_hold(self):
        _, child, link = self.merged()
        with self.desk():
            actions.unmerge(link.pk, by=DAENG)
        assert self.fresh(child).reopened == 0


class ReminderTests(FaultCase):
    def look(self, **later) -> tuple[int, int]:
        with clock.at(NOW + timedelta(**later)), self.by_itself():
            return waiting.look()

    def test_a_late_reminder_leaves_her_the_days_that_it_names(self):
        self.move(self.file(), "waiting_citizen", question="ต้นไหน")
        assert self.look(days=60) == (1, 0)
        assert self.look(days=61) == (0, 0)
        assert self.look(days=63) == (0, 0)
        assert self.look(days=64) == (0, 1)

    def test_who_answers_while_the_night_job_runs_does_not_stop_it(self):
        case = self.move(self.file(), "waiting_citizen", question="ต้นไหน")
        with acting(DEVICE, "services.link", scope=Scope.subject(case.pk)):
            actions.answer(case.pk, "ต้นที่สอง", by=DEVICE)
        with self.acting():
            start = ClockPause.objects.get(case_id=case.pk).start
        listed = mock.Mock(**{"values_list.return_value": [(case.pk, start)]})
        real = ClockPause.objects.filter
        with mock.patch.object(ClockPause.objects, "filter", side_effect=lambda **by: (
                listed if "case__state__in" in by else real(**by))):  # fmt: skip
            assert self.look(days=30) == (0, 0)


class LadderTests(FaultCase):
    def climb(self, **later) -> int:
        with clock.at(NOW + timedelta(**later)), self.by_itself():
            return escalation.climb()

    def test_a_pause_is_no_part_of_the_time_that_is_used_up(self):
        with self.acting():
            EscalationRung.objects.create(name_th="เกินสองเท่า", after_percent=200, roles=["clerk"])
        case = self.file()
        with clock.at(NOW + timedelta(hours=1)):
            self.move(case, "waiting_citizen", question="ต้นไหน")
        with clock.at(NOW + timedelta(days=40)), acting(DEVICE, "services.link", scope=Scope.subject(case.pk)):
            actions.answer(case.pk, "ต้นที่สอง", by=DEVICE)
        late = self.fresh(case).due_at - NOW
        assert self.climb(days=late.days) == 0
        assert self.climb(days=late.days + 14) == 1

    def test_another_category_begins_its_own_ladder_at_the_first_rung(self):
        case = self.file()
        ladder = (Rung(Promise(1, "calendar_days"), "clerk"),)
        with mock.patch.object(escalation, "definition_of", return_value=mock.Mock(ladder=ladder)):
            assert self.climb(days=30) == 1
            with clock.at(NOW + timedelta(days=30)), self.desk():
                actions.recategorise(case.pk, "smoke", by=DAENG)
            assert self.climb(days=90) == 1


class ErasingTests(FaultCase):
    def test_an_erased_case_leaves_nobody_in_the_outbox_and_no_words_in_its_trace(self):
        case = self.move(self.file(place_key=uuid4()), "not_ours", note="เป็นของแขวงทางหลวง")
        with clock.at(NOW + timedelta(days=5 * 366)):
            assert retention.run() == 1
        with self.acting():
            told = list(Message.objects.filter(about=case.pk))
            detail = CaseDetail.objects.get(pk=case.pk)
        assert told
        assert all((row.recipient, row.body, row.recipient_index) == ("{}", "", None) for row in told)
        assert (detail.trace, self.fresh(case).place_key) == ([], None)

    def test_nothing_is_written_on_an_erased_case_any_more(self):
        case = self.move(self.file(), "not_ours", note="เป็นของแขวงทางหลวง")
        with clock.at(NOW + timedelta(days=5 * 366)):
            assert retention.run() == 1
        with acting("system:traffy", "services.peer"):
            self.refused("no_case", actions.add_note, case.pk, "ผู้แจ้งโทรมา 081-000-0001", by="system:traffy")

    def test_who_booked_or_came_for_it_is_forgotten_with_it(self):
        case = self.move(self.file(), "not_ours", note="เป็นของแขวงทางหลวง")
        with self.acting():
            group = QueueGroup.objects.create(key="general", letter="A", name_th="งานทั่วไป", minutes=10)
            booking = Booking.objects.create(group=group, slot=NOW, day=NOW.date())
            about = BookingFor.objects.create(booking=booking, name="ยายคำ (สมมติ)", phone="0810000001", case=case)
            queue("case.unmerged", to=Recipient(phone="0810000001"), about=booking.pk,
                  values={"number": "1", "link": "x"})  # fmt: skip
        with clock.at(NOW + timedelta(days=5 * 366)):
            assert retention.run() == 1
        with self.acting():
            about.refresh_from_db()
            assert (about.name, about.phone) == (None, None)
            assert Message.objects.get(about=booking.pk).recipient == "{}"

    def test_a_case_that_was_opened_again_since_it_was_listed_is_not_erased(self):
        case = self.move(self.file(), "not_ours", note="เป็นของแขวงทางหลวง")
        with clock.at(NOW + timedelta(days=5 * 366)):
            with self.by_itself():
                (due,) = retention.due_tonight()
            self.move(case, "submitted", note=REASON)
            with acting(retention.BY, retention.PURPOSE):
                assert retention.erase(case.pk, rule=due.rule, batch=uuid4(), state=due.state) is False
        assert self.fresh(case).state == "submitted"
        with self.acting():
            assert Party.objects.filter(case_id=case.pk).exists()


class ApplicationTests(FaultCase):
    def test_no_step_that_asks_for_an_opinion_or_a_signature_is_made_as_a_plain_move(self):
        case = self.file()
        with self.acting():
            Case.objects.filter(pk=case.pk).update(kind="service", state="decision")
        for to in sorted(workflow.OWN_STEPS):
            self.refused("own_step", self.move, case, to, note="ไม่ผ่าน")


class SignedTests(Filing):
    def withdrawn(self):
        """Granted and waiting for its fee, then withdrawn."""
        key = self.to_decision()
        self.do(acts.sign, key, "issued", by=self.mayor)
        with acting(self.counter.actor, "services.desk"):
            assert actions.move(key, "withdrawn", by=self.counter.actor).state == "withdrawn"
        return key

    def test_nobody_owes_the_fee_of_what_was_withdrawn(self):
        key = self.withdrawn()
        with self.acting():
            assert Invoice.objects.get(case_id=key).state == "cancelled"
            assert cases.check_chain(key) is None

    def test_a_signature_holds_for_the_decision_on_which_it_was_given_only(self):
        key = self.withdrawn()
        with acting(self.counter.actor, "services.desk"):
            actions.reopen(key, by=self.counter.actor, reason=REASON)
        self.do(acts.recommend, key, "issued", by=self.counter)
        self.do(acts.review, key, "issued", by=self.engineer)
        with acting(self.counter.actor, "services.desk"), pytest.raises(ProblemError) as caught:
            acts.finish(key, by=self.counter.actor)
        assert caught.value.problem.code == "guard_signed"
        with self.acting():
            assert Case.objects.get(pk=key).state == "decision"

    def test_the_years_in_which_a_permit_stood_are_no_part_of_the_time_of_its_appeal(self):
        key = self.to_decision()
        self.issued(key, self.mayor)
        with self.acting():
            due = Case.objects.get(pk=key).due_at
        with clock.at(NOW + timedelta(days=400)):
            self.do(acts.revoke, key, by=self.mayor, reason="สร้างผิดแบบ")
        with clock.at(NOW + timedelta(days=410)), acting(self.mayor.actor, "services.desk"):
            case = actions.move(key, "decision", by=self.mayor.actor, note="อุทธรณ์ตามหนังสือที่ 1/2570")
        assert case.due_at >= due + timedelta(days=400)
