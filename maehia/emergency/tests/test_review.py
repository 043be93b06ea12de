"""A review is generated from the log; gaps become actions that another verifies, and an exercise tries them again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from maehia.base import ProblemError
from maehia.emergency.actions import guards, incidents, log, review
from maehia.emergency.actions.recovery import report_level
from maehia.emergency.models import CorrectiveAction, Incident
from maehia.emergency.queries.review import observed, overdue
from maehia.emergency.tests.cast import Watch
from maehia.kit import clock
from maehia.kit.acting import acting
from maehia.kit.testing import NOW, AppTestCase


def code_of(caught) -> str:
    return caught.value.problem.code


class TestReview(Watch, AppTestCase):
    def fought(self) -> Incident:
        """Reported at 03:00, footprint after 40 minutes, alert 10 minutes later, authority told after 20 minutes."""
        started = NOW - timedelta(hours=3)
        made = self.flood(started_at=started)
        for minutes, kind, after in ((40, "footprint", ""), (50, "alert", "published"), (20, "notice", "")):
            log.append(made, kind, after=after, event_at=started + timedelta(minutes=minutes))
        Incident.objects.filter(pk=made.pk).update(state="recovery")
        return Incident.objects.get(pk=made.pk)

    def test_the_log_shows_what_was_quick_and_what_was_slow(self):
        with self.command():
            found = {one.code: one for one in observed(self.fought())}
        assert (found["footprint"].kind, found["footprint"].measured) == ("gap", "40 min")
        assert (found["first_alert"].kind, found["first_alert"].measured) == ("strength", "10 min")
        assert (found["authority_told"].kind, found["authority_told"].measured) == ("strength", "20 min")
        assert found["activated"].measured == "-"
        assert found["footprint"].seqs == (1, 5)

    def test_a_missed_target_of_a_lifeline_is_a_gap(self):
        with self.command():
            made = self.fought()
            report_level(made.pk, "clinic", 0, event_at=made.started_at)
            report_level(made.pk, "clinic", 100, event_at=NOW)
            with clock.at(NOW + timedelta(days=30)):
                found = {one.code: one for one in observed(made)}
        assert found["lifeline_clinic"].kind == "strength"

    def test_opening_twice_adds_only_what_is_new(self):
        with self.command():
            made = self.fought()
            first = review.open_review(made.pk)
            before = first.findings.count()
            assert review.open_review(made.pk).pk == first.pk
            assert first.findings.count() == before > 3

    def test_an_incident_that_was_never_fought_has_no_review(self):
        with self.command(), pytest.raises(ProblemError) as caught:
            review.open_review(self.flood().pk)
        assert code_of(caught) == "too_early"

    def test_closing_asks_for_the_review(self):
        with self.command():
            made = self.fought()
            assert guards.unmet(("review_opened",), made, {})[0].code == "guard_review_opened"
            review.open_review(made.pk)
            assert guards.unmet(("review_opened",), made, {}) == []

    def gap(self) -> CorrectiveAction:
        made = review.open_review(self.fought().pk)
        finding = made.findings.get(code="footprint")
        return review.correct(finding, "ติดกล้องที่สะพาน", owner=self.engineer, due=NOW.date() + timedelta(days=30))

    def test_another_verifies_and_with_evidence(self):
        with acting(self.engineer.actor, "emergency.command"):
            action = self.gap()
            review.move_action(action.pk, "done")
            with pytest.raises(ProblemError) as caught:
                review.move_action(action.pk, "verified")
            assert code_of(caught) == "guard_evidence"
            with pytest.raises(ProblemError) as caught:
                review.move_action(action.pk, "verified", evidence="ใบตรวจรับ 4/2569")
            assert code_of(caught) == "guard_other_person"
            with pytest.raises(IntegrityError), transaction.atomic():
                CorrectiveAction.objects.filter(pk=action.pk).update(
                    state="verified", evidence="x", verified_by=self.engineer.actor
                )
        with acting(self.clerk.actor, "emergency.command"):
            assert review.move_action(action.pk, "verified", evidence="ใบตรวจรับ 4/2569").state == "verified"

    def test_a_failed_retest_opens_the_action_again(self):
        with self.command():
            action = self.gap()
            review.move_action(action.pk, "done", evidence="ใบตรวจรับ")
            review.retest(action.pk, "EX-2569-0001")
            assert review.note_retest(action.pk, passed=False).state == "in_progress"

    def test_overdue_actions_are_told(self):
        with self.command():
            action = self.gap()
            assert overdue() == []
            assert [row.pk for row in overdue(NOW.date() + timedelta(days=31))] == [action.pk]

    def test_a_strength_needs_no_correction_and_a_past_day_is_none(self):
        with self.command():
            made = review.open_review(self.fought().pk)
            strength = made.findings.get(code="first_alert")
            with pytest.raises(ProblemError) as caught:
                review.correct(strength, "ทำต่อ", owner=self.engineer, due=NOW.date())
            assert code_of(caught) == "not_a_gap"
            with pytest.raises(ProblemError) as caught:
                review.correct(made.findings.get(code="footprint"), "ทำ", owner=self.engineer,
                               due=NOW.date() - timedelta(days=1))  # fmt: skip
            assert code_of(caught) == "due_past"

    def test_it_is_agreed_when_every_gap_has_a_cause_or_an_action(self):
        with self.command():
            made = review.open_review(self.fought().pk)
            with pytest.raises(ProblemError) as caught:
                review.agree(made, "สรุป")
            assert code_of(caught) == "gaps_open"
            for finding in made.findings.filter(kind="gap"):
                review.set_root_cause(finding, "ไม่มีกล้อง")
            review.agree(made, "ตอบสนองเร็ว แต่รู้พื้นที่ช้า")
            with pytest.raises(ProblemError) as caught:
                review.add_finding(made, "gap", "เพิ่มทีหลัง")
            assert code_of(caught) == "review_agreed"

    def test_moves_follow_the_incident_table(self):
        with self.command():
            made = self.flood()
            with pytest.raises(ProblemError) as caught:
                incidents.move(made.pk, "closed")
            assert code_of(caught) == "move_refused"
