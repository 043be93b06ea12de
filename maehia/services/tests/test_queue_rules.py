"""Turns, waits and capacity: nobody is served twice, nobody is lost, and no slot holds more than its desks."""

import random
import uuid
from collections import Counter
from datetime import datetime, timedelta
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from maehia.base import BANGKOK
from maehia.services.rules.capacity import Plan, can_book, can_take, free_slots, holds, slot_starts
from maehia.services.rules.queue import (
    AT_DESK,
    ENOUGH,
    MOVES,
    TIMED,
    FairRule,
    Waiting,
    ahead_of,
    expected_wait,
    in_order,
    may,
    next_of,
    ticket_words,
)  # fmt: skip
from maehia.thai import WorkingCalendar

NINE = datetime(2026, 11, 18, 9, 0, tzinfo=BANGKOK)
MINUTE = timedelta(minutes=1)
RULE = FairRule()


def came(minutes: int, n: int = 0, group: str = "a", **more) -> Waiting:
    return Waiting(uuid.UUID(int=n or minutes + 1000), group, NINE + minutes * MINUTE, **more)


def plan(*desks: str, slot: int = 30, percent: int = 50, **minutes: int) -> Plan:
    groups = minutes or {"a": 15, "b": 30}
    return Plan(slot, percent, groups, tuple(frozenset(desk) for desk in desks))


class TestTurns:
    def test_who_came_first_is_called_first(self):
        first, second = came(0), came(1)
        assert next_of([second, first], {"a"}, RULE, NINE + 5 * MINUTE) == first

    def test_a_desk_calls_only_for_its_own_groups(self):
        other, mine = came(0, group="b"), came(1)
        assert next_of([other, mine], {"a"}, RULE, NINE + 5 * MINUTE) == mine
        assert next_of([other], {"a"}, RULE, NINE) is None

    def test_priority_overtakes_those_who_came_within_its_credit_and_nobody_else(self):
        early, late, elderly = came(0), came(15), came(30, credit=20)
        assert in_order([late, elderly, early], RULE, NINE + 60 * MINUTE) == [early, elderly, late]

    def test_an_appointment_goes_first_at_its_time_and_not_before(self):
        walker, booked = came(0), came(1, booked_for=NINE + 30 * MINUTE)
        assert next_of([walker, booked], {"a"}, RULE, NINE + 10 * MINUTE) == walker
        assert next_of([walker, booked], {"a"}, RULE, NINE + 25 * MINUTE) == booked

    def test_who_is_early_for_an_appointment_is_called_when_nobody_else_waits(self):
        booked = came(0, booked_for=NINE + 30 * MINUTE)
        assert next_of([booked], {"a"}, RULE, NINE) == booked

    def test_who_comes_too_late_for_an_appointment_waits_like_anybody(self):
        walker, late = came(10), came(16, booked_for=NINE)
        assert next_of([walker, late], {"a"}, RULE, NINE + 20 * MINUTE) == walker

    def test_who_came_in_time_keeps_the_appointment_when_the_desks_are_late(self):
        walker, booked = came(-60), came(0, booked_for=NINE)
        assert next_of([walker, booked], {"a"}, RULE, NINE + 50 * MINUTE) == booked

    @given(st.lists(st.tuples(st.integers(0, 90), st.sampled_from([0, 20, 30])), min_size=1, max_size=8))
    def test_nobody_is_overtaken_by_one_who_came_later_than_the_largest_credit(self, arrivals):
        people = [came(minutes, n + 1, credit=credit) for n, (minutes, credit) in enumerate(arrivals)]
        order = in_order(people, RULE, NINE + 120 * MINUTE)
        for place, one in enumerate(order):
            assert all(earlier.since <= one.since + 30 * MINUTE for earlier in order[:place])

    @given(st.permutations([came(0), came(3, credit=20), came(1, booked_for=NINE), came(9, booked_for=NINE)]))
    def test_the_order_does_not_depend_on_the_order_of_reading(self, people):
        now = NINE + 30 * MINUTE
        assert in_order(people, RULE, now) == in_order(list(reversed(people)), RULE, now)

    def test_places_ahead_are_those_who_are_called_before(self):
        people = [came(0), came(1), came(2, group="b"), came(3)]
        assert ahead_of(people[3], people, {"a"}, RULE, NINE + 9 * MINUTE) == 2
        assert ahead_of(people[3], people, {"a", "b"}, RULE, NINE + 9 * MINUTE) == 3

    def test_one_early_for_an_appointment_stands_where_she_will_stand_at_its_time(self):
        people = [came(0), came(1), came(2, booked_for=NINE + 60 * MINUTE)]
        assert ahead_of(people[2], people, {"a"}, RULE, NINE + 3 * MINUTE) == 0


