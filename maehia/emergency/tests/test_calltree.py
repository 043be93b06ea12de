"""A call-out writes down who answered when, and rings the next deputy after the tree's minutes."""

from __future__ import annotations

from datetime import timedelta

import pytest

from maehia.base import ProblemError
from maehia.emergency import readiness_jobs
from maehia.emergency.actions import calltree, roster
from maehia.emergency.actions.calltree import NewPost
from maehia.emergency.actions.roster import NewContact
from maehia.emergency.models import CallTry
from maehia.emergency.queries import calltree as queries
from maehia.emergency.queries import log
from maehia.emergency.tests.cast import Watch
from maehia.kit import clock
from maehia.kit.models import Notice
from maehia.kit.testing import NOW, AppTestCase

MINUTE = timedelta(minutes=1)


def code_of(caught):
    return caught.value.problem.code


class TestCallOut(Watch, AppTestCase):
    def setUp(self):
        super().setUp()
        with self.command():
            self.head = roster.save_contact(None, NewContact("หัวหน้า", "0811111111", account=self.duty.pk))
            self.deputy = roster.save_contact(None, NewContact("รองหัวหน้า", "0822222222"))
            self.boat = roster.save_contact(None, NewContact("คนเรือ", "0833333333"))
            self.tree = calltree.save_tree(None, "น้ำป่า", 5)
            self.top = calltree.save_post(self.tree.pk, None, NewPost("หัวหน้าชุด", [self.head.pk, self.deputy.pk]))
            self.crew = calltree.save_post(self.tree.pk, None, NewPost("เรือ", [self.boat.pk], caller=self.top.pk))

    def rung(self):
        return [
            (str(t.contact.name), (t.called_at - NOW) // MINUTE) for t in CallTry.objects.order_by("called_at", "id")
        ]

    def test_the_deputy_is_rung_after_five_minutes_by_the_worker(self):
        with self.command():
            run = calltree.start(self.tree.pk, "รวมที่ศูนย์")
        with clock.at(NOW + MINUTE * 4):
            assert readiness_jobs.ring() == 0
        with clock.at(NOW + MINUTE * 5):
            assert readiness_jobs.ring() == 1
            assert readiness_jobs.ring() == 0
            with self.command():
                assert self.rung() == [("หัวหน้า", 0), ("รองหัวหน้า", 5)]
                calltree.answer(run.pk, self.top.pk, self.deputy.pk, "coming")
                assert self.rung()[2:] == [("คนเรือ", 5)]
                rows = queries.rows_of(run, NOW + MINUTE * 5)
        assert [(row.post.name, row.standing.state, row.caller, row.depth) for row in rows] == [
            ("หัวหน้าชุด", "reached", "", 0), ("เรือ", "calling", "รองหัวหน้า", 1),
        ]  # fmt: skip

    def test_who_cannot_come_makes_the_next_one_due_at_once_and_the_time_is_kept(self):
        with self.command():
            run = calltree.start(self.tree.pk, "รวมที่ศูนย์")
            with clock.at(NOW + MINUTE * 2):
                calltree.answer(run.pk, self.top.pk, self.head.pk, "cannot")
            assert self.rung() == [("หัวหน้า", 0), ("รองหัวหน้า", 2)]
            called = queries.rows_of(run, NOW + MINUTE * 2)[0].called
        assert [(one.name, one.answer, one.seconds) for one in called] == [
            ("ดวงใจ เฝ้ายาม", "cannot", 120), ("รองหัวหน้า", "", None),
        ]  # fmt: skip

    def test_who_logs_in_gets_a_notice(self):
        with self.command():
            run = calltree.start(self.tree.pk, "รวมที่ศูนย์")
        with self.acting():
            (notice,) = Notice.objects.filter(text_key="emergency.called")
        assert (notice.account_key, notice.link) == (self.duty.actor, f"/staff/call-out/{run.pk}/")

    def test_the_log_of_the_incident_tells_the_call_out_in_numbers(self):
        with self.command():
            incident = self.flood()
            run = calltree.start(self.tree.pk, "รวมที่ศูนย์", incident=incident)
            with clock.at(NOW + MINUTE):
                calltree.answer(run.pk, self.top.pk, self.head.pk, "coming")
                calltree.end(run.pk)
            lines = log.lines(incident.pk, kinds=["callout"])
        assert [line.after for line in lines] == ["started", "coming", "ended"]
        assert (lines[1].value["seconds"], lines[2].value["posts"], lines[2].value["reached"]) == (60, 2, 1)

    def test_an_answer_stands_but_coming_after_all_counts(self):
        with self.command():
            run = calltree.start(self.tree.pk, "รวมที่ศูนย์")
            calltree.answer(run.pk, self.top.pk, self.head.pk, "silent")
            calltree.answer(run.pk, self.top.pk, self.head.pk, "coming")
            for given, code in (("silent", "answered"), ("flying", "bad_answer")):
                with pytest.raises(ProblemError) as caught:
                    calltree.answer(run.pk, self.top.pk, self.head.pk, given)
                assert code_of(caught) == code

    def test_times_before_the_call_and_in_the_future_are_refused(self):
        with self.command():
            run = calltree.start(self.tree.pk, "รวมที่ศูนย์")
            for at in (NOW - MINUTE, NOW + MINUTE * 10):
                with pytest.raises(ProblemError) as caught:
                    calltree.answer(run.pk, self.top.pk, self.head.pk, "coming", at=at)
                assert code_of(caught) == "answer_ahead"
            with pytest.raises(ProblemError) as caught:
                calltree.answer(run.pk, self.crew.pk, self.boat.pk, "coming")
            assert code_of(caught) == "no_try"

    def test_one_call_out_of_a_tree_at_a_time_and_none_in_earnest_for_an_exercise(self):
        with self.command():
            calltree.start(self.tree.pk, "จริง")
            with pytest.raises(ProblemError) as caught:
                calltree.start(self.tree.pk, "อีกครั้ง")
            assert code_of(caught) == "run_open"
        with self.command("exercise"):
            calltree.start(self.tree.pk, "ซ้อม")
            assert [run.words for run in queries.open_runs()] == ["ซ้อม"]

    def test_a_tree_is_not_bent_into_a_circle(self):
        with self.command():
            with pytest.raises(ProblemError) as caught:
                calltree.save_post(self.tree.pk, self.top.pk, NewPost("หัวหน้าชุด", [self.head.pk], caller=self.crew.pk))
            assert code_of(caught) == "circle"
            for people, code in (([], "no_people"), ([self.head.pk, self.head.pk], "same_person")):
                with pytest.raises(ProblemError) as caught:
                    calltree.save_post(self.tree.pk, None, NewPost("ว่าง", people))
                assert code_of(caught) == code

    def test_a_post_that_is_taken_out_hands_those_below_to_the_one_above(self):
        with self.command():
            calltree.remove_post(self.top.pk)
            run = calltree.start(self.tree.pk, "รวมที่ศูนย์")
            assert [(row.post.name, row.standing.state) for row in queries.rows_of(run, NOW)] == [("เรือ", "calling")]
