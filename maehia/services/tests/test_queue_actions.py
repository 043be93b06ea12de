"""The verbs of the queue: each place is given once, time comes from periods, and nothing is lost on the way."""

import uuid
from datetime import timedelta

import pytest

from maehia.base import ProblemError
from maehia.kit import clock
from maehia.kit.acting import Scope, acting
from maehia.kit.testing import AppTestCase, ConcurrentTestCase, in_threads
from maehia.services.actions import queue as actions
from maehia.services.models import Desk, Period, QueueGroup, Ticket, TicketFor
from maehia.services.queries import queue as queries
from maehia.services.queries.links import key_of, token_of
from maehia.services.rules.queue import TIMED
from maehia.services.tests.counter_cast import MINUTE, NINE, ONE, TWO, Hall, at, build_hall


def code_of(work) -> str:
    with pytest.raises(ProblemError) as caught:
        work()
    return caught.value.problem.code


class QueueCase(Hall, AppTestCase):
    def setUp(self):
        with self.acting():
            build_hall()


class Taking(QueueCase):
    def test_numbers_run_per_letter_and_day_without_gaps(self):
        first, second, other = self.visitor(), self.visitor(), self.visitor("permits")
        tomorrow = self.visitor(when=at(9, day=19))
        assert [queries.words_of(t) for t in (first, second, other, tomorrow)] == ["A001", "A002", "B001", "A001"]

    def test_a_priority_is_kept_as_minutes_and_not_as_a_reason(self):
        ticket = self.visitor(priority="elderly")
        assert ticket.credit == 20
        assert "elderly" not in str(vars(ticket))

    def test_a_priority_that_the_town_does_not_have_gives_nothing(self):
        assert self.visitor(priority="friend_of_the_mayor").credit == 0

    def test_nobody_is_taken_on_a_closed_day_or_after_the_last_slot(self):
        assert code_of(lambda: self.visitor(when=at(10, day=21))) == "closed_today"
        assert code_of(lambda: self.visitor(when=at(16, 20))) == "closed_today"

    def test_a_group_that_is_not_there_is_refused(self):
        assert code_of(lambda: self.visitor("tax")) == "no_group"

    def test_only_so_many_are_taken_as_the_desks_can_serve_today(self):
        """One slot of thirty minutes is left: two desks, two visitors of fifteen minutes each."""
        taken = [self.visitor(when=at(16)) for _ in range(4)]
        assert len({t.number for t in taken}) == 4
        assert code_of(lambda: self.visitor(when=at(16))) == "full_today"

    def test_the_case_of_a_ticket_is_seen_by_its_holder_only(self):
        ticket = self.visitor()
        with self.staff():
            actions.bind_case(ticket.pk, None, uuid.UUID(int=5))
        with acting("device:x", "services.link", scope=Scope.subject(ticket.pk)):
            assert TicketFor.objects.get(pk=ticket.pk).person_key == uuid.UUID(int=5)
        with acting("device:y", "services.link", scope=Scope.subject(uuid.uuid4())):
            assert not TicketFor.objects.exists()

    def test_the_secret_of_a_ticket_opens_no_appointment_and_cannot_be_guessed(self):
        ticket = self.visitor()
        token = token_of("ticket", ticket.pk)
        assert key_of("ticket", token) == ticket.pk
        assert key_of("booking", token) is None
        for wrong in ("", "x", token[:-2], token[:-1] + ("A" if token[-2] != "A" else "B"), "ก" * 20, "A" * 500):
            assert key_of("ticket", wrong) in {None, ticket.pk if wrong == token else None}