class TestMoves:
    def test_every_state_that_is_not_an_end_leads_to_one(self):
        ends = {state for state, following in MOVES.items() if not following}
        assert ends == {"done", "left"}
        for state in MOVES:
            reached, wave = {state}, [state]
            while wave:
                wave = [to for here in wave for to in MOVES[here] if to not in reached and not reached.add(to)]
            assert reached & ends

    def test_time_is_taken_in_every_state_between_coming_and_going(self):
        assert set(MOVES) - TIMED == {"done", "left", "no_show"}
        assert AT_DESK < TIMED

    @pytest.mark.parametrize(("here", "to"), [("waiting", "serving"), ("done", "serving"), ("left", "waiting")])
    def test_a_jump_is_no_move(self, here, to):
        assert not may(here, to)

    def test_a_ticket_is_written_with_its_letter_and_three_digits(self):
        assert ticket_words("A", 7) == "A007"
        assert ticket_words("B", 1234) == "B1234"


class TestWaits:
    def test_nothing_is_told_before_enough_was_seen(self):
        assert expected_wait(3, [None], [600.0] * (ENOUGH - 1)) is None

    def test_nothing_is_told_without_an_open_desk(self):
        assert expected_wait(3, [], [600.0] * 100) is None

    def test_services_of_one_length_leave_no_doubt(self):
        wait = expected_wait(4, [None, None], [600.0] * 50)
        assert (wait.low, wait.middle, wait.high) == (20, 20, 20)

    def test_nobody_ahead_and_a_free_desk_is_no_wait(self):
        assert expected_wait(0, [None, 300.0], [600.0] * 50).high == 0

    def test_an_appointment_is_not_told_a_time_before_its_own(self):
        assert expected_wait(0, [None], [600.0] * 50, at_least=1800).low == 30

    def test_one_who_is_there_longer_than_anybody_is_thought_to_be_nearly_done(self):
        assert expected_wait(0, [5000.0], [600.0] * 50).middle == 1

    def test_one_more_source_row_changes_the_figure(self):
        assert expected_wait(1, [None], [600.0] * 30) != expected_wait(1, [None], [600.0] * 30 + [6000.0] * 30)

    def test_eight_of_ten_waits_fall_between_low_and_high(self):
        dice, inside = random.Random(3), 0
        seen = [dice.lognormvariate(6, 0.5) for _ in range(200)]
        told = expected_wait(6, [None, None], seen)
        for _ in range(1000):
            free = [0.0, 0.0]
            for _ in range(6):
                free.sort()
                free[0] += dice.lognormvariate(6, 0.5)
            inside += told.low * 60 <= min(free) <= told.high * 60
        assert 0.75 <= inside / 1000 <= 0.95


class TestCapacity:
    def test_slots_are_whole_and_inside_the_opening_hours(self):
        spans = WorkingCalendar.load().opening(NINE.date())
        starts = slot_starts(spans, 30)
        assert starts[0] == spans[0][0]
        assert all(any(a <= s and s + 30 * MINUTE <= b for a, b in spans) for s in starts)

    def test_a_closed_day_has_no_slot(self):
        assert slot_starts(WorkingCalendar.load().opening(NINE.date() + timedelta(days=3)), 30) == []

    def test_appointments_take_at_most_their_share_of_the_desks(self):
        two = plan("a", "a")
        assert can_book({"a": 1}, "a", two)
        assert not can_book({"a": 2}, "a", two)

    def test_a_group_without_a_desk_cannot_be_booked(self):
        assert not can_book({}, "b", plan("a", "a"))
        assert not can_book({}, "unknown", plan("a"))

    def test_a_desk_for_two_groups_is_not_given_away_twice(self):
        shared = plan("ab", percent=100)
        assert holds([{"a": 2}], {}, shared)
        assert not holds([{"a": 1, "b": 1}], {}, shared)

    def test_who_walks_in_gets_what_appointments_leave(self):
        one = plan("a")
        assert can_take([{"a": 1}], {}, "a", one)
        assert not can_take([{"a": 1}], {"a": 1}, "a", one)
        assert can_take([{"a": 1}, {}], {"a": 1}, "a", one)

    def test_nobody_is_taken_when_no_slot_is_left(self):
        assert not can_take([], {}, "a", plan("a"))

    def test_a_slot_of_today_is_not_free_when_those_who_wait_need_it(self):
        starts = [NINE, NINE + 30 * MINUTE]
        one = plan("a", percent=100)
        assert list(free_slots(starts, {}, {}, "a", one)) == starts
        assert list(free_slots(starts, {}, {"a": 3}, "a", one)) == starts
        assert list(free_slots(starts, {}, {"a": 4}, "a", one)) == []

    @pytest.mark.parametrize("wrong", [{"a": 45}, {"a": 0}, {f"g{n}": 10 for n in range(9)}])
    def test_a_plan_that_cannot_be_is_refused(self, wrong):
        with pytest.raises(ValueError):
            Plan(30, 50, wrong, ())

    @settings(max_examples=60, deadline=None)
    @given(
        st.lists(st.sets(st.sampled_from("abc"), min_size=1), min_size=1, max_size=3),
        st.lists(st.fixed_dictionaries({g: st.integers(0, 2) for g in "abc"}), min_size=1, max_size=2),
        st.fixed_dictionaries({g: st.integers(0, 2) for g in "abc"}),
    )
    def test_what_fits_is_what_trying_every_seating_finds(self, desks, slots, here):
        """One visitor per desk and slot: against all ways of seating everybody."""
        whole = Plan(30, 100, dict.fromkeys("abc", 30), tuple(map(frozenset, desks)))
        assert holds(slots, here, whole) == _seatable(slots, here, desks)


