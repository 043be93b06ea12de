"""Rules of shelters and stays, without a database."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maehia.base import ProblemError
from maehia.emergency.rules import shelters
from maehia.emergency.rules.shelters_bands import check_digit, read_band, write_band
from maehia.emergency.rules.stays_merge import Event, corrected, merge, skew, told

START = datetime(2026, 11, 18, 3, 0, tzinfo=UTC)


@st.composite
def queues(draw):
    """What some desks wrote: each stay with an `in` and some of the rest, ids all different."""
    found = []
    for stay in range(draw(st.integers(1, 6))):
        kinds = ["in"] * draw(st.integers(0, 1)) + draw(st.lists(st.sampled_from(["away", "back", "out"]), max_size=5))
        for number, kind in enumerate(kinds):
            at = START + timedelta(minutes=draw(st.integers(-90, 90)))
            how = draw(st.sampled_from(["home", "hospital"])) if kind == "out" else ""
            found.append(Event(f"{stay}-{number}", str(stay), kind, at, how, f"{stay}{kind}{at}{how}"))
    return found


@given(queues(), st.randoms(use_true_random=False), st.integers(1, 3))
def test_a_queue_replayed_and_shuffled_gives_one_result(queue, dice, times):
    plain = merge(queue)
    sent = list(queue) * times
    dice.shuffle(sent)
    again = merge(sent)
    assert (again.stays, again.waiting, again.conflicts) == (plain.stays, plain.waiting, set())


@given(queues(), st.integers(-86400, 86400))
def test_a_clock_that_is_wrong_all_day_changes_no_state(queue, seconds):
    off = timedelta(seconds=seconds)
    moved = [Event(e.id, e.stay, e.kind, e.at + off, e.how, e.body) for e in queue]
    states = {key: (t.state, t.how) for key, t in merge(queue).stays.items()}
    assert {key: (t.state, t.how) for key, t in merge(moved).stays.items()} == states


@given(queues())
def test_nobody_is_lost_and_nobody_counts_twice(queue):
    found = merge(queue + queue)
    came = {event.stay for event in queue if event.kind == "in"}
    assert set(found.stays) == came
    assert found.waiting == {event.id for event in queue if event.stay not in came}
    left = {event.stay for event in queue if event.kind == "out"} & came
    assert {key for key, t in found.stays.items() if t.state == "checked_out"} == left


@given(queues(), st.randoms(use_true_random=False))
def test_the_same_id_with_other_content_is_a_conflict_in_any_order(queue, dice):
    if not queue:
        return
    odd = queue[0]
    sent = [*queue, Event(odd.id, odd.stay, odd.kind, odd.at, odd.how, "other")]
    dice.shuffle(sent)
    assert merge(sent).conflicts == {odd.id}


def test_of_two_that_say_she_left_the_first_in_time_counts():
    rows = [Event("a", "s", "out", START + timedelta(hours=2), "hospital"),
            Event("b", "s", "in", START), Event("c", "s", "out", START + timedelta(hours=1), "home")]  # fmt: skip
    found = told(rows)
    assert (found.state, found.how, found.out_at) == ("checked_out", "home", START + timedelta(hours=1))
    assert found.idle == {"a"}


def test_an_out_before_its_in_by_a_wrong_clock_ends_the_stay_when_it_began():
    found = told([Event("a", "s", "out", START - timedelta(hours=1), "home"), Event("b", "s", "in", START)])
    assert (found.state, found.in_at, found.out_at) == ("checked_out", START, START)


def test_skew_is_measured_against_our_clock_and_nothing_lies_ahead():
    ahead = skew(START + timedelta(hours=1), START)
    assert ahead == timedelta(hours=-1)
    assert skew(START - timedelta(seconds=1), START) == timedelta(0)
    said = START + timedelta(minutes=30)  # by a clock that is an hour fast: half an hour ago
    assert corrected(said, ahead, START) == START - timedelta(minutes=30)
    assert corrected(said, timedelta(0), START) == START


@given(st.integers(1, 999_999), st.integers(0, 6), st.integers(1, 9))
def test_a_wrong_digit_of_a_band_shows(number, place, more):
    band = write_band(number)
    digits = list(band.replace("-", ""))
    assert read_band(band) == read_band(" ".join(digits)) == band
    digits[place] = str((int(digits[place]) + more) % 10)
    with pytest.raises(ProblemError) as caught:
        read_band("".join(digits))
    assert caught.value.problem.code == "bad_band"


def test_a_band_is_read_from_its_code_in_thai_digits_and_only_in_its_mode():
    assert check_digit(123) == 0
    assert read_band("๐๐๐๑๒๓๐") == read_band("https://town.example/b/000123-0") == "000123-0"
    assert read_band("x000123-0", "exercise") == "X000123-0"
    assert read_band("  ") == ""
    for typed, mode in (("X000123-0", "live"), ("000123-0", "exercise")):
        with pytest.raises(ProblemError) as caught:
            read_band(typed, mode)
        assert caught.value.problem.code == "band_of_other_mode"
    for number in (0, 1_000_000):
        with pytest.raises(ValueError):
            write_band(number)


def test_the_tightest_ratio_comes_first_and_only_known_quantities_count():
    ratios = {"m2_per_person": 3.5, "people_per_toilet": 20, "water_l_day": 15}
    found = shelters.limits(ratios, 700, 4, 6000)
    assert [(one.ratio, one.people) for one in found] == [
        ("people_per_toilet", 80), ("m2_per_person", 200), ("water_l_day", 400),
    ]  # fmt: skip
    assert shelters.limits(ratios, None, None, None) == []
    assert shelters.limits(ratios, 3.4, None, None)[0].people == 0


def test_ages_fall_into_one_band_each():
    assert [shelters.age_band(age) for age in (0, 4, 5, 14, 15, 59, 60, 101, None)] == [
        "0-4", "0-4", "5-14", "5-14", "15-59", "15-59", "60+", "60+", "",
    ]  # fmt: skip


def test_shuffling_by_hand_ten_times_is_one_result():
    rows = [Event(f"{n}{k}", str(n), k, START + timedelta(minutes=n), "home" if k == "out" else "", f"{n}{k}")
            for n in range(50) for k in ("in", "away", "back", "out")]  # fmt: skip
    plain = merge(rows).stays
    for seed in range(10):
        random.Random(seed).shuffle(rows)
        assert merge(rows).stays == plain
