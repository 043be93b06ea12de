"""Recovery: exact integrals, both times to a target, chains and redundancy, crews; what is not known is not guessed."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from maehia.impact import ArgumentError
from maehia.impact.recovery import (
    Event,
    Functionality,
    all_of,
    any_of,
    at_least,
    from_events,
    weighted,
)
from maehia.impact.recovery_graph import with_dependencies
from maehia.impact.tests.recovery_cases import DOWN, series, spans

HALF_FOR_TEN_DAYS = Functionality([0.0, 240.0], [0.5, 1.0])


def brute(one, start, end, step=0.5):
    """Levels every half hour: exact for series on whole hours."""
    return one.at(np.arange(start, end, step))


def test_a_level_holds_from_its_hour_on():
    assert Functionality([1.0, 3.0], [0.0, 1.0]).at([0.999, 1.0, 2.999, 3.0, 99]).tolist() == [1, 0, 0, 1, 1]


def test_equal_neighbours_are_one_step():
    one = Functionality([0.0, 1.0, 2.0, 3.0], [1.0, 0.5, 0.5, 1.0])
    assert one.time.tolist() == [1, 3]
    assert one.level.tolist() == [0.5, 1]


def test_nothing_happened_is_a_series_too():
    assert Functionality.always().loss(0, 100) == 0
    assert Functionality.always(0.25).robustness(0, 1) == 0.25


@pytest.mark.parametrize(
    ("time", "level", "more", "argument", "index"),
    [
        ([0, 0], [0, 1], {}, "time", 1),
        ([1, 0], [0, 1], {}, "time", 1),
        ([np.nan], [0], {}, "time", 0),
        ([0, 1], [0, 1.1], {}, "level", 1),
        ([0], [np.nan], {}, "level", 0),
        ([0, 1], [0], {}, "level", None),
        ([0], [0], {"before": 2}, "before", None),
        ([5], [0], {"until": 4}, "until", None),
        ([5], [0], {"until": np.nan}, "until", None),
    ],
)
def test_a_series_that_cannot_be_is_refused(time, level, more, argument, index):
    with pytest.raises(ArgumentError) as caught:
        Functionality(time, level, **more)
    assert (caught.value.argument, caught.value.index) == (argument, index)


def test_half_for_ten_days_is_five_days_lost():
    assert HALF_FOR_TEN_DAYS.loss(0, 480) == 120.0
    assert HALF_FOR_TEN_DAYS.resilience(0, 480) == 0.75
    assert HALF_FOR_TEN_DAYS.robustness(0, 480) == 0.5
    assert HALF_FOR_TEN_DAYS.summary(0, 480).loss_percent_days == 500.0


@given(one=series(), span=spans)
def test_the_loss_is_the_brute_force_sum(one, span):
    assert one.loss(*span) == ((1 - brute(one, *span)) * 0.5).sum()
    assert one.robustness(*span) == brute(one, *span).min()


@given(one=series(), span=spans, part=st.floats(0.01, 0.99))
def test_losses_of_the_parts_add_up(one, span, part):
    start, end = span
    middle = start + part * (end - start)
    assert one.loss(start, middle) + one.loss(middle, end) == pytest.approx(one.loss(start, end), abs=1e-12)


@given(one=series(), span=spans)
def test_loss_and_resilience_stay_in_bounds(one, span):
    start, end = span
    assert 0 <= one.loss(start, end) <= end - start
    assert 0 <= one.robustness(start, end) <= one.resilience(start, end) <= 1


@given(one=series(), other=series(), span=spans)
def test_a_service_that_is_never_better_never_loses_less(one, other, span):
    worse = all_of([one, other])
    assert worse.loss(*span) >= one.loss(*span)
    assert worse.robustness(*span) <= one.robustness(*span)


def test_rapidity_is_the_mean_slope_of_the_way_back():
    stairs = Functionality([0.0, 10.0, 20.0, 30.0], [0.0, 0.5, 0.75, 1.0])
    assert stairs.rapidity(0, 100) == pytest.approx(1.0 / 20)
    assert stairs.rapidity(0, 100, target=0.75) == pytest.approx(0.75 / 10)


def test_rapidity_without_loss_is_nothing_at_once_is_infinite_and_without_return_unknown():
    assert Functionality.always().rapidity(0, 10) == 0
    assert HALF_FOR_TEN_DAYS.rapidity(0, 480) == math.inf
    assert HALF_FOR_TEN_DAYS.rapidity(0, 100) is None


def test_first_and_lasting_return_differ_when_it_fails_again():
    one = Functionality([0.0, 4.0, 6.0, 9.0], [0.2, 0.9, 0.4, 1.0])
    back = one.time_to(0.8, 0, 24)
    assert (back.first, back.lasting, back.censored) == (4.0, 9.0, False)


def test_a_target_never_lost_is_reached_at_once():
    back = HALF_FOR_TEN_DAYS.time_to(0.5, 0, 480)
    assert (back.first, back.lasting) == (0.0, 0.0)


def test_a_return_after_the_end_is_censored_and_not_a_number():
    back = HALF_FOR_TEN_DAYS.time_to(0.8, 0, 100)
    assert (back.first, back.lasting, back.censored) == (None, None, True)
    relapse = Functionality([0.0, 5.0, 8.0], [0.0, 1.0, 0.0]).time_to(0.5, 0, 20)
    assert (relapse.first, relapse.lasting, relapse.censored) == (5.0, None, True)


def test_time_counts_from_the_start_asked_and_a_late_loss_counts():
    one = Functionality([10.0, 14.0], [0.0, 1.0])
    assert one.time_to(0.5, 8, 48).lasting == 6.0
    assert one.time_to(0.5, 14, 48).lasting == 0.0


@given(one=series(), span=spans, target=st.sampled_from([0.125, 0.5, 0.8, 0.95, 1.0]))
def test_time_to_equals_a_search_by_brute_force(one, span, target):
    start, end = span
    hours = np.arange(start, end, 0.5)
    low = np.flatnonzero(one.at(hours) < target)
    back = one.time_to(target, start, end)
    if not low.size:
        assert (back.first, back.lasting) == (0.0, 0.0)
        return
    after = [k for k in range(low[0], hours.size) if k not in set(low)]
    assert back.first == (hours[after[0]] - start if after else None)
    assert back.lasting == (hours[low[-1] + 1] - start if low[-1] + 1 < hours.size else None)


@given(one=series(), span=spans)
def test_a_higher_target_is_never_reached_sooner(one, span):
    lasting = [one.time_to(t, *span).lasting for t in (0.25, 0.5, 0.8, 0.95, 1.0)]
    known = [math.inf if hour is None else hour for hour in lasting]
    assert known == sorted(known)


@pytest.mark.parametrize("target", [0, 1.01, np.nan])
def test_a_target_outside_the_levels_is_refused(target):
    with pytest.raises(ArgumentError, match="target"):
        HALF_FOR_TEN_DAYS.time_to(target, 0, 1)


@pytest.mark.parametrize(("start", "end"), [(1, 1), (2, 1), (0, np.inf), (np.nan, 1)])
def test_a_span_without_length_is_refused(start, end):
    with pytest.raises(ArgumentError, match="end"):
        HALF_FOR_TEN_DAYS.loss(start, end)


def test_what_is_not_known_yet_is_refused_and_not_called_restored():
    ongoing = Functionality([0.0], [0.0], until=12.0)
    assert ongoing.loss(0, 12) == 12
    with pytest.raises(ArgumentError, match=r"known until 12\.0 only"):
        ongoing.loss(0, 24)
    assert np.isnan(ongoing.at(13.0))


def test_a_summary_of_something_unfinished_says_so():
    ongoing = Functionality([0.0, 6.0], [0.0, 0.6]).known_until(12.0).summary(0, 12)
    assert ongoing.censored
    assert [time.lasting for time in ongoing.times] == [6.0, None, None]
    done = HALF_FOR_TEN_DAYS.summary(0, 480)
    assert (done.loss, done.censored) == (120.0, False)
    assert [time.target for time in done.times] == [0.5, 0.8, 0.95]


def test_what_came_later_is_not_known_earlier():
    early = HALF_FOR_TEN_DAYS.known_until(100.0)
    assert early.time.tolist() == [0.0]
    assert early.until == 100.0


def test_a_log_in_any_order_gives_one_series():
    log = [Event(5, "partial", 0.5), Event(9, "up"), Event(1, "down")]
    one, other = from_events(log), from_events(log[::-1])
    assert one.time.tolist() == other.time.tolist() == [1, 5, 9]
    assert one.level.tolist() == other.level.tolist() == [0, 0.5, 1]


def test_of_two_lines_of_one_hour_the_later_holds():
    assert from_events([Event(1, "down"), Event(1, "partial", 0.3)]).level.tolist() == [0.3]


def test_a_repeated_down_changes_nothing():
    assert from_events([Event(1, "down"), Event(2, "down"), Event(3, "up")]).time.tolist() == [1, 3]


def test_an_empty_log_says_that_all_works():
    assert from_events([]).robustness(0, 1) == 1


@pytest.mark.parametrize(
    ("bad", "text"),
    [
        (Event(1, "broken"), "of kind 'broken'"),
        (Event(1, "partial"), "level None"),
        (Event(1, "partial", 1.5), "level 1.5"),
        (Event(1, "up", 0.5), "'up' with level 0.5"),
        (Event(np.nan, "up"), "NaN"),
        (Event(99, "up"), "after until"),
    ],
)
def test_a_bad_line_of_a_log_is_named(bad, text):
    with pytest.raises(ArgumentError, match=text) as caught:
        from_events([Event(0, "down"), bad], until=50)
    assert caught.value.index == 1


@given(parts=st.lists(series(), min_size=1, max_size=4), when=st.integers(-2, 70))
def test_and_is_the_lowest_or_the_highest_at_every_hour(parts, when):
    levels = [float(one.at(when)) for one in parts]
    assert all_of(parts).at(when) == min(levels)
    assert any_of(parts).at(when) == max(levels)
    for count in range(1, len(parts) + 1):
        assert at_least(count, parts).at(when) == sorted(levels, reverse=True)[count - 1]


@given(parts=st.lists(series(), min_size=1, max_size=4), span=spans, data=st.data())
def test_the_loss_of_a_weighted_sum_is_the_weighted_sum_of_losses(parts, span, data):
    weights = np.array(data.draw(st.lists(st.integers(1, 9), min_size=len(parts), max_size=len(parts))), float)
    mixed = weighted(parts, weights).loss(*span)
    assert mixed == pytest.approx(weights @ [one.loss(*span) for one in parts] / weights.sum(), abs=1e-9)


def test_a_town_fully_served_is_at_one_and_not_a_hair_below():
    parts = [Functionality([0.0, 5.0], [0.0, 1.0])] * 3
    town = weighted(parts, [0.1, 0.2, 0.3])
    assert town.at(5.0) == 1.0
    assert town.time_to(1.0, 0, 10).lasting == 5.0


def test_nobody_weighs_nothing():
    one = Functionality([0.0, 5.0], [0.0, 1.0])
    assert weighted([one, Functionality.always()], [0, 4]).loss(0, 10) == 0


@pytest.mark.parametrize("weights", [[0, 0], [1, -1], [1], [1, np.nan]])
def test_weights_that_mean_nothing_are_refused(weights):
    with pytest.raises(ArgumentError, match="weights"):
        weighted([Functionality.always()] * 2, weights)


@pytest.mark.parametrize("count", [0, 3])
def test_more_parts_than_there_are_cannot_be_needed(count):
    with pytest.raises(ArgumentError, match="count"):
        at_least(count, [Functionality.always()] * 2)


def test_a_combination_is_known_as_long_as_all_its_parts():
    short = Functionality([0.0], [0.0], until=10.0)
    both = any_of([short, Functionality([20.0], [0.5])])
    assert both.until == 10.0
    with pytest.raises(ArgumentError, match="known until"):
        both.loss(0, 20)


def test_water_is_down_when_its_pump_has_no_power():
    solved = with_dependencies({"substation": DOWN}, {"pump": "substation", "water": "pump"})
    assert solved["water"].loss(0, 48) == 8.0
    assert list(solved) == ["substation", "pump", "water"]