def _seatable(slots, here, desks) -> bool:
    places = [(s, d) for s in range(len(slots)) for d in desks]
    people = [(s, g) for s, booked in enumerate(slots) for g in Counter(booked).elements()]
    people += [(None, g) for g in Counter(here).elements()]
    if len(people) > len(places):
        return False
    taken = [None] * len(places)

    def seat(person: int, seen: set[int]) -> bool:
        slot, group = people[person]
        for n, (s, desk) in enumerate(places):
            if n in seen or group not in desk or slot not in {None, s}:
                continue
            seen.add(n)
            if taken[n] is None or seat(taken[n], seen):
                taken[n] = person
                return True
        return False

    return all(seat(person, set()) for person in range(len(people)))


class Hall(RuleBasedStateMachine):
    """Any order of coming, booking, calling, holding and going."""

    @initialize(percent=st.sampled_from([0, 50, 100]))
    def opens(self, percent):
        self.plan = plan("ab", "a", "b", percent=percent)
        self.starts = [NINE + 30 * n * MINUTE for n in range(3)]
        self.now, self.booked, self.tickets = NINE, {start: Counter() for start in self.starts}, {}
        self.desk, self.served, self.given = [None, None, None], Counter(), 0

    def left(self):
        return [self.booked[start] for start in self.starts if start >= self.now]

    def here(self):
        return Counter(
            t.group for t, state in self.tickets.values() if state in {"waiting", "hold"} and not t.booked_for
        )

    def go(self, key, to):
        ticket, here = self.tickets[key]
        if may(here, to):
            self.tickets[key] = (ticket, to)
            return True
        return False

    @rule(group=st.sampled_from("ab"), credit=st.sampled_from([0, 20]))
    def takes(self, group, credit):
        if can_take(self.left(), self.here(), group, self.plan):
            self.given += 1
            key = uuid.UUID(int=self.given)
            self.tickets[key] = (Waiting(key, group, self.now, credit), "waiting")

    @rule(group=st.sampled_from("ab"), n=st.integers(0, 2))
    def books(self, group, n):
        free = list(free_slots([s for s in self.starts if s >= self.now], self.booked, self.here(), group, self.plan))
        if self.starts[n] in free:
            self.booked[self.starts[n]][group] += 1

    @rule(n=st.integers(0, 2))
    def calls(self, n):
        waiting = [t for t, state in self.tickets.values() if state == "waiting"]
        found = next_of(waiting, self.plan.desks[n], RULE, self.now)
        if self.desk[n] is None and found:
            assert self.go(found.id, "invited")
            self.desk[n] = found.id

    @precondition(lambda self: any(self.desk))
    @rule(n=st.integers(0, 2), to=st.sampled_from(["serving", "no_show", "waiting", "done", "hold"]))
    def desk_moves(self, n, to):
        key = self.desk[n]
        if key and self.go(key, to):
            self.served[key] += to == "done"
            if to not in AT_DESK:
                self.desk[n] = None

    @precondition(lambda self: self.tickets)
    @rule(data=st.data(), to=st.sampled_from(["left", "waiting", "done"]))
    def others_move(self, data, to):
        key = data.draw(st.sampled_from(sorted(self.tickets)))
        if self.tickets[key][1] not in AT_DESK and self.go(key, to):
            self.served[key] += to == "done"

    @rule(minutes=st.integers(0, 20))
    def time_goes(self, minutes):
        self.now += minutes * MINUTE

    @invariant()
    def no_slot_holds_more_than_its_share(self):
        for booked in getattr(self, "booked", {}).values():
            units = sum(self.plan.needed(g, n) for g, n in booked.items())
            assert units <= self.plan.most_booked
            assert holds([booked], {}, self.plan)

    @invariant()
    def nobody_is_served_twice_or_lost(self):
        if hasattr(self, "tickets"):
            assert all(times <= 1 for times in self.served.values())
            assert len(self.tickets) == self.given
            assert {k for k, (_, state) in self.tickets.items() if state in AT_DESK} == set(filter(None, self.desk))


TestHall = Hall.TestCase
TestHall.settings = settings(max_examples=30, stateful_step_count=30, deadline=None)


def test_small_halls_agree_with_every_order_of_coming():
    """Whoever is taken is taken whatever the order: the number of those who fit does not depend on it."""
    one, counts = plan("ab", a=30, b=30), set()
    for order in permutations("aab"):
        here: Counter = Counter()
        for group in order:
            if can_take([{}, {}], here, group, one):
                here[group] += 1
        counts.add(here.total())
    assert counts == {2}