class AtTheDesk(QueueCase):
    def test_time_is_what_the_periods_say(self):
        ticket = self.served(waited=7, took=12)
        assert self.periods(ticket) == [("waiting", 7), ("invited", 0), ("serving", 12)]
        assert ticket.state == "done"

    def test_the_desk_calls_who_came_first_of_its_own_groups(self):
        permit, general = self.visitor("permits"), self.visitor(when=NINE + MINUTE)
        with self.staff(NINE + 2 * MINUTE):
            assert actions.call_next(self.desk(1)).pk == general.pk
            assert actions.call_next(self.desk(2)).pk == permit.pk

    def test_a_desk_with_a_visitor_calls_nobody(self):
        self.visitor(), self.visitor()
        with self.staff():
            actions.call_next(self.desk())
            assert code_of(lambda: actions.call_next(self.desk())) == "desk_busy"

    def test_an_empty_queue_is_no_error(self):
        with self.staff():
            assert actions.call_next(self.desk()) is None

    def test_calling_again_is_counted_and_takes_no_new_period(self):
        ticket = self.visitor()
        with self.staff():
            actions.call_next(self.desk())
            assert actions.recall(ticket.pk).calls == 2
            assert [kind for kind, _ in self.periods(ticket)] == ["waiting", "invited"]
            actions.start(ticket.pk)
            assert code_of(lambda: actions.recall(ticket.pk)) == "queue_move"

    def test_who_did_not_come_may_come_back_behind_those_who_are_here(self):
        late, patient = self.visitor(), self.visitor(when=NINE + MINUTE)
        with self.staff(NINE + 5 * MINUTE):
            actions.call_next(self.desk())
            actions.no_show(late.pk)
            actions.put_back(late.pk)
            assert actions.call_next(self.desk()).pk == patient.pk

    def test_one_called_by_mistake_keeps_her_turn(self):
        first = self.visitor()
        self.visitor(when=NINE + MINUTE)
        with self.staff(NINE + 5 * MINUTE):
            actions.call_next(self.desk())
            actions.put_back(first.pk)
            assert actions.call_next(self.desk()).pk == first.pk

    def test_hold_frees_the_desk_and_resuming_needs_a_free_one(self):
        first, second = self.visitor(), self.visitor()
        with self.staff():
            actions.call_next(self.desk())
            actions.start(first.pk)
            actions.hold(first.pk)
            actions.call_next(self.desk())
            assert code_of(lambda: actions.resume(first.pk, self.desk())) == "desk_busy"
            assert actions.resume(first.pk, self.desk(2)).desk.number == 2
        assert [kind for kind, _ in self.periods(first)] == ["waiting", "invited", "serving", "hold", "serving"]
        assert second.number == 2

    def test_passing_on_keeps_the_turn_of_when_she_came(self):
        ticket = self.visitor()
        self.visitor("permits", when=NINE + MINUTE)
        with self.staff(NINE + 9 * MINUTE):
            actions.call_next(self.desk())
            actions.start(ticket.pk)
            actions.transfer(ticket.pk, "permits")
            assert actions.call_next(self.desk(2)).pk == ticket.pk
            assert code_of(lambda: actions.transfer(ticket.pk, "tax")) == "no_group"

    def test_a_jump_that_the_table_does_not_have_is_refused(self):
        ticket = self.visitor()
        with self.staff():
            for jump in (actions.start, actions.finish, actions.hold, actions.no_show):
                assert code_of(lambda jump=jump: jump(ticket.pk)) == "queue_move"
        assert self.periods(ticket) == [("waiting", None)]

    def test_serving_twice_is_refused(self):
        ticket = self.served()
        with self.staff():
            assert code_of(lambda: actions.start(ticket.pk)) == "queue_move"
            assert code_of(lambda: actions.put_back(ticket.pk)) == "queue_move"

    def test_every_state_follows_from_the_open_period(self):
        """The state column is a pointer: it is what the periods say."""
        self.served()
        self.visitor()
        with self.staff():
            actions.call_next(self.desk())
            for ticket in Ticket.objects.all():
                last = ticket.periods.filter(end=None).first()
                assert (last.kind if last else None) == (ticket.state if ticket.state in TIMED else None)


class Desks(QueueCase):
    def test_a_desk_is_one_officers_and_an_officer_has_one_desk(self):
        with self.staff():
            actions.open_desk(1, ONE)
            assert code_of(lambda: actions.open_desk(1, TWO)) == "desk_taken"
            assert code_of(lambda: actions.open_desk(99, TWO)) == "no_desk"
            actions.open_desk(2, ONE)
            assert list(Desk.objects.exclude(opened_by=None).values_list("number", flat=True)) == [2]

    def test_a_desk_with_a_visitor_is_not_left(self):
        self.visitor()
        with self.staff():
            actions.call_next(actions.open_desk(1, ONE))
            assert code_of(lambda: actions.close_desk(ONE)) == "desk_busy"

    def test_the_end_of_the_day_closes_what_is_open_and_invents_no_service(self):
        waits, called, served = self.visitor(), self.visitor(), self.visitor()
        with self.staff():
            actions.call(actions.locked(called.pk), self.desk())
            actions.call(actions.locked(served.pk), actions.open_desk(2, ONE))
            actions.start(served.pk)
        with self.staff(at(22)):
            assert actions.close_day(NINE.date()) == 3
            assert actions.close_day(NINE.date()) == 0
            states = {t.pk: t.state for t in Ticket.objects.all()}
            assert not Period.objects.filter(end=None).exists()
        assert [states[t.pk] for t in (waits, called, served)] == ["left", "no_show", "done"]
        assert not Desk.objects.exclude(opened_by=None).exists()


