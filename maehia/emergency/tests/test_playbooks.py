"""Playbooks are drafted, published and brought back; started ones become checklists that write the log."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from maehia.base import ProblemError
from maehia.emergency.actions import playbooks
from maehia.emergency.actions.playbooks import PlaybookFaults, PlaybookText
from maehia.emergency.models import Checklist, Playbook
from maehia.emergency.models.desk import POSTS_EN
from maehia.emergency.queries import playbooks as reads
from maehia.emergency.queries.log import newest
from maehia.emergency.rules.playbooks import Step, faults, in_order, read_step
from maehia.emergency.tests.cast import Watch
from maehia.kit import clock
from maehia.kit.testing import NOW, AppTestCase

CLOSE_ROADS = Step("operations", 20, "ปิดถนนที่น้ำท่วม", "Close flooded roads")
WARN = Step("information", 10, "เตือนประชาชน", "Warn the people")


@contextmanager
def refused(code: str):
    with pytest.raises(ProblemError) as caught:
        yield
    assert caught.value.problem.code == code, caught.value.problem


class TestPlaybooks(Watch, AppTestCase):
    def test_a_town_starts_with_four_published_plans_in_both_languages(self):
        with self.command():
            assert playbooks.load_shipped() == 4
            assert playbooks.load_shipped() == 0
            books = reads.listed()
        assert {row.book.hazard for row in books} == {"flash_flood", "haze", "fire", "storm"}
        for row in books:
            assert row.current.name_en
            assert row.draft is None
            assert all(step["en"] and step["role"] in POSTS_EN for step in row.current.steps)

    def test_the_first_incident_brings_the_plans_when_there_are_none(self):
        with self.command():
            made = self.flood()
            assert [book.key for book in reads.to_start(made)] == ["flash-flood", "fire", "haze", "storm"]
            Playbook.objects.filter(pk="storm").update(current=None)
            self.flood()
            assert playbooks.load_shipped() == 0

    def test_a_draft_is_used_by_nobody_until_it_is_published(self):
        with self.command():
            playbooks.load_shipped()
            made = self.flood()
            playbooks.save_draft("fire", PlaybookText("อัคคีภัย ฉบับตำบล", steps=[WARN]))
            begun = playbooks.start(made.pk, "fire")
            assert begun.version.number == 1
            published = playbooks.publish("fire")
            assert (published.number, reads.find("fire").current.number) == (2, 2)
            assert Checklist.objects.get(pk=begun.pk).version.number == 1

    def test_an_earlier_version_comes_back_as_a_draft(self):
        with self.command():
            playbooks.load_shipped()
            playbooks.save_draft("fire", PlaybookText("ผิดพลาด", steps=[WARN]))
            playbooks.publish("fire")
            playbooks.restore("fire", 1)
            third = playbooks.publish("fire")
        first = playbooks.shipped()["fire"][1]
        assert (third.number, third.name_th, len(third.steps)) == (3, first.name_th, len(first.steps))

    def test_two_who_edit_the_same_plan_do_not_overwrite_each_other(self):
        with self.command():
            playbooks.load_shipped()
            playbooks.save_draft("haze", PlaybookText("ก", steps=[WARN]), seen=1)
            with refused("stale_playbook"):
                playbooks.save_draft("haze", PlaybookText("ข", steps=[WARN]), seen=1)

    def test_an_unfinished_plan_is_kept_but_not_published(self):
        with self.command():
            made = playbooks.new_playbook("earthquake", "แผ่นดินไหว")
            with pytest.raises(PlaybookFaults) as caught:
                playbooks.publish(made.key)
            assert [p.code for p in caught.value.problems] == ["no_steps"]
            playbooks.save_draft(made.key, PlaybookText("แผ่นดินไหว", steps=[Step("cook", -1, "")]))
            with pytest.raises(PlaybookFaults) as caught:
                playbooks.publish(made.key)
            assert [p.code for p in caught.value.problems] == ["step_empty", "step_owner", "step_minutes"]
            playbooks.discard_draft(made.key)
            assert not Playbook.objects.filter(pk=made.key).exists()

    def test_what_is_not_there_is_refused_in_words(self):
        with self.command():
            playbooks.load_shipped()
            for act, code in (
                (lambda: playbooks.publish("fire"), "no_draft"), (lambda: playbooks.discard_draft("fire"), "no_draft"),
                (lambda: playbooks.restore("fire", 9), "no_version"),
                (lambda: playbooks.save_draft("none", PlaybookText("ก")), "no_playbook"),
                (lambda: playbooks.save_draft("fire", PlaybookText(" ")), "no_name"),
                (lambda: playbooks.new_playbook("dragons", "มังกร"), "unknown_hazard"),
            ):  # fmt: skip
                with refused(code):
                    act()


class TestChecklists(Watch, AppTestCase):
    def setUp(self):
        super().setUp()
        with self.command():
            self.incident = self.flood()
            book = playbooks.new_playbook("flash_flood", "น้ำป่า")
            playbooks.save_draft(book.key, PlaybookText("น้ำป่า", steps=[CLOSE_ROADS, WARN]))
            playbooks.publish(book.key)
            self.key = book.key
            self.list = playbooks.start(self.incident.pk, book.key)

    def test_steps_are_due_from_the_start_in_order(self):
        with self.command():
            items = list(self.list.items.all())
        assert [(i.role, i.due_at - NOW) for i in items] == [
            ("information", timedelta(minutes=10)), ("operations", timedelta(minutes=20))
        ]  # fmt: skip

    def test_a_tick_writes_who_and_how_late(self):
        with self.command():
            warn, _ = self.list.items.all()
            with clock.at(NOW + timedelta(minutes=25)):
                assert reads.checklists(self.incident)[0]["late"] == 2
                done = playbooks.tick(warn.pk, self.incident, "done")
                assert reads.checklists(self.incident)[0]["late"] == 1
            line = newest(self.incident.pk, 1)[0]
        assert (done.state, done.done_by) == ("done", self.commander.actor)
        assert (line.kind, line.before, line.after) == ("checklist", "open", "done")
        assert line.value == {"item": 1, "playbook": self.key, "late_minutes": 15, "post": "information"}

    def test_two_who_tick_the_same_step_write_it_once(self):
        with self.command():
            warn, _ = self.list.items.all()
            playbooks.tick(warn.pk, self.incident, "done")
            with refused("same_state"):
                playbooks.tick(warn.pk, self.incident, "done")
            assert playbooks.tick(warn.pk, self.incident, "open").done_by == ""

    def test_what_is_left_out_says_why(self):
        with self.command():
            warn, roads = self.list.items.all()
            with refused("no_why"):
                playbooks.tick(roads.pk, self.incident, "unneeded")
            assert playbooks.tick(roads.pk, self.incident, "unneeded", "ไม่มีถนนท่วม").why == "ไม่มีถนนท่วม"
            with refused("no_item"):
                playbooks.tick(warn.pk, self.flood(), "done")

    def test_a_plan_is_started_once(self):
        with self.command():
            with refused("started"):
                playbooks.start(self.incident.pk, self.key)
            assert self.key not in [book.key for book in reads.to_start(self.incident)]
            with pytest.raises(IntegrityError), transaction.atomic():
                Checklist.objects.create(incident=self.incident, mode="live", version=self.list.version,
                                         playbook=self.key, name_th="ก", started_at=NOW, started_by="x")  # fmt: skip


steps = st.builds(
    Step, st.sampled_from(sorted(POSTS_EN)), st.integers(0, 500), st.text(min_size=1).map(str.strip), st.text()
)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None, max_examples=60)
@given(st.lists(steps, max_size=5))
def test_steps_survive_storing_and_stay_in_order(given_steps):
    ordered = in_order(given_steps)
    assert [step.minutes for step in ordered] == sorted(step.minutes for step in given_steps)
    assert [read_step(step.as_dict()).th for step in ordered] == [step.th for step in ordered]


def test_the_same_step_twice_is_a_fault():
    assert [p.code for p in faults([WARN, WARN], frozenset(POSTS_EN))] == ["step_twice"]
