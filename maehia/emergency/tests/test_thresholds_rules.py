"""The limit as a machine: it does not flap, what is old is unknown, and the order of arrival does not matter."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from maehia.emergency.rules.thresholds import (
    MEMORY,
    NORMAL,
    OVER,
    UNKNOWN,
    Limit,
    Sample,
    Track,
    believed,
    follow,
    state_at,
    sums,
)

START = datetime(2026, 11, 18, 3, 0, tzinfo=UTC)
PING = Limit(3.70, 0.10, 2, timedelta(minutes=30))
STEP = timedelta(minutes=15)
LEVELS = st.lists(st.floats(2.0, 5.0, allow_nan=False), min_size=1, max_size=40)


def every_quarter(*values, start=START):
    return [Sample(start + STEP * n, value) for n, value in enumerate(values)]


def after(*values, limit=PING):
    track, turns = follow(Track(), every_quarter(*values), limit)
    return track.over, [(turn.over, turn.sample.value) for turn in turns]


def test_one_reading_over_says_nothing_two_do():
    assert after(3.0, 3.7) == (False, [])
    assert after(3.0, 3.7, 3.7) == (True, [(True, 3.7)])
    assert after(3.8, 3.0, 3.8) == (False, [])


def test_reaching_the_limit_counts_as_over():
    assert after(3.69, 3.69) == (False, [])
    assert after(3.70, 3.70)[0]


def test_it_is_normal_again_only_below_the_hysteresis_and_twice():
    assert after(3.8, 3.8, 3.61, 3.61)[0]
    assert after(3.8, 3.8, 3.59)[0]
    assert after(3.8, 3.8, 3.59, 3.65, 3.59)[0]
    assert after(3.8, 3.8, 3.59, 3.59) == (False, [(True, 3.8), (False, 3.59)])


def test_readings_in_a_row_are_not_in_a_row_over_a_hole():
    late = [Sample(START, 3.9), Sample(START + timedelta(minutes=31), 3.9)]
    assert not follow(Track(), late, PING)[0].over
    assert follow(Track(), [Sample(START, 3.9), Sample(START + timedelta(minutes=30), 3.9)], PING)[0].over


def test_a_silence_does_not_make_it_normal_and_a_day_of_it_begins_anew():
    raised, _ = follow(Track(), every_quarter(3.9, 3.9), PING)
    again, turns = follow(raised, every_quarter(3.65, 3.9, start=START + timedelta(hours=3)), PING)
    assert again.over
    assert turns == []
    anew, turns = follow(raised, every_quarter(3.9, 3.9, start=START + MEMORY + timedelta(hours=1)), PING)
    assert anew.over
    assert [turn.over for turn in turns] == [False, True]


def test_what_is_old_is_unknown_never_normal():
    track, _ = follow(Track(), every_quarter(3.0, 3.0), PING)
    newest = START + STEP
    assert state_at(track, newest + timedelta(minutes=30), PING) == NORMAL
    assert state_at(track, newest + timedelta(minutes=31), PING) == UNKNOWN
    assert state_at(Track(), newest, PING) == UNKNOWN


def test_a_station_whose_clock_runs_ahead_is_not_believed():
    ahead = [Sample(START + timedelta(hours=2), 9.0)]
    assert believed(ahead, START) == []
    assert state_at(follow(Track(), ahead, PING)[0], START, PING) == UNKNOWN


def test_a_reading_without_a_value_neither_counts_nor_keeps_fresh():
    rows = [Sample(START, 3.9), Sample(START + STEP, None), Sample(START + STEP * 2, 3.9)]
    assert follow(Track(), rows, PING)[0].over
    silent = [Sample(START, 3.0), *[Sample(START + STEP * n, None) for n in range(1, 9)]]
    assert state_at(follow(Track(), silent, PING)[0], START + STEP * 8, PING) == UNKNOWN


@given(LEVELS, st.randoms(use_true_random=False), st.integers(1, 4))
def test_the_order_of_arrival_does_not_matter(values, shuffle: random.Random, readings):
    limit = Limit(3.70, 0.10, readings, timedelta(minutes=30))
    rows = every_quarter(*values)
    mixed = [*rows, *rows[::2]]
    shuffle.shuffle(mixed)
    assert follow(Track(), mixed, limit) == follow(Track(), rows, limit)


@given(LEVELS, st.integers(0, 40), st.integers(1, 3))
def test_reading_in_two_parts_is_the_same_as_at_once(values, cut, readings):
    limit = Limit(3.70, 0.10, readings, timedelta(minutes=30))
    rows = every_quarter(*values)
    first, early = follow(Track(), rows[:cut], limit)
    both, later = follow(first, rows[cut:], limit)
    assert (both, early + later) == follow(Track(), rows, limit)


@given(st.lists(st.floats(3.6001, 5.0), min_size=1, max_size=60), st.integers(1, 4))
def test_no_flapping_above_the_hysteresis(values, readings):
    """Once over, whatever moves at or above limit minus hysteresis turns it no more: at most one turn in all."""
    limit = Limit(3.70, 0.10, readings, timedelta(minutes=30))
    _, turns = follow(Track(), every_quarter(*values), limit)
    assert [turn.over for turn in turns] in ([], [True])


@given(LEVELS, st.integers(1, 4))
def test_every_turn_stands_on_so_many_readings_in_a_row(values, readings):
    limit = Limit(3.70, 0.10, readings, timedelta(minutes=30))
    rows = every_quarter(*values)
    _, turns = follow(Track(), rows, limit)
    assert [turn.over for turn in turns] == [n % 2 == 0 for n in range(len(turns))]
    for turn in turns:
        end = rows.index(turn.sample) + 1
        row = [sample.value for sample in rows[end - readings : end]]
        assert len(row) == readings
        assert all(v >= 3.70 for v in row) if turn.over else all(v < limit.over - limit.hysteresis for v in row)


@given(LEVELS, st.integers(0, 600))
def test_the_state_is_unknown_exactly_when_the_newest_reading_is_old(values, minutes):
    rows = every_quarter(*values)
    track, _ = follow(Track(), rows, PING)
    state = state_at(track, rows[-1].at + timedelta(minutes=minutes), PING)
    assert (state == UNKNOWN) == (minutes > 30)
    assert state != (NORMAL if track.over else OVER)


class TestSums:
    def rain(self, *values):
        return every_quarter(*values)

    def test_the_sum_is_of_the_last_hour(self):
        found = sums(self.rain(1, 2, 3, 4, 5, 6), 1, 90)
        assert [s.value for s in found] == [None, None, 6, 10, 14, 18]

    def test_a_hole_makes_a_low_sum_unknown_but_not_a_high_one(self):
        found = sums(self.rain(10, None, None, 10, None, 80), 1, 90)
        assert found[3].value is None
        assert found[5].value == 90

    def test_a_single_reading_says_nothing_unless_it_is_over_alone(self):
        assert [s.value for s in sums(self.rain(5), 24, 90)] == [None]
        assert [s.value for s in sums(self.rain(95), 24, 90)] == [95]

    @given(st.lists(st.one_of(st.none(), st.floats(0, 50)), min_size=1, max_size=30), st.randoms())
    def test_the_order_of_arrival_does_not_matter(self, values, shuffle):
        rows = self.rain(*values)
        mixed = list(rows)
        shuffle.shuffle(mixed)
        assert sums(mixed, 3, 90) == sums(rows, 3, 90)
