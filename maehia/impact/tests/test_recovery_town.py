"""Recovery of a town: services that need each other, and the crews that mend them."""

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
    at_least,
    from_events,
    weighted,
)
from maehia.impact.recovery_crews import Job, recovery_of, schedule
from maehia.impact.recovery_graph import needs_all, needs_any, needs_some, with_dependencies
from maehia.impact.tests.recovery_cases import DOWN, series, spans

LONG_DOWN = Functionality([0.0, 20.0], [0.0, 1.0])


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
