"""Those who need help most are called one after the other until everybody is accounted for."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from maehia.base import ProblemError
from maehia.emergency.actions import calldown, doors_sync, grants
from maehia.emergency.models import CallAnswer, CallDown, HelpRequest
from maehia.emergency.queries.calldown import board, calls
from maehia.emergency.queries.log import newest
from maehia.emergency.rules.calldown import ANSWERS, CALL, NO_ANSWER, TRIES, after, from_door, reached_curve
from maehia.emergency.rules.sync import RESULTS, Report
from maehia.emergency.tests.alert_cast import Warned
from maehia.emergency.tests.doors_cast import HOUSES, PEOPLE, Soi
from maehia.kit import clock
from maehia.kit.testing import NOW, AppTestCase, ConcurrentTestCase, in_threads


class TestMachine:
    def test_three_calls_without_an_answer_mean_that_somebody_goes_there(self):
        assert [after("to_contact", NO_ANSWER, n) for n in (1, 2, TRIES)] == ["to_contact", "to_contact", "unreachable"]
        assert after("unreachable", NO_ANSWER, 9) == "unreachable"
        assert after("reached_safe", NO_ANSWER, 1) is None

    def test_every_answer_can_be_given_first_and_nobody_falls_back_into_waiting(self):
        assert all(after("to_contact", answer, 1) == answer for answer in ANSWERS)
        assert all(move.to != "to_contact" for state in CALL.states.values() for move in state.moves)

    def test_who_was_safe_may_need_help_later(self):
        assert after("reached_safe", "reached_needs_help", 2) == "reached_needs_help"
        assert after("visited", "reached_needs_help", 2) == "reached_needs_help"
        assert after("moved", "refused", 2) is None

    def test_a_visit_says_what_a_call_could_not(self):
        assert [from_door(result) for result in RESULTS] == ["visited", "moved", "refused", ""]

    def test_the_curve_counts_by_minutes_since_the_alert(self):
        first = [NOW + timedelta(minutes=m) for m in (2, 6, 6)]
        assert reached_curve(NOW, NOW + timedelta(minutes=12), first, 4) == [(0, 0), (5, 25), (10, 75), (15, 75)]
        assert len(reached_curve(NOW, NOW + timedelta(days=5), first, 4)) <= 62
        assert reached_curve(NOW, NOW, [], 0) == []


class Called(Soi):
    def setUp(self):
        super().setUp()
        self.incident = self.fight()
        self.round, self.added = calldown.start(self.commander, self.incident, alerted_at=NOW - timedelta(minutes=30))

    def next(self, account=None):
        with self.command():
            return calldown.take_next(account or self.commander, self.incident.pk)

    def say(self, row, answer, *, key=None, note="", account=None):
        said = calldown.Said(answer, key or uuid4(), note)
        return calldown.answer(account or self.commander, self.incident, row.pk, said)

    def board(self):
        with self.command():
            return board(self.incident.pk)


class TestCalling(Called, AppTestCase):
    def test_those_with_needs_and_the_old_alone_are_called_the_most_urgent_first(self):
        with self.command():
            listed = [(row.person_key, row.priority) for row in calls(self.incident.pk)]
        assert self.added == 2
        assert listed == [(PEOPLE[0], 60.0), (PEOPLE[1], 40.0)]

    def test_starting_again_adds_who_is_new_and_takes_nobody_off(self):
        with self.acting():
            self.snapshot(self.incident, 2, {2: [["alone", 1, 20]]})
        again, added = calldown.start(self.commander, self.incident)
        assert (again.pk, added, again.alerted_at) == (self.round.pk, 1, NOW - timedelta(minutes=30))
        assert calldown.start(self.commander, self.incident)[1] == 0
        with self.command():
            assert [line.value["people"] for line in newest(self.incident.pk, 2)] == [3, 2]

    def test_two_callers_do_not_call_the_same_person(self):
        first, second = self.next(), self.next(self.duty)
        assert (first.person_key, second.person_key) == (PEOPLE[0], PEOPLE[1])
        assert self.next().pk == first.pk
        with clock.at(NOW + timedelta(minutes=11)):
            assert self.next(self.officer).pk == first.pk

    def test_the_board_shows_per_cent_reached_against_minutes_since_the_alert(self):
        self.say(self.next(), "reached_safe")
        found = self.board()
        assert (found.people, found.reached, found.waiting, found.percent) == (2, 1, 1, 50.0)
        assert found.curve[-1] == (30, 50.0)
        assert found.by_moo == {"5": {"people": 2, "reached": 1}}
        with self.command():
            line = newest(self.incident.pk, 1)[0]
        assert (line.kind, line.after, line.value["minutes"]) == ("call", "reached_safe", 30)
        assert "มาลี" not in line.text + str(line.value)

    def test_the_same_form_ten_times_is_one_call(self):
        row, key = self.next(), uuid4()
        assert {self.say(row, "reached_safe", key=key).tries for _ in range(10)} == {1}
        with pytest.raises(ProblemError) as caught:
            self.say(row, "moved", key=key)
        assert caught.value.problem.code == "other_answer"
        with self.command():
            assert CallAnswer.objects.count() == 1

    def test_without_an_answer_three_times_she_waits_for_a_visit_and_the_door_counts(self):
        row = self.next()
        for _ in range(TRIES):
            state = self.say(row, NO_ANSWER).state
        assert state == "unreachable"
        assert self.board().to_visit == 1
        given = self.give(self.incident)
        with self.command():
            door = given.doors.get(house_key=HOUSES[0])
        at = NOW + timedelta(minutes=10)
        with clock.at(NOW + timedelta(hours=1)):
            for _ in range(2):
                doors_sync.take(
                    self.volunteer, given.pk, [Report(UUID(int=9), door.pk, "reached", at)], mode="live", sent_at=at
                )
            found = self.board()
        assert (found.to_visit, found.by_state["visited"], found.reached) == (0, 1, 1)

    def test_who_needs_help_becomes_a_request_of_the_help_desk_once(self):
        key, row = uuid4(), self.next()
        for _ in range(3):
            self.say(row, "reached_needs_help", key=key, note="ออกซิเจนเหลือ 2 ชั่วโมง")
        with self.command():
            (made,) = HelpRequest.objects.all()
            assert (made.person_key, made.house_key, made.incident_id) == (PEOPLE[0], HOUSES[0], self.incident.pk)
            assert made.note == "ออกซิเจนเหลือ 2 ชั่วโมง"

    def test_what_cannot_be_said(self):
        row = self.next()
        for answer, code in (("visited", "bad_answer"), ("dead", "bad_answer")):
            with pytest.raises(ProblemError) as caught:
                self.say(row, answer)
            assert caught.value.problem.code == code
        self.say(row, "moved")
        with pytest.raises(ProblemError) as caught:
            self.say(row, "refused")
        assert caught.value.problem.code == "call_moved"

    def test_only_who_sees_the_people_answers_for_them(self):
        row = self.next()
        with pytest.raises(ProblemError) as caught:
            self.say(row, "reached_safe", account=self.volunteer)
        assert caught.value.problem.code == "not_assigned"
        self.team(self.incident, self.volunteer)
        assert self.say(row, "reached_safe", account=self.volunteer).state == "reached_safe"

    def test_a_volunteer_sees_calls_of_granted_people_only(self):
        self.team(self.incident, self.volunteer)
        with self.acting():
            CallDown.objects.create(round=self.round, person_key=PEOPLE[9], changed_at=NOW)
        with grants.affected(self.volunteer, self.incident):
            assert {row.person_key for row in calls(self.incident.pk)} == set(PEOPLE[:2])

    def test_who_may_start_and_when(self):
        with pytest.raises(ProblemError) as caught:
            calldown.start(self.volunteer, self.incident)
        assert caught.value.problem.code == "not_allowed"
        with pytest.raises(ProblemError) as caught:
            calldown.start(self.commander, self.incident, alerted_at=NOW + timedelta(minutes=1))
        assert caught.value.problem.code == "alerted_ahead"


class TestAlerted(Warned, Soi, AppTestCase):
    def test_minutes_are_counted_from_the_first_alert_of_the_incident(self):
        incident = self.fight()
        self.out(incident=incident)
        with clock.at(NOW + timedelta(minutes=20)):
            made, _ = calldown.start(self.commander, incident)
        assert made.alerted_at == NOW


class TestAtOnce(Called, ConcurrentTestCase):
    def test_two_callers_at_the_same_moment_get_two_people(self):
        people = [self.commander, self.duty]
        taken = in_threads(2, lambda n: self.next(people[n]).person_key)
        assert set(taken) == set(PEOPLE[:2])
