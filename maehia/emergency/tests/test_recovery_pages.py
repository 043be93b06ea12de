"""Reports are frozen and printed, the curve is drawn, a review is worked through, an exercise is run: at the pages."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from maehia.base import ProblemError
from maehia.emergency.actions import exercises, log, sitreps
from maehia.emergency.actions.recovery import report_level
from maehia.emergency.models import CorrectiveAction, Incident, SitRep
from maehia.emergency.queries.recovery import targets
from maehia.emergency.queries.situation import figures
from maehia.emergency.tests.cast import Desk
from maehia.kit import clock
from maehia.kit.idempotency import new_key
from maehia.kit.testing import NOW, AppTestCase


class TestReports(Desk, AppTestCase):
    def fought(self) -> Incident:
        with self.command():
            made = self.flood(started_at=NOW - timedelta(hours=4))
            log.append(made, "footprint", value={"people": 812, "households": 301})
            log.append(made, "safe", value={"people": 3})
            log.append(made, "safe", value={"people": 3, "again": True})
            log.append(made, "claim", after="paid", value={"claim": "a", "baht": "49500.00"})
            report_level(made.pk, "power", 40, event_at=NOW - timedelta(hours=3))
            Incident.objects.filter(pk=made.pk).update(state="recovery")
        return made

    def test_figures_are_read_off_the_log_up_to_a_moment(self):
        made = self.fought()
        with self.command():
            now = figures(made, NOW)["numbers"]
            before = figures(made, NOW - timedelta(minutes=1))["numbers"]
        assert (now["people"], now["households"], now["safe"], now["paid_baht"]) == (812, 301, 3, 49500.0)
        assert before == {}

    def test_a_report_never_changes_and_shows_when_it_was_touched(self):
        made = self.fought()
        with self.command():
            report = sitreps.issue(made.pk, {"situation": "น้ำลดแล้ว"}, account=self.commander)
            assert (report.number, report.figures["numbers"]["people"]) == (1, 812)
            assert sitreps.is_intact(SitRep.objects.get(pk=report.pk))
            changed = 0
            try:
                with transaction.atomic():
                    changed = SitRep.objects.filter(pk=report.pk).update(words={"situation": "อื่น"})
            except DatabaseError:
                changed = 0
            assert changed == 0
        with self.acting("system.redact"):
            SitRep.objects.filter(pk=report.pk).update(words={"situation": "อื่น"})
            assert not sitreps.is_intact(SitRep.objects.get(pk=report.pk))

    def test_the_next_report_begins_where_the_last_ended(self):
        made = self.fought()
        with self.command():
            sitreps.issue(made.pk, {"situation": "ฉบับแรก"}, account=self.commander)
            with clock.at(NOW + timedelta(hours=6)):
                second = sitreps.issue(made.pk, {"situation": "ฉบับสอง"}, account=self.commander)
            assert (second.number, second.starts, second.ends) == (2, NOW, NOW + timedelta(hours=6))
            with pytest.raises(ProblemError) as caught:
                sitreps.issue(made.pk, {"situation": "ย้อนเวลา"}, account=self.commander)
            assert caught.value.problem.code == "period_reversed"

    def test_a_double_click_issues_one(self):
        made = self.fought()
        self.enter(self.commander)
        key = new_key()
        for _ in range(2):
            answer = self.send(f"/staff/emergency/{made.number}/reports/", situation="น้ำลดแล้ว", idempotency_key=key)
            assert answer.status_code == 302
        with self.command():
            assert SitRep.objects.count() == 1

    def test_on_screen_on_paper_and_in_short_for_everybody(self):
        made = self.fought()
        self.enter(self.commander)
        path = f"/staff/emergency/{made.number}/reports/"
        self.send(path, situation="น้ำลดแล้ว", public="ถนนทุกสายผ่านได้", is_public="on")
        text = self.page(f"{path}1/")
        assert "812" in text
        assert "ตรวจแล้วไม่มีการแก้ไข" in text
        paper = self.client.get(f"{path}1/report.pdf")
        assert (paper.status_code, paper.content[:5]) == (200, b"%PDF-")
        self.client.logout()
        assert "ถนนทุกสายผ่านได้" in self.page(f"/situation/{made.number}/1/")
        assert made.name in self.page("/situation/")

    def test_what_was_not_made_public_is_not_found(self):
        made = self.fought()
        with self.command():
            sitreps.issue(made.pk, {"situation": "ภายใน"}, account=self.commander)
        self.page(f"/situation/{made.number}/1/", status=404)
        assert made.name not in self.page("/situation/")

    def test_who_may_not_command_reads_and_does_not_issue(self):
        made = self.fought()
        self.enter(self.engineer)
        assert "ออกรายงานฉบับถัดไป" not in self.page(f"/staff/emergency/{made.number}/reports/")
        self.send(f"/staff/emergency/{made.number}/reports/", situation="ไม่มีสิทธิ์")
        with self.command():
            assert SitRep.objects.count() == 0

    def test_levels_are_told_at_the_page_and_drawn(self):
        made = self.fought()
        self.enter(self.commander)
        path = f"/staff/emergency/{made.number}/recovery/"
        assert self.send(path, lifeline="water", level="0", minutes="30").status_code == 302
        text = self.page(path)
        assert "<svg" in text
        assert "น้ำประปา" in text
        assert "ถนนสายหลัก" in text
        assert self.send(path, lifeline="water", level="500", minutes="0").status_code == 422

    def test_a_review_is_worked_through_at_its_page(self):
        made = self.fought()
        self.enter(self.clerk)
        path = f"/staff/emergency/{made.number}/review/"
        self.send(path, verb="open")
        with self.command():
            gap = made.review.findings.filter(kind="gap").first()
        due = NOW.date() + timedelta(days=20)
        self.send(path, verb="correct", finding=gap.pk, text="ติดกล้องที่สะพาน", owner=self.engineer.pk,
                  due_day=due.day, due_month=due.month, due_year=due.year + 543)  # fmt: skip
        self.send(path, verb="cause", finding=gap.pk, cause="ไม่มีผู้เฝ้า")
        text = self.page(path)
        assert "ไม่มีผู้เฝ้า" in text
        with self.command():
            action = CorrectiveAction.objects.filter(finding=gap).first()
            assert action is not None, text[-3000:]
        self.send(f"{path}actions/{action.pk}/", to="done", evidence="ใบตรวจรับ 4/2569")
        assert "ติดกล้องที่สะพาน" in self.page("/staff/emergency/corrections/")

    def test_an_exercise_is_run_by_its_director(self):
        self.enter(self.duty)
        answer = self.send("/staff/emergency/exercises/", script="flash_flood_night", name="")
        assert answer.status_code == 302, answer.content.decode()[:2000]
        path = answer["Location"]
        assert "การฝึกซ้อม ไม่ใช่เหตุจริง" in self.page(path)
        self.send(path, verb="start")
        with self.command("exercise"):
            row = exercises.Exercise.objects.get()
            assert row.running_since == NOW
            first = row.injects.first()
        self.send(path, verb="inject", inject=first.pk)
        assert "ป้อนแล้ว" in self.page(path)

    def test_targets_are_set_by_who_prepares(self):
        self.enter(self.officer)
        self.page("/staff/emergency/lifelines/", status=403)
        self.enter(self.duty)
        answer = self.send(
            "/staff/emergency/lifelines/", lifeline="power", h50="1", h80="2", h95="3", weight="5", source="มติ"
        )
        assert answer.status_code == 302
        with self.command():
            assert next(t for t in targets() if t.key == "power").hours == (1, 2, 3)