class MyPlace(QueueCase):
    def test_the_wait_is_unknown_until_enough_was_seen(self):
        with self.staff():
            actions.open_desk(1, ONE)
        ticket = self.visitor()
        with self.staff():
            place = queries.place_of(ticket, NINE)
        assert (place.wait, place.why) == (None, "too_little")

    def test_the_wait_is_unknown_when_no_desk_is_open(self):
        with self.acting():
            self.seen(40)
        with self.staff():
            assert queries.place_of(self.visitor_ticket(), NINE).why == "no_desk"

    def visitor_ticket(self):
        return Ticket.objects.filter(state="waiting").first() or actions.take("general")

    def test_the_wait_comes_from_the_periods_of_the_last_weeks_alone(self):
        with self.acting():
            self.seen(40, took=10)
        first, second = self.visitor(), self.visitor(when=NINE + MINUTE)
        with self.staff():
            actions.open_desk(1, ONE)
            assert queries.place_of(first, NINE).wait.middle == 0
            before = queries.place_of(second, NINE + MINUTE)
            assert (before.ahead, before.wait.middle, before.seen) == (1, 10, 40)
        with self.acting():
            self.seen(80, took=40, days_ago=9)
        with self.staff():
            assert queries.place_of(second, NINE + MINUTE).wait.middle == 40

    def test_what_is_older_than_four_weeks_counts_no_more(self):
        with self.acting():
            self.seen(40, days_ago=30)
        with self.staff():
            assert queries.seen_seconds(["general"], NINE) == []

    def test_a_ticket_that_is_called_has_no_place(self):
        ticket = self.visitor()
        with self.staff():
            assert queries.place_of(actions.call_next(self.desk()), NINE).wait is None
        assert ticket.state == "waiting"

    def test_the_screen_shows_numbers_desks_and_how_many_wait(self):
        called, _ = self.visitor(), self.visitor()
        with self.staff():
            actions.call_next(actions.open_desk(1, ONE))
        with acting("system:public", "services.public"), clock.at(NINE):
            shown = queries.screen(NINE.date())
        assert [(c.words, c.desk, c.serving) for c in shown.calls] == [("A001", 1, False)]
        assert {g.letter: n for g, n in shown.waiting} == {"A": 1, "B": 0}
        assert shown.open_desks == [1]
        assert called.number == 1


class TwoDesksAtOnce(Hall, ConcurrentTestCase):
    def setUp(self):
        with self.acting():
            build_hall(desks=4)

    def test_desks_that_call_at_once_get_different_tickets(self):
        for _ in range(3):
            self.visitor()

        def call(n):
            with self.staff():
                found = actions.call_next(Desk.objects.get(number=n + 1))
                return found and found.number

        called = in_threads(4, call)
        assert sorted(n for n in called if n) == [1, 2, 3]
        assert called.count(None) == 1

    def test_the_last_place_of_the_day_is_given_once(self):
        """Four desks, one slot: eight places; the seven first are taken."""
        for _ in range(7):
            self.visitor(when=at(16))

        def take(_):
            try:
                return self.visitor(when=at(16)).number
            except ProblemError as error:
                return error.problem.code

        found = in_threads(4, take)
        assert sorted(map(str, found)) == ["8", "full_today", "full_today", "full_today"]

    def test_two_moves_of_one_ticket_at_once_leave_one_open_period(self):
        ticket = self.visitor()
        with self.staff():
            actions.call_next(Desk.objects.get(number=1))

        def move(n):
            with self.staff(NINE + timedelta(minutes=1)):
                return (actions.start if n else actions.no_show)(ticket.pk).state

        found = [str(getattr(r, "problem", r)) for r in in_threads(2, move)]
        assert sum(r in ("serving", "no_show") for r in found) == 1, found
        with self.acting():
            assert Period.objects.filter(ticket=ticket, end=None).count() <= 1
            assert QueueGroup.objects.count() == 2
