"""The nearest open shelter, and a way there that is as long as it says."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from maehia.impact import ArgumentError
from maehia.network import (
    RoadGraph,
    closed_edges,
    closures,
    driving,
    nearest_open,
    roads_within,
    snap,
    travel_minutes,
    walking,
    within_minutes,
)
from maehia.network.tests.test_search import CASES, world
from maehia.network.tests.towns import at, one_metre_a_second, row, square


def find(graph, houses, shelters, open_mask=None, blocked=None):
    return nearest_open(graph, houses, shelters, open_mask, blocked, pace=one_metre_a_second(graph))


def test_each_house_finds_the_shelter_it_reaches_soonest():
    graph = square()
    found = find(graph, at(graph, (10, 0), (100, 10), (20, 100)), at(graph, (30, 0), (90, 100)))
    assert found.shelter.tolist() == [0, 0, 1]
    assert (found.minutes * 60).tolist() == [20, 80, 70]
    assert found.metres.tolist() == [20, 80, 70]
    assert len(found) == 3


def test_a_shut_shelter_is_passed_by():
    graph = square()
    found = find(graph, at(graph, (10, 0)), at(graph, (30, 0), (90, 0)), np.array([False, True]))
    assert (found.shelter[0], found.metres[0]) == (1, 80)


def test_with_no_shelter_open_nobody_has_one():
    graph = square()
    houses, shelters = at(graph, (10, 0), (50, 100)), at(graph, (30, 0))
    for found in (find(graph, houses, shelters, np.array([False])), find(graph, houses, snap(graph, [], []))):
        assert found.shelter.tolist() == [-1, -1]
        assert np.isinf(found.minutes).all()
        assert np.isinf(found.metres).all()
        assert found.path(0) is None


def test_the_way_round_the_water_is_found():
    graph = square()
    house, shelter = at(graph, (20, 0)), at(graph, (70, 0))
    found = find(graph, house, shelter, None, closures(graph, [0], [30], [60]))
    assert found.metres[0] == 350
    assert found.path(0).line.length == pytest.approx(350)
    assert shapely.LineString([(31, 0), (59, 0)]).disjoint(found.path(0).line)


def test_a_house_leaves_by_the_dry_end_of_its_street():
    graph = row(100, 100)
    house, shelters = at(graph, (80, 0)), at(graph, (0, 0), (200, 0))
    assert find(graph, house, shelters).shelter[0] == 0 or find(graph, house, shelters).metres[0] == 80
    assert find(graph, house, shelters, None, closures(graph, [0], [40], [50])).shelter[0] == 1
    assert find(graph, house, shelters, None, closures(graph, [0], [85], [90])).shelter[0] == 0
    both = closures(graph, [0, 0], [40, 85], [50, 90])
    assert find(graph, house, shelters, None, both).shelter[0] == -1


def test_a_house_in_the_water_finds_none_even_beside_the_shelter():
    graph = row(100)
    shut = closures(graph, [0], [40], [60])
    assert find(graph, at(graph, (50, 0)), at(graph, (55, 0), (70, 0)), None, shut).shelter[0] == -1


def test_a_shelter_in_the_water_cannot_be_reached():
    graph = row(100)
    shut = closures(graph, [0], [40], [60])
    assert find(graph, at(graph, (10, 0)), at(graph, (50, 0), (30, 0)), None, shut).shelter[0] == 1


def test_house_and_shelter_on_a_dry_island_of_one_street_find_each_other():
    graph = row(100)
    shut = closures(graph, [0, 0], [10, 90], [20, 95])
    found = find(graph, at(graph, (30, 2)), at(graph, (80, 0), (0, 0)), None, shut)
    assert (found.shelter[0], found.metres[0]) == (0, 52)
    assert found.path(0).points.tolist() == [[30, 2], [30, 0], [80, 0]]


@pytest.mark.parametrize("swap", [False, True])
def test_of_two_equally_near_shelters_the_first_is_taken(swap):
    graph = row(100, 100)
    spots = [(0, 0), (200, 0)]
    shelters = at(graph, *(spots[::-1] if swap else spots))
    assert find(graph, at(graph, (100, 0), (100, 7)), shelters).shelter.tolist() == [0, 0]


def test_equally_near_shelters_on_the_same_edge_go_by_order_too():
    graph = row(100)
    assert find(graph, at(graph, (50, 0)), at(graph, (60, 0), (40, 0))).shelter[0] == 0
    assert find(graph, at(graph, (50, 0)), at(graph, (60, 1), (40, 0))).shelter[0] == 1


def test_access_on_the_side_of_the_shelter_counts():
    graph = row(100)
    assert find(graph, at(graph, (50, 0)), at(graph, (55, 30), (30, 0))).shelter[0] == 1


def test_a_house_at_the_door_of_the_shelter_is_there():
    graph = row(100)
    found = find(graph, at(graph, (50, 0)), at(graph, (50, 0)))
    assert (found.shelter[0], found.minutes[0], found.metres[0]) == (0, 0, 0)
    assert found.path(0).metres == 0
    assert found.path(0).line.length == 0


def test_turns_name_the_roads_in_order():
    graph = RoadGraph.from_lines(
        [[(0, 0), (50, 0)], [(50, 0), (100, 0)], [(100, 0), (100, 80)], [(100, 80), (40, 80)], [(100, 80), (100, 200)]],
        name=["ถนนหนึ่ง", "ถนนหนึ่ง", "ซอย 2", "ซอย 3", "ซอย 4"], kind=["primary", "primary", "track", "track", "track"],
    )  # fmt: skip
    turns = find(graph, at(graph, (10, 0)), at(graph, (40, 80))).path(0).turns
    assert [(t.turn, t.road, t.metres) for t in turns] == [
        ("start", "ถนนหนึ่ง", 90), ("left", "ซอย 2", 80), ("left", "ซอย 3", 60)]  # fmt: skip
    assert turns[0].kind == "primary"
    back = find(graph, at(graph, (40, 80)), at(graph, (10, 0))).path(0).turns
    assert [t.turn for t in back] == ["start", "right", "right"]


def test_roads_without_a_name_are_one_only_straight_on():
    graph = RoadGraph.from_lines([[(0, 0), (50, 0)], [(50, 0), (100, 0)], [(100, 0), (100, 80)]])
    turns = find(graph, at(graph, (10, 0)), at(graph, (100, 80))).path(0).turns
    assert [(t.turn, t.metres) for t in turns] == [("start", 90), ("left", 80)]


def test_a_sharp_corner_is_a_turn_back():
    graph = RoadGraph.from_lines([[(0, 0), (100, 0)], [(100, 0), (0, 10)]], name=["a", "b"])
    turns = find(graph, at(graph, (0, 0)), at(graph, (0, 10))).path(0).turns
    assert [t.turn for t in turns] == ["start", "back"]


def test_a_path_crosses_a_loop_on_its_shorter_side():
    graph = RoadGraph.from_lines([[(-50, 0), (0, 0)], [(0, 0), (10, 0), (10, 10), (0, 10), (0, 0)]])
    for shelter, metres in (((3, 0), 53), ((0, 3), 53), ((10, 5), 65)):
        found = find(graph, at(graph, (-50, 0)), at(graph, shelter))
        assert found.metres[0] == metres
        assert found.path(0).line.length == pytest.approx(metres)


def test_slow_people_are_as_far_but_later():
    graph = square()
    houses, shelters = at(graph, (10, 0)), at(graph, (90, 0))
    adult, old = (nearest_open(graph, houses, shelters, pace=walking(graph, who)) for who in ("adult", "elderly"))
    assert adult.metres[0] == old.metres[0] == 80
    assert old.minutes[0] == pytest.approx(adult.minutes[0] * 1.30 / 0.95, rel=1e-3)


@settings(max_examples=50, deadline=None)
@given(CASES)
def test_the_nearest_is_the_least_of_all_times(case):
    graph, pace, shut, houses, places = world(case)
    found = nearest_open(graph, houses, places, None, shut, pace=pace)
    every = travel_minutes(graph, houses, places, shut, pace=pace)
    assert np.array_equal(found.minutes, every.min(axis=1))
    reached = np.isfinite(found.minutes)
    assert np.array_equal(found.shelter, np.where(reached, np.argmin(every, axis=1), -1))


@settings(max_examples=50, deadline=None)
@given(CASES)
def test_every_path_is_as_long_as_it_says_on_open_roads(case):
    graph, pace, shut, houses, places = world(case)
    found = nearest_open(graph, houses, places, None, shut, pace=pace)
    for n in range(len(houses)):
        path = found.path(n)
        if path is None:
            assert found.shelter[n] == -1
            continue
        assert path.line.length == pytest.approx(found.metres[n], abs=1e-6)
        assert path.metres == found.metres[n]
        walked = sum(turn.metres for turn in path.turns) + houses.access_m[n] + places.access_m[found.shelter[n]]
        assert walked == pytest.approx(found.metres[n], abs=1e-6)
        spent = sum(seconds_of(hop, graph, pace) for hop in path.hops)
        spent += (houses.access_m[n] + places.access_m[found.shelter[n]]) * pace.access_s_per_m
        assert spent == pytest.approx(found.minutes[n] * 60, abs=0.02)
        assert path.points[0].tolist() == [houses.x[n], houses.y[n]]
        for hop in path.hops:
            low, high = sorted((hop.a, hop.b))
            mine = shut.edge == hop.edge
            assert not (mine & (shut.start_m < high - 1e-6) & (shut.end_m > low + 1e-6)).any()


def seconds_of(hop, graph, pace):
    whole = pace.forward_s if hop.b >= hop.a else pace.back_s
    return whole[hop.edge] * abs(hop.b - hop.a) / graph.length[hop.edge]


@settings(max_examples=25, deadline=None)
@given(CASES)
def test_one_more_shelter_never_makes_a_way_longer(case):
    graph, pace, shut, houses, places = world(case)
    fewer = nearest_open(graph, houses, places.take(np.arange(4)), None, shut, pace=pace)
    assert (nearest_open(graph, houses, places, None, shut, pace=pace).minutes <= fewer.minutes).all()


@settings(max_examples=25, deadline=None)
@given(CASES, st.integers(0, 1000))
def test_one_more_closed_edge_never_makes_a_way_shorter(case, which):
    graph, pace, shut, houses, places = world(case)
    before = nearest_open(graph, houses, places, None, shut, pace=pace).minutes
    more = shut | closed_edges(graph, [which % graph.edges])
    assert (nearest_open(graph, houses, places, None, more, pace=pace).minutes >= before).all()


def test_houses_within_some_minutes_of_a_place():
    graph = row(100, 100)
    houses, place = at(graph, (10, 0), (70, 0), (190, 0)), at(graph, (0, 0))
    pace = one_metre_a_second(graph)
    assert within_minutes(graph, houses, place, 1.2, pace=pace).tolist() == [True, True, False]
    assert within_minutes(graph, houses, place, 1.2, closed_edges(graph, [0]), pace=pace).tolist() == [False] * 3


def test_roads_within_some_minutes_of_a_place():
    graph = row(100, 100)
    pace, place = one_metre_a_second(graph), at(graph, (50, 0))
    assert roads_within(graph, place, 0.5, pace=pace).length == pytest.approx(60, abs=1e-2)
    wide = shapely.unary_union(roads_within(graph, place, 2.0, pace=pace))
    assert wide.length == pytest.approx(170, abs=1e-2)
    shut = closures(graph, [1], [20], [30])
    cut = shapely.unary_union(roads_within(graph, place, 60.0, shut, pace=pace))
    assert cut.length == pytest.approx(120, abs=1e-2)
    assert roads_within(graph, place, 9.0, closed_edges(graph, [0]), pace=pace).is_empty


@pytest.mark.parametrize("minutes", [-1, np.nan])
def test_a_time_that_is_none_is_refused(minutes):
    graph = row(100)
    for ask in (lambda: within_minutes(graph, at(graph, (0, 0)), at(graph, (0, 0)), minutes),
                lambda: roads_within(graph, at(graph, (0, 0)), minutes)):  # fmt: skip
        with pytest.raises(ArgumentError, match="minutes"):
            ask()


def test_a_one_way_street_is_inside_the_isochrone_only_where_it_leads_to_the_place():
    graph = row(100, 100, oneway=[1, 1], speed_kmh=[3.6, 3.6])
    found = shapely.unary_union(roads_within(graph, at(graph, (100, 0)), 60.0, pace=driving(graph)))
    assert found.length == pytest.approx(100)
    assert found.bounds[2] == 100
