"""What became of a message follows from the set of messages, in whatever order they came."""

from __future__ import annotations

import itertools
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from maehia.emergency.rules.cap import Known, Triple, chain_of, in_feed, in_force, known_of, states, to_name, turns
from maehia.emergency.tests.cap_cast import GOLDEN, at, known

MOMENT = at("2026-11-21T18:00:00+07:00")
FIRST = known(1)
UPDATE = known(
    2, "Update", sent="2026-11-21T17:00:00+07:00", references=(FIRST.triple,), expires="2026-11-21T20:00:00+07:00"
)
CANCEL = known(3, "Cancel", sent="2026-11-21T17:30:00+07:00", references=(FIRST.triple, UPDATE.triple))
OTHER = known(9, sent="2026-11-21T17:10:00+07:00", expires="2026-11-21T17:40:00+07:00")


def words(messages, moment=MOMENT) -> dict[str, str]:
    return {triple.identifier[-1]: state for triple, state in states(messages, moment).items()}


def test_an_update_takes_the_place_of_what_it_names():
    assert words([FIRST, UPDATE]) == {"1": "updated", "2": "published"}
    assert [one.triple for one in in_force([FIRST, UPDATE], MOMENT)] == [UPDATE.triple]


def test_a_cancel_takes_down_the_whole_chain_and_is_no_warning_itself():
    assert words([FIRST, UPDATE, CANCEL]) == {"1": "cancelled", "2": "cancelled", "3": "published"}
    assert in_force([FIRST, UPDATE, CANCEL], MOMENT) == []


def test_a_message_is_over_at_the_second_it_expires():
    moment = at("2026-11-21T17:40:00+07:00")
    assert words([OTHER], moment - timedelta(seconds=1)) == {"9": "published"}
    assert words([OTHER], moment) == {"9": "expired"}


def test_a_cancel_that_came_before_its_alert_counts_once_the_alert_is_there():
    assert words([CANCEL]) == {"3": "published"}
    assert words([CANCEL, FIRST])["1"] == "cancelled"


def test_nobody_else_and_no_exercise_ends_an_alert():
    stranger = Known(
        Triple("x@y.th", "x-1", CANCEL.triple.sent), "Cancel", CANCEL.sent, None, (FIRST.triple,), "Exercise"
    )
    real = known(1, status="Actual")
    assert words([FIRST, stranger])["1"] == "published"
    assert states([real, CANCEL], MOMENT)[real.triple] == "published"


def test_the_chain_is_joined_over_any_number_of_steps():
    assert [one.triple.identifier[-1] for one in chain_of([FIRST.triple], [FIRST, UPDATE, CANCEL, OTHER])] == [
        "3",
        "2",
        "1",
    ]
    assert to_name([UPDATE.triple], [FIRST, UPDATE, OTHER], MOMENT) == [FIRST.triple, UPDATE.triple]
    late = at("2026-11-21T21:00:00+07:00")
    assert to_name([UPDATE.triple], [FIRST, UPDATE], late) == [FIRST.triple]


def test_a_cancel_stays_in_the_feed_until_its_chain_has_run_out():
    every = [FIRST, UPDATE, CANCEL]
    assert [one.triple.identifier[-1] for one in in_feed(every, MOMENT)] == ["3"]
    assert [one.triple.identifier[-1] for one in in_feed([FIRST, UPDATE], at("2026-11-21T21:00:00+07:00"))] == ["2"]
    assert in_feed(every, at("2026-11-21T23:30:00+07:00")) == []


def test_the_moments_ahead_are_those_at_which_something_expires():
    assert turns([FIRST, UPDATE, OTHER], MOMENT) == [UPDATE.expires, FIRST.expires]


def test_a_message_without_end_never_expires_by_itself():
    endless = known(4, expires=None)
    assert words([endless], at("2030-01-01T00:00:00+07:00")) == {"4": "published"}


def test_a_message_is_known_by_its_latest_end_and_its_references():
    one = known_of(GOLDEN, "ab")
    assert (one.expires, one.references, one.sha256) == (at("2026-11-21T23:30:00+07:00"), (FIRST.triple,), "ab")


@st.composite
def histories(draw):
    """Alerts, Updates and Cancels that name some of those before them, with ends here and there."""
    made: list[Known] = []
    for number in range(1, draw(st.integers(1, 7)) + 1):
        sent = at("2026-11-21T12:00:00+07:00") + timedelta(minutes=10 * number)
        named = (
            tuple(draw(st.lists(st.sampled_from(made), max_size=3, unique_by=lambda one: one.triple))) if made else ()
        )
        kind = draw(st.sampled_from(["Update", "Cancel"])) if named else "Alert"
        life = draw(st.integers(5, 600))
        triple = Triple("eoc@a.th", f"a-{number}", sent.isoformat())
        made.append(Known(triple, kind, sent, sent + timedelta(minutes=life), tuple(one.triple for one in named)))
    return made


@given(histories(), st.randoms(use_true_random=False), st.integers(0, 900))
def test_states_feeds_and_force_do_not_depend_on_the_order_of_arrival(made, shuffler, minutes):
    moment = at("2026-11-21T12:00:00+07:00") + timedelta(minutes=minutes)
    mixed = [*made, *made[:2]]  # some come twice
    shuffler.shuffle(mixed)
    assert states(mixed, moment) == states(made, moment)
    assert in_feed(list(dict.fromkeys(mixed)), moment) == in_feed(made, moment)
    assert in_force(list(dict.fromkeys(mixed)), moment) == in_force(made, moment)


@given(histories(), st.integers(0, 900))
def test_what_is_in_force_is_in_the_feed_and_nothing_cancelled_is(made, minutes):
    moment = at("2026-11-21T12:00:00+07:00") + timedelta(minutes=minutes)
    state, feed = states(made, moment), in_feed(made, moment)
    assert set(in_force(made, moment)) <= set(feed)
    assert not [one for one in feed if state[one.triple] in ("cancelled", "updated")]


@given(histories())
def test_nothing_changes_between_two_turns(made):
    start = at("2026-11-21T12:00:00+07:00")
    moments = [start, *turns(made, start)]
    for before, after in itertools.pairwise(moments):
        assert states(made, before) == states(made, after - timedelta(seconds=1))
