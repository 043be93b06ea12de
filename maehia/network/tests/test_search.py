"""Times over the network equal those of a slow second way, whatever is closed and whichever way roads go."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maehia.impact import ArgumentError
from maehia.network import (
    Pace,
    Passage,
    RoadGraph,
    closed_edges,
    closures,
    driving,
    nothing_closed,
    snap,
    spots_at,
    travel_minutes,
    walking,
)
from maehia.network.pace import QUANTUM_S
from maehia.network.tests.towns import (
    at,
    lattice,
    one_metre_a_second,
    row,
    slow_seconds,
    some_closures,
    some_spots,
    square,
)


def seconds(graph, origins, places, blocked=None, pace=None):
    return travel_minutes(graph, origins, places, blocked, pace=pace or walking(graph, 1.0)) * 60


def test_two_houses_on_one_edge_are_as_far_apart_as_they_stand():
    graph = square()
    found = seconds(graph, at(graph, (20, 0)), at(graph, (70, 0), (20, 0), (10, 0)))
    assert found.tolist() == [[50, 0, 10]]


def test_access_on_both_sides_counts():
    graph = square()
    assert seconds(graph, at(graph, (20, 3)), at(graph, (70, -4)))[0, 0] == 57


def test_the_way_round_is_taken_where_the_edge_is_closed_between():
    graph = square()
    shut = closures(graph, [0], [40], [50])
    assert seconds(graph, at(graph, (20, 0)), at(graph, (70, 0)), shut)[0, 0] == 400 - 50


def test_a_long_edge_is_left_for_a_short_cut():
    graph = RoadGraph.from_lines([[(0, 0), (0, 500), (100, 500), (100, 0)], [(0, 0), (100, 0)]])
    assert seconds(graph, at(graph, (0, 10)), at(graph, (100, 10)))[0, 0] == 120


def test_parallel_edges_count_by_the_quicker():
    graph = RoadGraph.from_lines(
        [[(0, 0), (50, 40), (100, 0)], [(0, 0), (100, 0)], [(100, 0), (120, 0)], [(-9, 0), (0, 0)]]
    )
    assert seconds(graph, at(graph, (120, 0)), at(graph, (-9, 0)))[0, 0] == 129
    quick = Pace(np.where(graph.line == 0, 10.0, graph.length), np.where(graph.line == 0, 10.0, graph.length), 1.0)
    assert seconds(graph, at(graph, (120, 0)), at(graph, (-9, 0)), pace=quick)[0, 0] == 39


def test_a_house_on_a_loop_goes_the_shorter_way_round():
    graph = RoadGraph.from_lines([[(-5, 0), (0, 0)], [(0, 0), (10, 0), (10, 10), (0, 10), (0, 0)]])
    found = seconds(graph, at(graph, (10, 2), (0, 7), (5, 10)), at(graph, (-5, 0)))
    assert found[:, 0].tolist() == [17, 12, 20]
    assert seconds(graph, at(graph, (1, 0)), at(graph, (0, 1)))[0, 0] == 2


def test_cars_on_a_one_way_street_go_round_the_block():
    graph = square(oneway=[1, 0, 0], speed_kmh=[3.6, 3.6, 3.6])
    house, place = at(graph, (70, 0)), at(graph, (20, 0))
    assert travel_minutes(graph, house, place, pace=driving(graph))[0, 0] * 60 == pytest.approx(30 + 100 + 200 + 20)
    assert travel_minutes(graph, place, house, pace=driving(graph))[0, 0] * 60 == pytest.approx(50)


def test_what_is_not_connected_is_infinitely_far():
    graph = RoadGraph.from_lines([[(0, 0), (10, 0)], [(100, 0), (110, 0)]])
    assert np.isinf(seconds(graph, at(graph, (5, 0)), at(graph, (105, 0)))).all()
    assert np.isinf(seconds(graph, at(graph, (5, 0)), at(graph, (5, 50), max_access_m=10))).all()


def test_an_empty_side_gives_an_empty_matrix():
    graph, none = square(), snap(square(), [], [])
    assert seconds(graph, none, at(graph, (5, 0))).shape == (0, 1)
    assert seconds(graph, at(graph, (5, 0)), none).shape == (1, 0)


def test_parts_of_another_graph_are_refused():
    graph, other = square(), row(10)
    with pytest.raises(ArgumentError, match="pace"):
        Passage(graph, walking(other))
    with pytest.raises(ArgumentError, match="blocked"):
        Passage(graph, None, nothing_closed(other))
    with pytest.raises(ArgumentError, match="spots"):
        Passage(other).ways(at(graph, (0, 50)))


def test_a_mask_of_another_length_or_type_is_refused():
    graph = square()
    shelters = at(graph, (20, 0), (30, 0))
    for mask in ([True], [1, 0], [True, False, True]):
        with pytest.raises(ArgumentError, match="open_mask"):
            Passage(graph).tree(shelters, mask)


def test_a_tree_from_a_place_follows_the_roads_away_from_it():
    graph = row(100, 100, oneway=[1, 1], speed_kmh=[3.6, 3.6])
    passage, place = Passage(graph, driving(graph)), spots_at(graph, [0], [50])
    away, towards = passage.tree(place, towards=False), passage.tree(place)
    assert np.isfinite(away.seconds[:-1]).tolist() == [False, True, True]
    assert np.isfinite(towards.seconds[:-1]).tolist() == [True, False, False]


def test_a_tree_without_an_open_source_reaches_nothing():
    graph = square()
    tree = Passage(graph).tree(at(graph, (5, 0)), np.array([False]))
    assert np.isinf(tree.seconds).all()
    assert (tree.source == -1).all()


CASES = st.tuples(st.integers(0, 100_000), st.integers(0, 8), st.booleans())


def world(case, nx=4, ny=3):
    seed, shut, cars = case
    graph = lattice(seed, nx=nx, ny=ny, oneway=cars)
    pace = driving(graph) if cars else walking(graph, 1.1)
    return graph, pace, some_closures(graph, shut, seed), some_spots(graph, 8, seed), some_spots(graph, 5, seed + 1)


@settings(max_examples=60, deadline=None)
@given(CASES)
def test_times_equal_those_of_floyd_and_warshall(case):
    graph, pace, shut, houses, places = world(case)
    fast = seconds(graph, houses, places, shut, pace)
    slow = slow_seconds(graph, pace, houses, places, shut)
    assert np.array_equal(np.isfinite(fast), np.isfinite(slow))
    assert fast == pytest.approx(slow, abs=40 * QUANTUM_S)


@settings(max_examples=25, deadline=None)
@given(CASES, st.integers(0, 1000))
def test_closing_an_edge_never_shortens_a_way(case, which):
    graph, pace, shut, houses, places = world(case)
    more = shut | closed_edges(graph, [which % graph.edges])
    assert (seconds(graph, houses, places, more, pace) >= seconds(graph, houses, places, shut, pace)).all()


@settings(max_examples=25, deadline=None)
@given(CASES)
def test_on_foot_there_and_back_take_the_same_time(case):
    graph, _, shut, houses, places = world((*case[:2], False))
    pace = one_metre_a_second(graph)
    assert np.array_equal(seconds(graph, houses, places, shut, pace), seconds(graph, places, houses, shut, pace).T)


@settings(max_examples=25, deadline=None)
@given(CASES)
def test_times_are_whole_quanta_so_that_sums_are_exact(case):
    graph, pace, shut, _, places = world(case)
    found = Passage(graph, pace, shut).node_seconds(places)
    known = found[np.isfinite(found)]
    assert (known / QUANTUM_S % 1 == 0).all()


@settings(max_examples=15, deadline=None)
@given(CASES)
def test_no_detour_over_a_third_spot_is_quicker(case):
    graph, pace, shut, houses, _ = world(case)
    spots = houses.take(houses.access_m >= 0)
    found = seconds(graph, spots, spots, shut, pace)
    over = (found[:, :, None] + found[None, :, :]).min(axis=1, initial=np.inf)
    assert (found <= over + 40 * QUANTUM_S).all()


def test_who_stands_at_the_end_of_a_one_way_street_is_at_its_crossing():
    graph = row(100, 100, oneway=[0, 1], speed_kmh=[3.6, 3.6])
    at_the_tail, at_the_head = spots_at(graph, [1], [0]), spots_at(graph, [1], [100])
    west = spots_at(graph, [0], [30])
    assert travel_minutes(graph, at_the_tail, west, pace=driving(graph))[0, 0] * 60 == pytest.approx(70)
    assert np.isinf(travel_minutes(graph, at_the_head, west, pace=driving(graph))[0, 0])
    assert travel_minutes(graph, west, at_the_head, pace=driving(graph))[0, 0] * 60 == pytest.approx(170)
