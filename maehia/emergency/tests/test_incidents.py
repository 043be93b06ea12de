"""An incident is opened, moved and commanded by the table; its log cannot be changed unnoticed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from maehia.base import ProblemError
from maehia.emergency import workflow
from maehia.emergency.actions import guards, incidents, log
from maehia.emergency.models import Incident, LogLine
from maehia.emergency.queries.incidents import find, mode_of
from maehia.emergency.queries.log import lines, newest, tampered_at
from maehia.emergency.tests.cast import Watch
from maehia.kit.acting import acting
from maehia.kit.testing import NOW, AppTestCase


def code_of(caught) -> str:
    return caught.value.problem.code


class TestIncidents(Watch, AppTestCase):
    def test_a_number_says_whether_it_is_an_exercise(self):
        with self.command():
            live = self.flood()
        with self.command("exercise"):
            drill = self.flood("exercise")
        assert (live.number, drill.number) == ("IC-2569-0001", "EX-2569-0001")
        assert (mode_of(live.number), mode_of(drill.number)) == ("live", "exercise")

    def test_live_and_exercise_do_not_see_each_other(self):
        with self.command():
            live = self.flood()
        with self.command("exercise"):
            assert find(live.number) is None
            with pytest.raises(ProblemError) as caught:
                log.append(live.pk, "note", "ข้ามโหมด")
            assert code_of(caught) == "no_incident"

    def test_without_a_purpose_that_reads_incidents_there_are_none(self):
        with self.command():
            self.flood()
        with acting(self.commander.actor, "counter.service"):
            assert Incident.objects.count() == LogLine.objects.count() == 0

    def test_it_is_fought_only_with_commander_level_and_area(self):
        with self.command():
            made = self.flood()
            with pytest.raises(ProblemError) as caught:
                incidents.move(made.pk, "active")
            assert code_of(caught) == "guard_area"

    def test_the_town_sets_level_one_and_records_the_others(self):
        with self.command():
            made = self.flood()
            with pytest.raises(ProblemError) as caught:
                incidents.set_level(made.pk, 2)
            assert code_of(caught) == "level_needs_authority"
            row = incidents.set_level(made.pk, 2, declared_by="ผู้ว่าราชการจังหวัด คำสั่ง 9/2569")
            assert (row.level, row.level_by) == (2, "ผู้ว่าราชการจังหวัด คำสั่ง 9/2569")
            with pytest.raises(DatabaseError), transaction.atomic():
                Incident.objects.filter(pk=made.pk).update(level=3, level_by="")

    def test_only_who_holds_the_power_commands_and_orders(self):
        with self.command():
            made = self.flood()
            with pytest.raises(ProblemError) as caught:
                incidents.name_commander(made.pk, self.officer)
            assert code_of(caught) == "no_power"
            order = incidents.give_order(made.pk, "evacuate", "ให้อพยพหมู่ 5", signer=self.commander)
            own = incidents.give_order(made.pk, "evacuate", "ให้ตั้งศูนย์พักพิง", signer=self.mayor)
        assert (order.ground, order.ground_order) == ("delegation", "คำสั่ง 12/2569")
        assert (own.ground, own.position, own.number) == ("holder", "นายกเทศมนตรี", f"{made.number}/2")

    def test_command_changes_hands_when_the_other_accepts(self):
        with self.command():
            made = self.flood()
            asked = incidents.ask_handover(made.pk, self.mayor, {"situation": "น้ำขึ้น"})
            assert Incident.objects.get(pk=made.pk).commander == self.commander.pk
            with pytest.raises(ProblemError) as caught:
                incidents.answer_handover(asked, self.clerk, accept=True)
            assert code_of(caught) == "not_yours"
        with acting(self.mayor.actor, "emergency.command"):
            row = incidents.answer_handover(asked, self.mayor, accept=True)
        assert (row.commander, row.ground) == (self.mayor.pk, "holder")

    def test_a_stale_page_changes_nothing(self):
        with self.command():
            made = self.flood()
            with pytest.raises(ProblemError) as caught:
                incidents.move(made.pk, "rejected", version=made.version - 1, reason="ไม่ใช่เหตุ")
            assert code_of(caught) == "stale_incident"

    def test_merged_numbers_stay_findable(self):
        with self.command():
            one, two = self.flood(), self.flood()
            incidents.move(two.pk, "merged", into=one)
            assert find(two.number).merged_into.number == one.number


class TestLog(Watch, AppTestCase):
    def test_everything_that_was_done_stands_in_order(self):
        with self.command():
            made = self.flood()
            kinds = [(line.seq, line.kind, line.after) for line in lines(made.pk)]
        assert kinds == [(1, "state", "reported"), (2, "state", "verified"), (3, "level", "1"),
                         (4, "commander", str(self.commander.pk)[:30])]  # fmt: skip

    def test_a_late_line_is_marked_and_one_from_the_future_refused(self):
        with self.command():
            made = self.flood()
            log.append(made, "note", "ถนนขาด", event_at=NOW - timedelta(hours=1))
            assert [line.late for line in newest(made.pk, 2)] == [True, False]
            with pytest.raises(ProblemError) as caught:
                log.append(made, "note", "นาฬิกาเดินเร็ว", event_at=NOW + timedelta(hours=1))
            assert code_of(caught) == "log_ahead"

    def test_nobody_changes_or_removes_a_line(self):
        with self.command():
            made = self.flood()
            for statement in ("UPDATE emergency_logline SET text = 'x'", "DELETE FROM emergency_logline"):
                with transaction.atomic(), connection.cursor() as cursor:
                    try:
                        cursor.execute(statement)
                        changed = cursor.rowcount
                    except DatabaseError:
                        transaction.set_rollback(True)
                        changed = 0
                assert changed == 0
            assert tampered_at(made) is None

    def test_tampering_shows_as_the_first_line_that_does_not_fit(self):
        with self.command():
            made = self.flood()
        with acting("system:test", "system.redact"):
            LogLine.objects.filter(incident=made, seq=2).update(text="แก้ทีหลัง")
        with self.command():
            assert tampered_at(made) == 2

    def test_a_dropped_end_shows(self):
        with self.command():
            made = self.flood()
        with acting("system:test", "system.redact"):
            LogLine.objects.filter(incident=made, seq=4).delete()
        with self.command():
            assert tampered_at(made) == 4


def test_moves_ask_only_for_guards_that_the_room_knows():
    known = guards.provided() | set(workflow.CLOSING)
    assert workflow.INCIDENT.guards() <= known
