"""Recovery: exact integrals, both times to a target, chains and redundancy, crews; what is not known is not guessed."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
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
from maehia.impact.recovery_crews import Job, recovery_of, schedule
from maehia.impact.recovery_graph import needs_all, needs_any, needs_some, with_dependencies

HALF_FOR_TEN_DAYS = Functionality([0.0, 240.0], [0.5, 1.0])


@st.composite
def series(draw, end=64):
    """A step series on whole hours with levels in eighths: sums over it are exact in binary."""
    hours = sorted(draw(st.sets(st.integers(0, end), max_size=8)))
    levels = draw(st.lists(st.integers(0, 8), min_size=len(hours), max_size=len(hours)))
    before = draw(st.integers(0, 8)) / 8
    return Functionality(np.array(hours, float), np.array(levels) / 8, before)


spans = st.tuples(st.integers(-4, 60), st.integers(1, 40)).map(lambda pair: (float(pair[0]), float(sum(pair))))


def brute(one, start, end, step=0.5):
    """Levels every half hour: exact for series on whole hours."""
    return one.at(np.arange(start, end, step))


# --- the series itself


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


# --- loss, robustness, rapidity


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


# --- time to


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


# --- censoring


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


# --- logs


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


# --- combining


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


# --- dependencies

DOWN = Functionality([0.0, 8.0], [0.0, 1.0])
LONG_DOWN = Functionality([0.0, 20.0], [0.0, 1.0])


def test_water_is_down_when_its_pump_has_no_power():
    solved = with_dependencies({"substation": DOWN}, {"pump": "substation", "water": "pump"})
    assert solved["water"].loss(0, 48) == 8.0
    assert list(solved) == ["substation", "pump", "water"]


def test_a_generator_carries_the_pump():
    needs = {"pump": needs_any("substation", "generator")}
    assert with_dependencies({"substation": DOWN, "generator": Functionality.always()}, needs)["pump"].loss(0, 48) == 0
    dry = Functionality([4.0], [0.0])
    assert with_dependencies({"substation": DOWN, "generator": dry}, needs)["pump"].loss(0, 48) == 4.0


def test_a_service_suffers_its_own_damage_and_that_of_what_it_needs():
    solved = with_dependencies({"clinic": DOWN, "power": LONG_DOWN, "water": DOWN},
                               {"clinic": needs_all("power", "water")})  # fmt: skip
    assert solved["clinic"].loss(0, 48) == 20.0


def test_two_of_three_pumps_are_enough():
    own = {"a": DOWN, "b": LONG_DOWN, "c": Functionality.always()}
    assert with_dependencies(own, {"drain": needs_some(2, "a", "b", "c")})["drain"].loss(0, 48) == 8.0
    assert with_dependencies(own, {"drain": needs_all("a", needs_any("b", "c"))})["drain"].loss(0, 48) == 8.0


def test_a_circle_is_refused_with_its_path():
    needs = {"power": "road", "road": "pump", "pump": "power"}
    with pytest.raises(ArgumentError, match="in a circle") as caught:
        with_dependencies({}, needs)
    path = str(caught.value).split("circle: ")[1].rstrip(".").split(" -> ")
    assert path[0] == path[-1]
    assert all(needs[who] == whom for who, whom in itertools.pairwise(path))


def test_a_service_that_needs_itself_is_a_circle():
    with pytest.raises(ArgumentError, match="a -> a"):
        with_dependencies({}, {"a": "a"})


@pytest.mark.parametrize(("count", "parts"), [(0, ("a",)), (3, ("a", "b")), (1, ())])
def test_needing_more_or_less_than_there_is_is_refused(count, parts):
    with pytest.raises(ArgumentError, match="count"):
        needs_some(count, *parts)


@settings(max_examples=30)
@given(own=st.lists(series(), min_size=3, max_size=3), when=st.integers(-2, 70), count=st.integers(1, 3))
def test_dependencies_are_the_formula_at_every_hour(own, when, count):
    named = dict(zip("abc", own, strict=True))
    solved = with_dependencies(named, {"d": needs_some(count, "a", "b", "c"), "e": needs_all("d", "a")})
    levels = sorted((float(one.at(when)) for one in own), reverse=True)
    assert solved["d"].at(when) == levels[count - 1]
    assert solved["e"].at(when) == min(levels[count - 1], float(own[0].at(when)))


def test_the_order_in_which_services_are_named_changes_nothing():
    needs = {"water": "pump", "pump": needs_any("mains", "generator"), "clinic": needs_all("water", "mains")}
    own = {"mains": DOWN, "generator": LONG_DOWN}
    one = with_dependencies(own, needs)
    other = with_dependencies(dict(reversed(own.items())), dict(reversed(needs.items())))
    assert {name: one[name].loss(0, 48) for name in one} == {name: other[name].loss(0, 48) for name in one}


def test_an_unknown_need_is_refused():
    with pytest.raises(ArgumentError, match="'water' names 'pmup'"):
        with_dependencies({"pump": DOWN}, {"water": "pmup"})


def test_a_chain_of_a_thousand_services_holds():
    needs = {str(k): str(k - 1) for k in range(1, 1001)}
    assert with_dependencies({"0": DOWN}, needs)["1000"].loss(0, 48) == 8.0


@settings(max_examples=30)
@given(own=st.lists(series(), min_size=4, max_size=4), span=spans)
def test_needing_more_never_loses_less(own, span):
    named = dict(zip("abcd", own, strict=True))
    alone = with_dependencies(named, {})["d"].loss(*span)
    some = with_dependencies(named, {"d": needs_any("a", "b")})["d"].loss(*span)
    more = with_dependencies(named, {"d": needs_all("a", "b", "c")})["d"].loss(*span)
    assert alone <= some <= more


# --- crews


def test_the_urgent_job_goes_first_and_the_small_name_breaks_ties():
    jobs = [Job("road", 4, priority=2), Job("pump", 3, priority=1), Job("clinic", 2, priority=1)]
    finish = {repair.job.name: repair.finish for repair in schedule(jobs, 1)}
    assert finish == {"clinic": 2, "pump": 5, "road": 9}


def test_two_crews_share_the_work():
    jobs = [Job("a", 4), Job("b", 3), Job("c", 2)]
    runs = schedule(jobs, 2)
    assert [(run.crew, run.start, run.finish) for run in runs] == [(0, 0, 4), (1, 0, 3), (1, 3, 5)]


def test_a_job_waits_for_water_to_go_and_for_the_job_before_it():
    jobs = [Job("power", 5, ready=10), Job("pump", 2, after=("power",)), Job("road", 3, priority=9)]
    runs = {run.job.name: run for run in schedule(jobs, 2)}
    assert (runs["road"].start, runs["power"].start, runs["pump"].start) == (0, 10, 15)


def test_what_is_not_finished_in_time_is_censored():
    runs = schedule([Job("a", 6), Job("b", 6), Job("c", 6)], 1, until=10)
    assert [run.finish for run in runs] == [6, None, None]
    assert [run.start for run in runs] == [0, 6, None]
    assert [run.censored for run in runs] == [False, True, True]


def test_an_endless_job_holds_what_waits_for_it():
    runs = schedule([Job("a", math.inf), Job("b", 1, after=("a",))], 2, until=1000)
    assert [run.start for run in runs] == [0, None]


@settings(max_examples=60)
@given(
    work=st.lists(
        st.tuples(st.integers(0, 9), st.integers(0, 3), st.integers(0, 12), st.integers(0, 4)), min_size=1, max_size=9
    ),
    crews=st.integers(1, 4),
    data=st.data(),
)
def test_a_schedule_is_feasible_complete_and_blind_to_the_order_of_jobs(work, crews, data):
    jobs = [
        Job(f"j{k}", float(hours), float(rank), float(ready), after=(f"j{k - back}",) if 0 < back <= k else ())
        for k, (hours, rank, ready, back) in enumerate(work)
    ]
    runs = {run.job.name: run for run in schedule(jobs, crews)}
    mixed = schedule(data.draw(st.permutations(jobs)), crews)
    assert {run.job.name: run for run in mixed} == runs
    for run in runs.values():
        assert run.start >= max([run.job.ready, *(runs[name].finish for name in run.job.after)])
        assert run.finish == run.start + run.job.hours
    for crew in range(crews):
        mine = sorted((run.start, run.finish) for run in runs.values() if run.crew == crew)
        assert all(left[1] <= right[0] for left, right in itertools.pairwise(mine))


@given(hours=st.lists(st.integers(1, 9), min_size=1, max_size=8))
def test_more_crews_never_finish_one_rank_of_jobs_later(hours):
    jobs = [Job(f"j{k}", float(hour)) for k, hour in enumerate(hours)]
    ends = [max(run.finish for run in schedule(jobs, crews)) for crews in (1, 2, 3)]
    assert ends[0] == sum(hours)
    assert ends == sorted(ends, reverse=True)


def _hour_by_hour(jobs, crews):
    """The same rule, played hour by hour on whole hours."""
    left, running, finish, begun = list(jobs), [None] * crews, {}, {}
    for hour in range(200):
        for crew in range(crews):
            if running[crew] and begun[running[crew].name] + running[crew].hours <= hour:
                finish[running[crew].name] = begun[running[crew].name] + running[crew].hours
                running[crew] = None
        busy = True
        while busy:
            busy = False
            can = [job for job in left if job.ready <= hour and all(finish.get(n, 999) <= hour for n in job.after)]
            idle = [crew for crew in range(crews) if running[crew] is None]
            if can and idle:
                job = min(can, key=lambda job: (job.priority, job.ready, job.name))
                left.remove(job)
                begun[job.name], running[idle[0]], busy = hour, job, True
    return begun


@settings(max_examples=60, deadline=None)
@given(
    work=st.lists(
        st.tuples(st.integers(1, 9), st.integers(0, 3), st.integers(0, 12), st.integers(0, 3)), min_size=1, max_size=8
    ),
    crews=st.integers(1, 3),
)
def test_a_schedule_is_the_rule_played_hour_by_hour(work, crews):
    jobs = [
        Job(f"j{k}", float(hours), float(rank), float(ready), after=(f"j{k - back}",) if 0 < back <= k else ())
        for k, (hours, rank, ready, back) in enumerate(work)
    ]
    assert {run.job.name: run.start for run in schedule(jobs, crews)} == _hour_by_hour(jobs, crews)


@settings(max_examples=60)
@given(
    lines=st.lists(
        st.tuples(st.integers(0, 20), st.sampled_from(["down", "up", "partial"]), st.integers(0, 8)), max_size=12
    )
)
def test_a_log_is_what_its_lines_say_one_after_another(lines):
    log = [Event(hour, kind, level / 8 if kind == "partial" else None) for hour, kind, level in lines]
    one = from_events(log)
    for hour in range(-1, 22):
        level = 1.0
        for line in sorted(log, key=lambda line: line.time):
            if line.time <= hour:
                level = {"down": 0.0, "up": 1.0}.get(line.kind, line.level)
        assert one.at(hour) == level


@pytest.mark.parametrize(
    ("jobs", "crews", "text"),
    [
        ([Job("a", 1)], 0, "crews"),
        ([Job("a", 1), Job("a", 1)], 1, "twice"),
        ([Job("a", -1)], 1, "hours -1"),
        ([Job("a", math.nan)], 1, "hours nan"),
        ([Job("a", 1, level=2)], 1, "level 2"),
        ([Job("a", 1, after=("b",))], 1, "'b', which is no job"),
        ([Job("a", 1, after=("b",)), Job("b", 1, after=("a",))], 1, "wait in a circle"),
    ],
)
def test_jobs_that_cannot_be_done_are_refused(jobs, crews, text):
    with pytest.raises(ArgumentError, match=text):
        schedule(jobs, crews)


def test_a_schedule_becomes_recovery_and_keeps_what_is_unknown():
    runs = schedule([Job("pump", 6, level=0.25), Job("road", 30)], 1, start=2, until=24)
    back = recovery_of(runs, until=24)
    assert back["pump"].loss(0, 24) == 8 * 0.75
    assert back["road"].until == 24
    assert back["road"].time_to(1.0, 0, 24).censored
    town = with_dependencies(back, {"market": needs_all("pump", "road")})["market"]
    assert town.loss(0, 24) == 24.0


def test_what_was_mended_before_the_blow_was_never_lost():
    assert recovery_of(schedule([Job("pump", 0)], 1))["pump"].loss(0, 24) == 0


@given(size=st.integers(1, 60), data=st.data())
def test_a_share_of_equal_customers_is_their_number_over_all(size, data):
    served = data.draw(st.integers(0, size))
    series = [Functionality.always(1.0)] * served + [Functionality.always(0.0)] * (size - served)
    assert weighted(series, np.ones(size)).before == served / size


@pytest.mark.parametrize("level", [0.8, 0.95, 0.1])
def test_a_mean_of_parts_at_the_target_reaches_the_target(level):
    part = Functionality(np.array([0.0, 5.0]), np.array([0.0, level]))
    assert weighted([part] * 3, [0.1, 0.2, 0.3]).time_to(level, 0, 10).lasting == 5


def test_one_step_back_is_infinitely_fast_wherever_the_clock_starts():
    random = np.random.default_rng(7)
    for start, down, up in np.sort(random.uniform(0, 24, (300, 3)), axis=1).tolist():
        assert from_events([Event(down, "down"), Event(up, "up")]).rapidity(start, 30.0) == math.inf


@pytest.mark.parametrize("count", [1.5, math.nan])
def test_a_count_of_parts_is_whole(count):
    with pytest.raises(ArgumentError, match="count"):
        at_least(count, [Functionality.always()] * 2)


@pytest.mark.parametrize("crews", [math.nan, math.inf])
def test_a_number_of_crews_is_a_number(crews):
    with pytest.raises(ArgumentError, match="crews"):
        schedule([Job("a", 1)], crews)
